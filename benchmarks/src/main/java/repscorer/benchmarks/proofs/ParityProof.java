package repscorer.benchmarks.proofs;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;
import repscorer.ann.Neighbors;
import repscorer.ann.OrdinalFilter;
import repscorer.ann.SparseSearchOptions;
import repscorer.ann.SparseSearchOptions.Mode;
import repscorer.ann.SparseSearchOptions.Ranking;
import repscorer.ann.sparse.ClusterIndex;
import repscorer.benchmarks.proof.Proof;
import repscorer.core.similarity.DensePairs;
import repscorer.core.similarity.Similarity;
import repscorer.core.similarity.SparsePairs;
import repscorer.testing.BruteForce.Scored;
import repscorer.testing.Formulas;
import repscorer.testing.ReleasedRetrieval;
import repscorer.testing.Seeds;
import repscorer.testing.SyntheticClusters;
import repscorer.testing.SyntheticVectors;
import repscorer.vector.DenseRows;
import repscorer.vector.SparseRows;
import repscorer.vector.SparseVector;

/** Every pair algorithm is its formula, and the released retrieval is what was released. */
final class ParityProof implements Proof {

    private static final int CASES = 400;

    /** Of scores up to 1; of greater ones in proportion. */
    private static final double TOLERANCE = 1e-9;

    /** The index ranks float32 scores. */
    private static final double FLOAT_TOLERANCE = 1e-6;

    private final int cases;

    public ParityProof() {
        this(CASES);
    }

    /** @param cases per algorithm */
    public ParityProof(int cases) {
        this.cases = cases;
    }

    @Override
    public String name() {
        return "parity";
    }

    @Override
    public String claim() {
        return "%s cases of each pair algorithm equal its formula within %s, and of the released retrieval a restatement (seconds)"
                .formatted(CASES, TOLERANCE);
    }

    @Override
    public boolean holds(PrintStream out) {
        RandomGenerator random = Seeds.random("prove parity");
        int failures = 0;
        int algorithms = 0;
        double worst = 0;
        for (Formulas.Sparse algorithm : Formulas.Sparse.values()) {
            Outcome outcome = sparse(algorithm, random);
            out.println(outcome);
            failures += outcome.failures;
            worst = Math.max(worst, outcome.worst);
            algorithms++;
        }
        for (Formulas.Dense algorithm : Formulas.Dense.values()) {
            for (boolean translated : new boolean[] {false, true}) {
                Outcome outcome = dense(algorithm, translated, random);
                out.println(outcome);
                failures += outcome.failures;
                worst = Math.max(worst, outcome.worst);
                algorithms++;
            }
        }
        for (ReleasedRetrieval.Score score : ReleasedRetrieval.Score.values()) {
            Outcome outcome = retrieval(score, random);
            out.println(outcome);
            failures += outcome.failures;
            algorithms++;
        }
        out.printf(
                Locale.ROOT,
                "%s of %s cases of %s algorithms differ; greatest difference of a pair %.1e (need %.0e)%n",
                failures,
                cases * algorithms,
                algorithms,
                worst,
                TOLERANCE);
        return failures == 0;
    }

    /** @param worst the greatest difference, in proportion to scores above 1 */
    private record Outcome(String name, int cases, int failures, double worst) {

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT, "%-42s %s cases, %s differ, by %.1e at most", name, cases, failures, worst);
        }
    }

    private static double difference(double score, double expected) {
        return Math.abs(score - expected) / Math.max(1, Math.abs(expected));
    }

    // ---- pairs ----

    private Outcome sparse(Formulas.Sparse algorithm, RandomGenerator random) {
        int failures = 0;
        double worst = 0;
        for (int i = 0; i < cases; i++) {
            SparseVector a = vector(random);
            SparseVector b = i % 20 == 0 ? a : vector(random);
            double expected = Formulas.score(algorithm, a.columns(), a.weights(), b.columns(), b.weights());
            double score = new SparsePairs(Similarity.valueOf(algorithm.name()), a)
                    .score(SparseRows.copyOf(List.of(SparseVector.EMPTY, b)), 1);
            double difference = difference(score, expected);
            worst = Math.max(worst, difference);
            failures += difference <= TOLERANCE ? 0 : 1;
        }
        return new Outcome("sparse " + algorithm, cases, failures, worst);
    }

    /** Empty, short, long, of weights alike or of all sizes, and of columns too great for a table. */
    private static SparseVector vector(RandomGenerator random) {
        int clusters = 1 << random.nextInt(3, 9);
        int size = random.nextInt(0, Math.min(80, clusters + 1));
        SyntheticVectors.Sparse row = new SyntheticClusters(
                        clusters, random.nextDouble(), size, size, 0.3 + 2 * random.nextDouble())
                .rows(random, 1);
        int[] columns = row.columns()[0].clone();
        if (random.nextInt(10) == 0) {
            for (int i = 0; i < columns.length; i++) {
                columns[i] += columns[i] > clusters / 2 ? 1 << 25 : 0;
            }
        }
        float[] weights = row.weights()[0].clone();
        float scale = (float) Math.pow(10, 4 * random.nextDouble() - 3);
        for (int i = 0; i < weights.length; i++) {
            weights[i] = Math.min(weights[i], 1e6f) * scale;
        }
        return new SparseVector(columns, weights);
    }

    private Outcome dense(Formulas.Dense algorithm, boolean translated, RandomGenerator random) {
        int failures = 0;
        double worst = 0;
        for (int i = 0; i < cases; i++) {
            int dimension = 1 + random.nextInt(300);
            float[][] rows = SyntheticVectors.gaussian(random, 3, dimension);
            float[] source = rows[0];
            if (i % 20 == 0) {
                rows[1] = new float[dimension];
            }
            if (translated) {
                for (int d = 0; d < dimension; d++) {
                    source[d] += rows[2][d];
                }
            }
            double expected = Formulas.score(algorithm, source, rows[1]);
            double score =
                    new DensePairs(Similarity.valueOf(algorithm.name()), source).score(DenseRows.copyOf(rows), 1);
            // A vector of zeros has no cosine.
            double difference = algorithm == Formulas.Dense.COSINE && i % 20 == 0
                    ? (Double.isNaN(score) ? 0 : Double.POSITIVE_INFINITY)
                    : difference(score, expected);
            worst = Math.max(worst, difference);
            failures += difference <= TOLERANCE ? 0 : 1;
        }
        String name = "dense " + algorithm + (translated ? " of a translated source" : "");
        return new Outcome(name, cases, failures, worst);
    }

    // ---- retrieval ----

    private Outcome retrieval(ReleasedRetrieval.Score score, RandomGenerator random) {
        int failures = 0;
        double worst = 0;
        int perSet = 20;
        for (int i = 0; i < cases; i += perSet) {
            int clusters = 1 << random.nextInt(4, 10);
            SyntheticClusters shape = new SyntheticClusters(
                    clusters, random.nextDouble(), 1, Math.min(clusters, 25), 0.7 + random.nextDouble());
            SyntheticVectors.Sparse rows = shape.rows(random, 300 + random.nextInt(1500));
            ReleasedRetrieval released = new ReleasedRetrieval(rows.columns(), rows.weights());
            ClusterIndex index = ClusterIndex.build(SparseRows.copyOf(vectors(rows)), Integer.MAX_VALUE);
            for (int q = 0; q < perSet && i + q < cases; q++) {
                double difference = retrieval(score, random, rows, released, index);
                worst = Math.max(worst, difference);
                failures += difference <= FLOAT_TOLERANCE ? 0 : 1;
            }
        }
        return new Outcome("released retrieval by " + score, cases, failures, worst);
    }

    /** One search by an item that may not be answered, among items of an age: the greatest difference of a score. */
    private static double retrieval(
            ReleasedRetrieval.Score score,
            RandomGenerator random,
            SyntheticVectors.Sparse rows,
            ReleasedRetrieval released,
            ClusterIndex index) {
        int count = rows.columns().length;
        int source = random.nextInt(count);
        long[] times = random.longs(count, 0, 1_000).toArray();
        long from = random.nextInt(500);
        long to = from + random.nextInt(600);
        IntPredicate accepted = ordinal -> ordinal != source && times[ordinal] >= from && times[ordinal] < to;
        int n = 1 + random.nextInt(30);
        int m = 1 + random.nextInt(400);
        int k = 1 + random.nextInt(300);
        double scoreMin = random.nextBoolean() ? 0 : 0.2 * random.nextDouble();
        List<Scored> expected = released.answer(
                rows.columns()[source],
                rows.weights()[source],
                new ReleasedRetrieval.Request(score, n, m, scoreMin, Integer.MAX_VALUE, accepted));
        BitSet self = new BitSet();
        self.set(source);
        Neighbors found = index.search(
                new SparseVector(rows.columns()[source], rows.weights()[source]),
                new SparseSearchOptions(
                        n,
                        m,
                        k,
                        k,
                        (float) scoreMin,
                        Ranking.valueOf(score.name()),
                        Mode.RELEASED,
                        OrdinalFilter.deny(self).and(OrdinalFilter.between(times, from, to))));
        return difference(found, expected, k);
    }

    /**
     * The greatest difference between scores of equal rank; infinite where an item is answered that does not have its score
     * there. Which of the items with one score come first, or survive the cut, is left open.
     */
    private static double difference(Neighbors found, List<Scored> expected, int k) {
        int size = Math.min(k, expected.size());
        if (found.size() != size) {
            return Double.POSITIVE_INFINITY;
        }
        double worst = 0;
        Set<Integer> seen = new HashSet<>();
        for (int i = 0; i < size; i++) {
            double score = found.scores()[i];
            worst = Math.max(worst, difference(score, expected.get(i).score()));
            int ordinal = found.ordinals()[i];
            boolean has = expected.stream()
                    .anyMatch(e -> e.ordinal() == ordinal && difference(score, e.score()) <= FLOAT_TOLERANCE);
            if (!has || !seen.add(ordinal)) {
                return Double.POSITIVE_INFINITY;
            }
        }
        return worst;
    }

    private static List<SparseVector> vectors(SyntheticVectors.Sparse rows) {
        List<SparseVector> vectors = new ArrayList<>();
        for (int row = 0; row < rows.columns().length; row++) {
            vectors.add(new SparseVector(rows.columns()[row], rows.weights()[row]));
        }
        return vectors;
    }
}
