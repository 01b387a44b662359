package repscorer.decisions;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import repscorer.decisions.LogFile.Kind;

/** Reads a log: decisions with their outcomes, or one decision. Beside whoever writes it, without asking. Stateless. */
public final class Decisions {

    /** An outcome may seem so much older than its decision, for the clocks of two machines differ. */
    public static final Duration CLOCKS_DIFFER = Duration.ofMinutes(5);

    /** From a decision to the line of it, where a disk was slow. */
    private static final Duration WRITTEN_AFTER_MAX = Duration.ofMinutes(5);

    private Decisions() {}

    /**
     * Which decisions are read, and how long outcomes count for them.
     *
     * @param from the first moment of decisions
     * @param to the first moment after them
     * @param outcomes how long after its decision an outcome may come about
     */
    public record Window(Instant from, Instant to, Duration outcomes) {

        public Window {
            if (outcomes.isNegative()) {
                throw new IllegalArgumentException("an outcome's window must not be negative: " + outcomes);
            }
        }

        /** Decisions of all times. */
        public static Window of(Duration outcomes) {
            return new Window(Instant.MIN, Instant.MAX, outcomes);
        }

        boolean hasDecision(long millis) {
            Instant decided = Instant.ofEpochMilli(millis);
            return !decided.isBefore(from) && decided.isBefore(to);
        }

        /** Whether an outcome came about too late to count, or before the decision. */
        public boolean isLate(long decidedMillis, Instant time) {
            Instant decided = Instant.ofEpochMilli(decidedMillis);
            return time.isBefore(decided.minus(CLOCKS_DIFFER)) || time.isAfter(decided.plus(outcomes));
        }
    }

    /**
     * Reads decisions and what came of them. Goes once over all outcomes first, of which 200,000 are in memory at most; more are sorted
     * in the directory for temporary files.
     */
    public static JoinedDecisions read(Path directory, Window window) throws IOException {
        return read(directory, window, OutcomeTable.RUN_DEFAULT);
    }

    /** The same with room for so many outcomes in memory. */
    static JoinedDecisions read(Path directory, Window window, int runMax) throws IOException {
        return new JoinedDecisions(directory, window, runMax);
    }

    /**
     * The decision of an id, where a file has it. Reads the files of its time.
     *
     * @throws IllegalArgumentException for a text that is no id
     */
    public static Optional<Kept> find(Path directory, String id) throws IOException {
        Instant decided = Instant.ofEpochMilli(DecisionIds.millis(id));
        byte[] beginning = DecisionCodec.beginning(id).getBytes(StandardCharsets.UTF_8);
        List<LogFile> files = LogFile.list(directory, Kind.DECISIONS);
        for (int i = 0; i < files.size(); i++) {
            boolean endedBefore = i + 1 < files.size() && files.get(i + 1).begun().isBefore(decided);
            if (endedBefore || files.get(i).begun().isAfter(decided.plus(WRITTEN_AFTER_MAX))) {
                continue;
            }
            try (LogFile.Lines lines = files.get(i).lines()) {
                for (byte[] line = lines.next(); line != null; line = lines.next()) {
                    if (line.length > beginning.length
                            && Arrays.equals(line, 0, beginning.length, beginning, 0, beginning.length)) {
                        return Optional.of(DecisionCodec.decode(line));
                    }
                }
            }
        }
        return Optional.empty();
    }
}
