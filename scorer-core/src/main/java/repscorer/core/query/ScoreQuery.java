package repscorer.core.query;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import repscorer.core.entity.EntityId;
import repscorer.core.plan.Comparison;

/**
 * A request to score given candidates: by a surface's plan, or by one similarity between two spaces.
 */
public sealed interface ScoreQuery {

    Source source();

    List<EntityId> candidates();

    boolean explain();

    /** By a surface's plan; normalisers see the given candidates, but for {@code fixed}. */
    record BySurface(
            String surface,
            Source source,
            List<EntityId> candidates,
            Map<String, String> overrides,
            Optional<String> unit,
            Map<String, String> context,
            boolean explain)
            implements ScoreQuery, SurfaceQuery {

        public BySurface {
            candidates = List.copyOf(candidates);
            overrides = Map.copyOf(overrides);
            context = Map.copyOf(context);
        }
    }

    /**
     * By one similarity.
     *
     * @param release a kept release to read; empty for the live one
     */
    record BySimilarity(
            Comparison comparison, Source source, List<EntityId> candidates, Optional<String> release, boolean explain)
            implements ScoreQuery {

        public BySimilarity {
            candidates = List.copyOf(candidates);
        }

        /** Of the live release. */
        public BySimilarity(Comparison comparison, Source source, List<EntityId> candidates, boolean explain) {
            this(comparison, source, candidates, Optional.empty(), explain);
        }
    }
}
