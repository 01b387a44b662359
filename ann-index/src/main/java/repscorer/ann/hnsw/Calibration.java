package repscorer.ann.hnsw;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import repscorer.ann.SearchOptions;

/**
 * What sampled queries taught about one graph: how far a search of some effort goes on, and what it finds. Immutable.
 *
 * <p>{@code ef} is how many rows a search follows on average over queries. It spends them where they are needed: it ends when
 * the next row is further away than {@code slack} times the k-th best (after Al-Jazzazi et al., Distance Adaptive Beam Search
 * for Provably Accurate Graph-Based Nearest Neighbor Search, 2025, arXiv 2505.15636), and the slack is the one at which the
 * sampled queries followed {@code ef} rows on average. An easy query then ends early, and a hard one goes on.
 */
final class Calibration {

    /** The efforts learnt, each some 1.4 times the one before. */
    static final int[] EFS = {5, 7, 10, 14, 20, 28, 40, 56, 80, 112, 160, 224, 320, 448, 640};

    /** The k's that slacks were learnt for. */
    static final int[] KS = {1, 10, 100};

    /** The k of the recalls. */
    static final int RECALL_K = 10;

    /** A hard query may follow so many times as many rows as the average one. */
    private static final int CAPACITY_PER_EF = 3;

    static final Calibration NONE = new Calibration(new float[0][], new float[0], QuantizationLoss.UNMEASURED);

    /** By k and ef: a factor between squared distances; no rows where nothing was learnt. */
    private final float[][] slacks;

    /** By ef; empty where nothing was learnt. */
    private final float[] recalls;

    private final QuantizationLoss loss;

    Calibration(float[][] slacks, float[] recalls, QuantizationLoss loss) {
        this.slacks = slacks;
        this.recalls = recalls;
        this.loss = loss;
    }

    float[][] slacks() {
        return slacks;
    }

    float[] recalls() {
        return recalls;
    }

    QuantizationLoss loss() {
        return loss;
    }

    /** When a search for the best {@code k} ends that follows {@code ef} rows on average. */
    BeamSearch.StoppingRule stoppingRule(BeamSearch.StoppingRule into, int k, int ef, long deadlineNanos) {
        return into.set(k, slack(k, ef), loss.errorP99(), deadlineNanos);
    }

    /** The candidate list's length of a search with this effort. */
    int capacity(BeamSearch.StoppingRule rule, int ef, int inGraph) {
        long capacity = rule.slack() < Float.POSITIVE_INFINITY ? (long) CAPACITY_PER_EF * ef : ef;
        return (int) Math.min(capacity, inGraph);
    }

    private float slack(int k, int ef) {
        if (slacks.length == 0 || ef > EFS[EFS.length - 1]) {
            return Float.POSITIVE_INFINITY;
        }
        int above = 0;
        while (above < KS.length - 1 && KS[above] < k) {
            above++;
        }
        float[] row = slacks[above];
        if (above == 0 || k >= KS[above]) {
            return at(row, ef);
        }
        float weight = (float) (Math.log((double) k / KS[above - 1]) / Math.log((double) KS[above] / KS[above - 1]));
        return between(at(slacks[above - 1], ef), at(row, ef), weight);
    }

    /** The effort that a search asks for, directly or by a recall target; 0 where nothing but a scan reaches the target. */
    int effort(SearchOptions options) {
        int ef = options.recallTarget() > 0
                ? ef(options.k(), options.recallTarget()).orElse(0)
                : options.ef();
        return ef == 0 ? 0 : Math.max(options.k(), ef);
    }

    /** The least effort that found this share of the best on average; empty where none did or nothing was learnt. */
    OptionalInt ef(int k, float recall) {
        for (int i = 0; i < recalls.length; i++) {
            if (recalls[i] >= recall) {
                float ef = EFS[i];
                if (i > 0 && recalls[i] > recalls[i - 1]) {
                    float weight = (recall - recalls[i - 1]) / (recalls[i] - recalls[i - 1]);
                    ef = between(EFS[i - 1], EFS[i], Math.clamp(weight, 0, 1));
                }
                // a longer answer takes as much more effort as it is longer; a shorter one no less
                return OptionalInt.of((int) Math.ceil(ef * Math.max(1.0, (double) k / RECALL_K)));
            }
        }
        return OptionalInt.empty();
    }

    /** The share of the best that this effort found on average; empty where nothing was learnt. */
    Optional<Double> recallAt(int ef) {
        return recalls.length == 0 ? Optional.empty() : Optional.of((double) at(recalls, ef));
    }

    private static float at(float[] row, int ef) {
        int above = Arrays.binarySearch(EFS, ef);
        if (above >= 0) {
            return row[above];
        }
        above = -above - 1;
        if (above == 0) {
            return row[0];
        }
        float weight =
                (float) (Math.log((double) ef / EFS[above - 1]) / Math.log((double) EFS[above] / EFS[above - 1]));
        return between(row[above - 1], row[above], weight);
    }

    private static float between(float low, float high, float weight) {
        return low + weight * (high - low);
    }
}
