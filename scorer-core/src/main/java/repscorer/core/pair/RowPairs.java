package repscorer.core.pair;

import java.util.Objects;
import repscorer.core.similarity.DensePairs;
import repscorer.core.similarity.SparsePairs;
import repscorer.core.store.SpaceVersion;
import repscorer.core.text.TextQuery;

/**
 * The source that pairs hold against the rows of one version, its base's and those streamed in since. Allocates nothing per
 * pair, and an int per place of the longest list where changes were streamed in. For one thread.
 */
public abstract sealed class RowPairs {

    final SpaceVersion version;
    private final int base; // rows below this one are as the file has them
    private int[] ofBase = {};

    private RowPairs(SpaceVersion version) {
        this.version = version;
        this.base = version.ages() ? 0 : version.file().count();
    }

    public static RowPairs dense(DensePairs pairs, SpaceVersion version) {
        return new Dense(pairs, version);
    }

    public static RowPairs sparse(SparsePairs pairs, SpaceVersion version) {
        return new Sparse(pairs, version);
    }

    public static RowPairs text(TextQuery query, SpaceVersion version) {
        return new Text(query, version);
    }

    /** @param ordinal of a live row */
    public final double score(int ordinal) {
        return ordinal < base ? ofBase(ordinal) : streamed(ordinal);
    }

    /**
     * Scores the first {@code count} rows named against the source.
     *
     * @param ordinals of candidates; NaN is scored for -1
     * @param into takes {@code count} scores
     * @throws IndexOutOfBoundsException for an ordinal that is no row, or a list that is too short
     */
    public final void score(int[] ordinals, int count, double[] into) {
        if (!version.changed()) {
            ofBase(ordinals, count, into);
            return;
        }
        if (ofBase.length < count) {
            ofBase = new int[Math.max(count, 2 * ofBase.length)];
        }
        int streamed = 0;
        for (int i = 0; i < count; i++) {
            boolean isOfBase = ordinals[i] < base;
            ofBase[i] = isOfBase ? ordinals[i] : -1;
            streamed += isOfBase ? 0 : 1;
        }
        ofBase(ofBase, count, into);
        for (int i = 0; streamed > 0; i++) {
            if (ordinals[i] >= base) {
                into[i] = streamed(Objects.checkIndex(ordinals[i], version.ordinalsEnd()));
                streamed--;
            }
        }
    }

    /** Gives back what was borrowed; nothing is scored by this any more. */
    void giveBack() {}

    abstract double ofBase(int ordinal);

    abstract void ofBase(int[] ordinals, int count, double[] into);

    abstract double streamed(int ordinal);

    private static final class Dense extends RowPairs {

        private final DensePairs pairs;
        private final float[] row;

        Dense(DensePairs pairs, SpaceVersion version) {
            super(version);
            this.pairs = pairs;
            this.row = new float[version.changed() ? version.file().dimension() : 0];
        }

        @Override
        double ofBase(int ordinal) {
            return pairs.score(version.file().denseRows(), ordinal);
        }

        @Override
        void ofBase(int[] ordinals, int count, double[] into) {
            pairs.score(version.file().denseRows(), ordinals, count, into);
        }

        @Override
        double streamed(int ordinal) {
            version.copyDense(ordinal, row);
            return pairs.score(row);
        }
    }

    private static final class Sparse extends RowPairs {

        private final SparsePairs pairs;

        Sparse(SparsePairs pairs, SpaceVersion version) {
            super(version);
            this.pairs = pairs;
        }

        @Override
        double ofBase(int ordinal) {
            return pairs.score(version.file().sparseRows(), ordinal);
        }

        @Override
        void ofBase(int[] ordinals, int count, double[] into) {
            pairs.score(version.file().sparseRows(), ordinals, count, into);
        }

        @Override
        double streamed(int ordinal) {
            return pairs.score(version.sparse(ordinal));
        }

        @Override
        void giveBack() {
            pairs.giveBack();
        }
    }

    /** Words; the postings of each are gone through once a list. */
    private static final class Text extends RowPairs {

        private final TextQuery query;
        private final int[] one = new int[1];
        private final double[] score = new double[1];

        Text(TextQuery query, SpaceVersion version) {
            super(version);
            this.query = query;
        }

        @Override
        double ofBase(int ordinal) {
            one[0] = ordinal;
            ofBase(one, 1, score);
            return score[0];
        }

        @Override
        void ofBase(int[] ordinals, int count, double[] into) {
            version.baseTexts().scores(query, ordinals, count, into);
        }

        @Override
        double streamed(int ordinal) {
            return version.baseTexts().score(query, version.words(ordinal));
        }
    }
}
