package repscorer.api.drift;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import repscorer.api.engine.LiveConfig;
import repscorer.core.drift.DriftOptions;
import repscorer.wire.ComparisonResponse;

/**
 * Answers how one release differs from another, whatever the question came by. It computes as long as many requests together, so
 * that only who may publish is to ask. Safe for concurrent use.
 */
@Component
public final class ReleaseComparisons {

    private final LiveConfig live;

    ReleaseComparisons(LiveConfig live) {
        this.live = live;
    }

    /**
     * @param sample ids that are drawn from each space
     * @param sources that each surface is asked for
     * @param seed of the draws
     * @throws repscorer.core.failure.ScorerException for releases that are not there, and options out of bounds
     */
    public ComparisonResponse compare(
            String a, String b, @Nullable Integer sample, @Nullable Integer sources, @Nullable Long seed) {
        DriftOptions options = new DriftOptions(
                Optional.ofNullable(sample).orElse(DriftOptions.SAMPLE_DEFAULT),
                Optional.ofNullable(sources).orElse(DriftOptions.SOURCES_DEFAULT),
                Optional.ofNullable(seed).orElse(DriftOptions.SEED_DEFAULT));
        return ComparisonBodies.of(live.scorer().compare(a, b, options));
    }
}
