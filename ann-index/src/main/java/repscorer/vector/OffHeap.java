package repscorer.vector;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * Memory off the heap for what is read at random: on huge pages where the system has them, so that a read seldom misses the
 * translation buffer as well as the cache. Safe for concurrent use.
 */
public final class OffHeap {

    /*
     * A page of 4 KiB makes 25 MB of codes some 6,000 pages, more than the translation buffer holds. The JVM's own option for
     * huge pages reaches the heap only, so large blocks are mapped here and the kernel is advised. Where that fails (another
     * system, no native access) blocks come from the arena as usual: slower, never wrong.
     */

    private static final long HUGE_PAGE = 2L << 20;
    private static final long CACHE_LINE = 64;

    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_PRIVATE_ANONYMOUS = 0x22;
    private static final int MADV_HUGEPAGE = 14;

    private static final @Nullable Calls CALLS = Calls.find();

    private OffHeap() {}

    /**
     * {@code bytes} zero bytes, aligned to a cache line, freed with the arena.
     *
     * @throws OutOfMemoryError when there is no room
     */
    public static MemorySegment allocate(long bytes, Arena arena) {
        if (CALLS != null && bytes >= HUGE_PAGE) {
            MemorySegment mapped = CALLS.map(bytes, arena);
            if (mapped != null) {
                return mapped;
            }
        }
        return arena.allocate(Math.max(bytes, 1), CACHE_LINE).asSlice(0, bytes);
    }

    private record Calls(MethodHandle mmap, MethodHandle madvise, MethodHandle munmap) {

        static @Nullable Calls find() {
            if (!System.getProperty("os.name", "").equals("Linux")) {
                return null;
            }
            try {
                Linker linker = Linker.nativeLinker();
                SymbolLookup library = linker.defaultLookup();
                ValueLayout.OfLong size = ValueLayout.JAVA_LONG;
                ValueLayout.OfInt flag = ValueLayout.JAVA_INT;
                return new Calls(
                        linker.downcallHandle(
                                library.findOrThrow("mmap"),
                                FunctionDescriptor.of(size, size, size, flag, flag, flag, size)),
                        linker.downcallHandle(
                                library.findOrThrow("madvise"), FunctionDescriptor.of(flag, size, size, flag)),
                        linker.downcallHandle(library.findOrThrow("munmap"), FunctionDescriptor.of(flag, size, size)));
            } catch (RuntimeException e) {
                return null;
            }
        }

        /** A block on a huge page's border, or null where the system gives none. */
        @Nullable
        MemorySegment map(long bytes, Arena arena) {
            long length = Math.ceilDiv(bytes, HUGE_PAGE) * HUGE_PAGE + HUGE_PAGE;
            try {
                long address = (long) mmap.invokeExact(0L, length, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0L);
                if (address == -1) {
                    return null;
                }
                long start = Math.ceilDiv(address, HUGE_PAGE) * HUGE_PAGE;
                int ignored = (int) madvise.invokeExact(start, length - HUGE_PAGE, MADV_HUGEPAGE);
                return MemorySegment.ofAddress(start).reinterpret(bytes, arena, segment -> unmap(address, length));
            } catch (Throwable e) {
                throw new IllegalStateException("mapping " + bytes + " bytes failed", e);
            }
        }

        private void unmap(long address, long length) {
            try {
                int ignored = (int) munmap.invokeExact(address, length);
            } catch (Throwable e) {
                throw new IllegalStateException("unmapping failed", e);
            }
        }
    }
}
