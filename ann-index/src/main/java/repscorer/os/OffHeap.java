package repscorer.os;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
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

    private OffHeap() {}

    /**
     * {@code bytes} zero bytes, aligned to a cache line, freed with the arena.
     *
     * @throws OutOfMemoryError when there is no room
     */
    public static MemorySegment allocate(long bytes, Arena arena) {
        SystemCalls calls = SystemCalls.LINUX;
        if (calls != null && bytes >= HUGE_PAGE) {
            MemorySegment mapped = map(calls, bytes, arena);
            if (mapped != null) {
                return mapped;
            }
        }
        return arena.allocate(Math.max(bytes, 1), CACHE_LINE).asSlice(0, bytes);
    }

    /** A block on a huge page's border, or null where the system gives none. */
    private static @Nullable MemorySegment map(SystemCalls calls, long bytes, Arena arena) {
        long length = Math.ceilDiv(bytes, HUGE_PAGE) * HUGE_PAGE + HUGE_PAGE;
        long address = calls.map(length);
        if (address == SystemCalls.NOTHING) {
            return null;
        }
        long start = Math.ceilDiv(address, HUGE_PAGE) * HUGE_PAGE;
        calls.adviseHugePages(start, length - HUGE_PAGE);
        return MemorySegment.ofAddress(start).reinterpret(bytes, arena, segment -> calls.unmap(address, length));
    }
}
