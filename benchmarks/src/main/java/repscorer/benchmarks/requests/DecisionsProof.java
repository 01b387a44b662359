package repscorer.benchmarks.requests;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import repscorer.benchmarks.answers.ServiceProcess;
import repscorer.benchmarks.overload.Callers;
import repscorer.benchmarks.overload.DemoService;
import repscorer.benchmarks.overload.OpenLoop;
import repscorer.benchmarks.proof.LimitedProof;
import repscorer.benchmarks.proof.ScratchDirectory;
import repscorer.benchmarks.proof.StoreCopy;

/**
 * Keeping decisions costs a request a few hundredths of its CPU: two services of the demo's release are asked in turn, of which one keeps
 * every decision. Costs are CPU time of a service's process, the thread that writes, its collector and compiler included.
 */
public final class DecisionsProof extends LimitedProof {

    private static final int PATIENCE_MILLIS = 10_000;
    private static final int K = 20;

    private static final Map<String, Double> LIMITS = Map.of(
            "cost-percent", 5.0, // the median of rounds
            "rounds", 9.0,
            "seconds", 12.0, // of each round and service
            "callers", 4.0,
            "warm-up-s", 40.0);

    public DecisionsProof() {
        this(LIMITS);
    }

    private DecisionsProof(Map<String, Double> limits) {
        super(limits);
    }

    @Override
    protected DecisionsProof with(Map<String, Double> all) {
        return new DecisionsProof(all);
    }

    @Override
    public String name() {
        return "decisions";
    }

    @Override
    public String claim() {
        return "keeping every decision costs a request at most 5 % of its CPU, log off and on in turn (--limit NAME=VALUE; 6 minutes)";
    }

    @Override
    public boolean holds(PrintStream out) throws IOException, InterruptedException {
        Path root = Path.of(System.getProperty("repscorer.root", "")).toAbsolutePath();
        Path store = DemoService.store(root, root.resolve("build/overload"));
        try (ScratchDirectory scratch = ScratchDirectory.create("repscorer-decisions")) {
            Path keeping = StoreCopy.of(root.resolve("config"), scratch.path().resolve("config"));
            Path settings = keeping.resolve("scorer.yaml");
            Files.writeString(settings, Files.readString(settings).replaceFirst("(?m)^  log: \"\" ", "  log: kept # "));
            Path off = StoreCopy.of(store, scratch.path().resolve("off"));
            Path on = StoreCopy.of(store, scratch.path().resolve("on"));
            RequestBodies bodies = new RequestBodies(
                    RequestsOptions.follow(
                            root.resolve("config"), K, (int) limit("callers"), limit("seconds"), (int) limit("rounds")),
                    off);
            try (ServiceProcess without = ServiceProcess.start(
                            root, root.resolve("config"), off, scratch.path().resolve("off.log"));
                    ServiceProcess with = ServiceProcess.start(
                            root, keeping, on, scratch.path().resolve("on.log"));
                    Callers asks = new Callers(without.address(), PATIENCE_MILLIS, "");
                    Callers asksKept = new Callers(with.address(), PATIENCE_MILLIS, "")) {
                OpenLoop.Call plain = number -> asks.post("/v1/candidates", body(bodies, number));
                OpenLoop.Call kept = number -> asksKept.post("/v1/candidates", body(bodies, number));
                OpenLoop.closed((int) limit("callers"), limit("warm-up-s"), plain);
                OpenLoop.closed((int) limit("callers"), limit("warm-up-s"), kept);
                return measure(without, plain, with, kept, on.resolve("kept"), out);
            }
        }
    }

    private static String body(RequestBodies bodies, int number) {
        String body = bodies.plain(number);
        return "%s,\"unit\":\"user:%s\"}".formatted(body.substring(0, body.length() - 1), number % 5_000);
    }

    private boolean measure(
            ServiceProcess without,
            OpenLoop.Call plain,
            ServiceProcess with,
            OpenLoop.Call kept,
            Path log,
            PrintStream out)
            throws IOException, InterruptedException {
        int callers = (int) limit("callers");
        List<Double> costs = new ArrayList<>();
        List<Double> offs = new ArrayList<>();
        List<Double> ons = new ArrayList<>();
        for (int round = 1; round <= limit("rounds"); round++) {
            boolean offFirst = round % 2 == 1; // neither is always the one that finds the machine cold
            Round first = Round.of(offFirst ? without : with, callers, limit("seconds"), offFirst ? plain : kept);
            Round second = Round.of(offFirst ? with : without, callers, limit("seconds"), offFirst ? kept : plain);
            Round off = offFirst ? first : second;
            Round on = offFirst ? second : first;
            out.println(off.line("log off"));
            out.println(on.line("log on"));
            offs.add(off.perCpuSecond());
            ons.add(on.perCpuSecond());
            costs.add(100 * (on.cpuMillisEach() / off.cpuMillisEach() - 1));
        }
        try (var files = Files.list(log)) {
            long bytes = files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
            out.printf(Locale.ROOT, "%.1f MiB of decisions on the disk%n", bytes / 1048576.0);
            if (bytes == 0) {
                out.println("decisions: nothing was kept");
                return false;
            }
        }
        double cost = RequestsBench.median(costs);
        out.printf(
                Locale.ROOT,
                "medians: %.0f requests a CPU second with the log off, %.0f with it on; keeping costs %.1f %% (at most %.1f %%)%n",
                RequestsBench.median(offs),
                RequestsBench.median(ons),
                cost,
                limit("cost-percent"));
        return cost <= limit("cost-percent");
    }
}
