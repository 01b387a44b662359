package repscorer.ann.exact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import repscorer.testing.BruteForce;
import repscorer.testing.Seeds;
import repscorer.testing.SyntheticVectors;
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;

class DenseBoundsTest {

    private final RandomGenerator random = Seeds.random("DenseBoundsTest");

    @ParameterizedTest
    @EnumSource
    void noRowScoresMoreThanItsBoundAndBoundsAreClose(Metric metric) {
        for (int dimension : new int[] {1, 7, 32, 64, 100, 256}) {
            float[][] rows = SyntheticVectors.clustered(random, 300, dimension, 10, 0.7);
            rows[0] = new float[dimension];
            for (int i = 0; i < dimension; i++) {
                rows[1][i] *= 1e6f;
                rows[2][i] *= 1e-6f;
            }
            DenseBounds bounds = DenseBounds.of(DenseRows.copyOf(rows));
            int[] ordinals = IntStream.range(0, rows.length)
                    .map(i -> rows.length - 1 - i)
                    .toArray();
            double[] uppers = new double[rows.length];
            for (int q = 0; q < 10; q++) {
                float[] query = q == 0 ? rows[3] : SyntheticVectors.gaussian(random, 1, dimension)[0];
                DenseBounds.Query prepared = bounds.query(metric, query);
                prepared.uppers(ordinals, rows.length, uppers);
                double slack = 0;
                for (int i = 0; i < rows.length; i++) {
                    float[] row = rows[ordinals[i]];
                    double score = BruteForce.score(BruteForce.Dense.valueOf(metric.name()), query, row);
                    score = Double.isNaN(score) ? 0 : score; // a zero row's cosine
                    assertThat(uppers[i]).isGreaterThanOrEqualTo(score - 1e-12 * Math.abs(score));
                    assertThat(prepared.upperOfAll()).isGreaterThanOrEqualTo(score - 1e-12 * Math.abs(score));
                    double norms = Math.sqrt(BruteForce.dot(query, query) * BruteForce.dot(row, row));
                    slack += metric == Metric.COSINE ? uppers[i] - score : norms == 0 ? 0 : (uppers[i] - score) / norms;
                }
                if (metric != Metric.L2) {
                    assertThat(slack / rows.length)
                            .as("mean slack at %s dimensions", dimension)
                            .isLessThan(0.05);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aQueryOfAnotherDimensionIsRefused(Metric metric) {
        DenseBounds bounds = DenseBounds.of(DenseRows.copyOf(new float[][] {{1, 2}}));
        assertThatThrownBy(() -> bounds.query(metric, new float[3]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("dimension differs: rows have 2, the query has 3");
    }
}
