package repscorer.core.store;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * All that the store asks of a file system: the one place where a disk can be filled, made to fail, or made to forget what
 * was not synced. Safe for concurrent use.
 */
public interface StoreFiles {

    /** The machine's own file system. */
    StoreFiles REAL = new StoreFiles() {};

    /** A file being written. A write may take fewer bytes than it is given. */
    interface Output extends SeekableByteChannel {

        /** Forces what was written to the device. After a failure nothing is known of what was written since the last sync. */
        void sync() throws IOException;
    }

    default void createDirectories(Path directory) throws IOException {
        Files.createDirectories(directory);
    }

    default boolean exists(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    default boolean isDirectory(Path path) {
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    }

    /** What is in a directory, by name. */
    default List<Path> list(Path directory) throws IOException {
        try (Stream<Path> list = Files.list(directory)) {
            return list.sorted().toList();
        }
    }

    /** A new file; one that is there already is emptied. */
    default Output create(Path file) throws IOException {
        return new RealOutput(FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE));
    }

    /** A file's whole content, mapped for as long as somebody refers to it. */
    default MemorySegment map(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
        }
    }

    /** Forces a file's content to the device. */
    default void sync(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /** Forces the names in a directory to the device. */
    default void syncDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Renames in one step; a file of the new name is replaced. */
    default void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Removes a file or an empty directory; does nothing where it is absent. */
    default void delete(Path path) throws IOException {
        Files.deleteIfExists(path);
    }

    default long usableBytes(Path directory) throws IOException {
        return Files.getFileStore(directory).getUsableSpace();
    }

    /** Removes a file or a directory with all that is in it; does nothing where it is absent. */
    default void deleteTree(Path path) throws IOException {
        if (isDirectory(path)) {
            for (Path each : list(path)) {
                deleteTree(each);
            }
        }
        delete(path);
    }

    default byte[] read(Path file) throws IOException {
        return map(file).toArray(ValueLayout.JAVA_BYTE);
    }

    /** Puts a whole file under its name or leaves what was there: temporary neighbour, sync, rename, sync. */
    default void replace(Path target, byte[] content) throws IOException {
        Path temporary = target.resolveSibling(target.getFileName() + ".tmp");
        try {
            try (Output out = create(temporary)) {
                writeFully(out, ByteBuffer.wrap(content));
                out.sync();
            }
            move(temporary, target);
        } finally {
            delete(temporary);
        }
        Path parent = target.getParent();
        if (parent != null) {
            syncDirectory(parent);
        }
    }

    /**
     * Takes a directory for this process alone until the answer is closed or the process ends, however it ends.
     *
     * @throws repscorer.core.failure.ScorerException.Conflict naming directory and holder, where another has it
     */
    default Closeable lock(Path directory) throws IOException {
        return DirectoryLock.take(directory);
    }

    static void writeFully(SeekableByteChannel out, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }
}
