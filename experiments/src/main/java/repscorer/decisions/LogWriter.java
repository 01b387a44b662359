package repscorer.decisions;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import repscorer.core.disk.Disk;
import repscorer.decisions.LogFile.Kind;

/**
 * Appends packed lines to the files of one kind, and begins another file where one is full or old. What was written as one is one
 * frame with a checksum, so that a file that is torn is readable up to the frame that is. For one thread.
 */
final class LogWriter implements AutoCloseable {

    /** The fastest: what is packed is written once and read seldom. */
    static final int LEVEL = 1;

    private final LogDirectory directory;
    private final Kind kind;
    private final ZstdCompressCtx packer = new ZstdCompressCtx().setLevel(LEVEL).setChecksum(true);
    private byte[] packed = new byte[1 << 16];
    private Disk.@Nullable Output out;
    private @Nullable LogFile file;
    private long bytes;

    LogWriter(LogDirectory directory, Kind kind) {
        this.directory = directory;
        this.kind = kind;
    }

    /**
     * Appends whole lines. After a failure the next call begins another file.
     *
     * @param durable whether they are on the device on return
     * @return bytes on the disk
     */
    int write(byte[] lines, int length, boolean durable) throws IOException {
        int room = (int) Zstd.compressBound(length);
        if (packed.length < room) {
            packed = new byte[room];
        }
        int size = packer.compressByteArray(packed, 0, packed.length, lines, 0, length);
        try {
            Disk.Output output = output();
            output.writeFully(ByteBuffer.wrap(packed, 0, size));
            bytes += size;
            if (durable) {
                output.sync();
            }
            return size;
        } catch (IOException e) {
            abandon();
            throw e;
        }
    }

    /** Whether the file is full or old, so that the next lines begin another one. */
    boolean isDue() {
        LogFile now = file;
        return now == null
                || bytes >= directory.limits().fileBytesMax()
                || !directory
                        .time()
                        .instant()
                        .isBefore(now.begun().plus(directory.limits().fileAgeMax()));
    }

    private Disk.Output output() throws IOException {
        Disk.Output output = out;
        if (output != null && !isDue()) {
            return output;
        }
        end();
        LogFile next = directory.begin(kind);
        try {
            output = directory.disk().create(next.path());
            directory.disk().syncDirectory(directory.path());
        } catch (IOException e) {
            directory.ended(next);
            throw e;
        }
        out = output;
        file = next;
        bytes = 0;
        directory.prune();
        return output;
    }

    /** When the file was begun that is written now; empty where there is none. */
    @Nullable
    Instant begun() {
        LogFile now = file;
        return now == null ? null : now.begun();
    }

    /** Ends the file: what comes goes into another. What a disk does not take of its end is lost, as after a failed write. */
    void endFile() {
        try {
            end();
        } catch (IOException e) {
            abandon();
        }
    }

    private void end() throws IOException {
        Disk.Output output = out;
        if (output != null) {
            try (output) {
                output.sync();
            } finally {
                forget();
            }
        }
    }

    private void abandon() {
        Disk.Output output = out;
        forget();
        if (output != null) {
            try {
                output.close();
            } catch (IOException ignored) {
                // The first failure is what is told.
            }
        }
    }

    private void forget() {
        LogFile now = file;
        if (now != null) {
            directory.ended(now);
        }
        out = null;
        file = null;
    }

    @Override
    public void close() throws IOException {
        try {
            end();
        } finally {
            packer.close();
        }
    }
}
