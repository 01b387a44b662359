package repscorer.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import repscorer.testing.Seeds;
import repscorer.testing.SyntheticVectors;

class HalfRowsTest {

    private final RandomGenerator random = Seeds.random("HalfRowsTest");

    /** Eleven bits of each value: a relative error of 2⁻¹¹ at most, so a sum's is that of its terms' sizes. */
    @ParameterizedTest
    @EnumSource
    void scoresAreThoseOfTheRowsToElevenBits(Metric metric) {
        for (int dimension : new int[] {1, 2, 3, 15, 64, 129}) {
            float[][] values = SyntheticVectors.gaussian(random, 20, dimension);
            DenseRows rows = DenseRows.copyOf(values);
            HalfRows halves = HalfRows.copyOf(rows, metric, Arena.ofAuto());
            HalfRows again = HalfRows.of(halves.values(), metric, 20, dimension);
            float[] query = SyntheticVectors.gaussian(random, 1, dimension)[0];
            float norm = VectorOps.norm(query);
            for (int row = 0; row < 20; row++) {
                double size =
                        metric == Metric.COSINE ? 1 : metric == Metric.L2 ? rows.norm(row) : norm * rows.norm(row);
                float score = halves.score(query, norm, row);
                assertThat(score).isCloseTo(rows.score(metric, query, norm, row), within((float) (size / 1024)));
                assertThat(again.score(query, norm, row)).isEqualTo(score);
            }
        }
    }

    @Test
    void anotherSizeAndARowThatIsNotThereAreRefused() {
        assertThatThrownBy(() -> HalfRows.of(MemorySegment.NULL, Metric.L2, 2, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2 rows of dimension 3 need 12 bytes, got 0");
        HalfRows halves = HalfRows.copyOf(DenseRows.copyOf(new float[][] {{1}}), Metric.L2, Arena.ofAuto());
        assertThatThrownBy(() -> halves.score(new float[] {1}, 1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
