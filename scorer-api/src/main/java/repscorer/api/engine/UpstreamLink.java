package repscorer.api.engine;

import java.time.Duration;
import java.util.Optional;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.Embedding;
import repscorer.core.embedding.EmbeddingSource;
import repscorer.core.embedding.EmbeddingSource.Answer;
import repscorer.core.embedding.Space;
import repscorer.core.embedding.SparseSpace;
import repscorer.core.embedding.TextSpace;
import repscorer.core.entity.EntityId;
import repscorer.core.erasure.ErasedSubjects;
import repscorer.core.erasure.Sought;
import repscorer.core.request.ComputePermits;
import repscorer.upstream.EmbeddingQuery;
import repscorer.upstream.UpstreamAnswer;
import repscorer.upstream.UpstreamEmbeddings;
import repscorer.upstream.UpstreamStats;
import repscorer.vector.SparseVector;

/** The upstream as scorer-core asks for it, where one is configured. */
public final class UpstreamLink implements AutoCloseable {

    private final Optional<UpstreamEmbeddings> upstream;
    private final ComputePermits permits;
    private final ErasedSubjects erased;

    UpstreamLink(Optional<UpstreamEmbeddings> upstream, ComputePermits permits, ErasedSubjects erased) {
        this.upstream = upstream;
        this.permits = permits;
        this.erased = erased;
    }

    /** What the upstream did so far, where there is one. */
    public Optional<UpstreamStats> stats() {
        return upstream.map(UpstreamEmbeddings::stats);
    }

    EmbeddingSource source() {
        return upstream.<EmbeddingSource>map(
                        u -> (space, id, release, budget) -> erased.all().has(id)
                                ? new Answer.Missing()
                                : permits.waiting(() -> fetch(u, space, id, release, budget)))
                .orElse(EmbeddingSource.NONE);
    }

    private static Answer fetch(
            UpstreamEmbeddings upstream, Space space, EntityId id, String release, Duration budget) {
        if (space instanceof TextSpace) {
            return new Answer.Missing(); // upstreams hold vectors
        }
        EmbeddingQuery query = switch (space) {
            case DenseSpace dense -> EmbeddingQuery.dense(dense.name(), id.toString(), release, dense.dimension());
            case SparseSpace sparse -> EmbeddingQuery.sparse(sparse.name(), id.toString(), release);
            case TextSpace text -> throw new IllegalStateException("met before: " + text.name());
        };
        return switch (upstream.fetch(query, budget)) {
            case UpstreamAnswer.Found.Dense dense -> new Answer.Found(new Embedding.Dense(dense.values()));
            case UpstreamAnswer.Found.Sparse sparse ->
                new Answer.Found(new Embedding.Sparse(new SparseVector(sparse.columns(), sparse.weights())));
            case UpstreamAnswer.Missing missing -> new Answer.Missing();
            case UpstreamAnswer.Unavailable unavailable ->
                new Answer.Unavailable(unavailable.cause(), unavailable.timedOut());
        };
    }

    /** Forgets what is kept of erased subjects, who are not asked for any more. */
    public void forget(Sought sought) {
        upstream.ifPresent(each -> each.forget(sought::has));
    }

    @Override
    public void close() {
        upstream.ifPresent(UpstreamEmbeddings::close);
    }
}
