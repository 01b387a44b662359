package repscorer.core.similarity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import repscorer.vector.DenseRows;
import repscorer.vector.SparseRows;
import repscorer.vector.SparseVector;

class PairsTest {

    @ParameterizedTest
    @EnumSource
    void sparseSimilaritiesAreTheirFormulas(Similarity similarity) {
        if (!similarity.sparse()) {
            return;
        }
        Random random = new Random(11);
        for (int round = 0; round < 500; round++) {
            SparseVector a = sparse(random);
            SparseVector b = sparse(random);
            double expected = formula(similarity, a, b);
            SparsePairs pairs = new SparsePairs(similarity, a);
            assertThat(pairs.score(b)).isCloseTo(expected, within(1e-9 * Math.max(1, Math.abs(expected))));
            SparseRows rows = SparseRows.copyOf(List.of(SparseVector.EMPTY, b));
            assertThat(pairs.score(rows, 1)).isEqualTo(pairs.score(b));
            assertThat(pairs.score(rows, 0)).isEqualTo(pairs.score(SparseVector.EMPTY));
        }
    }

    /** Straight over the union of columns, with nothing shared with the product. */
    private static double formula(Similarity similarity, SparseVector a, SparseVector b) {
        Map<Integer, Double> x = map(a);
        Map<Integer, Double> y = map(b);
        TreeSet<Integer> union = new TreeSet<>(x.keySet());
        union.addAll(y.keySet());
        double dot = 0;
        double shared = 0;
        double min = 0;
        double max = 0;
        double squares = 0;
        double absolutes = 0;
        double sa = 0;
        double sb = 0;
        for (int column : union) {
            double p = x.getOrDefault(column, 0.0);
            double q = y.getOrDefault(column, 0.0);
            dot += p * q;
            shared += p > 0 && q > 0 ? 1 : 0;
            min += Math.min(p, q);
            max += Math.max(p, q);
            squares += (p - q) * (p - q);
            absolutes += Math.abs(p - q);
            sa += p * p;
            sb += q * q;
        }
        boolean empty = a.isEmpty() || b.isEmpty();
        return switch (similarity) {
            case DOT -> dot;
            case COSINE -> empty ? 0 : dot / (Math.sqrt(sa) * Math.sqrt(sb));
            case JACCARD -> empty ? 0 : shared / union.size();
            case FUZZY_JACCARD -> empty ? 0 : min / max;
            case EUCLIDEAN_DISTANCE -> Math.sqrt(squares);
            case MANHATTAN_DISTANCE -> absolutes;
            case LOG_COSINE -> empty ? 0 : dot / (Math.log(sa + 1) * Math.log(sb + 1));
            case EXP_SCALED_COSINE -> empty ? 0 : dot / (Math.pow(sa, 0.3) * Math.pow(sb, 0.3));
            case L2, BM25 -> throw new IllegalArgumentException("not of sparse vectors");
        };
    }

    private static Map<Integer, Double> map(SparseVector vector) {
        Map<Integer, Double> map = new TreeMap<>();
        for (int i = 0; i < vector.size(); i++) {
            map.put(vector.columns()[i], (double) vector.weights()[i]);
        }
        return map;
    }

    private static SparseVector sparse(Random random) {
        int[] columns =
                random.ints(0, 12).distinct().limit(random.nextInt(8)).sorted().toArray();
        float[] weights = new float[columns.length];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = random.nextFloat() * 3 + 0.01f;
        }
        return new SparseVector(columns, weights);
    }

    @Test
    void aScorerThatTakesAnotherSourceIsAsGoodAsNew() {
        Random random = new Random(17);
        List<SparseVector> vectors =
                java.util.stream.Stream.generate(() -> sparse(random)).limit(50).toList();
        SparseRows rows = SparseRows.copyOf(vectors);
        for (Similarity similarity : Similarity.values()) {
            if (similarity.sparse()) {
                SparsePairs reused = new SparsePairs(similarity);
                for (int s = 0; s < 50; s++) {
                    reused.source(rows, s);
                    SparsePairs fresh = new SparsePairs(similarity, vectors.get(s));
                    for (int c = 0; c < 50; c++) {
                        assertThat(reused.score(rows, c)).isEqualTo(fresh.score(vectors.get(c)));
                    }
                }
            }
        }
    }

    @Test
    void closeVectorsHaveTheirSmallDistance() {
        SparseVector a = new SparseVector(new int[] {1, 2, 3}, new float[] {1e6f, 1, 1e-6f});
        SparseVector b = new SparseVector(new int[] {1, 2}, new float[] {1e6f, 1});
        assertThat(new SparsePairs(Similarity.EUCLIDEAN_DISTANCE, a).score(b)).isCloseTo(1e-6, within(1e-12));
        assertThat(new SparsePairs(Similarity.EUCLIDEAN_DISTANCE, a).score(a)).isZero();
        assertThat(new SparsePairs(Similarity.MANHATTAN_DISTANCE, a).score(a)).isZero();
        assertThat(new SparsePairs(Similarity.FUZZY_JACCARD, a).score(a)).isEqualTo(1);
    }

    @Test
    void longRowsAndColumnsOfAnySizeFit() {
        int[] columns = new int[1000];
        float[] weights = new float[1000];
        for (int i = 0; i < 1000; i++) {
            columns[i] = i * 2_000_000;
            weights[i] = 1;
        }
        SparseVector all = new SparseVector(columns, weights);
        assertThat(new SparsePairs(Similarity.DOT, all).score(SparseRows.copyOf(List.of(all)), 0))
                .isEqualTo(1000);
    }

    @Test
    void denseSimilaritiesAtAwkwardSizes() {
        Random random = new Random(3);
        for (int dimension : new int[] {1, 2, 3, 4, 5, 7, 13, 64, 129}) {
            float[] a = new float[dimension];
            float[] b = new float[dimension];
            double dot = 0;
            double squares = 0;
            double sa = 0;
            double sb = 0;
            for (int i = 0; i < dimension; i++) {
                a[i] = (float) random.nextGaussian();
                b[i] = (float) random.nextGaussian();
                dot += (double) a[i] * b[i];
                squares += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
                sa += (double) a[i] * a[i];
                sb += (double) b[i] * b[i];
            }
            DenseRows rows = DenseRows.copyOf(new float[][] {a, b});
            DensePairs pairs = new DensePairs(Similarity.DOT, dimension);
            pairs.source(rows, 0);
            assertThat(pairs.score(rows, 1)).isCloseTo(dot, within(1e-12 * dimension));
            assertThat(new DensePairs(Similarity.COSINE, a).score(b))
                    .isCloseTo(dot / Math.sqrt(sa * sb), within(1e-12));
            assertThat(new DensePairs(Similarity.L2, a).score(b)).isCloseTo(-Math.sqrt(squares), within(1e-12));
        }
    }

    @Test
    void denseSimilaritiesAreTheirFormulas() {
        float[] a = {3, 4};
        float[][] rows = {{4, 3}, {0, 0}, {-3, -4}, {3, 4}};
        DenseRows dense = DenseRows.copyOf(rows);
        assertScores(new DensePairs(Similarity.DOT, a), dense, 24, 0, -25, 25);
        assertScores(
                new DensePairs(Similarity.COSINE, a),
                DenseRows.copyOf(new float[][] {{4, 3}, {-3, -4}, {3, 4}}),
                0.96,
                -1,
                1);
        assertThat(new DensePairs(Similarity.COSINE, a).score(dense, 1)).isNaN();
        assertScores(new DensePairs(Similarity.L2, a), dense, -Math.sqrt(2), -5, -10, 0);
        assertThat(new DensePairs(Similarity.COSINE, new float[2]).score(dense, 0))
                .isNaN();
        assertThat(new DensePairs(Similarity.L2, a).score(dense, 3)).isEqualTo(0.0);
    }

    private static void assertScores(DensePairs pairs, DenseRows rows, double... expected) {
        for (int i = 0; i < expected.length; i++) {
            assertThat(pairs.score(rows, i)).isCloseTo(expected[i], within(1e-12));
        }
    }

    @Test
    void selfCosineStaysWithinItsRange() {
        Random random = new Random(5);
        for (int i = 0; i < 200; i++) {
            SparseVector a = sparse(random);
            assertThat(new SparsePairs(Similarity.COSINE, a).score(a)).isLessThanOrEqualTo(1);
            float[] v = {random.nextFloat(), random.nextFloat(), random.nextFloat()};
            assertThat(new DensePairs(Similarity.COSINE, v).score(v)).isLessThanOrEqualTo(1);
        }
    }

    @Test
    void refusesTheOtherFormAndAnotherDimension() {
        assertThatIllegalArgumentException().isThrownBy(() -> new DensePairs(Similarity.JACCARD, new float[1]));
        assertThatIllegalArgumentException().isThrownBy(() -> new SparsePairs(Similarity.L2, SparseVector.EMPTY));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DensePairs(Similarity.DOT, new float[2]).score(new float[3]))
                .withMessage("dimension differs: the candidate has 3, the source has 2");
    }
}
