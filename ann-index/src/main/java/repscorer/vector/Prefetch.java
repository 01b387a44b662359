package repscorer.vector;

import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Fetches memory off the heap into the processor's caches before it is needed, so that what is far away is under way all at
 * once. Where the processor cannot be told to fetch, memory is read instead, which is slower; {@code -Drepscorer.prefetch=off}
 * chooses that way everywhere. Safe for concurrent use; allocates nothing.
 */
public final class Prefetch {

    /*
     * A read is no prefetch. It holds up all that comes after it once some 300 instructions wait behind it, and a read from
     * memory takes as long as a thousand. A prefetch is done when it has begun. Java has no word for it, so the two routines
     * below are written in the machine's own, into a page of memory that is then made executable, which whatever system
     * lets HotSpot compile must allow. See docs/adr/0014-a-prefetch-of-its-own.md.
     */

    static final String PROPERTY = "repscorer.prefetch";

    private static final int LINE = 64;

    private static int sink;

    private static final @Nullable Routines ROUTINES =
            System.getProperty(PROPERTY, "on").equals("off") ? null : Routines.write();

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

    /** Reads a byte of every cache line of the first {@code n} rows named. */
    static void read(MemorySegment rows, long rowBytes, int[] ordinals, int n) {
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
    static void use(int sum) {
        if (sum == Integer.MIN_VALUE) {
            sink = sum; // as good as never
        }
    }

    /** The two routines, for x86-64 as Linux calls functions there. */
    private record Routines(MethodHandle rows, MethodHandle range) {

        private static final String ROWS = // rdi: the first row, rsi: its bytes, rdx: ordinals, ecx: how many
                "f30f1efa" //         endbr64
                        + "4863c9" //         movslq %ecx, %rcx
                        + "4885c9" //         test   %rcx, %rcx
                        + "7e23" //           jle    end
                        + "486302" //   row:  movslq (%rdx), %rax
                        + "480fafc6" //       imul   %rsi, %rax
                        + "4801f8" //         add    %rdi, %rax
                        + "4c8d0430" //       lea    (%rax,%rsi), %r8
                        + "0f1808" //   line: prefetcht0 (%rax)
                        + "4883c040" //       add    $64, %rax
                        + "4c39c0" //         cmp    %r8, %rax
                        + "72f4" //           jb     line
                        + "4883c204" //       add    $4, %rdx
                        + "48ffc9" //         dec    %rcx
                        + "75dd" //           jnz    row
                        + "c3"; //      end:  ret

        private static final String RANGE = // rdi: where it starts, rsi: how many bytes
                "f30f1efa" //         endbr64
                        + "4801fe" //         add    %rdi, %rsi
                        + "0f180f" //   line: prefetcht0 (%rdi)
                        + "4883c740" //       add    $64, %rdi
                        + "4839f7" //         cmp    %rsi, %rdi
                        + "72f4" //           jb     line
                        + "c3"; //            ret

        private static final int PAGE = 4096;
        private static final int PROT_READ_WRITE = 3;
        private static final int PROT_READ_EXECUTE = 5;
        private static final int MAP_PRIVATE_ANONYMOUS = 0x22;

        /** Null on another system, and where memory must not become executable. */
        static @Nullable Routines write() {
            if (!System.getProperty("os.name", "").equals("Linux")
                    || !System.getProperty("os.arch", "").equals("amd64")) {
                return null;
            }
            try {
                Linker linker = Linker.nativeLinker();
                ValueLayout.OfLong size = ValueLayout.JAVA_LONG;
                ValueLayout.OfInt flag = ValueLayout.JAVA_INT;
                MethodHandle mmap = linker.downcallHandle(
                        linker.defaultLookup().findOrThrow("mmap"),
                        FunctionDescriptor.of(size, size, size, flag, flag, flag, size));
                MethodHandle mprotect = linker.downcallHandle(
                        linker.defaultLookup().findOrThrow("mprotect"), FunctionDescriptor.of(flag, size, size, flag));
                long page = (long) mmap.invokeExact(0L, (long) PAGE, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0L);
                if (page == -1) {
                    return null;
                }
                MemorySegment code =
                        MemorySegment.ofAddress(page).reinterpret(PAGE, Arena.global(), null); // stays for good
                byte[] rows = HexFormat.of().parseHex(ROWS);
                byte[] range = HexFormat.of().parseHex(RANGE);
                MemorySegment.copy(rows, 0, code, ValueLayout.JAVA_BYTE, 0, rows.length);
                MemorySegment.copy(range, 0, code, ValueLayout.JAVA_BYTE, LINE, range.length);
                if ((int) mprotect.invokeExact(page, (long) PAGE, PROT_READ_EXECUTE) != 0) {
                    log("no memory may become executable", null);
                    return null;
                }
                return new Routines(
                        linker.downcallHandle(
                                code,
                                FunctionDescriptor.ofVoid(size, size, ValueLayout.ADDRESS, flag),
                                Linker.Option.critical(true)),
                        linker.downcallHandle(
                                code.asSlice(LINE),
                                FunctionDescriptor.ofVoid(size, size),
                                Linker.Option.critical(false)));
            } catch (Throwable e) {
                log(e.toString(), e);
                return null;
            }
        }

        private static void log(String why, @Nullable Throwable cause) {
            System.getLogger(Prefetch.class.getName())
                    .log(Level.WARNING, "Memory is read ahead rather than prefetched, which is slower: " + why, cause);
        }

        void rows(long first, long rowBytes, int[] ordinals, int n) {
            try {
                rows.invokeExact(first, rowBytes, MemorySegment.ofArray(ordinals), n);
            } catch (Throwable e) {
                throw new IllegalStateException("a prefetch failed", e);
            }
        }

        void range(long from, long bytes) {
            try {
                range.invokeExact(from, bytes);
            } catch (Throwable e) {
                throw new IllegalStateException("a prefetch failed", e);
            }
        }
    }
}
