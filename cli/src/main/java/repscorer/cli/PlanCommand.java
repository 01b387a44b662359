package repscorer.cli;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import repscorer.api.config.ServiceConfig;
import repscorer.cli.console.ProgressLine;
import repscorer.cli.console.UserError;
import repscorer.cli.sizing.BuildTime;
import repscorer.cli.sizing.SizePrinter;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.Space;
import repscorer.core.embedding.SparseSpace;
import repscorer.core.embedding.TextSpace;
import repscorer.core.sizing.ReleaseSize;
import repscorer.core.sizing.SpaceSize;
import repscorer.core.sizing.SpaceSize.Counts;

/** {@code repscorer plan}: disk, memory and build time of a configuration's spaces at some size. */
@Command(
        name = "plan",
        description = "Tells what the spaces of a configuration will take at some size: disk, memory, time to build.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example: repscorer plan --rows twhin-user=100m --rows simclusters-interest=80m --entries simclusters-interest=20",
            "Numbers may end in k, m or b. Build times are of processors as this machine's: some rows are built to tell."
        })
final class PlanCommand implements Callable<Integer> {

    /** Of a tweet, on average. */
    private static final double TEXT_BYTES_DEFAULT = 80;

    private static final Pattern NUMBER = Pattern.compile("(\\d{1,15}(?:\\.\\d{1,9})?)([kmb]?)");

    @Option(names = "--config", paramLabel = "DIR", description = "Configuration (default: the project's config/).")
    private @Nullable Path config;

    @Option(
            names = "--rows",
            paramLabel = "SPACE=N",
            required = true,
            description = "How many rows a space has; spaces without are left out. May be repeated.")
    private Map<String, String> rows = new LinkedHashMap<>();

    @Option(
            names = "--entries",
            paramLabel = "SPACE=N",
            description = "Entries of a row of a sparse space on average (default: the most that it may have).")
    private Map<String, String> entries = new LinkedHashMap<>();

    @Option(
            names = "--columns",
            paramLabel = "SPACE=N",
            description =
                    "Columns of a sparse space, such as its clusters (default: 100k, or its rows where they are fewer).")
    private Map<String, String> columns = new LinkedHashMap<>();

    @Option(names = "--changes", paramLabel = "SPACE=N", description = "Changes a second that are streamed to a space.")
    private Map<String, String> changes = new LinkedHashMap<>();

    @Option(
            names = "--id-bytes",
            paramLabel = "N",
            defaultValue = "24",
            description = "Of an id such as user:1234567890123456789, kind included (default: ${DEFAULT-VALUE}).")
    private double idBytes;

    @Option(names = "--no-time", description = "Build nothing to tell how long builds take.")
    private boolean noTime;

    @Override
    public Integer call() throws InterruptedException {
        ServiceConfig service = ServiceConfig.load(Home.orOwn(config, "config"), System.getenv(), Map.of());
        Map<String, Space> spaces = new TreeMap<>();
        service.spaces().forEach(space -> spaces.put(space.name(), space));
        for (Map<String, String> option : List.of(rows, entries, columns, changes)) {
            option.keySet().forEach(name -> checkSpace(name, spaces));
        }
        List<SpaceSize> sizes = new ArrayList<>();
        spaces.forEach((name, space) -> {
            String count = rows.get(name);
            if (count != null) {
                sizes.add(size(space, count));
            }
        });
        ReleaseSize release = ReleaseSize.of(sizes);
        SizePrinter printer = new SizePrinter(System.out, service.settings().store());
        printer.print(release, noTime ? Map.of() : buildTimes(sizes));
        changes.forEach((space, each) -> sizes.stream()
                .filter(size -> size.space().name().equals(space))
                .forEach(size -> printer.changes(size, number("--changes", space, each))));
        List<String> left =
                spaces.keySet().stream().filter(name -> !rows.containsKey(name)).toList();
        if (!left.isEmpty()) {
            System.out.println("left out, for want of --rows: " + String.join(", ", left));
        }
        return 0;
    }

    private void checkSpace(String name, Map<String, Space> spaces) {
        if (!spaces.containsKey(name)) {
            throw new UserError("no space is called '%s'; there are %s".formatted(name, spaces.keySet()));
        }
        if (!rows.containsKey(name)) {
            throw new UserError("--rows is missing for space %s".formatted(name));
        }
    }

    private SpaceSize size(Space space, String given) {
        String name = space.name();
        long count = (long) number("--rows", name, given);
        double each = switch (space) {
            case DenseSpace dense -> 0;
            case SparseSpace sparse -> number("--entries", name, entries, sparse.entriesMax());
            case TextSpace text -> number("--entries", name, entries, TEXT_BYTES_DEFAULT);
        };
        double wide = space instanceof SparseSpace ? number("--columns", name, columns, Math.min(count, 100_000)) : 0;
        try {
            return SpaceSize.of(space, new Counts(count, each, (long) wide, idBytes));
        } catch (IllegalArgumentException e) {
            throw new UserError("%s (space %s)".formatted(e.getMessage(), name));
        }
    }

    private static Map<String, BuildTime> buildTimes(List<SpaceSize> sizes) throws InterruptedException {
        Map<String, BuildTime> times = new TreeMap<>();
        ProgressLine progress = ProgressLine.error();
        for (SpaceSize size : sizes) {
            if (size.space() instanceof DenseSpace dense && dense.engine().equals("hnsw")) {
                times.put(
                        dense.name(),
                        BuildTime.measure(
                                dense,
                                size.counts().rows(),
                                (done, total) ->
                                        progress.update("building some rows of " + dense.name(), done, total, "")));
            }
        }
        progress.clear();
        return times;
    }

    private static double number(String option, String space, Map<String, String> given, double otherwise) {
        String text = given.get(space);
        return text == null ? otherwise : number(option, space, text);
    }

    private static double number(String option, String space, String text) {
        Matcher number = NUMBER.matcher(text.toLowerCase(Locale.ROOT));
        if (!number.matches()) {
            throw new UserError("%s %s is a number such as 2500, 80m or 1.5b: '%s'".formatted(option, space, text));
        }
        int zeros = switch (number.group(2)) {
            case "k" -> 3;
            case "m" -> 6;
            case "b" -> 9;
            default -> 0;
        };
        return new BigDecimal(number.group(1)).scaleByPowerOfTen(zeros).doubleValue();
    }
}
