package repscorer.core.recall;

/**
 * The mean of values from 0 to 1, and an interval about it that holds the true mean at all times together with 95 % probability, so
 * that it may be looked at after every value. Not safe for concurrent use.
 */
final class MeanInterval {

    /*
     * The hedged capital process of Waudby-Smith and Ramdas, Estimating means of bounded random variables by betting (JRSS B, 2024):
     * for each mean m of a grid, one player bets on values above m, one on values below. If m is true, neither is ever 40 times as
     * rich as at the start, but with 2.5 % probability each (Ville); so the means at which both are poorer are the interval. The
     * stakes follow the variance so far: an index that finds nearly everything is told to a thousandth by some hundred values,
     * where Hoeffding's bound needs a hundred thousand.
     */

    private static final double ALPHA = .05;
    private static final int STEPS = 1000;

    /** The most of the capital that may be lost by one bet. */
    private static final double STAKE_MAX = .75;

    private static final double RICH = Math.log(2 / ALPHA);

    private final double[] above = new double[STEPS + 1]; // logarithms of capitals, by mean
    private final double[] below = new double[STEPS + 1];
    private long count;
    private double sum;
    private double squares = .25; // of distances from the mean so far; a prior of one value

    /** @param value 0 to 1 */
    void add(double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException("value must be 0 to 1: " + value);
        }
        double variance = squares / (count + 1);
        double stake = Math.sqrt(2 * RICH / (variance * (count + 1) * Math.log(count + 2)));
        for (int i = 0; i <= STEPS; i++) {
            double mean = (double) i / STEPS;
            above[i] += Math.log1p(Math.min(stake, STAKE_MAX / mean) * (value - mean));
            below[i] += Math.log1p(-Math.min(stake, STAKE_MAX / (1 - mean)) * (value - mean));
        }
        count++;
        sum += value;
        double center = (sum + .5) / (count + 1);
        squares += (value - center) * (value - center);
    }

    long count() {
        return count;
    }

    /** NaN before the first value. */
    double mean() {
        return sum / count;
    }

    /** The lower end, a grid's step below the least mean that is believed; 0 before the first value. */
    double lower() {
        int i = 0;
        while (i < STEPS && isRefuted(i)) {
            i++;
        }
        return Math.max(0, i - 1) / (double) STEPS;
    }

    /** The upper end; 1 before the first value. */
    double upper() {
        int i = STEPS;
        while (i > 0 && isRefuted(i)) {
            i--;
        }
        return Math.min(STEPS, i + 1) / (double) STEPS;
    }

    private boolean isRefuted(int i) {
        return above[i] >= RICH || below[i] >= RICH;
    }

    @Override
    public String toString() {
        return "%s of %s in [%s, %s]".formatted(mean(), count, lower(), upper());
    }
}
