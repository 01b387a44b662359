package repscorer.testing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** List making restated from its descriptions as plainly as can be, to compare the product with. */
public final class RankingOracles {

    private RankingOracles() {}

    /** The similarity of two candidates. */
    @FunctionalInterface
    public interface Similarity {

        double of(int a, int b);
    }

    /**
     * One candidate from each list in turn. A list whose next one was taken before tries again at once; an empty list leaves.
     */
    public static List<Integer> roundRobin(List<List<Integer>> lists) {
        return weighted(lists, new double[] {}, Integer.MAX_VALUE);
    }

    /** As the reference's count-weighted mixer: credit grows by the list's share, 1 buys a turn. */
    public static List<Integer> countWeighted(List<List<Integer>> lists, double shrinkage, int stepsMax) {
        int longest = lists.stream().mapToInt(List::size).max().orElse(0);
        double[] weights = lists.stream()
                .mapToDouble(list -> (1 - shrinkage) * list.size() / Math.max(1, longest) + shrinkage)
                .toArray();
        return weighted(lists, weights, stepsMax);
    }

    private static List<Integer> weighted(List<List<Integer>> lists, double[] weights, int stepsMax) {
        List<Integer> queue =
                new ArrayList<>(IntStream.range(0, lists.size()).boxed().toList());
        List<List<Integer>> left = new ArrayList<>();
        lists.forEach(list -> left.add(new ArrayList<>(list)));
        double[] credit = new double[lists.size()];
        Set<Integer> taken = new HashSet<>();
        List<Integer> result = new ArrayList<>();
        int steps = 0;
        while (!queue.isEmpty()) {
            int lane = queue.getFirst();
            if (left.get(lane).isEmpty()) {
                queue.removeFirst();
                continue;
            }
            steps++;
            credit[lane] += weights.length == 0 ? 1 : weights[lane];
            if (credit[lane] < 1 && steps < stepsMax) {
                queue.add(queue.removeFirst());
                continue;
            }
            credit[lane] -= 1;
            int candidate = left.get(lane).removeFirst();
            if (taken.add(candidate)) {
                result.add(candidate);
                queue.add(queue.removeFirst());
            }
        }
        return result;
    }

    /**
     * The first {@code picks} of maximal marginal relevance over candidates 0 to n − 1 in ranked order: every time the
     * greatest λ·relevance − (1 − λ)·(greatest similarity to one picked), ties to the better ranked; then the rest in order.
     */
    public static List<Integer> maximalMarginalRelevance(
            int n, IntToDoubleFunction score, Similarity similarity, double lambda, int picks) {
        double[] scores =
                IntStream.range(0, n).mapToDouble(score::applyAsDouble).toArray();
        double max = Arrays.stream(scores).max().orElse(0);
        double min = Arrays.stream(scores).min().orElse(0);
        List<Integer> left = new ArrayList<>(IntStream.range(0, n).boxed().toList());
        List<Integer> picked = new ArrayList<>();
        while (picked.size() < Math.min(picks, n)) {
            double bestValue = Double.NEGATIVE_INFINITY;
            int best = -1;
            for (int candidate : left) {
                double relevance = max > min ? (scores[candidate] - min) / (max - min) : 1;
                double redundancy = picked.stream()
                        .mapToDouble(other -> similarity.of(candidate, other))
                        .max()
                        .orElse(0);
                double value = lambda * relevance - (1 - lambda) * redundancy;
                if (value > bestValue) {
                    bestValue = value;
                    best = candidate;
                }
            }
            picked.add(best);
            left.remove((Integer) best);
        }
        picked.addAll(left);
        return picked;
    }
}
