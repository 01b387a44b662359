package repscorer.core.similarity;

import repscorer.vector.SparseRows;
import repscorer.vector.SparseVector;

/**
 * One sparse source against rows, exactly: one merge over ascending columns a pair, every sum in double precision.
 * O(entries of both) a pair, nothing allocated. Holds the sums of the pair at hand, so it is for one thread at a time.
 */
public final class SparsePairs {

    /** The exponent of the exponentially scaled cosine; 0.5 would make it a cosine, 0 an inner product. */
    private static final double EXPONENT = 0.3;

    private final Similarity similarity;
    private final int[] columns;
    private final float[] weights;
    private final double squares;

    // The sums over the pair at hand: shared columns, candidate entries, …
    private int shared;
    private int candidateSize;
    private double dot;
    private double candidateSquares;
    private double minimums;
    private double maximums;
    private double squaredDifferences;

    public SparsePairs(Similarity similarity, SparseVector source) {
        if (!similarity.sparse()) {
            throw new IllegalArgumentException("not a similarity of sparse vectors: " + similarity.wireName());
        }
        this.similarity = similarity;
        this.columns = source.columns();
        this.weights = source.weights();
        this.squares = source.squaredNorm();
    }

    /** The similarity of the source and a row; 0 where a quotient has no value. */
    public double score(SparseRows rows, int ordinal) {
        begin(rows.size(ordinal));
        int i = 0;
        for (int j = 0; j < candidateSize; j++) {
            int column = rows.column(ordinal, j);
            while (i < columns.length && columns[i] < column) {
                onlySource(weights[i++]);
            }
            if (i < columns.length && columns[i] == column) {
                both(weights[i++], rows.weight(ordinal, j));
            } else {
                onlyCandidate(rows.weight(ordinal, j));
            }
        }
        return finish(i);
    }

    /** The similarity of the source and a vector. */
    public double score(SparseVector candidate) {
        int[] candidateColumns = candidate.columns();
        float[] candidateWeights = candidate.weights();
        begin(candidateColumns.length);
        int i = 0;
        for (int j = 0; j < candidateSize; j++) {
            while (i < columns.length && columns[i] < candidateColumns[j]) {
                onlySource(weights[i++]);
            }
            if (i < columns.length && columns[i] == candidateColumns[j]) {
                both(weights[i++], candidateWeights[j]);
            } else {
                onlyCandidate(candidateWeights[j]);
            }
        }
        return finish(i);
    }

    private void begin(int size) {
        candidateSize = size;
        shared = 0;
        dot = 0;
        candidateSquares = 0;
        minimums = 0;
        maximums = 0;
        squaredDifferences = 0;
    }

    private void onlySource(double a) {
        maximums += a;
        squaredDifferences += a * a;
    }

    private void onlyCandidate(double b) {
        candidateSquares += b * b;
        maximums += b;
        squaredDifferences += b * b;
    }

    private void both(double a, double b) {
        shared++;
        dot += a * b;
        candidateSquares += b * b;
        minimums += Math.min(a, b);
        maximums += Math.max(a, b);
        squaredDifferences += (a - b) * (a - b);
    }

    private double finish(int rest) {
        for (int i = rest; i < columns.length; i++) {
            onlySource(weights[i]);
        }
        return switch (similarity) {
            case DOT -> dot;
            case COSINE -> Math.min(1, quotient(dot, Math.sqrt(squares) * Math.sqrt(candidateSquares)));
            case JACCARD -> quotient(shared, (double) columns.length + candidateSize - shared);
            case FUZZY_JACCARD -> quotient(minimums, maximums);
            case EUCLIDEAN_DISTANCE -> Math.sqrt(squaredDifferences);
            case MANHATTAN_DISTANCE -> maximums - minimums; // |a - b| is the greater less the smaller
            case LOG_COSINE -> quotient(dot, Math.log1p(squares) * Math.log1p(candidateSquares));
            case EXP_SCALED_COSINE -> quotient(dot, Math.pow(squares, EXPONENT) * Math.pow(candidateSquares, EXPONENT));
            case L2 -> throw new IllegalStateException("refused by the constructor: " + similarity);
        };
    }

    private static double quotient(double numerator, double denominator) {
        return denominator == 0 ? 0 : numerator / denominator;
    }
}
