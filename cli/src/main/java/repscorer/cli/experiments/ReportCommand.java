package repscorer.cli.experiments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import repscorer.analysis.AnalysisOptions;
import repscorer.analysis.ExperimentAnalysis;
import repscorer.api.reports.ReportBodies;
import repscorer.api.reports.ReportPage;
import repscorer.decisions.JoinReport;
import repscorer.json.WireJson;
import repscorer.wire.ExperimentReportResponse;

/** {@code repscorer experiment report}: what came of an experiment. */
@Command(
        name = "report",
        description = "Tells what came of an experiment: exposures, effects with intervals, guard-rails, a verdict.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: repscorer experiment report follow-blend --log data/decisions --html report.html"})
final class ReportCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "NAME", description = "The experiment.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String name;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private LogOptions log;

    @Option(
            names = "--control",
            paramLabel = "VARIANT",
            description = "What others are compared with (default: control, else the first by name).")
    private @Nullable String control;

    @Option(
            names = "--goal",
            paramLabel = "KIND",
            description = "The kind of outcome that decides (default: the most frequent).")
    private @Nullable String goal;

    @Option(
            names = "--weight",
            paramLabel = "VARIANT=N",
            description = "How units were dealt, for each variant (default: alike).")
    private Map<String, Double> weights = new TreeMap<>();

    @Option(names = "--json", paramLabel = "FILE", description = "Write it there as the service tells it.")
    private @Nullable Path json;

    @Option(names = "--html", paramLabel = "FILE", description = "Write it there as a page with plots.")
    private @Nullable Path html;

    @Override
    public Integer call() throws IOException {
        LogOptions.checkWritable("--json", json);
        LogOptions.checkWritable("--html", html);
        ExperimentAnalysis analysis = new ExperimentAnalysis(new AnalysisOptions(
                name, Optional.ofNullable(control), weights, Optional.ofNullable(goal), AnalysisOptions.ALPHA_DEFAULT));
        JoinReport joined = log.read(analysis::add);
        ExperimentReportResponse report = ReportBodies.of(analysis.report());
        new ExperimentPrinter(System.out).print(report, LogOptions.leftOut(joined));
        if (json != null) {
            Files.write(json, WireJson.write(report));
        }
        if (html != null) {
            Files.writeString(html, ReportPage.html(report));
        }
        return 0;
    }
}
