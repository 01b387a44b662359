package repscorer.core.align;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import repscorer.core.request.ComputePermits;
import repscorer.vector.VectorOps;

/**
 * Ids that two versions of a model's spaces share: all counted, some drawn, in an order of chance.
 *
 * @param spaces the place of each drawn id's space among the rows
 * @param a its ordinal in the first version
 * @param b in the second one
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record SharedIds(int shared, int[] spaces, int[] a, int[] b) {

    private static final int CHECKED_EVERY = 4_096;

    /** One look-up for each row of the first version; memory for the draw only. */
    static SharedIds draw(List<AlignedRows> from, List<AlignedRows> to, int sample, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] spaces = new int[sample];
        long[] both = new long[sample];
        int shared = 0;
        for (int space = 0; space < from.size(); space++) {
            AlignedRows first = from.get(space);
            AlignedRows second = to.get(space);
            for (int ordinal = 0; ordinal < first.end(); ordinal++) {
                if (ordinal % CHECKED_EVERY == 0) {
                    ComputePermits.checkTime();
                }
                OptionalInt other = first.live(ordinal) ? second.ordinal(first.id(ordinal)) : OptionalInt.empty();
                if (other.isEmpty()) {
                    continue;
                }
                int place = shared < sample ? shared : random.nextInt(shared + 1);
                if (place < sample) {
                    spaces[place] = space;
                    both[place] = (long) ordinal << 32 | other.getAsInt();
                }
                shared++;
            }
        }
        int count = Math.min(sample, shared);
        for (int i = count - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int space = spaces[i];
            spaces[i] = spaces[j];
            spaces[j] = space;
            long pair = both[i];
            both[i] = both[j];
            both[j] = pair;
        }
        int[] a = new int[count];
        int[] b = new int[count];
        for (int i = 0; i < count; i++) {
            a[i] = (int) (both[i] >>> 32);
            b[i] = (int) both[i];
        }
        return new SharedIds(shared, Arrays.copyOf(spaces, count), a, b);
    }

    int drawn() {
        return a.length;
    }

    /** The rows of some of them, scaled to norm 1 where directions are mapped. */
    Pairs pairs(List<AlignedRows> from, List<AlignedRows> to, int begin, int end, boolean directions) {
        int in = from.getFirst().dimension();
        int out = to.getFirst().dimension();
        float[] left = new float[(end - begin) * in];
        float[] right = new float[(end - begin) * out];
        float[] x = new float[in];
        float[] y = new float[out];
        for (int i = begin; i < end; i++) {
            from.get(spaces[i]).copy(a[i], x);
            to.get(spaces[i]).copy(b[i], y);
            if (directions) {
                unit(x);
                unit(y);
            }
            System.arraycopy(x, 0, left, (i - begin) * in, in);
            System.arraycopy(y, 0, right, (i - begin) * out, out);
        }
        return new Pairs(end - begin, in, out, left, right);
    }

    SharedIds reversed() {
        return new SharedIds(shared, spaces, b, a);
    }

    private static void unit(float[] row) {
        float norm = VectorOps.norm(row);
        if (norm > 0) {
            VectorOps.scale(row, 1 / norm);
        }
    }
}
