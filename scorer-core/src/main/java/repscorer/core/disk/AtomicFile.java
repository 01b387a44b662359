package repscorer.core.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/** A file that is under its name whole or not at all: temporary neighbour, sync, rename, sync of the directory. */
public final class AtomicFile {

    /** Ends the names of what is not whole yet, or was left by a crash. */
    public static final String TEMPORARY_SUFFIX = ".tmp";

    private static final AtomicLong COUNT = new AtomicLong();

    /** Writes a file. */
    @FunctionalInterface
    public interface Content {
        void writeTo(Disk.Output out) throws IOException;
    }

    private AtomicFile() {}

    /**
     * Puts a whole file under its name, or leaves what was there; one writer of a name at a time.
     *
     * @throws IOException when the disk refuses; where only the last sync failed, the new file is there and may not last
     */
    public static void write(Disk disk, Path target, Content content) throws IOException {
        begin(disk, neighbour(target, ""), target, content).close();
    }

    /** The same with bytes that are there. */
    public static void write(Disk disk, Path target, byte[] bytes) throws IOException {
        write(disk, target, out -> out.writeFully(ByteBuffer.wrap(bytes)));
    }

    /** The same for a file that several may write at once: the last stays. */
    public static void writeShared(Disk disk, Path target, Content content) throws IOException {
        String own = ".%s-%s"
                .formatted(Long.toString(ProcessHandle.current().pid()), Long.toString(COUNT.incrementAndGet()));
        begin(disk, neighbour(target, own), target, content).close();
    }

    /** Puts a whole file under its name as {@link #write} does, and answers it to be written on. */
    public static Disk.Output begin(Disk disk, Path target, Content content) throws IOException {
        return begin(disk, neighbour(target, ""), target, content);
    }

    private static Path neighbour(Path target, String own) {
        return target.resolveSibling(target.getFileName() + own + TEMPORARY_SUFFIX);
    }

    private static Disk.Output begin(Disk disk, Path temporary, Path target, Content content) throws IOException {
        Disk.Output out = disk.create(temporary);
        boolean whole = false;
        try {
            content.writeTo(out);
            out.sync();
            disk.move(temporary, target);
            Path parent = target.getParent();
            if (parent != null) {
                disk.syncDirectory(parent);
            }
            whole = true;
            return out;
        } finally {
            if (!whole) {
                try (out) {
                    disk.delete(temporary);
                } catch (IOException ignored) {
                    // What failed first is what the caller is told; a temporary file left behind is harmless.
                }
            }
        }
    }
}
