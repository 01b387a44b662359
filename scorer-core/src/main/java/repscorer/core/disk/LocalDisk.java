package repscorer.core.disk;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** The machine's own file system. */
final class LocalDisk implements Disk {

    /* Java has no numbers for the system's errors: a full disk is told by its words, here and nowhere else. */

    private interface Operation<T> {
        T run() throws IOException;
    }

    private static <T> T told(Operation<T> operation) throws IOException {
        try {
            return operation.run();
        } catch (IOException e) {
            String message = String.valueOf(e.getMessage());
            throw message.contains("No space left") || message.contains("quota exceeded")
                    ? new DiskFullException(e)
                    : e;
        }
    }

    /** A file of the machine. */
    private record LocalOutput(FileChannel channel) implements Output {

        @Override
        public int write(ByteBuffer bytes) throws IOException {
            return told(() -> channel.write(bytes));
        }

        @Override
        public void position(long position) throws IOException {
            channel.position(position);
        }

        @Override
        public void sync() throws IOException {
            told(() -> {
                channel.force(false);
                return channel;
            });
        }

        @Override
        public boolean isOpen() {
            return channel.isOpen();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        told(() -> Files.createDirectories(directory));
    }

    @Override
    public boolean exists(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public boolean isDirectory(Path path) {
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public List<Path> list(Path directory) throws IOException {
        try (Stream<Path> list = Files.list(directory)) {
            return list.sorted().toList();
        }
    }

    @Override
    public Output create(Path file) throws IOException {
        return told(() -> new LocalOutput(FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)));
    }

    @Override
    public MemorySegment map(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
        }
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public void move(Path from, Path to) throws IOException {
        told(() -> Files.move(from, to, StandardCopyOption.ATOMIC_MOVE));
    }

    @Override
    public void delete(Path path) throws IOException {
        Files.deleteIfExists(path);
    }

    @Override
    public long usableBytes(Path directory) throws IOException {
        return Files.getFileStore(directory).getUsableSpace();
    }

    @Override
    public Closeable lock(Path directory) throws IOException {
        return DirectoryLock.take(directory);
    }
}
