package repscorer.os;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/** The calls to Linux that are made here, each looked up once. Safe for concurrent use. */
record SystemCalls(
        MethodHandle mmap,
        MethodHandle munmap,
        MethodHandle mprotect,
        MethodHandle madvise,
        MethodHandle schedSetscheduler,
        MethodHandle dup2,
        MethodHandle close) {

    /** Null on another system, and where the JVM gives no native access. */
    static final @Nullable SystemCalls LINUX = find();

    /** What {@link #map} answers where the system gives no memory. */
    static final long NOTHING = -1;

    private static final int PROT_READ_WRITE = 3;
    private static final int PROT_READ_EXECUTE = 5;
    private static final int MAP_PRIVATE_ANONYMOUS = 0x22;
    private static final int MADV_HUGEPAGE = 14;
    private static final int SCHED_IDLE = 5;
    private static final int CALLING_THREAD = 0;
    private static final long SCHEDULING_BYTES = 4;

    private static @Nullable SystemCalls find() {
        if (!System.getProperty("os.name", "").equals("Linux")) {
            return null;
        }
        ValueLayout size = ValueLayout.JAVA_LONG;
        ValueLayout flag = ValueLayout.JAVA_INT;
        try {
            return new SystemCalls(
                    call("mmap", size, size, size, flag, flag, flag, size),
                    call("munmap", flag, size, size),
                    call("mprotect", flag, size, size, flag),
                    call("madvise", flag, size, size, flag),
                    call("sched_setscheduler", flag, flag, flag, ValueLayout.ADDRESS),
                    call("dup2", flag, flag, flag),
                    call("close", flag, flag));
        } catch (RuntimeException e) {
            return null;
        }
    }

    private static MethodHandle call(String name, MemoryLayout answer, MemoryLayout... arguments) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(answer, arguments));
    }

    /** The address of so many zero bytes, from a page's border on; {@link #NOTHING} where there is no room. */
    long map(long bytes) {
        try {
            return (long) mmap.invokeExact(0L, bytes, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0L);
        } catch (Throwable e) {
            throw failed("mmap", e);
        }
    }

    /** Gives back what {@link #map} answered, whole. */
    void unmap(long address, long bytes) {
        try {
            int ignored = (int) munmap.invokeExact(address, bytes);
        } catch (Throwable e) {
            throw failed("munmap", e);
        }
    }

    /** Lets mapped memory be executed and no longer written; answers whether the system allows that. */
    boolean makeExecutable(long address, long bytes) {
        try {
            return (int) mprotect.invokeExact(address, bytes, PROT_READ_EXECUTE) == 0;
        } catch (Throwable e) {
            throw failed("mprotect", e);
        }
    }

    /** Asks for huge pages, which the system may refuse. */
    void adviseHugePages(long address, long bytes) {
        try {
            int ignored = (int) madvise.invokeExact(address, bytes, MADV_HUGEPAGE);
        } catch (Throwable e) {
            throw failed("madvise", e);
        }
    }

    /** Gives the calling thread the policy for processors that nobody else wants, which any thread may choose for itself. */
    void runWhenIdle() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment noPriority = arena.allocate(SCHEDULING_BYTES);
            int ignored = (int) schedSetscheduler.invokeExact(CALLING_THREAD, SCHED_IDLE, noPriority);
        } catch (Throwable e) {
            throw failed("sched_setscheduler", e);
        }
    }

    /** Makes an open descriptor's file that of another descriptor, and closes the first; the system may refuse. */
    void move(int descriptor, int to) {
        try {
            if ((int) dup2.invokeExact(descriptor, to) == to) {
                int ignored = (int) close.invokeExact(descriptor);
            }
        } catch (Throwable e) {
            throw failed("dup2", e);
        }
    }

    private static IllegalStateException failed(String call, Throwable cause) {
        return new IllegalStateException("the system's call " + call + " failed", cause);
    }
}
