package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.testing.DroppedLinks;
import repscorer.vector.SparseVector;
import tools.jackson.databind.JsonNode;

@DisplayName("Issue 17: a canary that is worse is stopped within 2,000 requests, a good one goes live")
class CanaryHttpTest {

    private static final int COMMUNITIES = 20;
    private static final int DIMENSION = ReleaseFixture.DIMENSION;
    private static final int REQUESTS = 2_000;

    @TempDir
    Path directory;

    private long answeredAgain;

    private static ServiceOptions quick(ServiceOptions options) {
        return options.withSetting("traffic.warm-up-max", "100ms")
                .withSetting("traffic.degrade", "false")
                .withSetting("gates.sample", "50");
    }

    /** The shipped configuration where searches of dense rows do as little as they may, or scan. */
    private Path config(boolean scans) throws IOException {
        Path config = directory.resolve("config-" + scans);
        try (Stream<Path> files = Files.walk(TestService.configDirectory())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = config.resolve(TestService.configDirectory().relativize(file));
                Files.createDirectories(copy.getParent());
                String text = Files.readString(file);
                if (file.endsWith("surfaces/follow.yaml")) {
                    text = text.replaceFirst("retrieve: 400", "retrieve: 20").replaceFirst("ef: 400", "ef: 40");
                }
                if (scans && file.endsWith("spaces/twhin.yaml")) {
                    text = text.replace("engine: hnsw ", "engine: exact ")
                            .replaceAll("(?m)^  codes: .*$", "  codes: none");
                }
                Files.writeString(copy, text);
            }
        }
        return config;
    }

    private TestService start(String home, boolean scans) throws IOException {
        Path config = config(scans);
        return TestService.start(
                directory.resolve(home), options -> quick(options).withConfigDirectory(config));
    }

    /**
     * Stages a release of users in communities.
     *
     * @param apart how far communities are apart in the dense space; 0 where that knows nothing of them
     * @param vectors of the dense space: which user's vector an id has
     */
    private void stage(TestService service, String release, int users, float apart, IntUnaryOperator vectors)
            throws IOException {
        Random random = new Random(7);
        float[][] centers = new float[COMMUNITIES][];
        for (int c = 0; c < COMMUNITIES; c++) {
            centers[c] = noise(random, new float[DIMENSION], apart);
        }
        List<float[]> rows = new ArrayList<>();
        for (int user = 0; user < users; user++) {
            rows.add(noise(random, centers[user % COMMUNITIES], 1));
        }
        List<EntityId> columns = new ArrayList<>();
        for (int c = 0; c < COMMUNITIES; c++) {
            columns.add(EntityId.parse("cluster:" + c));
        }
        EmbeddingFileWriter dense = EmbeddingFileWriter.dense("twhin-user", "twhin", EntityKind.USER, DIMENSION);
        EmbeddingFileWriter interest = sparse("simclusters-interest", EntityKind.USER, columns);
        EmbeddingFileWriter producer = sparse("simclusters-producer", EntityKind.USER, columns);
        EmbeddingFileWriter topic = sparse("simclusters-topic", EntityKind.TOPIC, columns);
        for (int user = 0; user < users; user++) {
            EntityId id = EntityId.of(EntityKind.USER, user + 1);
            dense.add(id, rows.get(vectors.applyAsInt(user)));
            SparseVector clusters = clusters(user % COMMUNITIES, new Random(user));
            interest.add(id, clusters);
            producer.add(id, clusters);
        }
        topic.add(EntityId.of(EntityKind.TOPIC, "jazz"), clusters(0, random));
        service.stage(release, 1);
        Path written = Files.createDirectories(directory.resolve("written-" + release));
        for (EmbeddingFileWriter each : List.of(dense, interest, producer, topic)) {
            Path file = each.writeTo(written);
            String space = file.getFileName().toString().replace(".emb", "");
            assertThat(service.http.stage(release, space, file).status()).isEqualTo(200);
        }
    }

    private static EmbeddingFileWriter sparse(String space, EntityKind kind, List<EntityId> columns) {
        return EmbeddingFileWriter.sparse(space, "simclusters", kind, columns, Map.of());
    }

    private static float[] noise(Random random, float[] center, float scale) {
        float[] values = center.clone();
        for (int i = 0; i < 24; i++) { // fewer than there is room for: a graph finds its way
            values[i] += (float) random.nextGaussian() * scale;
        }
        return values;
    }

    private static SparseVector clusters(int community, Random random) {
        int other = (community + 1) % COMMUNITIES;
        float strong = .8f + .2f * random.nextFloat();
        float weak = .05f + .1f * random.nextFloat();
        return community < other
                ? new SparseVector(new int[] {community, other}, new float[] {strong, weak})
                : new SparseVector(new int[] {other, community}, new float[] {weak, strong});
    }

    private static void publish(TestService service, String release, String more) {
        Http.Answer answer = service.http.change("/v1/releases/%s/publish?%s".formatted(release, more));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }

    private static Http.Answer canary(TestService service, String release, int share, String more) {
        return service.http.change("/v1/releases/%s/canary?share=%s&%s".formatted(release, share, more));
    }

    private static JsonNode canary(TestService service) {
        return service.http.getAsAdmin("/v1/canary").json();
    }

    /** Asks for as many users as may be, until no release is tried; answers after how many, or -1. */
    private static int requestsUntilStopped(TestService service, int users) {
        return requestsUntilStopped(service, users, () -> {});
    }

    /** Waits until more searches were answered again than when it waited last: a tenth of a processor does that. */
    private void rest(TestService service) {
        long end = System.nanoTime() + 5_000_000_000L;
        long now = sampled(service);
        while (now == answeredAgain && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(3_000_000);
            now = sampled(service);
        }
        answeredAgain = now;
    }

    private static long sampled(TestService service) {
        return service.http.get("/v1/live-recall").json().path("sampled").asLong();
    }

    private static int requestsUntilStopped(TestService service, int users, Runnable between) {
        for (int request = 0; request < REQUESTS; request++) {
            JsonNode answer = service.http
                    .post("/v1/candidates", """
                            {"surface":"follow","source":{"id":"user:%s"},"unit":"unit:%s","k":10}""".formatted(request % users + 1, request))
                    .json();
            assertThat(answer.path("candidates").size()).isEqualTo(10);
            between.run();
            if (request % 20 == 19 && !canary(service).has("running")) {
                return request + 1;
            }
        }
        return -1;
    }

    private static String ended(TestService service) {
        JsonNode last = canary(service).at("/history/0");
        assertThat(last.has("after")).isFalse();
        return last.path("author").asString() + ": " + last.path("reason").asString();
    }

    @Test
    @DisplayName("twenty of a hundred links dropped from its graph are seen by what its searches find")
    void droppedLinks() throws IOException {
        int users = 5_200;
        try (TestService service = start("dropped", false)) {
            stage(service, "one", users, 0, user -> user);
            publish(service, "one", "");
            stage(service, "two", users + 1, 0, user -> user);
            publish(service, "two", "stage=true");
        }
        Path graph = DroppedLinks.newestGraph(directory.resolve("dropped"));
        Files.write(graph, DroppedLinks.of(Files.readAllBytes(graph), .2, 1));
        try (TestService service = start("dropped", false)) {
            // What was live for a while is known.
            for (int unit = 0; unit < REQUESTS / 2; unit++) {
                ask(service, unit % users + 1, unit);
                rest(service);
            }
            assertThat(canary(service, "two", 5_000, "seconds=3600").status()).isEqualTo(200);
            int requests = requestsUntilStopped(service, users, () -> rest(service));
            assertThat(requests).isBetween(1, REQUESTS);
            assertThat(ended(service)).startsWith("guard-rail: live recall of twhin-user is at most ");
        }
    }

    @Test
    @DisplayName(
            "three times as slow, or with mixed-up ids that were forced past the gates, it is stopped; a good one goes live")
    void theWorseAreStoppedAndAGoodOneGoesLive() throws Exception {
        int users = 6_000;
        try (TestService service = start("scanned", true)) {
            assertThat(canary(service, "two", 500, "seconds=60").problem()).isEqualTo("404 release-not-staged -");
            stage(service, "one", users, 1, user -> user);
            publish(service, "one", "");
            assertThat(canary(service, "one", 500, "seconds=60").problem()).isEqualTo("404 release-not-staged -");

            stage(service, "slow", 9 * users, 1, user -> user);
            publish(service, "slow", "stage=true");
            assertThat(canary(service, "slow", 1_000, "seconds=3600").status()).isEqualTo(200);
            assertThat(canary(service, "slow", 1_000, "seconds=3600").problem()).isEqualTo("409 canary-runs -");
            int requests = requestsUntilStopped(service, users);
            assertThat(requests).isBetween(1, REQUESTS);
            assertThat(ended(service)).startsWith("guard-rail: slower-rate is ");

            List<Integer> others =
                    new ArrayList<>(IntStream.range(0, users).boxed().toList());
            Collections.shuffle(others, new Random(3));
            stage(service, "mixed", users, 1, others::get);
            publish(service, "mixed", "stage=true");
            assertThat(canary(service, "mixed", 1_000, "seconds=3600").problem())
                    .isEqualTo("409 gates-failed -");
            assertThat(canary(service, "mixed", 1_000, "seconds=3600&force=true")
                            .problem())
                    .isEqualTo("400 reason-missing reason");
            Http.Answer begun = canary(service, "mixed", 1_000, "seconds=3600&force=true&reason=a%20test");
            assertThat(begun.json().at("/running/reason").asString()).isEqualTo("a test");
            requests = requestsUntilStopped(service, users);
            assertThat(requests).isBetween(1, REQUESTS);
            assertThat(ended(service)).startsWith("guard-rail: score-shift is ");

            stage(service, "good", users + 1, 1, user -> user);
            publish(service, "good", "stage=true");
            assertThat(canary(service, "good", 0, "seconds=60").problem()).isEqualTo("400 out-of-range canary");
            assertThat(canary(service, "good", 500, "seconds=60").status()).isEqualTo(200);
            String stop = "/v1/canary?reason=not%20today";
            List<String> token = List.of("Authorization", "Bearer " + Http.TOKEN);
            assertThat(service.http
                            .send("DELETE", stop, BodyPublishers.noBody(), token)
                            .status())
                    .isEqualTo(204);
            assertThat(service.http
                            .send("DELETE", stop, BodyPublishers.noBody(), token)
                            .problem())
                    .isEqualTo("404 no-canary -");
            assertThat(ended(service)).isEqualTo("admin token: not today");
            assertThat(canary(service, "good", 3_000, "seconds=1").status()).isEqualTo(200);
        }
        try (TestService service = start("scanned", true)) {
            int tried = 0;
            for (int unit = 0; unit < 200; unit++) {
                tried += ask(service, 1, unit).equals("good") ? 1 : 0;
            }
            assertThat(tried).as("of 200 units, 3 in 10").isBetween(35, 85);
            Thread.sleep(1_500);
            assertThat(canary(service).at("/running/waitsFor").asString())
                    .as(canary(service).toString())
                    .isEqualTo("units: %s of 500".formatted(tried));
            int again = 0;
            for (int unit = 0; unit < 200; unit++) {
                again += ask(service, 1, unit).equals("good") ? 1 : 0;
            }
            assertThat(again).as("whoever was in is in").isEqualTo(tried);
            for (int unit = 200; unit % 20 > 0 || canary(service).has("running"); unit++) {
                ask(service, unit % users + 1, unit);
                assertThat(unit).isLessThan(2 * REQUESTS);
            }
            assertThat(ended(service)).startsWith("canary: promoted after PT1S and 5");
            assertThat(service.http
                            .get("/v1/releases/good")
                            .json()
                            .path("state")
                            .asString())
                    .isEqualTo("LIVE");
        }
    }

    private static String ask(TestService service, int user, int unit) {
        return service.http
                .post("/v1/candidates", """
                        {"surface":"follow","source":{"id":"user:%s"},"unit":"unit:%s","k":3}""".formatted(user, unit))
                .json()
                .at("/provenance/release")
                .asString();
    }
}
