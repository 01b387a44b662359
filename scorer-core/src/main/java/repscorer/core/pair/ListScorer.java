package repscorer.core.pair;

import java.util.OptionalInt;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.Embedding;
import repscorer.core.entity.EntityId;
import repscorer.core.plan.Comparison;
import repscorer.core.similarity.DensePairs;
import repscorer.core.similarity.Similarity;
import repscorer.core.similarity.SparsePairs;
import repscorer.core.store.SpaceVersion;
import repscorer.vector.Metric;
import repscorer.vector.VectorOps;

/**
 * One similarity between two spaces of one release, ready to score lists over primitives: set a source, then score rows of
 * the candidates' space by their ordinals. O(dimension) or O(entries) a pair, nothing allocated per pair; an int per place
 * of the longest list where changes were streamed in. Reads the
 * release that was live when it was made. Holds the source and scratch, so it is for one thread at a time.
 */
public final class ListScorer {

    private final Comparison comparison;
    private final SpaceVersion sources;
    private final SpaceVersion candidates;
    private final Pairs pairs;
    private final RowPairs rows;

    /** Whether a row may have no cosine; spaces that are searched by it hold no such row. */
    private final boolean mayBeZero;

    /** The two forms behind one face. */
    private sealed interface Pairs {

        /** False for a source that compares with nothing. */
        boolean source(SpaceVersion version, int ordinal);

        boolean source(Embedding embedding);

        RowPairs rows(SpaceVersion version);
    }

    private record Dense(DensePairs pairs, boolean cosine, float[] translation, float[] scratch) implements Pairs {

        @Override
        public boolean source(SpaceVersion version, int ordinal) {
            version.copyDense(ordinal, scratch);
            return translated(scratch);
        }

        @Override
        public boolean source(Embedding embedding) {
            if (!(embedding instanceof Embedding.Dense dense) || dense.values().length != scratch.length) {
                throw new IllegalStateException("a dense list met another form or dimension: " + embedding);
            }
            return translated(dense.values());
        }

        /* The sum is rounded to float32, as the source of a column is. */
        private boolean translated(float[] values) {
            for (int i = 0; i < scratch.length; i++) {
                scratch[i] = values[i] + translation[i];
            }
            pairs.source(scratch);
            return !cosine || VectorOps.norm(scratch) > 0;
        }

        @Override
        public RowPairs rows(SpaceVersion version) {
            return RowPairs.dense(pairs, version);
        }
    }

    private record Sparse(SparsePairs pairs) implements Pairs {

        @Override
        public boolean source(SpaceVersion version, int ordinal) {
            if (ordinal < version.file().count() && !version.ages()) {
                pairs.source(version.file().sparseRows(), ordinal);
            } else {
                pairs.source(version.sparse(ordinal));
            }
            return true;
        }

        @Override
        public boolean source(Embedding embedding) {
            if (!(embedding instanceof Embedding.Sparse sparse)) {
                throw new IllegalStateException("a sparse list met a dense embedding");
            }
            pairs.source(sparse.vector());
            return true;
        }

        @Override
        public RowPairs rows(SpaceVersion version) {
            return RowPairs.sparse(pairs, version);
        }
    }

    private ListScorer(Comparison comparison, SpaceVersion sources, SpaceVersion candidates, Pairs pairs) {
        this.comparison = comparison;
        this.sources = sources;
        this.candidates = candidates;
        this.pairs = pairs;
        this.rows = pairs.rows(candidates);
        this.mayBeZero = comparison.similarity() == Similarity.COSINE
                && candidates.space() instanceof DenseSpace space
                && space.metric() != Metric.COSINE;
    }

    /** @param translation added to every source; zeros for none */
    static ListScorer dense(Comparison comparison, SpaceVersion sources, SpaceVersion candidates, float[] translation) {
        int dimension = sources.file().dimension();
        boolean cosine = comparison.similarity() == Similarity.COSINE;
        Pairs pairs = new Dense(
                new DensePairs(comparison.similarity(), dimension), cosine, translation, new float[dimension]);
        return new ListScorer(comparison, sources, candidates, pairs);
    }

    static ListScorer sparse(Comparison comparison, SpaceVersion sources, SpaceVersion candidates) {
        return new ListScorer(comparison, sources, candidates, new Sparse(new SparsePairs(comparison.similarity())));
    }

    public Similarity similarity() {
        return comparison.similarity();
    }

    /** The row of a candidate, or -1 where its space has none, or one of zeros that has no cosine. */
    public int ordinal(EntityId candidate) {
        int ordinal = candidates.ordinal(candidate).orElse(-1);
        return ordinal >= 0 && mayBeZero && VectorOps.norm(candidates.dense(ordinal)) == 0 ? -1 : ordinal;
    }

    /** Whether a candidate has a row that is expired. */
    public boolean isExpired(EntityId candidate) {
        return candidates.isExpired(candidate);
    }

    /** Takes an entity as the source; false where the release has no embedding of it, or one of zeros that has no cosine. */
    public boolean source(EntityId id) {
        OptionalInt ordinal = sources.ordinal(id);
        return ordinal.isPresent() && pairs.source(sources, ordinal.getAsInt());
    }

    boolean source(Embedding embedding) {
        return pairs.source(embedding);
    }

    /**
     * Scores the first {@code count} rows named against the source.
     *
     * @param ordinals of candidates; NaN is scored for -1
     * @param into takes {@code count} scores
     * @throws IndexOutOfBoundsException for an ordinal that is no row, or a list that is too short
     */
    public void score(int[] ordinals, int count, double[] into) {
        rows.score(ordinals, count, into);
    }
}
