package repscorer.core.drift;

import java.util.List;
import java.util.Optional;

/**
 * How alike the ranked lists of two releases are.
 *
 * @param k how long a front of each list is looked at
 * @param overlap the share that both fronts have, over all pairs of lists
 * @param rankBiasedOverlap of both fronts, extrapolated, p = 0.9
 */
public record ListDrift(int k, Distribution overlap, Distribution rankBiasedOverlap) {

    /** Of lists that lie in pairs, those that are both empty left out; empty where all are. */
    static <T> Optional<ListDrift> of(int k, List<List<T>> a, List<List<T>> b) {
        double[] overlaps = new double[a.size()];
        double[] biased = new double[a.size()];
        int count = 0;
        for (int i = 0; i < a.size(); i++) {
            if (!a.get(i).isEmpty() || !b.get(i).isEmpty()) {
                overlaps[count] = RankOverlap.overlap(a.get(i), b.get(i), k);
                biased[count] = RankOverlap.biased(a.get(i), b.get(i), k);
                count++;
            }
        }
        Optional<Distribution> ofBiased = Distribution.of(biased, count);
        return Distribution.of(overlaps, count)
                .flatMap(overlap -> ofBiased.map(rank -> new ListDrift(k, overlap, rank)));
    }
}
