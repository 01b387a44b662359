package repscorer.benchmarks.requests;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import repscorer.benchmarks.answers.ServiceProcess;
import repscorer.benchmarks.overload.Callers;
import repscorer.benchmarks.overload.DemoService;
import repscorer.benchmarks.overload.OpenLoop;
import repscorer.benchmarks.overload.OpenLoop.Outcome;
import repscorer.benchmarks.peers.PeerBench;
import repscorer.benchmarks.proof.ScratchDirectory;
import repscorer.cli.console.UserError;

/**
 * {@code bench requests}: {@code bin/repscorer serve} of this build on loopback, asked by callers of this process. What a request
 * costs is CPU time of the server's process alone, its collector and compiler included.
 */
public final class RequestsBench {

    private static final int PATIENCE_MILLIS = 10_000;
    private static final long SEED = 7;
    private static final double WARM_UP_SECONDS = 20;

    private static final String OPENSEARCH = "opensearch";

    /** What can be measured in one run; ours always is. */
    private static final List<String> ENGINES = List.of("ours", OPENSEARCH);

    private final RequestsOptions options;

    public RequestsBench(RequestsOptions options) {
        if (options.excluded() < 0) {
            throw new UserError("--exclude must be 0 or more: " + options.excluded());
        }
        if (options.excluded() > 0 && options.scores() > 0) {
            throw new UserError("--exclude goes with candidates, not with --scores");
        }
        if (!ENGINES.containsAll(options.engines())) {
            throw new UserError("--engines are %s: %s".formatted(ENGINES, options.engines()));
        }
        if (peers(options) && (options.excluded() > 0 || options.scores() > 0 || options.explain())) {
            throw new UserError("with opensearch the job is given: no --exclude, --scores or --explain");
        }
        this.options = options;
    }

    public void run(Path root, PrintStream out) throws IOException, InterruptedException {
        try (ScratchDirectory scratch = ScratchDirectory.create("repscorer-requests")) {
            Path data = options.data().isPresent()
                    ? options.data().get()
                    : DemoService.store(root, root.resolve("build/overload"));
            if (peers(options)) {
                new PeerBench(options.k(), options.connections(), options.seconds(), options.rounds())
                        .run(root, options.config(), data, scratch.path(), out);
                return;
            }
            Path recording = scratch.path().resolve("requests.jfr");
            List<String> jvm = options.profile()
                    ? List.of("-XX:StartFlightRecording=settings=profile,filename=" + recording)
                    : List.of();
            RequestBodies bodies = new RequestBodies(options, data);
            try (ServiceProcess service = ServiceProcess.start(
                            root, options.config(), data, scratch.path().resolve("log"), jvm);
                    Callers callers = new Callers(service.address(), PATIENCE_MILLIS, "")) {
                String path = options.scores() > 0 ? "/v1/scores" : "/v1/candidates";
                OpenLoop.Call plain = number -> callers.post(path, bodies.plain(number));
                OpenLoop.closed(options.connections(), WARM_UP_SECONDS, plain);
                if (options.excluded() > 0) {
                    exclusions(service, plain, number -> callers.post(path, bodies.excluding(number)), out);
                } else {
                    measure(service, plain, out);
                }
            }
            if (options.profile()) {
                HotFrames.lines(recording).forEach(out::println);
            }
        }
    }

    private static boolean peers(RequestsOptions options) {
        return options.engines().contains(OPENSEARCH);
    }

    private void measure(ServiceProcess service, OpenLoop.Call call, PrintStream out)
            throws IOException, InterruptedException {
        List<Double> perCpuSecond = new ArrayList<>();
        for (int round = 1; round <= options.rounds(); round++) {
            Round measured = Round.of(service, options.connections(), options.seconds(), call);
            perCpuSecond.add(measured.perCpuSecond());
            out.println(measured.line("closed"));
        }
        if (options.rate() > 0) {
            Outcome outcome = OpenLoop.run(options.rate(), options.seconds(), SEED, call);
            out.printf(
                    Locale.ROOT,
                    "open, %.0f a second: p50 %.2f ms, p99 %.2f ms, %s failed%n",
                    options.rate(),
                    outcome.millis(Round.OK, .5),
                    outcome.millis(Round.OK, .99),
                    outcome.calls() - outcome.count(Round.OK));
        }
        out.printf(Locale.ROOT, "median: %.0f requests a CPU second%n", median(perCpuSecond));
    }

    /** Rounds with and without exclusions in turn. */
    private void exclusions(ServiceProcess service, OpenLoop.Call plain, OpenLoop.Call excluding, PrintStream out)
            throws IOException, InterruptedException {
        OpenLoop.closed(options.connections(), WARM_UP_SECONDS, excluding);
        List<Double> without = new ArrayList<>();
        List<Double> with = new ArrayList<>();
        for (int round = 1; round <= options.rounds(); round++) {
            Round none = Round.of(service, options.connections(), options.seconds(), plain);
            without.add(none.cpuMillisEach());
            out.println(none.line("excluding none"));
            Round some = Round.of(service, options.connections(), options.seconds(), excluding);
            with.add(some.cpuMillisEach());
            out.println(some.line("excluding %s".formatted(options.excluded())));
        }
        out.printf(
                Locale.ROOT,
                "medians: %.2f ms of CPU a request that excludes %,d ids, %.2f ms one that excludes none: %.2f ms for the exclusions%n",
                median(with),
                options.excluded(),
                median(without),
                median(with) - median(without));
    }

    static double median(List<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
