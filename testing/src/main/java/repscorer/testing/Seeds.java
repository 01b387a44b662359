package repscorer.testing;

import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Random inputs that can be repeated: every generator's seed is printed, and {@code -Drepscorer.seed=N} sets it.
 */
public final class Seeds {

    public static final String PROPERTY = "repscorer.seed";

    private static final RandomGeneratorFactory<RandomGenerator> FACTORY =
            RandomGeneratorFactory.of("L64X128MixRandom");

    private Seeds() {}

    /**
     * A generator with a fresh seed, or with the one the system property names; an empty property names none.
     *
     * @param user who draws, such as the test's name; printed beside the seed
     */
    public static RandomGenerator random(String user) {
        String wanted = System.getProperty(PROPERTY, "");
        long seed;
        try {
            seed = wanted.isEmpty() ? ThreadLocalRandom.current().nextInt(1_000_000_000) : Long.parseLong(wanted);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(PROPERTY + " must be a whole number: '" + wanted + "'", e);
        }
        System.out.printf("%s draws with seed %s; -D%s=%s repeats it%n", user, seed, PROPERTY, seed);
        return fixed(seed);
    }

    /** A generator that is the same in every run, for figures that a test pins. */
    public static RandomGenerator fixed(long seed) {
        return FACTORY.create(seed);
    }
}
