package repscorer.core.similarity;

import java.util.Arrays;
import repscorer.vector.SparseRows;
import repscorer.vector.SparseVector;

/**
 * One sparse source against rows, exactly: every sum in double precision. O(entries of the candidate) a pair, and O(entries
 * of both) for the Euclidean distance; nothing allocated, apart from room for a row longer than any before. Holds the source
 * and scratch, so it is for one thread at a time.
 */
public final class SparsePairs {

    /*
     * The source lies in an open-addressing table, column → weight, a quarter full at most; an empty place has weight 0. So a
     * candidate's entry costs one look-up and no branch that depends on whether the column is shared. A merge of the two
     * lists guesses that branch wrong half of the time.
     *
     * What a similarity needs of the columns that only the source has follows from sums over the source alone: Σ max is
     * Σa + Σb − Σ min. Only the Euclidean distance goes over the source too, as Σa² + Σb² − 2Σab cancels where the vectors
     * are close: the entries that were met bear the pair's number.
     */

    /** The exponent of the exponentially scaled cosine; 0.5 would make it a cosine, 0 an inner product. */
    private static final double EXPONENT = 0.3;

    private static final int EMPTY = -1;

    private final Similarity similarity;

    // The source.
    private int size;
    private double sum;
    private double squares;
    private int[] keys = new int[0];
    private double[] values = new double[0];
    private int[] met = new int[0];
    private int shift;
    private int pair;

    // Room for a row.
    private int[] rowColumns = new int[64];
    private float[] rowWeights = new float[64];

    /** Without a source yet: an empty vector. */
    public SparsePairs(Similarity similarity) {
        if (!similarity.sparse()) {
            throw new IllegalArgumentException("not a similarity of sparse vectors: " + similarity.wireName());
        }
        this.similarity = similarity;
        source(new int[0], new float[0], 0);
    }

    public SparsePairs(Similarity similarity, SparseVector source) {
        this(similarity);
        source(source);
    }

    /** Takes another source. O(entries). */
    public void source(SparseVector vector) {
        source(vector.columns(), vector.weights(), vector.size());
    }

    /** Takes a row as the source. O(entries). */
    public void source(SparseRows rows, int ordinal) {
        int count = copy(rows, ordinal);
        source(rowColumns, rowWeights, count);
    }

    private void source(int[] columns, float[] weights, int count) {
        clear(count);
        sum = 0;
        squares = 0;
        for (int i = 0; i < count; i++) {
            int at = place(columns[i]);
            keys[at] = columns[i];
            values[at] = weights[i];
            sum += weights[i];
            squares += (double) weights[i] * weights[i];
        }
        size = count;
    }

    private void clear(int count) {
        int places = Integer.highestOneBit(Math.max(4, count * 4 - 1)) * 2;
        if (keys.length < places) {
            keys = new int[places];
            values = new double[places];
            met = new int[places];
        }
        Arrays.fill(keys, EMPTY);
        Arrays.fill(values, 0);
        Arrays.fill(met, 0);
        pair = 0;
        shift = Integer.numberOfLeadingZeros(keys.length) + 1;
    }

    /** Where a column is, or the empty place where it would be. */
    private int place(int column) {
        int[] table = keys;
        int at = (column * 0x9E3779B9) >>> shift;
        while (table[at] != column && table[at] != EMPTY) {
            at = (at + 1) & (table.length - 1);
        }
        return at;
    }

    /** The similarity of the source and a row; 0 where a quotient has no value. */
    public double score(SparseRows rows, int ordinal) {
        int count = copy(rows, ordinal); // first: it may replace the arrays
        return score(rowColumns, rowWeights, count);
    }

    /** The similarity of the source and a vector. */
    public double score(SparseVector candidate) {
        return score(candidate.columns(), candidate.weights(), candidate.size());
    }

    private int copy(SparseRows rows, int ordinal) {
        int entries = rows.size(ordinal);
        if (entries > rowColumns.length) {
            rowColumns = new int[2 * entries];
            rowWeights = new float[2 * entries];
        }
        return rows.copyRow(ordinal, rowColumns, rowWeights);
    }

    private double score(int[] columns, float[] weights, int count) {
        return switch (similarity) {
            case DOT, COSINE, LOG_COSINE, EXP_SCALED_COSINE -> product(columns, weights, count);
            case JACCARD -> jaccard(columns, count);
            case FUZZY_JACCARD, MANHATTAN_DISTANCE -> overlap(columns, weights, count);
            case EUCLIDEAN_DISTANCE -> euclidean(columns, weights, count);
            case L2 -> throw new IllegalStateException("refused by the constructor: " + similarity);
        };
    }

    private double product(int[] columns, float[] weights, int count) {
        double dot = 0;
        double candidateSquares = 0;
        for (int j = 0; j < count; j++) {
            double b = weights[j];
            dot += values[place(columns[j])] * b;
            candidateSquares += b * b;
        }
        return switch (similarity) {
            case COSINE -> Math.min(1, quotient(dot, Math.sqrt(squares) * Math.sqrt(candidateSquares)));
            case LOG_COSINE -> quotient(dot, Math.log1p(squares) * Math.log1p(candidateSquares));
            case EXP_SCALED_COSINE -> quotient(dot, Math.pow(squares, EXPONENT) * Math.pow(candidateSquares, EXPONENT));
            default -> dot;
        };
    }

    private double jaccard(int[] columns, int count) {
        int shared = 0;
        for (int j = 0; j < count; j++) {
            shared += values[place(columns[j])] > 0 ? 1 : 0;
        }
        return quotient(shared, (double) size + count - shared);
    }

    /** |a - b| is the greater less the smaller, and both together are a + b. */
    private double overlap(int[] columns, float[] weights, int count) {
        double minimums = 0;
        double candidateSum = 0;
        for (int j = 0; j < count; j++) {
            minimums += Math.min(values[place(columns[j])], weights[j]);
            candidateSum += weights[j];
        }
        double maximums = sum + candidateSum - minimums;
        return similarity == Similarity.FUZZY_JACCARD ? quotient(minimums, maximums) : maximums - minimums;
    }

    private double euclidean(int[] columns, float[] weights, int count) {
        if (++pair == Integer.MAX_VALUE) {
            Arrays.fill(met, 0);
            pair = 1;
        }
        double differences = 0;
        for (int j = 0; j < count; j++) {
            int at = place(columns[j]);
            double difference = values[at] - weights[j];
            differences += difference * difference;
            met[at] = pair;
        }
        for (int at = 0; at < values.length; at++) {
            differences += met[at] == pair ? 0 : values[at] * values[at];
        }
        return Math.sqrt(differences);
    }

    private static double quotient(double numerator, double denominator) {
        return denominator == 0 ? 0 : numerator / denominator;
    }
}
