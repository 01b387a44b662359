package repscorer.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import repscorer.core.store.StoreArchive;

/** {@code repscorer backup}: copies a store, also while a service runs on it. */
@Command(
        name = "backup",
        description = "Copies a store whole, checking all of it, also while a service runs on it.",
        mixinStandardHelpOptions = true)
final class BackupCommand implements Callable<Integer> {

    @Option(names = "--data", paramLabel = "DIR", description = "The data directory (default: the project's data/).")
    private @Nullable Path data;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "The backup to be; must not exist.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path out;

    @Override
    public Integer call() throws Exception {
        VerifyCommand.print(StoreArchive.backup(Home.orOwn(data, "data").resolve("store"), out));
        return 0;
    }
}
