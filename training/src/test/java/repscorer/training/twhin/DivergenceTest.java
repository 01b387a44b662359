package repscorer.training.twhin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.entity.EntityKind;
import repscorer.training.StopsAt;
import repscorer.training.TestData;
import repscorer.training.graph.DataException;
import repscorer.training.graph.EdgeReader;
import repscorer.training.graph.HoldOut;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.plan.TwhinPlan;
import repscorer.training.plan.TwhinPlan.Comparator;
import repscorer.training.plan.TwhinPlan.Operator;
import repscorer.training.plan.YamlFiles;
import repscorer.training.progress.TrainingProgress;

class DivergenceTest {

    private static final int USERS = 40;
    private static final TwhinPlan PLAN =
            TestData.twhin("dimension: 8, epochs: 4, batch-size: 16, validate-every: 1, patience: 10");

    @TempDir
    static Path directory;

    private static HoldOut.Split split;

    @BeforeAll
    static void readRing() throws IOException {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < USERS; i++) {
            for (int step = 1; step <= 4; step++) {
                rows.append(i).append('\t').append((i + step) % USERS).append('\n');
            }
        }
        split = read("head: user, tail: user", rows.toString());
    }

    private static HoldOut.Split read(String keys, String rows) throws IOException {
        Files.writeString(directory.resolve("f.tsv"), rows);
        TrainingPlan plan = YamlFiles.parse(
                Path.of("p.yaml"),
                "{name: p, relations: [{name: follow, files: [f.tsv], %s}], validation: {follow: 0.2}, twhin: {}}"
                        .formatted(keys),
                TrainingPlan.class);
        return HoldOut.split(EdgeReader.read(plan, directory, TrainingProgress.NONE), plan);
    }

    private static LinkRanking.Figures rank(float[] rows) {
        TwhinModel model = new TwhinModel(
                8,
                Operator.IDENTITY,
                Comparator.COSINE,
                Map.of(EntityKind.USER, Vectors.of(rows, 8)),
                new float[8],
                Optional.empty(),
                List.of(),
                Map.of(),
                List.of(),
                Optional.empty(),
                0);
        return LinkRanking.rank(model, split, split.validation(), 1_000_000, 1, TrainingProgress.NONE);
    }

    @Test
    @DisplayName("E4 a score that is NaN ranks last, not first")
    void nanRanksLast() {
        float[] rows = new float[USERS * 8];
        Arrays.fill(rows, Float.NaN);
        LinkRanking.Figures figures = rank(rows);
        assertThat(figures.hits10()).isZero();
        assertThat(figures.mrr()).isLessThan(0.05);
        assertThat(figures.meanRank()).as("behind all that are not filtered").isBetween(33.0, 40.0);
    }

    @Test
    @DisplayName("E4 of half the rows NaN, a score stands before and NaN behind")
    void someNan() {
        float[] rows = new float[USERS * 8];
        Arrays.fill(rows, 1);
        LinkRanking.Figures equal = rank(rows);
        Arrays.fill(rows, 0, rows.length / 2, Float.NaN);
        LinkRanking.Figures half = rank(rows);
        assertThat(half.mrr()).isLessThan(2 * equal.mrr());
        assertThat(half.hits1()).isZero();
        assertThat(half.meanRank()).isGreaterThan(equal.meanRank());
    }

    @Test
    @DisplayName("E4 a weight beyond what squares of gradients bear is a bad row")
    void hugeWeights() {
        assertThatThrownBy(
                        () -> read("head: user, tail: user, columns: [head, tail, weight]", "a\tb\t1e24\nb\tc\t1e24\n"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("a weight is at most 1e12: '1e24'")
                .hasMessageContaining("f.tsv");
    }

    @Test
    @DisplayName("E4 a run that diverges before any look at validation ends with the epoch named")
    void divergesAtOnce() {
        float[] nan = new float[8];
        Arrays.fill(nan, Float.NaN);
        WarmStart start = new WarmStart(
                Path.of("earlier"), Map.of(EntityKind.USER, value -> nan), value -> null, Map.of(), value -> null, 0);
        TwhinOptions how = new TwhinOptions(Optional.of(split), Optional.empty(), false, Optional.of(start));
        assertThatThrownBy(() -> TwhinTrainer.train(split.training(), PLAN, 1, 1, how, TrainingProgress.NONE))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith("twhin diverged in epoch 1: the loss is NaN; lower learning-rate");
    }

    @Test
    @DisplayName("E4 a run that diverges later keeps the best finite epoch and says so")
    void divergesLater() throws IOException {
        Path file = directory.resolve("later.checkpoint");
        TwhinOptions first = new TwhinOptions(Optional.of(split), Optional.of(file), false, Optional.empty());
        assertThatThrownBy(() -> TwhinTrainer.train(split.training(), PLAN, 1, 1, first, new StopsAt(0.6)))
                .isInstanceOf(CancellationException.class);
        spoil(file);
        TwhinOptions second = new TwhinOptions(Optional.of(split), Optional.of(file), true, Optional.empty());
        TwhinModel model = TwhinTrainer.train(split.training(), PLAN, 1, 1, second, TrainingProgress.NONE);
        assertThat(model.notes()).hasSize(1);
        assertThat(model.notes().getFirst())
                .matches(
                        "twhin diverged in epoch 3: (the loss is NaN|a vector is not finite); the vectors are those of epoch [12]");
        assertThat(model.losses()).hasSize(2).allMatch(Double::isFinite);
        assertThat(model.validation()).containsOnlyKeys(1, 2);
        for (float value : model.rows(EntityKind.USER)) {
            assertThat(Float.isFinite(value)).isTrue();
        }
    }

    /** Makes the current rows of users NaN, and leaves the best ones. */
    private static void spoil(Path checkpoint) throws IOException {
        byte[] bytes = Files.readAllBytes(checkpoint);
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            in.readLong();
            in.readUTF();
            in.skipBytes(3 * Integer.BYTES + 3 * Long.BYTES);
            in.skipBytes(in.readInt() * Double.BYTES);
            in.skipBytes(in.readInt() * (Integer.BYTES + Double.BYTES));
            in.skipBytes(2 * Double.BYTES + Integer.BYTES);
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            int from = bytes.length - in.available();
            for (int i = 0; i < USERS * 8; i++) {
                buffer.putFloat(from + i * Float.BYTES, Float.NaN);
            }
        }
        Files.write(checkpoint, bytes);
    }
}
