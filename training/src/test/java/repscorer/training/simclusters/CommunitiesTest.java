package repscorer.training.simclusters;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.testing.PlantedGraph;
import repscorer.testing.Seeds;
import repscorer.training.graph.EdgeReader;
import repscorer.training.graph.EntityIndex;
import repscorer.training.graph.Relation;
import repscorer.training.plan.SimClustersPlan;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.plan.YamlFiles;
import repscorer.training.progress.TrainingProgress;

class CommunitiesTest {

    private static final int NODES = 1200;
    private static final int PLANTED = 30;

    @TempDir
    Path directory;

    @Test
    void plantedCommunitiesAreFoundWithNmiAbovePoint9AtMixingPoint3() throws IOException {
        PlantedGraph planted = PlantedGraph.draw(Seeds.random("CommunitiesTest"), NODES, PLANTED, 15, 0.3);
        Net net = read(planted);
        Communities found = Communities.find(net.similar, net.plan, 1, TrainingProgress.NONE);
        double nmi = PlantedGraph.normalisedMutualInformation(net.truth(planted), found.of());
        assertThat(nmi).as("NMI of %s communities", found.count()).isGreaterThan(0.9);
    }

    @Test
    void withoutPlantedStructureNmiIsLow() throws IOException {
        PlantedGraph planted = PlantedGraph.draw(Seeds.random("CommunitiesTest"), NODES, PLANTED, 15, 0.95);
        Net net = read(planted);
        Communities found = Communities.find(net.similar, net.plan, 1, TrainingProgress.NONE);
        assertThat(PlantedGraph.normalisedMutualInformation(net.truth(planted), found.of()))
                .isLessThan(0.8); // the test above can fail
    }

    @Test
    void communitiesFoundFromNothingAreNumberedBySize() throws IOException {
        Net net = read(PlantedGraph.draw(Seeds.random("CommunitiesTest"), NODES, PLANTED, 15, 0.3));
        Communities found = Communities.find(net.similar, net.plan, 1, TrainingProgress.NONE);
        int[] sizes = sizes(found);
        for (int c = 0; c < found.count(); c++) {
            assertThat(found.numbers()[c]).isEqualTo(c);
            assertThat(sizes[c]).isBetween(2, c == 0 ? NODES : sizes[c - 1]);
        }
        assertThat(found.insideShare(net.similar)).isBetween(0.3, 1.0);
    }

    @Test
    void anEarlierRunKeepsItsNumbersAndTakesInNewProducers() throws IOException {
        Net net = read(PlantedGraph.draw(Seeds.random("CommunitiesTest"), NODES, PLANTED, 15, 0.2));
        Communities first = Communities.find(net.similar, net.plan, 1, TrainingProgress.NONE);
        int[] numberOf = new int[NODES];
        for (int p = 0; p < NODES; p++) {
            // Numbers with gaps, and every tenth producer new.
            numberOf[p] = p % 10 == 3 || first.of()[p] < 0 ? -1 : 100 + 7 * first.of()[p];
        }
        Communities second = Communities.find(net.similar, net.plan, KnownFor.of(numberOf), 99, TrainingProgress.NONE);
        int kept = 0;
        int joined = 0;
        for (int p = 0; p < NODES; p++) {
            boolean same = second.of()[p] >= 0
                    && first.of()[p] >= 0
                    && second.numbers()[second.of()[p]] == 100 + 7 * first.of()[p];
            kept += same ? 1 : 0;
            joined += same && p % 10 == 3 ? 1 : 0;
        }
        assertThat(kept).isGreaterThan(NODES * 9 / 10);
        assertThat(joined).isGreaterThan(NODES / 10 * 8 / 10);
        assertThat(second.numbers()).isSorted();
        assertThat(second.epochs()).isLessThanOrEqualTo(first.epochs());
    }

    @Test
    void aNeighbourhoodWithoutAnEarlierCommunityFoundsOneUnderAFreshNumber() throws IOException {
        Net net = read(PlantedGraph.draw(Seeds.random("CommunitiesTest"), NODES, PLANTED, 15, 0.0));
        Communities first = Communities.find(net.similar, net.plan, 1, TrainingProgress.NONE);
        int[] numberOf =
                Arrays.stream(first.of()).map(c -> c == 0 || c < 0 ? -1 : c).toArray();
        Communities second = Communities.find(net.similar, net.plan, KnownFor.of(numberOf), 1, TrainingProgress.NONE);
        int member = 0;
        while (first.of()[member] != 0) {
            member++;
        }
        assertThat(second.of()[member]).isNotNegative();
        assertThat(second.numbers()[second.of()[member]]).isGreaterThanOrEqualTo(first.count());
    }

    private static int[] sizes(Communities found) {
        int[] sizes = new int[found.count()];
        for (int c : found.of()) {
            if (c >= 0) {
                sizes[c]++;
            }
        }
        return sizes;
    }

    private record Net(EntityIndex users, SimilarityGraph similar, SimClustersPlan plan) {

        int[] truth(PlantedGraph planted) {
            int[] truth = new int[users.count()];
            for (int u = 0; u < truth.length; u++) {
                truth[u] = planted.community()[Integer.parseInt(users.value(u))];
            }
            return truth;
        }
    }

    private Net read(PlantedGraph planted) throws IOException {
        StringBuilder rows = new StringBuilder();
        for (int[] edge : planted.edges()) {
            rows.append(edge[0]).append('\t').append(edge[1]).append('\n');
        }
        Files.writeString(directory.resolve("f.tsv"), rows);
        TrainingPlan plan = YamlFiles.parse(Path.of("p.yaml"), """
                name: p
                simclusters: {follow: follow, communities: 90}
                relations: [{name: follow, files: [f.tsv], head: user, tail: user}]
                """, TrainingPlan.class);
        Relation follow = EdgeReader.read(plan, directory, TrainingProgress.NONE)
                .graph()
                .relation("follow")
                .orElseThrow();
        SimClustersPlan simclusters = plan.simclusters().orElseThrow();
        return new Net(
                follow.tailEntities(),
                SimilarityGraph.of(
                        follow.byHead(),
                        follow.byTail(),
                        SimilarityGraph.Cut.of(simclusters),
                        1,
                        TrainingProgress.NONE),
                simclusters);
    }
}
