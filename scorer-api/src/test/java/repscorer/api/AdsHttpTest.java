package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import repscorer.core.blend.Calibration;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.model.LinearMargin;
import repscorer.core.model.ModelFeature;
import repscorer.core.model.RankModel;
import repscorer.models.ModelFile;
import repscorer.vector.SparseVector;
import tools.jackson.databind.JsonNode;

/**
 * The shipped surface of ads over HTTP, with a model of its own: sixteen ads, four of each topic; the first eight are one advertiser's, the
 * others another's; ad n is worth n/100, and nobody told what the last is worth. User u is of topic u % 4, as ad n is of n % 4.
 */
class AdsHttpTest {

    private static final EntityKind AD = new EntityKind("ad");
    private static final int ADS = 16;
    private static final List<String> TOPICS = List.of("jazz", "chess", "rock/pop", "cycling");

    private static TestService service;
    private static Http http;

    @BeforeAll
    static void start() throws IOException {
        Path directory = TestService.newDirectory();
        Path config = TestService.copyConfig(directory.resolve("config"));
        RankModel model = new RankModel(
                "ad-click",
                List.of(ModelFeature.parse("column:twhin"), ModelFeature.parse("column:simclusters")),
                new LinearMargin(
                        -5,
                        List.of(new LinearMargin.Term(false, 0, 1, 6, 0), new LinearMargin.Term(false, 0, 1, .1, -.2))),
                new Calibration(List.of(new Calibration.Point(-6, .001), new Calibration.Point(3, .5))),
                new RankModel.Spread(.1, .1));
        Files.createDirectories(config.resolve("models"));
        Files.write(
                config.resolve("models/ad-click.json"),
                new ModelFile(model, new TreeMap<>(Map.of("goal", "click"))).toBytes());
        service = TestService.start(directory, options -> options.withConfigDirectory(config));
        http = service.http;
        Map<String, Path> files = service.stage("one", 1);
        for (EmbeddingFileWriter writer : ads(EmbeddingFile.open(Objects.requireNonNull(files.get("twhin-topic"))))) {
            Path file = writer.writeTo(directory);
            String space = file.getFileName().toString().replace(".emb", "");
            assertThat(http.stage("one", space, file)).returns(200, Http.Answer::status);
        }
        assertThat(http.change("/v1/releases/one/publish")).returns(200, Http.Answer::status);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static List<EmbeddingFileWriter> ads(EmbeddingFile topics) {
        EmbeddingFileWriter twhin = EmbeddingFileWriter.dense("twhin-ad", "twhin", AD, ReleaseFixture.DIMENSION);
        EmbeddingFileWriter relation = EmbeddingFileWriter.dense(
                "twhin-relation", "twhin", new EntityKind("relation"), ReleaseFixture.DIMENSION);
        EmbeddingFileWriter clusters =
                sparse("simclusters-ad", "simclusters", ids("cluster:0", "cluster:1", "cluster:2", "cluster:3"));
        EmbeddingFileWriter categories = sparse(
                "ad-category",
                "attributes",
                TOPICS.stream()
                        .map(topic -> EntityId.of(EntityKind.TOPIC, topic))
                        .toList());
        EmbeddingFileWriter advertisers = sparse("ad-advertiser", "attributes", ids("advertiser:0", "advertiser:1"));
        EmbeddingFileWriter values = sparse("ad-value", "attributes", ids("currency:eur"));
        for (int n = 1; n <= ADS; n++) {
            EntityId ad = EntityId.of(AD, n);
            int topic = n % 4;
            float[] near = topics.denseRows()
                    .row(topics.ids()
                            .ordinal(EntityId.of(EntityKind.TOPIC, TOPICS.get(topic)))
                            .orElseThrow())
                    .clone();
            near[n] += .5f;
            twhin.add(ad, near);
            clusters.add(ad, one(topic, 1));
            categories.add(ad, one(topic, 1));
            advertisers.add(ad, one(n <= 8 ? 0 : 1, 1));
            if (n < ADS) {
                values.add(ad, one(0, n / 100f));
            }
        }
        for (String name : List.of("follow", "click")) {
            float[] theta = new float[ReleaseFixture.DIMENSION];
            theta[0] = .01f;
            relation.add(EntityId.of(new EntityKind("relation"), name), theta);
        }
        return List.of(twhin, relation, clusters, categories, advertisers, values);
    }

    private static List<EntityId> ids(String... ids) {
        return List.of(ids).stream().map(EntityId::parse).toList();
    }

    private static EmbeddingFileWriter sparse(String space, String model, List<EntityId> columns) {
        return EmbeddingFileWriter.sparse(space, model, AD, columns, Map.of());
    }

    private static SparseVector one(int column, float weight) {
        return new SparseVector(new int[] {column}, new float[] {weight});
    }

    private static JsonNode ask(String user, String more) {
        Http.Answer answer = http.post(
                "/v1/candidates",
                "{\"surface\": \"ads\", \"source\": {\"id\": \"%s\"}, \"k\": 20, \"explain\": true%s}"
                        .formatted(user, more));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json();
    }

    private static List<Integer> numbers(JsonNode answer) {
        List<Integer> numbers = new ArrayList<>();
        answer.path("candidates")
                .forEach(each ->
                        numbers.add(Integer.parseInt(each.path("id").asString().substring("ad:".length()))));
        return numbers;
    }

    private static final String UNCAPPED = ", \"overrides\": {\"rules.few-per-advertiser.mode\": \"off\"}";

    private static String why(String user, int ad) {
        JsonNode why = http.post("/v1/why-not", """
                        {"surface": "ads", "source": {"id": "%s"}, "k": 20, "id": "ad:%s"}""".formatted(user, ad)).json();
        return why.path("stage").asString() + " " + why.path("by").asString();
    }

    private static void tell(String user, String type, String entity) {
        tell(user, type, entity, 0);
    }

    private static void tell(String user, String type, String entity, int minutesAgo) {
        Http.Answer told = http.send(
                "POST",
                "/v1/signals",
                java.net.http.HttpRequest.BodyPublishers.ofString(
                        "{\"signals\": [{\"user\": \"%s\", \"type\": \"%s\", \"entity\": \"%s\", \"at\": \"%s\"}]}"
                                .formatted(user, type, entity, Instant.now().minus(Duration.ofMinutes(minutesAgo)))),
                List.of("Content-Type", "application/json", "Authorization", "Bearer " + Http.TOKEN));
        assertThat(told.text()).isEqualTo("{\"taken\":1}");
    }

    @Test
    void anAdsScoreIsItsProbabilityTimesItsValueAndTheExplanationTellsBoth() {
        JsonNode answer = ask("user:5", UNCAPPED);
        double before = Double.MAX_VALUE;
        Set<Integer> answered = new HashSet<>(numbers(answer));
        assertThat(answered).hasSizeGreaterThan(5).doesNotContain(ADS);
        for (JsonNode candidate : answer.path("candidates")) {
            int n = Integer.parseInt(candidate.path("id").asString().substring("ad:".length()));
            JsonNode click = candidate.path("columns").get(0);
            assertThat(click.path("column").asString()).isEqualTo("click");
            double probability = click.path("raw").asDouble();
            double margin = candidate.at("/models/0/margin").asDouble();
            assertThat(probability).isCloseTo(.001 + (margin + 6) / 9 * .499, within(1e-9));
            JsonNode bid = candidate.path("rules").get(0);
            assertThat(bid.path("rule").asString()).isEqualTo("bid");
            assertThat(bid.path("worth").asDouble()).isEqualTo(n / 100f);
            assertThat(bid.path("before").asDouble()).isCloseTo(probability, within(1e-12));
            assertThat(candidate.path("score").asDouble()).isCloseTo(probability * (n / 100f), within(1e-9));
            assertThat(candidate.path("score").asDouble())
                    .isLessThanOrEqualTo(before)
                    .isGreaterThanOrEqualTo(.005);
            before = candidate.path("score").asDouble();
        }
        assertThat(numbers(answer).subList(0, 2))
                .as("of the reader's topic, the dearest first")
                .containsExactly(13, 9);
        assertThat(why("user:5", ADS)).as("nobody told what it is worth").isEqualTo("rule bid");
        JsonNode floor = ask("user:5", "");
        assertThat(numbers(floor)).as("one of each advertiser").hasSize(2).contains(13);
        assertThat(why("user:5", 9)).isEqualTo("rule few-per-advertiser");
    }

    @Test
    void whatIsWorthLessThanTheReserveHasNoPlace() {
        List<Integer> answered = numbers(ask("user:5", UNCAPPED));
        List<Integer> low = new ArrayList<>();
        for (int n = 1; n < ADS; n++) {
            if (!answered.contains(n)) {
                low.add(n);
                assertThat(why("user:5", n)).isEqualTo("rule reserve");
            }
        }
        assertThat(low).isNotEmpty();
        assertThat(
                        numbers(
                                ask(
                                        "user:5",
                                        ", \"overrides\": {\"rules.few-per-advertiser.mode\": \"off\", \"rules.reserve.mode\": \"off\"}")))
                .containsAll(low)
                .hasSize(ADS - 1);
    }

    @Test
    void anAdThatWasSeenThreeTimesADayStaysAway() {
        assertThat(numbers(ask("user:9", UNCAPPED)).getFirst()).isEqualTo(13);
        tell("user:9", "ad-seen", "ad:13", 23 * 60);
        tell("user:9", "ad-seen", "ad:13", 25 * 60);
        tell("user:9", "ad-seen", "ad:13", 2);
        assertThat(numbers(ask("user:9", UNCAPPED)).getFirst()).isEqualTo(13);
        tell("user:9", "ad-seen", "ad:13", 1);
        assertThat(numbers(ask("user:9", UNCAPPED))).startsWith(9).doesNotContain(13);
        assertThat(why("user:9", 13)).isEqualTo("excluded not-too-often");
        assertThat(numbers(ask("user:13", UNCAPPED)).getFirst())
                .as("another's eyes")
                .isEqualTo(13);
    }

    @Test
    void blockedAdsAdvertisersAndCategoriesStayAway() {
        tell("user:17", "block-category", "topic:chess");
        assertThat(numbers(ask("user:17", UNCAPPED))).isNotEmpty().noneMatch(n -> n % 4 == 1);
        assertThat(why("user:17", 13)).isEqualTo("rule not-of-blocked");
        tell("user:21", "block-advertiser", "advertiser:1");
        assertThat(numbers(ask("user:21", UNCAPPED))).isNotEmpty().allMatch(n -> n <= 8);
        tell("user:25", "block-ad", "ad:13");
        assertThat(numbers(ask("user:25", UNCAPPED))).startsWith(9).doesNotContain(13);
    }

    @Test
    void aReleaseWithoutAdsIsPublishedAndAnswersNone() {
        try (TestService other = TestService.start(
                TestService.newDirectory(),
                options -> options.withConfigDirectory(service.directory.resolve("config")))) {
            other.publish("plain", 2);
            Http.Answer answer =
                    other.http.post("/v1/candidates", "{\"surface\": \"ads\", \"source\": {\"id\": \"user:5\"}}");
            assertThat(answer.text()).contains("twhin-ad").doesNotContain("\"ad:");
            assertThat(other.http
                            .post("/v1/candidates", "{\"surface\": \"follow\", \"source\": {\"id\": \"user:5\"}}")
                            .status())
                    .isEqualTo(200);
        }
    }
}
