package repscorer.decisions;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One file of a log: {@code decisions-20261129T201500123Z-1.jsonl.zst}, lines of JSON in frames of Zstandard, one after another.
 * Its name tells what it holds and when it was begun. Immutable.
 *
 * @param number tells files apart that begin in the same millisecond
 */
record LogFile(Path path, Kind kind, Instant begun, long number) {

    /** What a file holds. */
    enum Kind {
        DECISIONS,
        OUTCOMES;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final Pattern NAME = Pattern.compile("(decisions|outcomes)-(\\d{8}T\\d{9}Z)-(\\d+)\\.jsonl\\.zst");

    private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder()
            .appendPattern("uuuuMMdd'T'HHmmss")
            .appendValue(ChronoField.MILLI_OF_SECOND, 3)
            .appendLiteral('Z')
            .toFormatter(Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /** Oldest first; outcomes after decisions that begin with them. */
    static final Comparator<LogFile> BY_AGE =
            Comparator.comparing(LogFile::begun).thenComparing(LogFile::kind).thenComparingLong(LogFile::number);

    static LogFile of(Path directory, Kind kind, Instant begun, long number) {
        String name = "%s-%s-%s.jsonl.zst".formatted(kind.word(), TIME.format(begun), number);
        return new LogFile(directory.resolve(name), kind, begun, number);
    }

    /** The files of a directory, oldest first; whatever else is there is none. */
    static List<LogFile> list(Path directory) throws IOException {
        List<LogFile> files = new ArrayList<>();
        try (Stream<Path> paths = Files.list(directory)) {
            paths.forEach(path -> parse(path).ifPresent(files::add));
        }
        files.sort(BY_AGE);
        return files;
    }

    static List<LogFile> list(Path directory, Kind kind) throws IOException {
        return list(directory).stream().filter(file -> file.kind == kind).toList();
    }

    private static Optional<LogFile> parse(Path path) {
        Matcher name = NAME.matcher(String.valueOf(path.getFileName()));
        return name.matches()
                ? Optional.of(new LogFile(
                        path,
                        Kind.valueOf(name.group(1).toUpperCase(Locale.ROOT)),
                        TIME.parse(name.group(2), Instant::from),
                        Long.parseLong(name.group(3))))
                : Optional.empty();
    }

    /** Bytes on the disk; 0 for one that is gone. */
    long size() throws IOException {
        try {
            return Files.size(path);
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    Lines lines() throws IOException {
        return new Lines(path);
    }

    /** The lines of a file, up to its end or to where it is torn. For one thread. */
    static final class Lines implements AutoCloseable {

        private final InputStream in;
        private byte[] buffer = new byte[1 << 16];
        private int from;
        private int to;
        private boolean ended;
        private boolean torn;

        private Lines(Path file) throws IOException {
            ZstdInputStream frames = new ZstdInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16));
            frames.setContinuous(true); // a frame that ends too soon is a tear, not a failure
            in = frames;
        }

        /** The next line without its end; null after the last that is whole. */
        byte @Nullable [] next() {
            int searched = from;
            while (true) {
                for (int i = searched; i < to; i++) {
                    if (buffer[i] == '\n') {
                        byte[] line = Arrays.copyOfRange(buffer, from, i);
                        from = i + 1;
                        return line;
                    }
                }
                if (ended) {
                    torn |= from < to;
                    return null;
                }
                searched = to - from;
                fill();
            }
        }

        private void fill() {
            System.arraycopy(buffer, from, buffer, 0, to - from);
            to -= from;
            from = 0;
            if (to == buffer.length) {
                buffer = Arrays.copyOf(buffer, 2 * buffer.length);
            }
            try {
                int read = in.read(buffer, to, buffer.length - to);
                ended = read < 0;
                to += Math.max(0, read);
            } catch (IOException e) {
                ended = true;
                torn = true;
            }
        }

        /** Whether what was read so far ended in the middle of something: a process died, or the disk lost bytes. */
        boolean torn() {
            return torn;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
