package repscorer.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import repscorer.testing.BruteForce;
import repscorer.testing.Seeds;
import repscorer.testing.SyntheticVectors;

class VectorOpsTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 13, 16, 17, 64, 100, 207, 1025})
    void agreesWithTheOracle(int n) {
        float[][] rows = SyntheticVectors.gaussian(Seeds.random("VectorOpsTest"), 2, n);
        float[] a = rows[0];
        float[] b = rows[1];
        double delta = 1e-5 * n;
        assertThat((double) VectorOps.dot(a, b)).isEqualTo(BruteForce.dot(a, b), within(delta));
        assertThat((double) VectorOps.squaredL2(a, b)).isEqualTo(BruteForce.squaredL2(a, b), within(delta));
        assertThat((double) VectorOps.cosine(a, b))
                .isEqualTo(BruteForce.score(BruteForce.Dense.COSINE, a, b), within(1e-5));
        assertThat((double) VectorOps.norm(a)).isEqualTo(Math.sqrt(BruteForce.dot(a, a)), within(delta));
        float[] y = b.clone();
        VectorOps.addScaled(y, 0, 2, a, 0, n);
        VectorOps.scale(y, 0.5f);
        assertThat((double) VectorOps.dot(y, a))
                .isEqualTo(BruteForce.dot(a, a) + BruteForce.dot(a, b) / 2, within(2 * delta));
    }

    /** From the first call, interpreted, to the last, compiled: scores that are compared must not depend on the weather. */
    @ParameterizedTest
    @ValueSource(ints = {17, 64, 100, 128})
    void theSameRowsHaveTheSameBitsHoweverOftenTheyAreAsked(int n) {
        float[][] rows = SyntheticVectors.gaussian(Seeds.random("VectorOpsTest"), 2, n);
        float dot = VectorOps.dot(rows[0], rows[1]);
        float distance = VectorOps.squaredL2(rows[0], rows[1]);
        for (int i = 0; i < 100_000; i++) {
            if (VectorOps.dot(rows[0], rows[1]) != dot || VectorOps.squaredL2(rows[0], rows[1]) != distance) {
                throw new AssertionError("another result at call " + i);
            }
        }
    }

    @Test
    void cosineStaysInItsBoundsAndIsZeroForZero() {
        float[] a = {0.1f, 0.7f, 0.3f};
        assertThat(VectorOps.cosine(a, a.clone())).isEqualTo(1f, within(1e-6f)).isLessThanOrEqualTo(1f);
        assertThat(VectorOps.cosine(a, new float[3])).isZero();
    }

    @ParameterizedTest
    @ValueSource(floats = {1e-25f, 1e25f, 1e-40f})
    void valuesNearTheEndsOfTheRangeKeepTheirDirection(float scale) {
        float[] a = {3 * scale, 4 * scale};
        assertThat(VectorOps.cosine(a, new float[] {3, 4})).isEqualTo(1f, within(1e-4f));
        assertThat(VectorOps.norm(a) / (5 * scale)).isEqualTo(1f, within(1e-4f));
    }

    @Test
    void differingLengthsAreRefusedWithBoth() {
        assertThatThrownBy(() -> VectorOps.dot(new float[3], new float[4]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("vectors differ in length: 3 and 4");
        assertThatThrownBy(() -> VectorOps.squaredL2(new float[3], new float[4]))
                .hasMessageContaining("3 and 4");
        assertThatThrownBy(() -> VectorOps.cosine(new float[3], new float[4])).hasMessageContaining("3 and 4");
    }

    @Test
    void rangesOutsideTheirArrayAreRefused() {
        float[] a = new float[8];
        float[] b = new float[4];
        assertThatThrownBy(() -> VectorOps.dot(a, 0, b, 1, 4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("range leaves b: 4 values from 1, length 4");
        assertThatThrownBy(() -> VectorOps.dot(a, -1, b, 0, 4)).hasMessageContaining("from -1");
        assertThatThrownBy(() -> VectorOps.squaredL2(a, Integer.MAX_VALUE, b, 0, 4))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> VectorOps.addScaled(a, 0, 1, b, 0, -1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void rowsOutsideTheirSegmentAreRefused() {
        MemorySegment rows = MemorySegment.ofArray(new float[8]);
        float[] query = new float[4];
        assertThat(VectorOps.dot(query, rows, 16)).isZero();
        assertThatThrownBy(() -> VectorOps.dot(query, rows, 17))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("row leaves the segment: 4 floats at byte 17, segment has 32 bytes");
        assertThatThrownBy(() -> VectorOps.squaredL2(query, rows, -1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> VectorOps.dot(new float[9], rows, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
