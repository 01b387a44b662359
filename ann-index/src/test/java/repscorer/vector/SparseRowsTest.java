package repscorer.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;

class SparseRowsTest {

    private static final SparseVector A = new SparseVector(new int[] {1, 5, 1_000_000}, new float[] {0.5f, 2, 1});
    private static final SparseVector B = new SparseVector(new int[] {0}, new float[] {3});

    @Test
    void keepsWhatWasCopied() {
        SparseRows rows = SparseRows.copyOf(List.of(A, SparseVector.EMPTY, B));
        assertThat(rows.count()).isEqualTo(3);
        assertThat(rows.entries()).isEqualTo(4);
        assertThat(rows.row(0)).isEqualTo(A);
        assertThat(rows.row(1)).isEqualTo(SparseVector.EMPTY);
        assertThat(rows.row(2)).isEqualTo(B);
        assertThat(rows.size(0)).isEqualTo(3);
        assertThat(rows.column(0, 2)).isEqualTo(1_000_000);
        assertThat(rows.weight(0, 1)).isEqualTo(2);
        assertThat(SparseRows.copyOf(List.of()).entries()).isZero();
    }

    @Test
    void noEntryOfANeighbouringRowIsReached() {
        SparseRows rows = SparseRows.copyOf(List.of(A, B));
        assertThatThrownBy(() -> rows.column(0, 3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> rows.weight(1, -1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> rows.size(2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> rows.row(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> rows.copyRow(0, new int[2], new float[3]))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void segmentsThatDoNotFitTogetherAreRefused() {
        assertThatThrownBy(() -> of(new long[] {0, 2}, 2, 2, 2)).hasMessageContaining("segment of offsets");
        assertThatThrownBy(() -> of(new long[] {1, 2}, 2, 2, 1)).hasMessage("offsets must start at 0: 1");
        assertThatThrownBy(() -> of(new long[] {0, 2, 1}, 1, 1, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("offsets must ascend: 2 then 1 (row 1)");
        assertThatThrownBy(() -> of(new long[] {0, 2}, 3, 2, 1)).hasMessageContaining("segment of columns");
        assertThatThrownBy(() -> of(new long[] {0, 2}, 2, 1, 1)).hasMessageContaining("segment of weights");
        assertThatThrownBy(() -> of(new long[] {0}, 0, 0, -1)).hasMessageContaining("-1");
    }

    private static SparseRows of(long[] offsets, int columns, int weights, int count) {
        return SparseRows.of(
                MemorySegment.ofArray(offsets),
                MemorySegment.ofArray(new int[columns]),
                MemorySegment.ofArray(new float[weights]),
                count);
    }
}
