package repscorer.benchmarks.requests;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import repscorer.api.security.AccessKeys;
import repscorer.api.security.Role;
import repscorer.benchmarks.answers.ServiceProcess;
import repscorer.benchmarks.overload.Callers;
import repscorer.benchmarks.overload.DemoService;
import repscorer.benchmarks.overload.OpenLoop;
import repscorer.benchmarks.proof.LimitedProof;
import repscorer.benchmarks.proof.ScratchDirectory;
import repscorer.benchmarks.proof.StoreCopy;

/**
 * Showing a tenant's key costs a request a few hundredths of its CPU: one service of the demo's release is asked in turn without a key,
 * as reads are open, and with one whose tenant, bounds and quota are looked at. Costs are CPU time of the service's process.
 */
public final class TenantsProof extends LimitedProof {

    private static final int PATIENCE_MILLIS = 10_000;
    private static final int K = 20;

    private static final Map<String, Double> LIMITS = Map.of(
            "cost-percent", 3.0, // the median of rounds
            "rounds", 61.0,
            "seconds", 2.0, // of each round: what else the machine does changes within longer ones
            "callers", 4.0,
            "warm-up-s", 20.0);

    public TenantsProof() {
        this(LIMITS);
    }

    private TenantsProof(Map<String, Double> limits) {
        super(limits);
    }

    @Override
    protected TenantsProof with(Map<String, Double> all) {
        return new TenantsProof(all);
    }

    @Override
    public String name() {
        return "tenants";
    }

    @Override
    public String claim() {
        return "a tenant's key and quota cost a request at most 3 % of its CPU, with and without in turn (--limit NAME=VALUE; 6 minutes)";
    }

    @Override
    public boolean holds(PrintStream out) throws IOException, InterruptedException {
        Path root = Path.of(System.getProperty("repscorer.root", "")).toAbsolutePath();
        Path store = DemoService.store(root, root.resolve("build/overload"));
        try (ScratchDirectory scratch = ScratchDirectory.create("repscorer-tenants")) {
            Path config = StoreCopy.of(root.resolve("config"), scratch.path().resolve("config"));
            Files.writeString(config.resolve("tenants.yaml"), """
                    tenants:
                      acme:
                        surfaces: [follow]
                        spaces: [twhin-user]
                        quota: {requests-per-second: 1000000, k-max: 100, ef-max: 1000}
                    """);
            Path data = StoreCopy.of(store, scratch.path().resolve("data"));
            String key = AccessKeys.open(data).add("acme", Set.of(Role.READ), Optional.empty(), Optional.of("acme"));
            RequestBodies bodies = new RequestBodies(
                    RequestsOptions.follow(
                            root.resolve("config"), K, (int) limit("callers"), limit("seconds"), (int) limit("rounds")),
                    data);
            try (ServiceProcess service = ServiceProcess.start(
                            root, config, data, scratch.path().resolve("log"));
                    Callers open = new Callers(service.address(), PATIENCE_MILLIS, "");
                    Callers shows = new Callers(
                            service.address(), PATIENCE_MILLIS, "Authorization: Bearer %s\r\n".formatted(key))) {
                OpenLoop.Call without = number -> open.post("/v1/candidates", bodies.plain(number));
                OpenLoop.Call with = number -> shows.post("/v1/candidates", bodies.plain(number));
                OpenLoop.closed((int) limit("callers"), limit("warm-up-s"), without);
                OpenLoop.closed((int) limit("callers"), limit("warm-up-s"), with);
                return measure(service, without, with, out);
            }
        }
    }

    private boolean measure(ServiceProcess service, OpenLoop.Call without, OpenLoop.Call with, PrintStream out)
            throws IOException, InterruptedException {
        int callers = (int) limit("callers");
        List<Double> costs = new ArrayList<>();
        for (int round = 1; round <= limit("rounds"); round++) {
            boolean openFirst = round % 2 == 1; // neither is always the one that finds the machine cold
            Round first = Round.of(service, callers, limit("seconds"), openFirst ? without : with);
            Round second = Round.of(service, callers, limit("seconds"), openFirst ? with : without);
            Round open = openFirst ? first : second;
            Round shown = openFirst ? second : first;
            out.println(open.line("no key"));
            out.println(shown.line("a tenant's key"));
            costs.add(100 * (shown.cpuMillisEach() / open.cpuMillisEach() - 1));
        }
        double cost = RequestsBench.median(costs);
        out.printf(
                Locale.ROOT,
                "median: a tenant's key costs %.1f %% of a request (at most %.1f %%)%n",
                cost,
                limit("cost-percent"));
        return cost <= limit("cost-percent");
    }
}
