package repscorer.core.retrieve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import repscorer.ann.exact.DenseBounds;
import repscorer.ann.sparse.ClusterIndex;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.entity.IdTable;
import repscorer.core.retrieve.BlendSearch.Terms;
import repscorer.core.similarity.Similarity;
import repscorer.testing.Formulas;
import repscorer.testing.Seeds;
import repscorer.testing.SyntheticClusters;
import repscorer.testing.SyntheticVectors;
import repscorer.vector.DenseRows;
import repscorer.vector.SparseRows;
import repscorer.vector.SparseVector;

/** Against a blend of every entity, worked out over maps from the formulas. */
class BlendSearchTest {

    private static final int ENTITIES = 800;
    private static final int DIMENSION = 20;
    private static final SyntheticClusters SHAPE = new SyntheticClusters(100, 0.8, 1, 12, 1);

    private final RandomGenerator random = Seeds.random("BlendSearchTest");
    private final Map<EntityId, float[]> dense = new TreeMap<>();
    private final Map<EntityId, SparseVector> sparse = new TreeMap<>();
    private final IdTable denseIds;
    private final IdTable sparseIds;
    private final DenseRows denseRows;
    private final SparseRows sparseRows;
    private final Universe universe;

    /** Some entities have both vectors, some one, and the two tables have orders of their own. */
    BlendSearchTest() {
        float[][] vectors = SyntheticVectors.clustered(random, ENTITIES, DIMENSION, 30, 0.5);
        SyntheticVectors.Sparse rows = SHAPE.rows(random, ENTITIES);
        for (int i = 0; i < ENTITIES; i++) {
            EntityId id = EntityId.of(EntityKind.USER, random.nextInt(1_000_000_000));
            int has = random.nextInt(10);
            if (has > 0) {
                dense.put(id, vectors[i]);
            }
            if (has > 1 || has == 0) {
                sparse.put(id, new SparseVector(rows.columns()[i], rows.weights()[i]));
            }
        }
        List<EntityId> denseOrder = new ArrayList<>(dense.keySet());
        List<EntityId> sparseOrder = new ArrayList<>(sparse.keySet());
        sparseOrder.sort(Comparator.reverseOrder());
        denseIds = IdTable.copyOf(denseOrder);
        sparseIds = IdTable.copyOf(sparseOrder);
        denseRows = DenseRows.copyOf(denseOrder.stream().map(dense::get).toArray(float[][]::new));
        sparseRows = SparseRows.copyOf(sparseOrder.stream().map(sparse::get).toList());
        universe = Universe.of(Arrays.asList(denseIds, sparseIds));
    }

    private record Answer(Map<EntityId, Double> found, BlendSearch search) {}

    private Answer search(
            Similarity denseSimilarity,
            Similarity sparseSimilarity,
            int kept,
            float[] query,
            SparseVector clusters,
            List<Terms> terms,
            int k,
            long deadlineNanos) {
        BlendSearch search = new BlendSearch(terms, k);
        Map<EntityId, Double> found = new HashMap<>();
        ClusterIndex index = ClusterIndex.build(sparseRows, kept);
        try (BlendColumn first = BlendColumn.of(denseSimilarity, query, denseRows, DenseBounds.of(denseRows));
                BlendColumn second = BlendColumn.of(sparseSimilarity, clusters, sparseRows, index)) {
            search.search(
                    universe,
                    Arrays.asList(first, second),
                    entity -> true,
                    (entity, score) -> found.put(universe.id(entity), score),
                    deadlineNanos);
        }
        found.values().removeIf(score -> score < search.threshold());
        return new Answer(found, search);
    }

    private double blended(
            EntityId id, Similarity ds, Similarity ss, float[] query, SparseVector clusters, List<Terms> terms) {
        double sum = 0;
        double present = 0;
        if (dense.containsKey(id)) {
            double x = Formulas.score(Formulas.Dense.valueOf(ds.name()), query, dense.get(id));
            sum += terms.get(0).weight()
                    * (terms.get(0).slope() * x + terms.get(0).shift());
            present += terms.get(0).weight();
        }
        if (sparse.containsKey(id)) {
            SparseVector row = sparse.get(id);
            double x = Formulas.score(
                    Formulas.Sparse.valueOf(ss.name()),
                    clusters.columns(),
                    clusters.weights(),
                    row.columns(),
                    row.weights());
            double oriented = ss.higherIsCloser() ? x : -x;
            sum += terms.get(1).weight()
                    * (terms.get(1).slope() * oriented + terms.get(1).shift());
            present += terms.get(1).weight();
        }
        return present == 0
                ? Double.NaN
                : sum * (terms.get(0).weight() + terms.get(1).weight()) / present;
    }

    private static long later() {
        return System.nanoTime() + 60_000_000_000L;
    }

    @Test
    void theBestOfAllEntitiesAreFoundWhateverTheSimilarities() {
        for (Similarity ds : List.of(Similarity.COSINE, Similarity.DOT, Similarity.L2)) {
            for (Similarity ss : Similarity.values()) {
                if (!ss.sparse()) {
                    continue;
                }
                float[] query = SyntheticVectors.gaussian(random, 1, DIMENSION)[0];
                SyntheticVectors.Sparse source = SHAPE.rows(random, 1);
                SparseVector clusters = new SparseVector(source.columns()[0], source.weights()[0]);
                int k = 1 + random.nextInt(60);
                List<Terms> terms = List.of(
                        new Terms(random.nextDouble(), 0.1 + random.nextDouble(), random.nextGaussian()),
                        new Terms(random.nextDouble(), 0.1 + random.nextDouble(), random.nextGaussian()));
                Answer answer = search(ds, ss, 1 << random.nextInt(3, 12), query, clusters, terms, k, later());
                List<Double> truth = new ArrayList<>();
                for (int entity = 0; entity < universe.size(); entity++) {
                    truth.add(blended(universe.id(entity), ds, ss, query, clusters, terms));
                }
                truth.sort(Comparator.reverseOrder());
                String what = ds + " and " + ss;
                assertThat(answer.search.optimal()).as(what).isTrue();
                assertThat(answer.search.threshold()).as(what).isCloseTo(truth.get(k - 1), within(1e-9));
                assertThat(answer.found).as(what).hasSizeGreaterThanOrEqualTo(k);
                answer.found.forEach((id, score) -> assertThat(score)
                        .as(what)
                        .isCloseTo(blended(id, ds, ss, query, clusters, terms), within(1e-9)));
            }
        }
    }

    /** Once the scores of good candidates are known, few others are looked at closely. */
    @Test
    void boundsExcludeMostEntities() {
        float[] query = SyntheticVectors.gaussian(random, 1, DIMENSION)[0];
        SyntheticVectors.Sparse source = SHAPE.rows(random, 1);
        SparseVector clusters = new SparseVector(source.columns()[0], source.weights()[0]);
        List<Terms> terms = List.of(new Terms(1, 1, 0), new Terms(1, 1, 0));
        List<Double> truth = new ArrayList<>();
        for (int entity = 0; entity < universe.size(); entity++) {
            truth.add(blended(universe.id(entity), Similarity.COSINE, Similarity.COSINE, query, clusters, terms));
        }
        truth.sort(Comparator.reverseOrder());
        BlendSearch search = new BlendSearch(terms, 10);
        truth.subList(0, 10).forEach(search::known);
        try (BlendColumn first = BlendColumn.of(Similarity.COSINE, query, denseRows, DenseBounds.of(denseRows));
                BlendColumn second = BlendColumn.of(
                        Similarity.COSINE, clusters, sparseRows, ClusterIndex.build(sparseRows, ENTITIES))) {
            search.search(universe, Arrays.asList(first, second), entity -> true, (entity, score) -> {}, later());
        }
        assertThat(search.exact()).isLessThan(ENTITIES / 4);
        assertThat(search.optimal()).isTrue();
    }

    @Test
    void everyEntityIsInTheUniverseOnce() {
        Map<EntityId, Integer> seen = new HashMap<>();
        for (int entity = 0; entity < universe.size(); entity++) {
            EntityId id = universe.id(entity);
            seen.merge(id, 1, Integer::sum);
            assertThat(universe.ordinal(0, entity))
                    .isEqualTo(denseIds.ordinal(id).orElse(-1));
            assertThat(universe.ordinal(1, entity))
                    .isEqualTo(sparseIds.ordinal(id).orElse(-1));
        }
        assertThat(seen.values()).containsOnly(1);
        assertThat(seen.keySet()).containsAll(dense.keySet()).containsAll(sparse.keySet());
    }

    /** Time is up before the first entity: the gap must cover the best that was missed. */
    @Test
    void theGapIsNeverTooSmall() {
        for (int round = 0; round < 5; round++) {
            float[] query = SyntheticVectors.gaussian(random, 1, DIMENSION)[0];
            SyntheticVectors.Sparse source = SHAPE.rows(random, 1);
            SparseVector clusters = new SparseVector(source.columns()[0], source.weights()[0]);
            List<Terms> terms = List.of(
                    new Terms(random.nextDouble(), 1, random.nextGaussian()),
                    new Terms(random.nextDouble(), 1, random.nextGaussian()));
            double best = Double.NEGATIVE_INFINITY;
            for (int entity = 0; entity < universe.size(); entity++) {
                best = Math.max(
                        best,
                        blended(universe.id(entity), Similarity.COSINE, Similarity.COSINE, query, clusters, terms));
            }
            BlendSearch search = new BlendSearch(terms, 1);
            double known = best - random.nextDouble();
            search.known(known);
            try (BlendColumn first = BlendColumn.of(Similarity.COSINE, query, denseRows, DenseBounds.of(denseRows));
                    BlendColumn second = BlendColumn.of(
                            Similarity.COSINE, clusters, sparseRows, ClusterIndex.build(sparseRows, 100))) {
                search.search(
                        universe,
                        Arrays.asList(first, second),
                        entity -> true,
                        (entity, score) -> {
                            throw new AssertionError("no time for " + entity);
                        },
                        System.nanoTime() - 1);
            }
            assertThat(search.optimal()).isFalse();
            assertThat(search.gap()).isGreaterThanOrEqualTo(best - known);
        }
    }
}
