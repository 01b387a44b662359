package repscorer.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import repscorer.core.store.StoreArchive;

/** {@code repscorer restore}: makes a data directory's store from a backup, before a service starts on it. */
@Command(
        name = "restore",
        description = "Checks a backup and makes the store of a data directory from it; no service may run on it.",
        mixinStandardHelpOptions = true)
final class RestoreCommand implements Callable<Integer> {

    @Option(names = "--from", required = true, paramLabel = "DIR", description = "The backup.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path from;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The data directory; may hold no store yet (default: the project's data/).")
    private @Nullable Path data;

    @Override
    public Integer call() throws Exception {
        Path home = Home.orOwn(data, "data");
        Files.createDirectories(home);
        VerifyCommand.print(StoreArchive.restore(from, home.resolve("store")));
        return 0;
    }
}
