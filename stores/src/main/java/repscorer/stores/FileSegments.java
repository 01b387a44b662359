package repscorer.stores;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Segments in a file of one process, and in memory as long as it is open. What was put is on the disk when {@link #put} returns; a
 * line that a crash cut off was never acknowledged, and is left out at the next start. Safe for concurrent use.
 */
public final class FileSegments implements SegmentStore, AutoCloseable {

    /*
     * Lines are appended: a segment, or an id that is taken away. A file of which more than half says nothing any more is written anew
     * as it is opened, beside itself, and takes the old one's place in one step.
     */

    private static final int WASTE_MIN = 1_000;

    private final Path file;
    private final MemorySegments segments = new MemorySegments();
    private final FileChannel lock;
    private final FileChannel channel;

    private FileSegments(Path file) throws IOException {
        this.file = file;
        this.lock = locked(file);
        try {
            int lines = read();
            if (lines - segments.size() > Math.max(WASTE_MIN, segments.size())) {
                rewrite();
            }
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            channel.position(channel.size());
        } catch (IOException e) {
            lock.close();
            throw e;
        }
    }

    /* A file of its own, for the other one may be exchanged. */
    private static FileChannel locked(Path file) throws IOException {
        FileChannel lock = FileChannel.open(
                file.resolveSibling(file.getFileName() + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (lock.tryLock() != null) {
                return lock;
            }
        } catch (OverlappingFileLockException e) {
            // This process has it, and it is told as of another.
        } catch (IOException e) {
            lock.close();
            throw e;
        }
        lock.close();
        throw new IOException("%s is open already, here or in another process".formatted(file));
    }

    /**
     * Opens a file, or begins one.
     *
     * @throws IOException where it cannot be read, holds a line that is none, or is open elsewhere
     */
    public static FileSegments open(Path file) throws IOException {
        return new FileSegments(file);
    }

    private int read() throws IOException {
        if (!Files.exists(file)) {
            return 0;
        }
        byte[] bytes = Files.readAllBytes(file);
        int lines = 0;
        int from = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                lines++;
                apply(Arrays.copyOfRange(bytes, from, i), lines);
                from = i + 1;
            }
        }
        if (from < bytes.length) {
            try (FileChannel cut = FileChannel.open(file, StandardOpenOption.WRITE)) {
                cut.truncate(from);
            }
        }
        return lines;
    }

    private void apply(byte[] bytes, int number) throws IOException {
        SegmentLine line;
        try {
            line = SegmentLine.of(bytes);
        } catch (IOException e) {
            throw new IOException("%s, line %s: %s".formatted(file, number, e.getMessage()), e);
        }
        line.segment()
                .ifPresentOrElse(
                        segment -> segments.put(Map.of(line.id(), segment)), () -> segments.remove(List.of(line.id())));
    }

    private void rewrite() throws IOException {
        Path beside = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel out = FileChannel.open(
                beside, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            for (Map.Entry<String, Segment> entry : segments.all().entrySet()) {
                write(out, new SegmentLine(entry.getKey(), Optional.of(entry.getValue())).bytes());
            }
            out.force(true);
        }
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public synchronized void put(Map<String, Segment> more) {
        List<SegmentLine> lines = new ArrayList<>();
        more.forEach((id, segment) -> lines.add(new SegmentLine(id, Optional.of(segment))));
        append(lines);
        segments.put(more);
    }

    @Override
    public synchronized void remove(Collection<String> ids) {
        append(segments.get(ids).keySet().stream()
                .map(id -> new SegmentLine(id, Optional.empty()))
                .toList());
        segments.remove(ids);
    }

    /* What was written in part is taken back, so that the file never has half a line before a whole one. */
    private void append(List<SegmentLine> lines) {
        try {
            long end = channel.position();
            try {
                for (SegmentLine line : lines) {
                    write(channel, line.bytes());
                }
                channel.force(false);
            } catch (IOException e) {
                channel.truncate(end);
                channel.position(end);
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("segments could not be written to %s".formatted(file), e);
        }
    }

    private static void write(FileChannel out, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            out.write(buffer);
        }
    }

    @Override
    public Map<String, Segment> get(Collection<String> ids) {
        return segments.get(ids);
    }

    @Override
    public List<String> ids(Predicate<Segment> filter, int max) {
        return segments.ids(filter, max);
    }

    @Override
    public synchronized void close() throws IOException {
        channel.close();
        lock.close();
    }
}
