package repscorer.testing;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.function.IntToDoubleFunction;

/** The plainest right answers, in double precision, to compare clever code with. */
public final class BruteForce {

    private BruteForce() {}

    /** How dense vectors are compared; higher is closer. */
    public enum Dense {
        COSINE,
        INNER_PRODUCT,
        /** The negated Euclidean distance. */
        L2
    }

    /** How sparse vectors are compared; higher is closer. S is the sum of squared weights. */
    public enum Sparse {
        DOT,
        /** dot / √(S(a) S(b)). */
        COSINE,
        /** dot / (ln(S(a) + 1) · ln(S(b) + 1)). */
        LOG_COSINE,
        /** dot / √S(b). */
        COSINE_NO_SOURCE_NORM,
        /** dot / (S(a)^0.3 · S(b)^0.3). */
        EXP_SCALED_COSINE
    }

    /** An ordinal and its score. */
    public record Scored(int ordinal, double score) {}

    public static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    public static double squaredL2(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
        }
        return sum;
    }

    public static double score(Dense similarity, float[] a, float[] b) {
        return switch (similarity) {
            case COSINE -> dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
            case INNER_PRODUCT -> dot(a, b);
            case L2 -> -Math.sqrt(squaredL2(a, b));
        };
    }

    public static double score(Sparse similarity, int[] aColumns, float[] aWeights, int[] bColumns, float[] bWeights) {
        Map<Integer, Double> a = new HashMap<>();
        for (int i = 0; i < aColumns.length; i++) {
            a.put(aColumns[i], (double) aWeights[i]);
        }
        double dot = 0;
        for (int i = 0; i < bColumns.length; i++) {
            dot += a.getOrDefault(bColumns[i], 0.0) * bWeights[i];
        }
        double aSquares = dot(aWeights, aWeights);
        double bSquares = dot(bWeights, bWeights);
        return switch (similarity) {
            case DOT -> dot;
            case COSINE -> dot / Math.sqrt(aSquares * bSquares);
            case LOG_COSINE -> dot / (Math.log(aSquares + 1) * Math.log(bSquares + 1));
            case COSINE_NO_SOURCE_NORM -> dot / Math.sqrt(bSquares);
            case EXP_SCALED_COSINE -> dot / (Math.pow(aSquares, 0.3) * Math.pow(bSquares, 0.3));
        };
    }

    /** The best k rows, best first, ties by ascending ordinal; rows whose score is no number are left out. */
    public static List<Scored> topK(Dense similarity, float[][] rows, float[] query, int k) {
        return topK(rows.length, ordinal -> true, ordinal -> score(similarity, query, rows[ordinal]), k);
    }

    /** The best k of the accepted ordinals below {@code count} by any score, best first, ties by ascending ordinal. */
    public static List<Scored> topK(int count, IntPredicate accepted, IntToDoubleFunction score, int k) {
        List<Scored> all = new ArrayList<>();
        for (int ordinal = 0; ordinal < count; ordinal++) {
            if (accepted.test(ordinal)) {
                double value = score.applyAsDouble(ordinal);
                if (!Double.isNaN(value)) {
                    all.add(new Scored(ordinal, value));
                }
            }
        }
        all.sort(Comparator.comparingDouble(Scored::score).reversed().thenComparingInt(Scored::ordinal));
        return all.subList(0, Math.min(k, all.size()));
    }

    /** Which part of the true rows was found; 1 where there is none to find. */
    public static double recall(int[] found, List<Scored> truth) {
        int hits = 0;
        for (Scored wanted : truth) {
            for (int ordinal : found) {
                if (ordinal == wanted.ordinal()) {
                    hits++;
                    break;
                }
            }
        }
        return truth.isEmpty() ? 1 : (double) hits / truth.size();
    }
}
