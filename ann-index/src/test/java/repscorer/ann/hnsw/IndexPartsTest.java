package repscorer.ann.hnsw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import repscorer.ann.HnswParameters;
import repscorer.ann.OrdinalFilter;
import repscorer.ann.SearchOptions;
import repscorer.testing.BruteForce;
import repscorer.testing.Seeds;
import repscorer.vector.ByteRows;
import repscorer.vector.DenseRows;
import repscorer.vector.HalfRows;
import repscorer.vector.Metric;
import repscorer.vector.VectorOps;

/** Parts of an index, each beside a plain one of maps and lists. */
class IndexPartsTest {

    private final RandomGenerator random = Seeds.random("IndexPartsTest");

    private float[][] drawn(int n, int d) {
        float[][] drawn = new float[n][d];
        for (float[] row : drawn) {
            for (int j = 0; j < d; j++) {
                row[j] = (float) random.nextGaussian();
            }
        }
        return drawn;
    }

    // ---- equal rows ----

    @Test
    @DisplayName("V11: copies are chained after their node in the order in which they came, and stay so in more room")
    void copiesAreChainedInTheirOrder() {
        Copies copies = new Copies(60);
        assertThat(copies.isEmpty()).isTrue();
        assertThat(copies.bytes()).isZero();
        assertThat(copies.next(3)).isEqualTo(Graph.NONE);
        assertThat(copies.node(3)).isEqualTo(3);
        OrdinalFilter even = new OrdinalFilter() {
            @Override
            public boolean accepts(int row) {
                return row % 2 == 0;
            }

            @Override
            public int accepted(int count) {
                return (count + 1) / 2;
            }
        };
        assertThat(copies.nodes(even)).isSameAs(even);
        Map<Integer, List<Integer>> model = new HashMap<>();
        int[] nodes = new int[120];
        for (int row = 0; row < 120; row++) {
            int node = row < 4 || random.nextInt(4) == 0 ? row : random.nextInt(4);
            nodes[row] = node;
            if (row == 60) {
                copies = copies.grown(120);
            }
            if (node != row) {
                copies.add(node, row);
                model.computeIfAbsent(node, each -> new ArrayList<>()).add(row);
            }
        }
        for (Copies each : List.of(copies, Copies.of(nodes), copies.grown(200))) {
            assertThat(each.isEmpty()).isFalse();
            int count = 0;
            OrdinalFilter accepted = each.nodes(even);
            assertThat(accepted.accepted(120)).isEqualTo(60);
            assertThat(accepted.next(7, 120)).isEqualTo(8);
            for (int row = 0; row < 120; row++) {
                assertThat(each.node(row)).isEqualTo(nodes[row]);
                if (nodes[row] == row) {
                    List<Integer> chain = new ArrayList<>();
                    for (int next = each.next(row); next >= 0; next = each.next(next)) {
                        chain.add(next);
                    }
                    assertThat(chain).isEqualTo(model.getOrDefault(row, List.of()));
                    count += chain.size();
                    assertThat(accepted.accepts(row))
                            .isEqualTo(row % 2 == 0 || chain.stream().anyMatch(next -> next % 2 == 0));
                }
            }
            assertThat(each.count()).isEqualTo(count);
        }
        assertThat(copies.bytes()).isEqualTo(8L * 120);
        assertThat(new Copies(5).grown(9).isEmpty()).isTrue();
    }

    @Test
    @DisplayName("V11: the table of rows finds the first of those that equal one, past any growing")
    void theTableFindsTheFirstThatEquals() {
        int n = 3000;
        float[][] values = new float[n][];
        for (int row = 0; row < n; row++) {
            values[row] = row % 3 == 2
                    ? values[random.nextInt(row)].clone()
                    : new float[] {random.nextInt(40), random.nextInt(40), random.nextInt(2) == 0 ? 0f : -0f};
        }
        DenseRows rows = DenseRows.copyOf(values);
        for (int expected : new int[] {0, 10, n}) {
            RowTable table = new RowTable(expected, 3);
            Map<List<Float>, Integer> first = new HashMap<>();
            for (int row = 0; row < n; row++) {
                List<Float> key = List.of(values[row][0] + 0f, values[row][1] + 0f);
                Integer known = first.putIfAbsent(key, row);
                assertThat(table.findOrAdd(rows, row)).isEqualTo(known == null ? Graph.NONE : known);
            }
        }
    }

    @Test
    @DisplayName("V11: a table that grows forgets none, in whatever place it lay")
    void aTableThatGrowsForgetsNone() {
        for (int round = 0; round < 30; round++) {
            float[][] values = new float[1200][];
            for (int row = 0; row < 1200; row++) {
                values[row] = new float[] {1000 * round + row % 600};
            }
            DenseRows rows = DenseRows.copyOf(values);
            RowTable table = new RowTable(0, 1); // grows at 512
            for (int row = 0; row < 1200; row++) {
                assertThat(table.findOrAdd(rows, row)).isEqualTo(row < 600 ? Graph.NONE : row - 600);
            }
        }
    }

    // ---- codes ----

    @ParameterizedTest
    @EnumSource
    @DisplayName("S13: codes score as the metric does within what a byte tells, from queries and from rows")
    void codesScoreAsTheMetricDoes(Metric metric) {
        int d = 11;
        float[][] values = drawn(80, d);
        for (float[] row : values) {
            row[4] = 0.5f; // a value that never changes
        }
        DenseRows rows = DenseRows.copyOf(values);
        QuantizedScorer scorer = QuantizedScorer.of(rows, metric, Float.POSITIVE_INFINITY, Arena.ofAuto());
        FloatScorer exact = new FloatScorer(rows, metric);
        PreparedQuery query = new PreparedQuery(d);
        PreparedQuery exactQuery = new PreparedQuery(d);
        int[] all = java.util.stream.IntStream.range(0, 80).toArray();
        float[] scores = new float[80];
        float[] exactScores = new float[80];
        BruteForce.Dense similarity = BruteForce.Dense.valueOf(metric.name());
        for (int row = 0; row < 80; row++) {
            float[] asked = row % 2 == 0 ? values[row] : drawn(1, d)[0];
            for (QuantizedScorer each : List.of(scorer, scorer.forSearch(), scorer.grown(100, Arena.ofAuto()))) {
                each.prepare(query, asked, VectorOps.norm(asked));
                each.score(query, all, 80, scores);
                for (int other = 0; other < 80; other++) {
                    double truth = BruteForce.score(similarity, asked, values[other]);
                    double size =
                            metric == Metric.COSINE ? 1 : 1 + VectorOps.norm(asked) * VectorOps.norm(values[other]);
                    double got = metric == Metric.L2
                            ? -0.5 * truth * truth - scores[other]
                            : each.fromMetric((float) truth) - scores[other];
                    assertThat(got).as("%s and %s", row, other).isCloseTo(0, within(0.03 * size));
                }
            }
            scorer.prepareRow(query, row);
            scorer.score(query, all, 80, scores);
            exact.prepareRow(exactQuery, row);
            exact.score(exactQuery, all, 80, exactScores);
            for (int other = 0; other < 80; other++) {
                double size =
                        metric == Metric.COSINE ? 1 : 1 + VectorOps.norm(values[row]) * VectorOps.norm(values[other]);
                assertThat((double) scores[other])
                        .as("%s and %s", row, other)
                        .isCloseTo(exactScores[other], within(0.03 * size));
            }
        }
        assertThat(scorer.asMetric(scorer.fromMetric(metric == Metric.L2 ? -3 : 0.75f)))
                .isCloseTo(metric == Metric.L2 ? -3 : 0.75f, within(1e-5f));
        assertThat(scorer.bytes()).isEqualTo(scorer.codes().values().byteSize() + 80 * 4 + 16L * d);
        assertThat(exact.measuresDistance()).isEqualTo(metric != Metric.INNER_PRODUCT);
        assertThat(exact.zero()).isEqualTo(metric == Metric.COSINE ? 1 : 0);
        assertThat(scorer.zero()).isEqualTo(exact.zero());
        assertThat(exact.bytes()).isZero();
    }

    @Test
    @DisplayName("S13: directions that lie close together are compared by their distance, which codes tell")
    void closeDirectionsAreComparedByTheirDistance() {
        for (float apart : new float[] {0.02f, 0.2f, 0.4f}) {
            float[][] values = drawn(90, 10);
            for (float[] row : values) {
                for (int j = 0; j < 10; j++) {
                    row[j] = (j % 2 == 0 ? 3 : -2) + apart * row[j];
                }
            }
            QuantizedScorer scorer = QuantizedScorer.of(
                    DenseRows.copyOf(values), Metric.COSINE, Float.POSITIVE_INFINITY, Arena.ofAuto());
            assertThat(scorer.moved()).isTrue();
            assertThat(scorer.zero()).isZero();
            assertThat(scorer.forSearch()).isSameAs(scorer);
            assertThat(scorer.asMetric(-0.25f)).isEqualTo(0.75f);
            assertThat(scorer.asMetric(0.25f)).as("no cosine is more").isOne();
            assertThat(scorer.fromMetric(0.75f)).isEqualTo(-0.25f);
            PreparedQuery query = new PreparedQuery(10);
            float[] scores = new float[90];
            int[] all = java.util.stream.IntStream.range(0, 90).toArray();
            for (int row = 0; row < 90; row += 7) {
                scorer.prepare(query, values[row], VectorOps.norm(values[row]));
                scorer.score(query, all, 90, scores);
                for (int other = 0; other < 90; other++) {
                    double truth = BruteForce.score(BruteForce.Dense.COSINE, values[row], values[other]) - 1;
                    assertThat((double) scores[other])
                            .as("%s and %s, %s apart", row, other, apart)
                            .isCloseTo(truth, within(0.02 * apart * apart));
                }
            }
        }
        for (float far : new float[] {5, 0}) {
            float[][] values = drawn(90, 10);
            for (float[] row : values) {
                row[0] = far / 2; // hardly more in common
            }
            assertThat(QuantizedScorer.of(
                                    DenseRows.copyOf(values), Metric.COSINE, Float.POSITIVE_INFINITY, Arena.ofAuto())
                            .moved())
                    .isFalse();
        }
    }

    @Test
    @DisplayName("S13: a row tells how many of its values its scales cut off")
    void aRowTellsWhatIsCutOff() {
        float[][] values = drawn(50, 8);
        for (float[] row : values) {
            row[2] = 1;
        }
        values[0] = new float[] {-4, -4, 1, -4, -4, -4, -4, -4};
        values[1] = new float[] {4, 4, 1, 4, 4, 4, 4, 4};
        QuantizedScorer scorer =
                QuantizedScorer.of(DenseRows.copyOf(values), Metric.L2, Float.POSITIVE_INFINITY, Arena.ofAuto());
        byte[] code = new byte[8];
        assertThat(scorer.set(3, new float[] {4, -4, 1, 0, 1, 2, 3, -3}, 1, code))
                .isZero();
        assertThat(scorer.set(3, new float[] {5, -4, 1, 0, 1, 2, 3, -5}, 1, code))
                .isEqualTo(2);
        assertThat(scorer.set(3, new float[] {4, -4, 1.5f, 0, 1, 2, 3, 3}, 1, code))
                .isOne();
        assertThat(code[2]).isZero();
        assertThat(code[0]).isEqualTo((byte) 127);
        assertThat(code[1]).isEqualTo((byte) -127);
        assertThat(code[3]).isZero();
    }

    @Test
    @DisplayName("V3: rows of outlying norms are told by the median, and 64 of them at most")
    void outlyingNormsAreTold() {
        float[][] values = drawn(200, 8);
        for (int row = 0; row < 200; row++) {
            VectorOps.scale(values[row], (row + 1) / 100f / VectorOps.norm(values[row])); // norms .01 to 2
        }
        float[][] turned = Arrays.copyOf(values, 290);
        for (int row = 0; row < 290; row++) {
            turned[row] = row < 200 ? values[199 - row] : new float[8]; // a row of zeros has no say
        }
        assertThat(RowRules.codedNormMax(DenseRows.copyOf(turned), 290, Metric.L2, Quantization.INT8))
                .isCloseTo(16 * 1.01f, within(0.01f));
        DenseRows rows = DenseRows.copyOf(values);
        assertThat(RowRules.codedNormMax(rows, 200, Metric.L2, Quantization.INT8))
                .isCloseTo(16 * 1.01f, within(0.01f));
        assertThat(RowRules.codedNormMax(rows, 200, Metric.COSINE, Quantization.INT8))
                .isInfinite();
        assertThat(RowRules.codedNormMax(rows, 200, Metric.L2, Quantization.NONE))
                .isInfinite();
        assertThat(RowRules.codedNormMax(rows, 64, Metric.L2, Quantization.INT8))
                .isInfinite();
        assertThat(RowRules.codedNormMax(rows, 65, Metric.L2, Quantization.INT8))
                .isCloseTo(16 * 0.33f, within(0.01f));
        for (int row = 100; row < 200; row++) {
            VectorOps.scale(values[row], 100); // a hundred: more than are set apart
        }
        assertThat(RowRules.codedNormMax(DenseRows.copyOf(values), 150, Metric.L2, Quantization.INT8))
                .isCloseTo(16 * 0.76f, within(0.01f));
        assertThat(RowRules.codedNormMax(DenseRows.copyOf(values), 190, Metric.L2, Quantization.INT8))
                .isCloseTo(126, within(0.1f));
    }

    @Test
    @DisplayName("S13: each way of quantizing says what it needs, and norms which can be compared")
    void waysOfQuantizingSayWhatTheyNeed() {
        for (Quantization each : Quantization.values()) {
            assertThat(each.in(8)).isEqualTo(each);
            assertThat(each.in(7)).isEqualTo(Quantization.NONE);
            assertThat(each.reranks()).isEqualTo(each != Quantization.INT8_ONLY);
            assertThat(each.readsRows()).isEqualTo(each == Quantization.NONE || each == Quantization.INT8);
            for (Metric metric : Metric.values()) {
                boolean bound = each == Quantization.INT8_FLOAT16 && metric != Metric.COSINE;
                assertThat(each.valueMax(metric, 8)).isEqualTo(bound ? 65_504 : Float.POSITIVE_INFINITY);
                assertThat(each.valueMax(metric, 7)).isInfinite();
            }
        }
        for (Metric metric : Metric.values()) {
            assertThat(RowScorer.comparable(metric, 1e15f)).isTrue();
            assertThat(RowScorer.comparable(metric, Math.nextUp(1e15f))).isFalse();
            assertThat(RowScorer.comparable(metric, 1e-15f)).isTrue();
            assertThat(RowScorer.comparable(metric, Math.nextDown(1e-15f))).isEqualTo(metric != Metric.COSINE);
        }
        float[][] values = drawn(20, 8);
        VectorOps.scale(values[3], 7 / VectorOps.norm(values[3]));
        VectorOps.scale(values[4], 9 / VectorOps.norm(values[4]));
        DenseRows rows = DenseRows.copyOf(values);
        QuantizedScorer scorer = QuantizedScorer.of(rows, Metric.L2, rows.norm(3), Arena.ofAuto());
        byte[] code = new byte[8];
        scorer.codes().copyRow(4, code);
        assertThat(code).as("of a norm beyond").containsOnly(0);
        scorer.codes().copyRow(3, code);
        assertThat(Arrays.equals(code, new byte[8])).as("of the greatest norm").isFalse();
    }

    // ---- what was learnt ----

    private static float[] rising(float from, float by) {
        float[] values = new float[Calibration.EFS.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = from + by * i;
        }
        return values;
    }

    @Test
    @DisplayName("S13: between efforts and between k's what was learnt is read off by their logarithms")
    void whatWasLearntIsReadOffBetween() {
        Calibration learnt = new Calibration(
                new float[][] {rising(1, 1), rising(101, 1), rising(201, 1)},
                rising(0.3f, 0.05f),
                new QuantizationLoss(9, 0.125f, 0.9f, 0.99f, 4));
        BeamSearch.StoppingRule rule = new BeamSearch.StoppingRule();
        int[] efs = Calibration.EFS;
        for (int i = 0; i < efs.length; i++) {
            assertThat(learnt.stoppingRule(rule, 1, efs[i], 5).slack()).isCloseTo(1 + i, within(1e-4f));
            assertThat(learnt.stoppingRule(rule, 10, efs[i], 5).slack()).isCloseTo(101 + i, within(1e-4f));
            assertThat(learnt.stoppingRule(rule, 100, efs[i], 5).slack()).isCloseTo(201 + i, within(1e-4f));
            assertThat(learnt.stoppingRule(rule, 500, efs[i], 5).slack()).isCloseTo(201 + i, within(1e-4f));
        }
        assertThat(rule.least()).isEqualTo(0.125f);
        assertThat(rule.k()).isEqualTo(500);
        double share = Math.log(24 / 20.0) / Math.log(28 / 20.0);
        assertThat((double) learnt.stoppingRule(rule, 10, 24, 5).slack()).isCloseTo(105 + share, within(1e-3));
        double between = Math.log(30 / 10.0) / Math.log(10);
        assertThat((double) learnt.stoppingRule(rule, 30, 20, 5).slack()).isCloseTo(105 + 100 * between, within(1e-3));
        assertThat((double) learnt.stoppingRule(rule, 3, 20, 5).slack())
                .isCloseTo(5 + 100 * Math.log(3) / Math.log(10), within(1e-3));
        assertThat(learnt.stoppingRule(rule, 10, 1, 5).slack())
                .as("less than was tried")
                .isEqualTo(101);
        assertThat(learnt.stoppingRule(rule, 10, 641, 5).slack())
                .as("more than was tried")
                .isInfinite();
        assertThat(learnt.capacity(rule, 40, 1000)).as("no slack").isEqualTo(40);
        assertThat(learnt.capacity(learnt.stoppingRule(rule, 10, 20, 5), 40, 1000))
                .isEqualTo(120);
        assertThat(learnt.capacity(rule, 40, 100)).isEqualTo(100);
        assertThat(learnt.capacity(rule, Integer.MAX_VALUE, 100)).isEqualTo(100);

        assertThat(learnt.recallAt(20))
                .hasValueSatisfying(recall -> assertThat(recall).isCloseTo(0.5, within(1e-5)));
        assertThat(learnt.ef(10, 0.2f)).hasValue(5);
        assertThat(learnt.ef(10, 0.475f)).hasValue(17); // half way from 14 to 20
        assertThat(learnt.ef(20, 0.475f)).hasValue(34);
        assertThat(learnt.ef(1, 0.475f)).hasValue(17);
        assertThat(learnt.ef(10, 0.3f)).hasValue(5);
        assertThat(learnt.ef(10, 1f)).hasValue(640);
        assertThat(learnt.ef(10, 1.1f)).isEmpty();
        SearchOptions options = SearchOptions.of(10).withEf(7);
        assertThat(learnt.effort(options)).isEqualTo(10);
        assertThat(learnt.effort(options.withEf(70))).isEqualTo(70);
        assertThat(learnt.effort(options.withRecallTarget(0.475f))).isEqualTo(17);
        assertThat(new Calibration(new float[0][], rising(0.1f, 0), QuantizationLoss.UNMEASURED)
                        .effort(options.withRecallTarget(0.5f)))
                .isZero();
        assertThat(Calibration.NONE.recallAt(20)).isEmpty();
        assertThat(Calibration.NONE.stoppingRule(rule, 10, 20, 5).slack()).isInfinite();
        assertThat(Calibration.NONE.effort(options.withRecallTarget(0.5f))).isZero();
        Calibration flat = new Calibration(new float[0][], rising(0.5f, 0), QuantizationLoss.UNMEASURED);
        assertThat(flat.ef(10, 0.5f)).hasValue(5);
        assertThat(new QuantizationLoss(1, 0, 1, 1, 4).rerankedMax(3)).isEqualTo(30);
        assertThat(new QuantizationLoss(1, 0, 1, 1, 4).rerankedMax(30)).isEqualTo(120);
        assertThat(new QuantizationLoss(1, 0, 1, 1, 4).rerankedMax(Integer.MAX_VALUE))
                .isEqualTo(Integer.MAX_VALUE);
    }

    // ---- links ----

    @Test
    @DisplayName("S13: levels thin out by M, and another seed draws others")
    void levelsThinOut() {
        int[] reaching = new int[16];
        int others = 0;
        for (int row = 0; row < 40_000; row++) {
            for (int level = Graph.level(42, row, 8); level >= 0; level--) {
                reaching[level]++;
            }
            others += Graph.level(42, row, 8) > 0 && Graph.level(43, row, 8) > 0 ? 1 : 0;
        }
        assertThat(reaching[0]).isEqualTo(40_000);
        assertThat(reaching[1]).isBetween(4_700, 5_300);
        assertThat(reaching[2]).isBetween(530, 730);
        assertThat(reaching[3]).isBetween(45, 120);
        assertThat(others).as("by chance").isBetween(500, 760);
        assertThat((double) Graph.upperBytes(40_000, 8))
                .isCloseTo(4.0 * 40_000 + 4.0 * 8 * (reaching[1] + reaching[2] + reaching[3]), within(20_000.0));
        Graph graph = Graph.empty(8, 100, 42, Arena.ofAuto());
        graph.setList(0, 3, new int[] {7, 9}, 2);
        int upper = 0;
        while (graph.level(upper) == 0) {
            upper++;
        }
        graph.setList(1, upper, new int[] {4}, 1);
        graph.enter(upper);
        Graph grown = graph.grown(200, Arena.ofAuto());
        assertThat(links(grown, 3)).containsExactly(7, 9);
        assertThat(grown.link(1, upper, 0)).isEqualTo(4);
        assertThat(grown.start()).isEqualTo(graph.start());
        assertThat(Graph.entry(grown.start())).isEqualTo(upper).isEqualTo(grown.entry());
        assertThat(Graph.top(grown.start())).isEqualTo(graph.level(upper));
        assertThat(Graph.top(Graph.empty(8, 10, 42, Arena.ofAuto()).start())).isEqualTo(Graph.NONE);
        assertThat(grown.holds(3)).isTrue();
        assertThat(grown.holds(150)).isFalse();
    }

    @Test
    @DisplayName(
            "S13: a row that nothing leads to gets a link, beside the others or in place of one that led nowhere new")
    void aRowThatNothingLeadsToGetsALink() {
        int m = 2;
        float[][] values = drawn(30, 4);
        DenseRows rows = DenseRows.copyOf(values);
        Graph graph = Graph.empty(m, 40, 9, Arena.ofAuto());
        for (int row = 0; row < 30; row++) { // a ring, whose first half has every place taken
            int next = (row + 1) % 25;
            int[] list = {next, (next + 1) % 25, (next + 2) % 25, row < 12 ? (next + 3) % 25 : 0};
            graph.setList(0, row, list, row < 12 ? 4 : row < 25 ? 1 : 0);
        }
        graph.enter(0);
        assertThat(Connectivity.unreachable(graph)).isEqualTo(5);
        SearchScratch scratch = new SearchScratch(40, 4, m);
        assertThat(Connectivity.repair(graph, new FloatScorer(rows, Metric.L2), scratch))
                .isEqualTo(5);
        assertThat(Connectivity.unreachable(graph)).isZero();
        assertThat(Connectivity.repair(graph, new FloatScorer(rows, Metric.L2), scratch))
                .isZero();
        assertThat(Connectivity.unreachable(Graph.empty(m, 5, 1, Arena.ofAuto())))
                .isZero();
    }

    @Test
    @DisplayName("S13: the nearest row that is reached gives the link, and none that the way to others needs")
    void theNearestGivesTheLink() {
        float[][] values = new float[28][];
        for (int row = 0; row < 25; row++) {
            values[row] = new float[] {row, 0};
        }
        values[25] = new float[] {20.1f, 0};
        values[26] = new float[] {5.1f, 0};
        values[27] = new float[] {20.2f, 0}; // behind 25, which leads to it
        Graph graph = Graph.empty(2, 28, 9, Arena.ofAuto());
        for (int row = 0; row < 25; row++) {
            int[] list = {(row + 1) % 25, (row + 2) % 25, (row + 3) % 25, (row + 4) % 25};
            graph.setList(0, row, list, row < 12 ? 4 : 1);
        }
        graph.setList(0, 25, new int[] {27}, 1);
        graph.setList(0, 26, new int[0], 0);
        graph.setList(0, 27, new int[0], 0);
        graph.enter(0);
        Connectivity.repair(graph, new FloatScorer(DenseRows.copyOf(values), Metric.L2), new SearchScratch(28, 2, 2));
        assertThat(links(graph, 20)).containsExactly(21, 25);
        assertThat(links(graph, 5)).as("9 is reached by 5 alone, 8 by 4 too").containsExactly(6, 7, 26, 9);
        assertThat(links(graph, 25)).containsExactly(27);
        for (int row = 0; row < 25; row++) {
            if (row != 5 && row != 20) {
                assertThat(links(graph, row)).hasSize(row < 12 ? 4 : 1).doesNotContain(25, 26, 27);
            }
        }
        assertThat(Connectivity.unreachable(graph)).isZero();
    }

    @Test
    @DisplayName("S13: where the nearest need all their links, any other row gives one")
    void whereTheNearestNeedTheirLinksAnotherGivesOne() {
        int inner = 80; // each with four below it, and as near to the lost row as none of the leaves
        int count = 4 * inner + 1;
        float[][] values = new float[count + 1][];
        Graph graph = Graph.empty(2, count + 1, 9, Arena.ofAuto());
        for (int row = 0; row < count; row++) {
            values[row] = new float[] {row < inner ? row / 100f : 1000 + row, 0};
            int[] below = {4 * row + 1, 4 * row + 2, 4 * row + 3, 4 * row + 4};
            graph.setList(0, row, below, row < inner ? 4 : 0);
        }
        values[count] = new float[] {-1, 0};
        graph.setList(0, count, new int[0], 0);
        graph.enter(0);
        FloatScorer scorer = new FloatScorer(DenseRows.copyOf(values), Metric.L2);
        assertThat(Connectivity.repair(graph, scorer, new SearchScratch(count + 1, 2, 2)))
                .isOne();
        assertThat(Connectivity.unreachable(graph)).isZero();
        assertThat(links(graph, inner)).containsExactly(count);
    }

    private static int[] links(Graph graph, int row) {
        int[] links = new int[graph.degree(0, row)];
        for (int place = 0; place < links.length; place++) {
            links[place] = graph.link(0, row, place);
        }
        return links;
    }

    @Test
    @DisplayName(
            "S13: what is nearly as far from a chosen row as from the owner is chosen too, where scores are distances")
    void whatIsNearlyAsFarIsChosenToo() {
        float[][] values = {{0, 0}, {1, 0}, {0.55f, 0.95f}};
        for (Metric metric : new Metric[] {Metric.L2, Metric.INNER_PRODUCT}) {
            FloatScorer scorer = new FloatScorer(DenseRows.copyOf(values), metric);
            BuildScratch scratch = new BuildScratch(3, 2, 3, 2);
            scratch.ids[0] = 1;
            scratch.ids[1] = 2;
            scorer.prepareRow(scratch.search.query, 0);
            scorer.score(scratch.search.query, scratch.ids, 2, scratch.scores);
            assertThat(scratch.choose(scorer, 2, 2)).isEqualTo(metric == Metric.L2 ? 2 : 1);
        }
    }

    @Test
    @DisplayName(
            "S13: links are chosen that lie in other directions than those before, and filled up where so many are asked for")
    void linksAreChosenInOtherDirections() {
        // The owner is at 0: 1 and 1.1 lie one behind the other, 2 behind both, -1.5 on the other side.
        float[][] values = {{0, 0}, {1, 0}, {1.1f, 0}, {2, 0}, {-1.5f, 0}, {0, 3}};
        FloatScorer scorer = new FloatScorer(DenseRows.copyOf(values), Metric.L2);
        BuildScratch scratch = new BuildScratch(6, 2, 3, 2);
        for (int max : new int[] {1, 2, 3, 5}) {
            put(scratch, scorer);
            int n = scratch.choose(scorer, 5, max);
            int[] expected = {1, 4, 5};
            assertThat(Arrays.copyOf(scratch.ids, n)).containsExactly(Arrays.copyOf(expected, Math.min(max, 3)));
            assertThat(scratch.scores[0]).isEqualTo(-0.5f);
            put(scratch, scorer);
            int filled = scratch.chooseAtLeast(scorer, 5, max);
            int[] more = {1, 4, 5, 2, 3};
            assertThat(Arrays.copyOf(scratch.ids, filled)).containsExactly(Arrays.copyOf(more, max));
            if (max == 5) {
                assertThat(scratch.scores[4]).isEqualTo(-2);
            }
        }
    }

    private static void put(BuildScratch scratch, FloatScorer scorer) {
        scratch.reserve(5);
        int[] ids = {5, 3, 1, 4, 2};
        System.arraycopy(ids, 0, scratch.ids, 0, 5);
        scorer.prepareRow(scratch.search.query, 0);
        scorer.score(scratch.search.query, scratch.ids, 5, scratch.scores);
        scratch.sort(5);
        assertThat(Arrays.copyOf(scratch.ids, 5)).containsExactly(1, 2, 4, 3, 5);
    }

    // ---- scratch and sizes ----

    @Test
    @DisplayName("S13: scratch that is given back is lent again, to one at a time")
    void scratchIsLentToOneAtATime() {
        SearchScratch.Pool pool = new SearchScratch.Pool(10, 3, 2);
        SearchScratch one = pool.borrow();
        SearchScratch two = pool.borrow();
        assertThat(two).isNotSameAs(one);
        pool.giveBack(one);
        assertThat(pool.borrow()).isSameAs(one);
        assertThat(pool.borrow()).isNotSameAs(one);
        pool.giveBack(one);
        pool.giveBack(two);
        assertThat(List.of(pool.borrow(), pool.borrow())).containsExactlyInAnyOrder(one, two);
        for (int i = 0; i <= 2 * Runtime.getRuntime().availableProcessors(); i++) { // the last is dropped
            pool.giveBack(new SearchScratch(10, 3, 2));
        }
        for (int search = 0; search < 600; search++) { // past the marks that a byte can tell apart
            one.clearVisited();
            for (int row = 0; row < 10; row++) {
                if (row % 3 == search % 3 || row == 9 && search % 256 == 0) {
                    assertThat(one.visit(row))
                            .as("search %s, row %s", search, row)
                            .isTrue();
                    assertThat(one.visit(row)).isFalse();
                }
            }
        }
        one.reserve(100);
        assertThat(one.ids).hasSize(100);
        assertThat(one.scores).hasSize(100);
        assertThat(one.refused(7).length).isGreaterThanOrEqualTo(7);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("S13: what an index will take is the sum of its parts")
    void whatAnIndexTakesIsTheSumOfItsParts(Metric metric) {
        HnswParameters parameters = new HnswParameters(6, 40, 4);
        for (int d : new int[] {7, 8, 100}) {
            long graph = 8L * 6 * 1000 + 4L * 1000 + 4L * 6 * 1000 / 5;
            for (Quantization codes : Quantization.values()) {
                boolean coded = codes != Quantization.NONE && d >= 8;
                long expected = graph
                        + (coded ? ByteRows.bytes(1000, d) + (metric == Metric.L2 ? 4000 : 0) + 16L * d : 0)
                        + (coded && codes == Quantization.INT8_FLOAT16 ? HalfRows.bytes(1000, d) : 0);
                assertThat(HnswIndex.estimateBytes(1000, d, metric, parameters, codes))
                        .isEqualTo(expected);
            }
        }
    }
}
