package repscorer.api.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.rule.Rule;
import repscorer.core.rule.RuleBook;
import repscorer.core.signal.SignalType;

/** Reads a surface's {@code rules}; which keys one has depends on {@code rule}. Spaces and attributes are checked with the plan. */
final class RuleFile {

    private static final Duration AGE_MAX = Duration.ofDays(365_000);
    private static final int DEPTH_DEFAULT = 100;
    private static final String TYPES =
            "remove, remove-where, remove-by-age, boost, decay, worth, floor, cap, diversify, quota, pin";
    private static final String KEYS =
            "name rule mode histories signals on-missing attribute values keep min-age max-age multiply add "
                    + "half-life weight max min lambda column depth id position times within space otherwise score-min";

    private final Map<String, SignalType> signals = new TreeMap<>();
    private final List<EntityKind> kinds;

    private RuleFile(List<SignalType> types, List<EntityKind> kinds) {
        types.forEach(type -> signals.put(type.name(), type));
        this.kinds = kinds;
    }

    /**
     * @param types the signals there are
     * @param kinds of candidates that the surface answers
     */
    static RuleBook book(ConfigNode surface, List<SignalType> types, List<EntityKind> kinds) {
        List<Rule> rules = surface.each("rules", new RuleFile(types, kinds)::rule, KEYS);
        return surface.checked("rules", () -> new RuleBook(rules));
    }

    private Rule rule(ConfigNode at) {
        String type = at.get("rule", String.class);
        Rule rule = rule(at, type, at.name("name"), at.get("mode", Rule.Mode.ON));
        at.refuseUnread("is not for rule " + type);
        return rule;
    }

    private Rule rule(ConfigNode at, String type, String name, Rule.Mode mode) {
        return switch (type) {
            case "remove" ->
                new Rule.Remove(
                        name,
                        mode,
                        at.list("histories", String.class),
                        signals(at),
                        at.find("attribute", String.class),
                        onMissing(at),
                        frequency(at));
            case "remove-where" -> new Rule.RemoveWhere(name, mode, condition(at), at.get("keep", false));
            case "remove-by-age" ->
                new Rule.RemoveByAge(name, mode, at.get("min-age", Duration.ZERO), at.get("max-age", AGE_MAX));
            case "boost" -> new Rule.Boost(name, mode, condition(at), at.get("multiply", 1.0), at.get("add", 0.0));
            case "decay" ->
                new Rule.Decay(name, mode, at.get("half-life", Duration.class), at.get("weight", Double.class));
            case "worth" ->
                new Rule.Worth(name, mode, at.get("space", String.class), at.find("otherwise", Double.class));
            case "floor" -> new Rule.Floor(name, mode, at.get("score-min", Double.class));
            case "cap" -> new Rule.Cap(name, mode, at.get("attribute", String.class), at.get("max", Integer.class));
            case "diversify" ->
                new Rule.Diversify(
                        name,
                        mode,
                        at.get("lambda", Double.class),
                        at.get("column", String.class),
                        at.get("depth", DEPTH_DEFAULT));
            case "quota" -> new Rule.Quota(name, mode, condition(at), at.get("min", Integer.class));
            case "pin" -> new Rule.Pin(name, mode, EntityId.parse(at.get("id", String.class)), at.get("position", 1));
            default -> throw at.error("rule", "must be one of %s: '%s'".formatted(TYPES, type));
        };
    }

    private static Rule.OnMissing onMissing(ConfigNode at) {
        if (!at.has("signals")) {
            at.refuse("on-missing", "is for rules that read signals only");
        }
        return at.get("on-missing", Rule.OnMissing.REFUSE);
    }

    /** A rule that asks for more signals of an entity than are kept would remove nothing, and nobody would notice. */
    private Optional<Rule.Frequency> frequency(ConfigNode at) {
        if (!at.has("times") && !at.has("within")) {
            return Optional.empty();
        }
        if (!at.has("signals")) {
            at.refuse("times", "is for rules that read signals only");
            at.refuse("within", "is for rules that read signals only");
        }
        int times = at.get("times", 1);
        Duration within = at.require("within").get("within", Duration.class);
        int kept = at.list("signals", String.class).stream()
                .map(signals::get)
                .filter(Objects::nonNull)
                .mapToInt(SignalType::repeatsMax)
                .sum();
        if (times > kept) {
            throw at.error(
                    "times",
                    "%s of one entity are kept at most, and %s are asked for: raise repeats-max in signals.yaml"
                            .formatted(kept, times));
        }
        return Optional.of(at.checked("times", () -> new Rule.Frequency(times, within)));
    }

    /** A misspelt name, or signals of a kind that is no candidate, would remove nothing, and nobody would notice. */
    private List<String> signals(ConfigNode at) {
        List<String> names = at.list("signals", String.class);
        for (int i = 0; i < names.size(); i++) {
            SignalType type = signals.get(names.get(i));
            if (type == null) {
                throw at.error(
                        "signals[%s]".formatted(i),
                        "no signal is called '%s'; declared in signals.yaml are %s"
                                .formatted(names.get(i), signals.keySet()));
            }
            EntityKind kind = type.kind();
            if (!at.has("attribute") && !kinds.contains(kind)) {
                throw at.error(
                        "signals[%s]".formatted(i),
                        "signal '%s' is about kind %s and the surface answers %s: name the attribute that has such values"
                                .formatted(names.get(i), kind, kinds));
            }
        }
        return names;
    }

    private static Rule.Condition condition(ConfigNode at) {
        return new Rule.Condition(
                at.get("attribute", String.class),
                Set.copyOf(at.require("values").list("values", String.class)));
    }
}
