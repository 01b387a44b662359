package repscorer.ann.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import repscorer.ann.Neighbors;
import repscorer.ann.OrdinalFilter;
import repscorer.ann.ScoreBounds;
import repscorer.ann.SearchStats.Plan;
import repscorer.ann.SparseSearchOptions;
import repscorer.ann.SparseSearchOptions.Mode;
import repscorer.ann.SparseSearchOptions.Ranking;
import repscorer.testing.BruteForce;
import repscorer.testing.BruteForce.Scored;
import repscorer.testing.Seeds;
import repscorer.testing.SyntheticVectors;
import repscorer.vector.SparseRows;
import repscorer.vector.SparseVector;

class ClusterIndexTest {

    private static final int ROWS = 2000;
    private static final int CLUSTERS = 300;

    private final RandomGenerator random = Seeds.random("ClusterIndexTest");
    private final List<SparseVector> rows = vectors(random, ROWS);
    private final List<SparseVector> queries = vectors(random, 25);
    private final ClusterIndex index = ClusterIndex.build(SparseRows.copyOf(rows), 100);

    @ParameterizedTest
    @EnumSource
    void withoutRescoringItIsTheReleasedAlgorithm(Ranking ranking) {
        for (SparseVector query : queries) {
            int n = random.nextInt(1, 30);
            int m = random.nextInt(1, 150);
            int x = random.nextInt(1, 200);
            int y = random.nextInt(1, 200);
            BitSet denied = random.ints(200, 0, ROWS).collect(BitSet::new, BitSet::set, BitSet::or);
            SparseSearchOptions options =
                    new SparseSearchOptions(n, m, x, y, 0.05f, ranking, Mode.RELEASED, OrdinalFilter.deny(denied));
            Map<Integer, Double> scores = released(query, n, Math.min(m, 100), ranking, denied);
            List<Scored> expected = BruteForce.topK(
                    ROWS,
                    ordinal -> scores.getOrDefault(ordinal, Double.NaN) >= 0.05,
                    ordinal -> (float) (double) scores.getOrDefault(ordinal, Double.NaN),
                    Math.min(x, y));
            Neighbors found = index.search(query, options);
            assertSame(found, expected);
            assertThat(found.stats().plan()).isEqualTo(Plan.CLUSTERS);
            assertThat(found.stats().scored()).isEqualTo(scores.size());
        }
    }

    @ParameterizedTest
    @EnumSource
    void rescoringRanksEverythingMetByWholeVectors(Ranking ranking) {
        BruteForce.Sparse similarity = BruteForce.Sparse.valueOf(ranking.name());
        for (SparseVector query : queries) {
            int n = random.nextInt(1, 30);
            int m = random.nextInt(1, 150);
            int y = random.nextInt(1, 200);
            Set<Integer> met =
                    released(query, n, Math.min(m, 100), ranking, new BitSet()).keySet();
            List<Scored> expected = BruteForce.topK(
                    ROWS,
                    met::contains,
                    ordinal -> (float) BruteForce.score(
                            similarity,
                            query.columns(),
                            query.weights(),
                            rows.get(ordinal).columns(),
                            rows.get(ordinal).weights()),
                    y);
            Neighbors found = index.search(
                    query,
                    new SparseSearchOptions(
                            n, m, 1, y, Float.NEGATIVE_INFINITY, ranking, Mode.RESCORED, OrdinalFilter.ALL));
            assertSame(found, expected);
            assertThat(found.stats().plan()).isEqualTo(Plan.CLUSTERS_RESCORED);
            assertThat(found.stats().scored()).isEqualTo(met.size());
        }
    }

    /** With every list whole and every cluster read, a rescored search is exact. */
    @Test
    void readingEverythingFindsTheTrueNeighbours() {
        ClusterIndex whole = ClusterIndex.build(SparseRows.copyOf(rows), Integer.MAX_VALUE);
        for (SparseVector query : queries) {
            List<Scored> truth = BruteForce.topK(
                    ROWS,
                    ordinal -> true,
                    ordinal -> (float) BruteForce.score(
                            BruteForce.Sparse.COSINE,
                            query.columns(),
                            query.weights(),
                            rows.get(ordinal).columns(),
                            rows.get(ordinal).weights()),
                    20);
            Neighbors found = whole.search(
                    query,
                    new SparseSearchOptions(
                            1000, ROWS, 1, 20, 1e-9f, Ranking.COSINE, Mode.RESCORED, OrdinalFilter.ALL));
            assertSame(found, truth.stream().filter(s -> s.score() >= 1e-9f).toList());
        }
    }

    /** Whatever the lists keep, an exact search finds what brute force over all rows finds. */
    @ParameterizedTest
    @EnumSource
    void anExactSearchFindsTheTrueNeighboursWhateverTheListsKeep(Ranking ranking) {
        BruteForce.Sparse similarity = BruteForce.Sparse.valueOf(ranking.name());
        Set<Plan> plans = new HashSet<>();
        List<ClusterIndex> indexes = IntStream.of(5, 100, 400, ROWS)
                .mapToObj(kept -> ClusterIndex.build(SparseRows.copyOf(rows), kept))
                .toList();
        for (SparseVector query : queries.subList(0, 6)) {
            int k = 1 << random.nextInt(9);
            float scoreMin = random.nextBoolean() ? Float.NEGATIVE_INFINITY : 0.3f;
            BitSet denied = random.ints(200, 0, ROWS).collect(BitSet::new, BitSet::set, BitSet::or);
            float[] scores = new float[ROWS];
            for (int ordinal = 0; ordinal < ROWS; ordinal++) {
                scores[ordinal] = (float) score(similarity, query, ordinal);
            }
            List<Scored> truth = BruteForce.topK(
                    ROWS,
                    ordinal -> !denied.get(ordinal) && scores[ordinal] > 0 && scores[ordinal] >= scoreMin,
                    ordinal -> scores[ordinal],
                    k);
            for (ClusterIndex some : indexes) {
                Neighbors found = some.search(
                        query,
                        new SparseSearchOptions(1, 1, 1, k, scoreMin, ranking, Mode.EXACT, OrdinalFilter.deny(denied)));
                assertSame(found, truth);
                plans.add(found.stats().plan());
            }
            assertThat(indexes.getLast()
                            .search(query, SparseSearchOptions.of(k).withMode(Mode.EXACT))
                            .stats()
                            .plan())
                    .as("whole lists are never scanned past")
                    .isEqualTo(Plan.CLUSTERS_EXACT);
        }
        if (ranking == Ranking.COSINE) {
            assertThat(plans).as("both ways were taken").contains(Plan.CLUSTERS_EXACT, Plan.EXACT);
        }
    }

    @ParameterizedTest
    @EnumSource
    void noItemScoresMoreThanItsBoundWhateverTheListsKeep(Ranking ranking) {
        BruteForce.Sparse similarity = BruteForce.Sparse.valueOf(ranking.name());
        for (int kept : new int[] {3, 100, ROWS}) {
            ClusterIndex some = ClusterIndex.build(SparseRows.copyOf(rows), kept);
            for (SparseVector query : queries.subList(0, 2)) {
                try (ScoreBounds bounds = some.bounds(query, ranking)) {
                    for (int ordinal = 0; ordinal < ROWS; ordinal++) {
                        double score = score(similarity, query, ordinal);
                        assertThat(bounds.upper(ordinal)).isGreaterThanOrEqualTo(score);
                        assertThat(bounds.upperOfAll()).isGreaterThanOrEqualTo(bounds.upper(ordinal));
                        if (kept == ROWS) {
                            assertThat(bounds.upper(ordinal)).isCloseTo(score, within(1e-6 * (1 + score)));
                        }
                    }
                }
            }
        }
    }

    private double score(BruteForce.Sparse similarity, SparseVector query, int ordinal) {
        SparseVector row = rows.get(ordinal);
        return BruteForce.score(similarity, query.columns(), query.weights(), row.columns(), row.weights());
    }

    @Test
    void aWindowOfTimesLeavesTheRestOut() {
        long[] times = random.longs(ROWS, 0, 1000).toArray();
        OrdinalFilter window = OrdinalFilter.between(times, 200, 500);
        for (Mode mode : Mode.values()) {
            Neighbors found = index.search(
                    queries.get(0), SparseSearchOptions.of(50).withMode(mode).withFilter(window));
            assertThat(found.size()).isPositive();
            for (int ordinal : found.ordinals()) {
                assertThat(times[ordinal]).isBetween(200L, 499L);
            }
        }
        BitSet denied = new BitSet();
        denied.set(0, 100);
        OrdinalFilter both = window.and(OrdinalFilter.deny(denied));
        assertThat(both.accepted(ROWS)).isEqualTo((int) IntStream.range(100, ROWS)
                .filter(i -> times[i] >= 200 && times[i] < 500)
                .count());
        assertThat(OrdinalFilter.ALL.and(window)).isSameAs(window);
        assertThat(window.and(OrdinalFilter.ALL)).isSameAs(window);
    }

    @Test
    void listsKeepTheStrongestWithTiesByOrdinal() {
        List<SparseVector> equal = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            equal.add(new SparseVector(new int[] {7}, new float[] {i < 8 ? 1 : 2}));
        }
        ClusterIndex small = ClusterIndex.build(SparseRows.copyOf(equal), 4);
        Neighbors found = small.search(
                new SparseVector(new int[] {7}, new float[] {1}),
                new SparseSearchOptions(1, 100, 100, 100, 0, Ranking.DOT, Mode.RELEASED, OrdinalFilter.ALL));
        assertThat(found.ordinals()).containsExactly(8, 9, 0, 1);
        assertThat(found.scores()).containsExactly(2, 2, 1, 1);
    }

    @Test
    void aClusterNobodyHasCountsAmongThoseScanned() {
        ClusterIndex small =
                ClusterIndex.build(SparseRows.copyOf(List.of(new SparseVector(new int[] {1}, new float[] {1}))), 10);
        SparseVector query = new SparseVector(new int[] {1, Integer.MAX_VALUE}, new float[] {1, 2});
        assertThat(small.search(query, scanning(1)).size()).isZero();
        assertThat(small.search(query, scanning(2)).ordinals()).containsExactly(0);
    }

    @Test
    void emptyQueriesRowsAndIndexesAnswerNothing() {
        assertThat(index.search(SparseVector.EMPTY, SparseSearchOptions.of(5)).size())
                .isZero();
        ClusterIndex empty = ClusterIndex.build(SparseRows.copyOf(List.of()), 5);
        assertThat(empty.count()).isZero();
        assertThat(empty.search(queries.get(0), SparseSearchOptions.of(5)).size())
                .isZero();
        ClusterIndex blank = ClusterIndex.build(SparseRows.copyOf(List.of(SparseVector.EMPTY)), 5);
        assertThat(blank.search(queries.get(0), SparseSearchOptions.of(5)).size())
                .isZero();
        assertThatThrownBy(() -> ClusterIndex.build(SparseRows.copyOf(rows), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("itemsPerClusterMax must be at least 1: 0");
    }

    @Test
    void concurrentSearchesAnswerAsOneByOne() throws Exception {
        List<int[]> alone = new ArrayList<>();
        for (SparseVector query : queries) {
            alone.add(index.search(query, SparseSearchOptions.of(30)).ordinals());
        }
        try (ExecutorService executor = Executors.newFixedThreadPool(8)) {
            List<Callable<int[]>> searches = new ArrayList<>();
            for (int i = 0; i < 40 * queries.size(); i++) {
                SparseVector query = queries.get(i % queries.size());
                searches.add(
                        () -> index.search(query, SparseSearchOptions.of(30)).ordinals());
            }
            int i = 0;
            for (Future<int[]> found : executor.invokeAll(searches)) {
                assertThat(found.get()).isEqualTo(alone.get(i++ % queries.size()));
            }
        }
    }

    @Test
    void aFilterThatThrowsLeavesNoTraceInLaterSearches() {
        SparseVector query = queries.get(0);
        int[] before = index.search(query, SparseSearchOptions.of(30)).ordinals();
        OrdinalFilter throwing = new OrdinalFilter() {
            private int left = 20;

            @Override
            public boolean accepts(int ordinal) {
                if (left-- == 0) {
                    throw new IllegalStateException("no more");
                }
                return true;
            }

            @Override
            public int accepted(int count) {
                return count;
            }
        };
        SparseSearchOptions options =
                new SparseSearchOptions(50, 400, 200, 30, 0, Ranking.DOT, Mode.RELEASED, throwing);
        assertThatThrownBy(() -> index.search(query, options)).hasMessage("no more");
        assertThat(index.search(query, SparseSearchOptions.of(30)).ordinals()).isEqualTo(before);
    }

    /** The description of the released algorithm, word by word, over maps. */
    private Map<Integer, Double> released(SparseVector source, int n, int m, Ranking ranking, BitSet denied) {
        Map<Integer, Double> p = new HashMap<>();
        Map<Integer, Double> q = new HashMap<>();
        double sourceSquares = 0;
        for (float weight : source.weights()) {
            sourceSquares += (double) weight * weight;
        }
        List<Integer> places = IntStream.range(0, source.size())
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -source.weights()[i]))
                .limit(n)
                .toList();
        for (int place : places) {
            int cluster = source.columns()[place];
            double sourceWeight = source.weights()[place];
            Map<Integer, Float> list = new HashMap<>();
            for (int ordinal = 0; ordinal < rows.size(); ordinal++) {
                for (int i = 0; i < rows.get(ordinal).size(); i++) {
                    if (rows.get(ordinal).columns()[i] == cluster) {
                        list.put(ordinal, rows.get(ordinal).weights()[i]);
                    }
                }
            }
            list.entrySet().stream()
                    .sorted(Map.Entry.<Integer, Float>comparingByValue()
                            .reversed()
                            .thenComparing(Map.Entry.comparingByKey()))
                    .limit(m)
                    .filter(entry -> !denied.get(entry.getKey()))
                    .forEach(entry -> {
                        double weight = entry.getValue();
                        p.merge(entry.getKey(), sourceWeight * weight, Double::sum);
                        q.merge(entry.getKey(), weight * weight, Double::sum);
                    });
        }
        Map<Integer, Double> scores = new HashMap<>();
        for (int ordinal : new HashSet<>(p.keySet())) {
            double product = p.getOrDefault(ordinal, 0.0);
            double squares = q.getOrDefault(ordinal, 0.0);
            scores.put(
                    ordinal,
                    switch (ranking) {
                        case DOT -> product;
                        case COSINE -> product / (Math.sqrt(sourceSquares) * Math.sqrt(squares));
                        case LOG_COSINE -> product / (Math.log(sourceSquares + 1) * Math.log(1 + squares));
                        case COSINE_NO_SOURCE_NORM -> product / Math.sqrt(squares);
                        case EXP_SCALED_COSINE -> product / (Math.pow(sourceSquares, 0.3) * Math.pow(squares, 0.3));
                    });
        }
        return scores;
    }

    /** Equal scores within rounding, and equal rows wherever rounding cannot have swapped two. */
    private static void assertSame(Neighbors found, List<Scored> expected) {
        assertThat(found.size()).isEqualTo(expected.size());
        for (int i = 0; i < found.size(); i++) {
            double score = expected.get(i).score();
            double delta = 1e-5 * Math.max(1, Math.abs(score));
            assertThat((double) found.scores()[i]).isEqualTo(score, within(delta));
            boolean alone = (i == 0 || expected.get(i - 1).score() > score + delta)
                    && i + 1 < expected.size()
                    && expected.get(i + 1).score() < score - delta;
            if (alone) {
                assertThat(found.ordinals()[i]).isEqualTo(expected.get(i).ordinal());
            }
            if (i > 0 && found.scores()[i] == found.scores()[i - 1]) {
                assertThat(found.ordinals()[i]).isGreaterThan(found.ordinals()[i - 1]);
            }
        }
    }

    private static SparseSearchOptions scanning(int clusters) {
        return new SparseSearchOptions(clusters, 10, 10, 10, 0, Ranking.COSINE, Mode.RESCORED, OrdinalFilter.ALL);
    }

    private static List<SparseVector> vectors(RandomGenerator random, int count) {
        SyntheticVectors.Sparse sparse = SyntheticVectors.heavyTailed(random, count, CLUSTERS, 40);
        List<SparseVector> vectors = new ArrayList<>();
        for (int r = 0; r < count; r++) {
            vectors.add(new SparseVector(sparse.columns()[r], sparse.weights()[r]));
        }
        return vectors;
    }
}
