package repscorer.core.store;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.Embedding;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.embedding.EngagementRule;
import repscorer.core.embedding.NewColumns;
import repscorer.core.embedding.Space;
import repscorer.core.embedding.SparseSpace;
import repscorer.core.embedding.TextSpace;
import repscorer.core.embedding.ZeroVectors;
import repscorer.core.engagement.Addition;
import repscorer.core.engagement.EngagedItems;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.entity.IdTable;
import repscorer.core.store.Outcome.Refused;
import repscorer.vector.SparseVector;
import repscorer.vector.VectorOps;

/** The rules a streamed change keeps towards its space and base. */
final class ChangeChecks {

    private ChangeChecks() {}

    /** Empty where the change keeps all rules. */
    static Optional<Refused> check(Space space, EmbeddingFile base, NewColumns columns, Change change) {
        if (!change.id().kind().equals(space.kind())) {
            return refused(
                    "kind-mismatch", "ids of %s are of kind %s: %s".formatted(space.name(), space.kind(), change.id()));
        }
        if (change.number().isPresent() && change.number().getAsLong() < 0) {
            return refused(
                    "bad-sequence",
                    "a sequence number is not negative: %s"
                            .formatted(change.number().getAsLong()));
        }
        if (change.number().isPresent() && change.number().getAsLong() > Change.NUMBER_MAX) {
            return refused(
                    "bad-sequence",
                    "a sequence number is at most %s, so that others can follow: %s"
                            .formatted(Change.NUMBER_MAX, change.number().getAsLong()));
        }
        Optional<EngagementRule> rule = space.policy().engagements();
        if (rule.isPresent() && (change instanceof Change.Upsert || change instanceof Change.Named)) {
            return refused("made-from-engagements", "vectors of %s are made from engagements".formatted(space.name()));
        }
        return switch (change) {
            case Change.Delete delete -> Optional.empty();
            case Change.Engagement event -> engagement(space, rule, event);
            case Change.Added event -> throw new IllegalArgumentException("nobody sends sums: " + event.id());
            case Change.Restated event -> throw new IllegalArgumentException("nobody sends sums: " + event.id());
            case Change.Named named ->
                space instanceof SparseSpace sparse
                        ? named(sparse, base, columns, named.entries().keySet())
                        : refused("form-differs", "%s takes dense rows".formatted(space.name()));
            case Change.Upsert upsert ->
                switch (space) {
                    case DenseSpace dense ->
                        upsert.embedding() instanceof Embedding.Dense given
                                ? dense(dense, given.values())
                                : refused("form-differs", "%s takes dense rows".formatted(space.name()));
                    case SparseSpace sparse ->
                        upsert.embedding() instanceof Embedding.Sparse given
                                ? sparse(sparse, Math.max(base.dimension(), columns.end()), given.vector())
                                : refused("form-differs", "%s takes sparse rows".formatted(space.name()));
                    case TextSpace text ->
                        upsert.embedding() instanceof Embedding.Text given
                                ? text(text, given.value())
                                : refused("form-differs", "%s takes texts".formatted(space.name()));
                };
        };
    }

    private static Optional<Refused> engagement(Space space, Optional<EngagementRule> rule, Change.Engagement event) {
        if (rule.isEmpty()) {
            return refused(
                    "not-from-engagements", "vectors of %s are not made from engagements".formatted(space.name()));
        }
        if (!rule.get().kinds().containsKey(event.kind())) {
            return refused(
                    "unknown-engagement",
                    "engagements of %s are %s: '%s'"
                            .formatted(
                                    space.name(),
                                    String.join(
                                            ", ",
                                            new TreeSet<>(rule.get().kinds().keySet())),
                                    event.kind()));
        }
        return Optional.empty();
    }

    private static Optional<Refused> dense(DenseSpace space, float[] values) {
        if (values.length != space.dimension()) {
            return refused(
                    "dimension-differs",
                    "dimension differs: space=%s expects %s, got %s"
                            .formatted(space.name(), space.dimension(), values.length));
        }
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                return refused("not-finite", "values must be finite: %s in column %s".formatted(values[i], i));
            }
        }
        float norm = VectorOps.norm(values);
        if (!Float.isFinite(norm)) {
            return refused("norm-not-finite", "the norm must be finite: %s".formatted(norm));
        }
        int place = firstBeyond(space.valueMax(), values);
        if (place >= 0) {
            return refused(
                    "value-too-large",
                    "float16 holds values to %s: space=%s, got %s in column %s"
                            .formatted(space.valueMax(), space.name(), values[place], place));
        }
        return zero(space, norm == 0);
    }

    /** The place of the first value that is greater, either sign, or -1. */
    static int firstBeyond(float valueMax, float[] values) {
        for (int i = 0; i < values.length; i++) {
            if (Math.abs(values[i]) > valueMax) {
                return i;
            }
        }
        return -1;
    }

    private static Optional<Refused> sparse(SparseSpace space, int columns, SparseVector vector) {
        if (vector.size() > space.entriesMax()) {
            return tooMany(space, vector.size());
        }
        if (!vector.isEmpty() && vector.columns()[vector.size() - 1] >= columns) {
            return refused(
                    "unknown-column",
                    "columns of %s are 0 to %s: %s"
                            .formatted(space.name(), columns - 1, vector.columns()[vector.size() - 1]));
        }
        return zero(space, vector.isEmpty());
    }

    private static Optional<Refused> tooMany(SparseSpace space, int entries) {
        return refused(
                "too-many-entries",
                "a row has at most %s entries: space=%s, got %s".formatted(space.entriesMax(), space.name(), entries));
    }

    /** A name that is not known may be a new column's where it is of a kind that the space has columns of. */
    private static Optional<Refused> named(
            SparseSpace space, EmbeddingFile base, NewColumns columns, Set<EntityId> names) {
        return names.size() > space.entriesMax()
                ? tooMany(space, names.size())
                : numberable(space, base, columns, names).or(() -> zero(space, names.isEmpty()));
    }

    private static Optional<Refused> numberable(
            Space space, EmbeddingFile base, NewColumns columns, Set<EntityId> names) {
        IdTable known = base.columns().orElseThrow();
        int unknown = 0;
        for (EntityId name : names) {
            if (known.find(name) >= 0 || columns.find(name).isPresent()) {
                continue;
            }
            if (known.count() > 0 && !hasKind(base, known, name.kind())) {
                return refused(
                        "unknown-column",
                        "a new column is of a kind that %s has columns of: %s".formatted(space.name(), name));
            }
            if (++unknown > columns.room()) {
                return refused(
                        "too-many-columns",
                        "a release takes at most %s new columns: %s of %s"
                                .formatted(NewColumns.COUNT_MAX, name, space.name()));
            }
        }
        return Optional.empty();
    }

    /** Mostly all are of one kind; else one pass over the columns, once a file. */
    private static boolean hasKind(EmbeddingFile base, IdTable columns, EntityKind kind) {
        return columns.id(0).kind().equals(kind)
                || base.facts()
                        .get("column-kinds", () -> {
                            Set<EntityKind> kinds = new HashSet<>();
                            for (int column = 0; column < columns.count(); column++) {
                                kinds.add(columns.id(column).kind());
                            }
                            return kinds;
                        })
                        .contains(kind);
    }

    private static Optional<Refused> text(TextSpace space, String value) {
        int bytes = value.getBytes(StandardCharsets.UTF_8).length;
        return bytes > Embedding.Text.BYTES_MAX
                ? refused(
                        "text-too-long",
                        "a text has at most %s bytes: space=%s, got %s"
                                .formatted(Embedding.Text.BYTES_MAX, space.name(), bytes))
                : zero(space, bytes == 0);
    }

    private static Optional<Refused> zero(Space space, boolean isZero) {
        return isZero && space.policy().zeroVectors() == ZeroVectors.REFUSE
                ? refused("zero-vector", "zero vectors are refused: space=%s".formatted(space.name()))
                : Optional.empty();
    }

    /**
     * The change as it is applied: all columns by number, and a zero vector deletes where the space drops those. For changes that
     * keep all rules.
     */
    static Change applied(Space space, EmbeddingFile base, NewColumns columns, Change change) {
        if (change instanceof Change.Named named) {
            Change numbered =
                    new Change.Upsert(named.id(), numbered(named, base, columns), named.number(), named.madeMillis());
            return applied(space, base, columns, numbered);
        }
        return change instanceof Change.Upsert upsert
                        && space.policy().zeroVectors() == ZeroVectors.DROP
                        && isZero(upsert.embedding())
                ? new Change.Delete(upsert.id(), upsert.number())
                : change;
    }

    /**
     * The rule that an engagement breaks towards what is live.
     *
     * @param added what the user's vector adds, as {@link #added} has it
     * @param coming changes that were not refused before it, and are not applied yet
     */
    static Optional<Refused> engagement(
            Space space,
            EmbeddingFile base,
            NewColumns columns,
            Change.Engagement event,
            Change added,
            SpaceStream.Engaged engaged,
            long nowMillis,
            int coming) {
        Space users = engaged.users().space();
        if (!event.user().kind().equals(users.kind())) {
            return refused(
                    "kind-mismatch",
                    "ids of %s are of kind %s: %s".formatted(users.name(), users.kind(), event.user()));
        }
        EngagedItems items = engaged.items();
        if (!items.hasRoom(event.id(), items.taken(nowMillis), coming)) {
            return refused(
                    "too-many-items",
                    "%s keeps sums of at most %s items: no room for %s"
                            .formatted(space.name(), items.rule().itemsMax(), event.id()));
        }
        return added instanceof Change.Named named
                ? numberable(space, base, columns, named.entries().keySet())
                : Optional.empty();
    }

    /** What a user's vector is times a weight, by column where the item's space has the same ones; empty where the user has none. */
    static Change added(Change.Engagement event, float weight, SpaceVersion users, SpaceVersion items) {
        OptionalInt row = users.ordinal(event.user());
        SparseVector vector = row.isEmpty() ? SparseVector.EMPTY : users.sparse(row.getAsInt());
        TreeMap<Integer, Float> weights = new TreeMap<>();
        for (int i = 0; i < vector.size(); i++) {
            float product = Math.min(vector.weights()[i] * weight, EngagementRule.PRODUCT_MAX);
            if (product > 0) {
                weights.put(vector.columns()[i], product);
            }
        }
        if (users.sameColumns(items)) {
            return new Change.Upsert(event.id(), embedding(weights), event.number());
        }
        Map<EntityId, Float> named = new TreeMap<>();
        weights.forEach((column, product) -> named.put(users.columnId(column), product));
        return new Change.Named(event.id(), named, event.number());
    }

    /**
     * An engagement as it is applied.
     *
     * @param added what the user's vector adds, by column
     */
    static Change applied(Change.Engagement event, Change added, EngagedItems items, long nowMillis) {
        SparseVector vector =
                added instanceof Change.Upsert upsert && upsert.embedding() instanceof Embedding.Sparse sparse
                        ? sparse.vector()
                        : SparseVector.EMPTY;
        long taken = items.taken(nowMillis);
        Addition addition = new Addition(
                Addition.hash(event.user()),
                items.rule().kinds().getOrDefault(event.kind(), 0f) > 0,
                vector,
                taken,
                event.atMillis().orElse(taken));
        return new Change.Added(event.id(), addition, event.number());
    }

    private static Embedding numbered(Change.Named named, EmbeddingFile base, NewColumns columns) {
        IdTable known = base.columns().orElseThrow();
        TreeMap<Integer, Float> weights = new TreeMap<>();
        named.entries().forEach((name, weight) -> {
            int column = known.find(name);
            weights.put(column < 0 ? columns.number(name) : column, weight);
        });
        return embedding(weights);
    }

    private static Embedding embedding(TreeMap<Integer, Float> weights) {
        int[] numbers = new int[weights.size()];
        float[] values = new float[weights.size()];
        int at = 0;
        for (Map.Entry<Integer, Float> each : weights.entrySet()) {
            numbers[at] = each.getKey();
            values[at++] = each.getValue();
        }
        return new Embedding.Sparse(new SparseVector(numbers, values));
    }

    private static boolean isZero(Embedding embedding) {
        return switch (embedding) {
            case Embedding.Dense dense -> VectorOps.norm(dense.values()) == 0;
            case Embedding.Sparse sparse -> sparse.vector().isEmpty();
            case Embedding.Text text -> text.value().isEmpty();
        };
    }

    private static Optional<Refused> refused(String code, String message) {
        return Optional.of(new Refused(code, message));
    }
}
