package repscorer.core.shadow;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import repscorer.core.drift.Distribution;

/** What came of one shadow so far. Memory for the last {@link ShadowReport#KEPT}. Safe for concurrent use. */
final class ShadowTally {

    final Shadow shadow;
    private final LongAdder dropped = new LongAdder();
    private final Recent overlap = new Recent();
    private final Recent rankBiasedOverlap = new Recent();
    private final Recent scoreShift = new Recent();
    private final Recent latencyRatio = new Recent();
    private final List<ShadowPair> worst = new ArrayList<>();
    private long failed;
    private @Nullable String failure;

    ShadowTally(Shadow shadow) {
        this.shadow = shadow;
    }

    /** The last values of one measure. */
    private static final class Recent {

        private final double[] values = new double[ShadowReport.KEPT];
        private long count;

        void add(double value) {
            values[(int) (count++ % values.length)] = value;
        }

        Optional<Distribution> distribution() {
            return Distribution.of(values, (int) Math.min(count, values.length));
        }
    }

    void drop() {
        dropped.increment();
    }

    synchronized void fail(String reason) {
        failed++;
        failure = reason;
    }

    synchronized void add(ShadowPair pair) {
        overlap.add(pair.overlap());
        rankBiasedOverlap.add(pair.rankBiasedOverlap());
        pair.scoreShift().ifPresent(scoreShift::add);
        latencyRatio.add(pair.latencyRatio());
        if (pair.rankBiasedOverlap() < 1) {
            worst.add(pair);
            worst.sort(Comparator.comparingDouble(ShadowPair::rankBiasedOverlap));
            if (worst.size() > ShadowReport.WORST_MAX) {
                worst.removeLast();
            }
        }
    }

    synchronized ShadowReport report() {
        return new ShadowReport(
                shadow,
                overlap.count,
                dropped.sum(),
                failed,
                Optional.ofNullable(failure),
                overlap.distribution(),
                rankBiasedOverlap.distribution(),
                scoreShift.distribution(),
                latencyRatio.distribution(),
                worst);
    }
}
