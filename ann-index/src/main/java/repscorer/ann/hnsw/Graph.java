package repscorer.ann.hnsw;

import java.util.Arrays;

/** The links of an HNSW graph. Written by its builder, whose steps do not overlap; then safe for concurrent reading. */
final class Graph {

    /*
     * links holds 2M places a row: the lowest level. A list ends at its first NONE or with its places. Lists of the levels
     * above lie in upper, M places each, a row's own one after the other from upperAt[row] on; levels are known before
     * the first link is, so nothing ever moves. With M = 16 a list of the lowest level is two cache lines, and the first
     * twelve places of the array stay empty so that it starts on one (the header takes 16 bytes).
     *
     * A row's level is drawn from a hash of the seed and its ordinal, so it depends on neither order nor threads.
     */

    static final int NONE = -1;

    private static final int LEVEL_MAX = 15;
    private static final int LEAD = 12;

    final int m;
    final int[] links;
    final int[] upperAt;
    final int[] upper;

    /** The row where walks start; NONE while there is none. */
    int entry = NONE;

    /** The level of the entry row. */
    int top = NONE;

    /**
     * @param levels each row's level, or NONE for a row that stays out
     * @throws IllegalArgumentException when the links would not fit into one array
     */
    Graph(int m, byte[] levels) {
        int count = levels.length;
        this.m = m;
        long places = LEAD + (long) count * 2 * m;
        long upperPlaces = 0;
        for (byte level : levels) {
            upperPlaces += (long) Math.max(0, level) * m;
        }
        if (Math.max(places, upperPlaces) > Integer.MAX_VALUE - LEAD) {
            throw new IllegalArgumentException("too many links for one block: %d rows with m = %d".formatted(count, m));
        }
        this.links = new int[(int) places];
        this.upper = new int[(int) upperPlaces];
        this.upperAt = new int[count];
        Arrays.fill(links, NONE);
        Arrays.fill(upper, NONE);
        int at = 0;
        for (int row = 0; row < count; row++) {
            upperAt[row] = at;
            at += Math.max(0, levels[row]) * m;
        }
    }

    /** The level that a row is drawn into: l or above with a chance of M to the power of -l. */
    static byte level(long seed, int ordinal, int m) {
        long hash = mix(mix(seed) + ordinal);
        double chance = ((hash >>> 11) + 1) * 0x1p-53; // above 0, at most 1
        return (byte) Math.min(LEVEL_MAX, (int) (-StrictMath.log(chance) / StrictMath.log(m)));
    }

    private static long mix(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** The array that holds a level's lists. */
    int[] lists(int level) {
        return level == 0 ? links : upper;
    }

    /** Where a row's list starts in {@link #lists}. */
    int from(int level, int row) {
        return level == 0 ? LEAD + row * 2 * m : upperAt[row] + (level - 1) * m;
    }

    /** How many places a list has. */
    int places(int level) {
        return level == 0 ? 2 * m : m;
    }

    /** How many links a list holds. */
    int degree(int level, int row) {
        int[] lists = lists(level);
        int from = from(level, row);
        int places = places(level);
        int degree = 0;
        while (degree < places && lists[from + degree] != NONE) {
            degree++;
        }
        return degree;
    }
}
