package repscorer.core.similarity;

import repscorer.vector.SparseQuery;
import repscorer.vector.SparseRows;
import repscorer.vector.SparseVector;

/**
 * One sparse source against rows, exactly: every sum in double precision. O(entries of the candidate) a pair, for
 * distances O(entries of both); nothing allocated, apart from room for a row longer than any before. Holds the source and the
 * sums of the pair at hand, so it is for one thread at a time.
 */
public final class SparsePairs {

    /** The exponent of the exponentially scaled cosine; 0.5 would make it a cosine, 0 an inner product. */
    private static final double EXPONENT = 0.3;

    /** Rows of a list are fetched from memory so many at once: one after the other, each would wait for its own. */
    private static final int BATCH = 16;

    private final int[] batch = new int[BATCH];

    private final Similarity similarity;
    private final SparseQuery query = new SparseQuery();

    /** What the source adds to a denominator. */
    private double sourceNorm;

    // Room for a row.
    private int[] rowColumns = new int[128];
    private float[] rowWeights = new float[128];

    /** Without a source yet: an empty vector. */
    public SparsePairs(Similarity similarity) {
        if (!similarity.sparse()) {
            throw new IllegalArgumentException("not a similarity of sparse vectors: " + similarity.wireName());
        }
        this.similarity = similarity;
    }

    public SparsePairs(Similarity similarity, SparseVector source) {
        this(similarity);
        source(source);
    }

    /** Takes another source. O(entries). */
    public void source(SparseVector vector) {
        query.set(vector);
        sourceNorm = norm(similarity, query.squaredNorm());
    }

    /** Takes a row as the source. O(entries). */
    public void source(SparseRows rows, int ordinal) {
        query.set(rows, ordinal);
        sourceNorm = norm(similarity, query.squaredNorm());
    }

    /** Forgets the source, and gives back what was borrowed for it; another may be taken. */
    public void giveBack() {
        query.giveBack();
        sourceNorm = norm(similarity, 0);
    }

    /** The similarity of the source and a row; 0 where a quotient has no value. */
    public double score(SparseRows rows, int ordinal) {
        if (similarity == Similarity.DOT) {
            query.readDot(rows, ordinal);
            return query.dot();
        }
        if (isQuotient(similarity)) {
            query.readProducts(rows, ordinal);
            return quotient();
        }
        int size = rows.size(ordinal);
        if (size > rowColumns.length) {
            rowColumns = new int[Math.max(size, 2 * rowColumns.length)];
            rowWeights = new float[rowColumns.length];
        }
        rows.copyRow(ordinal, rowColumns, rowWeights);
        return score(rowColumns, rowWeights, size);
    }

    /**
     * The similarities of the source and the first {@code count} rows named.
     *
     * @param into takes {@code count} scores; NaN is scored for an ordinal below 0
     * @throws IndexOutOfBoundsException for an ordinal that is no row, or a list that is too short
     */
    public void score(SparseRows rows, int[] ordinals, int count, double[] into) {
        for (int from = 0; from < count; from += BATCH) {
            int to = Math.min(count, from + BATCH);
            int n = 0;
            for (int i = from; i < to; i++) {
                if (ordinals[i] >= 0) {
                    batch[n++] = ordinals[i];
                }
            }
            if (!isSought()) {
                rows.fetch(batch, n);
            }
            for (int i = from; i < to; i++) {
                into[i] = ordinals[i] < 0 ? Double.NaN : score(rows, ordinals[i]);
            }
        }
    }

    /** Whether little of a row is read. */
    private boolean isSought() {
        return similarity == Similarity.DOT && query.isFew();
    }

    /** The similarity of the source and a vector. */
    public double score(SparseVector candidate) {
        return score(candidate.columns(), candidate.weights(), candidate.size());
    }

    private double score(int[] columns, float[] weights, int size) {
        return switch (similarity) {
            case DOT, COSINE, LOG_COSINE, EXP_SCALED_COSINE -> {
                query.readProducts(columns, weights, size);
                yield quotient();
            }
            case JACCARD -> {
                query.read(columns, weights, size);
                yield quotient(query.shared(), (double) query.size() + size - query.shared());
            }
            case FUZZY_JACCARD -> {
                query.read(columns, weights, size);
                yield quotient(query.minimums(), query.sum() + query.rowSum() - query.minimums());
            }
            case EUCLIDEAN_DISTANCE -> {
                query.readDifferences(columns, weights, size);
                yield Math.sqrt(query.squaredDifferences());
            }
            case MANHATTAN_DISTANCE -> {
                query.readDifferences(columns, weights, size);
                yield query.absoluteDifferences();
            }
            case L2, BM25 -> throw new IllegalStateException("refused by the constructor: " + similarity);
        };
    }

    /**
     * What a vector's sum of squares makes of the denominator, for the similarities that are an inner product over two
     * norms: 1 for the inner product itself, NaN for the others.
     */
    static double norm(Similarity similarity, double squares) {
        return switch (similarity) {
            case DOT -> 1;
            case COSINE -> Math.sqrt(squares);
            case LOG_COSINE -> Math.log1p(squares);
            case EXP_SCALED_COSINE -> Math.pow(squares, EXPONENT);
            case JACCARD, FUZZY_JACCARD, EUCLIDEAN_DISTANCE, MANHATTAN_DISTANCE, L2, BM25 -> Double.NaN;
        };
    }

    private static boolean isQuotient(Similarity similarity) {
        return switch (similarity) {
            case DOT, COSINE, LOG_COSINE, EXP_SCALED_COSINE -> true;
            case JACCARD, FUZZY_JACCARD, EUCLIDEAN_DISTANCE, MANHATTAN_DISTANCE, L2, BM25 -> false;
        };
    }

    /** Of the row read last, an inner product over two norms. */
    private double quotient() {
        return scaled(similarity, query.dot(), sourceNorm, norm(similarity, query.rowSquares()));
    }

    private static double scaled(Similarity similarity, double dot, double sourceNorm, double rowNorm) {
        double score = similarity == Similarity.DOT ? dot : quotient(dot, sourceNorm * rowNorm);
        return similarity == Similarity.COSINE ? Math.min(1, score) : score;
    }

    private static double quotient(double numerator, double denominator) {
        return denominator == 0 ? 0 : numerator / denominator;
    }
}
