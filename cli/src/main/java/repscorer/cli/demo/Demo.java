package repscorer.cli.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import repscorer.api.RunningService;
import repscorer.api.ScorerApplication;
import repscorer.api.ServiceOptions;
import repscorer.api.security.AdminToken;
import repscorer.cli.console.AnswerPrinter;
import repscorer.cli.console.Names;
import repscorer.cli.console.ProgressLine;
import repscorer.cli.console.ReportPrinter;
import repscorer.cli.console.Terminal;
import repscorer.cli.console.UserError;
import repscorer.cli.remote.Publisher;
import repscorer.client.Promotions.Terms;
import repscorer.client.ScorerClient;
import repscorer.training.Trainer;
import repscorer.training.TrainingReport;
import repscorer.training.network.NetworkOptions;
import repscorer.training.network.NetworkSummary;
import repscorer.training.network.SyntheticNetwork;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.plan.YamlFiles;
import repscorer.wire.CandidatesRequest;
import repscorer.wire.ReleaseBody;
import tools.jackson.databind.json.JsonMapper;

/**
 * The whole road: edges, training, a release, a service, answers.
 *
 * @param config the service's configuration, which also holds the questions in {@code demo/}
 * @param data real edges; a made-up network where absent
 * @param plan how to learn from them
 * @param home where everything is kept; a directory of {@code root}'s {@code build} where absent
 * @param once true to end after the answers instead of serving on
 */
public record Demo(
        Path config, Optional<Path> data, Optional<Path> plan, Optional<Path> home, Path root, int port, boolean once) {

    private static final String LABELS = "labels.tsv";
    private static final String TEXTS = "text-tweet.jsonl";

    /** Runs the four steps, then serves until the process is told to stop. */
    public void run(PrintStream out) throws IOException, InterruptedException {
        requireFree(port);
        Optional<String> given = Optional.ofNullable(System.getenv(ServiceOptions.ADMIN_TOKEN_VARIABLE));
        given.ifPresent(AdminToken::check);
        Path planFile = plan.orElseGet(() -> config.resolve("training/demo.yaml"));
        TrainingPlan training = YamlFiles.read(planFile, TrainingPlan.class);
        Questions questions = questions(training.name());
        DemoHome place = new DemoHome(home.orElseGet(
                () -> root.resolve("build").resolve(plan.isEmpty() ? "demo" : "demo-" + training.name())));

        out.println(Terminal.bold("1/4 edges"));
        Path edges = data.isPresent() ? data.get() : network(place, out);
        String fingerprint = DemoHome.fingerprint(planFile, edges);

        out.println(Terminal.bold("2/4 training"));
        train(training, edges, place, fingerprint, out);

        out.println(Terminal.bold("3/4 service"));
        String token = given.orElseGet(Demo::anyToken);
        quiet();
        ServiceOptions options = ServiceOptions.defaults()
                .withConfigDirectory(config)
                .withDataDirectory(place.service())
                .withAdminToken(token)
                .withPort(port);
        try (RunningService service = ScorerApplication.start(options);
                ScorerClient client = ScorerClient.builder(service.uri())
                        .adminToken(token)
                        .readTimeout(java.time.Duration.ofSeconds(30))
                        .uploadTimeout(java.time.Duration.ofMinutes(30))
                        .build()) {
            publish(client, place.release(), training.name() + "-" + fingerprint, out);

            out.println(Terminal.bold("4/4 answers"));
            Names names = new Names(client, labels(edges));
            for (Questions.Question question : questions.questions()) {
                ask(question, client, names, service.uri(), out);
            }
            if (!once) {
                out.println();
                out.println(
                        "serving on " + service.uri() + "  ·  the API to try: " + service.uri() + "/swagger-ui.html");
                out.println(tokenLine(given, token));
                out.println("Ctrl-C stops it; the next start reuses what was trained (" + place.directory() + ")");
                out.flush();
                service.awaitClose();
            }
        }
    }

    /** Told before a minute of training rather than after. */
    private static void requireFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assert socket.isBound();
        } catch (IOException | IllegalArgumentException e) {
            throw new UserError(
                    "port %s cannot be listened on (%s); give another with --port".formatted(port, e.getMessage()));
        }
    }

    private Questions questions(String planName) {
        Path file = config.resolve("demo").resolve(planName + ".yaml");
        if (!Files.isRegularFile(file)) {
            throw new UserError(
                    "the demo finds no questions for the plan '%s': write %s, after the example of demo.yaml"
                            .formatted(planName, file));
        }
        return YamlFiles.read(file, Questions.class);
    }

    private static Path network(DemoHome place, PrintStream out) throws IOException {
        if (Files.isRegularFile(place.network().resolve(LABELS))
                && Files.isRegularFile(place.network().resolve(TEXTS))) { // an older one has no texts
            out.println("  the social network of an earlier start, in " + place.network());
            return place.network();
        }
        NetworkSummary summary = SyntheticNetwork.write(NetworkOptions.DEFAULT, place.network());
        out.printf(
                Locale.ROOT,
                "  a made-up social network: %,d users, %,d tweets, %s topics, %,d edges%n",
                summary.users(),
                summary.tweets(),
                summary.topics(),
                summary.edges().values().stream().mapToInt(Integer::intValue).sum());
        return place.network();
    }

    private static void train(TrainingPlan training, Path edges, DemoHome place, String fingerprint, PrintStream out)
            throws IOException, InterruptedException {
        if (place.holds(fingerprint)) {
            out.println("  the embeddings of an earlier start, in " + place.release());
            return;
        }
        place.forget();
        ProgressLine progress = ProgressLine.standard();
        TrainingReport report = Trainer.train(training, edges, place.release(), progress::update);
        progress.clear();
        ReportPrinter.print(report, out);
        place.keep(fingerprint);
    }

    private static void publish(ScorerClient client, Path directory, String release, PrintStream out)
            throws IOException {
        boolean live = client.releases().stream()
                .anyMatch(body -> body.release().equals(release) && body.state().equals("LIVE"));
        if (live) {
            out.println("  release " + release + " is live since an earlier start");
            return;
        }
        ReleaseBody body = Publisher.publish(
                client,
                directory,
                release,
                new Terms(true, List.of(), true, "the demo shows what it is told to"),
                false,
                ProgressLine.standard()); // another plan has other spaces
        out.println("  " + published(body));
    }

    /** What is said of a release that went live. */
    static String published(ReleaseBody body) {
        String live = "release %s is live: %s spaces"
                .formatted(body.release(), body.versions().size());
        OptionalDouble recall = body.leastRecall();
        return recall.isEmpty()
                ? live
                : live
                        + String.format(
                                Locale.ROOT,
                                "; every graph index found at least %.1f%% of the true ten nearest",
                                100 * recall.getAsDouble());
    }

    private static void ask(
            Questions.Question question, ScorerClient client, Names names, URI service, PrintStream out) {
        String source = names.of(List.of(question.source())).getOrDefault(question.source(), "");
        String asked = question.text().isEmpty() ? question.source() : "\"" + question.text() + "\"";
        out.println();
        out.println(Terminal.bold(question.title()) + "  (" + question.surface() + ", " + asked
                + (source.isEmpty() ? "" : " " + source) + ")");
        CandidatesRequest plain = question.request(false);
        new AnswerPrinter(out, names).print(client.candidates(question.request(true)), true);
        out.println(Terminal.faint("  curl -s %s/v1/candidates -H 'Content-Type: application/json' -d '%s'"
                .formatted(service, JsonMapper.builder().build().writeValueAsString(plain))));
    }

    /** Words for ids that came with the data: id, tab, words. */
    private static Map<String, String> labels(Path edges) throws IOException {
        Path file = edges.resolve(LABELS);
        Map<String, String> labels = new LinkedHashMap<>();
        if (Files.isRegularFile(file)) {
            for (String line : Files.readAllLines(file)) {
                int tab = line.indexOf('\t');
                if (tab > 0) {
                    labels.put(line.substring(0, tab), line.substring(tab + 1));
                }
            }
        }
        return labels;
    }

    /** The screen belongs to the answers: the service logs warnings only. */
    static void quiet() {
        if (System.getProperty("logging.level.repscorer") == null && System.getenv("REPSCORER_DEBUG") == null) {
            System.setProperty("logging.level.repscorer", "warn");
        }
    }

    /** A token that came from outside is its owner's secret: it is named and not shown. */
    static String tokenLine(Optional<String> given, String token) {
        return "admin token of this run: "
                + (given.isPresent() ? "the one in " + ServiceOptions.ADMIN_TOKEN_VARIABLE : token);
    }

    static String anyToken() {
        byte[] bytes = new byte[16];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
