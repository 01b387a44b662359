package repscorer.core;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import repscorer.core.answer.MissingReason;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.Embedding;
import repscorer.core.embedding.EmbeddingSource;
import repscorer.core.embedding.EmbeddingSource.Answer;
import repscorer.core.embedding.SparseSpace;
import repscorer.core.entity.EntityId;
import repscorer.core.store.SpaceVersion;
import repscorer.vector.SparseVector;

/**
 * Looks embeddings up for one request: in the pinned snapshot, then upstream for as long as the request's budget lasts.
 * Each is asked for once. For one thread.
 */
final class EmbeddingLookup {

    private final Trail trail;
    private final EmbeddingSource upstream;
    private final long deadlineNanos;
    private final Map<Key, Found> asked = new HashMap<>();

    private record Key(String space, EntityId id) {}

    /** What a look-up brings. */
    sealed interface Found {

        record Row(Embedding embedding) implements Found {}

        record Nothing(MissingReason reason, String message) implements Found {}
    }

    EmbeddingLookup(Trail trail, EmbeddingSource upstream, Duration budget) {
        this.trail = trail;
        this.upstream = upstream;
        this.deadlineNanos = System.nanoTime() + budget.toNanos();
    }

    Found find(String space, EntityId id) {
        return asked.computeIfAbsent(new Key(space, id), key -> ask(space, id));
    }

    private Found ask(String space, EntityId id) {
        SpaceVersion version = trail.space(space).orElse(null);
        if (version == null) {
            return new Found.Nothing(
                    MissingReason.UNKNOWN_VERSION, "release %s has no %s".formatted(trail.release(), space));
        }
        return row(version, id).<Found>map(Found.Row::new).orElseGet(() -> askUpstream(version, id));
    }

    /** The embedding of an id in a space version. */
    static Optional<Embedding> row(SpaceVersion version, EntityId id) {
        return version.embedding(id);
    }

    private Found askUpstream(SpaceVersion version, EntityId id) {
        String space = version.space().name();
        long left = deadlineNanos - System.nanoTime();
        if (left <= 0) {
            return unavailable(
                    MissingReason.TIMEOUT, space, id, "the request's budget for upstream look-ups is used up");
        }
        Answer answer;
        try {
            answer = upstream.fetch(version.space(), id, trail.release(), Duration.ofNanos(left));
        } catch (RuntimeException e) {
            return unavailable(
                    MissingReason.ERROR, space, id, e.toString()); // a source that throws is one that cannot be reached
        }
        return switch (answer) {
            case Answer.Missing missing ->
                new Found.Nothing(
                        MissingReason.NO_EMBEDDING_SOURCE,
                        "release %s has no embedding of %s in %s".formatted(trail.release(), id, space));
            case Answer.Unavailable gone ->
                unavailable(gone.timedOut() ? MissingReason.TIMEOUT : MissingReason.ERROR, space, id, gone.cause());
            case Answer.Found found ->
                fits(version, found.embedding())
                        ? new Found.Row(found.embedding())
                        : unavailable(
                                MissingReason.ERROR, space, id, "it answered an embedding that does not fit the space");
        };
    }

    private static Found unavailable(MissingReason reason, String space, EntityId id, String cause) {
        return new Found.Nothing(
                reason, "no embedding of %s in %s, and upstream cannot say: %s".formatted(id, space, cause));
    }

    private static boolean fits(SpaceVersion version, Embedding embedding) {
        return switch (version.space()) {
            case DenseSpace space ->
                embedding instanceof Embedding.Dense dense
                        && dense.values().length == space.dimension()
                        && firstNotFinite(dense.values()) < 0;
            case SparseSpace space ->
                embedding instanceof Embedding.Sparse sparse
                        && lastColumn(sparse.vector()) < version.file().dimension();
        };
    }

    /** The place of the first value that is no finite number, or -1. */
    static int firstNotFinite(float[] values) {
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                return i;
            }
        }
        return -1;
    }

    /** The greatest column, or -1 for an empty vector. */
    static int lastColumn(SparseVector vector) {
        return vector.isEmpty() ? -1 : vector.columns()[vector.size() - 1];
    }
}
