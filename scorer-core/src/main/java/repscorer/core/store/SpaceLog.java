package repscorer.core.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import repscorer.core.store.LogFormat.Header;

/** The changes to one space of one release on disk, in segments. For one thread at a time. */
final class SpaceLog {

    /*
     * A segment that once failed is never written again: after a failed write or sync nothing is known of its end. The next
     * segment's header says up to where the failed one counts, so that what the failure left there is no change.
     */

    /** A segment this long is followed by a new one. */
    private static final long SEGMENT_BYTES_MAX = 1L << 28;

    private final StoreFiles files;
    private final Layout layout;
    private final String release;
    private final String space;
    private int lastNumber; // of the last file made, whether it came to anything or not
    private int number; // of the segment that holds the last acknowledged group, or 0
    private long end; // where that group ends
    private StoreFiles.@Nullable Output output;

    SpaceLog(StoreFiles files, Layout layout, String release, String space, LogReplay.Result replayed) {
        this.files = files;
        this.layout = layout;
        this.release = release;
        this.space = space;
        this.lastNumber = replayed.lastNumber();
        this.number = replayed.lastNumber();
        this.end = replayed.lastEnd();
    }

    /**
     * Puts records on the device as one group, or throws and changes nothing. Where the segment fails, a new one is tried
     * once.
     */
    void append(long firstSequence, List<LogRecord> records) throws IOException {
        if (output != null && end > SEGMENT_BYTES_MAX) {
            roll();
        }
        if (output != null) {
            try {
                write(output, firstSequence, records);
                return;
            } catch (IOException e) {
                roll();
                appendToNew(firstSequence, records, e);
                return;
            }
        }
        appendToNew(firstSequence, records, null);
    }

    private void appendToNew(long firstSequence, List<LogRecord> records, @Nullable IOException before)
            throws IOException {
        try {
            write(begin(firstSequence), firstSequence, records);
        } catch (IOException e) {
            roll();
            if (before != null) {
                e.addSuppressed(before);
            }
            throw e;
        }
    }

    private StoreFiles.Output begin(long firstSequence) throws IOException {
        int next = ++lastNumber;
        Path path = layout.segment(release, space, next);
        StoreFiles.Output created = files.create(path);
        try {
            Header header = new Header(next, number, end, firstSequence);
            StoreFiles.writeFully(created, header.toBytes(LogFormat.identity(release, space, next)));
            created.sync();
            files.syncDirectory(layout.release(release));
        } catch (IOException e) {
            closeQuietly(created, e);
            try {
                files.delete(path);
            } catch (IOException left) {
                e.addSuppressed(left); // without a group in it, it is ignored
            }
            throw e;
        }
        output = created;
        number = next;
        end = LogFormat.HEADER_BYTES;
        return created;
    }

    private void write(StoreFiles.Output out, long firstSequence, List<LogRecord> records) throws IOException {
        ByteBuffer group = LogFormat.group(LogFormat.identity(release, space, number), firstSequence, records);
        int length = group.remaining();
        StoreFiles.writeFully(out, group);
        out.sync();
        end += length;
    }

    /** Ends the segment at hand; the next append begins another. Answers the number of the last segment. */
    int roll() {
        if (output != null) {
            closeQuietly(output, null);
            output = null;
        }
        return lastNumber;
    }

    /** Removes segments up to a number, oldest first. */
    void removeUpTo(int last) throws IOException {
        for (Map.Entry<Integer, Path> each :
                LogReplay.paths(files, layout, release, space).entrySet()) {
            if (each.getKey() <= last) {
                files.delete(each.getValue());
            }
        }
    }

    private static void closeQuietly(StoreFiles.Output output, @Nullable IOException cause) {
        try {
            output.close();
        } catch (IOException e) {
            if (cause != null) {
                cause.addSuppressed(e);
            }
        }
    }
}
