package repscorer.core.embedding;

import repscorer.core.entity.EntityId;
import repscorer.vector.SparseVector;

/** Some of other rows, as they are. Safe for concurrent use where those are. */
public class ChosenRows implements EmbeddingRows {

    private final EmbeddingRows all;
    private final int[] chosen;

    /** @param chosen which of all, ascending; not to be changed */
    public ChosenRows(EmbeddingRows all, int[] chosen) {
        this.all = all;
        this.chosen = chosen;
    }

    @Override
    public int count() {
        return chosen.length;
    }

    @Override
    public EntityId id(int row) {
        return all.id(chosen[row]);
    }

    @Override
    public void copyDense(int row, float[] into) {
        all.copyDense(chosen[row], into);
    }

    @Override
    public SparseVector sparse(int row) {
        return all.sparse(chosen[row]);
    }

    @Override
    public boolean timed() {
        return all.timed();
    }

    @Override
    public long madeMillis(int row) {
        return all.madeMillis(chosen[row]);
    }

    @Override
    public String text(int row) {
        return all.text(chosen[row]);
    }
}
