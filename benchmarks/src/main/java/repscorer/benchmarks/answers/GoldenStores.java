package repscorer.benchmarks.answers;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes the stores that are asked: releases of fixed seeds, rows of the proof's own, streamed changes on top of them, half of those of
 * one space folded, and signals. The demo's has two releases, one of them kept.
 */
final class GoldenStores {

    private static final String SUFFIX = ".emb";
    private static final int TWEETS = 12_000;
    private static final int USERS = 4_000;
    private static final List<String> LANGUAGES = List.of("en", "en", "en", "fr", "ja", "de");

    private final Path root;
    private final GoldenFolder golden;
    private final Path egoTwitter;
    private final PrintStream out;

    GoldenStores(Path root, GoldenFolder golden, Path egoTwitter, PrintStream out) {
        this.root = root;
        this.golden = golden;
        this.egoTwitter = egoTwitter;
        this.out = out;
    }

    /** The demo's made-up network. */
    Path network() {
        return golden.work().resolve("demo/network");
    }

    void make(String store) throws IOException, InterruptedException {
        Files.createDirectories(golden.work());
        Path making = golden.work().resolve(store + "-store");
        Files.createDirectories(making);
        boolean demo = store.equals("demo");
        if (demo) {
            trainDemo();
        } else {
            train("ego-twitter-plan.yaml", egoTwitter, "ego-twitter");
        }
        try (ServiceProcess service = ServiceProcess.start(
                root, golden.config(), making, golden.work().resolve(store + ".log"))) {
            if (demo) {
                publish(service, "golden-1", golden.work().resolve("demo/release"), true);
                publish(service, "golden-2", golden.work().resolve("demo-second"), true);
            } else {
                publish(service, "golden-ego", golden.work().resolve("ego-twitter"), false);
            }
            new StreamedChanges(service, demo).send();
        }
        Files.move(making, golden.data(store));
        out.printf("%s: the store is in %s%n", store, golden.data(store));
    }

    private void trainDemo() throws IOException, InterruptedException {
        Path home = golden.work().resolve("demo");
        if (!Files.isDirectory(home.resolve("service"))) {
            run("demo", "--once", "--port", "0", "--home", home.toString());
        }
        train("demo-plan.yaml", network(), "demo-second");
    }

    private void train(String plan, Path data, String name) throws IOException, InterruptedException {
        Path release = golden.work().resolve(name);
        if (Files.isRegularFile(release.resolve("training.json"))) {
            return;
        }
        Path file = golden.work().resolve(plan);
        GoldenFolder.resource(plan, file);
        run("train", "--plan", file.toString(), "--data", data.toString(), "--out", release.toString());
    }

    private void run(String... arguments) throws IOException, InterruptedException {
        Path log = golden.work().resolve(arguments[0] + ".log");
        out.println("bin/repscorer " + String.join(" ", arguments));
        List<String> command = Stream.concat(
                        Stream.of(root.resolve("bin/repscorer").toString()), Arrays.stream(arguments))
                .toList();
        int code = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException("%s ended with %s; it said:%n%s".formatted(command, code, Files.readString(log)));
        }
    }

    private void publish(ServiceProcess service, String release, Path directory, boolean tweets)
            throws IOException, InterruptedException {
        List<Path> files;
        try (Stream<Path> entries = Files.list(directory)) {
            files = entries.filter(file -> file.toString().endsWith(SUFFIX))
                    .sorted()
                    .toList();
        }
        for (Path file : files) {
            String space = file.getFileName().toString().replace(SUFFIX, "");
            put(service, release, "files/" + space, Files.readAllBytes(file));
        }
        if (tweets) {
            put(service, release, "rows/tweet-language?format=jsonl", languages());
            put(service, release, "rows/tweet-created?format=jsonl", created());
            put(service, release, "rows/plain-tweet?format=jsonl", plain("tweet", TWEETS, 1));
            put(service, release, "rows/plain-user?format=jsonl", plain("user", USERS, 2));
            put(
                    service,
                    release,
                    "rows/plain-relation?format=jsonl",
                    plain("relation", 1, 3).replace("relation:0", "relation:like"));
        }
        accepted(
                service.send(
                        new Exchange.Request("POST", "/v1/releases/" + release + "/publish", Recording.admin(""), "")),
                release);
        out.println("published " + release);
    }

    private static void put(ServiceProcess service, String release, String path, String body)
            throws IOException, InterruptedException {
        put(service, release, path, body.getBytes(StandardCharsets.UTF_8));
    }

    private static void put(ServiceProcess service, String release, String path, byte[] body)
            throws IOException, InterruptedException {
        Map<String, String> headers = Recording.admin("application/octet-stream");
        Exchange.Request request = new Exchange.Request("PUT", "/v1/releases/" + release + "/" + path, headers, "");
        accepted(service.send(request, body), path);
    }

    static void accepted(Exchange.Answer answer, String what) {
        if (answer.status() != 200) {
            throw new IllegalStateException("%s: %s %s".formatted(what, answer.status(), answer.body()));
        }
    }

    /** Most tweets have a language, the weight of the greatest decides. */
    private static String languages() {
        SplittableRandom random = new SplittableRandom(5);
        return rows(
                TWEETS,
                id -> id % 7 == 0
                        ? ""
                        : "{\"id\":\"tweet:%s\",\"entries\":{\"lang:%s\":0.75,\"lang:xx\":0.25}}%n"
                                .formatted(id, LANGUAGES.get(random.nextInt(LANGUAGES.size()))));
    }

    /** A third was made in 1980, a third in 2200, and of a third nothing is known. */
    private static String created() {
        return rows(
                TWEETS,
                id -> id % 3 == 0
                        ? ""
                        : "{\"id\":\"tweet:%s\",\"entries\":{\"hour:made\":%s}}%n"
                                .formatted(id, id % 3 == 1 ? 87_648 + id : 2_016_192 + id));
    }

    private static String plain(String kind, int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return rows(
                count,
                id -> "{\"id\":\"%s:%s\",\"vector\":%s}%n"
                        .formatted(
                                kind,
                                id,
                                random.ints(8, -1_024, 1_025)
                                        .mapToObj(value -> Double.toString(value / 256.0))
                                        .collect(Collectors.joining(",", "[", "]"))));
    }

    private static String rows(int count, java.util.function.IntFunction<String> row) {
        StringBuilder rows = new StringBuilder();
        for (int id = 0; id < count; id++) {
            rows.append(row.apply(id));
        }
        return rows.toString();
    }
}
