package repscorer.core.drift;

import java.util.Arrays;
import java.util.SplittableRandom;
import repscorer.core.request.ComputePermits;
import repscorer.core.store.SpaceVersion;

/**
 * Which ids two versions of a space share: all of them counted, some of them drawn.
 *
 * @param shared ids that both have, exactly
 * @param a ordinals of the drawn ids in the first version, ascending
 * @param b ordinals of the same ids in the second one
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record SharedRows(int rowsA, int rowsB, int shared, int[] a, int[] b) {

    private static final int CHECKED_EVERY = 4_096;
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    /** One look-up for each row of the first version; memory for the draw only. */
    static SharedRows of(SpaceVersion a, SpaceVersion b, int sample, long seed) {
        SplittableRandom random =
                new SplittableRandom(seed + GOLDEN * a.space().name().hashCode());
        long[] drawn = new long[sample]; // both ordinals of an id
        int shared = 0;
        for (int ordinal = 0; ordinal < a.ordinalsEnd(); ordinal++) {
            if (ordinal % CHECKED_EVERY == 0) {
                ComputePermits.checkTime();
            }
            if (!a.live(ordinal)) {
                continue;
            }
            int other = b.ordinal(a.id(ordinal)).orElse(-1);
            if (other < 0) {
                continue;
            }
            // Every id met so far is equally likely to be among the drawn ones.
            int place = shared < sample ? shared : random.nextInt(shared + 1);
            if (place < sample) {
                drawn[place] = (long) ordinal << 32 | other;
            }
            shared++;
        }
        int count = Math.min(sample, shared);
        Arrays.sort(drawn, 0, count);
        int[] first = new int[count];
        int[] second = new int[count];
        for (int i = 0; i < count; i++) {
            first[i] = (int) (drawn[i] >>> 32);
            second[i] = (int) drawn[i];
        }
        return new SharedRows(a.count(), b.count(), shared, first, second);
    }

    int drawn() {
        return a.length;
    }

    /** The same ids, each beside another one of them: what is alike there is so by chance. */
    SharedRows mixed() {
        int[] others = others(b.length);
        Arrays.setAll(others, i -> b[others[i]]);
        return new SharedRows(rowsA, rowsB, shared, a, others);
    }

    /** For each of so many places another one, no two the same; a single place has none but its own. */
    static int[] others(int count) {
        int[] others = new int[count];
        Arrays.setAll(others, i -> i);
        SplittableRandom random = new SplittableRandom(GOLDEN);
        // Sattolo's draw of one cycle through all: nobody stays where it is.
        for (int i = count - 1; i > 0; i--) {
            int j = random.nextInt(i);
            int other = others[i];
            others[i] = others[j];
            others[j] = other;
        }
        return others;
    }
}
