package repscorer.training.twhin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
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

    /** Graphs of fewer directions than dimensions, which the seed draws. */
    static List<Arguments> narrowGraphs() {
        SplittableRandom random = new SplittableRandom(4);
        List<String> genres = new ArrayList<>();
        for (int user = 0; user < 500; user++) {
            genres.add("u%s\tg%s".formatted(user, user % 12));
            genres.add("u%s\tg%s".formatted(user, (user + 1 + random.nextInt(11)) % 12));
        }
        List<String> club = new ArrayList<>();
        for (int member = 1; member < 34; member++) {
            club.add("m%s\tm%s".formatted(member, random.nextInt(member)));
            club.add("m%s\tm%s".formatted(member, member % 2));
        }
        List<String> star =
                IntStream.rangeClosed(1, 30).mapToObj(i -> "centre\tl" + i).toList();
        return List.of(
                Arguments.of("a club of 34 at 32", "user", club, 32),
                Arguments.of("500 users and 12 genres at 64", "genre", genres, 64),
                Arguments.of("a star at 8", "user", star, 8),
                Arguments.of("a star of two kinds at 8", "leaf", star, 8),
                Arguments.of("one edge at 16", "item", List.of("a\tb"), 16),
                Arguments.of("a path of four at 128", "user", List.of("a\tb", "b\tc", "c\td"), 128));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("narrowGraphs")
    @DisplayName(
            "E6: where a graph has fewer directions than dimensions the spare ones are filled, and no value is NaN")
    void spareDirectionsAreFilled(String name, String tail, List<String> edges, int d) throws IOException {
        for (String comparator : List.of("dot", "cosine")) {
            Files.write(directory.resolve("edges.tsv"), edges);
            TrainingPlan plan =
                    YamlFiles.parse(Path.of("narrow.yaml"), """
                    name: narrow
                    bad-rows-max: 0.1
                    relations: [{name: like, files: [edges.tsv], head: user, tail: %s}]
                    twhin: {dimension: %s, epochs: 1, initial: spectral, comparator: %s}
                    """.formatted(tail, d, comparator), TrainingPlan.class);
            Graph graph =
                    EdgeReader.read(plan, directory, TrainingProgress.NONE).graph();
            Map<EntityKind, Table> tables = new LinkedHashMap<>();
            SplittableRandom random = new SplittableRandom(2);
            graph.entities().forEach((kind, index) -> {
                Table table = new Table(index.count(), d, comparator.equals("cosine"), Optimiser.ROW_ADAGRAD);
                table.initialise(random.split(), 1);
                tables.put(kind, table);
            });
            SpectralStart.apply(graph, tables, d, 1);
            float[] columns = new float[d];
            tables.values().forEach(table -> {
                for (int i = 0; i < table.rows.length; i++) {
                    assertThat(table.rows[i]).isFinite();
                    columns[i % d] += Math.abs(table.rows[i]);
                }
            });
            assertThat(columns).as("a column of zeros would never be trained").doesNotContain(0);
            assertThat(TwhinTrainer.train(graph, plan.twhin().orElseThrow(), 1, 1, TrainingProgress.NONE)
                            .losses()
                            .getFirst())
                    .isFinite();
        }
    }

    /** A star's two directions are told by hand: leaves say all the same, and the centre agrees with each of them. */
    @Test
    @DisplayName("E6: what a star has to say stands out of its spare directions")
    void aStarKeepsItsDirections() throws IOException {
        Files.write(
                directory.resolve("edges.tsv"),
                IntStream.rangeClosed(1, 30).mapToObj(i -> "centre\tl" + i).toList());
        TrainingPlan plan = YamlFiles.parse(Path.of("star.yaml"), """
                name: star
                relations: [{name: like, files: [edges.tsv], head: user, tail: item}]
                twhin: {dimension: 8}
                """, TrainingPlan.class);
        Graph graph = EdgeReader.read(plan, directory, TrainingProgress.NONE).graph();
        Map<EntityKind, Table> tables = new LinkedHashMap<>();
        SplittableRandom random = new SplittableRandom(2);
        for (EntityKind kind : List.of(EntityKind.USER, ITEM)) {
            Table table = new Table(graph.entities(kind).count(), 8, false, Optimiser.ROW_ADAGRAD);
            table.initialise(random.split(), 1);
            tables.put(kind, table);
        }
        SpectralStart.apply(graph, tables, 8, 1);
        for (int leaf = 0; leaf < 30; leaf++) {
            assertThat(cosine(rows(tables, EntityKind.USER), 0, rows(tables, ITEM), leaf, 8))
                    .isGreaterThan(0.95);
            assertThat(cosine(rows(tables, ITEM), leaf, rows(tables, ITEM), (leaf + 1) % 30, 8))
                    .isGreaterThan(0.95);
        }
    }

    /**
     * The path a - x - b - y has degrees 1, 2, 2, 1 and the eigenvectors below, of 1, 1/2 and -1/2; what is of -1 is dropped, and
     * two of five columns are spare.
     */
    @Test
    @DisplayName("E6: of a path each column is an eigenvector, and a spare one is short and as it was drawn")
    void columnsOfAPathAreItsEigenvectors() throws IOException {
        Files.writeString(directory.resolve("edges.tsv"), "a\tx\nb\tx\nb\ty\n");
        TrainingPlan plan = YamlFiles.parse(Path.of("path.yaml"), """
                name: path
                relations: [{name: like, files: [edges.tsv], head: user, tail: item}]
                twhin: {dimension: 5}
                """, TrainingPlan.class);
        Graph graph = EdgeReader.read(plan, directory, TrainingProgress.NONE).graph();
        double[] degrees = {1, 2, 2, 1};
        double r = Math.sqrt(2);
        double[][] eigenvectors = {{1, r, r, 1}, {r, 1, -1, -r}, {r, -1, -1, r}};
        for (boolean unit : new boolean[] {false, true}) {
            Map<EntityKind, Table> tables = new LinkedHashMap<>();
            SplittableRandom random = new SplittableRandom(8);
            for (EntityKind kind : List.of(EntityKind.USER, ITEM)) {
                Table table = new Table(2, 5, unit, Optimiser.ROW_ADAGRAD);
                table.initialise(random.split(), 1);
                tables.put(kind, table);
            }
            double[][] drawn = alongThePath(graph, tables);
            SpectralStart.apply(graph, tables, 5, 2);
            double[][] columns = alongThePath(graph, tables);
            double[][] expected = new double[4][5];
            double squares = 0;
            for (int node = 0; node < 4; node++) {
                for (int j = 0; j < 5; j++) {
                    double value =
                            j < 3 ? eigenvectors[j][node] / Math.sqrt(6) : 0.03 * drawn[node][j] / columnNorm(drawn, j);
                    double sign = j < 3 ? Math.signum(columns[0][j] * eigenvectors[j][0]) : 1;
                    expected[node][j] = sign * Math.sqrt(degrees[node]) * value;
                    squares += expected[node][j] * expected[node][j];
                }
            }
            for (int node = 0; node < 4; node++) {
                double norm =
                        Math.sqrt(Arrays.stream(expected[node]).map(x -> x * x).sum());
                double factor = unit ? 1 / norm : 2 / Math.sqrt(squares / 4);
                for (int j = 0; j < 5; j++) {
                    assertThat(columns[node][j])
                            .as("unit %s, node %s, column %s", unit, node, j)
                            .isCloseTo(factor * expected[node][j], within(j < 3 ? 2e-3 : 1e-4));
                }
            }
        }
    }

    private static double[][] alongThePath(Graph graph, Map<EntityKind, Table> tables) {
        double[][] values = new double[4][5];
        for (int node = 0; node < 4; node++) {
            EntityKind kind = node % 2 == 0 ? EntityKind.USER : ITEM;
            int row = graph.entities(kind).ordinal(List.of("a", "x", "b", "y").get(node));
            for (int j = 0; j < 5; j++) {
                values[node][j] = rows(tables, kind)[5 * row + j];
            }
        }
        return values;
    }

    private static double columnNorm(double[][] values, int j) {
        return Math.sqrt(
                Arrays.stream(values).mapToDouble(row -> row[j] * row[j]).sum());
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
