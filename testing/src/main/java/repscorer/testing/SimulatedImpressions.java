package repscorer.testing;

import java.util.random.RandomGenerator;

/**
 * Things that people see, each with four numbers, and whether they click, by a probability that is known: log-odds that rise with two
 * similarities of vectors, one of which some things lack, fall with their age and rise with how many know them. Deterministic by its generator.
 */
public final class SimulatedImpressions {

    public static final String DENSE = "column:twhin";
    public static final String SPARSE = "column:simclusters";
    public static final String AGE = "age";
    public static final String POPULARITY = "popularity:history-follow";

    private static final double LACKED = .2;

    private final RandomGenerator random;

    public SimulatedImpressions(RandomGenerator random) {
        this.random = random;
    }

    /**
     * One thing that was seen.
     *
     * @param sparse NaN where it has none
     * @param age in hours
     * @param popularity how many know it
     * @param probability of a click
     */
    public record Impression(
            double dense, double sparse, double age, double popularity, double probability, boolean clicked) {

        /** What nobody could do better than, by this one: −ln of the probability of what came. */
        public double leastLoss() {
            return -Math.log(clicked ? probability : 1 - probability);
        }
    }

    public Impression next() {
        double dense = random.nextGaussian();
        double sparse = random.nextDouble() < LACKED ? Double.NaN : .5 * dense + random.nextGaussian();
        double age = Math.exp(2 + random.nextGaussian());
        double popularity = Math.floor(Math.exp(1.5 * Math.abs(random.nextGaussian())));
        double logOdds = -1.3
                + 1.1 * dense
                + (Double.isNaN(sparse) ? -.4 : .7 * sparse)
                - .5 * Math.log1p(age)
                + .3 * Math.log1p(popularity);
        double probability = 1 / (1 + Math.exp(-logOdds));
        return new Impression(dense, sparse, age, popularity, probability, random.nextDouble() < probability);
    }
}
