package repscorer.training.twhin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.entity.EntityKind;
import repscorer.training.graph.EdgeReader;
import repscorer.training.graph.Graph;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.plan.TwhinPlan.Optimiser;
import repscorer.training.plan.YamlFiles;
import repscorer.training.progress.TrainingProgress;

class SpectralStartTest {

    private static final EntityKind ITEM = new EntityKind("item");

    @TempDir
    Path directory;

    /**
     * Groups that share no edge have eigenvalue 1 each, and vectors √deg on one group: with as many dimensions as groups, rows of
     * one group are parallel, rows of two are orthogonal, and √deg times the vector makes all rows of a group deg long.
     */
    @Test
    void separatesGroupsThatShareNoEdge() throws IOException {
        int groups = 5;
        SplittableRandom random = new SplittableRandom(9);
        List<String> edges = new ArrayList<>();
        for (int group = 0; group < groups; group++) {
            for (int user = 0; user < 20; user++) {
                for (int item = 0; item < 12; item++) {
                    if (item == user % 12 || random.nextDouble() < 0.4) {
                        edges.add("%s\t%s".formatted(20 * group + user, 12 * group + item));
                    }
                }
            }
        }
        Files.write(directory.resolve("edges.tsv"), edges);
        TrainingPlan plan = YamlFiles.parse(Path.of("groups.yaml"), """
                name: groups
                bad-rows-max: 0
                relations: [{name: like, files: [edges.tsv], head: user, tail: item}]
                twhin: {dimension: 5}
                """, TrainingPlan.class);
        Graph graph = EdgeReader.read(plan, directory, TrainingProgress.NONE).graph();
        Map<EntityKind, Table> tables = new LinkedHashMap<>();
        for (EntityKind kind : List.of(EntityKind.USER, ITEM)) {
            Table table = new Table(graph.entities(kind).count(), groups, false, Optimiser.ROW_ADAGRAD);
            table.initialise(random.split(), 1);
            tables.put(kind, table);
        }
        SpectralStart.apply(graph, tables, groups, 1);

        int[] degrees = new Propagation(graph).degrees(ITEM);
        double ratio = squares(rows(tables, ITEM), 0, groups) / ((double) degrees[0] * degrees[0]);
        for (int user = 0; user < 20 * groups; user++) {
            int userGroup = Integer.parseInt(graph.entities(EntityKind.USER).value(user)) / 20;
            for (int item = 0; item < 12 * groups; item++) {
                int itemGroup = Integer.parseInt(graph.entities(ITEM).value(item)) / 12;
                double cosine = cosine(rows(tables, EntityKind.USER), user, rows(tables, ITEM), item, groups);
                assertThat(cosine).isCloseTo(userGroup == itemGroup ? 1 : 0, within(0.02));
            }
        }
        assertThat(squares(rows(tables, ITEM), 1, groups) / ((double) degrees[1] * degrees[1]))
                .isCloseTo(ratio, within(0.05 * ratio));
    }

    private static float[] rows(Map<EntityKind, Table> tables, EntityKind kind) {
        return Objects.requireNonNull(tables.get(kind)).rows;
    }

    private static double cosine(float[] a, int i, float[] b, int j, int d) {
        double dot = 0;
        double aa = 0;
        double bb = 0;
        for (int k = 0; k < d; k++) {
            dot += a[i * d + k] * b[j * d + k];
            aa += a[i * d + k] * a[i * d + k];
            bb += b[j * d + k] * b[j * d + k];
        }
        return dot / Math.sqrt(aa * bb);
    }

    private static double squares(float[] rows, int row, int d) {
        double sum = 0;
        for (int k = row * d; k < row * d + d; k++) {
            sum += rows[k] * rows[k];
        }
        return sum;
    }
}
