package repscorer.ann.hnsw;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import repscorer.ann.BuildProgress;
import repscorer.ann.HnswParameters;
import repscorer.ann.Neighbors;
import repscorer.ann.OrdinalFilter;
import repscorer.ann.SearchOptions;
import repscorer.ann.SearchStats.Plan;
import repscorer.testing.BruteForce;
import repscorer.testing.BruteForce.Scored;
import repscorer.testing.Seeds;
import repscorer.testing.SyntheticVectors;
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;
import repscorer.vector.VectorOps;

class MutableHnswIndexTest {

    private static final int DIMENSION = 16;
    private static final HnswParameters PARAMETERS = new HnswParameters(12, 80, 3);

    private final RandomGenerator random = Seeds.random("MutableHnswIndexTest");
    private final float[][] centres = SyntheticVectors.gaussian(random, 60, DIMENSION);

    private float[] vector() {
        return SyntheticVectors.around(random, centres, 1, 0.4)[0];
    }

    @ParameterizedTest
    @EnumSource
    void itAgreesWithAPlainMapThroughInsertsUpdatesAndDeletes(Metric metric) {
        for (Quantization quantization : List.of(Quantization.NONE, Quantization.INT8)) {
            MutableHnswIndex index = MutableHnswIndex.empty(DIMENSION, metric, PARAMETERS, quantization);
            TreeMap<Integer, float[]> model = new TreeMap<>();
            double recall = 0;
            int searches = 0;
            for (int step = 0; step < 6000; step++) {
                double dice = random.nextDouble();
                if (dice < 0.55 || model.size() < 10) {
                    float[] vector = vector();
                    assertThat(model.put(index.insert(vector), vector)).isNull();
                } else if (dice < 0.7) {
                    int ordinal = any(model);
                    float[] vector = vector();
                    int moved = index.update(ordinal, vector);
                    model.remove(ordinal);
                    assertThat(model.put(moved, vector)).isNull();
                } else if (dice < 0.98) {
                    int ordinal = any(model);
                    index.delete(ordinal);
                    model.remove(ordinal);
                } else {
                    recall += searched(index, metric, model, OrdinalFilter.ALL);
                    BitSet allowed = new BitSet();
                    model.keySet().stream().filter(row -> row % 3 != 0).forEach(allowed::set);
                    recall += searched(index, metric, model, OrdinalFilter.allow(allowed));
                    searches += 2;
                }
            }
            assertThat(recall / searches).isGreaterThanOrEqualTo(0.97);
            assertThat(index.count()).isEqualTo(model.size());
            assertThat(index.slots()).as("slots are used again").isLessThan(model.size() + 700);
            index.repair();
            HnswStats stats = index.stats();
            assertThat(stats.unreachable()).isZero();
            assertThat(stats.deleted()).isZero();
            assertThat(stats.inGraph()).isEqualTo(model.size());
        }
    }

    private double searched(
            MutableHnswIndex index, Metric metric, TreeMap<Integer, float[]> model, OrdinalFilter filter) {
        float[] query = vector();
        Neighbors found = index.search(query, SearchOptions.of(10).withFilter(filter));
        BruteForce.Dense similarity = BruteForce.Dense.valueOf(metric.name());
        List<Scored> truth = BruteForce.topK(
                model.lastKey() + 1,
                row -> model.containsKey(row) && filter.accepts(row),
                row -> BruteForce.score(similarity, query, requireNonNull(model.get(row))),
                10);
        assertThat(found.size()).isEqualTo(truth.size());
        for (int i = 0; i < found.size(); i++) {
            float[] row = requireNonNull(model.get(found.ordinals()[i]), "a row that is not there");
            assertThat(found.scores()[i]).isEqualTo(score(metric, query, row));
        }
        return truth.isEmpty() ? 1 : BruteForce.recall(found.ordinals(), truth);
    }

    private static float score(Metric metric, float[] query, float[] row) {
        return DenseRows.copyOf(new float[][] {row}).score(metric, query, VectorOps.norm(query), 0);
    }

    private int any(TreeMap<Integer, float[]> model) {
        Integer at = model.ceilingKey(random.nextInt(model.lastKey() + 1));
        return at == null ? model.firstKey() : at;
    }

    @Test
    void afterHalfTheRowsWereReplacedRecallIsThatOfAFreshGraph() throws Exception {
        int count = 6000;
        float[][] values = SyntheticVectors.around(random, centres, count, 0.4);
        float[][] current = values.clone();
        try (ExecutorService executor = Executors.newFixedThreadPool(2)) {
            HnswIndex base = HnswIndex.build(
                    DenseRows.copyOf(values),
                    Metric.COSINE,
                    PARAMETERS,
                    Quantization.INT8,
                    executor,
                    2,
                    BuildProgress.NONE);
            MutableHnswIndex index = MutableHnswIndex.copyOf(base);
            int[] ordinals = new int[count];
            for (int i = 0; i < count; i++) {
                ordinals[i] = i;
            }
            for (int i = 0; i < count / 2; i++) {
                int row = random.nextInt(count);
                current[row] = vector();
                ordinals[row] = index.update(ordinals[row], current[row]);
            }
            index.repair();
            assertThat(index.stats().unreachable()).isZero();
            HnswIndex fresh = HnswIndex.build(
                    DenseRows.copyOf(current),
                    Metric.COSINE,
                    PARAMETERS,
                    Quantization.INT8,
                    executor,
                    2,
                    BuildProgress.NONE);
            double churned = 0;
            double built = 0;
            for (int i = 0; i < 100; i++) {
                float[] query = vector();
                SearchOptions options = SearchOptions.of(10).withEf(40);
                List<Scored> truth = BruteForce.topK(
                        count, row -> true, row -> BruteForce.score(BruteForce.Dense.COSINE, query, current[row]), 10);
                double worst = truth.get(9).score() - 1e-6;
                Neighbors found = index.search(query, options);
                assertThat(found.stats().plan()).isEqualTo(Plan.GRAPH);
                churned += reaching(found, worst);
                built += reaching(fresh.search(query, options), worst);
            }
            assertThat(churned / 1000).isGreaterThanOrEqualTo(built / 1000 - 0.01);
        }
    }

    private static int reaching(Neighbors found, double worst) {
        int reaching = 0;
        for (float score : found.scores()) {
            reaching += score >= worst ? 1 : 0;
        }
        return reaching;
    }

    @Test
    void searchesBesideWritesAnswerOnlyRowsThatWereWhole() throws Exception {
        MutableHnswIndex index = MutableHnswIndex.empty(DIMENSION, Metric.COSINE, PARAMETERS, Quantization.INT8);
        Map<Integer, Queue<float[]>> history = new ConcurrentHashMap<>();
        List<Integer> live = new ArrayList<>();
        for (int i = 0; i < 1500; i++) {
            insert(index, vector(), history, live);
        }
        record Answer(float[] query, int ordinal, float score) {}
        AtomicBoolean done = new AtomicBoolean();
        try (ExecutorService readers = Executors.newFixedThreadPool(3)) {
            List<Future<List<Answer>>> running = new ArrayList<>();
            for (int reader = 0; reader < 3; reader++) {
                RandomGenerator own = Seeds.random("MutableHnswIndexTest reader " + reader);
                running.add(readers.submit(() -> {
                    List<Answer> answers = new ArrayList<>();
                    while (!done.get()) {
                        float[] query = SyntheticVectors.around(own, centres, 1, 0.4)[0];
                        Neighbors found =
                                index.search(query, SearchOptions.of(5).withEf(20));
                        assertThat(found.size()).isEqualTo(5);
                        if (answers.size() < 20_000) {
                            for (int i = 0; i < found.size(); i++) {
                                answers.add(new Answer(query, found.ordinals()[i], found.scores()[i]));
                            }
                        }
                    }
                    return answers;
                }));
            }
            for (int i = 0; i < 4000; i++) {
                index.delete(live.remove(random.nextInt(live.size())));
                insert(index, vector(), history, live);
                if (i % 10 == 0) {
                    insert(index, vector(), history, live);
                }
            }
            done.set(true);
            int checked = 0;
            for (Future<List<Answer>> answers : running) {
                for (Answer answer : answers.get()) {
                    assertThat(history.get(answer.ordinal()))
                            .as("ordinal %s", answer.ordinal())
                            .anyMatch(row -> score(Metric.COSINE, answer.query(), row) == answer.score());
                    checked++;
                }
            }
            assertThat(checked).isPositive();
        }
        index.repair();
        assertThat(index.stats().unreachable()).isZero();
    }

    private static void insert(
            MutableHnswIndex index, float[] vector, Map<Integer, Queue<float[]>> history, List<Integer> live) {
        int ordinal = index.insert(vector);
        history.computeIfAbsent(ordinal, o -> new ConcurrentLinkedQueue<>()).add(vector);
        live.add(ordinal);
    }

    @Test
    void allRowsCanBeDeletedAndOthersFollow() {
        MutableHnswIndex index = MutableHnswIndex.empty(DIMENSION, Metric.L2, PARAMETERS, Quantization.INT8);
        assertThat(index.search(vector(), SearchOptions.of(3)).size()).isZero();
        for (int round = 0; round < 3; round++) {
            List<Integer> ordinals = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                ordinals.add(index.insert(vector()));
            }
            ordinals.forEach(index::delete);
            assertThat(index.count()).isZero();
            assertThat(index.search(vector(), SearchOptions.of(3)).size()).isZero();
        }
        index.repair();
        assertThat(index.slots()).isLessThan(400);
        int last = index.insert(vector());
        assertThat(index.search(vector(), SearchOptions.of(3)).ordinals()).containsExactly(last);
    }

    @Test
    void equalRowsAreAllFound() {
        MutableHnswIndex index = MutableHnswIndex.empty(DIMENSION, Metric.COSINE, PARAMETERS, Quantization.INT8);
        float[] same = vector();
        for (int i = 0; i < 1300; i++) {
            index.insert(same);
        }
        assertThat(index.search(same, SearchOptions.of(1300)).ordinals())
                .doesNotHaveDuplicates()
                .hasSize(1300);
        index.repair();
        assertThat(index.stats().unreachable()).isZero();
    }

    @Test
    void whatCannotBeWrittenIsRefusedAndChangesNothing() {
        MutableHnswIndex index = MutableHnswIndex.empty(3, Metric.COSINE, PARAMETERS, Quantization.NONE);
        int first = index.insert(new float[] {1, 2, 3});
        assertThatThrownBy(() -> index.insert(new float[2]))
                .hasMessage("dimension differs: the index has 3, the vector has 2");
        assertThatThrownBy(() -> index.insert(new float[] {1, Float.NaN, 0}))
                .hasMessage("values must be finite: NaN at place 1 of 3 (the vector to insert)");
        assertThatThrownBy(() -> index.insert(new float[3])).hasMessageContaining("must not be zero");
        assertThatThrownBy(() -> index.update(first, new float[3])).hasMessageContaining("must not be zero");
        assertThatThrownBy(() -> index.delete(7))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessage("no row has the ordinal 7");
        assertThat(index.search(new float[] {1, 0, 0}, SearchOptions.of(3)).ordinals())
                .containsExactly(first);
        index.delete(first);
        assertThatThrownBy(() -> index.delete(first)).hasMessage("no row has the ordinal 0");
    }
}
