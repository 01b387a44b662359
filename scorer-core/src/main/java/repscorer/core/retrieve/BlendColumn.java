package repscorer.core.retrieve;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import repscorer.ann.ScoreBounds;
import repscorer.ann.SparseIndex;
import repscorer.ann.SparseSearchOptions.Ranking;
import repscorer.ann.exact.DenseBounds;
import repscorer.core.similarity.DensePairs;
import repscorer.core.similarity.Similarity;
import repscorer.core.similarity.SparsePairs;
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;
import repscorer.vector.SparseRows;
import repscorer.vector.SparseVector;

/**
 * One column of a blend against the rows of one kind: exact values and upper bounds of them, both turned so that higher is
 * closer. For one query and one thread; to be closed.
 */
public sealed interface BlendColumn extends AutoCloseable {

    /** No row's value is greater. */
    double upperOfAll();

    /**
     * Bounds of the first {@code n} rows named.
     *
     * @param into takes {@code n} bounds
     */
    void uppers(int[] ordinals, int n, double[] into);

    /** A row's value. */
    double exact(int ordinal);

    @Override
    void close();

    /** A dense column: bounds by byte codes. */
    static BlendColumn of(Similarity similarity, float[] source, DenseRows rows, DenseBounds bounds) {
        return new Dense(rows, new DensePairs(similarity, source), bounds.query(metric(similarity), source));
    }

    /** A sparse column: bounds by posting lists where the similarity is an inner product over norms. */
    static BlendColumn of(Similarity similarity, SparseVector source, SparseRows rows, SparseIndex index) {
        ScoreBounds bounds = switch (similarity) {
            case DOT -> index.bounds(source, Ranking.DOT);
            case COSINE -> index.bounds(source, Ranking.COSINE);
            case LOG_COSINE -> index.bounds(source, Ranking.LOG_COSINE);
            case EXP_SCALED_COSINE -> index.bounds(source, Ranking.EXP_SCALED_COSINE);
            case JACCARD, FUZZY_JACCARD, EUCLIDEAN_DISTANCE, MANHATTAN_DISTANCE, L2, BM25 -> ScoreBounds.NONE;
        };
        return new Sparse(similarity, rows, new SparsePairs(similarity, source), bounds);
    }

    /** A sparse column of a space without an index: no bounds but what the similarity's range gives. */
    static BlendColumn of(Similarity similarity, SparseVector source, SparseRows rows) {
        return new Sparse(similarity, rows, new SparsePairs(similarity, source), ScoreBounds.NONE);
    }

    /** A column of which nothing is known but what the similarity's range gives; rows are read by whoever gives them. */
    static BlendColumn unbounded(Similarity similarity, IntToDoubleFunction score) {
        return new Unbounded(similarity, score);
    }

    private static Metric metric(Similarity similarity) {
        return switch (similarity) {
            case COSINE -> Metric.COSINE;
            case DOT -> Metric.INNER_PRODUCT;
            case L2 -> Metric.L2;
            default -> throw new IllegalArgumentException("not a similarity of dense vectors: " + similarity);
        };
    }

    /** By byte codes. */
    record Dense(DenseRows rows, DensePairs pairs, DenseBounds.Query bounds) implements BlendColumn {

        @Override
        public double upperOfAll() {
            return bounds.upperOfAll();
        }

        @Override
        public void uppers(int[] ordinals, int n, double[] into) {
            bounds.uppers(ordinals, n, into);
        }

        @Override
        public double exact(int ordinal) {
            return pairs.score(rows, ordinal);
        }

        @Override
        public void close() {}
    }

    /** What a similarity's range allows. */
    private static double greatest(Similarity similarity) {
        return switch (similarity) {
            case COSINE, JACCARD, FUZZY_JACCARD -> 1;
            case EUCLIDEAN_DISTANCE, MANHATTAN_DISTANCE, L2 -> 0;
            case DOT, LOG_COSINE, EXP_SCALED_COSINE, BM25 -> Double.POSITIVE_INFINITY;
        };
    }

    /** By reading every row. */
    record Unbounded(Similarity similarity, IntToDoubleFunction score) implements BlendColumn {

        @Override
        public double upperOfAll() {
            return greatest(similarity);
        }

        @Override
        public void uppers(int[] ordinals, int n, double[] into) {
            Arrays.fill(into, 0, n, greatest(similarity));
        }

        @Override
        public double exact(int ordinal) {
            double value = score.applyAsDouble(ordinal);
            return (similarity.higherIsCloser() ? value : -value) + 0.0;
        }

        @Override
        public void close() {}
    }

    /** By posting lists. */
    record Sparse(Similarity similarity, SparseRows rows, SparsePairs pairs, ScoreBounds bounds)
            implements BlendColumn {

        @Override
        public double upperOfAll() {
            return Math.min(BlendColumn.greatest(similarity), bounds.upperOfAll());
        }

        @Override
        public void uppers(int[] ordinals, int n, double[] into) {
            double greatest = BlendColumn.greatest(similarity);
            for (int i = 0; i < n; i++) {
                into[i] = Math.min(greatest, bounds.upper(ordinals[i]));
            }
        }

        @Override
        public double exact(int ordinal) {
            double score = pairs.score(rows, ordinal);
            return (similarity.higherIsCloser() ? score : -score) + 0.0;
        }

        @Override
        public void close() {
            bounds.close();
        }
    }
}
