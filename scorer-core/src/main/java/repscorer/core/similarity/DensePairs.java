package repscorer.core.similarity;

import repscorer.vector.DenseRows;

/**
 * One dense source against rows, exactly: every sum in double precision. O(dimension) a pair, nothing allocated. Holds
 * scratch, so it is for one thread at a time.
 */
public final class DensePairs {

    private final Similarity similarity;
    private final float[] source;
    private final double sourceNorm;
    private final float[] scratch;

    /** @param source kept, not copied */
    public DensePairs(Similarity similarity, float[] source) {
        if (!similarity.dense()) {
            throw new IllegalArgumentException("not a similarity of dense vectors: " + similarity.wireName());
        }
        this.similarity = similarity;
        this.source = source;
        this.sourceNorm = Math.sqrt(dot(source, source));
        this.scratch = new float[source.length];
    }

    /** The similarity of the source and a row; a cosine of 0 where either is zero. */
    public double score(DenseRows rows, int ordinal) {
        if (rows.dimension() != source.length) {
            throw new IllegalArgumentException(
                    "dimension differs: rows have %d, the source has %d".formatted(rows.dimension(), source.length));
        }
        rows.copyRow(ordinal, scratch);
        return score(scratch);
    }

    /** The similarity of the source and a vector of the same length. */
    public double score(float[] candidate) {
        if (candidate.length != source.length) {
            throw new IllegalArgumentException("dimension differs: the candidate has %d, the source has %d"
                    .formatted(candidate.length, source.length));
        }
        return switch (similarity) {
            case DOT -> dot(source, candidate);
            case COSINE -> cosine(candidate);
            case L2 -> 0 - Math.sqrt(squaredDistance(candidate)); // 0 - x, so that equal vectors score 0 and not -0
            case JACCARD, FUZZY_JACCARD, EUCLIDEAN_DISTANCE, MANHATTAN_DISTANCE, LOG_COSINE, EXP_SCALED_COSINE ->
                throw new IllegalStateException("refused by the constructor: " + similarity);
        };
    }

    private double cosine(float[] candidate) {
        double norms = sourceNorm * Math.sqrt(dot(candidate, candidate));
        return norms == 0 ? 0 : Math.clamp(dot(source, candidate) / norms, -1.0, 1.0);
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
