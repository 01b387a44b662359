package repscorer.ann.hnsw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import repscorer.ann.BuildProgress;
import repscorer.ann.BuildThreads;
import repscorer.ann.HnswParameters;
import repscorer.ann.SearchOptions;
import repscorer.testing.BruteForce;
import repscorer.testing.Seeds;
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;
import repscorer.vector.VectorOps;

/** Builds of 1,200 rows of eight values with few links each: more than one batch, and enough to learn from. */
class SmallBuildsTest {

    private static final int ROWS = 1_200;
    private static final int D = 8;
    private static final HnswParameters PARAMETERS = new HnswParameters(4, 12, 4);

    private final RandomGenerator random = Seeds.random("SmallBuildsTest");
    private final float[][] values = drawn();
    private final DenseRows rows = DenseRows.copyOf(values);
    private final ExecutorService executor = Executors.newFixedThreadPool(2);

    @AfterEach
    void stop() {
        executor.close();
    }

    private float[][] drawn() {
        float[][] drawn = new float[ROWS][D];
        for (float[] row : drawn) {
            for (int j = 0; j < D; j++) {
                row[j] = (float) random.nextGaussian();
            }
        }
        return drawn;
    }

    @Test
    @DisplayName(
            "S13: a graph is the same on one thread and on two, progress is told after each batch, and rows that stay keep their lists")
    void aGraphIsTheSameOnOneThreadAndOnTwo() throws InterruptedException {
        List<Integer> told = new ArrayList<>();
        HnswIndex index =
                HnswIndex.build(rows, Metric.COSINE, PARAMETERS, Quantization.NONE, executor, 1, (done, total) -> {
                    assertThat(total).isEqualTo(ROWS);
                    told.add(done);
                });
        Graph one = index.graph();
        Graph two = HnswIndex.build(rows, Metric.COSINE, PARAMETERS, Quantization.NONE, executor, 2, BuildProgress.NONE)
                .graph();
        assertThat(two.links.mismatch(one.links)).isEqualTo(-1);
        assertThat(two.upper.mismatch(one.upper)).isEqualTo(-1);
        assertThat(two.start()).isEqualTo(one.start());
        assertThat(told).containsExactly(512, 1024, 1072, ROWS);
        for (int row = 0; row < ROWS; row++) {
            assertThat(Graph.top(one.start())).isGreaterThanOrEqualTo(one.level(row));
            for (int level = 0; level <= one.level(row); level++) {
                int here = level;
                int[] links = new int[one.degree(level, row)];
                for (int place = 0; place < links.length; place++) {
                    links[place] = one.link(level, row, place);
                }
                assertThat(links).doesNotContain(row).doesNotHaveDuplicates();
                assertThat(Arrays.stream(links).allMatch(to -> one.level(to) >= here))
                        .isTrue();
            }
        }
        assertThat(Connectivity.unreachable(one)).isZero();
        assertRowsThatAllStayKeepTheirLists(index);
    }

    /** Wherever they lie now; levels above are linked anew. */
    private void assertRowsThatAllStayKeepTheirLists(HnswIndex index) throws InterruptedException {
        float[][] turned = new float[ROWS][];
        int[] before = new int[ROWS];
        for (int row = 0; row < ROWS; row++) {
            before[row] = ROWS - 1 - row;
            turned[row] = values[before[row]];
        }
        HnswIndex carried =
                index.carriedOver(DenseRows.copyOf(turned), before, BuildThreads.of(executor, 2), (done, total) -> {
                    throw new AssertionError("no row is linked anew");
                });
        Graph old = index.graph();
        Graph now = carried.graph();
        for (int row = 0; row < ROWS; row++) {
            assertThat(now.degree(0, row)).isEqualTo(old.degree(0, before[row]));
            for (int place = 0; place < now.degree(0, row); place++) {
                assertThat(before[now.link(0, row, place)]).isEqualTo(old.link(0, before[row], place));
            }
            for (int level = 1; level <= Math.min(2, now.level(row)); level++) {
                assertThat(now.degree(level, row))
                        .as("level %s of %s", level, row)
                        .isPositive();
                for (int place = 0; place < now.degree(level, row); place++) {
                    assertThat(now.level(now.link(level, row, place))).isGreaterThanOrEqualTo(level);
                }
            }
        }
        assertThat(Graph.top(now.start())).isGreaterThan(2).isEqualTo(now.level(now.entry()));
        assertThat(carried.inGraph()).isEqualTo(ROWS);
        assertThat(carried.calibration()).as("what was learnt holds").isSameAs(index.calibration());
    }

    @Test
    @DisplayName("S13: what codes cost is measured on rows that are not linked yet, against a scan")
    void whatCodesCostIsMeasured() throws Exception {
        HnswIndex index =
                HnswIndex.build(rows, Metric.L2, PARAMETERS, Quantization.INT8, executor, 2, BuildProgress.NONE);
        List<Integer> sample = new ArrayList<>();
        for (int i = 0; i < 128; i++) {
            sample.add((int) ((2L * i + 1) * ROWS / 256)); // spread over all rows
        }
        int[] members =
                IntStream.range(0, ROWS).filter(row -> !sample.contains(row)).toArray();
        int amongTen = 0;
        List<Integer> ranks = new ArrayList<>();
        List<Double> errors = new ArrayList<>();
        PreparedQuery prepared = new PreparedQuery(D);
        float[] scores = new float[members.length];
        for (int query : sample) {
            index.scorer().prepare(prepared, values[query], VectorOps.norm(values[query]));
            index.scorer().score(prepared, members, members.length, scores);
            List<Integer> byCode =
                    new ArrayList<>(IntStream.range(0, members.length).boxed().toList());
            byCode.sort(Comparator.comparing((Integer at) -> -scores[at]).thenComparing(at -> members[at]));
            List<Integer> truth = new ArrayList<>(byCode);
            truth.sort(Comparator.comparing(at -> -exact(query, members[at])));
            for (int at : truth.subList(0, 10)) {
                int rank = byCode.indexOf(at);
                ranks.add(rank);
                amongTen += rank < 10 ? 1 : 0;
                errors.add(Math.abs(scores[at] + 0.5 * exact(query, members[at]) * exact(query, members[at])));
            }
        }
        QuantizationLoss loss = index.quantizationLoss();
        assertThat(loss.queries()).isEqualTo(128);
        assertThat((double) loss.recall()).isCloseTo(amongTen / 1280.0, within(2e-3));
        int perK = loss.rerankedPerK();
        double among = ranks.stream().filter(rank -> rank < 10 * perK).count() / 1280.0;
        assertThat((double) loss.recallReranked()).isCloseTo(among, within(2e-3));
        assertThat(perK).isGreaterThanOrEqualTo(3);
        assertThat(perK == 3
                        || ranks.stream().filter(rank -> rank < 10 * (perK - 1)).count() / 1280.0 < 0.996)
                .as("no more than it takes")
                .isTrue();
        errors.sort(null);
        assertThat((double) loss.errorP99()).isCloseTo(errors.get((int) (1280 * 0.99)), within(1e-5));

        Calibration kept = keptAndOpened(index).calibration();
        assertThat(kept).usingRecursiveComparison().isEqualTo(index.calibration());

        float[] recalls = index.calibration().recalls();
        assertThat(recalls).hasSize(Calibration.EFS.length);
        assertThat(recalls[0]).isBetween(0.2f, 0.9f);
        assertThat(recalls[recalls.length - 1]).isBetween(0.99f, 1f);
        for (int i = 1; i < recalls.length; i++) {
            assertThat(recalls[i]).isGreaterThanOrEqualTo(recalls[i - 1]);
        }
        assertThat(recalls[recalls.length - 2]).isGreaterThan(recalls[0]);
        float[][] slacks = index.calibration().slacks();
        assertThat(slacks).hasNumberOfRows(Calibration.KS.length);
        for (float[] byEf : slacks) {
            assertThat(byEf).hasSize(Calibration.EFS.length);
            for (int i = 1; i < byEf.length; i++) {
                assertThat(byEf[i]).isGreaterThanOrEqualTo(byEf[i - 1]);
            }
        }
        for (int i = 3; i < 10; i += 3) {
            int ef = Calibration.EFS[i];
            for (int k : new int[] {1, 10}) {
                long visited = 0;
                double hits = 0;
                for (int query : sample) {
                    var found = index.searchGraph(drawnNear(), SearchOptions.of(k), Math.max(k, ef));
                    visited += found.stats().visited();
                    hits += found.size();
                }
                assertThat(hits).isEqualTo(128.0 * k);
                assertThat(visited / 128.0).as("ef %s, k %s", ef, k).isBetween(0.6 * ef, 1.6 * ef);
            }
        }
    }

    private HnswIndex keptAndOpened(HnswIndex index) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        index.save(Channels.newChannel(bytes));
        return HnswIndex.open(Path.of("kept.hnsw"), MemorySegment.ofArray(bytes.toByteArray()), rows);
    }

    private double exact(int query, int row) {
        return BruteForce.score(BruteForce.Dense.L2, values[query], values[row]);
    }

    /** Another draw of the same kind. */
    private float[] drawnNear() {
        float[] drawn = new float[D];
        for (int j = 0; j < D; j++) {
            drawn[j] = (float) random.nextGaussian();
        }
        return drawn;
    }

    @Test
    @DisplayName(
            "V1: where more rows than a search scores cannot be compared, none is in the graph and all are scanned")
    void tooManyOutsideAreAllScanned() throws InterruptedException {
        for (int outside : new int[] {256, 257}) {
            float[][] some = Arrays.copyOf(values, 400);
            for (int row = 0; row < outside; row++) {
                some[row] = values[row].clone();
                VectorOps.scale(some[row], 1e20f);
            }
            HnswIndex index = HnswIndex.build(
                    DenseRows.copyOf(some), Metric.L2, PARAMETERS, Quantization.INT8, executor, 1, BuildProgress.NONE);
            assertThat(index.inGraph()).isEqualTo(outside == 256 ? 144 : 0);
            assertThat(index.outside()).hasSize(outside);
            assertThat(MutableHnswIndex.copies(index)).isEqualTo(outside == 256);
            assertThat(index.search(some[300], SearchOptions.of(1)).ordinals()).containsExactly(300);
            assertThat(index.search(some[3], SearchOptions.of(1)).ordinals()).containsExactly(3);
        }
    }
}
