package repscorer.benchmarks.serving;

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
import repscorer.benchmarks.overload.OpenLoop.Outcome;
import repscorer.benchmarks.proof.LimitedProof;
import repscorer.benchmarks.proof.ScratchDirectory;
import repscorer.benchmarks.proof.StoreCopy;
import repscorer.core.embedding.EmbeddingFile;

/**
 * A service that is asked at a good part of what it can answer, for as long as one likes, while rows stream in, its
 * configuration changes and a release goes live half-way, answers all, in time, and wants no more of the machine in the end than before.
 *
 * <p>What it wants is compared after the publication, as a release that is kept takes memory of its own: the last quarter of the time
 * beside the quarter before.
 */
public final class SoakProof extends LimitedProof {

    /** What is held to where nothing else is said. */
    private static final Map<String, Double> LIMITS = Map.of(
            "minutes", 30.0,
            "warm-up-s", 30.0,
            "load", 0.7, // of the saturation
            "upserts", 100.0, // a second
            "success", 0.9999,
            "p99-ms", 50.0,
            "growth", 0.1);

    private static final int OK = 200;
    private static final int REFUSED = 503;
    private static final int CALLERS = 4;
    private static final int PATIENCE_MILLIS = 2_000;
    private static final int USERS = 3_900; // the last of the demo follows nobody and has no vector
    private static final double SATURATION_SECONDS = 15;
    private static final int LOOKS = 30;
    private static final double PAUSE_SECONDS_MIN = 2;
    private static final double RELOADS = 30;
    private static final List<String> STREAMED = List.of("twhin-user", "simclusters-producer");

    public SoakProof() {
        this(LIMITS);
    }

    private SoakProof(Map<String, Double> limits) {
        super(limits);
    }

    @Override
    protected SoakProof with(Map<String, Double> all) {
        return new SoakProof(all);
    }

    @Override
    public String name() {
        return "soak";
    }

    @Override
    public String claim() {
        return "half an hour at 70 % of what can be answered, beside upserts, reloads and a publication: 99.99 % answered, p99 <= 50 ms, no growth (--limit NAME=VALUE)";
    }

    @Override
    public boolean holds(PrintStream out, long minutes) throws Exception {
        return within(Map.of("minutes", (double) minutes)).holds(out);
    }

    @Override
    public boolean holds(PrintStream out) throws IOException, InterruptedException {
        Path root = Path.of(System.getProperty("repscorer.root", "")).toAbsolutePath();
        try (ScratchDirectory scratch = ScratchDirectory.create("repscorer-soak")) {
            Path data = StoreCopy.of(
                    DemoService.store(root, root.resolve("build/overload")),
                    scratch.path().resolve("data"));
            List<EmbeddingFile> release = MovedRelease.filesOf(data);
            MovedRelease next = MovedRelease.of(
                    release, Files.createDirectory(scratch.path().resolve("next")));
            Path config =
                    ConfigReloads.copy(root.resolve("config"), scratch.path().resolve("config"));
            try (ServiceProcess service = ServiceProcess.start(
                            root, config, data, scratch.path().resolve("log"), List.of(VitalSigns.CONCURRENT));
                    Callers callers = new Callers(service.address(), PATIENCE_MILLIS, "")) {
                return measure(out, service, config, callers, release, next);
            }
        }
    }

    private boolean measure(
            PrintStream out,
            ServiceProcess service,
            Path config,
            Callers callers,
            List<EmbeddingFile> release,
            MovedRelease next)
            throws IOException, InterruptedException {
        OpenLoop.Call call = number -> callers.post("/v1/candidates", body(number));
        OpenLoop.closed(CALLERS, limit("warm-up-s"), call);
        double saturation = OpenLoop.closed(CALLERS, SATURATION_SECONDS, call).count(OK) / SATURATION_SECONDS;
        double seconds = 60 * limit("minutes");
        double rate = limit("load") * saturation;
        out.printf(
                Locale.ROOT,
                "saturation: %.0f answers a second; %.0f are asked for, and %.0f rows come, for %.0f s%n",
                saturation,
                rate,
                limit("upserts"),
                seconds);
        List<EmbeddingFile> streamed =
                release.stream().filter(file -> STREAMED.contains(file.space())).toList();
        MiddlePublication publication =
                MiddlePublication.start(service, next, seconds / 2, Math.max(PAUSE_SECONDS_MIN, seconds / 2 / LOOKS));
        try (RowStream rows = RowStream.start(service.address(), streamed, limit("upserts"));
                ConfigReloads reloads = ConfigReloads.start(
                        service.address(), config, Math.max(PAUSE_SECONDS_MIN, seconds / RELOADS))) {
            Outcome outcome = OpenLoop.run(rate, seconds, 1, call);
            List<Map<Vital, Double>> looks = publication.looks();
            reloads.end();
            List<String> broken = new ArrayList<>();
            reloads.failure().ifPresent(broken::add);
            publication.failure().ifPresent(why -> broken.add("the release did not go live: " + why));
            long lost = rows.lost();
            if (lost > 0) {
                broken.add("%s rows were not accepted, the first: %s".formatted(lost, rows.failure()));
            }
            out.printf(
                    Locale.ROOT,
                    "%,d rows accepted, %,d not; the release went live in %.1f s; %s changes of the configuration in force%n",
                    rows.accepted(),
                    lost,
                    publication.seconds(),
                    reloads.count());
            growth(out, broken, looks);
            return told(out, broken, outcome);
        }
    }

    private void growth(PrintStream out, List<String> broken, List<Map<Vital, Double>> looks) {
        if (looks.size() < 4) {
            broken.add("%s looks at the process are too few".formatted(looks.size()));
            return;
        }
        for (Vital vital : Vital.values()) {
            Flat flat = Flat.of(VitalWatch.series(looks, vital));
            String line = String.format(
                    Locale.ROOT,
                    "%s: %.1f in the third quarter, %.1f in the last (%s looks)",
                    vital.words(),
                    flat.before(),
                    flat.after(),
                    looks.size());
            out.println(line);
            if (!flat.within(limit("growth"), vital.slack())) {
                broken.add("grew: " + line);
            }
        }
    }

    private boolean told(PrintStream out, List<String> broken, Outcome outcome) {
        double success = (double) outcome.count(OK) / outcome.calls();
        double p99 = outcome.millis(OK, .99);
        if (success < limit("success")) {
            int refused = outcome.count(REFUSED);
            int gaveUp = outcome.count(Callers.GAVE_UP);
            broken.add("%s were refused, %s took more than %s ms, %s failed otherwise"
                    .formatted(
                            refused, gaveUp, PATIENCE_MILLIS, outcome.calls() - outcome.count(OK) - refused - gaveUp));
        }
        if (p99 > limit("p99-ms")) {
            broken.add("answers take too long");
        }
        broken.forEach(why -> out.println("does not hold: " + why));
        out.printf(
                Locale.ROOT,
                "%,d of %,d requests answered, %.4f %% (at least %.4f %%), p50 %.1f ms, p99 %.1f ms (at most %.0f ms): %s%n",
                outcome.count(OK),
                outcome.calls(),
                100 * success,
                100 * limit("success"),
                outcome.millis(OK, .5),
                p99,
                limit("p99-ms"),
                broken.isEmpty() ? "holds" : "does not hold");
        return broken.isEmpty();
    }

    private static String body(int number) {
        String surface = number % 2 == 0 ? "follow" : "tweet";
        return "{\"surface\":\"%s\",\"source\":{\"id\":\"user:%s\"},\"k\":50}"
                .formatted(surface, 1 + (number * 31L) % USERS);
    }
}
