package repscorer.decisions;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;
import repscorer.core.disk.Disk;
import repscorer.core.erasure.Sought;
import repscorer.decisions.ErasedLines.Erased;
import repscorer.decisions.LogFile.Kind;

/**
 * Takes erased subjects out of the files of a log. Decisions that were made for them go, with their outcomes; where they stand in
 * somebody else's, another text stands in their place. Files without them stay as they are. One at a time.
 */
public final class LogErasure {

    /*
     * Outcomes first: which of them are theirs is told by their decisions, and after a crash these must still be there. A file is
     * replaced whole, by a new one of the same name, so that who reads it reads one of both.
     */

    private static final int BLOCK_BYTES = 1 << 18;

    private final LogDirectory directory;
    private final DecisionLog decisions;
    private final OutcomeLog outcomes;

    public LogErasure(LogDirectory directory, DecisionLog decisions, OutcomeLog outcomes) {
        this.directory = directory;
        this.decisions = decisions;
        this.outcomes = outcomes;
    }

    /** @param files that are there @param lines that were or are theirs, or name them */
    public record Result(long files, long lines) {}

    /**
     * Takes them out of all lines that were offered up to now. Reads the whole log twice.
     *
     * @throws IOException where the disk refuses, or does not take what waits to be written; it may be called again
     */
    public Result erase(Sought sought) throws IOException {
        if (!decisions.endFile()) {
            throw new IOException("decisions that wait are not written in time");
        }
        outcomes.endFile();
        Set<String> theirs = new HashSet<>();
        for (LogFile file : LogFile.list(directory.path(), Kind.DECISIONS)) {
            eachLine(file, line -> ErasedLines.decision(line, sought), (line, erased) -> {
                if (erased.kept().isEmpty()) {
                    theirs.add(DecisionCodec.decode(line).decision().id());
                }
            });
        }
        long files = 0;
        long lines = 0;
        for (Kind kind : new Kind[] {Kind.OUTCOMES, Kind.DECISIONS}) {
            for (LogFile file : LogFile.list(directory.path(), kind)) {
                long changed = directory.isWritten(file) ? 0 : rewrite(file, rule(kind, sought, theirs));
                lines += Math.max(0, changed);
                files += changed == 0 ? 0 : 1;
            }
        }
        return new Result(files, lines);
    }

    private static Function<byte[], Erased> rule(Kind kind, Sought sought, Set<String> theirs) {
        return kind == Kind.DECISIONS
                ? line -> ErasedLines.decision(line, sought)
                : line -> isOf(line, theirs)
                        ? new Erased(java.util.Optional.empty(), true)
                        : ErasedLines.outcome(line, sought);
    }

    private static boolean isOf(byte[] line, Set<String> decisions) {
        try {
            return !decisions.isEmpty()
                    && decisions.contains(OutcomeCodec.decode(line).decision());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Counts lines that are theirs or name them, in all files. */
    public Result look(Sought sought) throws IOException {
        if (!decisions.endFile()) {
            throw new IOException("decisions that wait are not written in time");
        }
        long files = 0;
        long[] lines = {0};
        for (Kind kind : Kind.values()) {
            for (LogFile file : LogFile.list(directory.path(), kind)) {
                files++;
                eachLine(file, rule(kind, sought, Set.of()), (line, erased) -> lines[0] += erased.changed() ? 1 : 0);
            }
        }
        return new Result(files, lines[0]);
    }

    /** Told a line and what becomes of it. */
    @FunctionalInterface
    private interface Reader {
        void line(byte[] line, Erased erased) throws IOException;
    }

    /** Answers whether the file is torn. */
    private static boolean eachLine(LogFile file, Function<byte[], Erased> rule, Reader reader) throws IOException {
        try (LogFile.Lines lines = file.lines()) {
            for (byte[] line = lines.next(); line != null; line = lines.next()) {
                reader.line(line, rule.apply(line));
            }
            return lines.torn();
        } catch (java.nio.file.NoSuchFileException e) {
            return false; // too old to be kept
        }
    }

    /** Answers how many lines changed; -1 where none did and a torn end was cut off, for nobody knows what is in it. */
    private long rewrite(LogFile file, Function<byte[], Erased> rule) throws IOException {
        long[] changed = {0};
        boolean torn = eachLine(file, rule, (line, erased) -> changed[0] += erased.changed() ? 1 : 0);
        if (changed[0] == 0 && !torn) {
            return 0;
        }
        directory.replace(file, out -> {
            try (Packed packed = new Packed(out)) {
                eachLine(file, rule, (line, erased) -> {
                    if (erased.kept().isPresent()) {
                        packed.line(erased.kept().get());
                    }
                });
            }
        });
        return changed[0] == 0 ? -1 : changed[0];
    }

    /** Lines in frames, as a {@link LogWriter} packs them. */
    private static final class Packed implements AutoCloseable {

        private final ZstdOutputStreamNoFinalizer frame;
        private long bytes;

        Packed(Disk.Output out) throws IOException {
            OutputStream file = new OutputStream() {
                @Override
                public void write(int b) throws IOException {
                    write(new byte[] {(byte) b}, 0, 1);
                }

                @Override
                public void write(byte[] b, int off, int len) throws IOException {
                    out.writeFully(ByteBuffer.wrap(b, off, len));
                }
            };
            frame = new ZstdOutputStreamNoFinalizer(file, LogWriter.LEVEL);
            frame.setChecksum(true);
            frame.setCloseFrameOnFlush(true);
        }

        void line(byte[] line) throws IOException {
            frame.write(line);
            frame.write('\n');
            bytes += line.length + 1;
            if (bytes >= BLOCK_BYTES) {
                frame.flush();
                bytes = 0;
            }
        }

        @Override
        public void close() throws IOException {
            frame.close();
        }
    }
}
