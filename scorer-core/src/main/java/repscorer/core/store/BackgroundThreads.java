package repscorer.core.store;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** Threads whose work may wait: a request that wants their processor gets it at once. */
final class BackgroundThreads {

    /*
     * Java's own priorities have no effect on Linux unless root tells the JVM to use them, and the lowest of the system's is not
     * low enough: a thread that is awakened may have to wait until the running one's turn is over. Not so where that is of the
     * policy for idle processors, which any thread may choose for itself (0 means the calling thread). It gets a
     * three-hundredth of a processor that others want all the time. Elsewhere the threads are ordinary ones.
     */

    private static final int CALLING_THREAD = 0;
    private static final int SCHED_IDLE = 5;
    private static final long PARAMETER_BYTES = 4;

    private static final @Nullable MethodHandle SET_SCHEDULER = setScheduler();

    private BackgroundThreads() {}

    /** Daemons of a name, which a number follows when it ends in a hyphen. */
    static ThreadFactory named(String name) {
        Thread.Builder.OfPlatform threads = Thread.ofPlatform().daemon();
        ThreadFactory factory = (name.endsWith("-") ? threads.name(name, 0) : threads.name(name)).factory();
        return work -> factory.newThread(() -> {
            leaveProcessorsToOthers();
            work.run();
        });
    }

    private static void leaveProcessorsToOthers() {
        if (SET_SCHEDULER == null) {
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment noPriority = arena.allocate(PARAMETER_BYTES);
            int ignored = (int) SET_SCHEDULER.invokeExact(CALLING_THREAD, SCHED_IDLE, noPriority);
        } catch (Throwable e) {
            throw new IllegalStateException("a thread's scheduling could not be set", e);
        }
    }

    private static @Nullable MethodHandle setScheduler() {
        if (!System.getProperty("os.name", "").equals("Linux")) {
            return null;
        }
        try {
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(
                    linker.defaultLookup().findOrThrow("sched_setscheduler"),
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
        } catch (RuntimeException e) {
            return null; // no native access
        }
    }
}
