package repscorer.api.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import repscorer.core.entity.EntityId;
import repscorer.core.rule.Rule;
import repscorer.core.rule.RuleBook;
import repscorer.yaml.YamlFile;

/** One entry of a surface's {@code rules}; which keys it has depends on {@code rule}. */
record RuleFile(
        @Nullable String name,
        @Nullable String rule,
        @Nullable String mode,
        @Nullable List<String> histories,
        @Nullable List<String> signals,
        @Nullable String attribute,
        @Nullable List<String> values,
        @Nullable Boolean keep,
        @Nullable Duration minAge,
        @Nullable Duration maxAge,
        @Nullable Double multiply,
        @Nullable Double add,
        @Nullable Duration halfLife,
        @Nullable Double weight,
        @Nullable Integer max,
        @Nullable Integer min,
        @Nullable Double lambda,
        @Nullable String column,
        @Nullable Integer depth,
        @Nullable String id,
        @Nullable Integer position) {

    private static final Duration AGE_MAX = Duration.ofDays(365_000);
    private static final int DEPTH_DEFAULT = 100;

    /** The keys of each rule, beside name, rule and mode. */
    private static final Map<String, Set<String>> KEYS = keysByRule();

    private static Map<String, Set<String>> keysByRule() {
        Map<String, Set<String>> keys = new LinkedHashMap<>();
        keys.put("remove", Set.of("histories", "signals", "attribute"));
        keys.put("remove-where", Set.of("attribute", "values", "keep"));
        keys.put("remove-by-age", Set.of("min-age", "max-age"));
        keys.put("boost", Set.of("attribute", "values", "multiply", "add"));
        keys.put("decay", Set.of("half-life", "weight"));
        keys.put("cap", Set.of("attribute", "max"));
        keys.put("diversify", Set.of("lambda", "column", "depth"));
        keys.put("quota", Set.of("attribute", "values", "min"));
        keys.put("pin", Set.of("id", "position"));
        return keys;
    }

    private Map<String, @Nullable Object> given() {
        Map<String, @Nullable Object> given = new LinkedHashMap<>();
        given.put("histories", histories);
        given.put("signals", signals);
        given.put("attribute", attribute);
        given.put("values", values);
        given.put("keep", keep);
        given.put("min-age", minAge);
        given.put("max-age", maxAge);
        given.put("multiply", multiply);
        given.put("add", add);
        given.put("half-life", halfLife);
        given.put("weight", weight);
        given.put("max", max);
        given.put("min", min);
        given.put("lambda", lambda);
        given.put("column", column);
        given.put("depth", depth);
        given.put("id", id);
        given.put("position", position);
        return given;
    }

    /** Turns entries into rules; spaces and attributes are checked with the plan. */
    record Reader(YamlFile yaml, Keys keys) {

        RuleBook book(List<RuleFile> files) {
            List<Rule> rules = new ArrayList<>();
            for (int i = 0; i < files.size(); i++) {
                String place = "rules[" + i + "]";
                rules.add(rule(place, keys.required(place, files.get(i))));
            }
            return keys.checked("rules", () -> new RuleBook(rules));
        }

        private Rule rule(String place, RuleFile file) {
            String name = keys.name(place + ".name", file.name);
            String type = keys.required(place + ".rule", file.rule);
            Set<String> known = Optional.ofNullable(KEYS.get(type))
                    .orElseThrow(() -> yaml.error(
                            place + ".rule",
                            "must be one of %s: '%s'".formatted(String.join(", ", KEYS.keySet()), type)));
            file.given().forEach((key, value) -> {
                if (value != null && !known.contains(key)) {
                    throw yaml.error(place + "." + key, "is not for rule %s".formatted(type));
                }
            });
            Rule.Mode mode = keys.oneOf(place + ".mode", file.mode, Rule.Mode.ON);
            return keys.checked(place, () -> rule(place, file, name, type, mode));
        }

        private Rule rule(String place, RuleFile file, String name, String type, Rule.Mode mode) {
            return switch (type) {
                case "remove" ->
                    new Rule.Remove(
                            name, mode, list(file.histories), list(file.signals), Optional.ofNullable(file.attribute));
                case "remove-where" ->
                    new Rule.RemoveWhere(name, mode, condition(place, file), Boolean.TRUE.equals(file.keep));
                case "remove-by-age" ->
                    new Rule.RemoveByAge(name, mode, or(file.minAge, Duration.ZERO), or(file.maxAge, AGE_MAX));
                case "boost" ->
                    new Rule.Boost(name, mode, condition(place, file), or(file.multiply, 1.0), or(file.add, 0.0));
                case "decay" ->
                    new Rule.Decay(
                            name,
                            mode,
                            keys.required(place + ".half-life", file.halfLife),
                            keys.required(place + ".weight", file.weight));
                case "cap" ->
                    new Rule.Cap(
                            name,
                            mode,
                            keys.required(place + ".attribute", file.attribute),
                            keys.required(place + ".max", file.max));
                case "diversify" ->
                    new Rule.Diversify(
                            name,
                            mode,
                            keys.required(place + ".lambda", file.lambda),
                            keys.required(place + ".column", file.column),
                            or(file.depth, DEPTH_DEFAULT));
                case "quota" ->
                    new Rule.Quota(name, mode, condition(place, file), keys.required(place + ".min", file.min));
                default ->
                    new Rule.Pin(
                            name, mode, EntityId.parse(keys.required(place + ".id", file.id)), or(file.position, 1));
            };
        }

        private Rule.Condition condition(String place, RuleFile file) {
            return new Rule.Condition(
                    keys.required(place + ".attribute", file.attribute),
                    Set.copyOf(keys.required(place + ".values", file.values)));
        }

        private static List<String> list(@Nullable List<String> given) {
            return given == null ? List.of() : given;
        }

        private static <T> T or(@Nullable T value, T otherwise) {
            return value == null ? otherwise : value;
        }
    }
}
