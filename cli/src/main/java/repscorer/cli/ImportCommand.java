package repscorer.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import repscorer.api.config.ServiceConfig;
import repscorer.cli.console.ProgressLine;
import repscorer.cli.console.UserError;
import repscorer.core.embedding.ZeroVectors;
import repscorer.core.entity.EntityKind;
import repscorer.imports.ImportColumns;
import repscorer.imports.ImportFormat;
import repscorer.imports.ImportInput;
import repscorer.imports.ImportTarget;
import repscorer.imports.Importer;

/** {@code repscorer import}: rows of another tool's file into an embedding file, ready to publish. */
@Command(
        name = "import",
        description =
                "Turns a file of vectors (.parquet, .jsonl, .csv, .tsv, .npy, .fvecs, .ivecs, .bvecs; gz too) into an embedding file.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Dense rows:   {\"id\":\"user:1\",\"vector\":[0.1,0.2]}   or   user:1,0.1,0.2",
            "              Parquet: id, vector (a list of floats or doubles)",
            "Sparse rows:  {\"id\":\"user:1\",\"entries\":{\"cluster:3\":0.5}}   or   user:1,cluster:3,0.5",
            "              Parquet: id, entries (a map), or id, columns, weights (lists)",
            "A first line of .csv or .tsv that names columns is told from one that is a row, and other names than id and",
            "vector are guessed; the answer says how. --id and --vector say it.",
            "An id that is a whole number is of the space's kind, and so is a text without a colon where --kind is given;",
            "every other one is written kind:value."
        })
final class ImportCommand implements Callable<Integer> {

    @Option(
            names = "--in",
            required = true,
            paramLabel = "FILE",
            description = "The file or pipe to read; - is the standard input.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path in;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where SPACE.emb is written.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path out;

    @Option(names = "--space", required = true, description = "The space's name, such as twhin-user.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String space;

    @Option(
            names = "--config",
            paramLabel = "DIR",
            description = "Take all else from the space's declaration there, and hold the rows to it.")
    private @Nullable Path config;

    @Option(names = "--model", description = "What made the vectors, such as twhin; without --config.")
    private @Nullable String model;

    @Option(
            names = "--kind",
            description = "The kind of the ids, such as user. Ids without a colon, such as names and UUIDs, are of it.")
    private @Nullable String kind;

    @Option(names = "--sparse", description = "Rows are sparse. Without it they are dense, or as --config says.")
    private boolean sparse;

    @Option(names = "--format", description = "${COMPLETION-CANDIDATES}; told by the file's name where absent.")
    private @Nullable ImportFormat format;

    @Option(
            names = "--id",
            paramLabel = "COLUMN",
            description = "The column of ids, or the key in JSON; guessed where none is called id.")
    private @Nullable String idColumn;

    @Option(
            names = "--vector",
            paramLabel = "COLUMN",
            arity = "1..*",
            description =
                    "The column of lists, or those of single numbers in their order; guessed where none is called vector.")
    private List<String> vectorColumns = List.of();

    @Option(names = "--ids", paramLabel = "FILE", description = "One id a line, for .npy, .fvecs, .ivecs and .bvecs.")
    private @Nullable Path ids;

    @Option(
            names = "--training",
            paramLabel = "NAME",
            description = "What the rows were learnt by: files of one model in a release name the same, or none does.")
    private @Nullable String training;

    @Option(
            names = "--zero-vectors",
            description = "${COMPLETION-CANDIDATES}: what becomes of them, in place of what the space says.")
    private @Nullable ZeroVectors zeroVectors;

    @Option(
            names = "--bad-rows-max",
            defaultValue = "0",
            paramLabel = "N",
            description = "Leave out up to N bad rows; with more nothing is written (default ${DEFAULT-VALUE}).")
    private long badRowsMax;

    @Option(
            names = "--bad-rows-named",
            defaultValue = "10",
            paramLabel = "N",
            description = "Name up to N bad rows, with their rule (default ${DEFAULT-VALUE}).")
    private int badRowsNamed;

    @Override
    public Integer call() throws Exception {
        boolean standard = in.toString().equals("-");
        if (!standard) {
            requireReadable();
        }
        ImportTarget target = zeroVectors == null ? target() : target().withZeroVectors(zeroVectors);
        target = training == null ? target : target.withTraining(training);
        Importer importer = new Importer(
                target,
                format(standard),
                new ImportColumns(Optional.ofNullable(idColumn), vectorColumns),
                badRowsMax,
                badRowsNamed);
        ProgressLine progress = ProgressLine.error();
        Importer.Result result;
        Optional<Path> idsFile = Optional.ofNullable(ids);
        try (ImportInput input = standard ? ImportInput.standard(idsFile) : ImportInput.of(in, idsFile)) {
            Files.createDirectories(out);
            result = importer.run(
                    input,
                    out,
                    rows -> progress.update(
                            "reading " + in.getFileName(), rows, 0, String.format(Locale.ROOT, "%,d rows", rows)));
        } finally {
            progress.clear();
        }
        result.columns().ifPresent(columns -> System.out.println("columns: " + columns));
        result.named().forEach(bad -> System.out.println("left out " + bad));
        System.out.printf(
                "%s rows in %s, %s bad rows left out%s%n",
                result.rows(),
                result.file(),
                result.badRows(),
                result.zeroVectors() == 0 ? "" : ", %s zero vectors dropped".formatted(result.zeroVectors()));
        return 0;
    }

    /** A file or a pipe. */
    private void requireReadable() {
        if (Files.isDirectory(in)) {
            throw new UserError("--in: a directory, not a file: %s; import its files one by one".formatted(in));
        }
        if (!Files.exists(in)) {
            throw new UserError("--in: no such file: %s".formatted(in));
        }
    }

    private ImportFormat format(boolean standard) {
        if (format == null && standard) {
            throw new UserError("--format is needed, for the standard input has no name that tells it");
        }
        if (format == null) {
            return ImportFormat.ofName(String.valueOf(in.getFileName()));
        }
        return format;
    }

    private ImportTarget target() {
        if (config == null) {
            if (model == null || kind == null) {
                throw new UserError("--model and --kind are needed, or --config, which declares the space");
            }
            EntityKind said = new EntityKind(kind);
            return ImportTarget.undeclared(space, model, said, !sparse).withPlainIds(said);
        }
        if (model != null || sparse) {
            throw new UserError("--config tells model and form: leave --model and --sparse out");
        }
        Home.requireDirectory("--config", config);
        return ServiceConfig.load(config, Map.of(), Map.of()).spaces().stream()
                .filter(declared -> declared.name().equals(space))
                .findFirst()
                .map(declared -> {
                    ImportTarget target = ImportTarget.of(declared);
                    return kind == null ? target : target.withPlainIds(new EntityKind(kind));
                })
                .orElseThrow(() -> new UserError("%s declares no space '%s'".formatted(config, space)));
    }
}
