package repscorer.codes;

import java.util.Arrays;
import java.util.SplittableRandom;
import repscorer.vector.DenseRows;

/** Rows drawn without repetition. */
final class Sample {

    private Sample() {}

    /** So many of {@code 0 … count - 1}, ascending. */
    static int[] of(int count, int wanted, SplittableRandom random) {
        int[] drawn = new int[wanted];
        int size = 0;
        for (int row = 0;
                row < count && size < wanted;
                row++) { // each with the chance that leaves as many as are wanted
            if (random.nextInt(count - row) < wanted - size) {
                drawn[size++] = row;
            }
        }
        return Arrays.copyOf(drawn, size);
    }

    /** So many of n rows, evenly taken. */
    static float[] evenly(float[] values, int n, int d, int wanted) {
        if (wanted == n) {
            return values;
        }
        float[] taken = new float[wanted * d];
        for (int i = 0; i < wanted; i++) {
            System.arraycopy(values, (int) ((long) i * n / wanted) * d, taken, i * d, d);
        }
        return taken;
    }

    /** Rows as values, row-major. */
    static float[] values(DenseRows rows, int[] ordinals) {
        int d = rows.dimension();
        float[] values = new float[Math.multiplyExact(ordinals.length, d)];
        float[] row = new float[d];
        for (int i = 0; i < ordinals.length; i++) {
            rows.copyRow(ordinals[i], row);
            System.arraycopy(row, 0, values, i * d, d);
        }
        return values;
    }
}
