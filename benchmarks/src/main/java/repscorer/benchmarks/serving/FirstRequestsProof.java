package repscorer.benchmarks.serving;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
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
 * A service that says that it is ready answers its first requests not much slower than later ones, and did not compute for long before
 * it was. One caller asks one request after another, so that what is timed is the service, not a queue.
 */
public final class FirstRequestsProof extends LimitedProof {

    /** What is held to where nothing else is said. */
    private static final Map<String, Double> LIMITS =
            Map.of("cpu-s", 5.0, "ratio", 3.0, "first", 100.0, "starts", 5.0, "warm-up-s", 20.0);

    private static final int OK = 200;
    private static final int CALLERS = 4;
    private static final int STEADY = 2_000;
    private static final int PATIENCE_MILLIS = 10_000;
    private static final int USERS = 3_900; // the last of the demo follows nobody and has no vector

    public FirstRequestsProof() {
        this(LIMITS);
    }

    private FirstRequestsProof(Map<String, Double> limits) {
        super(limits);
    }

    @Override
    protected FirstRequestsProof with(Map<String, Double> all) {
        return new FirstRequestsProof(all);
    }

    @Override
    public String name() {
        return "first-requests";
    }

    @Override
    public String claim() {
        return "ready after <= 5 s of CPU; p99 of the first hundred requests <= 3x of later ones (--limit NAME=VALUE; minutes)";
    }

    /** One start. */
    private record Start(double cpuSeconds, double firstMillis, double steadyMillis) {

        double ratio() {
            return firstMillis / steadyMillis;
        }
    }

    @Override
    public boolean holds(PrintStream out) throws IOException, InterruptedException {
        Path root = Path.of(System.getProperty("repscorer.root", "")).toAbsolutePath();
        Start[] starts = new Start[Math.max(1, (int) limit("starts"))];
        try (ScratchDirectory scratch = ScratchDirectory.create("repscorer-first")) {
            Path data = StoreCopy.of(
                    DemoService.store(root, root.resolve("build/overload")),
                    scratch.path().resolve("data"));
            for (int i = 0; i < starts.length; i++) {
                starts[i] = start(root, data, scratch.path().resolve("log"));
                out.printf(
                        Locale.ROOT,
                        "ready after %.2f s of CPU, p99 of the first %.0f requests %.2f ms, of later ones %.2f ms (%.1fx)%n",
                        starts[i].cpuSeconds(),
                        limit("first"),
                        starts[i].firstMillis(),
                        starts[i].steadyMillis(),
                        starts[i].ratio());
            }
        }
        double cpu =
                Flat.median(Arrays.stream(starts).mapToDouble(Start::cpuSeconds).toArray());
        double ratio =
                Flat.median(Arrays.stream(starts).mapToDouble(Start::ratio).toArray());
        out.printf(
                Locale.ROOT,
                "medians of %s starts: ready after %.2f s of CPU (at most %.1f), first requests at %.2fx (at most %.1fx)%n",
                starts.length,
                cpu,
                limit("cpu-s"),
                ratio,
                limit("ratio"));
        return cpu <= limit("cpu-s") && ratio <= limit("ratio");
    }

    private Start start(Path root, Path data, Path log) throws IOException, InterruptedException {
        try (ServiceProcess service = ServiceProcess.start(root, root.resolve("config"), data, log)) {
            double cpuSeconds = service.cpuMillis() / 1e3;
            try (Callers callers = new Callers(service.address(), PATIENCE_MILLIS, "")) {
                OpenLoop.Call call = number -> callers.post("/v1/candidates", body(number));
                double first = p99Millis((int) limit("first"), call);
                OpenLoop.closed(CALLERS, limit("warm-up-s"), call);
                return new Start(cpuSeconds, first, p99Millis(STEADY, call));
            }
        }
    }

    /** What 99 % of some requests, one after another, took at most. */
    private static double p99Millis(int count, OpenLoop.Call call) throws IOException {
        long[] nanos = new long[Math.max(1, count)];
        for (int i = 0; i < nanos.length; i++) {
            long begun = System.nanoTime();
            int status = call.make(i);
            nanos[i] = System.nanoTime() - begun;
            if (status != OK) {
                throw new IOException("request %s was answered %s".formatted(i + 1, status));
            }
        }
        Arrays.sort(nanos);
        return nanos[(int) Math.ceil(.99 * nanos.length) - 1] / 1e6;
    }

    private static String body(int number) {
        String surface = number % 2 == 0 ? "follow" : "tweet";
        return "{\"surface\":\"%s\",\"source\":{\"id\":\"user:%s\"},\"k\":50}"
                .formatted(surface, 1 + (number * 31L) % USERS);
    }
}
