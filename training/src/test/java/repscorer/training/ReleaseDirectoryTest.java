package repscorer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.training.graph.DataException;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.plan.YamlFiles;
import repscorer.training.progress.TrainingProgress;

class ReleaseDirectoryTest {

    private static final String ALL =
            "history: true}\nhold-out: {follow: 0.1}\nsimclusters: {follow: follow, communities: 4}";

    @TempDir
    Path directory;

    private Path data;
    private Path out;

    @BeforeEach
    void writeEdges() throws IOException {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            for (int step : new int[] {1, 2, 5}) {
                rows.append(i).append('\t').append((i + step) % 60).append('\n');
            }
        }
        data = Files.createDirectory(directory.resolve("data"));
        Files.writeString(data.resolve("f.tsv"), rows);
        out = directory.resolve("out");
    }

    private static TrainingPlan plan(String rest) {
        return YamlFiles.parse(Path.of("p.yaml"), """
                name: p
                relations:
                - {name: follow, files: [f.tsv], head: user, tail: user, %s
                twhin: {dimension: 8, epochs: 2}
                """.formatted(rest), TrainingPlan.class);
    }

    private void train(String rest) throws IOException {
        Trainer.train(plan(rest), data, out, TrainingProgress.NONE);
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private Map<String, String> contents() throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(out)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                contents.put(out.relativize(file).toString(), java.util.Arrays.hashCode(Files.readAllBytes(file)) + "");
            }
        }
        return contents;
    }

    @Test
    @DisplayName("E3 a release in a used directory holds what its plan makes and nothing of the one before")
    void nothingStaleStays() throws IOException {
        train(ALL);
        assertThat(names(out)).contains("history-follow.emb", "simclusters-interest.emb");
        Files.writeString(out.resolve("evaluation.html"), "<p>of a person");
        train("history: false}");
        assertThat(names(out))
                .containsExactly("evaluation.html", "steps", "training.json", "twhin-relation.emb", "twhin-user.emb");
        assertThat(names(directory)).containsExactly("data", "out");
    }

    @Test
    @DisplayName("E3 a run that fails while it writes or judges leaves the release as it was")
    void aFailedRunReplacesNothing() throws IOException {
        train(ALL);
        Map<String, String> before = contents();
        for (String stage : List.of("write", "evaluate")) {
            TrainingProgress failing = (at, done, total, note) -> {
                if (at.equals(stage) && done > 0) {
                    throw new IllegalStateException("no space left");
                }
            };
            assertThatThrownBy(() -> Trainer.train(plan(ALL).withSeed(9), data, out, failing))
                    .hasMessageContaining("no space left");
            assertThat(contents()).isEqualTo(before);
            assertThat(names(directory)).containsExactly("data", "out");
        }
    }

    @Test
    @DisplayName("E3 data that cannot be used leave the release as it was")
    void badDataReplaceNothing() throws IOException {
        train(ALL);
        Map<String, String> before = contents();
        Files.writeString(data.resolve("f.tsv"), "one column\n");
        assertThatThrownBy(() -> train(ALL)).isInstanceOf(DataException.class);
        assertThat(contents()).isEqualTo(before);
    }

    @Test
    @DisplayName("E3 an interrupted run over a release leaves it with the checkpoint, and goes on to replace it")
    void anInterruptedRunGoesOn() throws IOException {
        train(ALL);
        Map<String, String> before = contents();
        TrainingPlan other = plan("history: false}").withSeed(2);
        assertThatThrownBy(() -> Trainer.train(other, data, out, new StopsAt(0.5)))
                .isInstanceOf(CancellationException.class);
        Map<String, String> stopped = contents();
        assertThat(stopped.remove(Trainer.CHECKPOINT)).isNotNull();
        assertThat(stopped).isEqualTo(before);
        Trainer.Options resume = new Trainer.Options(true, Optional.empty(), Optional.empty());
        Trainer.train(other, data, out, resume, TrainingProgress.NONE);
        assertThat(names(out)).containsExactly("steps", "training.json", "twhin-relation.emb", "twhin-user.emb");
    }

    @Test
    @DisplayName("E3 what a killed run left beside the directory is put right")
    void aKilledRunIsPutRight() throws IOException {
        train(ALL);
        Map<String, String> before = contents();
        Files.writeString(out.resolve("notes.txt"), "kept");
        Files.move(out, directory.resolve("out.replaced")); // killed between two renames
        Files.createDirectory(directory.resolve("out.writing"));
        Files.writeString(directory.resolve("out.writing").resolve("twhin-user.emb"), "torn");
        try (ReleaseDirectory release = ReleaseDirectory.open(out)) {
            assertThat(names(release.aside())).isEmpty();
            assertThat(names(out)).contains("notes.txt");
            assertThat(contents().keySet()).containsAll(before.keySet());
        }
        Files.createDirectory(directory.resolve("out.replaced")); // killed after both
        Files.writeString(directory.resolve("out.replaced").resolve("page.html"), "kept");
        Files.writeString(directory.resolve("out.replaced").resolve("twhin-user.emb"), "old");
        train(ALL);
        assertThat(names(out)).contains("notes.txt", "page.html");
        assertThat(contents().keySet()).containsAll(before.keySet());
        assertThat(names(directory)).containsExactly("data", "out");
    }

    @Test
    @DisplayName("E3 a link to a directory stays a link")
    void aLinkStays() throws IOException {
        Path real = Files.createDirectory(directory.resolve("real"));
        Files.createSymbolicLink(out, real);
        train(ALL);
        train("history: false}");
        assertThat(out).isSymbolicLink();
        assertThat(names(real)).containsExactly("steps", "training.json", "twhin-relation.emb", "twhin-user.emb");
    }
}
