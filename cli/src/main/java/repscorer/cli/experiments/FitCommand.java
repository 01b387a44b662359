package repscorer.cli.experiments;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import repscorer.analysis.AnalysisOptions;
import repscorer.analysis.BlendFit;
import repscorer.analysis.LoggedAnswers;

/** {@code repscorer experiment fit}: the weights that logged outcomes speak for. */
@Command(
        name = "fit",
        description =
                "Fits the weights of columns to logged outcomes, with an interval for each, as overrides of a variant.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: repscorer experiment fit --log data/decisions --surface follow --goal follow"})
final class FitCommand implements Callable<Integer> {

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private LogOptions log;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private GoalOptions goal;

    @Override
    public Integer call() throws IOException {
        LoggedAnswers answers = goal.answers();
        log.read(goal.of(answers));
        new ExperimentPrinter(System.out).print(BlendFit.of(answers, AnalysisOptions.ALPHA_DEFAULT));
        return 0;
    }
}
