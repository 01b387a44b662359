package repscorer.core.store;

import java.util.Arrays;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.embedding.EmbeddingRows;
import repscorer.core.entity.EntityId;
import repscorer.vector.SparseVector;

/** A file's rows without its zero vectors. */
final class NonZeroRows implements EmbeddingRows {

    private final EmbeddingFile file;
    private final int[] kept;

    private NonZeroRows(EmbeddingFile file, int[] kept) {
        this.file = file;
        this.kept = kept;
    }

    static NonZeroRows of(EmbeddingFile file) {
        int[] kept = new int[file.count()];
        int count = 0;
        for (int row = 0; row < kept.length; row++) {
            if (!ReleaseChecks.isZero(file, row)) {
                kept[count++] = row;
            }
        }
        return new NonZeroRows(file, Arrays.copyOf(kept, count));
    }

    @Override
    public int count() {
        return kept.length;
    }

    @Override
    public EntityId id(int row) {
        return file.ids().id(kept[row]);
    }

    @Override
    public void copyDense(int row, float[] into) {
        file.denseRows().copyRow(kept[row], into);
    }

    @Override
    public SparseVector sparse(int row) {
        return file.sparseRows().row(kept[row]);
    }
}
