package repscorer.training;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import repscorer.core.embedding.EmbeddingRows;
import repscorer.core.entity.EntityId;
import repscorer.training.graph.EntityIndex;
import repscorer.training.twhin.Vectors;
import repscorer.vector.SparseVector;

/** The vectors of one kind by ascending id, read where they lie. */
final class DenseRows implements EmbeddingRows {

    private final Vectors vectors;
    private final EntityIndex index;
    private final int[] ordinals;

    DenseRows(Vectors vectors, EntityIndex index) {
        this.vectors = vectors;
        this.index = index;
        EntityId[] ids = new EntityId[index.count()];
        Arrays.setAll(ids, index::id);
        ordinals = IntStream.range(0, ids.length)
                .boxed()
                .sorted(Comparator.comparing(ordinal -> ids[ordinal]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    @Override
    public int count() {
        return ordinals.length;
    }

    @Override
    public EntityId id(int row) {
        return index.id(ordinals[row]);
    }

    @Override
    public void copyDense(int row, float[] into) {
        vectors.copy(ordinals[row], into);
    }

    @Override
    public SparseVector sparse(int row) {
        throw new IllegalStateException("dense rows");
    }
}
