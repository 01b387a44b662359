package repscorer.core;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import repscorer.core.embedding.Embedding;
import repscorer.core.embedding.EmbeddingSource;
import repscorer.core.entity.EntityId;
import repscorer.core.experiment.Assigner;
import repscorer.core.store.RepresentationStore;

/**
 * Answers requests for candidates and for scores. Safe for concurrent use; a request reads one snapshot throughout.
 */
public final class Scorer {

    /**
     * @param plans one per surface
     * @param upstream asked for sources that the release does not hold
     * @param upstreamBudget how long one request waits for it at most
     * @param searchesMax searches that compute at once; a request waits a second for its turn, then is refused
     * @throws IllegalArgumentException when a plan or an experiment names a space, a column or a surface that is not
     *     declared, or spaces of one column differ in model
     */
    public Scorer(
            RepresentationStore store,
            Collection<ScoringPlan> plans,
            Assigner assigner,
            EmbeddingSource upstream,
            Duration upstreamBudget,
            int searchesMax,
            StageListener listener) {
        throw new UnsupportedOperationException();
    }

    /** The surfaces' plans, in the order of their names. */
    public List<ScoringPlan> plans() {
        throw new UnsupportedOperationException();
    }

    /**
     * Ranks candidates: retrieves from every column, scores the whole union on every column, blends.
     *
     * @throws repscorer.core.failure.ScorerException.Invalid for a request that breaks a rule
     * @throws repscorer.core.failure.ScorerException.NotFound for an unknown surface or release, or a source without any
     *     embedding
     * @throws repscorer.core.failure.ScorerException.NotReady before the first release, or when it lacks the surface's
     *     spaces
     * @throws repscorer.core.failure.ScorerException.Overloaded when too many searches wait
     */
    public ScoredCandidates candidates(CandidateQuery query) {
        throw new UnsupportedOperationException();
    }

    /** Scores given candidates: as many entries as candidates, in their order. Throws as {@link #candidates}. */
    public ScoredList scores(ScoreQuery query) {
        throw new UnsupportedOperationException();
    }

    /**
     * The embeddings of ids in a space of the live or a named release; absent ids are absent from the map.
     *
     * @throws repscorer.core.failure.ScorerException.NotFound for an unknown space or release
     */
    public Map<EntityId, Embedding> embeddings(String space, Collection<EntityId> ids, Optional<String> release) {
        throw new UnsupportedOperationException();
    }
}
