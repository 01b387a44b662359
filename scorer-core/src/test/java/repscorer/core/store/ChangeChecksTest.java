package repscorer.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.ann.HnswParameters;
import repscorer.ann.hnsw.Quantization;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.Embedding;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.embedding.NewColumns;
import repscorer.core.embedding.Retention;
import repscorer.core.embedding.Space;
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

    @TempDir
    Path directory;

    private EmbeddingFile base;

    @BeforeEach
    void writeBase() throws IOException {
        EmbeddingFileWriter writer = EmbeddingFileWriter.sparse(
                "s", "m", EntityKind.USER, List.of(EntityId.parse("cluster:8"), EntityId.parse("tag:x")), Map.of());
        base = EmbeddingFile.open(writer.writeTo(directory));
    }

    @Test
    @DisplayName("new columns go on from the base's, by kind and up to a number of them")
    void newColumnsGoOnFromTheBases() {
        SparseSpace space = new SparseSpace("s", "m", EntityKind.USER, 3, 10, false, SpacePolicy.KEEPING);
        NewColumns columns = NewColumns.of(base);
        assertThat(refusal(space, columns, "cluster:9", "tag:y", "cluster:8")).isEqualTo("taken");
        Change.Upsert applied =
                (Change.Upsert) ChangeChecks.applied(space, base, columns, named("tag:y", "tag:x", "cluster:9"));
        SparseVector vector = ((Embedding.Sparse) applied.embedding()).vector();
        assertThat(vector.columns()).containsExactly(1, 2, 3);
        assertThat(applied.number()).hasValue(5);
        assertThat(columns.name(2)).isEqualTo(EntityId.parse("cluster:9"));
        assertThat(columns.name(3)).isEqualTo(EntityId.parse("tag:y"));
        assertThat(refusal(space, columns, "clutser:9"))
                .isEqualTo("unknown-column: a new column is of a kind that s has columns of: clutser:9");
        assertThat(refusal(space, columns, "tag:a", "tag:b", "tag:c", "tag:d"))
                .isEqualTo("too-many-entries: a row has at most 3 entries: space=s, got 4");
        for (int i = columns.end(); i < 2 + NewColumns.COUNT_MAX; i++) {
            columns.number(EntityId.of(new EntityKind("tag"), i));
        }
        assertThat(refusal(space, columns, "tag:5", "tag:y")).isEqualTo("taken");
        assertThat(refusal(space, columns, "tag:z"))
                .isEqualTo("too-many-columns: a release takes at most 1048576 new columns: tag:z of s");
        DenseSpace dense = StoreFixture.A;
        assertThat(refusal(dense, columns, "tag:5")).isEqualTo("form-differs: a takes dense rows");
    }

    private String refusal(Space space, NewColumns columns, String... names) {
        return ChangeChecks.check(space, base, columns, named(names))
                .map(refused -> refused.code() + ": " + refused.message())
                .orElse("taken");
    }

    private static Change.Named named(String... names) {
        Map<EntityId, Float> entries = new TreeMap<>();
        for (String name : names) {
            entries.put(EntityId.parse(name), 1f);
        }
        return new Change.Named(ID, entries, OptionalLong.of(5));
    }

    @Test
    @DisplayName("what was read may leave gaps between columns, which are never given again; one number has one name")
    void gapsBetweenColumnsAreNeverGivenAgain() {
        NewColumns columns = NewColumns.of(base);
        columns.learn(4, EntityId.parse("tag:four"));
        columns.learn(0, EntityId.parse("tag:any")); // the base's own
        assertThatThrownBy(() -> columns.name(3)).isInstanceOf(IndexOutOfBoundsException.class);
        columns.fillGaps();
        assertThat(columns.number(EntityId.parse("tag:more"))).isEqualTo(5);
        assertThat(columns.name(3)).isEqualTo(EntityId.parse("lost-column:3"));
        columns.learn(4, EntityId.parse("tag:four"));
        assertThatThrownBy(() -> columns.learn(4, EntityId.parse("tag:other")))
                .hasMessage("column 4 has one name: tag:four and tag:other");
        assertThatThrownBy(() -> columns.learn(2 + 16 * NewColumns.COUNT_MAX, EntityId.parse("tag:far")))
                .hasMessage("a release names at most 1048576 new columns: 16777216");
    }

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
            assertThat(applied(dense, upsert)).isSameAs(upsert);
            Change weights = new Change.Upsert(ID, new Embedding.Sparse(SOMETHING), OptionalLong.of(3));
            assertThat(applied(sparse, weights)).isSameAs(weights);
            Change delete = new Change.Delete(ID, OptionalLong.of(3));
            assertThat(applied(dense, delete)).isSameAs(delete);

            Change zeros = new Change.Upsert(ID, new Embedding.Dense(new float[2]), OptionalLong.of(3));
            Change none = new Change.Upsert(ID, new Embedding.Sparse(NOTHING), OptionalLong.of(3));
            boolean drops = zero == ZeroVectors.DROP;
            assertThat(applied(dense, zeros)).isEqualTo(drops ? delete : zeros);
            assertThat(applied(sparse, none)).isEqualTo(drops ? delete : none);
        }
    }

    private Change applied(Space space, Change change) {
        return ChangeChecks.applied(space, base, NewColumns.of(base), change);
    }
}
