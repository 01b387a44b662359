package repscorer.testing;

import java.util.random.RandomGenerator;

/**
 * A test of two variants whose true effect is known. Each unit comes back a number of times; what it does there is Poisson around a rate of
 * its own, which it also had before the experiment. Deterministic by its generator; not safe for concurrent use.
 */
public final class SimulatedExperiment {

    /*
     * Unit i has a rate r_i, exponential with mean RATE, and answers a_i = 1 + Poisson(visits - 1), independent of r_i. Its actions are
     * Poisson(a_i r_i) under control and Poisson(a_i r_i (1 + lift)) under treatment; before, they were Poisson(beforeAnswers r_i).
     * So the effect per unit is visits · RATE · lift, per answer RATE · lift.
     */

    /** Actions an answer, over all units under control. */
    public static final double RATE = .2;

    private static final double BEFORE_ANSWERS = 20;

    private final RandomGenerator random;
    private final double visits;
    private final double lift;

    public final int[] variants;
    public final double[] rates;
    public final double[] answers;
    public final double[] actions;
    public final double[] before;

    /**
     * Draws one test, whole.
     *
     * @param visits answers a unit has on average, at least 1
     * @param lift of the rate by the treatment, such as .05
     */
    public SimulatedExperiment(RandomGenerator random, int units, double visits, double lift) {
        this.random = random;
        this.visits = visits;
        this.lift = lift;
        variants = new int[units];
        rates = new double[units];
        answers = new double[units];
        actions = new double[units];
        before = new double[units];
        for (int i = 0; i < units; i++) {
            variants[i] = random.nextInt(2);
            rates[i] = RATE * random.nextExponential();
            answers[i] = 1 + poisson(random, visits - 1);
            actions[i] = poisson(random, answers[i] * rate(i));
            before[i] = poisson(random, BEFORE_ANSWERS * rates[i]);
        }
    }

    /** One more day: each unit comes with probability {@code chance}, and its answers and actions grow. */
    public void oneMoreDay(double chance) {
        for (int i = 0; i < variants.length; i++) {
            if (random.nextDouble() < chance) {
                answers[i]++;
                actions[i] += poisson(random, rate(i));
            }
        }
    }

    /** The true effect on actions per unit. */
    public double effectPerUnit() {
        return visits * RATE * lift;
    }

    /** The true effect on actions per answer. */
    public double effectPerAnswer() {
        return RATE * lift;
    }

    private double rate(int unit) {
        return rates[unit] * (variants[unit] == 1 ? 1 + lift : 1);
    }

    /** Knuth's way, for small means. */
    public static int poisson(RandomGenerator random, double mean) {
        double limit = Math.exp(-mean);
        int count = 0;
        for (double product = random.nextDouble(); product > limit; product *= random.nextDouble()) {
            count++;
        }
        return count;
    }
}
