package repscorer.training.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.plan.YamlFiles;
import repscorer.training.progress.TrainingProgress;

class DirectionsTest {

    @TempDir
    Path directory;

    @BeforeEach
    void writeBothDirections() throws IOException {
        Random random = new Random(5);
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 600; i++) {
            int a = random.nextInt(80);
            int b = (a + 1 + random.nextInt(78)) % 80;
            long time = 1000 + i;
            rows.append("%s\t%s\t%s\n%s\t%s\t%s\n".formatted(a, b, time, b, a, time + 400));
        }
        Files.writeString(directory.resolve("f.tsv"), rows);
    }

    private HoldOut.Split split(String keys, String rest) {
        TrainingPlan plan = YamlFiles.parse(
                Path.of("p.yaml"),
                "{name: p, relations: [{name: friend, files: [f.tsv], columns: [head, tail, time], head: user, tail: user%s}], twhin: {}, %s}"
                        .formatted(keys, rest),
                TrainingPlan.class);
        return HoldOut.split(EdgeReader.read(plan, directory, TrainingProgress.NONE), plan);
    }

    private static int known(HoldOut.Split split, Relation judging) {
        Csr training = split.training().relation("friend").orElseThrow().byHead();
        int known = 0;
        for (int edge = 0; edge < judging.edges(); edge++) {
            known += training.contains(judging.tails()[edge], judging.heads()[edge]) ? 1 : 0;
        }
        return known;
    }

    private static Relation held(HoldOut.Split split) {
        return Objects.requireNonNull(split.held().get("friend"));
    }

    @Test
    @DisplayName("E8 both directions of an undirected pair are held out, or neither")
    void bothAreHeldOut() {
        HoldOut.Split split = split(", undirected: true", "hold-out: {friend: 0.1}");
        int all = split.training().relation("friend").orElseThrow().edges()
                + held(split).edges();
        assertThat(held(split).edges()).isEven().isBetween(all / 10 - 1, all / 10 + 2);
        assertThat(known(split, held(split))).isZero();
        assertThat(Directions.notes(split)).isEmpty();
    }

    @Test
    @DisplayName("E8 so are the pairs that validate")
    void validationToo() {
        HoldOut.Split split = split(", undirected: true", "hold-out: {friend: 0.1}, validation: {friend: 0.1}");
        assertThat(known(split, Objects.requireNonNull(split.validation().get("friend"))))
                .isZero();
        assertThat(known(split, held(split))).isZero();
    }

    @Test
    @DisplayName("E8 a pair that met before hold-out-from in the other direction judges nothing")
    void fromATimeOn() {
        String cut = "hold-out-from: 1970-01-01T00:25:00Z"; // 1500
        assertThat(known(split("", cut), held(split("", cut)))).isPositive();
        HoldOut.Split split = split(", undirected: true", cut);
        assertThat(held(split).edges()).isPositive();
        assertThat(known(split, held(split))).isZero();
    }

    @Test
    @DisplayName("E8 where the plan does not say so, the share that training knows in the other direction is told")
    void theShareIsTold() {
        HoldOut.Split split = split("", "hold-out: {friend: 0.1}");
        assertThat(known(split, held(split))).isPositive();
        assertThat(Directions.notes(split)).hasSize(1);
        assertThat(Directions.notes(split).getFirst())
                .matches(
                        "[89]\\d % of the held-out edges of friend are trained on in the other direction; .*undirected: true.*");
    }

    @Test
    @DisplayName("E8 only relations within one kind can be undirected")
    void oneKind() {
        assertThatThrownBy(() -> YamlFiles.parse(
                        Path.of("p.yaml"),
                        "{name: p, relations: [{name: like, files: [f.tsv], head: user, tail: item, undirected: true}], twhin: {}}",
                        TrainingPlan.class))
                .hasMessageContaining("an undirected relation joins one kind: user and item (relation like)");
    }
}
