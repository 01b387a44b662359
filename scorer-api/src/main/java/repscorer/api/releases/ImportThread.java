package repscorer.api.releases;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import repscorer.core.failure.ScorerException.NotReady;

/**
 * Runs an import on a platform thread of its own: reading rows computes, and requests share the carriers of virtual threads
 * (ADR 2).
 */
final class ImportThread {

    private ImportThread() {}

    /** An import; what it throws is thrown on. */
    interface Import<T> {
        T run() throws IOException;
    }

    static <T> T run(String space, Import<T> rows) throws IOException {
        FutureTask<T> task = new FutureTask<>(rows::run);
        Thread thread = Thread.ofPlatform().name("import-" + space).start(task);
        try {
            return task.get();
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
            throw new NotReady("shutting-down", "the import of %s was broken off".formatted(space));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            if (e.getCause() instanceof RuntimeException runtime) {
                throw runtime;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException(e);
        }
    }
}
