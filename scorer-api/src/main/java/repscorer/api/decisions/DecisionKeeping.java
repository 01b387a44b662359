package repscorer.api.decisions;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import repscorer.api.config.DecisionSettings;
import repscorer.core.failure.ScorerException.Conflict;
import repscorer.decisions.DecisionLog;
import repscorer.decisions.DecisionSink;
import repscorer.decisions.Decisions;
import repscorer.decisions.LogDirectory;
import repscorer.decisions.OutcomeLog;

/** The files that decisions and outcomes are kept in, open as long as the service runs. Safe for concurrent use. */
record DecisionKeeping(
        DecisionSettings settings,
        LogDirectory directory,
        DecisionLog decisions,
        OutcomeLog outcomes,
        IdDigests ids,
        List<DecisionSink> sinks)
        implements AutoCloseable {

    static DecisionKeeping open(DecisionSettings settings, Path data, List<DecisionSink> sinks) throws IOException {
        LogDirectory directory = LogDirectory.open(data.resolve(settings.log()), settings.limits());
        return new DecisionKeeping(
                settings,
                directory,
                new DecisionLog(directory, settings.queueMax().toBytes(), sinks),
                new OutcomeLog(directory),
                IdDigests.open(data, settings.ids()),
                sinks);
    }

    Decisions.Window window() {
        return Decisions.Window.of(settings.outcomeWindow());
    }

    static Conflict off() {
        return new Conflict("decisions-off", "no decisions are kept: decisions.log of scorer.yaml names no directory");
    }

    @Override
    public void close() throws IOException {
        try (directory) {
            decisions.close();
            outcomes.close();
        }
    }
}
