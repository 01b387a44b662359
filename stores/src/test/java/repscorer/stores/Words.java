package repscorer.stores;

import java.util.Random;

/** Vectors of texts without a model: each run of letters has a direction, and a text is the sum of its runs' directions. */
public final class Words {

    private Words() {}

    /** Of length 1; the same for the same text. */
    public static float[] vector(String text) {
        double[] sum = new double[StoreService.DIMENSION];
        String padded = "  " + text + "  ";
        for (int i = 0; i + 3 <= padded.length(); i++) {
            Random random = new Random(padded.substring(i, i + 3).hashCode());
            for (int d = 0; d < sum.length; d++) {
                sum[d] += random.nextGaussian();
            }
        }
        double norm = 0;
        for (double value : sum) {
            norm += value * value;
        }
        float[] vector = new float[sum.length];
        for (int d = 0; d < vector.length; d++) {
            vector[d] = (float) (sum[d] / Math.sqrt(norm));
        }
        return vector;
    }

    /** Of two vectors, for what a test expects. */
    public static double cosine(float[] a, float[] b) {
        double dot = 0;
        double aa = 0;
        double bb = 0;
        for (int d = 0; d < a.length; d++) {
            dot += (double) a[d] * b[d];
            aa += (double) a[d] * a[d];
            bb += (double) b[d] * b[d];
        }
        return dot / Math.sqrt(aa * bb);
    }
}
