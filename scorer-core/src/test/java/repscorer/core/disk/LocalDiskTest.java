package repscorer.core.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.failure.ScorerException.Storage;

class LocalDiskTest {

    @TempDir
    Path directory;

    @Test
    @EnabledOnOs(OS.LINUX) // has a device that is always full
    void aFullDeviceIsToldFromOneThatFails() throws IOException {
        try (Disk.Output out = Disk.LOCAL.create(Path.of("/dev/full"))) {
            assertThatThrownBy(() -> out.writeFully(ByteBuffer.wrap(new byte[10])))
                    .isInstanceOf(DiskFullException.class);
        }
        assertThatThrownBy(() -> Disk.LOCAL.create(directory.resolve("absent/file")))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void whatACallerIsToldSaysWhetherTheDiskIsFullAndWhetherAnythingWasDone() {
        IOException full = new IOException("again", new DiskFullException("No space left on device"));
        Storage failure = StorageFailures.of(Disk.LOCAL, directory, "writing failed", full);
        assertThat(failure.reason()).isEqualTo(Storage.Reason.FULL);
        assertThat(failure.code()).isEqualTo("storage-full");
        assertThat(failure.uncertain()).isFalse();
        assertThat(failure).hasMessage("writing failed: the disk is full (again)");
        Storage unknown = StorageFailures.of(
                Disk.LOCAL,
                directory,
                "writing failed",
                new UncertainWriteException("who knows", new IOException("x")));
        assertThat(unknown.code()).isEqualTo("storage-failed");
        assertThat(unknown.uncertain()).isTrue();
    }

    @Test
    void aFailureTellsCallersWhatHappenedAndNoClassOfOurs() {
        Path file = directory.resolve("rows.log");
        List<IOException> causes = List.of(
                new NoSuchFileException(file.toString(), "elsewhere", null),
                new AccessDeniedException(file.toString()),
                new FileSystemException(file.toString(), null, "Input/output error"),
                new IOException());
        assertThat(causes.stream()
                        .map(cause -> StorageFailures.of(Disk.LOCAL, directory, "nothing was written", cause)
                                .getMessage()))
                .containsExactly(
                        "nothing was written: a file is not there (rows.log)",
                        "nothing was written: access is denied (rows.log)",
                        "nothing was written: Input/output error (rows.log)",
                        "nothing was written: the disk failed");
    }

    @Test
    void aTreeIsDeletedAndWhatIsAbsentIsNot() throws IOException {
        Files.createDirectories(directory.resolve("a/b/c"));
        Files.writeString(directory.resolve("a/b/file"), "x");
        Disk.LOCAL.deleteTree(directory.resolve("a"));
        Disk.LOCAL.deleteTree(directory.resolve("a"));
        assertThat(directory).isEmptyDirectory();
    }
}
