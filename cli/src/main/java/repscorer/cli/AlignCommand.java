package repscorer.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import repscorer.api.align.AlignmentBodies;
import repscorer.cli.console.AlignmentPrinter;
import repscorer.cli.console.ProgressLine;
import repscorer.cli.console.UserError;
import repscorer.cli.remote.RemoteService;
import repscorer.client.Alignments;
import repscorer.client.ScorerClient;
import repscorer.core.align.Alignment;
import repscorer.core.align.AlignmentFile;
import repscorer.core.align.AlignmentOptions;
import repscorer.core.align.DirectoryAlignment;
import repscorer.core.store.attached.AttachedFiles;
import repscorer.vector.Metric;
import repscorer.wire.AlignmentBody;

/** {@code repscorer align}: fits maps from the coordinates of one release onto another's and back. */
@Command(
        name = "align",
        description =
                "Fits maps between the coordinates of two trainings, judges them by ids held out, and keeps them with release B.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "A and B are releases of a running service, or two directories of embedding files; of those nothing is kept but with --out.",
            "Example: repscorer align 2026-11-20 2026-11-21"
        })
final class AlignCommand implements Callable<Integer> {

    @Parameters(
            index = "0",
            paramLabel = "A",
            description = "Whose rows are to be understood, such as the live release.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String a;

    @Parameters(index = "1", paramLabel = "B", description = "Whose coordinates they get; it keeps what is fitted.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String b;

    @Option(names = "--space", paramLabel = "S", description = "Look at ids of this dense space alone (default: all).")
    private @Nullable String space;

    @Option(
            names = "--method",
            paramLabel = "WORD",
            defaultValue = "auto",
            description = "procrustes, affine, residual or auto: the best by recall (default ${DEFAULT-VALUE}).")
    private String method = "auto";

    @Option(
            names = "--sample",
            paramLabel = "N",
            defaultValue = "" + AlignmentOptions.SAMPLE_DEFAULT,
            description = "Ids that are drawn at most, 500 to 100000 (default ${DEFAULT-VALUE}).")
    private int sample;

    @Option(
            names = "--recall-min",
            paramLabel = "SHARE",
            defaultValue = "" + AlignmentOptions.RECALL_MIN_DEFAULT,
            description =
                    "Least recall@10 on held-out ids, 0.02 to 1; below nothing is kept (default ${DEFAULT-VALUE}).")
    private double recallMin;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "" + AlignmentOptions.SEED_DEFAULT,
            description = "Of the draw and of what is learnt (default ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--metric",
            paramLabel = "WORD",
            defaultValue = "cosine",
            description = "Of directories: cosine, inner_product or l2 (default ${DEFAULT-VALUE}).")
    private Metric metric = Metric.COSINE;

    @Option(names = "--out", paramLabel = "DIR", description = "Of directories: write what is fitted there.")
    private @Nullable Path out;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private RemoteService service;

    @Override
    public Integer call() throws IOException {
        AlignmentOptions options = new AlignmentOptions(
                AlignmentOptions.method(method), Optional.ofNullable(space), sample, recallMin, seed);
        boolean directories = Files.isDirectory(Path.of(a)) && Files.isDirectory(Path.of(b));
        if (out != null && !directories) {
            throw new UserError("--out goes with two directories of embedding files: %s and %s".formatted(a, b));
        }
        List<AlignmentBody> fitted = directories ? ofDirectories(options) : ofReleases();
        new AlignmentPrinter(System.out).print(fitted);
        return 0;
    }

    private List<AlignmentBody> ofReleases() {
        service.checkToken("aligning");
        ProgressLine progress = ProgressLine.standard();
        try (ScorerClient client = service.connect()) {
            progress.update("aligning", 0, 0, "");
            Alignments.Fit how = new Alignments.Fit(method, space == null ? "" : space, sample, recallMin, seed);
            return client.alignments().fit(a, b, how).alignments();
        } finally {
            progress.clear();
        }
    }

    private List<AlignmentBody> ofDirectories(AlignmentOptions options) throws IOException {
        if (out != null && !Files.isDirectory(out)) {
            throw new UserError("--out must name a directory: %s".formatted(out));
        }
        List<AlignmentBody> bodies = new ArrayList<>();
        for (Alignment each : DirectoryAlignment.align(Path.of(a), Path.of(b), metric, options)) {
            if (out != null) {
                Files.write(out.resolve(AlignmentFile.name(each) + AttachedFiles.SUFFIX), AlignmentFile.toBytes(each));
            }
            bodies.add(AlignmentBodies.of(each));
        }
        return bodies;
    }
}
