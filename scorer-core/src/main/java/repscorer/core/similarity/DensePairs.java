package repscorer.core.similarity;

import repscorer.vector.DenseRows;

/**
 * One dense source against rows, exactly: every sum in double precision. O(dimension) a pair, nothing allocated.
 * Safe for concurrent use.
 */
public final class DensePairs {

    private final Similarity similarity;
    private final float[] source;
    private final double sourceNorm;

    /** @param source kept, not copied */
    public DensePairs(Similarity similarity, float[] source) {
        if (!similarity.dense()) {
            throw new IllegalArgumentException("not a similarity of dense vectors: " + similarity.wireName());
        }
        this.similarity = similarity;
        this.source = source;
        this.sourceNorm = Math.sqrt(dot(source, source));
    }

    /** The similarity of the source and a row; a cosine of 0 where either is zero. */
    public double score(DenseRows rows, int ordinal) {
        if (rows.dimension() != source.length) {
            throw new IllegalArgumentException(
                    "dimension differs: rows have %d, the source has %d".formatted(rows.dimension(), source.length));
        }
        return switch (similarity) {
            case DOT -> rows.dotInDouble(source, ordinal);
            case COSINE -> cosine(rows.dotInDouble(source, ordinal), rows.squaresInDouble(ordinal));
            case L2 -> 0 - Math.sqrt(rows.squaredL2InDouble(source, ordinal)); // 0 - x: equal vectors score 0, not -0
            case JACCARD, FUZZY_JACCARD, EUCLIDEAN_DISTANCE, MANHATTAN_DISTANCE, LOG_COSINE, EXP_SCALED_COSINE ->
                throw new IllegalStateException("refused by the constructor: " + similarity);
        };
    }

    /** The similarity of the source and a vector of the same length. */
    public double score(float[] candidate) {
        if (candidate.length != source.length) {
            throw new IllegalArgumentException("dimension differs: the candidate has %d, the source has %d"
                    .formatted(candidate.length, source.length));
        }
        return switch (similarity) {
            case DOT -> dot(source, candidate);
            case COSINE -> cosine(dot(source, candidate), dot(candidate, candidate));
            case L2 -> 0 - Math.sqrt(squaredDistance(candidate));
            case JACCARD, FUZZY_JACCARD, EUCLIDEAN_DISTANCE, MANHATTAN_DISTANCE, LOG_COSINE, EXP_SCALED_COSINE ->
                throw new IllegalStateException("refused by the constructor: " + similarity);
        };
    }

    private double cosine(double dot, double squares) {
        double norms = sourceNorm * Math.sqrt(squares);
        return norms == 0 ? 0 : Math.clamp(dot / norms, -1.0, 1.0);
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
