package repscorer.core.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import repscorer.ann.HnswParameters;
import repscorer.ann.hnsw.Quantization;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.Embedding;
import repscorer.core.embedding.Retention;
import repscorer.core.embedding.SpacePolicy;
import repscorer.core.embedding.SparseSpace;
import repscorer.core.embedding.ZeroVectors;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.vector.Metric;
import repscorer.vector.SparseVector;

class ChangeChecksTest {

    private static final EntityId ID = EntityId.of(EntityKind.USER, 7);
    private static final SparseVector NOTHING = new SparseVector(new int[0], new float[0]);
    private static final SparseVector SOMETHING = new SparseVector(new int[] {1}, new float[] {1});

    @Test
    @DisplayName("a zero vector deletes where the space drops those, and no other does")
    void aZeroVectorDeletesWhereTheSpaceDropsThose() {
        for (ZeroVectors zero : ZeroVectors.values()) {
            SpacePolicy policy = new SpacePolicy(zero, Retention.STORES);
            DenseSpace dense = new DenseSpace(
                    "d",
                    "m",
                    EntityKind.USER,
                    2,
                    Metric.L2,
                    "exact",
                    HnswParameters.DEFAULT,
                    Quantization.NONE,
                    0.5,
                    true,
                    policy);
            SparseSpace sparse = new SparseSpace("s", "m", EntityKind.USER, 3, 10, false, policy);
            Change upsert = StoreFixture.upsert(7, 0, 1);
            assertThat(ChangeChecks.applied(dense, upsert)).isSameAs(upsert);
            Change weights = new Change.Upsert(ID, new Embedding.Sparse(SOMETHING), OptionalLong.of(3));
            assertThat(ChangeChecks.applied(sparse, weights)).isSameAs(weights);
            Change delete = new Change.Delete(ID, OptionalLong.of(3));
            assertThat(ChangeChecks.applied(dense, delete)).isSameAs(delete);

            Change zeros = new Change.Upsert(ID, new Embedding.Dense(new float[2]), OptionalLong.of(3));
            Change none = new Change.Upsert(ID, new Embedding.Sparse(NOTHING), OptionalLong.of(3));
            boolean drops = zero == ZeroVectors.DROP;
            assertThat(ChangeChecks.applied(dense, zeros)).isEqualTo(drops ? delete : zeros);
            assertThat(ChangeChecks.applied(sparse, none)).isEqualTo(drops ? delete : none);
        }
    }
}
