package repscorer.api.surfaces;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import repscorer.core.rule.Rule;

/** Writes rules under the keys of a surface's file. */
final class RuleBodies {

    private RuleBodies() {}

    static Map<String, Object> of(Rule rule) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("name", rule.name());
        body.put("mode", word(rule.mode()));
        switch (rule) {
            case Rule.Remove remove -> {
                body.put("rule", "remove");
                list(body, "histories", remove.histories());
                list(body, "signals", remove.signals());
                remove.attribute().ifPresent(attribute -> body.put("attribute", attribute));
                if (!remove.signals().isEmpty()) {
                    body.put("on-missing", word(remove.onMissing()));
                }
                remove.frequency().ifPresent(frequency -> {
                    body.put("times", frequency.times());
                    body.put("within", text(frequency.within()));
                });
            }
            case Rule.RemoveWhere remove -> {
                body.put("rule", "remove-where");
                where(body, remove.where());
                body.put("keep", remove.keep());
            }
            case Rule.RemoveByAge remove -> {
                body.put("rule", "remove-by-age");
                body.put("min-age", text(remove.youngest()));
                body.put("max-age", text(remove.oldest()));
            }
            case Rule.Boost boost -> {
                body.put("rule", "boost");
                where(body, boost.where());
                body.put("multiply", boost.multiply());
                body.put("add", boost.add());
            }
            case Rule.Decay decay -> {
                body.put("rule", "decay");
                body.put("half-life", text(decay.halfLife()));
                body.put("weight", decay.weight());
            }
            case Rule.Worth worth -> {
                body.put("rule", "worth");
                body.put("space", worth.space());
                worth.otherwise().ifPresent(otherwise -> body.put("otherwise", otherwise));
            }
            case Rule.Floor floor -> {
                body.put("rule", "floor");
                body.put("score-min", floor.scoreMin());
            }
            case Rule.Cap cap -> {
                body.put("rule", "cap");
                body.put("attribute", cap.attribute());
                body.put("max", cap.max());
            }
            case Rule.Diversify diversify -> {
                body.put("rule", "diversify");
                body.put("lambda", diversify.lambda());
                body.put("column", diversify.column());
                body.put("depth", diversify.depth());
            }
            case Rule.Quota quota -> {
                body.put("rule", "quota");
                where(body, quota.where());
                body.put("min", quota.min());
            }
            case Rule.Pin pin -> {
                body.put("rule", "pin");
                body.put("id", pin.id().toString());
                body.put("position", pin.position());
            }
        }
        return body;
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static void where(Map<String, Object> body, Rule.Condition where) {
        body.put("attribute", where.attribute());
        body.put("values", List.copyOf(new TreeSet<>(where.values())));
    }

    private static void list(Map<String, Object> body, String key, List<String> values) {
        if (!values.isEmpty()) {
            body.put(key, values);
        }
    }

    /** In the largest unit that says it in whole numbers, as configuration files do. */
    private static String text(Duration duration) {
        long millis = duration.toMillis();
        long[] sizes = {86_400_000, 3_600_000, 60_000, 1_000, 1};
        String[] units = {"d", "h", "m", "s", "ms"};
        for (int i = 0; i < sizes.length; i++) {
            if (millis % sizes[i] == 0) {
                return millis / sizes[i] + units[i];
            }
        }
        throw new IllegalStateException("every duration is whole in milliseconds: " + duration);
    }
}
