package repscorer.core.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import repscorer.core.disk.Disk;
import repscorer.core.failure.Finding;
import repscorer.core.log.LogFormat.Header;

/** Reads a log from its first segment to its last: whole groups only, in their order. */
public final class LogReplay<R> {

    /** Told every record that is not known already, in their order. */
    @FunctionalInterface
    public interface Reader<R> {
        void record(long sequence, R each);
    }

    /**
     * What a log came to.
     *
     * @param lastNumber of the last segment file, or 0
     * @param number of the segment that holds the last group that is surely on the device, or 0
     * @param end where that group ends
     * @param sequence of the last change
     * @param unproven the records of the last group: it was read, and nothing proves that it is on the device
     */
    public record Result<R>(
            int lastNumber, int number, long end, long sequence, List<R> unproven, List<Finding> findings) {

        /** Of a log that was never begun. */
        public static <R> Result<R> nothing() {
            return new Result<>(0, 0, 0, 0, List.of(), List.of());
        }
    }

    private final Disk disk;
    private final LogPlace place;
    private final RecordFormat<R> format;
    private final Reader<R> reader;
    private final List<Finding> findings = new ArrayList<>();
    private long sequence;
    private final List<Unreadable> unreadable = new ArrayList<>();
    private int number;
    private long end;
    private List<R> unproven = List.of();

    private LogReplay(Disk disk, LogPlace place, RecordFormat<R> format, long behind, Reader<R> reader) {
        this.disk = disk;
        this.place = place;
        this.format = format;
        this.reader = reader;
        this.sequence = behind;
    }

    private record Segment(int number, Path path, ByteBuffer bytes, int identity, Optional<Header> header) {}

    private record Unreadable(Segment segment, String message) {}

    /**
     * @param behind sequence of the last record that is known already: only those after it are told
     * @throws IOException when a segment cannot be read
     */
    public static <R> Result<R> read(Disk disk, LogPlace place, RecordFormat<R> format, long behind, Reader<R> reader)
            throws IOException {
        return new LogReplay<>(disk, place, format, behind, reader).run();
    }

    private Result<R> run() throws IOException {
        List<Segment> segments = segments();
        Map<Integer, Long> ends = new HashMap<>();
        for (Segment segment : segments) {
            segment.header().ifPresent(header -> {
                ends.put(header.previous(), header.previousEnd());
                for (int passedOver = header.previous() + 1; passedOver < header.number(); passedOver++) {
                    ends.put(passedOver, 0L);
                }
            });
        }
        for (Segment segment : segments) {
            read(segment, ends.get(segment.number()));
        }
        settle(true);
        int lastNumber = segments.isEmpty() ? 0 : segments.getLast().number();
        return new Result<>(lastNumber, number, end, sequence, unproven, findings);
    }

    private List<Segment> segments() throws IOException {
        List<Segment> segments = new ArrayList<>();
        for (Map.Entry<Integer, Path> each : place.segments(disk).entrySet()) {
            ByteBuffer bytes = LogFormat.bytes(disk.map(each.getValue()));
            int identity = place.identity(each.getKey());
            segments.add(new Segment(each.getKey(), each.getValue(), bytes, identity, Header.read(bytes, identity)));
        }
        return segments;
    }

    private void read(Segment segment, @Nullable Long knownEnd) {
        ByteBuffer bytes = segment.bytes();
        int size = bytes.capacity();
        if (knownEnd != null && knownEnd == 0) {
            return; // the failed attempt at a segment; nothing in it was acknowledged
        }
        if (segment.header().isEmpty() && nextGroup(segment, 0, size) < 0 && knownEnd == null) {
            found(Finding.Kind.DAMAGED, segment, "nothing in it can be read; %s bytes".formatted(size));
            return;
        }
        if (segment.header().isEmpty()) {
            found(Finding.Kind.DAMAGED, segment, "the segment's header is damaged; its groups are whole by themselves");
        }
        int end = knownEnd == null ? size : (int) Math.min(size, knownEnd);
        int at = LogFormat.HEADER_BYTES;
        number = segment.number();
        this.end = at;
        unproven = List.of();
        while (at < end) {
            int groupEnd = LogFormat.groupEnd(bytes, at, segment.identity());
            if (groupEnd >= 0 && groupEnd <= end) {
                // Its successor proves that a group was synced; so does a known end.
                boolean proven = knownEnd != null || nextGroup(segment, groupEnd, end) >= 0;
                unproven = apply(segment, at, proven);
                this.end = groupEnd;
                at = groupEnd;
                continue;
            }
            int next = nextGroup(segment, at + 8, end);
            if (next < 0 && knownEnd == null) {
                found(
                        Finding.Kind.TORN,
                        segment,
                        "%s bytes at %s are a write that never ended".formatted(end - at, at));
                return;
            }
            int until = next < 0 ? end : next;
            unreadable.add(new Unreadable(segment, "bytes %s to %s are damaged".formatted(at, until)));
            at = until;
            this.end = at;
        }
        if (knownEnd != null && knownEnd > size) {
            unreadable.add(new Unreadable(segment, "cut short: %s of %s bytes are there".formatted(size, knownEnd)));
        }
    }

    private static int nextGroup(Segment segment, int from, int end) {
        for (int at = (from + 7) & -8; at + LogFormat.GROUP_HEADER_BYTES <= end; at += 8) {
            int groupEnd = LogFormat.groupEnd(segment.bytes(), at, segment.identity());
            if (groupEnd >= 0 && groupEnd <= end) {
                return at;
            }
        }
        return -1;
    }

    /** Answers the records where the group is not proven. */
    private List<R> apply(Segment segment, int at, boolean proven) {
        long first = LogFormat.firstSequence(segment.bytes(), at);
        int count = LogFormat.records(segment.bytes(), at);
        settle(first > sequence + 1); // up to here all is known, whether this group is or not
        if (first + count - 1 <= sequence) {
            return List.of(); // known already, or written again
        }
        if (first > sequence + 1) {
            found(
                    Finding.Kind.DAMAGED,
                    segment,
                    "changes %s to %s are lost: the group at %s begins with %s"
                            .formatted(sequence + 1, first - 1, at, first));
            sequence = first - 1;
        }
        List<R> applied = new ArrayList<>();
        ByteBuffer payload = LogFormat.payload(segment.bytes(), at);
        for (int i = 0; i < count; i++) {
            R each;
            try {
                each = format.read(payload);
            } catch (IllegalArgumentException e) {
                found(Finding.Kind.DAMAGED, segment, "record %s at %s: %s".formatted(i, at, e.getMessage()));
                return List.of();
            }
            if (first + i > sequence) {
                sequence = first + i;
                reader.record(sequence, each);
                if (!proven) {
                    applied.add(each);
                }
            }
        }
        return applied;
    }

    /** What could not be read was lost, unless the next group goes on where the last one ended: then it stands there again. */
    private void settle(boolean lost) {
        for (Unreadable each : unreadable) {
            found(
                    lost ? Finding.Kind.DAMAGED : Finding.Kind.TORN,
                    each.segment(),
                    each.message() + (lost ? "; changes are lost" : "; no change is lost"));
        }
        unreadable.clear();
    }

    private void found(Finding.Kind kind, Segment segment, String message) {
        findings.add(new Finding(kind, place.root().relativize(segment.path()).toString(), message));
    }
}
