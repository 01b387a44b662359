package repscorer.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import repscorer.cli.console.UserError;
import repscorer.cli.remote.RemoteService;
import repscorer.client.DecisionClient;
import repscorer.client.ScorerClient;
import repscorer.core.entity.EntityId;
import repscorer.decisions.DecisionIds;
import repscorer.decisions.LogDirectory;
import repscorer.decisions.LogLimits;
import repscorer.decisions.Outcome;
import repscorer.decisions.OutcomeLog;
import repscorer.imports.ImportFormat;
import repscorer.imports.ImportInput;
import repscorer.imports.TableReader;
import repscorer.imports.TableSink;
import repscorer.wire.OutcomeAnswerBody;
import repscorer.wire.OutcomeBody;

/** {@code repscorer outcomes import}: logs of other tools into a running service, or into a directory. */
@Command(
        name = "import",
        description = "Takes outcomes of .parquet, .jsonl, .csv and .tsv files (gz too) into a running service, or a directory.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "A first line of .csv and .tsv names the columns. A time is 2026-01-31T12:00:00Z, or milliseconds since 1970.",
            "Files may be taken in again: each decision, candidate and kind counts once."
        })
final class OutcomesImportCommand implements Callable<Integer> {

    private static final int BATCH = 2_000;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "The files to read.")
    private List<Path> files = List.of();

    @Option(names = "--format", description = "${COMPLETION-CANDIDATES}; told by the files' names where absent.")
    private @Nullable ImportFormat format;

    @Option(names = "--decision", paramLabel = "COLUMN", defaultValue = "decision", description = "The column of decisions' ids (default ${DEFAULT-VALUE}).")
    private String decision = "decision";

    @Option(names = "--candidate", paramLabel = "COLUMN", defaultValue = "candidate", description = "The column of candidates (default ${DEFAULT-VALUE}).")
    private String candidate = "candidate";

    @Option(names = "--kind", paramLabel = "COLUMN", defaultValue = "kind", description = "The column of kinds (default ${DEFAULT-VALUE}).")
    private String kind = "kind";

    @Option(names = "--all-of-kind", paramLabel = "KIND", description = "The kind of all rows, in place of a column.")
    private @Nullable String allOfKind;

    @Option(names = "--value", paramLabel = "COLUMN", description = "The column of values; else 'value' where there is one, else 1.")
    private @Nullable String value;

    @Option(names = "--time", paramLabel = "COLUMN", description = "The column of times; else 'time' where there is one, else now.")
    private @Nullable String time;

    @Option(names = "--into", paramLabel = "DIR", description = "A directory of decisions in place of a service, as decisions.log names one.")
    private @Nullable Path into;

    @Option(names = "--bad-rows-max", defaultValue = "0", paramLabel = "N", description = "Leave out up to N bad rows; with more it stops (default ${DEFAULT-VALUE}).")
    private long badRowsMax;

    @Option(names = "--bad-rows-named", defaultValue = "10", paramLabel = "N", description = "Name up to N bad rows, with their rule (default ${DEFAULT-VALUE}).")
    private int badRowsNamed;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private RemoteService service;

    private long taken;
    private long late;
    private long bad;

    /** Takes outcomes with the rows that they come from. */
    private interface Target {
        void take(List<OutcomeBody> outcomes, List<Long> rows, Path file) throws IOException;
    }

    @Override
    public Integer call() throws IOException {
        for (Path file : files) {
            if (!Files.isRegularFile(file)) {
                throw new UserError("no such file: %s".formatted(file));
            }
        }
        if (into == null) {
            try (ScorerClient client = service.connect()) {
                DecisionClient decisions = new DecisionClient(client);
                readAll((outcomes, rows, file) -> push(decisions, outcomes, rows, file));
            }
        } else {
            try (LogDirectory directory = LogDirectory.open(into, LogLimits.DEFAULT);
                    OutcomeLog log = new OutcomeLog(directory)) {
                readAll((outcomes, rows, file) -> append(log, outcomes, rows, file));
            }
        }
        System.out.printf("%s outcomes taken, %s of them late, %s bad rows left out%n", taken, late, bad);
        return 0;
    }

    private void readAll(Target target) throws IOException {
        for (Path file : files) {
            ImportFormat of = format == null ? ImportFormat.ofName(String.valueOf(file.getFileName())) : format;
            try (ImportInput input = ImportInput.of(file, Optional.empty());
                    Batches batches = new Batches(file, target)) {
                new TableReader(of, columns(), optional()).read(input, batches);
            }
        }
    }

    private String valueColumn() {
        return value == null ? "value" : value;
    }

    private String timeColumn() {
        return time == null ? "time" : time;
    }

    private List<String> columns() {
        return List.of(decision, candidate, kind, valueColumn(), timeColumn());
    }

    private Set<String> optional() {
        Set<String> optional = new LinkedHashSet<>();
        if (allOfKind != null) {
            optional.add(kind);
        }
        if (value == null) {
            optional.add("value");
        }
        if (time == null) {
            optional.add("time");
        }
        return optional;
    }

    /** Rows that become outcomes, some thousand at a time. */
    private final class Batches implements TableSink, AutoCloseable {

        private final Path file;
        private final Target target;
        private final List<OutcomeBody> outcomes = new ArrayList<>();
        private final List<Long> rows = new ArrayList<>();

        Batches(Path file, Target target) {
            this.file = file;
            this.target = target;
        }

        @Override
        public void row(long row, @Nullable String[] cells) {
            String of = cells[0];
            String to = cells[1];
            String what = allOfKind == null ? cells[2] : allOfKind;
            if (of == null || to == null || what == null) {
                bad(row, "'%s' is missing".formatted(of == null ? decision : to == null ? candidate : kind));
                return;
            }
            try {
                String counts = cells[3];
                String at = cells[4];
                outcomes.add(new OutcomeBody(
                        of,
                        to,
                        what,
                        counts == null ? null : Double.valueOf(counts),
                        at == null ? null : instant(at).toString()));
            } catch (NumberFormatException e) {
                bad(row, "'%s' is no number: '%s'".formatted(valueColumn(), cells[3]));
                return;
            } catch (DateTimeException e) {
                bad(row, "'%s' is no time: '%s'".formatted(timeColumn(), cells[4]));
                return;
            }
            rows.add(row);
            if (rows.size() == BATCH) {
                flush();
            }
        }

        private void flush() {
            try {
                if (!rows.isEmpty()) {
                    target.take(outcomes, rows, file);
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            } finally {
                outcomes.clear();
                rows.clear();
            }
        }

        @Override
        public void bad(long row, String rule) {
            leaveOut(file, row, rule);
        }

        @Override
        public void close() {
            flush();
        }
    }

    private static Instant instant(String text) {
        return text.matches("-?\\d{1,16}") ? Instant.ofEpochMilli(Long.parseLong(text)) : Instant.parse(text);
    }

    private void leaveOut(Path file, long row, String rule) {
        bad++;
        if (bad > badRowsMax) {
            throw new UserError("%s, row %s: %s (%s outcomes were taken before; --bad-rows-max leaves bad rows out)"
                    .formatted(file.getFileName(), row, rule, taken));
        }
        if (bad <= badRowsNamed) {
            System.out.printf("left out %s, row %s: %s%n", file.getFileName(), row, rule);
        }
    }

    private void push(DecisionClient decisions, List<OutcomeBody> outcomes, List<Long> rows, Path file) {
        DecisionClient.Taken answer = decisions.push(outcomes);
        taken += answer.summary().accepted() + answer.summary().late();
        late += answer.summary().late();
        if (answer.summary().stopped() != null) {
            throw new UserError("the service stopped: %s".formatted(answer.summary().reason()));
        }
        List<OutcomeAnswerBody> lines = answer.lines();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).code() != null) {
                leaveOut(file, rows.get(i), String.valueOf(lines.get(i).message()));
            }
        }
    }

    private void append(OutcomeLog log, List<OutcomeBody> bodies, List<Long> rows, Path file) throws IOException {
        List<Outcome> outcomes = new ArrayList<>(bodies.size());
        for (int i = 0; i < bodies.size(); i++) {
            OutcomeBody body = bodies.get(i);
            try {
                DecisionIds.millis(body.decision());
                EntityId.parse(body.candidate());
                String at = body.time();
                Double counts = body.value();
                outcomes.add(new Outcome(
                        body.decision(),
                        body.candidate(),
                        body.kind(),
                        counts == null ? 1 : counts,
                        at == null ? Instant.now() : Instant.parse(at)));
            } catch (IllegalArgumentException e) {
                leaveOut(file, rows.get(i), String.valueOf(e.getMessage()));
            }
        }
        log.append(outcomes);
        taken += outcomes.size();
    }
}
