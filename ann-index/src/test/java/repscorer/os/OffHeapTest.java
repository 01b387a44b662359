package repscorer.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class OffHeapTest {

    /** On either side of the size from which blocks are mapped on huge pages. */
    private static final long[] SIZES = {0, 1, 63, 4096, (2 << 20) - 1, 2 << 20, (2 << 20) + 1, (5 << 20) + 17};

    @Test
    void blocksOfEverySizeAreZeroAlignedAndWritableToTheirLastByte() {
        try (Arena arena = Arena.ofConfined()) {
            for (long size : SIZES) {
                MemorySegment block = OffHeap.allocate(size, arena);
                assertThat(block.byteSize()).isEqualTo(size);
                assertThat(block.address() % 64).as("%s bytes", size).isZero();
                assertThat(block.mismatch(MemorySegment.ofArray(new byte[(int) size])))
                        .as("%s bytes", size)
                        .isEqualTo(-1);
                if (size > 0) {
                    block.set(ValueLayout.JAVA_BYTE, size - 1, (byte) 1);
                }
            }
        }
    }

    @Test
    void blocksAreFreedWithTheirArena() {
        MemorySegment small;
        MemorySegment large;
        try (Arena arena = Arena.ofConfined()) {
            small = OffHeap.allocate(100, arena);
            large = OffHeap.allocate(4 << 20, arena);
        }
        assertThat(small.scope().isAlive()).isFalse();
        assertThat(large.scope().isAlive()).isFalse();
    }
}
