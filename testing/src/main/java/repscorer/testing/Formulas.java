package repscorer.testing;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * The pair algorithms, each written down from its formula: over maps of columns for sparse vectors, term after term in double
 * precision. With S(a) the sum of squared weights, and 0 where a denominator is 0.
 */
public final class Formulas {

    private Formulas() {}

    /** Of two sparse vectors. */
    public enum Sparse {
        /** Σ a·b. */
        DOT,
        /** Σ a·b / √(S(a) S(b)). */
        COSINE,
        /** Columns that both have / columns that either has. */
        JACCARD,
        /** Σ min(a, b) / Σ max(a, b). */
        FUZZY_JACCARD,
        /** √Σ (a − b)². */
        EUCLIDEAN_DISTANCE,
        /** Σ |a − b|. */
        MANHATTAN_DISTANCE,
        /** Σ a·b / (ln(S(a) + 1) · ln(S(b) + 1)). */
        LOG_COSINE,
        /** Σ a·b / (S(a)^0.3 · S(b)^0.3). */
        EXP_SCALED_COSINE
    }

    /** Of two dense vectors. */
    public enum Dense {
        /** Σ a·b. */
        DOT,
        /** Σ a·b / √(Σ a² Σ b²). */
        COSINE,
        /** −√Σ (a − b)². */
        L2
    }

    public static double score(Sparse algorithm, int[] aColumns, float[] aWeights, int[] bColumns, float[] bWeights) {
        Map<Integer, Double> a = map(aColumns, aWeights);
        Map<Integer, Double> b = map(bColumns, bWeights);
        TreeSet<Integer> either = new TreeSet<>(a.keySet());
        either.addAll(b.keySet());
        double dot = 0;
        double both = 0;
        double minimums = 0;
        double maximums = 0;
        double squares = 0;
        double absolutes = 0;
        double aSquares = 0;
        double bSquares = 0;
        for (int column : either) {
            double x = a.getOrDefault(column, 0.0);
            double y = b.getOrDefault(column, 0.0);
            dot += x * y;
            both += a.containsKey(column) && b.containsKey(column) ? 1 : 0;
            minimums += Math.min(x, y);
            maximums += Math.max(x, y);
            squares += (x - y) * (x - y);
            absolutes += Math.abs(x - y);
            aSquares += x * x;
            bSquares += y * y;
        }
        return switch (algorithm) {
            case DOT -> dot;
            case COSINE -> over(dot, Math.sqrt(aSquares) * Math.sqrt(bSquares));
            case JACCARD -> over(both, either.size());
            case FUZZY_JACCARD -> over(minimums, maximums);
            case EUCLIDEAN_DISTANCE -> Math.sqrt(squares);
            case MANHATTAN_DISTANCE -> absolutes;
            case LOG_COSINE -> over(dot, Math.log(aSquares + 1) * Math.log(bSquares + 1));
            case EXP_SCALED_COSINE -> over(dot, Math.pow(aSquares, 0.3) * Math.pow(bSquares, 0.3));
        };
    }

    public static double score(Dense algorithm, float[] a, float[] b) {
        double dot = 0;
        double squares = 0;
        double aSquares = 0;
        double bSquares = 0;
        for (int i = 0; i < a.length; i++) {
            double x = a[i];
            double y = b[i];
            dot += x * y;
            squares += (x - y) * (x - y);
            aSquares += x * x;
            bSquares += y * y;
        }
        return switch (algorithm) {
            case DOT -> dot;
            case COSINE -> over(dot, Math.sqrt(aSquares) * Math.sqrt(bSquares));
            case L2 -> -Math.sqrt(squares);
        };
    }

    private static Map<Integer, Double> map(int[] columns, float[] weights) {
        Map<Integer, Double> map = new HashMap<>();
        for (int i = 0; i < columns.length; i++) {
            map.put(columns[i], (double) weights[i]);
        }
        return map;
    }

    private static double over(double numerator, double denominator) {
        return denominator == 0 ? 0 : numerator / denominator;
    }
}
