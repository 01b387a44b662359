package repscorer.testing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * People who look down a list and click what they like, some much more readily than others; and two rankers, the second of which sees
 * better what they like. For A/B tests and interleaved answers over the same people. Deterministic by its generator; not safe for
 * concurrent use.
 */
public final class SimulatedTaste {

    private static final int POOL = 20;
    private static final int SHOWN = 8;

    private final RandomGenerator random;
    private final double noiseA;
    private final double noiseB;

    /** @param noiseA how far the first ranker's view of an item is off, in standard deviations of what items are worth */
    public SimulatedTaste(RandomGenerator random, double noiseA, double noiseB) {
        this.random = random;
        this.noiseA = noiseA;
        this.noiseB = noiseB;
    }

    /**
     * Clicks on one answer.
     *
     * @param a on what the first ranker gave
     * @param b on what the second one gave
     */
    public record Clicks(int a, int b) {}

    /** How readily a person clicks: half of them hardly ever, some at most of what they like. */
    public double readiness() {
        return .8 * Math.pow(random.nextDouble(), 3);
    }

    /** An answer by one ranker; clicks count for it. */
    public Clicks answered(double readiness, boolean second) {
        double[] worth = worth();
        int[] list = ranked(worth, second ? noiseB : noiseA);
        int clicks = 0;
        for (int rank = 0; rank < SHOWN; rank++) {
            clicks += clicked(readiness, worth[list[rank]], rank) ? 1 : 0;
        }
        return second ? new Clicks(0, clicks) : new Clicks(clicks, 0);
    }

    /** An answer of both by team draft: in each round a coin says who picks first, and each gives its best that is left. */
    public Clicks interleaved(double readiness) {
        double[] worth = worth();
        int[][] lists = {ranked(worth, noiseA), ranked(worth, noiseB)};
        List<int[]> answer = new ArrayList<>(); // item, team
        boolean[] taken = new boolean[POOL];
        while (answer.size() < SHOWN) {
            int first = random.nextInt(2);
            for (int team : new int[] {first, 1 - first}) {
                int best = 0;
                while (taken[lists[team][best]]) {
                    best++;
                }
                taken[lists[team][best]] = true;
                answer.add(new int[] {lists[team][best], team});
            }
        }
        int[] clicks = new int[2];
        for (int rank = 0; rank < SHOWN; rank++) {
            int[] each = answer.get(rank);
            clicks[each[1]] += clicked(readiness, worth[each[0]], rank) ? 1 : 0;
        }
        return new Clicks(clicks[0], clicks[1]);
    }

    private double[] worth() {
        double[] worth = new double[POOL];
        Arrays.setAll(worth, i -> random.nextGaussian());
        return worth;
    }

    /** The items that a ranker sees as best, as many as are shown. */
    private int[] ranked(double[] worth, double noise) {
        double[] seen = new double[POOL];
        Arrays.setAll(seen, i -> worth[i] + noise * random.nextGaussian());
        int[] order = new int[SHOWN];
        for (int rank = 0; rank < SHOWN; rank++) {
            int best = 0;
            for (int i = 1; i < POOL; i++) {
                best = seen[i] > seen[best] ? i : best;
            }
            order[rank] = best;
            seen[best] = Double.NEGATIVE_INFINITY;
        }
        return order;
    }

    private boolean clicked(double readiness, double worth, int rank) {
        double liked = 1 / (1 + Math.exp(-worth));
        return random.nextDouble() < readiness * liked / (1 + rank / 3.0);
    }
}
