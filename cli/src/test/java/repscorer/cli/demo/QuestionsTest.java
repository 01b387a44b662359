package repscorer.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import repscorer.core.entity.EntityId;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.plan.YamlFiles;

/** Every shipped file of questions can be asked, and belongs to a shipped training plan. */
class QuestionsTest {

    private static final Path CONFIG =
            Path.of(System.getProperty("repscorer.root", "..")).resolve("config");

    @Test
    void everyFileLoadsAndBelongsToAPlan() throws IOException {
        try (Stream<Path> entries = Files.list(CONFIG.resolve("demo"))) {
            List<Path> files = entries.toList();
            assertThat(files).hasSizeGreaterThanOrEqualTo(2);
            for (Path file : files) {
                for (Questions.Question question :
                        YamlFiles.read(file, Questions.class).questions()) {
                    assertThat(CONFIG.resolve("surfaces/" + question.surface() + ".yaml"))
                            .exists();
                    if (question.text().isEmpty()) {
                        assertThat(EntityId.parse(question.source()).toString()).isEqualTo(question.source());
                    }
                    assertThat(question.request(true).k()).isBetween(1, 100);
                }
                Path plan = CONFIG.resolve("training").resolve(file.getFileName());
                assertThat(YamlFiles.read(plan, TrainingPlan.class).name() + ".yaml")
                        .isEqualTo(file.getFileName().toString());
            }
        }
    }

    @Test
    void keysLeftOutHaveDefaults() {
        Questions questions = YamlFiles.parse(
                Path.of("q.yaml"), "questions: [{title: t, surface: follow, source: 'user:1'}]", Questions.class);
        assertThat(questions.questions())
                .containsExactly(new Questions.Question("t", "follow", "user:1", "", List.of(), List.of(), 5));
        assertThat(questions.questions().getFirst().request(false).filters()).isNull();
    }
}
