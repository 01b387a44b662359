package repscorer.core.shadow;

import java.util.List;
import java.util.Optional;
import repscorer.core.drift.Distribution;

/**
 * How a shadow's answers stand to those that were given.
 *
 * @param compared how many requests were answered by both
 * @param dropped how many were not compared, for no processor was idle
 * @param failed how many the shadow had no answer to
 * @param failure the last reason why not
 * @param overlap of the last {@value #KEPT} that were compared, as all that follows; empty before the first
 * @param scoreShift empty while no candidate was in both
 * @param worst those of all whose answers are least alike, the least first
 */
public record ShadowReport(
        Shadow shadow,
        long compared,
        long dropped,
        long failed,
        Optional<String> failure,
        Optional<Distribution> overlap,
        Optional<Distribution> rankBiasedOverlap,
        Optional<Distribution> scoreShift,
        Optional<Distribution> latencyRatio,
        List<ShadowPair> worst) {

    public static final int KEPT = 1_000;
    public static final int WORST_MAX = 5;

    public ShadowReport {
        worst = List.copyOf(worst);
    }
}
