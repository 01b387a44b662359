package repscorer.core.source;

import java.util.HashMap;
import java.util.Map;
import repscorer.core.answer.MissingReason;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.Embedding;
import repscorer.core.embedding.EmbeddingSource;
import repscorer.core.embedding.EmbeddingSource.Answer;
import repscorer.core.embedding.SparseSpace;
import repscorer.core.embedding.TextSpace;
import repscorer.core.entity.EntityId;
import repscorer.core.request.Budget;
import repscorer.core.request.RequestTrace;
import repscorer.core.store.SpaceVersion;
import repscorer.vector.SparseVector;
import repscorer.vector.VectorOps;

/**
 * Looks embeddings up for one request: in the pinned snapshot, then upstream for as long as the request's budget lasts.
 * Each is asked for once. For one thread.
 */
public final class EmbeddingLookup {

    private final RequestTrace trace;
    private final EmbeddingSource upstream;
    private final Budget budget;
    private final Map<Key, Found> asked = new HashMap<>();

    private record Key(String space, EntityId id) {}

    /** What a look-up brings. */
    public sealed interface Found {

        record Row(Embedding embedding) implements Found {}

        record Nothing(MissingReason reason, String message) implements Found {}
    }

    public EmbeddingLookup(RequestTrace trace, EmbeddingSource upstream, Budget budget) {
        this.trace = trace;
        this.upstream = upstream;
        this.budget = budget;
    }

    public Found find(String space, EntityId id) {
        return asked.computeIfAbsent(new Key(space, id), key -> ask(space, id));
    }

    private Found ask(String space, EntityId id) {
        SpaceVersion version = trace.space(space).orElse(null);
        if (version == null) {
            return new Found.Nothing(
                    MissingReason.UNKNOWN_VERSION, "release %s has no %s".formatted(trace.release(), space));
        }
        return version.embedding(id).<Found>map(Found.Row::new).orElseGet(() -> askUpstream(version, id));
    }

    private Found askUpstream(SpaceVersion version, EntityId id) {
        String space = version.space().name();
        if (budget.isOver()) {
            return unavailable(
                    MissingReason.TIMEOUT, space, id, "the request's budget for upstream look-ups is used up");
        }
        Answer answer;
        try {
            answer = upstream.fetch(version.space(), id, trace.release(), budget.left());
        } catch (RuntimeException e) {
            return unavailable(
                    MissingReason.ERROR, space, id, e.toString()); // a source that throws is one that cannot be reached
        }
        return switch (answer) {
            case Answer.Missing missing
            when version.isExpired(id) ->
                new Found.Nothing(
                        MissingReason.EXPIRED,
                        "the embedding of %s in %s of release %s is expired".formatted(id, space, trace.release()));
            case Answer.Missing missing ->
                new Found.Nothing(
                        MissingReason.NO_EMBEDDING_SOURCE,
                        "release %s has no embedding of %s in %s".formatted(trace.release(), id, space));
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
                        && Float.isFinite(VectorOps.norm(dense.values()));
            case SparseSpace space ->
                embedding instanceof Embedding.Sparse sparse && lastColumn(sparse.vector()) < version.columnsEnd();
            case TextSpace space -> embedding instanceof Embedding.Text;
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
