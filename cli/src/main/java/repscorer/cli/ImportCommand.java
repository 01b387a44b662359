package repscorer.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import repscorer.cli.console.ProgressLine;
import repscorer.cli.console.UserError;
import repscorer.cli.imports.ImportFormat;
import repscorer.cli.imports.Importer;
import repscorer.core.entity.EntityKind;

/** {@code repscorer import}: rows of another tool's file into an embedding file, ready to publish. */
@Command(
        name = "import",
        description = "Turns a file of vectors (.jsonl, .tsv, .npy, .fvecs; gz too for text) into an embedding file.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Dense rows:   {\"id\":\"user:1\",\"vector\":[0.1,0.2]}   or   user:1<TAB>0.1<TAB>0.2",
            "Sparse rows:  {\"id\":\"user:1\",\"entries\":{\"cluster:3\":0.5}}   or   user:1<TAB>cluster:3<TAB>0.5"
        })
final class ImportCommand implements Callable<Integer> {

    @Option(names = "--in", required = true, paramLabel = "FILE", description = "The file to read.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path in;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where SPACE.emb is written.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path out;

    @Option(names = "--space", required = true, description = "The space's name, such as twhin-user.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String space;

    @Option(names = "--model", required = true, description = "What made the vectors, such as twhin.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String model;

    @Option(names = "--kind", required = true, description = "The kind of the ids, such as user.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String kind;

    @Option(names = "--sparse", description = "Rows are sparse. Without it they are dense.")
    private boolean sparse;

    @Option(names = "--format", description = "${COMPLETION-CANDIDATES}; told by the file's name where absent.")
    private @Nullable ImportFormat format;

    @Option(names = "--ids", paramLabel = "FILE", description = "One id a line, for .npy and .fvecs.")
    private @Nullable Path ids;

    @Option(
            names = "--bad-rows-max",
            defaultValue = "0",
            paramLabel = "N",
            description = "Leave out up to N bad rows instead of stopping at the first (default ${DEFAULT-VALUE}).")
    private long badRowsMax;

    @Override
    public Integer call() throws Exception {
        if (!Files.isRegularFile(in)) {
            throw new UserError("no such file: " + in);
        }
        Importer importer = new Importer(
                space,
                model,
                new EntityKind(kind),
                !sparse,
                format == null ? ImportFormat.of(in) : format,
                in,
                Optional.ofNullable(ids),
                badRowsMax);
        ProgressLine progress = ProgressLine.standard();
        Importer.Result result =
                importer.run(out, rows -> progress.update("reading " + in.getFileName(), rows, 0, rows + " rows"));
        progress.clear();
        result.firstBadRows().forEach(bad -> System.out.println("left out " + bad));
        System.out.printf("%d rows in %s, %d bad rows left out%n", result.rows(), result.file(), result.badRows());
        return 0;
    }
}
