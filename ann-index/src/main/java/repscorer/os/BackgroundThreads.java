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

    /** {@code idle}, the default, or {@code normal}: threads as all others, where somebody else wants all processors all the time. */
    static final String PROPERTY = "repscorer.background";

    private static final boolean WHEN_IDLE = isIdle(System.getProperty(PROPERTY, "idle"));

    private BackgroundThreads() {}

    static boolean isIdle(String policy) {
        return switch (policy) {
            case "idle" -> true;
            case "normal" -> false;
            default ->
                throw new IllegalArgumentException("%s must be idle or normal: '%s'".formatted(PROPERTY, policy));
        };
    }

    /** Daemons of a name, which a number follows when it ends in a hyphen. */
    public static ThreadFactory named(String name) {
        return named(name, WHEN_IDLE);
    }

    static ThreadFactory named(String name, boolean whenIdle) {
        Thread.Builder.OfPlatform threads = Thread.ofPlatform().daemon();
        ThreadFactory factory = (name.endsWith("-") ? threads.name(name, 0) : threads.name(name)).factory();
        return work -> factory.newThread(() -> {
            SystemCalls calls = SystemCalls.LINUX;
            if (whenIdle && calls != null) {
                calls.runWhenIdle();
            }
            work.run();
        });
    }
}
