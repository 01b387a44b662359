package repscorer.cli.experiments;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import repscorer.analysis.AnalysisOptions;
import repscorer.analysis.LoggedAnswers;
import repscorer.analysis.PlanEstimate;
import repscorer.cli.console.UserError;

/** {@code repscorer experiment estimate}: what another plan would have earned on a log. */
@Command(
        name = "estimate",
        description =
                "Tells what another plan would have earned on a log that chance reordered, or that the log cannot tell.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example: repscorer experiment estimate --log data/decisions --surface follow --goal follow \\",
            "  --weight twhin=0.35 --weight simclusters=0.65 --temperature 0.5"
        })
final class EstimateCommand implements Callable<Integer> {

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private LogOptions log;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private GoalOptions goal;

    @Option(
            names = "--weight",
            paramLabel = "COLUMN=W",
            required = true,
            description =
                    "A column's weight in the plan, for each column that counts. Columns are taken by their distance from their"
                            + " mean over the log, in standard deviations.")
    private Map<String, Double> weights = new TreeMap<>();

    @Option(
            names = "--temperature",
            paramLabel = "T",
            defaultValue = "1",
            description = "Of the softmax that the plan would explore by, in units of its blend; 0 for none (default"
                    + " ${DEFAULT-VALUE}).")
    private double temperature;

    @Option(
            names = "--ranks",
            paramLabel = "N",
            defaultValue = "0",
            description = "How many of the first ranks count; fewer are told more surely (default: all).")
    private int ranks;

    @Override
    public Integer call() throws IOException {
        PlanEstimate.Plan plan = new PlanEstimate.Plan(weights, temperature, ranks);
        LoggedAnswers answers = goal.answers();
        log.read(goal.of(answers));
        PlanEstimate estimate = PlanEstimate.of(answers, plan, AnalysisOptions.ALPHA_DEFAULT);
        if (estimate.value().isEmpty()) {
            throw new UserError(estimate.refusal().orElse("the log cannot tell"));
        }
        new ExperimentPrinter(System.out).print(estimate.value().orElseThrow(), estimate, goal.kind());
        return 0;
    }
}
