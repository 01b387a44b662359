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
import repscorer.ann.HnswParameters;
import repscorer.ann.Neighbors;
import repscorer.ann.OrdinalFilter;
import repscorer.ann.SearchOptions;
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
    void itAgreesWithAPlainListThroughInsertsOfNewAndEqualRows(Metric metric) {
        for (Quantization quantization : List.of(Quantization.NONE, Quantization.INT8)) {
            MutableHnswIndex index = MutableHnswIndex.empty(DIMENSION, metric, PARAMETERS, quantization);
            TreeMap<Integer, float[]> model = new TreeMap<>();
            double recall = 0;
            int searches = 0;
            for (int step = 0; step < 5000; step++) {
                double dice = random.nextDouble();
                if (dice < 0.8 || model.size() < 10) {
                    float[] vector = dice < 0.2 && !model.isEmpty() ? requireNonNull(model.get(any(model))) : vector();
                    int ordinal = index.insert(vector);
                    assertThat(ordinal).isEqualTo(model.size());
                    model.put(ordinal, vector);
                } else if (dice < 0.83) {
                    recall += searched(index, metric, model, OrdinalFilter.ALL);
                    BitSet allowed = new BitSet();
                    model.keySet().stream().filter(row -> row % 3 != 0).forEach(allowed::set);
                    recall += searched(index, metric, model, OrdinalFilter.allow(allowed));
                    searches += 2;
                }
            }
            assertThat(recall / searches).isGreaterThanOrEqualTo(0.97);
            assertThat(index.count()).isEqualTo(model.size());
            HnswStats stats = index.stats();
            assertThat(stats.unreachable()).isLessThan(model.size() / 20);
            assertThat(stats.inGraph())
                    .isEqualTo((int) model.values().stream().distinct().count());
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
    void searchesBesideWritesAnswerOnlyRowsThatWereWhole() throws Exception {
        MutableHnswIndex index = MutableHnswIndex.empty(DIMENSION, Metric.COSINE, PARAMETERS, Quantization.INT8);
        Map<Integer, Queue<float[]>> history = new ConcurrentHashMap<>();
        for (int i = 0; i < 1500; i++) {
            insert(index, vector(), history);
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
                Queue<float[]> any = requireNonNull(history.get(random.nextInt(history.size())));
                float[] equal = requireNonNull(any.peek());
                insert(index, i % 4 == 0 ? equal : vector(), history);
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
        assertThat(index.count()).isEqualTo(5500);
    }

    private static void insert(MutableHnswIndex index, float[] vector, Map<Integer, Queue<float[]>> history) {
        int ordinal = index.insert(vector);
        history.computeIfAbsent(ordinal, o -> new ConcurrentLinkedQueue<>()).add(vector);
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
        assertThat(index.stats().inGraph()).isEqualTo(1);
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
        assertThat(index.search(new float[] {1, 0, 0}, SearchOptions.of(3)).ordinals())
                .containsExactly(first);
    }
}
