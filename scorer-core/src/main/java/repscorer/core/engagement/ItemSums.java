package repscorer.core.engagement;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import repscorer.vector.SparseVector;

/**
 * What the engagements of one item come to, as of the newest of them. Immutable; the arrays are shared and never written.
 *
 * @param momentMillis when the newest one happened, in milliseconds since 1970
 * @param takenMillis when the last one was taken
 * @param users hashes of those who count for the floor, as many as it takes at most
 * @param columns ascending
 * @param sums by column, decayed to the moment, positive and finite
 */
public record ItemSums(long momentMillis, long takenMillis, long[] users, int[] columns, double[] sums) {

    /*
     * The sum of w * 2^((t - moment) / half-life) over all engagements does not depend on their order, and a later moment multiplies
     * all of it. So the moment is the newest engagement's: factors are at most 1, sums grow no faster than engagements come, and
     * what is old goes towards 0 instead of what is new towards infinity.
     */

    /** So many columns an item's sums have; of more the smallest are dropped. */
    public static final int COLUMNS_MAX = 1_024;

    /** A sum grows no further, so that the square of it is a number. */
    private static final double SUM_MAX = 1e18;

    private static final ItemSums NOTHING = new ItemSums(Long.MIN_VALUE, 0, new long[0], new int[0], new double[0]);

    public ItemSums {
        if (columns.length != sums.length) {
            throw new IllegalArgumentException(
                    "each column has a sum: %s columns, %s sums".formatted(columns.length, sums.length));
        }
    }

    /** Of one engagement. */
    static ItemSums of(Addition first, long halfLifeMillis, int floor) {
        return NOTHING.with(first, halfLifeMillis, floor);
    }

    /** With one more. O(columns). */
    ItemSums with(Addition more, long halfLifeMillis, int floor) {
        long moment = Math.max(momentMillis, more.atMillis());
        double before = columns.length == 0 ? 1 : factor(moment - momentMillis, halfLifeMillis);
        double added = factor(moment - more.atMillis(), halfLifeMillis);
        int[] theirs = more.added().columns();
        float[] weights = more.added().weights();
        int[] into = new int[columns.length + theirs.length];
        double[] values = new double[into.length];
        int count = 0;
        int own = 0;
        int other = 0;
        while (own < columns.length || other < theirs.length) {
            boolean takesOwn = other == theirs.length || (own < columns.length && columns[own] <= theirs[other]);
            boolean takesOther = own == columns.length || (other < theirs.length && theirs[other] <= columns[own]);
            int column = takesOwn ? columns[own] : theirs[other];
            double value = (takesOwn ? sums[own++] * before : 0) + (takesOther ? weights[other++] * added : 0);
            if (value > 0) {
                into[count] = column;
                values[count++] = Math.min(value, SUM_MAX);
            }
        }
        long[] seen = more.counts() ? seen(more.user(), floor) : users;
        return greatest(moment, more.takenMillis(), seen, Arrays.copyOf(into, count), Arrays.copyOf(values, count));
    }

    private static double factor(long ageMillis, long halfLifeMillis) {
        return Math.pow(2, -(double) ageMillis / halfLifeMillis);
    }

    private long[] seen(long user, int floor) {
        if (users.length >= floor || Arrays.stream(users).anyMatch(each -> each == user)) {
            return users;
        }
        long[] more = Arrays.copyOf(users, users.length + 1);
        more[users.length] = user;
        return more;
    }

    private static ItemSums greatest(long moment, long taken, long[] users, int[] columns, double[] sums) {
        if (columns.length <= COLUMNS_MAX) {
            return new ItemSums(moment, taken, users, columns, sums);
        }
        int[] kept = places(sums, COLUMNS_MAX);
        return new ItemSums(
                moment,
                taken,
                users,
                Arrays.stream(kept).map(place -> columns[place]).toArray(),
                Arrays.stream(kept).mapToDouble(place -> sums[place]).toArray());
    }

    /** Where the greatest sums are, ascending; of equal ones the first. */
    private static int[] places(double[] sums, int count) {
        return IntStream.range(0, sums.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer place) -> -sums[place]))
                .limit(count)
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
    }

    /** Whether as many users engaged as it takes. */
    boolean reached(int floor) {
        return users.length >= floor;
    }

    /** The greatest entries as of the moment; of equal ones those of the lower columns. */
    public SparseVector vector(int entriesMax) {
        int[] kept = sums.length <= entriesMax ? IntStream.range(0, sums.length).toArray() : places(sums, entriesMax);
        int[] numbers = new int[kept.length];
        float[] weights = new float[kept.length];
        int count = 0;
        for (int place : kept) {
            float weight = (float) sums[place];
            if (weight > 0) {
                numbers[count] = columns[place];
                weights[count++] = weight;
            }
        }
        return new SparseVector(Arrays.copyOf(numbers, count), Arrays.copyOf(weights, count));
    }
}
