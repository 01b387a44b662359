package repscorer.cli.experiments;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import repscorer.analysis.demo.DemoDecisions;
import repscorer.analysis.demo.DemoSettings;
import repscorer.cli.console.UserError;
import repscorer.decisions.Decision;
import repscorer.decisions.DecisionLog;
import repscorer.decisions.JoinedDecision;
import repscorer.decisions.Kept;
import repscorer.decisions.LogDirectory;
import repscorer.decisions.LogLimits;
import repscorer.decisions.Outcome;
import repscorer.decisions.OutcomeLog;
import repscorer.decisions.PlanFiles;

/** {@code repscorer experiment simulate}: a made-up log, to try the other commands on. */
@Command(
        name = "simulate",
        description =
                "Writes a made-up log of an experiment, to try the other commands on. The same seed makes the same log.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: repscorer experiment simulate --out build/try/log --scenario interleaved"})
final class SimulateCommand implements Callable<Integer> {

    private static final int TOGETHER = 10_000;
    private static final Duration WRITTEN_MAX = Duration.ofMinutes(1);
    private static final byte[] PLAN = "{}".getBytes(StandardCharsets.UTF_8);

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "Where the log goes; not there yet, or empty.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path out;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            defaultValue = "follow-blend",
            description = "Of the experiment (default ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String name;

    @Option(
            names = "--scenario",
            defaultValue = "better",
            description = "What is true: ${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE}).")
    private DemoSettings.Scenario scenario = DemoSettings.Scenario.BETTER;

    @Option(
            names = "--units",
            paramLabel = "N",
            defaultValue = "2000",
            description = "People (default ${DEFAULT-VALUE}).")
    private int units;

    @Option(
            names = "--days",
            paramLabel = "N",
            defaultValue = "14",
            description = "Of the experiment; half as many come before it (default ${DEFAULT-VALUE}).")
    private int days;

    @Option(
            names = "--start",
            paramLabel = "TIME",
            defaultValue = "2026-11-01T00:00:00Z",
            description = "Of the experiment (default ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String start;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "42",
            description = "Of all draws (default ${DEFAULT-VALUE}).")
    private long seed;

    private final List<Outcome> waiting = new ArrayList<>();
    private long decisions;
    private long outcomes;

    @Override
    public Integer call() throws IOException {
        DemoSettings settings = new DemoSettings(name, units, days, scenario, time(), seed);
        checkEmpty();
        Files.createDirectories(out);
        try (LogDirectory directory = LogDirectory.open(out, LogLimits.DEFAULT)) {
            try (DecisionLog log = new DecisionLog(directory, Long.MAX_VALUE, List.of());
                    OutcomeLog into = new OutcomeLog(directory)) {
                DemoDecisions.each(settings, joined -> write(joined, log, into));
                writeWaiting(log, into);
            }
        }
        System.out.printf("%s: %s decisions and %s outcomes of %s%n", out, decisions, outcomes, name);
        return 0;
    }

    private void write(JoinedDecision joined, DecisionLog log, OutcomeLog into) {
        Kept kept = Kept.of(withPlan(joined.decision()));
        log.offer(1, () -> new DecisionLog.Made(kept, PLAN));
        waiting.addAll(joined.outcomes());
        decisions++;
        outcomes += joined.outcomes().size();
        if (waiting.size() >= TOGETHER) {
            try {
                writeWaiting(log, into);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void writeWaiting(DecisionLog log, OutcomeLog into) throws IOException {
        into.append(waiting);
        waiting.clear();
        if (!log.flush(WRITTEN_MAX) || log.counts().failed() > 0) {
            throw new IOException("decisions could not be written to %s".formatted(out));
        }
    }

    private static Decision withPlan(Decision decision) {
        return new Decision(
                decision.id(),
                decision.time(),
                decision.surface(),
                decision.unit(),
                decision.arms(),
                decision.release(),
                decision.versions(),
                PlanFiles.digest(PLAN),
                decision.request(),
                decision.candidates(),
                decision.degraded(),
                decision.micros());
    }

    private void checkEmpty() throws IOException {
        if (Files.exists(out)) {
            if (!Files.isDirectory(out)) {
                throw new UserError("--out must name a directory: %s".formatted(out));
            }
            try (var files = Files.list(out)) {
                if (files.findAny().isPresent()) {
                    throw new UserError(
                            "--out must be empty, so that nothing real is mixed with it: %s".formatted(out));
                }
            }
        }
    }

    private Instant time() {
        try {
            return Instant.parse(start);
        } catch (DateTimeParseException e) {
            throw new UserError("--start is a time such as 2026-11-01T00:00:00Z: '%s'".formatted(start));
        }
    }
}
