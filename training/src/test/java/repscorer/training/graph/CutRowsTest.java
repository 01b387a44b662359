package repscorer.training.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.plan.YamlFiles;
import repscorer.training.progress.TrainingProgress;

/** Rows are cut by time before those of one pair are merged. */
class CutRowsTest {

    private static final String PLAYS =
            "{name: play, files: [f.tsv], columns: [head, tail, weight, time], head: user, tail: song}";
    private static final String FACTS =
            "{name: fact, files: [f.tsv], columns: [head, tail, relation, time], head: user, tail: song}";

    @TempDir
    Path directory;

    private HoldOut.Split split(String relation, String rows) throws IOException {
        Files.writeString(directory.resolve("f.tsv"), rows);
        TrainingPlan plan = YamlFiles.parse(
                Path.of("p.yaml"),
                "{name: p, relations: [%s], hold-out-from: 1970-01-01T00:16:40Z, twhin: {}}".formatted(relation),
                TrainingPlan.class);
        return HoldOut.split(EdgeReader.read(plan, directory, TrainingProgress.NONE), plan);
    }

    @Test
    @DisplayName(
            "E9 a pair that comes again after hold-out-from keeps its earlier row in training, and its weight and time")
    void anEarlierRowStays() throws IOException {
        HoldOut.Split split = split(PLAYS, "a\tx\t1\t100\na\tx\t2\t200\na\tx\t40\t2000\nb\ty\t1\t100\na\ty\t1\t3000\n");
        Relation training = split.training().relation("play").orElseThrow();
        assertThat(training.edges()).isEqualTo(2);
        assertThat(training.weight(0)).isEqualTo(3);
        assertThat(training.time(0)).isEqualTo(200);
        Relation held = Objects.requireNonNull(split.held().get("play"));
        assertThat(held.edges()).as("what training knows judges nothing").isEqualTo(1);
        assertThat(held.time(0)).isEqualTo(3000);
    }

    @Test
    @DisplayName("E9 a relation all of whose pairs come again is learnt from")
    void allComeAgain() throws IOException {
        HoldOut.Split split = split(PLAYS, "a\tx\t1\t100\na\tx\t1\t2000\nb\ty\t1\t100\nb\ty\t1\t2000\na\ty\t1\t2000\n");
        assertThat(split.training().edges()).isEqualTo(2);
        assertThat(split.held()).containsOnlyKeys("play");
    }

    @Test
    @DisplayName("E9 so is each of the relations that one plan stands for; one that begins after the cut is refused")
    void severalRelations() throws IOException {
        String rows = "a\tx\tlike\t100\na\tx\tlike\t2000\nb\ty\tlike\t100\na\ty\tlike\t2000\n";
        HoldOut.Split split = split(FACTS, rows);
        assertThat(split.training().relation("like").orElseThrow().edges()).isEqualTo(2);
        assertThat(Objects.requireNonNull(split.held().get("like")).edges()).isEqualTo(1);
        assertThatThrownBy(() -> split(FACTS, rows + "a\tx\tlove\t2000\n"))
                .isInstanceOf(DataException.class)
                .hasMessage("hold-out-from leaves relation love no edge to learn from: 1970-01-01T00:16:40Z");
    }

    @Test
    @DisplayName("E12 times in milliseconds, microseconds and nanoseconds are no seconds")
    void milliseconds() throws IOException {
        for (String time : new String[] {"1700000000000", "1700000000000000", "170000000000000000", "100000000001"}) {
            assertThatThrownBy(() -> split(PLAYS, "a\tx\t1\t" + time + "\n"))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining(
                            "a time is seconds since 1970, and this one looks like milliseconds or less: '" + time
                                    + "'")
                    .hasMessageContaining("f.tsv");
        }
        assertThat(split(PLAYS, "a\tx\t1\t0\na\ty\t1\t100000000000\nb\ty\t1\t999\n")
                        .training()
                        .edges())
                .as("seconds up to the year 5138 are")
                .isEqualTo(2);
    }
}
