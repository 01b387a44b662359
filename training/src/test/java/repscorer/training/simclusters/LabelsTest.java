package repscorer.training.simclusters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.entity.EntityKind;
import repscorer.training.graph.EdgeReader;
import repscorer.training.graph.Graph;
import repscorer.training.plan.SimClustersPlan;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.plan.YamlFiles;
import repscorer.training.progress.TrainingProgress;

/** The words of clusters, for two blocks of users that follow each other and use topics that are counted by hand. */
class LabelsTest {

    @TempDir
    Path directory;

    private SimClustersModel train(String topics, String items) throws IOException {
        StringBuilder follows = new StringBuilder();
        for (int block = 0; block < 2; block++) {
            for (int a = 0; a < 6; a++) {
                for (int b = 0; b < 6; b++) {
                    if (a != b) {
                        follows.append("u%s\tu%s\n".formatted(6 * block + a, 6 * block + b));
                    }
                }
            }
        }
        Files.writeString(directory.resolve("f.tsv"), follows);
        Files.writeString(directory.resolve("t.tsv"), topics);
        TrainingPlan plan = YamlFiles.parse(Path.of("p.yaml"), """
                name: p
                simclusters: {follow: follow, communities: 2, social-proof-min: 1, items: %s}
                relations:
                  - {name: follow, files: [f.tsv], head: user, tail: user}
                  - {name: interest, files: [t.tsv], head: user, tail: topic}
                """.formatted(items), TrainingPlan.class);
        Graph graph = EdgeReader.read(plan, directory, TrainingProgress.NONE).graph();
        SimClustersPlan simclusters = plan.simclusters().orElseThrow();
        SimClustersModel model = SimClustersTrainer.train(graph, simclusters, 1, 1, TrainingProgress.NONE);
        assertThat(model.clusters()).isEqualTo(2);
        first = model.knownFor()[graph.entities(EntityKind.USER).ordinal("u0")];
        return model;
    }

    /** The cluster of the first block. */
    private int first;

    @Test
    @DisplayName("S13: a cluster's words are those that its members use most above all others, two at most")
    void wordsAreThoseThatStandOut() throws IOException {
        // First block: art 4 of 5, music 3 of 3, chess 2 of 2, bread 2 of 4, rare 1 of 1; second block: bread 2 and
        // common 3.
        String topics = "u0\tart\nu1\tart\nu2\tart\nu3\tart\nu6\tart\n"
                + "u0\tmusic\nu1\tmusic\nu2\tmusic\n"
                + "u0\tchess\nu1\tchess\n"
                + "u0\tbread\nu1\tbread\nu6\tbread\nu7\tbread\n"
                + "u0\trare\n"
                + "u6\tcommon\nu7\tcommon\nu8\tcommon\n";
        SimClustersModel model = train(topics, "{interest: 1}");
        // n · ln(share inside / share overall): music 3 ln(3/12 ÷ 3/18) = 1.22, art 4 ln(4/12 ÷ 5/18) = .73,
        // chess 2 ln(2/12 ÷ 2/18) = .81, bread below 0, rare of one alone.
        assertThat(model.labels()).containsEntry(first, "music · chess");
        // common 3 ln(3/6 ÷ 3/18) = 3.3, bread 2 ln(2/6 ÷ 4/18) = .81, art of one alone.
        assertThat(model.labels()).containsEntry(1 - first, "common · bread");
    }

    @Test
    @DisplayName(
            "S13: of words that stand out alike the first of the data comes first, and one that does not stand out is none")
    void tiesGoToTheFirstAndWhatDoesNotStandOutIsNone() throws IOException {
        String topics =
                "u0\tb\nu1\tb\nu0\ta\nu1\ta\nu6\ta2\nu7\ta2\nu6\tc\nu7\tc\nu6\tall\nu7\tall\nu0\tall\nu1\tall\n";
        SimClustersModel model = train(topics, "{interest: 1}");
        assertThat(model.labels()).containsEntry(first, "b · a");
        assertThat(model.labels()).containsEntry(1 - first, "a2 · c");
    }

    @Test
    @DisplayName("S13: a topic of one member alone is no word, nor one that others use as much")
    void aTopicOfOneMemberAloneIsNoWord() throws IOException {
        String topics = "u0\tall\nu1\tall\nu6\tall\nu7\tall\nu6\tx\nu7\tx\nu0\tsolo\n";
        SimClustersModel model = train(topics, "{interest: 1}");
        assertThat(model.labels()).containsEntry(first, "all").containsEntry(1 - first, "x");
    }

    @Test
    void withoutItemsThereAreNoWords() throws IOException {
        assertThat(train("u0\tb\nu1\tb\nu6\tc\nu7\tc\n", "{}").labels()).isEmpty();
    }

    @Test
    void aRelationThatIsNotThereIsNamed() throws IOException {
        assertThatThrownBy(() -> {
                    train("u0\tb\n", "{}");
                    TrainingPlan plan = YamlFiles.parse(Path.of("p.yaml"), """
                            name: p
                            simclusters: {follow: interest}
                            relations: [{name: interest, files: [t.tsv], head: user, tail: topic}]
                            """, TrainingPlan.class);
                    Graph graph = EdgeReader.read(plan, directory, TrainingProgress.NONE)
                            .graph();
                    SimClustersTrainer.train(graph, SimClustersPlan.DEFAULT, 1, 1, TrainingProgress.NONE);
                })
                .hasMessage("the graph has no relation 'follow'");
    }
}
