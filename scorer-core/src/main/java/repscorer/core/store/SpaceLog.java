package repscorer.core.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
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
    private List<LogRecord> unproven; // read at the start; goes in front of the first group
    private StoreFiles.@Nullable Output output;

    SpaceLog(StoreFiles files, Layout layout, String release, String space, LogReplay.Result replayed) {
        this.files = files;
        this.layout = layout;
        this.release = release;
        this.space = space;
        this.lastNumber = replayed.lastNumber();
        this.number = replayed.number();
        this.end = replayed.end();
        this.unproven = replayed.unproven();
    }

    /**
     * Puts records on the device as one group, or throws and changes nothing. Where the segment fails, a new one is tried
     * once.
     */
    void append(long firstSequence, List<LogRecord> records) throws IOException {
        if (unproven.isEmpty()) {
            appendAll(firstSequence, records);
        } else {
            List<LogRecord> all = new ArrayList<>(unproven);
            all.addAll(records);
            appendAll(firstSequence - unproven.size(), all);
            unproven = List.of();
        }
    }

    /**
     * Writes again what was read at the start without proof that it is on the device: after a sync that failed, a process may
     * read what the device never got.
     */
    void prove(long lastSequence) throws IOException {
        if (!unproven.isEmpty()) {
            append(lastSequence + 1, List.of());
        }
    }

    private void appendAll(long firstSequence, List<LogRecord> records) throws IOException {
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
            begin(firstSequence, records);
        } catch (IOException e) {
            roll();
            throw before == null
                    ? e
                    : new IOException("%s, after %s".formatted(e.getMessage(), before.getMessage()), e);
        }
    }

    /** A segment gets its name with its first group in it, so that there is never one that cuts its predecessor for nothing. */
    private void begin(long firstSequence, List<LogRecord> records) throws IOException {
        int next = ++lastNumber;
        Path path = layout.segment(release, space, next);
        Path temporary = path.resolveSibling(path.getFileName() + ".tmp");
        int identity = LogFormat.identity(release, space, next);
        ByteBuffer group = LogFormat.group(identity, firstSequence, records);
        long length = LogFormat.HEADER_BYTES + group.remaining();
        StoreFiles.Output created = files.create(temporary);
        try {
            StoreFiles.writeFully(created, new Header(next, number, end, firstSequence).toBytes(identity));
            StoreFiles.writeFully(created, group);
            created.sync();
            files.move(temporary, path);
            files.syncDirectory(layout.release(release));
        } catch (IOException e) {
            closeQuietly(created, e);
            try {
                files.delete(temporary);
                files.delete(path);
            } catch (IOException left) {
                e.addSuppressed(left); // the next segment names its predecessor, so this one is none
            }
            throw e;
        }
        output = created;
        number = next;
        end = length;
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
