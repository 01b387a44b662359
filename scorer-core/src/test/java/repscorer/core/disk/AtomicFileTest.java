package repscorer.core.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AtomicFileTest {

    @TempDir
    Path directory;

    /** Notes what is done, and fails at one of it. */
    private static final class NotedDisk extends ForwardingDisk {
        private final List<String> done = new ArrayList<>();
        private final String failing;

        NotedDisk(String failing) {
            super(Disk.LOCAL);
            this.failing = failing;
        }

        private void note(String what) throws IOException {
            done.add(what);
            if (what.equals(failing)) {
                throw new IOException(what + " fails");
            }
        }

        @Override
        public Output create(Path file) throws IOException {
            note("create");
            return new ForwardingOutput(super.create(file)) {
                @Override
                public int write(ByteBuffer bytes) throws IOException {
                    note("write");
                    return super.write(bytes);
                }

                @Override
                public void sync() throws IOException {
                    note("sync");
                    super.sync();
                }
            };
        }

        @Override
        public void move(Path from, Path to) throws IOException {
            note("rename");
            super.move(from, to);
        }

        @Override
        public void syncDirectory(Path path) throws IOException {
            note("sync of the directory");
            super.syncDirectory(path);
        }
    }

    @Test
    void theFileIsOnTheDeviceBeforeItHasItsNameAndTheNameBeforeItReturns() throws IOException {
        NotedDisk disk = new NotedDisk("");
        AtomicFile.write(disk, directory.resolve("a"), new byte[] {1, 2});
        assertThat(disk.done).containsExactly("create", "write", "sync", "rename", "sync of the directory");
        assertThat(directory.resolve("a")).hasBinaryContent(new byte[] {1, 2});
    }

    @ParameterizedTest
    @ValueSource(strings = {"create", "write", "sync", "rename"})
    void aFailureLeavesWhatWasThereAndNothingElse(String failing) throws IOException {
        Path file = directory.resolve("a");
        Files.write(file, new byte[] {9});
        NotedDisk disk = new NotedDisk(failing);
        assertThatThrownBy(() -> AtomicFile.write(disk, file, new byte[] {1, 2}))
                .isInstanceOf(IOException.class)
                .hasMessage(failing + " fails");
        assertThat(disk.done.getLast()).isEqualTo(failing);
        assertThat(file).hasBinaryContent(new byte[] {9});
        assertThat(directory).isDirectoryNotContaining("glob:**.tmp");
    }

    @Test
    void whatIsBegunIsWrittenOn() throws IOException {
        Path file = directory.resolve("a");
        try (Disk.Output out =
                AtomicFile.begin(Disk.LOCAL, file, each -> each.writeFully(ByteBuffer.wrap(new byte[] {1})))) {
            assertThat(file).hasBinaryContent(new byte[] {1});
            out.writeFully(ByteBuffer.wrap(new byte[] {2}));
        }
        assertThat(file).hasBinaryContent(new byte[] {1, 2});
    }

    @Test
    void severalMayWriteOneFileAtOnceAndTheFileIsOneOfTheirs() throws Exception {
        Path file = directory.resolve("a");
        try (ExecutorService writers = Executors.newFixedThreadPool(4)) {
            List<Future<?>> done = new ArrayList<>();
            for (int writer = 1; writer <= 4; writer++) {
                byte[] bytes = new byte[10_000];
                java.util.Arrays.fill(bytes, (byte) writer);
                done.add(writers.submit(() -> {
                    for (int i = 0; i < 20; i++) {
                        AtomicFile.writeShared(Disk.LOCAL, file, out -> out.writeFully(ByteBuffer.wrap(bytes)));
                    }
                    return bytes;
                }));
            }
            for (Future<?> each : done) {
                each.get();
            }
        }
        byte[] found = Files.readAllBytes(file);
        assertThat(found).hasSize(10_000).containsOnly(found[0]);
        assertThat(directory).isDirectoryNotContaining("glob:**.tmp");
    }
}
