package repscorer.core.similarity;

import repscorer.vector.DenseRows;

/**
 * One dense source against rows, exactly: every sum in double precision. O(dimension) a pair, nothing allocated. Holds
 * the source and scratch, so it is for one thread at a time.
 */
public final class DensePairs {

    /*
     * The source is kept in doubles, so that a step converts one value and not two. Four accumulators, because a sum over
     * one waits for each addition to end before the next begins; the cosine's two sums share one pass over the row.
     */

    private final Similarity similarity;
    private final double[] source;
    private final float[] scratch;
    private double sourceNorm;

    /** Without a source yet: all zeros. */
    public DensePairs(Similarity similarity, int dimension) {
        if (!similarity.dense()) {
            throw new IllegalArgumentException("not a similarity of dense vectors: " + similarity.wireName());
        }
        this.similarity = similarity;
        this.source = new double[dimension];
        this.scratch = new float[dimension];
    }

    public DensePairs(Similarity similarity, float[] source) {
        this(similarity, source.length);
        source(source);
    }

    /** Takes another source of the same length, copied. */
    public void source(float[] values) {
        checkLength("the new source", values.length);
        double squares = 0;
        for (int i = 0; i < source.length; i++) {
            source[i] = values[i];
            squares += source[i] * source[i];
        }
        sourceNorm = Math.sqrt(squares);
    }

    /** Takes a row as the source. */
    public void source(DenseRows rows, int ordinal) {
        checkLength("the new source", rows.dimension());
        rows.copyRow(ordinal, scratch);
        source(scratch);
    }

    /** The similarity of the source and a row; a cosine of 0 where either is zero. */
    public double score(DenseRows rows, int ordinal) {
        checkLength("the candidate", rows.dimension());
        rows.copyRow(ordinal, scratch);
        return score(scratch);
    }

    /** The similarity of the source and a vector of the same length. */
    public double score(float[] candidate) {
        checkLength("the candidate", candidate.length);
        return switch (similarity) {
            case DOT -> dot(candidate);
            case COSINE -> cosine(candidate);
            case L2 -> 0 - Math.sqrt(squaredDistance(candidate)); // 0 - x, so that equal vectors score 0 and not -0
            case JACCARD, FUZZY_JACCARD, EUCLIDEAN_DISTANCE, MANHATTAN_DISTANCE, LOG_COSINE, EXP_SCALED_COSINE ->
                throw new IllegalStateException("refused by the constructor: " + similarity);
        };
    }

    private void checkLength(String what, int length) {
        if (length != source.length) {
            throw new IllegalArgumentException(
                    "dimension differs: %s has %d, the source has %d".formatted(what, length, source.length));
        }
    }

    private double dot(float[] candidate) {
        double[] a = source;
        double sum0 = 0;
        double sum1 = 0;
        double sum2 = 0;
        double sum3 = 0;
        int i = 0;
        for (int end = a.length & ~3; i < end; i += 4) {
            sum0 += a[i] * candidate[i];
            sum1 += a[i + 1] * candidate[i + 1];
            sum2 += a[i + 2] * candidate[i + 2];
            sum3 += a[i + 3] * candidate[i + 3];
        }
        for (; i < a.length; i++) {
            sum0 += a[i] * candidate[i];
        }
        return (sum0 + sum1) + (sum2 + sum3);
    }

    private double cosine(float[] candidate) {
        double[] a = source;
        double sum0 = 0;
        double sum1 = 0;
        double sum2 = 0;
        double sum3 = 0;
        double squares0 = 0;
        double squares1 = 0;
        double squares2 = 0;
        double squares3 = 0;
        int i = 0;
        for (int end = a.length & ~3; i < end; i += 4) {
            double b0 = candidate[i];
            double b1 = candidate[i + 1];
            double b2 = candidate[i + 2];
            double b3 = candidate[i + 3];
            sum0 += a[i] * b0;
            sum1 += a[i + 1] * b1;
            sum2 += a[i + 2] * b2;
            sum3 += a[i + 3] * b3;
            squares0 += b0 * b0;
            squares1 += b1 * b1;
            squares2 += b2 * b2;
            squares3 += b3 * b3;
        }
        for (; i < a.length; i++) {
            double b = candidate[i];
            sum0 += a[i] * b;
            squares0 += b * b;
        }
        double norms = sourceNorm * Math.sqrt((squares0 + squares1) + (squares2 + squares3));
        return norms == 0 ? 0 : Math.clamp(((sum0 + sum1) + (sum2 + sum3)) / norms, -1.0, 1.0);
    }

    private double squaredDistance(float[] candidate) {
        double[] a = source;
        double sum0 = 0;
        double sum1 = 0;
        double sum2 = 0;
        double sum3 = 0;
        int i = 0;
        for (int end = a.length & ~3; i < end; i += 4) {
            double difference0 = a[i] - candidate[i];
            double difference1 = a[i + 1] - candidate[i + 1];
            double difference2 = a[i + 2] - candidate[i + 2];
            double difference3 = a[i + 3] - candidate[i + 3];
            sum0 += difference0 * difference0;
            sum1 += difference1 * difference1;
            sum2 += difference2 * difference2;
            sum3 += difference3 * difference3;
        }
        for (; i < a.length; i++) {
            double difference = a[i] - candidate[i];
            sum0 += difference * difference;
        }
        return (sum0 + sum1) + (sum2 + sum3);
    }
}
