package repscorer.os;

import java.util.concurrent.ThreadFactory;

/** Threads whose work may wait: a request that wants their processor gets it at once. */
public final class BackgroundThreads {

    /*
     * Java's own priorities have no effect on Linux unless root tells the JVM to use them, and the lowest of the system's is not
     * low enough: a thread that is awakened may have to wait until the running one's turn is over. Not so where that is of the
     * policy for idle processors. It gets a three-hundredth of a processor that others want all the time. Elsewhere the
     * threads are ordinary ones. See docs/adr/0013-builds-take-idle-processors.md.
     */

    private BackgroundThreads() {}

    /** Daemons of a name, which a number follows when it ends in a hyphen. */
    public static ThreadFactory named(String name) {
        Thread.Builder.OfPlatform threads = Thread.ofPlatform().daemon();
        ThreadFactory factory = (name.endsWith("-") ? threads.name(name, 0) : threads.name(name)).factory();
        return work -> factory.newThread(() -> {
            SystemCalls calls = SystemCalls.LINUX;
            if (calls != null) {
                calls.runWhenIdle();
            }
            work.run();
        });
    }
}
