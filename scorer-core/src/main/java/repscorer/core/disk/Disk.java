package repscorer.core.disk;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.List;

/**
 * All that is asked of a file system: the one place where a disk can be filled, made to fail, or made to forget what was not
 * synced. Safe for concurrent use.
 *
 * <p>Operations throw {@link DiskFullException} where there is no room, and another {@link IOException} where the device fails.
 */
public interface Disk {

    /** The machine's own file system. */
    Disk LOCAL = new LocalDisk();

    /** A file being written. A write may take fewer bytes than it is given. */
    interface Output extends WritableByteChannel {

        /** Goes on writing elsewhere in the file. */
        void position(long position) throws IOException;

        /** Forces what was written to the device. After a failure nothing is known of what was written since the last sync. */
        void sync() throws IOException;

        default void writeFully(ByteBuffer bytes) throws IOException {
            while (bytes.hasRemaining()) {
                write(bytes);
            }
        }

        /** The same of what may be longer than a buffer. */
        default void writeFully(MemorySegment bytes) throws IOException {
            long chunk = 1L << 26;
            for (long at = 0; at < bytes.byteSize(); at += chunk) {
                writeFully(bytes.asSlice(at, Math.min(chunk, bytes.byteSize() - at))
                        .asByteBuffer());
            }
        }
    }

    void createDirectories(Path directory) throws IOException;

    boolean exists(Path path);

    boolean isDirectory(Path path);

    /** What is in a directory, by name. */
    List<Path> list(Path directory) throws IOException;

    /** A new file; one that is there already is emptied. */
    Output create(Path file) throws IOException;

    /** A file's whole content, mapped for as long as somebody refers to it. */
    MemorySegment map(Path file) throws IOException;

    /** Forces the names in a directory to the device. */
    void syncDirectory(Path directory) throws IOException;

    /** Renames in one step; a file of the new name is replaced. */
    void move(Path from, Path to) throws IOException;

    /** Removes a file or an empty directory; does nothing where it is absent. */
    void delete(Path path) throws IOException;

    long usableBytes(Path directory) throws IOException;

    /**
     * Takes a directory for this process alone until the answer is closed or the process ends, however it ends.
     *
     * @throws repscorer.core.failure.ScorerException.Conflict naming directory and holder, where another has it
     */
    Closeable lock(Path directory) throws IOException;

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
}
