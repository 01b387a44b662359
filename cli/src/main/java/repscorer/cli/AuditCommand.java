package repscorer.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import repscorer.api.audit.AuditEntry;
import repscorer.api.audit.AuditLog;
import repscorer.cli.console.UserError;

/** {@code repscorer audit}: who changed what, and whether the log of it is whole. */
@Command(
        name = "audit",
        description = "Reads and checks the log of what was done to a service, also while it runs.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class AuditCommand {

    private static final Pattern NOTED = Pattern.compile("(\\d{1,18}):([0-9a-f]{64})");

    @Command(
            name = "list",
            description = "Tells who did what, from where, and what changed by it.",
            mixinStandardHelpOptions = true)
    int list(
            @Option(names = "--data", paramLabel = "DIR", description = "Default: the project's data/.") @Nullable
                    Path data)
            throws IOException {
        return told(log(data).read(AuditCommand::print));
    }

    @Command(
            name = "verify",
            description = "Checks that no line was changed, taken out, put in or moved; exits 1 where one was.",
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "What it prints is to be noted elsewhere: with --expect it is seen, too, that later lines were cut off."
            })
    int verify(
            @Option(names = "--data", paramLabel = "DIR", description = "Default: the project's data/.") @Nullable
                    Path data,
            @Option(
                            names = "--expect",
                            paramLabel = "N:HASH",
                            description = "An entry that was there, as an earlier verify told it.")
                    @Nullable
                    String expect)
            throws IOException {
        Optional<Matcher> noted = Optional.ofNullable(expect).map(NOTED::matcher);
        if (noted.isPresent() && !noted.get().matches()) {
            throw new UserError("--expect is the number of an entry and its hash, N:HASH: '%s'".formatted(expect));
        }
        boolean[] found = {noted.isEmpty()};
        AuditLog.Report report = log(data)
                .read(entry -> noted.ifPresent(each -> found[0] |= Long.parseLong(each.group(1)) == entry.sequence()
                        && each.group(2).equals(entry.hash())));
        int exit = told(report);
        if (!found[0]) {
            System.out.println("entry " + expect + " is not there: lines were cut off, or the log is another one");
            return 1;
        }
        return exit;
    }

    private static AuditLog log(@Nullable Path data) {
        Path directory = Home.orOwn(data, "data");
        Home.requireDirectory("--data", directory);
        return AuditLog.of(directory);
    }

    private static void print(AuditEntry entry) {
        System.out.printf(
                "%s  %s  %s from %s  %s%s%n",
                entry.sequence(),
                entry.at(),
                entry.who(),
                entry.from(),
                entry.what(),
                entry.status() == 0 ? "" : "  " + entry.status());
        TreeSet<String> names = new TreeSet<>(entry.before().keySet());
        names.addAll(entry.after().keySet());
        for (String name : names) {
            System.out.printf(
                    "    %s: %s -> %s%n",
                    name,
                    entry.before().getOrDefault(name, "none"),
                    entry.after().getOrDefault(name, "none"));
        }
    }

    private static int told(AuditLog.Report report) {
        report.broken().ifPresent(System.out::println);
        System.out.printf("%s entries, the last is %s:%s%n", report.entries(), report.entries(), report.hash());
        return report.broken().isPresent() ? 1 : 0;
    }
}
