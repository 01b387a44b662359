package repscorer.benchmarks.serving;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import repscorer.benchmarks.answers.ServiceProcess;
import repscorer.benchmarks.proof.LimitedProof;
import repscorer.benchmarks.proof.ScratchDirectory;
import repscorer.testing.fuzz.FuzzRun;

/**
 * A service answers whatever is asked of it in the ways that its documents tell: requests are made of its own OpenAPI document, whole,
 * almost whole, and changed byte by byte. A run is repeated by its seed, and one request by its number: {@code --limit seed=7 --limit
 * first=4711 --limit requests=1}.
 */
public final class FuzzProof extends LimitedProof {

    private static final Map<String, Double> LIMITS = Map.of(
            "requests", 1_000_000.0,
            "seed", 1.0,
            "first", 0.0, // number of the first request
            "workers", 4.0,
            "patience-s", 30.0, // after which a service hangs that says nothing
            "growth", 0.1);

    private static final int LOOKS = 24;
    private static final int LOOKS_MIN = 8;
    private static final int MIB = 1 << 20;
    private static final Pattern ROW = Pattern.compile("(?m)^\\| ([45][0-9 ,]+) \\|");

    public FuzzProof() {
        this(LIMITS);
    }

    private FuzzProof(Map<String, Double> limits) {
        super(limits);
    }

    @Override
    protected FuzzProof with(Map<String, Double> all) {
        return new FuzzProof(all);
    }

    @Override
    public String name() {
        return "fuzz";
    }

    @Override
    public String claim() {
        return "1,000,000 requests made of the OpenAPI document: statuses are documented, errors are problems, nothing of the inside shows, what is refused changes nothing, no growth (--limit NAME=VALUE)";
    }

    @Override
    public boolean holds(PrintStream out, long requests) throws Exception {
        return within(Map.of("requests", (double) requests)).holds(out);
    }

    @Override
    public boolean holds(PrintStream out) throws IOException, InterruptedException {
        Path root = Path.of(System.getProperty("repscorer.root", "")).toAbsolutePath();
        try (ScratchDirectory scratch = ScratchDirectory.create("repscorer-fuzz")) {
            Path log = scratch.path().resolve("log");
            try (ServiceProcess service = ServiceProcess.start(
                    root,
                    root.resolve("config"),
                    scratch.path().resolve("data"),
                    log,
                    List.of(VitalSigns.CONCURRENT))) {
                return measure(out, service, root, scratch.path(), log);
            }
        }
    }

    private boolean measure(PrintStream out, ServiceProcess service, Path root, Path scratch, Path log)
            throws IOException, InterruptedException {
        out.printf(
                Locale.ROOT,
                "seed %.0f, requests %.0f from number %.0f%n",
                limit("seed"),
                limit("requests"),
                limit("first"));
        FuzzRun run = FuzzRun.prepare(new FuzzRun.Options(
                service.address(),
                ServiceProcess.TOKEN,
                (long) limit("seed"),
                (long) limit("first"),
                (long) limit("requests"),
                (int) limit("workers"),
                (int) (1e3 * limit("patience-s")),
                documented(root),
                List.of(root.toString(), scratch.toString())));
        VitalWatch watch = VitalWatch.start(service, Math.max(2, limit("requests") / 1_000 / LOOKS));
        FuzzRun.Report report = run.run();
        List<Map<Vital, Double>> looks = watch.end();
        List<String> broken = new ArrayList<>(report.faults());
        growth(out, broken, looks);
        long logged = Files.size(log);
        out.printf(
                Locale.ROOT,
                "statuses %s%naccepted %s%nunchanged %s%nslowest: %s%nlog: %.1f MiB%n",
                report.statuses(),
                report.answered(),
                report.compared(),
                report.slowest(),
                (double) logged / MIB);
        broken.forEach(fault -> out.printf("does not hold: %s%n", fault));
        out.printf(
                Locale.ROOT,
                "%,d requests of %s operations, %,d accepted, state compared %,d times: %s%n",
                report.asked(),
                report.operations(),
                report.answered().values().stream().mapToLong(Long::longValue).sum(),
                report.compared().values().stream().mapToLong(Long::longValue).sum(),
                broken.isEmpty() ? "holds" : broken.size() + " faults");
        return broken.isEmpty();
    }

    private void growth(PrintStream out, List<String> broken, List<Map<Vital, Double>> looks) {
        if (looks.size() < LOOKS_MIN) {
            out.printf("no growth is told: %s looks at the process are too few%n", looks.size());
            return;
        }
        List<Map<Vital, Double>> second = looks.subList(looks.size() / 2, looks.size());
        for (Vital vital : List.of(Vital.HEAP, Vital.THREADS, Vital.FILES)) {
            Flat flat = Flat.of(VitalWatch.series(second, vital));
            String line = String.format(
                    Locale.ROOT,
                    "%s: %.1f in the third quarter, %.1f in the last",
                    vital.words(),
                    flat.before(),
                    flat.after());
            out.println(line);
            if (!flat.within(limit("growth"), vital.slack())) {
                broken.add("grew: " + line);
            }
        }
    }

    /** The statuses of errors that the API's page tells of. */
    private static Set<Integer> documented(Path root) throws IOException {
        Set<Integer> documented = new TreeSet<>();
        Matcher row = ROW.matcher(Files.readString(root.resolve("docs/api/README.md")));
        while (row.find()) {
            for (String status : row.group(1).split(",")) {
                documented.add(Integer.parseInt(status.strip()));
            }
        }
        return documented;
    }
}
