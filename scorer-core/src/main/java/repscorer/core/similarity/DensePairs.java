package repscorer.core.similarity;

import repscorer.vector.DenseRows;

/**
 * One dense source against rows, exactly: every sum in double precision. O(dimension) a pair, nothing allocated. Holds the
 * source, so it is for one thread at a time.
 */
public final class DensePairs {

    /** Rows of a list are fetched from memory so many at once: one after the other, each would wait for its own. */
    private static final int BATCH = 16;

    private final Similarity similarity;
    private final float[] source;
    private double sourceNorm;
    private final int[] batch = new int[BATCH];
    private final double[] dots = new double[BATCH];
    private final double[] squares = new double[BATCH];

    /** Without a source yet: all zeros. */
    public DensePairs(Similarity similarity, int dimension) {
        if (!similarity.dense()) {
            throw new IllegalArgumentException("not a similarity of dense vectors: " + similarity.wireName());
        }
        this.similarity = similarity;
        this.source = new float[dimension];
    }

    public DensePairs(Similarity similarity, float[] source) {
        this(similarity, source.length);
        source(source);
    }

    /** Takes another source of the same length, copied. */
    public void source(float[] values) {
        checkLength("the new source", values.length);
        System.arraycopy(values, 0, source, 0, source.length);
        sourceNorm = Math.sqrt(dot(source, source));
    }

    /** Takes a row as the source. */
    public void source(DenseRows rows, int ordinal) {
        checkLength("the new source", rows.dimension());
        rows.copyRow(ordinal, source);
        sourceNorm = Math.sqrt(dot(source, source));
    }

    /** The similarity of the source and a row; NaN for a cosine where either is a vector of zeros. */
    public double score(DenseRows rows, int ordinal) {
        checkLength("the candidate", rows.dimension());
        return switch (similarity) {
            case DOT -> rows.dotInDouble(source, ordinal);
            case COSINE -> cosine(rows.dotInDouble(source, ordinal), rows.squaresInDouble(ordinal));
            case L2 -> 0 - Math.sqrt(rows.squaredL2InDouble(source, ordinal)); // 0 - x: equal vectors score 0, not -0
            case JACCARD, FUZZY_JACCARD, EUCLIDEAN_DISTANCE, MANHATTAN_DISTANCE, LOG_COSINE, EXP_SCALED_COSINE, BM25 ->
                throw new IllegalStateException("refused by the constructor: " + similarity);
        };
    }

    /**
     * The similarities of the source and the first {@code count} rows named.
     *
     * @param into takes {@code count} scores, as {@link #score(DenseRows, int)} says; NaN is scored for an ordinal below 0
     * @throws IndexOutOfBoundsException for an ordinal that is no row, or a list that is too short
     */
    public void score(DenseRows rows, int[] ordinals, int count, double[] into) {
        checkLength("the candidate", rows.dimension());
        for (int from = 0; from < count; from += BATCH) {
            int to = Math.min(count, from + BATCH);
            int n = 0;
            for (int i = from; i < to; i++) {
                if (ordinals[i] >= 0) {
                    batch[n++] = ordinals[i];
                }
            }
            rows.fetch(batch, n);
            if (similarity == Similarity.COSINE) {
                rows.dotsAndSquaresInDouble(source, batch, n, dots, squares);
            }
            n = 0;
            for (int i = from; i < to; i++) {
                if (ordinals[i] < 0) {
                    into[i] = Double.NaN;
                } else if (similarity == Similarity.COSINE) {
                    into[i] = cosine(dots[n], squares[n++]);
                } else {
                    into[i] = score(rows, ordinals[i]);
                }
            }
        }
    }

    /** The similarity of the source and a vector of the same length. */
    public double score(float[] candidate) {
        checkLength("the candidate", candidate.length);
        return switch (similarity) {
            case DOT -> dot(source, candidate);
            case COSINE -> cosine(dot(source, candidate), dot(candidate, candidate));
            case L2 -> 0 - Math.sqrt(squaredDistance(candidate));
            case JACCARD, FUZZY_JACCARD, EUCLIDEAN_DISTANCE, MANHATTAN_DISTANCE, LOG_COSINE, EXP_SCALED_COSINE, BM25 ->
                throw new IllegalStateException("refused by the constructor: " + similarity);
        };
    }

    private void checkLength(String what, int length) {
        if (length != source.length) {
            throw new IllegalArgumentException(
                    "dimension differs: %s has %s, the source has %s".formatted(what, length, source.length));
        }
    }

    private double cosine(double dot, double squares) {
        double norms = sourceNorm * Math.sqrt(squares);
        return norms == 0 ? Double.NaN : Math.clamp(dot / norms, -1.0, 1.0);
    }

    private double squaredDistance(float[] candidate) {
        double sum = 0;
        for (int i = 0; i < source.length; i++) {
            double difference = (double) source[i] - candidate[i];
            sum += difference * difference;
        }
        return sum;
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }
}
