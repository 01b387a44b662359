package repscorer.os;

import java.io.ByteArrayOutputStream;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The two routines that prefetch, in the machine language of x86-64 and as Linux calls functions there. */
record PrefetchRoutines(MethodHandle rows, MethodHandle range) {

    /*
     * Each line of a listing holds an instruction's bytes and the instruction as objdump writes it, but for the labels in the
     * jumps. A test has objdump read the bytes and compares.
     */

    /** rdi: the first row, rsi: its bytes, rdx: ordinals, ecx: how many. */
    static final String ROWS = """
            f30f1efa |       endbr64
            4863c9   |       movslq %ecx,%rcx
            4885c9   |       test %rcx,%rcx
            7e23     |       jle end
            486302   | row:  movslq (%rdx),%rax
            480fafc6 |       imul %rsi,%rax
            4801f8   |       add %rdi,%rax
            4c8d0430 |       lea (%rax,%rsi,1),%r8
            0f1808   | line: prefetcht0 (%rax)
            4883c040 |       add $0x40,%rax
            4c39c0   |       cmp %r8,%rax
            72f4     |       jb line
            4883c204 |       add $0x4,%rdx
            48ffc9   |       dec %rcx
            75dd     |       jne row
            c3       | end:  ret
            """;

    /** rdi: where it starts, rsi: how many bytes. */
    static final String RANGE = """
            f30f1efa |       endbr64
            4801fe   |       add %rdi,%rsi
            0f180f   | line: prefetcht0 (%rdi)
            4883c740 |       add $0x40,%rdi
            4839f7   |       cmp %rsi,%rdi
            72f4     |       jb line
            c3       |       ret
            """;

    private static final int PAGE = 4096;

    /** Where the second routine starts in the page. */
    private static final int RANGE_AT = 64;

    /** Null on another system, and where memory must not become executable. */
    static @Nullable PrefetchRoutines write() {
        if (!System.getProperty("os.name", "").equals("Linux")
                || !System.getProperty("os.arch", "").equals("amd64")) {
            return null;
        }
        SystemCalls calls = SystemCalls.LINUX;
        if (calls == null) {
            log("the JVM gives no access to the system's calls", null);
            return null;
        }
        try {
            long page = calls.map(PAGE);
            if (page == SystemCalls.NOTHING) {
                log("there is no memory for the routines", null);
                return null;
            }
            MemorySegment code =
                    MemorySegment.ofAddress(page).reinterpret(PAGE, Arena.global(), null); // stays for good
            code.copyFrom(MemorySegment.ofArray(bytes(ROWS)));
            code.asSlice(RANGE_AT).copyFrom(MemorySegment.ofArray(bytes(RANGE)));
            if (!calls.makeExecutable(page, PAGE)) {
                log("no memory may become executable", null);
                return null;
            }
            ValueLayout size = ValueLayout.JAVA_LONG;
            FunctionDescriptor rows = FunctionDescriptor.ofVoid(size, size, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
            Linker linker = Linker.nativeLinker();
            return new PrefetchRoutines(
                    linker.downcallHandle(code, rows, Linker.Option.critical(true)),
                    linker.downcallHandle(
                            code.asSlice(RANGE_AT),
                            FunctionDescriptor.ofVoid(size, size),
                            Linker.Option.critical(false)));
        } catch (RuntimeException e) {
            log(e.toString(), e);
            return null;
        }
    }

    /** The bytes of a listing. */
    static byte[] bytes(String listing) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String line : listing.split("\n", -1)) {
            bytes.writeBytes(HexFormat.of()
                    .parseHex(line.substring(0, Math.max(0, line.indexOf('|'))).strip()));
        }
        return bytes.toByteArray();
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
