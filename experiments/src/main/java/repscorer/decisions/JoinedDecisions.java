package repscorer.decisions;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import repscorer.decisions.LogFile.Kind;

/**
 * Decisions in the order of their files, each with its outcomes. Holds one line of decisions, and of outcomes what
 * {@link Decisions#read} says. To be closed; for one thread. What fails on the disk comes as {@link UncheckedIOException}.
 */
public final class JoinedDecisions implements Iterator<JoinedDecision>, AutoCloseable {

    private final Decisions.Window window;
    private final Iterator<LogFile> files;
    private final OutcomeTable outcomes;
    private final long outcomesLate;
    private LogFile.@Nullable Lines lines;
    private @Nullable JoinedDecision next;
    private long decisions;
    private long joined;
    private long matched;
    private long unseen;
    private long unreadable;
    private long torn;

    JoinedDecisions(Path directory, Decisions.Window window, int runMax) throws IOException {
        this.window = window;
        this.files = LogFile.list(directory, Kind.DECISIONS).iterator();
        this.outcomes = new OutcomeTable(runMax);
        boolean read = false;
        try {
            outcomesLate = readOutcomes(directory);
            outcomes.seal();
            read = true;
        } finally {
            if (!read) {
                outcomes.close();
            }
        }
    }

    private long readOutcomes(Path directory) throws IOException {
        long late = 0;
        for (LogFile file : LogFile.list(directory, Kind.OUTCOMES)) {
            try (LogFile.Lines from = file.lines()) {
                for (byte[] line = from.next(); line != null; line = from.next()) {
                    try {
                        Outcome outcome = OutcomeCodec.decode(line);
                        long decided = DecisionIds.millis(outcome.decision());
                        if (!window.hasDecision(decided)) {
                            continue;
                        }
                        if (window.isLate(decided, outcome.time())) {
                            late++;
                        } else {
                            outcomes.add(outcome);
                        }
                    } catch (IllegalArgumentException e) {
                        unreadable++;
                    }
                }
                torn += from.torn() ? 1 : 0;
            }
        }
        return late;
    }

    @Override
    public boolean hasNext() {
        try {
            while (next == null) {
                byte[] line = line();
                if (line == null) {
                    return false;
                }
                try {
                    Decision decision = DecisionCodec.decode(line).decision();
                    if (window.hasDecision(decision.time().toEpochMilli())) {
                        next = join(decision);
                    }
                } catch (IllegalArgumentException e) {
                    unreadable++;
                }
            }
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte @Nullable [] line() throws IOException {
        while (true) {
            LogFile.Lines open = lines;
            if (open != null) {
                byte[] line = open.next();
                if (line != null) {
                    return line;
                }
                torn += open.torn() ? 1 : 0;
                lines = null;
                open.close();
            }
            if (!files.hasNext()) {
                return null;
            }
            lines = files.next().lines();
        }
    }

    private JoinedDecision join(Decision decision) throws IOException {
        decisions++;
        List<Outcome> all = outcomes.of(decision.id());
        matched += all.size();
        // Where candidates were left out of the log, nobody can tell.
        List<Outcome> shown = all.isEmpty() || decision.candidates().isEmpty()
                ? all
                : all.stream()
                        .filter(outcome -> decision.candidates().stream()
                                .anyMatch(each -> each.candidate().equals(outcome.candidate())))
                        .toList();
        unseen += all.size() - shown.size();
        joined += shown.size();
        return new JoinedDecision(decision, shown);
    }

    @Override
    public JoinedDecision next() {
        if (!hasNext()) {
            throw new NoSuchElementException("all decisions were read");
        }
        JoinedDecision now = next;
        next = null;
        if (now == null) {
            throw new IllegalStateException("there is a next one");
        }
        return now;
    }

    /** What it came to so far; of all once there is no next one. */
    public JoinReport report() {
        return new JoinReport(
                decisions,
                joined,
                outcomes.repeated(),
                outcomesLate,
                outcomes.size() - matched,
                unseen,
                unreadable,
                torn);
    }

    @Override
    public void close() throws IOException {
        try (OutcomeTable table = outcomes) {
            LogFile.Lines open = lines;
            if (open != null) {
                open.close();
            }
        }
    }
}
