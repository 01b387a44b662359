package repscorer.cli.experiments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import repscorer.cli.console.UserError;
import repscorer.decisions.Decisions;
import repscorer.decisions.JoinReport;
import repscorer.decisions.JoinedDecision;
import repscorer.decisions.JoinedDecisions;

/** Which part of which log is read. */
final class LogOptions {

    private static final int WINDOW_DAYS_DEFAULT = 7;

    @Option(
            names = "--log",
            paramLabel = "DIR",
            required = true,
            description = "The log of decisions and outcomes: what decisions.log of scorer.yaml names.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path log;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description = "Decisions from then on, such as 2026-12-01T00:00:00Z.")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "TIME", description = "Decisions before then.")
    private @Nullable String to;

    @Option(
            names = "--window-days",
            paramLabel = "N",
            defaultValue = "" + WINDOW_DAYS_DEFAULT,
            description = "How long after its decision an outcome counts, 1 to 366 days (default ${DEFAULT-VALUE}).")
    private int windowDays = WINDOW_DAYS_DEFAULT;

    /** Hands over decision after decision. */
    JoinReport read(Consumer<JoinedDecision> consumer) throws IOException {
        if (!Files.isDirectory(log)) {
            throw new UserError("--log must name a directory that is there: %s".formatted(log));
        }
        if (windowDays < 1 || windowDays > 366) {
            throw new UserError("--window-days must be 1 to 366: %s".formatted(windowDays));
        }
        Decisions.Window window = new Decisions.Window(
                time("--from", from, Instant.MIN), time("--to", to, Instant.MAX), Duration.ofDays(windowDays));
        try (JoinedDecisions decisions = Decisions.read(log, window)) {
            decisions.forEachRemaining(consumer);
            JoinReport report = decisions.report();
            if (report.decisions() == 0) {
                throw new UserError("%s has no decisions of that time".formatted(log));
            }
            return report;
        }
    }

    private static Instant time(String option, @Nullable String text, Instant other) {
        try {
            return text == null ? other : Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new UserError("%s is a time such as 2026-12-01T00:00:00Z: '%s'".formatted(option, text));
        }
    }

    /** Before anything is read. */
    static void checkWritable(String option, @Nullable Path file) {
        Path directory = file == null ? null : file.toAbsolutePath().getParent();
        if (file != null && (Files.isDirectory(file) || directory == null || !Files.isDirectory(directory))) {
            throw new UserError("%s must name a file in a directory that is there: %s".formatted(option, file));
        }
    }

    /** What a join left out, in a line; empty where it left out nothing. */
    static String leftOut(JoinReport report) {
        StringBuilder text = new StringBuilder();
        add(text, report.late(), "came too late");
        add(text, report.undecided(), "belong to no decision of the log");
        add(text, report.unseen(), "are of candidates that were not answered");
        return text.isEmpty() ? "" : "of the outcomes " + text;
    }

    private static void add(StringBuilder text, long count, String what) {
        if (count > 0) {
            text.append(text.isEmpty() ? "" : ", ").append(count).append(' ').append(what);
        }
    }
}
