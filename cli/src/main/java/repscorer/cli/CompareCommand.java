package repscorer.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import repscorer.api.drift.ComparisonPage;
import repscorer.cli.console.ComparisonPrinter;
import repscorer.cli.console.ProgressLine;
import repscorer.cli.console.UserError;
import repscorer.cli.remote.RemoteService;
import repscorer.client.ScorerClient;
import repscorer.core.drift.DriftOptions;
import repscorer.json.WireJson;
import repscorer.wire.ComparisonResponse;

/** {@code repscorer compare}: tells how one release of a running service differs from another. */
@Command(
        name = "compare",
        description =
                "Tells how one release differs from another: rows, neighbours and answers. Live, kept or staged ones.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: repscorer compare 2026-11-20 2026-11-21 --html drift.html"})
final class CompareCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "A", description = "The release that is compared from, such as the live one.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String a;

    @Parameters(index = "1", paramLabel = "B", description = "The release that is compared to.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String b;

    @Option(
            names = "--sample",
            paramLabel = "N",
            defaultValue = "" + DriftOptions.SAMPLE_DEFAULT,
            description = "Ids that are drawn from each space, 1 to 10000 (default ${DEFAULT-VALUE}).")
    private int sample;

    @Option(
            names = "--sources",
            paramLabel = "N",
            defaultValue = "" + DriftOptions.SOURCES_DEFAULT,
            description = "Sources that each surface is asked for, 0 to 500 (default ${DEFAULT-VALUE}).")
    private int sources;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "" + DriftOptions.SEED_DEFAULT,
            description = "Of the draws: the same seed draws the same ids (default ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the answer there as the service gives it.")
    private @Nullable Path json;

    @Option(names = "--html", paramLabel = "FILE", description = "Write it there as a page with plots.")
    private @Nullable Path html;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private RemoteService service;

    @Override
    public Integer call() throws IOException {
        service.checkToken("comparing");
        checkWritable("--json", json);
        checkWritable("--html", html);
        DriftOptions options = new DriftOptions(sample, sources, seed); // told here before anything is asked
        ComparisonResponse comparison;
        ProgressLine progress = ProgressLine.standard();
        try (ScorerClient client = service.connect()) {
            progress.update("comparing", 0, 0, "");
            comparison = client.compare(a, b, options.sample(), options.sources(), options.seed());
        } finally {
            progress.clear();
        }
        new ComparisonPrinter(System.out).print(comparison);
        if (json != null) {
            Files.write(json, WireJson.write(comparison));
        }
        if (html != null) {
            Files.writeString(html, ComparisonPage.html(comparison));
        }
        return 0;
    }

    /** Before the service computes for half a minute. */
    private static void checkWritable(String option, @Nullable Path file) {
        Path directory = file == null ? null : file.toAbsolutePath().getParent();
        if (file != null && (Files.isDirectory(file) || directory == null || !Files.isDirectory(directory))) {
            throw new UserError("%s must name a file in a directory that is there: %s".formatted(option, file));
        }
    }
}
