package repscorer.core.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import repscorer.core.failure.ScorerException.Conflict;

/**
 * A directory held by one store at a time. The operating system ends the hold with the process, so that nothing is to be
 * cleaned up after a crash; the file {@code LOCK} stays and names the last holder.
 */
final class DirectoryLock implements Closeable {

    /*
     * The system's locks belong to a process, and closing any channel to a locked file gives its lock up. So a directory that
     * this process holds is told from the set, and its file is not opened a second time.
     */

    static final String NAME = "LOCK";

    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();
    private static final int PID_BYTES_MAX = 32;

    private final Path directory;
    private final FileChannel channel;

    private DirectoryLock(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    /** @param directory must exist */
    static DirectoryLock take(Path directory) throws IOException {
        Path real = directory.toRealPath();
        if (!HELD.add(real)) {
            throw held(directory, Long.toString(ProcessHandle.current().pid()) + ", this one");
        }
        @Nullable FileChannel channel = null;
        boolean taken = false;
        try {
            channel = FileChannel.open(
                    real.resolve(NAME), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            @Nullable FileLock lock = channel.tryLock();
            if (lock == null) {
                throw held(directory, holder(channel));
            }
            byte[] pid = Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII);
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(pid), 0);
            taken = true;
            return new DirectoryLock(real, channel);
        } finally {
            if (!taken) {
                HELD.remove(real);
                if (channel != null) {
                    channel.close();
                }
            }
        }
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(PID_BYTES_MAX);
        channel.read(bytes, 0);
        String pid = new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII);
        return pid.matches("\\d+") ? pid : "unknown";
    }

    private static Conflict held(Path directory, String pid) {
        return new Conflict(
                "store-in-use",
                "one process at a time has a store: %s is held by process %s".formatted(directory, pid));
    }

    @Override
    public void close() throws IOException {
        channel.close();
        HELD.remove(directory);
    }
}
