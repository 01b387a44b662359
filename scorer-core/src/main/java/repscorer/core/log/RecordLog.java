package repscorer.core.log;

import static java.lang.System.Logger.Level.DEBUG;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import repscorer.core.disk.AtomicFile;
import repscorer.core.disk.Disk;
import repscorer.core.log.LogFormat.Header;

/** Records on the device in the order they came, in segments: a group at a time, each synced. For one thread at a time. */
public final class RecordLog<R> {

    /*
     * A segment that once failed is never written again: after a failed write or sync nothing is known of its end. The next
     * segment's header says up to where the failed one counts, so that what the failure left there is no change.
     */

    private static final System.Logger LOG = System.getLogger(RecordLog.class.getName());

    /** A segment this long is followed by a new one. */
    private static final long SEGMENT_BYTES_MAX = 1L << 28;

    private final Disk disk;
    private final LogPlace place;
    private final RecordFormat<R> format;
    private int lastNumber; // of the last file made, whether it came to anything or not
    private int number; // of the segment that holds the last acknowledged group, or 0
    private long end; // where that group ends
    private List<R> unproven; // read at the start; goes in front of the first group
    private Disk.@Nullable Output output;

    /** @param replayed what a read of the log came to */
    public RecordLog(Disk disk, LogPlace place, RecordFormat<R> format, LogReplay.Result<R> replayed) {
        this.disk = disk;
        this.place = place;
        this.format = format;
        this.lastNumber = replayed.lastNumber();
        this.number = replayed.number();
        this.end = replayed.end();
        this.unproven = replayed.unproven();
    }

    /**
     * Puts records on the device as one group, or throws and changes nothing. Where the segment fails, a new one is tried
     * once.
     */
    public void append(long firstSequence, List<R> records) throws IOException {
        if (unproven.isEmpty()) {
            appendAll(firstSequence, records);
        } else {
            List<R> all = new ArrayList<>(unproven);
            all.addAll(records);
            appendAll(firstSequence - unproven.size(), all);
            unproven = List.of();
        }
    }

    /**
     * Writes again what was read at the start without proof that it is on the device: after a sync that failed, a process may
     * read what the device never got.
     */
    public void prove(long lastSequence) throws IOException {
        if (!unproven.isEmpty()) {
            append(lastSequence + 1, List.of());
        }
    }

    private void appendAll(long firstSequence, List<R> records) throws IOException {
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

    private void appendToNew(long firstSequence, List<R> records, @Nullable IOException before) throws IOException {
        try {
            begin(firstSequence, records);
        } catch (IOException e) {
            roll();
            if (before == null) {
                throw e;
            }
            e.addSuppressed(before);
            throw new IOException("%s, after %s".formatted(e.getMessage(), before.getMessage()), e);
        }
    }

    /** A segment gets its name with its first group in it, so that there is never one that cuts its predecessor for nothing. */
    private void begin(long firstSequence, List<R> records) throws IOException {
        int next = ++lastNumber;
        Path path = place.segment(next);
        int identity = place.identity(next);
        ByteBuffer group = LogFormat.group(identity, firstSequence, records, format);
        long length = LogFormat.HEADER_BYTES + group.remaining();
        Disk.Output created;
        try {
            created = AtomicFile.begin(disk, path, out -> {
                out.writeFully(new Header(next, number, end, firstSequence).toBytes(identity));
                out.writeFully(group);
            });
        } catch (IOException e) {
            try {
                disk.delete(path);
            } catch (IOException left) {
                e.addSuppressed(left); // the next segment names its predecessor, so this one is none
            }
            throw e;
        }
        output = created;
        number = next;
        end = length;
    }

    private void write(Disk.Output out, long firstSequence, List<R> records) throws IOException {
        ByteBuffer group = LogFormat.group(place.identity(number), firstSequence, records, format);
        int length = group.remaining();
        out.writeFully(group);
        out.sync();
        end += length;
    }

    /** Ends the segment at hand; the next append begins another. Answers the number of the last segment. */
    public int roll() {
        if (output != null) {
            try {
                output.close();
            } catch (IOException e) {
                LOG.log(DEBUG, "a segment of {0} was not closed: {1}", place.name(), e.getMessage());
            }
            output = null;
        }
        return lastNumber;
    }

    /** The same log after its directory was given another name; this one is not used again. */
    public RecordLog<R> movedTo(LogPlace moved) {
        roll();
        return new RecordLog<>(
                disk, moved, format, new LogReplay.Result<>(lastNumber, number, end, 0, unproven, List.of()));
    }

    /**
     * Removes segments up to a number, oldest first, each durably gone before the next goes: a power cut that brings one back
     * brings back its successor, which says up to where it counts.
     */
    public void removeUpTo(int last) throws IOException {
        boolean first = true;
        for (Map.Entry<Integer, Path> each : place.segments(disk).entrySet()) {
            if (each.getKey() <= last) {
                if (!first) {
                    disk.syncDirectory(place.directory());
                }
                disk.delete(each.getValue());
                first = false;
            }
        }
    }
}
