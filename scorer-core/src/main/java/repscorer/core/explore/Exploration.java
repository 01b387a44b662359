package repscorer.core.explore;

import java.util.Arrays;
import java.util.BitSet;
import repscorer.core.rule.Ranking;

/**
 * How chance reorders a ranked list, so that what stands lower is seen too and what another ranking would have earned can be told.
 *
 * @param method by what chance goes; {@link Method#NONE} leaves every list as it is
 * @param after how many of the first ranks are left alone
 * @param window how many ranks behind those change places with one another
 * @param temperature of {@link Method#SOFTMAX}, in units of the score: towards 0 the list as it is, towards infinity uniform
 */
public record Exploration(Method method, int after, int window, double temperature) {

    /*
     * Softmax draws rank by rank, each time in proportion to e^(s/T) among those that are left: a Plackett-Luce model. One sort does
     * that, by s/T plus a number of the standard Gumbel distribution for each (Gumbel top-k [1]). The probability of each rank given
     * those before it is its weight over the weights that are left, which is summed from the end in logarithms.
     *
     * What is drawn by, s, is the score that belongs to the rank: the free scores in descending order, dealt to the list as rules left
     * it. Without rules that place, that is the candidate's own; with them, a temperature towards 0 gives the list that they made.
     *
     * [1] W. Kool, H. van Hoof, M. Welling: Stochastic Beams and Where to Find Them. ICML 2019.
     */

    /** By what chance goes. */
    public enum Method {
        NONE,
        /** All orders of the window are equally probable. */
        UNIFORM,
        /** The higher the score, the more probably it comes first. */
        SOFTMAX
    }

    public static final int WINDOW_MIN = 2;
    public static final int RANKS_MAX = 1_000;
    public static final double TEMPERATURE_MIN = 0.001;
    public static final double TEMPERATURE_MAX = 1_000;

    public static final Exploration NONE = new Exploration(Method.NONE, 0, 50, 1);

    /** Weights below e to this of the greatest are taken for it: beyond it a Gumbel number would be lost in rounding. */
    private static final double LOG_WEIGHT_MIN = -1e9;

    public Exploration {
        if (after < 0 || after > RANKS_MAX) {
            throw new IllegalArgumentException("after must be 0 to %s: %s".formatted(RANKS_MAX, after));
        }
        if (window < WINDOW_MIN || window > RANKS_MAX) {
            throw new IllegalArgumentException("window must be %s to %s: %s".formatted(WINDOW_MIN, RANKS_MAX, window));
        }
        if (!(temperature >= TEMPERATURE_MIN && temperature <= TEMPERATURE_MAX)) {
            throw new IllegalArgumentException(
                    "temperature must be %s to %s: %s".formatted(TEMPERATURE_MIN, TEMPERATURE_MAX, temperature));
        }
    }

    public boolean isOn() {
        return method != Method.NONE;
    }

    /** How many of the first ranks it may touch. */
    public int reach() {
        return isOn() ? after + window : 0;
    }

    /**
     * The list after chance. O(window · log window); the list itself where it is off.
     *
     * @param order places of candidates, best first; left as it is
     * @param scores by place
     * @param held ranks, from 0, whose candidates stay where they are
     */
    public Explored explore(int[] order, double[] scores, BitSet held, Draws draws) {
        if (!isOn()) {
            return Explored.asRanked(order);
        }
        int[] free = free(Math.min(after, order.length), Math.min(after + window, order.length), held);
        int[] drawn = new int[free.length];
        double[] probabilities = new double[free.length];
        if (method == Method.UNIFORM) {
            drawUniform(draws, drawn, probabilities);
        } else {
            drawSoftmax(draws, logWeights(free, order, scores), drawn, probabilities);
        }
        int[] places = order.clone();
        double[] propensities = new double[order.length];
        Arrays.fill(propensities, 1);
        for (int i = 0; i < free.length; i++) {
            places[free[i]] = order[free[drawn[i]]];
            propensities[free[i]] = probabilities[i];
        }
        return new Explored(places, propensities);
    }

    private static int[] free(int from, int to, BitSet held) {
        int[] free = new int[to - from];
        int count = 0;
        for (int rank = from; rank < to; rank++) {
            if (!held.get(rank)) {
                free[count++] = rank;
            }
        }
        return Arrays.copyOf(free, count);
    }

    private static void drawUniform(Draws draws, int[] drawn, double[] probabilities) {
        int n = drawn.length;
        for (int i = 0; i < n; i++) {
            drawn[i] = i;
        }
        for (int i = 0; i < n; i++) {
            int left = n - i;
            int other = i + draws.below(left);
            int taken = drawn[other];
            drawn[other] = drawn[i];
            drawn[i] = taken;
            probabilities[i] = 1.0 / left;
        }
    }

    /** By place among the free ranks, relative to the greatest. */
    private double[] logWeights(int[] free, int[] order, double[] scores) {
        double[] weights = new double[free.length];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = -scores[order[free[i]]];
        }
        Arrays.sort(weights);
        double greatest = weights.length == 0 ? 0 : -weights[0];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = Math.max(LOG_WEIGHT_MIN, (-weights[i] - greatest) / temperature);
        }
        return weights;
    }

    private static void drawSoftmax(Draws draws, double[] logWeights, int[] drawn, double[] probabilities) {
        int n = drawn.length;
        double[] keys = new double[n];
        for (int i = 0; i < n; i++) {
            drawn[i] = i;
            keys[i] = logWeights[i] - Math.log(-Math.log(draws.next()));
        }
        Ranking.sort(drawn, keys, Integer::compare);
        double left = Double.NEGATIVE_INFINITY;
        for (int i = n - 1; i >= 0; i--) {
            double weight = logWeights[drawn[i]];
            double greater = Math.max(left, weight);
            left = greater + Math.log1p(Math.exp(Math.min(left, weight) - greater));
            probabilities[i] = Math.min(1, Math.exp(weight - left));
        }
    }
}
