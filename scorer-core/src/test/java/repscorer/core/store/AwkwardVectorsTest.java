package repscorer.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import repscorer.ann.DenseIndex;
import repscorer.ann.HnswParameters;
import repscorer.ann.Neighbors;
import repscorer.ann.SearchOptions;
import repscorer.ann.hnsw.HnswIndex;
import repscorer.ann.hnsw.Quantization;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.Embedding;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.failure.ScorerException.Rejected;
import repscorer.testing.AwkwardVectors;
import repscorer.testing.BruteForce;
import repscorer.testing.Seeds;
import repscorer.testing.SyntheticVectors;
import repscorer.vector.Metric;
import repscorer.vector.VectorOps;

/** Rows that strain float32 and codes: they are published, compacted and opened again, or refused in words that help. */
class AwkwardVectorsTest {

    private static final EntityKind USER = EntityKind.USER;
    private static final int ROWS = 5_200;
    private static final int SAMPLED_ROWS = 1_500;
    private static final double RECALL_MIN = 0.9;
    private static final int OUTLYING = 66; // two more than are set apart

    @TempDir
    @SuppressWarnings("NullAway.Init") // set before each test
    Path directory;

    private final RandomGenerator random = Seeds.random("AwkwardVectorsTest");

    private RepresentationStore open(DenseSpace space) {
        return RepresentationStore.open(
                directory.resolve("store"), List.of(space), new StoreOptions(1, 1 << 30, 2, SAMPLED_ROWS, 1_000_000));
    }

    private static DenseSpace space(int dimension, Metric metric, Quantization codes) {
        return space(dimension, metric, codes, RECALL_MIN);
    }

    private static DenseSpace space(int dimension, Metric metric, Quantization codes, double recallMin) {
        return new DenseSpace(
                "s", "m", USER, dimension, metric, "hnsw", HnswParameters.DEFAULT, codes, recallMin, true);
    }

    private void publish(RepresentationStore store, float[][] rows) throws Exception {
        EmbeddingFileWriter writer = EmbeddingFileWriter.dense("s", "m", USER, rows[0].length);
        for (int i = 0; i < rows.length; i++) {
            writer.add(EntityId.of(USER, i), rows[i]);
        }
        try (InputStream file = Files.newInputStream(writer.writeTo(Files.createTempDirectory(directory, "rows")))) {
            store.stage("r", "s", file);
        }
        store.publish("r", PublicationListener.NONE);
    }

    private static DenseIndex index(RepresentationStore store) {
        return store.current().space("s").orElseThrow().dense().orElseThrow();
    }

    private static EntityId first(RepresentationStore store, float[] query) {
        SpaceVersion version = store.current().space("s").orElseThrow();
        Neighbors found = index(store).search(query, SearchOptions.of(1));
        return version.id(found.ordinals()[0]);
    }

    /** Under the inner product another outlying row may be before a row itself. */
    private static List<EntityId> firstTwo(RepresentationStore store, float[] query) {
        SpaceVersion version = store.current().space("s").orElseThrow();
        return Arrays.stream(index(store).search(query, SearchOptions.of(2)).ordinals())
                .mapToObj(version::id)
                .toList();
    }

    private static Change upsert(int id, float[] values) {
        return new Change.Upsert(EntityId.of(USER, id), new Embedding.Dense(values), OptionalLong.empty());
    }

    @ParameterizedTest
    @EnumSource(
            value = Metric.class,
            names = {"COSINE", "L2"})
    @DisplayName("V1 rows of extreme norm are published, streamed, compacted, and there after a restart")
    void rowsOfExtremeNormLiveOn(Metric metric) throws Exception {
        DenseSpace space = space(8, metric, Quantization.INT8);
        float factor = metric == Metric.COSINE ? 1e-25f : 1e20f;
        float[][] rows = SyntheticVectors.gaussian(random, ROWS, 8);
        VectorOps.scale(rows[5], factor);
        float[] streamed = SyntheticVectors.gaussian(random, 1, 8)[0];
        VectorOps.scale(streamed, factor);
        try (RepresentationStore store = open(space)) {
            publish(store, rows);
            assertThat(first(store, rows[5])).isEqualTo(EntityId.of(USER, 5));
            assertThat(store.apply("r", "s", "p", List.of(upsert(ROWS, streamed))))
                    .allMatch(Outcome.Accepted.class::isInstance);
            assertThat(first(store, streamed)).isEqualTo(EntityId.of(USER, ROWS));
            assertThat(store.compact("s", PublicationListener.NONE)).isTrue();
            assertThat(store.uncompacted()).isEmpty();
            assertThat(first(store, streamed)).isEqualTo(EntityId.of(USER, ROWS));
        }
        try (RepresentationStore again = open(space)) {
            assertThat(again.findings()).isEmpty();
            assertThat(first(again, rows[5])).isEqualTo(EntityId.of(USER, 5));
            assertThat(first(again, streamed)).isEqualTo(EntityId.of(USER, ROWS));
        }
    }

    @Test
    @DisplayName("V1 a space that cannot be compacted is told of until it can")
    void aSpaceThatCannotBeCompactedIsTold() throws Exception {
        DenseSpace space = space(8, Metric.L2, Quantization.INT8);
        float[][] rows = SyntheticVectors.gaussian(random, ROWS, 8);
        try (RepresentationStore store = open(space)) {
            publish(store, rows);
            List<Change> outlying = new ArrayList<>();
            List<Change> back = new ArrayList<>();
            for (int i = 0; i < OUTLYING; i++) {
                back.add(upsert(7 + i, rows[7 + i].clone()));
                VectorOps.scale(rows[7 + i], i == 0 ? 2e5f : 1e5f);
                outlying.add(upsert(7 + i, rows[7 + i]));
            }
            store.apply("r", "s", "p", outlying);
            assertThatThrownBy(() -> store.compact("s", PublicationListener.NONE))
                    .isInstanceOf(Rejected.class);
            assertThat(store.uncompacted().get("s"))
                    .contains("times the median's")
                    .contains("codes: none");
            store.apply("r", "s", "p", back);
            store.compact("s", PublicationListener.NONE);
            assertThat(store.uncompacted()).isEmpty();
        }
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource({
        "COMMON_MEAN, COSINE, INT8", "COMMON_MEAN, COSINE, INT8_ONLY", "COMMON_MEAN, INNER_PRODUCT, INT8",
        "NEAR_EQUAL, COSINE, INT8", "HEAVY_NORMS, INNER_PRODUCT, INT8", "COPIES, L2, INT8",
        "ONE_OUTLIER, L2, INT8", "CONSTANT_DIMENSION, COSINE, INT8", "INTEGERS, COSINE, INT8",
        "ONE_DIRECTION, COSINE, INT8", "TINY_VALUES, L2, INT8", "MIXTURE, COSINE, INT8"
    })
    @DisplayName("V2 the gate's recall is brute force's in double precision, or the release is refused with a remedy")
    void theGateSeesWhatBruteForceSees(AwkwardVectors shape, Metric metric, Quantization codes) throws Exception {
        float[][] rows = shape.rows(random, ROWS, 16);
        try (RepresentationStore store = open(space(16, metric, codes))) {
            try {
                publish(store, rows);
            } catch (Rejected e) {
                assertThat(e.code()).isEqualTo("recall-under-floor");
                assertThat(e.getMessage()).containsAnyOf("codes: none", "subtract their mean", "raise m");
                return;
            }
            double told =
                    store.releases().getFirst().checks().getFirst().recall().orElseThrow();
            assertThat(told).isGreaterThanOrEqualTo(RECALL_MIN);
            assertThat(recall(index(store), rows)).isCloseTo(told, within(0.02)); // of some rows, and of others
        }
    }

    /** Rows that score as well as the tenth are as good as it. */
    private static double recall(DenseIndex index, float[][] rows) {
        BruteForce.Dense similarity = BruteForce.Dense.valueOf(index.metric().name());
        int hits = 0;
        int asked = 0;
        for (int query = 0; query < rows.length; query += 10) {
            float[] vector = rows[query];
            double last = Arrays.stream(rows)
                    .mapToDouble(row -> -BruteForce.score(similarity, vector, row))
                    .sorted()
                    .skip(9)
                    .findFirst()
                    .orElseThrow();
            for (int row : index.search(vector, SearchOptions.of(10)).ordinals()) {
                hits += BruteForce.score(similarity, vector, rows[row]) >= -last - 1e-12 * Math.abs(last) ? 1 : 0;
            }
            asked += 10;
        }
        return (double) hits / asked;
    }

    @ParameterizedTest
    @CsvSource({"L2, INT8", "L2, INT8_FLOAT16", "INNER_PRODUCT, INT8"})
    @DisplayName(
            "V11 sibling: one row of 1e5 times the others' norm is scored beside the graph, published, streamed and compacted")
    void anOutlyingRowTakesNothingFromTheOthers(Metric metric, Quantization codes) throws Exception {
        float[][] rows = SyntheticVectors.gaussian(random, ROWS, 16);
        VectorOps.scale(rows[5], codes == Quantization.INT8 ? 1e5f : 1e3f); // in float16's range
        DenseSpace space = space(16, metric, codes);
        try (RepresentationStore store = open(space)) {
            publish(store, rows);
            assertThat(recall(index(store), rows)).isGreaterThanOrEqualTo(RECALL_MIN);
            VectorOps.scale(rows[9], -1e3f);
            store.apply("r", "s", "p", List.of(upsert(9, rows[9])));
            assertThat(firstTwo(store, rows[9])).contains(EntityId.of(USER, 9));
            assertThat(store.compact("s", PublicationListener.NONE)).isTrue();
        }
        try (RepresentationStore again = open(space)) {
            assertThat(again.findings()).isEmpty();
            assertThat(recall(index(again), rows)).isGreaterThanOrEqualTo(RECALL_MIN);
            assertThat(firstTwo(again, rows[5])).contains(EntityId.of(USER, 5));
            assertThat(firstTwo(again, rows[9])).contains(EntityId.of(USER, 9));
        }
    }

    @Test
    @DisplayName(
            "Rows of 1e5 times the others' norm, too many to be set apart, are named in the refusal, with what helps, which does")
    void outlyingRowsAreNamed() throws Exception {
        float[][] rows = SyntheticVectors.gaussian(random, ROWS, 16);
        for (int i = 0; i < OUTLYING; i++) {
            VectorOps.scale(rows[5 + i], i == 0 ? 2e5f : 1e5f);
        }
        double lenient = 0.8; // a graph that spans outliers finds .88 to .95 by the draw; their codes, nearly nothing
        try (RepresentationStore store = open(space(16, Metric.L2, Quantization.INT8, lenient))) {
            assertThatThrownBy(() -> publish(store, rows))
                    .isInstanceOf(Rejected.class)
                    .hasMessageContaining(") has the norm")
                    .hasMessageContaining("times the median's")
                    .hasMessageContaining("codes: none");
        }
        directory = Files.createTempDirectory(directory, "again");
        try (RepresentationStore store = open(space(16, Metric.L2, Quantization.NONE, lenient))) {
            publish(store, rows);
            assertThat(index(store)).isInstanceOf(HnswIndex.class);
        }
    }

    @Test
    @DisplayName("V6 a value that float16 cannot hold is refused when it is staged, and when it is streamed")
    void valuesBeyondFloat16AreRefused() throws Exception {
        float[][] rows = SyntheticVectors.gaussian(random, 20, 8);
        rows[3][2] = -70_000;
        try (RepresentationStore store = open(space(8, Metric.L2, Quantization.INT8_FLOAT16))) {
            assertThatThrownBy(() -> publish(store, rows))
                    .isInstanceOf(Rejected.class)
                    .hasMessage("float16 holds values to 65504.0: space=s has -70000.0 in column 2 (row 3, user:3);"
                            + " scale its rows, or set codes: int8");
            float[] beyond = rows[3].clone();
            rows[3][2] = 65_504;
            publish(store, rows);
            assertThat(store.apply("r", "s", "p", List.of(upsert(3, beyond))))
                    .containsExactly(new Outcome.Refused(
                            "value-too-large", "float16 holds values to 65504.0: space=s, got -70000.0 in column 2"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "8, COSINE, hnsw, INT8_FLOAT16",
        "4, L2, hnsw, INT8_FLOAT16",
        "8, L2, hnsw, INT8",
        "8, L2, exact, INT8_FLOAT16"
    })
    @DisplayName("V6 siblings: where no float16 is kept, such values are welcome")
    void otherSpacesTakeThem(int dimension, Metric metric, String engine, Quantization codes) throws Exception {
        float[][] rows = SyntheticVectors.gaussian(random, 20, dimension);
        rows[3][2] = -70_000;
        try (RepresentationStore store = open(new DenseSpace(
                "s", "m", USER, dimension, metric, engine, HnswParameters.DEFAULT, codes, RECALL_MIN, true))) {
            publish(store, rows);
            assertThat(first(store, rows[3])).isEqualTo(EntityId.of(USER, 3));
        }
    }
}
