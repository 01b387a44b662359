package repscorer.core.drift;

import repscorer.core.failure.ScorerException.Invalid;

/**
 * How much is looked at.
 *
 * @param sample ids that both releases have, drawn from each space, 1 to {@link #SAMPLE_MAX}
 * @param sources that each surface is asked for, 0 to {@link #SOURCES_MAX}; 0 asks none
 * @param seed of the draws: the same seed draws the same ids of the same rows
 */
public record DriftOptions(int sample, int sources, long seed) {

    public static final int SAMPLE_DEFAULT = 1_000;
    public static final int SAMPLE_MAX = 10_000;
    public static final int SOURCES_DEFAULT = 50;
    public static final int SOURCES_MAX = 500;
    public static final long SEED_DEFAULT = 42;

    public static final DriftOptions DEFAULT = new DriftOptions(SAMPLE_DEFAULT, SOURCES_DEFAULT, SEED_DEFAULT);

    public DriftOptions {
        check("sample", sample, 1, SAMPLE_MAX);
        check("sources", sources, 0, SOURCES_MAX);
    }

    private static void check(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new Invalid(name + "-out-of-range", name, "%s is %s to %s: %s".formatted(name, least, most, value));
        }
    }
}
