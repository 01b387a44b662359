package repscorer.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class ByteRowsTest {

    @Test
    void rowsAreKeptAndCompared() {
        ByteRows rows = ByteRows.allocate(3, 5, Arena.ofAuto());
        rows.set(0, new byte[] {1, 2, 3, 4, 5});
        rows.set(2, new byte[] {-1, 0, 0, 0, 127, 99}); // the sixth value is not the row's
        byte[] read = new byte[5];
        rows.copyRow(2, read);
        assertThat(read).containsExactly(-1, 0, 0, 0, 127);
        short[] query = new short[ByteRows.stride(5)];
        query[0] = 10;
        query[4] = -63;
        int[] dots = new int[3];
        rows.dots(query, new int[] {2, 0, 1}, 3, dots);
        assertThat(dots).containsExactly(-10 - 63 * 127, 10 - 63 * 5, 0);
        assertThat(rows.count()).isEqualTo(3);
        assertThat(rows.dimension()).isEqualTo(5);
    }

    @Test
    void wrongShapesAreRefused() {
        assertThatThrownBy(() -> ByteRows.of(MemorySegment.NULL, 3, 5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("segment of codes has another size: 3 rows of dimension 5 need 96 bytes, got 0");
        ByteRows rows = ByteRows.allocate(1, 40, Arena.ofAuto());
        assertThatThrownBy(() -> rows.dots(new short[40], new int[1], 1, new int[1]))
                .hasMessage("dimension differs: a row takes 64, got 40");
        assertThatThrownBy(() -> rows.dots(new short[64], new int[] {1}, 1, new int[1]))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }
}
