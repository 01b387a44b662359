package repscorer.core.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.failure.ScorerException.Conflict;

class DirectoryLockTest {

    @TempDir
    Path directory;

    @Test
    void aSecondHolderInThisProcessIsRefusedAndTheFirstKeepsItsHold() throws Exception {
        try (Closeable first = DirectoryLock.take(directory)) {
            assertThat(first).isNotNull();
            for (int i = 0; i < 2; i++) {
                assertRefused(ProcessHandle.current().pid());
            }
            assertThat(Files.readString(directory.resolve(DirectoryLock.NAME)))
                    .isEqualTo(Long.toString(ProcessHandle.current().pid()));
        }
        DirectoryLock.take(directory).close();
        DirectoryLock.take(directory).close();
    }

    @Test
    void anotherProcessIsNamedAndItsHoldEndsWhenItIsKilled() throws Exception {
        Process holder = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader told = holder.inputReader(StandardCharsets.UTF_8)) {
            assertThat(told.readLine()).isEqualTo("held");
            assertRefused(holder.pid());
        } finally {
            holder.destroyForcibly();
        }
        holder.waitFor();
        DirectoryLock.take(directory).close();
    }

    private void assertRefused(long pid) {
        assertThatThrownBy(() -> DirectoryLock.take(directory))
                .isInstanceOf(Conflict.class)
                .hasMessageContaining(directory.toString())
                .hasMessageContaining("process " + pid);
    }

    /** Takes a directory and waits to be killed. */
    static final class Holder {

        private Holder() {}

        public static void main(String[] args) throws IOException, InterruptedException {
            try (Closeable lock = DirectoryLock.take(Path.of(args[0]))) {
                System.out.println(lock == null ? "not held" : "held");
                System.out.flush();
                Thread.sleep(60_000);
            }
        }
    }
}
