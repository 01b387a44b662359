package repscorer.cli.experiments;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import repscorer.analysis.LoggedAnswers;
import repscorer.decisions.JoinedDecision;

/** Which answers count, and what counts of them. */
final class GoalOptions {

    @Option(names = "--surface", paramLabel = "NAME", required = true, description = "The surface whose answers count.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String surface;

    @Option(names = "--goal", paramLabel = "KIND", required = true, description = "The kind of outcome that counts.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String kind;

    @Option(names = "--variant", paramLabel = "NAME", description = "Only answers by this variant of an experiment.")
    private @Nullable String variant;

    LoggedAnswers answers() {
        return new LoggedAnswers(surface, kind);
    }

    Consumer<JoinedDecision> of(LoggedAnswers answers) {
        return joined -> {
            if (variant == null
                    || joined.decision().arms().stream()
                            .anyMatch(arm -> arm.variant().equals(variant))) {
                answers.add(joined);
            }
        };
    }

    String kind() {
        return kind;
    }
}
