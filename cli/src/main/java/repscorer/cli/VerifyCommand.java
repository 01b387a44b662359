package repscorer.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import repscorer.core.store.StoreArchive;

/** {@code repscorer verify}: reads a store to its last byte and names what is wrong. */
@Command(
        name = "verify",
        description =
                "Checks every file of a store, also while a service runs on it; exits 1 where something is damaged.",
        mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {

    @Option(names = "--data", paramLabel = "DIR", description = "The data directory (default: the project's data/).")
    private @Nullable Path data;

    @Override
    public Integer call() throws Exception {
        StoreArchive.Report report =
                StoreArchive.verify(Home.orOwn(data, "data").resolve("store"));
        print(report);
        return report.damaged() ? 1 : 0;
    }

    static void print(StoreArchive.Report report) {
        report.findings().forEach(finding -> System.out.println("  " + finding));
        System.out.printf(
                "%s releases, live %s, %s streamed changes, %s signals, %.1f MiB: %s%n",
                report.releases(),
                report.live().isEmpty() ? "none" : report.live(),
                report.changes(),
                report.signals(),
                report.bytes() / 1024.0 / 1024.0,
                report.damaged()
                        ? "damaged"
                        : report.findings().isEmpty() ? "whole" : "whole, but for what is named above");
    }
}
