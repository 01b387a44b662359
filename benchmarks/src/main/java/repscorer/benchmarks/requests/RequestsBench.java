package repscorer.benchmarks.requests;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import repscorer.benchmarks.answers.ServiceProcess;
import repscorer.benchmarks.overload.Callers;
import repscorer.benchmarks.overload.DemoService;
import repscorer.benchmarks.overload.OpenLoop;
import repscorer.benchmarks.overload.OpenLoop.Outcome;
import repscorer.benchmarks.proof.ScratchDirectory;
import repscorer.cli.console.UserError;
import repscorer.core.embedding.EmbeddingFile;

/**
 * {@code bench requests}: {@code bin/repscorer serve} of this build on loopback, asked by callers of this process. What a request
 * costs is CPU time of the server's process alone, its collector and compiler included.
 */
public final class RequestsBench {

    private static final int BODIES = 2_000;
    private static final int PATIENCE_MILLIS = 10_000;
    private static final int OK = 200;
    private static final long SEED = 7;
    private static final double WARM_UP_SECONDS = 20;

    private final RequestsOptions options;

    public RequestsBench(RequestsOptions options) {
        this.options = options;
    }

    public void run(Path root, PrintStream out) throws IOException, InterruptedException {
        try (ScratchDirectory scratch = ScratchDirectory.create("repscorer-requests")) {
            Path data = options.data().isPresent()
                    ? options.data().get()
                    : DemoService.store(root, root.resolve("build/overload"));
            Path recording = scratch.path().resolve("requests.jfr");
            List<String> jvm = options.profile()
                    ? List.of("-XX:StartFlightRecording=settings=profile,filename=" + recording)
                    : List.of();
            try (ServiceProcess service = ServiceProcess.start(
                    root, options.config(), data, scratch.path().resolve("log"), jvm)) {
                try (Callers callers = new Callers(service.address(), PATIENCE_MILLIS, "")) {
                    measure(service, callers, bodies(data), out);
                }
            }
            if (options.profile()) {
                HotFrames.lines(recording).forEach(out::println);
            }
        }
    }

    private void measure(ServiceProcess service, Callers callers, List<String> bodies, PrintStream out)
            throws IOException, InterruptedException {
        String path = options.scores() > 0 ? "/v1/scores" : "/v1/candidates";
        OpenLoop.Call call = number -> callers.post(path, bodies.get(number % bodies.size()));
        OpenLoop.closed(options.connections(), WARM_UP_SECONDS, call);
        List<Double> perCpuSecond = new ArrayList<>();
        for (int round = 1; round <= options.rounds(); round++) {
            Meters before = Meters.of(service.address());
            long cpuBefore = service.cpuMillis();
            Outcome outcome = OpenLoop.closed(options.connections(), options.seconds(), call);
            double cpuSeconds = (service.cpuMillis() - cpuBefore) / 1e3;
            Meters after = Meters.of(service.address());
            int answered = outcome.count(OK);
            if (answered == 0) {
                throw new IOException("nothing was answered with 200, but with %s: POST %s %s"
                        .formatted(
                                Arrays.stream(outcome.statuses())
                                        .distinct()
                                        .boxed()
                                        .toList(),
                                path,
                                bodies.getFirst()));
            }
            perCpuSecond.add(answered / cpuSeconds);
            out.printf(
                    Locale.ROOT,
                    "closed, %s callers: %.0f requests a CPU second (%.2f ms each), %.1f KiB allocated each, p50 %.2f ms, p99 %.2f ms,"
                            + " %s failed; %s%n",
                    options.connections(),
                    answered / cpuSeconds,
                    1e3 * cpuSeconds / answered,
                    (after.allocated() - before.allocated()) / 1024 / answered,
                    outcome.millis(OK, .5),
                    outcome.millis(OK, .99),
                    outcome.calls() - outcome.count(OK),
                    shares(before, after));
        }
        if (options.rate() > 0) {
            Outcome outcome = OpenLoop.run(options.rate(), options.seconds(), SEED, call);
            out.printf(
                    Locale.ROOT,
                    "open, %.0f a second: p50 %.2f ms, p99 %.2f ms, %s failed%n",
                    options.rate(),
                    outcome.millis(OK, .5),
                    outcome.millis(OK, .99),
                    outcome.calls() - outcome.count(OK));
        }
        double[] sorted =
                perCpuSecond.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        out.printf(Locale.ROOT, "median: %.0f requests a CPU second%n", sorted[sorted.length / 2]);
    }

    private static String shares(Meters before, Meters after) {
        Map<String, Double> took = after.stageSeconds().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        entry -> entry.getValue() - before.stageSeconds().getOrDefault(entry.getKey(), 0.0)));
        double all = took.values().stream().mapToDouble(Double::doubleValue).sum();
        return new TreeMap<>(took)
                .entrySet().stream()
                        .filter(stage -> stage.getValue() > 0)
                        .map(stage ->
                                String.format(Locale.ROOT, "%s %.0f %%", stage.getKey(), 100 * stage.getValue() / all))
                        .collect(Collectors.joining(", "));
    }

    private List<String> bodies(Path data) throws IOException {
        SplittableRandom random = new SplittableRandom(SEED);
        List<String> sources = ids(data, options.sourceKind());
        List<String> candidates = options.scores() > 0 ? ids(data, targetKind()) : List.of();
        return IntStream.range(0, BODIES)
                .mapToObj(i -> body(
                        sources.get(random.nextInt(sources.size())),
                        random.ints(options.scores(), 0, Math.max(1, candidates.size()))
                                .mapToObj(candidates::get)
                                .toList()))
                .toList();
    }

    private String targetKind() {
        return options.surface().equals("follow") ? "user" : options.surface().equals("search") ? "topic" : "tweet";
    }

    private String body(String source, List<String> candidates) {
        String asked = options.scores() > 0
                ? "\"candidates\":" + candidates.stream().collect(Collectors.joining("\",\"", "[\"", "\"]"))
                : "\"k\":" + options.k();
        return "{\"surface\":\"%s\",\"source\":{\"id\":\"%s\"},%s,\"explain\":%s}"
                .formatted(options.surface(), source, asked, options.explain());
    }

    /** Ids of a kind out of the first embedding file of a store that has some; files of dense rows come first. */
    private static List<String> ids(Path data, String kind) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(data)) {
            files = all.filter(file -> file.toString().endsWith(EmbeddingFile.SUFFIX))
                    .sorted(Comparator.comparing((Path file) ->
                                    !file.getFileName().toString().startsWith("twhin"))
                            .thenComparing(Path::toString))
                    .toList();
        }
        for (Path path : files) {
            EmbeddingFile file = EmbeddingFile.open(path);
            if (file.kind().name().equals(kind)) {
                return IntStream.range(0, file.count())
                        .mapToObj(row -> file.ids().id(row).toString())
                        .toList();
            }
        }
        throw new UserError("no embeddings of " + kind + " in " + data + ": " + Arrays.toString(files.toArray()));
    }
}
