package repscorer.api.mapping;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import repscorer.api.config.ServiceSettings.RequestLimits;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.experiment.Traits;
import repscorer.core.failure.ScorerException;
import repscorer.core.query.Filter;
import repscorer.core.query.Source;
import repscorer.vector.SparseVector;
import repscorer.wire.ConditionBody;
import repscorer.wire.SourceBody;
import repscorer.wire.SourceBody.ClusterWeight;
import repscorer.wire.SourceBody.WeightedId;

/**
 * Reads the parts that requests are made of. Every complaint is a {@link ScorerException.Invalid} with the field's path and
 * a stable code: {@code field-missing}, {@code malformed-id}, {@code malformed-kind}, {@code out-of-range},
 * {@code list-too-long}, {@code not-finite}, {@code source-ambiguous}, {@code malformed-source},
 * {@code malformed-override}, {@code malformed-unit}, {@code malformed-context}.
 */
public final class Requests {

    public static final int UNIT_CHARACTERS_MAX = 256;
    public static final int CONTEXT_MAX = 32;
    public static final int OVERRIDES_MAX = 100;
    public static final int KINDS_MAX = 100;
    public static final int CLUSTERS_MAX = 10_000;
    public static final int SIGNALS_MAX = 10_000;
    public static final int ERASED_MAX = 100;

    private final RequestLimits limits;

    public Requests(RequestLimits limits) {
        this.limits = limits;
    }

    public RequestLimits limits() {
        return limits;
    }

    /** A value that must be there. */
    public static <T> T required(String field, @Nullable T value) {
        if (value == null) {
            throw new ScorerException.Invalid("field-missing", field, "%s is missing".formatted(field));
        }
        return value;
    }

    /** A name that must be there and not be blank. */
    public static String name(String field, @Nullable String value) {
        if (required(field, value).isBlank()) {
            throw new ScorerException.Invalid("field-missing", field, "%s must not be blank".formatted(field));
        }
        return required(field, value);
    }

    /** A kept release to read in place of the live one. */
    public static Optional<String> release(@Nullable String release) {
        return Optional.ofNullable(release).map(given -> name("release", given));
    }

    public static EntityId id(String field, @Nullable String text) {
        String given = required(field, text);
        return checked("malformed-id", field, () -> EntityId.parse(given));
    }

    /** Ids in their order, duplicates kept; empty where the list is absent. */
    public static List<EntityId> ids(String field, @Nullable List<String> texts, int idsMax) {
        if (texts == null) {
            return List.of();
        }
        checkSize(field, texts.size(), idsMax);
        List<EntityId> ids = new ArrayList<>(texts.size());
        for (int i = 0; i < texts.size(); i++) {
            ids.add(parsed(field, i, texts.get(i)));
        }
        return ids;
    }

    /* Where it is among the others is written out for those alone that are none. */
    private static EntityId parsed(String field, int i, @Nullable String text) {
        if (text != null) {
            try {
                return EntityId.parse(text);
            } catch (IllegalArgumentException e) {
                // Told below, with its place.
            }
        }
        return id(field + "[" + i + "]", text);
    }

    public static List<EntityKind> kinds(String field, @Nullable List<String> names) {
        if (names == null) {
            return List.of();
        }
        checkSize(field, names.size(), KINDS_MAX);
        List<EntityKind> kinds = new ArrayList<>(names.size());
        for (int i = 0; i < names.size(); i++) {
            String place = field + "[" + i + "]";
            String name = required(place, names.get(i));
            kinds.add(checked("malformed-kind", place, () -> new EntityKind(name)));
        }
        return kinds;
    }

    /** What candidates must meet, of the field {@code filters.where}; empty where it is absent. */
    public Optional<Filter> where(@Nullable ConditionBody where) {
        return Optional.ofNullable(where).map(body -> new Conditions(limits.excludedMax()).read("filters.where", body));
    }

    public Optional<Integer> k(@Nullable Integer k) {
        if (k != null && (k < 1 || k > limits.kMax())) {
            throw new ScorerException.Invalid("out-of-range", "k", "k must be 1 to %s: %s".formatted(limits.kMax(), k));
        }
        return Optional.ofNullable(k);
    }

    /** What experiments are assigned by: any text that a caller keeps stable, such as {@code user:12}. */
    public static Optional<String> unit(@Nullable String unit) {
        if (unit == null) {
            return Optional.empty();
        }
        if (unit.isBlank()
                || unit.length() > UNIT_CHARACTERS_MAX
                || unit.chars().anyMatch(Character::isISOControl)) {
            throw new ScorerException.Invalid(
                    "malformed-unit",
                    "unit",
                    "unit is 1 to %s characters without control characters, and not blank: %s characters"
                            .formatted(UNIT_CHARACTERS_MAX, unit.length()));
        }
        return Optional.of(unit);
    }

    /** What a caller tells of whom it asks for, which experiments may look at: names as plans have them, and short texts. */
    public static Map<String, String> context(@Nullable Map<String, String> context) {
        if (context == null) {
            return Map.of();
        }
        checkSize("context", context.size(), CONTEXT_MAX);
        context.forEach((name, value) -> {
            String field = "context." + name;
            if (!Traits.isName(name)) {
                throw new ScorerException.Invalid(
                        "malformed-context",
                        "context",
                        "a name of context is 1 to 64 letters, digits, '-', '_' and '.': '%s'".formatted(name));
            }
            if (required(field, value).length() > UNIT_CHARACTERS_MAX
                    || value.chars().anyMatch(Character::isISOControl)) {
                throw new ScorerException.Invalid(
                        "malformed-context",
                        field,
                        "%s has at most %s characters, without control characters: %s characters"
                                .formatted(field, UNIT_CHARACTERS_MAX, value.length()));
            }
        });
        return Map.copyOf(context);
    }

    /** Overrides as text; which keys there are and what they may say is scorer-core's to check. */
    public Map<String, String> overrides(@Nullable Map<String, Object> overrides) {
        if (overrides == null) {
            return Map.of();
        }
        checkSize("overrides", overrides.size(), OVERRIDES_MAX);
        Map<String, String> result = new HashMap<>();
        for (Map.Entry<String, Object> override : overrides.entrySet()) {
            String field = "overrides." + override.getKey();
            Object value = override.getValue();
            if (!(value instanceof String || value instanceof Number || value instanceof Boolean)) {
                throw new ScorerException.Invalid(
                        "malformed-override", field, "%s must be a number, true, false or text".formatted(field));
            }
            String text = text(value);
            if (override.getKey().endsWith(".ef")) {
                checkEf(field, text);
            }
            result.put(override.getKey(), text);
        }
        return result;
    }

    /** 200.0 is the whole number 200. */
    private static String text(Object value) {
        return value instanceof Double number
                        && number == Math.rint(number)
                        && Math.abs(number) < 1L << 53
                        && !number.equals(-0.0)
                ? Long.toString(number.longValue())
                : value.toString();
    }

    /** Exactly one of an id, several ids, a text, and vectors. */
    public Source source(@Nullable SourceBody body) {
        SourceBody source = required("source", body);
        boolean inline = source.vector() != null || source.clusters() != null;
        int forms = (source.id() == null ? 0 : 1)
                + (source.ids() == null ? 0 : 1)
                + (source.text() == null ? 0 : 1)
                + (inline ? 1 : 0);
        if (forms != 1) {
            throw new ScorerException.Invalid(
                    forms == 0 ? "field-missing" : "source-ambiguous",
                    "source",
                    "source holds exactly one of id, ids, text and vector/clusters: %s of them are there"
                            .formatted(forms));
        }
        if (source.version() != null && !inline) {
            throw new ScorerException.Invalid(
                    "malformed-source",
                    "source.version",
                    "source.version tells whose coordinates vector and clusters have: neither is there");
        }
        if (source.id() != null) {
            return Source.Entities.of(id("source.id", source.id()));
        }
        if (source.ids() != null) {
            return entities(source.ids());
        }
        if (source.text() != null) {
            String text = source.text();
            return checked("malformed-source", "source.text", () -> new Source.Text(text));
        }
        Optional<float[]> dense = Optional.ofNullable(source.vector()).map(Requests::vector);
        Optional<SparseVector> sparse = Optional.ofNullable(source.clusters()).map(Requests::clusters);
        Optional<String> version = Optional.ofNullable(source.version()).map(given -> name("source.version", given));
        return new Source.Inline(dense, sparse, version);
    }

    private Source entities(List<WeightedId> ids) {
        checkSize("source.ids", ids.size(), limits.sourcesMax());
        List<Source.Weighted> entities = new ArrayList<>(ids.size());
        for (int i = 0; i < ids.size(); i++) {
            String place = "source.ids[" + i + "]";
            WeightedId given = required(place, ids.get(i));
            EntityId id = id(place + ".id", given.id());
            double weight = given.weight() == null ? 1 : given.weight();
            entities.add(checked("out-of-range", place + ".weight", () -> new Source.Weighted(id, weight)));
        }
        return checked("malformed-source", "source.ids", () -> new Source.Entities(entities));
    }

    private static float[] vector(float[] values) {
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                String field = "source.vector[" + i + "]";
                throw new ScorerException.Invalid(
                        "not-finite", field, "%s must be a finite 32-bit number: %s".formatted(field, values[i]));
            }
        }
        return values;
    }

    private static SparseVector clusters(List<ClusterWeight> given) {
        checkSize("source.clusters", given.size(), CLUSTERS_MAX);
        if (given.isEmpty()) {
            throw new ScorerException.Invalid(
                    "malformed-source", "source.clusters", "source.clusters needs a cluster and its weight");
        }
        for (int i = 0; i < given.size(); i++) {
            String place = "source.clusters[" + i + "]";
            ClusterWeight entry = required(place, given.get(i));
            if (!Float.isFinite(entry.weight())) {
                throw new ScorerException.Invalid(
                        "not-finite",
                        place + ".weight",
                        "%s.weight must be a finite 32-bit number: %s".formatted(place, entry.weight()));
            }
        }
        List<ClusterWeight> sorted = given.stream()
                .sorted(Comparator.comparingInt(ClusterWeight::cluster))
                .toList();
        int[] columns = new int[sorted.size()];
        float[] weights = new float[sorted.size()];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = sorted.get(i).cluster();
            weights[i] = sorted.get(i).weight();
        }
        return checked("malformed-source", "source.clusters", () -> new SparseVector(columns, weights));
    }

    private void checkEf(String field, String value) {
        try {
            if (Long.parseLong(value) > limits.efMax()) {
                throw new ScorerException.Invalid(
                        "out-of-range", field, "%s must be at most %s: %s".formatted(field, limits.efMax(), value));
            }
        } catch (NumberFormatException e) {
            throw new ScorerException.Invalid(
                    "out-of-range", field, "%s must be a whole number: '%s'".formatted(field, value));
        }
    }

    /** A list within its limit. */
    public static void checkSize(String field, int size, int sizeMax) {
        if (size > sizeMax) {
            throw new ScorerException.Invalid(
                    "list-too-long", field, "%s has at most %s entries: %s".formatted(field, sizeMax, size));
        }
    }

    static <T> T checked(String code, String field, Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException e) {
            throw new ScorerException.Invalid(code, field, "%s: %s".formatted(field, e.getMessage()));
        }
    }
}
