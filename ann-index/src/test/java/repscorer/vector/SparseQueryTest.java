package repscorer.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import repscorer.testing.Formulas;
import repscorer.testing.Seeds;
import repscorer.testing.SyntheticClusters;
import repscorer.testing.SyntheticVectors;

class SparseQueryTest {

    /** One query object for all queries: what an earlier one left behind would show. */
    @Test
    void sumsAreThoseOfTheFormulasThroughTheTableAndByMerging() {
        RandomGenerator random = Seeds.random("SparseQueryTest");
        SparseQuery query = new SparseQuery();
        for (int round = 0; round < 200; round++) {
            int clusters = 1 << random.nextInt(1, 8);
            SyntheticVectors.Sparse drawn =
                    new SyntheticClusters(clusters, random.nextDouble(), 0, Math.min(clusters, 40), 1).rows(random, 3);
            List<SparseVector> vectors = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                int[] columns = drawn.columns()[i];
                for (int c = 0; round % 3 == 0 && c < columns.length; c++) {
                    columns[c] += columns[c] >= clusters / 2 ? 1 << 24 : 0;
                }
                vectors.add(new SparseVector(columns, drawn.weights()[i]));
            }
            SparseRows rows = SparseRows.copyOf(vectors);
            if (random.nextInt(4) == 0) {
                query.giveBack();
            }
            if (random.nextBoolean()) {
                query.set(vectors.get(0));
            } else {
                query.set(rows, 0);
            }
            SparseVector a = vectors.get(0);
            assertThat(query.size()).isEqualTo(a.size());
            assertThat(query.squaredNorm()).isEqualTo(a.squaredNorm());
            for (int row = 0; row < 3; row++) {
                SparseVector b = vectors.get(row);
                query.readDot(rows, row);
                double alone = query.dot();
                assertSum(alone, Formulas.Sparse.DOT, a, b);
                query.readProducts(rows, row);
                assertThat(query.dot()).isEqualTo(alone);
                assertThat(query.rowSquares()).isCloseTo(b.squaredNorm(), within(1e-12 * (1 + b.squaredNorm())));
                query.read(rows, row);
                assertSum(query.dot(), Formulas.Sparse.DOT, a, b);
                double all = query.sum() + query.rowSum() - query.minimums();
                assertSum(all == 0 ? 0 : query.minimums() / all, Formulas.Sparse.FUZZY_JACCARD, a, b);
                double either = (double) query.size() + query.rowSize() - query.shared();
                assertSum(either == 0 ? 0 : query.shared() / either, Formulas.Sparse.JACCARD, a, b);
                query.readDifferences(rows, row);
                assertSum(query.absoluteDifferences(), Formulas.Sparse.MANHATTAN_DISTANCE, a, b);
                assertSum(Math.sqrt(query.squaredDifferences()), Formulas.Sparse.EUCLIDEAN_DISTANCE, a, b);
            }
        }
    }

    @Test
    void entriesOfAFewAreSoughtInRowsOfAnyLength() {
        RandomGenerator random = Seeds.random("SparseQueryTest");
        for (int round = 0; round < 200; round++) {
            int entries = random.nextInt(0, 40);
            int[] columns =
                    random.ints(0, 100).distinct().limit(entries).sorted().toArray();
            float[] weights = new float[columns.length];
            for (int i = 0; i < weights.length; i++) {
                weights[i] = random.nextFloat();
            }
            SparseRows rows = SparseRows.copyOf(List.of(new SparseVector(columns, weights)));
            int column = random.nextInt(100);
            SparseVector a = random.nextBoolean()
                    ? new SparseVector(new int[] {column}, new float[] {.5f})
                    : new SparseVector(new int[] {column, column + 1}, new float[] {.5f, 3});
            SparseQuery query = new SparseQuery().set(a);
            assertThat(query.isFew()).isTrue();
            query.readDot(rows, 0);
            assertSum(query.dot(), Formulas.Sparse.DOT, a, rows.row(0));
        }
        assertThat(new SparseQuery()
                        .set(new SparseVector(new int[] {1, 2, 3}, new float[] {1, 1, 1}))
                        .isFew())
                .isFalse();
    }

    private static void assertSum(double sum, Formulas.Sparse formula, SparseVector a, SparseVector b) {
        double expected = Formulas.score(formula, a.columns(), a.weights(), b.columns(), b.weights());
        assertThat(sum).as(formula.name()).isCloseTo(expected, within(1e-12 * (1 + Math.abs(expected))));
    }
}
