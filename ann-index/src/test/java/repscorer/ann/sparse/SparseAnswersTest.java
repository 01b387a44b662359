package repscorer.ann.sparse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import repscorer.ann.Neighbors;
import repscorer.ann.OrdinalFilter;
import repscorer.ann.ScoreBounds;
import repscorer.ann.SearchStats.Plan;
import repscorer.ann.SparseSearchOptions;
import repscorer.ann.SparseSearchOptions.Mode;
import repscorer.ann.SparseSearchOptions.Ranking;
import repscorer.testing.Seeds;
import repscorer.vector.SparseRows;
import repscorer.vector.SparseVector;

/**
 * Answers to the bit. Weights are whole numbers times a power of two, so that every sum is exact in any order, and the oracle
 * can say which float each score is and which of two equal ones comes first.
 */
class SparseAnswersTest {

    private static final int CASES = 15;

    private final RandomGenerator random = Seeds.random("SparseAnswersTest");

    /** One made-up set: its rows, the rows by column, and what was drawn for it. */
    private record Case(
            List<SparseVector> rows, SparseVector query, SparseSearchOptions options, int kept, BitSet denied) {}

    @ParameterizedTest
    @EnumSource
    @DisplayName("S13: every mode answers what a brute force answers, each score and each tie to the bit")
    void everyModeAnswersWhatABruteForceAnswersToTheBit(Ranking ranking) {
        Set<Plan> plans = new HashSet<>();
        for (int i = 0; i < CASES; i++) {
            for (Mode mode : Mode.values()) {
                Case drawn = draw(ranking, mode);
                ClusterIndex index = ClusterIndex.build(SparseRows.copyOf(drawn.rows), drawn.kept);
                for (int again = 0; again < 2; again++) { // scratch that was used before is as good as new
                    Neighbors found = index.search(drawn.query, drawn.options);
                    plans.add(found.stats().plan());
                    check(drawn, found);
                }
            }
        }
        assertThat(plans).contains(Plan.CLUSTERS, Plan.CLUSTERS_RESCORED, Plan.CLUSTERS_EXACT);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("S13: bounds are not below a score of any item, to the bit")
    void boundsAreNotBelowAScore(Ranking ranking) {
        for (int i = 0; i < CASES; i++) {
            Case drawn = draw(ranking, Mode.EXACT);
            if (drawn.query.isEmpty()) {
                continue;
            }
            ClusterIndex index = ClusterIndex.build(SparseRows.copyOf(drawn.rows), drawn.kept);
            try (ScoreBounds bounds = index.bounds(drawn.query, ranking)) {
                double greatest = 0;
                for (int ordinal = 0; ordinal < drawn.rows.size(); ordinal++) {
                    double[] sums = sums(
                            drawn,
                            ordinal,
                            IntStream.range(0, drawn.query.size()).toArray());
                    double score =
                            sums[0] == 0 ? 0 : score(ranking, drawn.query, sums[0], squares(drawn.rows.get(ordinal)));
                    assertThat(bounds.upper(ordinal)).isGreaterThanOrEqualTo(score);
                    greatest = Math.max(greatest, bounds.upper(ordinal));
                }
                assertThat(bounds.upperOfAll()).isGreaterThanOrEqualTo(greatest);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName(
            "S13: items that the first list puts far back and others bring to the front are found, and few others are scored")
    void itemsThatLaterListsBringToTheFrontAreFound(Ranking ranking) {
        for (int i = 0; i < 4; i++) {
            for (int kept : new int[] {Integer.MAX_VALUE, 100}) {
                for (Mode mode : List.of(Mode.EXACT, Mode.RESCORED)) {
                    Case drawn = drawLateComers(ranking, mode, kept, 30 * i);
                    Neighbors found = ClusterIndex.build(SparseRows.copyOf(drawn.rows), kept)
                            .search(drawn.query, drawn.options);
                    check(drawn, found);
                    if (mode == Mode.EXACT && ranking == Ranking.DOT) {
                        assertThat(found.stats().plan()).isEqualTo(Plan.CLUSTERS_EXACT);
                        assertThat(found.stats().scored()).as("the heavy ones").isLessThan(60);
                    }
                }
            }
        }
    }

    /** Cluster 0 has 300 rows and nearly all of the query; 1 to 3 have thousands of light rows, and a few of the 300 are heavy. */
    private Case drawLateComers(Ranking ranking, Mode mode, int kept, int percentDenied) {
        List<SparseVector> rows = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            int weak = random.nextInt(10) == 0 ? random.nextInt(50, 200) : random.nextInt(1, 4);
            rows.add(new SparseVector(
                    new int[] {0, 1, 2, 3, 9},
                    new float[] {random.nextInt(50, 100), weak, weak, weak + 1, random.nextInt(1, 60)}));
        }
        for (int i = 0; i < 4000; i++) {
            rows.add(new SparseVector(
                    new int[] {1 + i % 3, 8}, new float[] {random.nextInt(1, 4), random.nextInt(1, 60)}));
        }
        SparseVector query = new SparseVector(new int[] {0, 1, 2, 3}, new float[] {30, 3, 4, 2});
        BitSet denied = new BitSet();
        for (int i = 0; i < rows.size(); i++) {
            denied.set(i, random.nextInt(100) < percentDenied);
        }
        SparseSearchOptions options = new SparseSearchOptions(
                1, 300, 1, random.nextInt(1, 5), Float.NEGATIVE_INFINITY, ranking, mode, OrdinalFilter.deny(denied));
        return new Case(rows, query, options, kept, denied);
    }

    private Case draw(Ranking ranking, Mode mode) {
        int clusters = random.nextInt(1, 40);
        boolean lopsided = random.nextInt(3) == 0; // one cluster decides, and many rows have the others alone
        int count = random.nextInt(4) == 0 ? random.nextInt(1, 20) : random.nextInt(200, lopsided ? 3000 : 600);
        double rowScale = Math.scalb(1.0, random.nextInt(3) == 0 ? random.nextInt(-100, 100) : 0);
        double queryScale = Math.scalb(1.0, random.nextInt(3) == 0 ? random.nextInt(-100, 100) : 0);
        int weightMax = 1 << random.nextInt(1, 12); // small: nearly all tie
        List<SparseVector> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            if (i > 0 && random.nextInt(10) == 0) {
                rows.add(rows.get(random.nextInt(i))); // a duplicate
            } else if (lopsided && random.nextInt(20) != 0) {
                rows.add(vector(clusters, random.nextInt(1, 4), weightMax, rowScale, 1));
            } else {
                rows.add(vector(clusters, random.nextInt(0, Math.min(clusters, 12) + 1), weightMax, rowScale, 0));
            }
        }
        SparseVector query =
                vector(clusters + 3, random.nextInt(0, Math.min(clusters, 30) + 1), weightMax, queryScale, 0);
        if (lopsided && !query.isEmpty()) {
            query.weights()[0] *= 512;
        }
        BitSet denied = new BitSet();
        if (random.nextBoolean()) {
            int percent = random.nextInt(0, 101);
            for (int i = 0; i < count; i++) {
                denied.set(i, random.nextInt(100) < percent);
            }
        }
        int k = random.nextInt(3) == 0 ? 2 * count : 1 << random.nextInt(8);
        int m = random.nextBoolean() ? Integer.MAX_VALUE : random.nextInt(1, 60);
        int n = random.nextBoolean() ? 50 : random.nextInt(1, 6);
        float scoreMin = random.nextBoolean() ? Float.NEGATIVE_INFINITY : aScore(ranking, rows, query);
        SparseSearchOptions options = new SparseSearchOptions(
                n, m, random.nextInt(1, 300), k, scoreMin, ranking, mode, OrdinalFilter.deny(denied));
        int kept = random.nextBoolean() ? Integer.MAX_VALUE : random.nextInt(1, 80);
        return new Case(rows, query, options, kept, denied);
    }

    /** What some row scores, or nothing. */
    private float aScore(Ranking ranking, List<SparseVector> rows, SparseVector query) {
        SparseVector row = rows.get(random.nextInt(rows.size()));
        double dot = 0;
        for (int i = 0; i < query.size(); i++) {
            dot += (double) query.weights()[i] * weight(row, query.columns()[i]);
        }
        return dot == 0 ? 0 : (float) score(ranking, query, dot, squares(row));
    }

    private SparseVector vector(int clusters, int size, int weightMax, double scale, int least) {
        TreeMap<Integer, Float> entries = new TreeMap<>();
        while (entries.size() < Math.min(size, clusters - least)) {
            int column = least + (int) ((clusters - least) * Math.pow(random.nextDouble(), 2)); // some are popular
            entries.put(column, (float) (random.nextInt(1, weightMax + 1) * scale));
        }
        float[] weights = new float[entries.size()];
        int i = 0;
        for (float weight : entries.values()) {
            weights[i++] = weight;
        }
        return new SparseVector(
                entries.keySet().stream().mapToInt(column -> column).toArray(), weights);
    }

    private static void check(Case drawn, Neighbors found) {
        SparseSearchOptions options = drawn.options;
        boolean released = options.mode() == Mode.RELEASED;
        int[] scanned = options.mode() == Mode.EXACT
                ? IntStream.range(0, drawn.query.size()).toArray()
                : strongest(drawn.query, options.clustersScanned());
        int m = options.mode() == Mode.EXACT ? Integer.MAX_VALUE : Math.min(options.itemsPerCluster(), drawn.kept);
        List<BitSet> fronts = fronts(drawn, scanned, m);
        record Scored(int ordinal, float score) {}
        List<Scored> expected = new ArrayList<>();
        int[] every = IntStream.range(0, drawn.query.size()).toArray();
        for (int ordinal = 0; ordinal < drawn.rows.size(); ordinal++) {
            int item = ordinal;
            int[] met = IntStream.range(0, scanned.length)
                    .filter(i -> fronts.get(i).get(item))
                    .map(i -> scanned[i])
                    .toArray();
            if (met.length == 0 || drawn.denied.get(ordinal)) {
                continue;
            }
            double[] partial = sums(drawn, ordinal, met);
            float score = (float)
                    (released
                            ? score(options.ranking(), drawn.query, partial[0], partial[1])
                            : score(
                                    options.ranking(),
                                    drawn.query,
                                    sums(drawn, ordinal, every)[0],
                                    squares(drawn.rows.get(ordinal))));
            if (score >= options.scoreMin()) {
                expected.add(new Scored(ordinal, score));
            }
        }
        expected.sort(Comparator.comparingDouble((Scored each) -> -each.score()).thenComparing(Scored::ordinal));
        int most = released ? Math.min(options.candidatesMax(), options.resultsMax()) : options.resultsMax();
        List<Scored> best = expected.subList(0, Math.min(most, expected.size()));
        List<Scored> answered = IntStream.range(0, found.size())
                .mapToObj(i -> new Scored(found.ordinals()[i], found.scores()[i]))
                .toList();
        assertThat(answered)
                .as(
                        "%s, N = %s, M = %s, kept = %s, k = %s, least %s",
                        options.mode(),
                        options.clustersScanned(),
                        options.itemsPerCluster(),
                        drawn.kept,
                        options.resultsMax(),
                        options.scoreMin())
                .isEqualTo(best);
    }

    /** Which of the query's entries are the strongest, ties by column. */
    private static int[] strongest(SparseVector query, int n) {
        return IntStream.range(0, query.size())
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -query.weights()[i])
                        .thenComparing(i -> i))
                .limit(n)
                .mapToInt(i -> i)
                .toArray();
    }

    /** For each entry the items that are among the first m of its list. */
    private static List<BitSet> fronts(Case drawn, int[] entries, int m) {
        List<BitSet> fronts = new ArrayList<>();
        for (int entry : entries) {
            int column = drawn.query.columns()[entry];
            BitSet front = new BitSet();
            IntStream.range(0, drawn.rows.size())
                    .filter(ordinal -> weight(drawn.rows.get(ordinal), column) > 0)
                    .boxed()
                    .sorted(Comparator.comparingDouble((Integer ordinal) -> -weight(drawn.rows.get(ordinal), column))
                            .thenComparing(ordinal -> ordinal))
                    .limit(m)
                    .forEach(front::set);
            fronts.add(front);
        }
        return fronts;
    }

    /** P and Q of an item over some entries of the query. */
    private static double[] sums(Case drawn, int ordinal, int[] entries) {
        double[] sums = new double[2];
        for (int entry : entries) {
            double weight = weight(drawn.rows.get(ordinal), drawn.query.columns()[entry]);
            sums[0] += drawn.query.weights()[entry] * weight;
            sums[1] += weight * weight;
        }
        return sums;
    }

    private static float weight(SparseVector row, int column) {
        for (int i = 0; i < row.size(); i++) {
            if (row.columns()[i] == column) {
                return row.weights()[i];
            }
        }
        return 0;
    }

    private static double squares(SparseVector vector) {
        double sum = 0;
        for (float weight : vector.weights()) {
            sum += (double) weight * weight;
        }
        return sum;
    }

    private static double score(Ranking ranking, SparseVector query, double product, double squares) {
        double own = squares(query);
        return switch (ranking) {
            case DOT -> product;
            case COSINE -> product / (Math.sqrt(own) * Math.sqrt(squares));
            case LOG_COSINE -> product / (Math.log1p(own) * Math.log1p(squares));
            case COSINE_NO_SOURCE_NORM -> product / Math.sqrt(squares);
            case EXP_SCALED_COSINE -> product / (Math.pow(own, 0.3) * Math.pow(squares, 0.3));
        };
    }
}
