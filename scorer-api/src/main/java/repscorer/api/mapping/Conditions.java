package repscorer.api.mapping;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import repscorer.core.failure.ScorerException.Invalid;
import repscorer.core.query.Filter;
import repscorer.wire.ConditionBody;
import repscorer.wire.ConditionBody.AgeBody;
import repscorer.wire.ConditionBody.AttributeBody;
import repscorer.wire.ConditionBody.ListBody;
import repscorer.wire.ConditionBody.WeightBody;
import repscorer.yaml.Records;

/**
 * Reads what candidates must meet. Complaints are those of {@link Requests}, {@code condition-ambiguous} and {@code
 * malformed-condition} besides, with the way to the condition as their place. For one request.
 */
final class Conditions {

    private static final int CONDITIONS_MAX = 200;
    private static final int DEPTH_MAX = 10;
    private static final Duration AGE_MAX = Duration.ofDays(365_000);

    private final int idsMax;
    private int conditions;

    /** @param idsMax how many ids one condition may name */
    Conditions(int idsMax) {
        this.idsMax = idsMax;
    }

    Filter read(String place, ConditionBody body) {
        return read(place, body, 1);
    }

    private Filter read(String place, @Nullable ConditionBody given, int depth) {
        ConditionBody body = Requests.required(place, given);
        checkSize(place, depth);
        long keys = Stream.of(
                        body.all(),
                        body.any(),
                        body.not(),
                        body.kinds(),
                        body.ids(),
                        body.attribute(),
                        body.age(),
                        body.weight(),
                        body.list())
                .filter(Objects::nonNull)
                .count();
        if (keys != 1) {
            throw new Invalid(
                    keys == 0 ? "field-missing" : "condition-ambiguous",
                    place,
                    "%s holds exactly one of all, any, not, kinds, ids, attribute, age, weight and list: %s of them are there"
                            .formatted(place, keys));
        }
        if (body.all() != null) {
            return new Filter.All(several(place + ".all", body.all(), depth));
        }
        if (body.any() != null) {
            return new Filter.Any(several(place + ".any", body.any(), depth));
        }
        return body.not() != null ? new Filter.Not(read(place + ".not", body.not(), depth + 1)) : leaf(place, body);
    }

    private void checkSize(String place, int depth) {
        conditions++;
        if (conditions > CONDITIONS_MAX || depth > DEPTH_MAX) {
            throw new Invalid(
                    "malformed-condition",
                    place,
                    "a filter has at most %s conditions, and at most %s inside each other"
                            .formatted(CONDITIONS_MAX, DEPTH_MAX));
        }
    }

    private List<Filter> several(String place, List<ConditionBody> bodies, int depth) {
        Requests.checkSize(place, bodies.size(), CONDITIONS_MAX);
        List<Filter> filters = new ArrayList<>(bodies.size());
        for (int i = 0; i < bodies.size(); i++) {
            filters.add(read("%s[%s]".formatted(place, i), bodies.get(i), depth + 1));
        }
        return filters;
    }

    private Filter leaf(String place, ConditionBody body) {
        if (body.kinds() != null) {
            return new Filter.Kinds(new HashSet<>(Requests.kinds(place + ".kinds", body.kinds())));
        }
        if (body.ids() != null) {
            return new Filter.Ids(Requests.ids(place + ".ids", body.ids(), idsMax));
        }
        if (body.attribute() != null) {
            return attribute(place + ".attribute", body.attribute());
        }
        if (body.age() != null) {
            return age(place + ".age", body.age());
        }
        return body.weight() != null
                ? weight(place + ".weight", body.weight())
                : list(place + ".list", Requests.required(place + ".list", body.list()));
    }

    private Filter attribute(String place, AttributeBody body) {
        String name = Requests.name(place + ".name", body.name());
        List<String> values = Requests.required(place + ".values", body.values());
        return new Filter.Attribute(name, Requests.ids(place + ".values", values, idsMax));
    }

    private static Filter age(String place, AgeBody body) {
        Duration min = body.min() == null ? Duration.ZERO : duration(place + ".min", body.min());
        Duration max = body.max() == null ? AGE_MAX : duration(place + ".max", body.max());
        return Requests.checked("malformed-condition", place, () -> new Filter.Age(min, max));
    }

    private static Duration duration(String place, String text) {
        return Requests.checked("malformed-condition", place, () -> Records.duration(text));
    }

    private static Filter weight(String place, WeightBody body) {
        double min = body.min() == null ? Double.NEGATIVE_INFINITY : body.min();
        double max = body.max() == null ? Double.POSITIVE_INFINITY : body.max();
        String space = Requests.name(place + ".space", body.space());
        return Requests.checked(
                "malformed-condition",
                place,
                () -> new Filter.Weight(space, Requests.id(place + ".column", body.column()), min, max));
    }

    private static Filter list(String place, ListBody body) {
        return new Filter.Listed(Requests.name(place + ".space", body.space()), Requests.id(place + ".of", body.of()));
    }
}
