package repscorer.core.explore;

import repscorer.digest.Sha256;

/** Numbers that a text decides, the same on every machine and by every version of Java. For one thread. */
public final class Draws {

    /*
     * SplitMix64: a counter that goes on by the golden ratio, and a mix of its bits [1]. It begins at the first eight bytes of a
     * SHA-256, so that what is drawn for two purposes, or by two seeds that differ in one character, has nothing in common.
     *
     * [1] G. Steele, D. Lea, C. Flood: Fast Splittable Pseudorandom Number Generators. OOPSLA 2014.
     */

    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;
    private static final double BIT_53 = 0x1p-53;

    private long state;

    private Draws(long state) {
        this.state = state;
    }

    /**
     * Draws for one purpose.
     *
     * @param purpose what they are for, such as {@code explore}
     * @param seed any text
     */
    public static Draws of(String purpose, String seed) {
        byte[] digest = Sha256.of(purpose + ":" + seed);
        long state = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            state = state << 8 | digest[i] & 0xff;
        }
        return new Draws(state);
    }

    /** The next number above 0 and below 1, one of 2^53 equally probable ones. */
    public double next() {
        state += GOLDEN_GAMMA;
        long mixed = (state ^ state >>> 30) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
        mixed ^= mixed >>> 31;
        return ((mixed >>> 11) + 0.5) * BIT_53;
    }

    /** The next whole number from 0 and below a bound. */
    public int below(int bound) {
        return (int) (next() * bound);
    }
}
