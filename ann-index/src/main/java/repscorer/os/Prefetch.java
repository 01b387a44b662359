package repscorer.os;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * Fetches memory off the heap into the processor's caches before it is needed, so that what is far away is under way all at
 * once. Where the processor cannot be told to fetch, memory is read instead, which is slower; {@code -Drepscorer.prefetch=off}
 * chooses that way everywhere. Safe for concurrent use; allocates nothing.
 */
public final class Prefetch {

    /*
     * A read is no prefetch. It holds up all that comes after it once some 300 instructions wait behind it, and a read from
     * memory takes as long as a thousand. A prefetch is done when it has begun. Java has no word for it, so two routines are
     * written in the machine's own, into a page of memory that is then made executable, which whatever system lets
     * HotSpot compile must allow. See docs/adr/0014-a-prefetch-of-its-own.md.
     */

    static final String PROPERTY = "repscorer.prefetch";

    private static final int LINE = 64;

    private static int sink;

    private static final @Nullable PrefetchRoutines ROUTINES =
            System.getProperty(PROPERTY, "on").equals("off") ? null : PrefetchRoutines.write();

    private Prefetch() {}

    /** How memory is fetched here: {@code "prefetch"} or {@code "read"}. */
    public static String implementation() {
        return ROUTINES == null ? "read" : "prefetch";
    }

    /**
     * Fetches the first {@code n} rows named.
     *
     * @param rows off the heap
     * @param rowBytes how long each is
     * @param ordinals of rows within {@code rows}
     * @throws IndexOutOfBoundsException when there is no such row, where memory is read; otherwise nothing is fetched for it
     */
    public static void rows(MemorySegment rows, long rowBytes, int[] ordinals, int n) {
        if (ROUTINES != null) {
            ROUTINES.rows(rows.address(), rowBytes, ordinals, n);
        } else {
            read(rows, rowBytes, ordinals, n);
        }
    }

    /**
     * Reads a byte of every cache line of the first {@code n} rows named, however memory is fetched otherwise.
     *
     * @throws IndexOutOfBoundsException when there is no such row
     */
    public static void read(MemorySegment rows, long rowBytes, int[] ordinals, int n) {
        int sum = 0;
        for (int i = 0; i < n; i++) {
            long from = rowBytes * ordinals[i];
            for (long at = from; at < from + rowBytes; at += LINE) {
                sum += rows.get(ValueLayout.JAVA_BYTE, at);
            }
        }
        use(sum);
    }

    /**
     * Fetches {@code bytes} of {@code memory} from {@code from} on.
     *
     * @param memory off the heap
     * @throws IndexOutOfBoundsException as {@link #rows}
     */
    public static void range(MemorySegment memory, long from, long bytes) {
        if (ROUTINES != null) {
            ROUTINES.range(memory.address() + from, bytes);
        } else {
            read(memory, from, bytes);
        }
    }

    private static void read(MemorySegment memory, long from, long bytes) {
        int sum = 0;
        for (long at = from; at < from + bytes; at += LINE) {
            sum += memory.get(ValueLayout.JAVA_BYTE, at);
        }
        use(sum);
    }

    /** Takes the sum of what was only read to be fetched, so that the compiler does not leave the reads out. */
    public static void use(int sum) {
        if (sum == Integer.MIN_VALUE) {
            sink = sum; // as good as never
        }
    }
}
