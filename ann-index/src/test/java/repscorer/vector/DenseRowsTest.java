package repscorer.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import repscorer.testing.BruteForce;
import repscorer.testing.Seeds;
import repscorer.testing.SyntheticVectors;

class DenseRowsTest {

    @Test
    void keepsWhatWasCopied() {
        float[][] values = SyntheticVectors.gaussian(Seeds.random("DenseRowsTest"), 5, 13);
        DenseRows rows = DenseRows.copyOf(values);
        assertThat(rows.count()).isEqualTo(5);
        assertThat(rows.dimension()).isEqualTo(13);
        for (int r = 0; r < 5; r++) {
            assertThat(rows.row(r)).isEqualTo(values[r]);
            assertThat(rows.norm(r)).isEqualTo(VectorOps.norm(values[r]));
        }
        float[] into = new float[20];
        rows.copyRow(2, into);
        assertThat(into).startsWith(values[2]);
        assertThat(into[13]).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void scoresAsTheOracleDoes(Metric metric) {
        float[][] values = SyntheticVectors.gaussian(Seeds.random("DenseRowsTest"), 20, 100);
        DenseRows rows = DenseRows.copyOf(values);
        float[] query = values[7];
        for (int r = 0; r < 20; r++) {
            assertThat((double) rows.score(metric, query, VectorOps.norm(query), r))
                    .isEqualTo(
                            BruteForce.score(BruteForce.Dense.valueOf(metric.name()), query, values[r]), within(1e-4));
        }
    }

    @ParameterizedTest
    @EnumSource
    void scoresOfManyRowsAreThoseOfEach(Metric metric) {
        float[][] values = SyntheticVectors.gaussian(Seeds.random("DenseRowsTest"), 40, 64);
        VectorOps.scale(values[1], 1e25f);
        VectorOps.scale(values[2], 1e-25f);
        VectorOps.scale(values[3], 0);
        DenseRows rows = DenseRows.copyOf(values);
        int[] ordinals = {5, 3, 2, 1, 39, 0, 5};
        for (float[] query : new float[][] {values[7], values[1], values[2]}) {
            float[] scores = new float[ordinals.length];
            rows.scores(metric, query, VectorOps.norm(query), ordinals, ordinals.length, scores);
            for (int i = 0; i < scores.length; i++) {
                assertThat(scores[i]).isEqualTo(rows.score(metric, query, VectorOps.norm(query), ordinals[i]));
            }
        }
        assertThatThrownBy(() -> rows.scores(metric, values[7], 1, new int[] {40}, 1, new float[1]))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void aZeroRowHasCosineZero() {
        DenseRows rows = DenseRows.copyOf(new float[][] {{0, 0}, {1, 1}});
        assertThat(rows.score(Metric.COSINE, new float[] {1, 0}, 1, 0)).isZero();
        assertThat(rows.score(Metric.COSINE, new float[] {0, 0}, 0, 1)).isZero();
    }

    @Test
    void extremeRowsKeepTheirScores() {
        DenseRows rows = DenseRows.copyOf(new float[][] {{3e25f, 4e25f}, {3e-30f, 4e-30f}});
        float[] query = {3, 4};
        assertThat(rows.score(Metric.COSINE, query, 5, 0)).isEqualTo(1f, within(1e-5f));
        assertThat(rows.score(Metric.COSINE, query, 5, 1)).isEqualTo(1f, within(1e-5f));
        assertThat(rows.score(Metric.L2, query, 5, 0)).isEqualTo(-5e25f, within(1e20f));
    }

    @Test
    void wrapsMemoryOfTheRightSizeOnly() {
        MemorySegment values = MemorySegment.ofArray(new float[] {1, 2, 3, 4});
        MemorySegment norms = MemorySegment.ofArray(new float[] {1, 1});
        assertThat(DenseRows.of(values, norms, 2, 2).row(1)).containsExactly(3, 4);
        assertThat(DenseRows.of(MemorySegment.NULL, MemorySegment.NULL, 0, 128).dimension())
                .isEqualTo(128);
        assertThatThrownBy(() -> DenseRows.of(values, norms, 2, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("segment of values has another size: 2 rows of dimension 3 need 24 bytes, got 16");
        assertThatThrownBy(() -> DenseRows.of(values, norms, 4, 1)).hasMessageContaining("segment of norms");
        assertThatThrownBy(() -> DenseRows.of(values, norms, -1, 2)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void rowsOfDifferentLengthsAreRefusedByNumber() {
        assertThatThrownBy(() -> DenseRows.copyOf(new float[][] {{1, 2}, {1}}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("rows must be of one length, at least 1: row 1 has 1 values, row 0 has 2");
        assertThat(DenseRows.copyOf(new float[0][]).count()).isZero();
    }

    @Test
    void ordinalsAndDimensionsAreChecked() {
        DenseRows rows = DenseRows.copyOf(new float[][] {{1, 2}});
        assertThatThrownBy(() -> rows.row(1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> rows.norm(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> rows.score(Metric.L2, new float[2], 1, 1))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> rows.score(Metric.L2, new float[3], 1, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("dimension differs: rows have 2, the query has 3");
        assertThatThrownBy(() -> rows.copyRow(0, new float[1])).isInstanceOf(IllegalArgumentException.class);
    }
}
