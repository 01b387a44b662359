package repscorer.api.spaces;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.ann.HnswParameters;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.embedding.Space;
import repscorer.core.embedding.SparseSpace;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.store.Change;
import repscorer.core.store.PublicationListener;
import repscorer.core.store.RepresentationStore;
import repscorer.core.store.StoreOptions;
import repscorer.vector.Metric;
import repscorer.vector.SparseVector;
import repscorer.wire.SpaceReportBody;

class SpaceReportsTest {

    private static final int ROWS = 1_200;
    private static final int DIMENSION = 16;
    private static final HnswParameters HNSW = new HnswParameters(4, 40, 1);

    @TempDir
    Path directory;

    private static DenseSpace dense(String name, String engine) {
        return new DenseSpace(name, "m", EntityKind.USER, DIMENSION, Metric.COSINE, engine, HNSW, 0.5, false);
    }

    private static final Space GRAPH = dense("graph", "hnsw");
    private static final Space SCANNED = dense("scanned", "exact");
    private static final Space SPARSE = new SparseSpace("sparse", "s", EntityKind.USER, 10, 100, false);
    private static final Space LOOKED_UP = new SparseSpace("looked-up", "h", EntityKind.USER, 10, 0, false);

    private void stage(RepresentationStore store, EmbeddingFileWriter writer) throws IOException {
        Path file = writer.writeTo(directory);
        String space = String.valueOf(file.getFileName()).replace(".emb", "");
        try (var body = Files.newInputStream(file)) {
            store.stage("r", space, body);
        }
    }

    private static EmbeddingFileWriter rows(Space space) {
        EmbeddingFileWriter writer = EmbeddingFileWriter.dense(space.name(), space.model(), EntityKind.USER, DIMENSION);
        SplittableRandom random = new SplittableRandom(1);
        for (int row = 0; row < ROWS; row++) {
            float[] values = new float[DIMENSION];
            for (int i = 0; i < DIMENSION; i++) {
                values[i] = (float) random.nextDouble(-1, 1);
            }
            writer.add(EntityId.of(EntityKind.USER, row), values);
        }
        return writer.training("t1");
    }

    private static EmbeddingFileWriter sparse(Space space) {
        EmbeddingFileWriter writer = EmbeddingFileWriter.sparse(
                space.name(), space.model(), EntityKind.USER, List.of(EntityId.parse("cluster:0")), Map.of());
        writer.add(EntityId.of(EntityKind.USER, 1), new SparseVector(new int[] {0}, new float[] {1}));
        return writer;
    }

    private static SpaceReportBody report(RepresentationStore store, Space space) {
        return SpaceReports.of(
                store.current(), store.current().space(space.name()).orElseThrow(), store.releases());
    }

    @Test
    @DisplayName(
            "S10: a space tells rows, training, bytes by part, degrees, code loss, estimate and recall, also after a compaction")
    void aSpaceTellsWhatItIsMadeOf() throws IOException {
        List<Space> spaces = List.of(GRAPH, SCANNED, SPARSE, LOOKED_UP);
        try (RepresentationStore store = RepresentationStore.open(
                directory.resolve("store"), spaces, new StoreOptions(1, 1 << 20, 1, 50, 1_000_000, 1))) {
            stage(store, rows(GRAPH));
            stage(store, rows(SCANNED));
            stage(store, sparse(SPARSE));
            stage(store, sparse(LOOKED_UP));
            store.publish("r", PublicationListener.NONE);

            SpaceReportBody graph = report(store, GRAPH);
            assertThat(graph.training()).isEqualTo("t1");
            assertThat(graph.rows()).isEqualTo(ROWS);
            assertThat(graph.bytes())
                    .containsEntry("values", 4L * ROWS * DIMENSION)
                    .containsEntry("norms", 4L * ROWS)
                    .containsOnlyKeys("ids", "values", "norms", "links", "upper links", "codes");
            SpaceReportBody.IndexBody index = index(graph);
            assertThat(index.engine()).isEqualTo("hnsw");
            assertThat(index.codes()).isEqualTo("int8");
            assertThat(index.degrees()).hasSize(2 * HNSW.m() + 1);
            assertThat(rows(index.degrees())).isEqualTo(ROWS);
            assertThat(index.unreachable()).isZero();
            assertThat(index.levels()).isGreaterThan(1);
            assertThat(index.recall()).isEqualTo(checked(store)).isBetween(0.5, 1.0);
            SpaceReportBody.CodeLossBody loss = Objects.requireNonNull(index.codeLoss());
            assertThat(loss.queries()).isPositive();
            assertThat(loss.recallReranked()).isGreaterThanOrEqualTo(loss.recall());
            long taken = List.of("links", "upper links", "codes").stream()
                    .mapToLong(part -> graph.bytes().getOrDefault(part, 0L))
                    .sum();
            assertThat((double) Objects.requireNonNull(index.bytesEstimated())).isBetween(0.8 * taken, 1.2 * taken);

            assertThat(index(report(store, SCANNED)).engine()).isEqualTo("exact");
            assertThat(index(report(store, SCANNED)).degrees()).isNull();
            assertThat(index(report(store, SPARSE)).engine()).isEqualTo("clusters");
            assertThat(report(store, SPARSE).bytes()).containsEntry("weights", 4L);
            assertThat(report(store, SPARSE).training()).isNull();
            assertThat(report(store, LOOKED_UP).index()).isNull();

            store.apply(
                    "r",
                    "graph",
                    "",
                    List.of(new Change.Delete(EntityId.of(EntityKind.USER, 7), OptionalLong.empty())));
            assertThat(report(store, GRAPH).rows()).isEqualTo(ROWS - 1);
            assertThat(report(store, GRAPH).baseRows()).isEqualTo(ROWS);
            assertThat(report(store, GRAPH).changes()).isOne();
            store.compact("graph", PublicationListener.NONE);
            SpaceReportBody compacted = report(store, GRAPH);
            assertThat(compacted.baseRows()).isEqualTo(ROWS - 1);
            assertThat(compacted.changes()).isZero();
            assertThat(compacted.training()).isEqualTo("t1");
            assertThat(rows(index(compacted).degrees())).isEqualTo(ROWS - 1);
            assertThat(store.releases().getFirst().checks()).hasSize(1);
            assertThat(index(compacted).recall()).isEqualTo(checked(store));
        }
    }

    private static SpaceReportBody.IndexBody index(SpaceReportBody report) {
        return Objects.requireNonNull(report.index());
    }

    private static int rows(@Nullable List<Integer> degrees) {
        return Objects.requireNonNull(degrees).stream()
                .mapToInt(Integer::intValue)
                .sum();
    }

    private static double checked(RepresentationStore store) {
        return store.releases().getFirst().checks().getFirst().recall().orElseThrow();
    }
}
