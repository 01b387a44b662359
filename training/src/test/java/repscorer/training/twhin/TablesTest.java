package repscorer.training.twhin;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.entity.EntityKind;
import repscorer.training.TestData;
import repscorer.training.graph.DataException;
import repscorer.training.graph.EdgeReader;
import repscorer.training.graph.Graph;
import repscorer.training.graph.Relation;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.plan.TwhinPlan;
import repscorer.training.plan.TwhinPlan.Optimiser;
import repscorer.training.plan.YamlFiles;
import repscorer.training.progress.TrainingProgress;

/** Rows and their sums: steps of Adagrad, partitions, checkpoints, and what is done to rows after training. */
class TablesTest {

    private static final EntityKind TOPIC = EntityKind.TOPIC;

    @TempDir
    Path directory;

    private final SplittableRandom random = new SplittableRandom(6);

    private Graph graph() throws IOException {
        Files.writeString(directory.resolve("f.tsv"), "a\tb\nb\tc\nc\ta\nd\ta\na\tb\ne\tb\n");
        Files.writeString(directory.resolve("l.tsv"), "a\tx\nb\tx\nd\ty\n");
        TrainingPlan plan = YamlFiles.parse(Path.of("p.yaml"), """
                name: p
                twhin: {}
                relations:
                  - {name: follow, files: [f.tsv], head: user, tail: user}
                  - {name: like, files: [l.tsv], head: user, tail: topic}
                """, TrainingPlan.class);
        return EdgeReader.read(plan, directory, TrainingProgress.NONE).graph();
    }

    // ---- steps ----

    @Test
    @DisplayName("S13: a step is Adagrad's, with a sum per row or per value, on the sphere along it")
    void aStepIsAdagrads() {
        for (Optimiser optimiser : Optimiser.values()) {
            for (boolean unit : new boolean[] {false, true}) {
                int d = 5;
                Table table = new Table(3, d, unit, optimiser);
                table.initialise(random.split(), 1.5);
                double[] row = new double[d];
                double[] squares = new double[d];
                double[] other = new double[d];
                for (int j = 0; j < d; j++) {
                    row[j] = table.rows[d + j];
                    other[j] = table.rows[j];
                }
                for (int step = 0; step < 4; step++) {
                    float[] gradients = TestData.gaussian(3 * d, random);
                    double[] g = new double[d];
                    double along = 0;
                    double norm = 0;
                    for (int j = 0; j < d; j++) {
                        g[j] = gradients[2 * d + j];
                        along += g[j] * row[j];
                        norm += row[j] * row[j];
                    }
                    double square = 0;
                    for (int j = 0; j < d; j++) {
                        g[j] -= unit ? along / norm * row[j] : 0;
                        square += g[j] * g[j] / d;
                    }
                    double length = 0;
                    for (int j = 0; j < d; j++) {
                        squares[j] += optimiser == Optimiser.ADAGRAD ? g[j] * g[j] : square;
                        row[j] -= 0.3 * g[j] / Math.sqrt(squares[j] + 1e-10);
                        length += row[j] * row[j];
                    }
                    for (int j = 0; j < d; j++) {
                        row[j] /= unit ? Math.sqrt(length) : 1;
                    }
                    table.update(1, gradients, 2 * d, 0.3f);
                    for (int j = 0; j < d; j++) {
                        assertThat((double) table.rows[d + j])
                                .as("%s, unit %s, step %s", optimiser, unit, step)
                                .isCloseTo(row[j], Offset.offset(1e-4));
                        assertThat((double) table.rows[j]).isEqualTo(other[j]);
                    }
                }
                int sums = optimiser == Optimiser.ADAGRAD ? 3 * d : 3;
                assertThat(table.squares).hasSize(sums);
                assertThat(table.squares[0]).isZero();
                assertThat((double) table.squares[sums / 3]).isCloseTo(squares[0], Offset.offset(1e-3));
                float[] rowSums = table.rowSums();
                assertThat(rowSums).hasSize(3).startsWith(0).endsWith(0);
                assertThat((double) rowSums[1])
                        .isCloseTo(Arrays.stream(squares).average().orElseThrow(), Offset.offset(1e-3));
                rowSums[1] = 7;
                table.rowSum(2, 0.5f);
                for (int i = 0; i < sums; i++) {
                    assertThat(table.squares[i]).isNotEqualTo(7);
                    assertThat(table.squares[i] == 0.5f).isEqualTo(i >= 2 * sums / 3);
                }
            }
        }
    }

    @Test
    void rowsBeginWithTheNormThatIsAskedFor() {
        Table free = new Table(200, 64, false, Optimiser.ROW_ADAGRAD);
        free.initialise(new SplittableRandom(1), 3);
        double squares = 0;
        for (float value : free.rows) {
            squares += value * value;
        }
        assertThat(Math.sqrt(squares / 200)).isCloseTo(3, Offset.offset(0.1));
        Table unit = new Table(20, 64, true, Optimiser.ROW_ADAGRAD);
        unit.initialise(new SplittableRandom(1), 3);
        for (int row = 0; row < 20; row++) {
            double norm = 0;
            for (int j = 0; j < 64; j++) {
                norm += unit.rows[row * 64 + j] * unit.rows[row * 64 + j];
            }
            assertThat(norm).isCloseTo(1, Offset.offset(1e-5));
        }
        Table zero = new Table(1, 2, true, Optimiser.ROW_ADAGRAD);
        zero.normaliseAll();
        assertThat(zero.rows).containsExactly(0, 0);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Table(1 << 16, 1 << 15, true, Optimiser.ROW_ADAGRAD))
                .withMessage("a table has at most 2^31 values: 65536 rows of dimension 32768");
    }

    @Test
    @DisplayName("S13: what relations multiply by is drawn, each way; what they add begins at 0")
    void whatRelationsMultiplyByIsDrawn() {
        for (String operator : List.of("translation", "diagonal", "complex-diagonal")) {
            TwhinPlan plan = TestData.twhin("dimension: 4, reciprocal: true, operator: " + operator);
            RelationTables relations = RelationTables.of(3, plan, new SplittableRandom(4));
            for (Table each : List.of(relations.values(), relations.inverses())) {
                assertThat(each.count).isEqualTo(3);
                for (float value : each.rows) {
                    assertThat(value == 0).isEqualTo(operator.equals("translation"));
                }
            }
            assertThat(relations.biases().rows).containsOnly(0);
        }
        assertThat(Vectors.of(new float[12], 4).count()).isEqualTo(3);
    }

    // ---- after training ----

    /** Â by the definition: entities of both kinds one after the other, edges counted both ways. */
    private static double[][] adjacency(Graph graph, int users, int n) {
        double[][] counts = new double[n][n];
        for (Relation relation : graph.relations()) {
            int offset = relation.plan().tail().equals(TOPIC) ? users : 0;
            for (int edge = 0; edge < relation.edges(); edge++) {
                int h = relation.heads()[edge];
                int t = offset + relation.tails()[edge];
                counts[h][t]++;
                counts[t][h]++;
            }
        }
        double[] degrees = new double[n];
        for (int i = 0; i < n; i++) {
            degrees[i] = Arrays.stream(counts[i]).sum();
        }
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                counts[i][j] /= Math.sqrt(degrees[i] * degrees[j]);
            }
        }
        return counts;
    }

    @Test
    @DisplayName("S13: smoothing is the mean of the rows and their products with the normalised adjacency")
    void smoothingIsTheMeanOfItsLayers() throws IOException {
        Graph graph = graph();
        int users = graph.entities(EntityKind.USER).count();
        int n = users + graph.entities(TOPIC).count();
        int d = 3;
        Map<EntityKind, Table> tables = new LinkedHashMap<>();
        graph.entities().forEach((kind, index) -> {
            Table table = new Table(index.count(), d, false, Optimiser.ROW_ADAGRAD);
            table.initialise(random.split(), 1);
            tables.put(kind, table);
        });
        double[][] layer = new double[n][d];
        for (int i = 0; i < n; i++) {
            Table table = requireNonNull(tables.get(i < users ? EntityKind.USER : TOPIC));
            int row = i < users ? i : i - users;
            for (int j = 0; j < d; j++) {
                layer[i][j] = table.rows[row * d + j];
            }
        }
        double[][] sum = new double[n][d];
        double[][] adjacency = adjacency(graph, users, n);
        for (int l = 0; l < 3; l++) {
            double[][] next = new double[n][d];
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < d; j++) {
                    sum[i][j] += layer[i][j] / 3;
                    for (int k = 0; k < n; k++) {
                        next[i][j] += adjacency[i][k] * layer[k][j];
                    }
                }
            }
            layer = next;
        }
        Smoothing.apply(graph, tables, 2);
        for (int i = 0; i < n; i++) {
            Table table = requireNonNull(tables.get(i < users ? EntityKind.USER : TOPIC));
            int row = i < users ? i : i - users;
            for (int j = 0; j < d; j++) {
                assertThat((double) table.rows[row * d + j]).isCloseTo(sum[i][j], Offset.offset(1e-5));
            }
        }
        Table unit = new Table(users, d, true, Optimiser.ROW_ADAGRAD);
        System.arraycopy(requireNonNull(tables.get(EntityKind.USER)).rows, 0, unit.rows, 0, unit.rows.length);
        Smoothing.apply(graph, Map.of(EntityKind.USER, unit, TOPIC, requireNonNull(tables.get(TOPIC))), 1);
        double norm = unit.rows[0] * unit.rows[0] + unit.rows[1] * unit.rows[1] + unit.rows[2] * unit.rows[2];
        assertThat(norm).isCloseTo(1, Offset.offset(1e-5));
    }

    @Test
    @DisplayName(
            "S13: a spectral start has orthogonal columns of one length, by the roots of degrees, and the scale's norms")
    void aSpectralStartHasOrthogonalColumns() throws IOException {
        Graph graph = graph();
        for (int d : new int[] {2, 3, 4}) {
            Map<EntityKind, Table> tables = new LinkedHashMap<>();
            graph.entities().forEach((kind, index) -> {
                Table table = new Table(index.count(), d, false, Optimiser.ROW_ADAGRAD);
                table.initialise(random.split(), 1);
                tables.put(kind, table);
            });
            SpectralStart.apply(graph, tables, d, 2.5);
            Propagation propagation = new Propagation(graph);
            double[][] gram = new double[d][d];
            double squares = 0;
            int n = 0;
            for (Map.Entry<EntityKind, Table> each : tables.entrySet()) {
                int[] degrees = propagation.degrees(each.getKey());
                for (int row = 0; row < degrees.length; row++) {
                    n++;
                    for (int i = 0; i < d; i++) {
                        double x = each.getValue().rows[row * d + i];
                        squares += x * x;
                        for (int j = 0; j < d; j++) {
                            gram[i][j] += x * each.getValue().rows[row * d + j] / degrees[row];
                        }
                    }
                }
            }
            assertThat(Math.sqrt(squares / n)).as("the mean norm").isCloseTo(2.5, Offset.offset(1e-3));
            for (int i = 0; i < d; i++) {
                for (int j = 0; j < d; j++) {
                    assertThat(gram[i][j] / gram[0][0])
                            .as("columns %s and %s of %s", i, j, d)
                            .isCloseTo(i == j ? 1 : 0, Offset.offset(2e-3));
                }
            }
        }
    }

    // ---- partitions ----

    private static TwhinPlan parted(int partitions, String more) {
        return TestData.twhin("dimension: 3, partitions: %s%s".formatted(partitions, more));
    }

    @Test
    @DisplayName("S13: partitions are stored and loaded each in its own place, sums too, and read as one table")
    void partitionsAreStoredEachInItsPlace() throws IOException {
        for (String optimiser : List.of("", ", optimiser: adagrad")) {
            for (int count : new int[] {7, 8, 9}) {
                MappedTable mapped = new MappedTable(directory, TOPIC, count, parted(4, optimiser));
                assertThat(mapped.count()).isEqualTo(count);
                int rows = 0;
                for (int p = 0; p < 4; p++) {
                    Table table = mapped.load(p);
                    rows += table.count;
                    for (int i = 0; i < table.rows.length; i++) {
                        table.rows[i] = 100 * p + i;
                    }
                    for (int i = 0; i < table.squares.length; i++) {
                        table.squares[i] = 1000 + 100 * p + i;
                    }
                    mapped.store(p, table);
                }
                assertThat(rows).isEqualTo(count);
                for (int p = 0; p < 4; p++) {
                    Table table = mapped.load(p);
                    for (int i = 0; i < table.rows.length; i++) {
                        assertThat(table.rows[i]).isEqualTo(100 * p + i);
                    }
                    for (int i = 0; i < table.squares.length; i++) {
                        assertThat(table.squares[i]).isEqualTo(1000 + 100 * p + i);
                    }
                }
                float[] all = mapped.all();
                assertThat(all).hasSize(3 * count);
                float[] row = new float[3];
                for (int o = 0; o < count; o++) {
                    mapped.copy(o, row);
                    for (int j = 0; j < 3; j++) {
                        assertThat(row[j]).isEqualTo(100 * (o % 4) + 3 * (o / 4) + j);
                        assertThat(all[3 * o + j]).isEqualTo(row[j]);
                    }
                }
                assertThat(mapped.values().byteSize()).isEqualTo(4L * count * (optimiser.isEmpty() ? 4 : 6));
            }
        }
        try (var left = Files.list(directory)) {
            assertThat(left.filter(p -> p.toString().endsWith(".table"))).isEmpty();
        }
    }

    @Test
    @DisplayName("S13: every bucket is entered once an epoch, beside the one before, with its own edges and rows")
    void everyBucketIsEnteredOnceBesideTheOneBefore() throws IOException {
        Graph graph = graph();
        TwhinPlan plan = parted(3, ", comparator: dot");
        List<Block> blocks = Block.of(graph);
        Buckets buckets = new Buckets(graph, plan, blocks, directory, random);
        assertThat(buckets.count()).isEqualTo(9);
        assertThat(buckets.values()).hasSize(2);
        int[] order = buckets.order(random);
        assertThat(Arrays.stream(order).boxed()).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8);
        for (int i = 1; i < order.length; i++) {
            assertThat(order[i] / 3 == order[i - 1] / 3 || order[i] % 3 == order[i - 1] % 3)
                    .isTrue();
        }
        TreeSet<String> met = new TreeSet<>();
        int edges = 0;
        for (int bucket : order) {
            Buckets.Bucket entered = buckets.enter(bucket);
            int p = bucket / 3;
            int q = bucket % 3;
            for (int b = 0; b < blocks.size(); b++) {
                Block part = entered.blocks().get(b);
                edges += part.edges();
                for (int edge = 0; edge < part.edges(); edge++) {
                    met.add(b + ":" + (part.heads[edge] * 3 + p) + "-" + (part.tails[edge] * 3 + q));
                }
                // What is learnt in one bucket is there in the next, and in the files once it is stored.
                Table heads = entered.heads().get(b);
                for (int i = 0; i < heads.rows.length; i++) {
                    heads.rows[i] = 10 * p + i;
                }
            }
        }
        buckets.store();
        Vectors users = requireNonNull(buckets.vectors().get(EntityKind.USER));
        float[] row = new float[3];
        for (int o = 0; o < users.count(); o++) {
            users.copy(o, row);
            assertThat(row[1]).isEqualTo(10 * (o % 3) + 3 * (o / 3) + 1);
        }
        TreeSet<String> expected = new TreeSet<>();
        int all = 0;
        for (int b = 0; b < blocks.size(); b++) {
            all += blocks.get(b).edges();
            for (int edge = 0; edge < blocks.get(b).edges(); edge++) {
                expected.add(b + ":" + blocks.get(b).heads[edge] + "-" + blocks.get(b).tails[edge]);
            }
        }
        assertThat(met).isEqualTo(expected);
        assertThat(edges).isEqualTo(all);
        Table first = buckets.enter(0).heads().getFirst();
        first.rows[0] = -5;
        assertThat(buckets.enter(1).heads().getFirst())
                .as("the same partition of heads")
                .isSameAs(first);
        Table other = buckets.enter(8).heads().getFirst();
        assertThat(other).isNotSameAs(first);
        users.copy(0, row);
        assertThat(row[0]).as("stored where it makes room").isEqualTo(-5);
        assertThat(buckets.enter(8).heads().getFirst()).isSameAs(other);
        Table again = buckets.enter(0).heads().getFirst();
        assertThat(again).isNotSameAs(first);
        again.rows[0] = 0;
        buckets.store();
        again.rows[0] = 99;
        buckets.forget();
        assertThat(buckets.enter(0).heads().getFirst().rows[0]).isZero();
    }

    @Test
    @DisplayName("S13: partitions begin each with rows of its own, of the norm that whole tables have")
    void partitionsBeginWithRowsOfTheirOwn() throws IOException {
        for (boolean unit : new boolean[] {false, true}) {
            MappedTable mapped = new MappedTable(
                    directory, TOPIC, 60, parted(2, unit ? ", comparator: cosine" : ", comparator: dot"));
            mapped.initialise(new SplittableRandom(3), 2);
            double squares = 0;
            float[] row = new float[3];
            float[] other = new float[3];
            for (int o = 0; o < 60; o++) {
                mapped.copy(o, row);
                double norm = row[0] * row[0] + row[1] * row[1] + row[2] * row[2];
                if (unit) {
                    assertThat(norm).isCloseTo(1, Offset.offset(1e-5));
                }
                squares += norm;
                mapped.copy(o ^ 1, other);
                assertThat(other).as("the same place of the other partition").isNotEqualTo(row);
            }
            assertThat(squares / 60).isCloseTo(unit ? 1 : 4, Offset.offset(unit ? 1e-5 : 1.5));
        }
        Buckets buckets = new Buckets(graph(), parted(2, ", comparator: cosine"), Block.of(graph()), directory, random);
        for (float value : buckets.enter(3).tails().getFirst().rows) {
            assertThat(value).isNotZero();
        }
    }

    // ---- edges ----

    @Test
    @DisplayName("S13: an edge weighs its own by its relation's, in parts too")
    void anEdgeWeighsItsOwnByItsRelations() throws IOException {
        for (String weights : List.of("1 2 3 2", "2 2 2 2", "2 2 2 3", "3 2 2 2")) {
            String[] each = weights.split(" ");
            Files.writeString(
                    directory.resolve("w.tsv"), "a\tb\t%s\nb\tc\t%s\nc\ta\t%s\nd\ta\t%s\n".formatted((Object[]) each));
            TrainingPlan plan = YamlFiles.parse(Path.of("p.yaml"), """
                    name: p
                    twhin: {}
                    relations:
                      - {name: follow, files: [w.tsv], columns: [head, tail, weight], weight: 4, head: user, tail: user}
                    """, TrainingPlan.class);
            Graph graph =
                    EdgeReader.read(plan, directory, TrainingProgress.NONE).graph();
            Block block = Block.of(graph).getFirst();
            assertThat(block.edges()).isEqualTo(4);
            for (int edge = 0; edge < 4; edge++) {
                String head = graph.entities(EntityKind.USER).value(block.heads[edge]);
                float expected = 4 * Float.parseFloat(each["abcd".indexOf(head)]);
                assertThat(block.weight(edge)).isEqualTo(expected);
                assertThat(block.part(new int[] {0, 1, 2, 3}, edge, 4, 2).weight(0))
                        .isEqualTo(expected);
            }
        }
    }

    // ---- checkpoints ----

    private static TrainingState state() {
        TrainingState state = new TrainingState();
        state.epoch = 3;
        state.bucket = 2;
        state.step = 8;
        state.halfEdges = 1L << 33;
        state.lossSum = 1.25;
        state.lossWeight = 0.5;
        state.losses.addAll(List.of(3.0, 2.0, 1.5));
        state.validation.put(1, 0.25);
        state.validation.put(2, 0.125);
        state.lastValidation = 0.125;
        state.bestValidation = 0.25;
        state.bestEpoch = 1;
        state.best.add(new float[] {1, 2, 3});
        state.best.add(new float[0]);
        return state;
    }

    @Test
    @DisplayName("S13: a checkpoint brings back every number of a run, tables of several chunks too")
    void aCheckpointBringsBackEveryNumber() throws IOException {
        Path file = directory.resolve("run.checkpoint");
        float[] rows = TestData.gaussian((1 << 15) + 77, random);
        float[] sums = {4, 5};
        Checkpoint written =
                new Checkpoint(file, "f", List.of(MemorySegment.ofArray(rows), MemorySegment.ofArray(sums)), state());
        assertThat(written.exists()).isFalse();
        written.write();
        assertThat(written.exists()).isTrue();
        float[] rowsRead = new float[rows.length];
        float[] sumsRead = new float[2];
        TrainingState read = new TrainingState();
        List<MemorySegment> into = List.of(MemorySegment.ofArray(rowsRead), MemorySegment.ofArray(sumsRead));
        new Checkpoint(file, "f", into, read).read();
        assertThat(rowsRead).isEqualTo(rows);
        assertThat(sumsRead).isEqualTo(sums);
        assertThat(read).usingRecursiveComparison().isEqualTo(state());
        assertThatThrownBy(() -> new Checkpoint(file, "g", into, new TrainingState()).read())
                .isInstanceOf(DataException.class)
                .hasMessageEndingWith("is of another plan, seed or data; delete it to begin anew");
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length - 3));
        assertThatThrownBy(() -> new Checkpoint(file, "f", into, new TrainingState()).read())
                .hasMessageEndingWith("is cut off");
        byte[] end = whole.clone();
        end[end.length - 1]++;
        Files.write(file, end);
        assertThatThrownBy(() -> new Checkpoint(file, "f", into, new TrainingState()).read())
                .hasMessageEndingWith("is damaged");
        byte[] start = whole.clone();
        start[0]++;
        Files.write(file, start);
        assertThatThrownBy(() -> new Checkpoint(file, "f", into, new TrainingState()).read())
                .hasMessageEndingWith("is no checkpoint");
        written.delete();
        assertThat(written.exists()).isFalse();
        assertThat(directory.resolve("run.checkpoint.tmp")).doesNotExist();
    }

    @Test
    void aFingerprintTellsPlansSeedsAndDataApart() throws IOException {
        Graph graph = graph();
        TwhinPlan plan = TestData.twhin("dimension: 3");
        String one = Checkpoint.fingerprint(graph, plan, 1);
        assertThat(Checkpoint.fingerprint(graph, plan, 1)).isEqualTo(one);
        assertThat(Checkpoint.fingerprint(graph, plan, 2)).isNotEqualTo(one);
        assertThat(Checkpoint.fingerprint(graph, TestData.twhin("dimension: 4"), 1))
                .isNotEqualTo(one);
    }

    @Test
    @DisplayName("S13: the best look is kept, looks since are counted, and its rows come back")
    void theBestLookIsKept() {
        TrainingState state = new TrainingState();
        assertThat(state.loss()).isZero();
        Table table = new Table(1, 2, false, Optimiser.ROW_ADAGRAD);
        double[] figures = {0.2, 0.5, 0.5, 0.4};
        for (int epoch = 1; epoch <= figures.length; epoch++) {
            state.lossSum = epoch;
            state.lossWeight = 2;
            state.bucket = 4;
            state.step = 5;
            state.halfEdges = 6;
            assertThat(state.loss()).isEqualTo(epoch / 2.0);
            state.endEpoch();
            table.rows[0] = epoch;
            state.validated(figures[epoch - 1], List.of(table));
        }
        assertThat(new long[] {state.epoch, state.bucket, state.step, state.halfEdges})
                .containsExactly(4, 0, 0, 0);
        assertThat(state.lossSum).isZero();
        assertThat(state.loss()).as("the last epoch's").isEqualTo(2);
        assertThat(state.losses).containsExactly(0.5, 1.0, 1.5, 2.0);
        assertThat(state.bestEpoch).isEqualTo(2);
        assertThat(state.bestValidation).isEqualTo(0.5);
        assertThat(state.lastValidation).isEqualTo(0.4);
        assertThat(state.looksSinceBest()).isEqualTo(2);
        state.restoreBest(List.of(table));
        assertThat(table.rows[0]).isEqualTo(2);
        state.step = 7;
        state.endBucket();
        assertThat(new int[] {state.bucket, state.step}).containsExactly(1, 0);
    }
}
