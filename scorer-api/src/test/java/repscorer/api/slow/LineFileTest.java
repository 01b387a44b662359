package repscorer.api.slow;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file of slow requests. */
class LineFileTest {

    @TempDir
    Path directory;

    @Test
    void whoOffersALineNeverWaitsForTheDisk() throws Exception {
        CountDownLatch disk = new CountDownLatch(1);
        Path file = directory.resolve("slow");
        int taken = 0;
        try (LineFile lines = new LineFile(file, 1 << 20)) {
            for (int i = 0; i < 1_000; i++) {
                int number = i;
                taken += lines.offer(() -> {
                            awaiting(disk);
                            return "line " + number;
                        })
                        ? 1
                        : 0;
            }
            assertThat(taken).as("the others were dropped at once").isBetween(256, 257);
            disk.countDown();
        }
        assertThat(Files.readAllLines(file)).hasSize(taken).startsWith("line 0", "line 1");
    }

    private static void awaiting(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aLongFileIsPutAside() throws Exception {
        Path file = directory.resolve("slow");
        try (LineFile lines = new LineFile(file, 100)) {
            for (int i = 0; i < 25; i++) {
                int number = i;
                assertThat(lines.offer(() -> String.format(Locale.ROOT, "%019d", number)))
                        .isTrue();
            }
        }
        assertThat(Files.readAllLines(file)).hasSize(5).last().isEqualTo(String.format(Locale.ROOT, "%019d", 24));
        assertThat(Files.readAllLines(directory.resolve("slow.1")))
                .hasSize(5)
                .last()
                .isEqualTo(String.format(Locale.ROOT, "%019d", 19));
    }

    @Test
    void aLineThatCannotBeMadeOrWrittenLeavesTheOthers() throws Exception {
        Path file = directory.resolve("slow");
        try (LineFile lines = new LineFile(file, 1 << 20)) {
            lines.offer(() -> {
                throw new IllegalStateException("planned");
            });
            lines.offer(() -> "whole");
        }
        assertThat(Files.readAllLines(file)).containsExactly("whole");
    }
}
