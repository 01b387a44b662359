package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class CandidatesHttpTest {

    private final Http http = TestService.shared().http;

    @Test
    void aUserIsShownOthersOfItsCommunity() {
        Http.Answer answer = http.post("/v1/candidates", """
                {"surface": "follow", "source": {"id": "user:5"}, "k": 5}""");

        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.type()).startsWith("application/json");
        JsonNode json = answer.json();
        assertThat(json.path("surface").asString()).isEqualTo("follow");
        assertThat(json.path("k").asInt()).isEqualTo(5);
        assertThat(json.path("returned").asInt()).isEqualTo(5);
        assertThat(ids(json))
                .hasSize(5)
                .doesNotContain("user:5")
                .allSatisfy(id -> assertThat(Integer.parseInt(id.substring(5)) % ReleaseFixture.COMMUNITIES)
                        .isEqualTo(1));
        assertThat(json.path("candidates").get(0).path("rank").asInt()).isEqualTo(1);
        assertThat(json.path("candidates").get(0).has("columns")).isFalse();
        JsonNode provenance = json.path("provenance");
        assertThat(provenance.path("release").asString()).isEqualTo("one");
        assertThat(provenance.path("versions").propertyNames()).contains("twhin-user", "simclusters-producer");
        assertThat(answer.header("X-Decision-Id"))
                .isNotBlank()
                .isEqualTo(provenance.path("decisionId").asString());
    }

    @Test
    void whomAUserFollowsIsLeftOutUnlessHistoriesAreWaived() {
        Http.Answer usual = http.post("/v1/candidates", """
                {"surface": "follow", "source": {"id": "user:1"}, "k": 39}""");
        Http.Answer waived = http.post("/v1/candidates", """
                {"surface": "follow", "source": {"id": "user:1"}, "k": 39, "filters": {"excludeHistories": []}}""");

        assertThat(ids(usual.json())).doesNotContain("user:2", "user:3", "user:1");
        assertThat(ids(waived.json())).contains("user:2", "user:3");
    }

    @Test
    void aHundredThousandSeenIdsAreLeftOut() {
        String seen = IntStream.range(0, 99_999)
                .mapToObj(i -> String.format(Locale.ROOT, "\"user:15418156036%08d\"", i))
                .collect(Collectors.joining(","));
        Http.Answer answer = http.post("/v1/candidates", """
                {"surface": "follow", "source": {"id": "user:5"}, "k": 40, "filters": {"excludeIds": [%s,"user:9"]}}""".formatted(seen));

        assertThat(answer.status()).as("%s bytes", seen.length()).isEqualTo(200);
        assertThat(ids(answer.json())).doesNotContain("user:9").hasSize(38);
    }

    @Test
    void theBestOfAllEntitiesAreAnsweredOnRequest() {
        JsonNode union = http.post("/v1/candidates", """
                        {"surface": "follow", "source": {"id": "user:5"}, "k": 3}""").json();
        JsonNode all = http.post("/v1/candidates", """
                        {"surface": "follow", "source": {"id": "user:5"}, "k": 3,
                         "overrides": {"optimal": true, "optimal.budget-ms": 60000}}""").json();

        assertThat(union.path("ranked").path("plan").asString()).isEqualTo("union");
        assertThat(union.path("ranked").path("optimal").asBoolean()).isFalse();
        assertThat(union.path("ranked").has("gap")).isFalse();
        assertThat(all.path("ranked").path("plan").asString()).isEqualTo("all");
        assertThat(all.path("ranked").path("optimal").asBoolean()).isTrue();
        assertThat(all.path("ranked").path("gap").asDouble()).isZero();
        assertThat(ids(all)).hasSize(3).doesNotContain("user:5");
        assertThat(http.post("/v1/candidates", """
                        {"surface": "follow", "source": {"id": "user:5"},
                         "overrides": {"optimal": true, "blend.normalizer": "softmax"}}""").problem()).isEqualTo("400 optimal-needs-linear overrides.optimal");
    }

    @Test
    void explanationsAddUpToTheScore() {
        JsonNode json = http.post("/v1/candidates", """
                        {"surface": "follow", "source": {"id": "user:5"}, "k": 3, "explain": true}""").json();

        assertThat(json.path("candidates")).hasSize(3);
        for (JsonNode candidate : json.path("candidates")) {
            double sum = 0;
            for (JsonNode column : candidate.path("columns")) {
                sum += column.path("contribution").asDouble();
            }
            assertThat(sum).isCloseTo(candidate.path("score").asDouble(), org.assertj.core.data.Offset.offset(1e-9));
            assertThat(candidate.path("sharedClusters")).isNotEmpty();
        }
    }

    @Test
    void severalSourcesATopicAndVectorsAreSources() {
        List<String> sources = List.of("""
                {"ids": [{"id": "user:5", "weight": 2}, {"id": "user:9"}]}""", """
                {"id": "topic:rock/pop"}""", """
                {"vector": %s}""".formatted(vector(ReleaseFixture.DIMENSION)), """
                {"clusters": [{"cluster": 2, "weight": 1}, {"cluster": 0, "weight": 0.5}]}""");

        for (String source : sources) {
            Http.Answer answer = http.post("/v1/candidates", """
                    {"surface": "follow", "source": %s, "k": 4}""".formatted(source));
            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
            assertThat(ids(answer.json())).hasSize(4);
        }
    }

    @Test
    @DisplayName(
            "S41 an inline vector whose norm overflows, and one of zeros under the cosine, are told what they lack")
    void vectorsThatCannotBeComparedAreRefused() {
        for (String value : List.of("3e38", "0")) {
            String vector = String.join(",", Collections.nCopies(ReleaseFixture.DIMENSION, value));
            for (String path : List.of("/v1/candidates", "/v1/scores")) {
                String rest = path.endsWith("scores") ? ", \"candidates\": [\"user:1\"]" : "";
                Http.Answer answer = http.post(path, """
                        {"surface": "follow", "source": {"vector": [%s]}%s}""".formatted(vector, rest));
                assertThat(answer.problem())
                        .as(answer.text())
                        .isEqualTo(
                                value.equals("0")
                                        ? "400 zero-vector source.vector"
                                        : "400 norm-not-finite source.vector");
            }
        }
    }

    @Test
    void filtersAndOverridesHold() {
        Http.Answer answer = http.post("/v1/candidates", """
                {"surface": "follow", "source": {"id": "user:5"}, "k": 3,
                 "filters": {"kinds": ["user"], "excludeIds": ["user:9", "user:13"]},
                 "overrides": {"columns.twhin.weight": 0, "columns.twhin.exact": true, "blend.method": "reciprocal-rank"}}""");

        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(ids(answer.json())).hasSize(3).doesNotContain("user:9", "user:13");
    }

    @Test
    void aUnitIsToldItsVariant() {
        JsonNode json = http.post("/v1/candidates", """
                        {"surface": "follow", "source": {"id": "user:5"}, "unit": "user:5"}""").json();

        assertThat(json.path("provenance").path("experiments"))
                .singleElement()
                .satisfies(assigned ->
                        assertThat(assigned.path("experiment").asString()).isEqualTo("follow-blend"));
    }

    @Test
    void aSourceThatOneColumnLacksIsAnsweredWithANotice() {
        JsonNode json = http.post("/v1/candidates", """
                        {"surface": "follow", "source": {"id": "user:41"}, "k": 3}""").json();

        assertThat(json.path("candidates")).hasSize(3);
        assertThat(json.path("provenance").path("notices"))
                .anySatisfy(
                        notice -> assertThat(notice.path("column").asString()).isEqualTo("twhin"));
    }

    @Test
    void fewerThanAskedForComeWithAReason() {
        JsonNode json = http.post("/v1/candidates", """
                        {"surface": "follow", "source": {"id": "user:5"}, "k": 1000}""").json();

        assertThat(json.path("returned").asInt()).isLessThan(1000);
        assertThat(json.path("shortfall").asString()).isNotBlank();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | 400 field-missing surface",
                "{`surface`: `follow`} | 400 field-missing source",
                "{`surface`: ` `, `source`: {`id`: `user:1`}} | 400 field-missing surface",
                "{`surface`: `follow`, `source`: {}} | 400 field-missing source",
                "{`surface`: `follow`, `source`: {`id`: `user:1`, `vector`: [1]}} | 400 source-ambiguous source",
                "{`surface`: `follow`, `source`: {`id`: `user`}} | 400 malformed-id source.id",
                "{`surface`: `follow`, `source`: {`ids`: [{`id`: `user:1`}, {`id`: `USER:1`}]}} | 400 malformed-id source.ids[1].id",
                "{`surface`: `follow`, `source`: {`ids`: [{`id`: `user:1`, `weight`: -1}]}} | 400 out-of-range source.ids[0].weight",
                "{`surface`: `follow`, `source`: {`ids`: []}} | 400 malformed-source source.ids",
                "{`surface`: `follow`, `source`: {`ids`: [null]}} | 400 field-missing source.ids[0]",
                "{`surface`: `follow`, `source`: {`id`: `user:1`}, `k`: 0} | 400 out-of-range k",
                "{`surface`: `follow`, `source`: {`id`: `user:1`}, `k`: 1001} | 400 out-of-range k",
                "{`surface`: `follow`, `source`: {`id`: `user:1`}, `k`: 2.5} | 400 wrong-type k",
                "{`surface`: `follow`, `source`: {`id`: `user:1`}, `k`: `5`} | 400 wrong-type k",
                "{`surface`: `follow`, `source`: {`id`: `user:1`}, `k`: 99999999999} | 400 out-of-range k",
                "{`surface`: `follow`, `source`: {`id`: 12}} | 400 wrong-type source.id",
                "{`surface`: `follow`, `source`: {`id`: `user:1`}, `explain`: `yes`} | 400 wrong-type explain",
                "{`surface`: `follow`, `source`: {`id`: `user:1`}, `kay`: 5} | 400 unknown-key kay",
                "{`surface`: `follow`, `source`: {`id`: `user:1`, `idd`: 5}} | 400 unknown-key source.idd",
                "{`surface`: `follow`, `source`: {`id`: `user:1`}, `filters`: {`kinds`: [`User`]}} | 400 malformed-kind filters.kinds[0]",
                "{`surface`: `follow`, `source`: {`id`: `user:1`}, `filters`: {`excludeIds`: [`user:1`, `12`]}} | 400 malformed-id filters.excludeIds[1]",
                "{`surface`: `follow`, `source`: {`id`: `user:1`}, `overrides`: {`columns.twhin.ef`: 99999}} | 400 out-of-range overrides.columns.twhin.ef",
                "{`surface`: `follow`, `source`: {`id`: `user:1`}, `overrides`: {`columns.twhin.weight`: [1]}} | 400 malformed-override overrides.columns.twhin.weight",
                "{`surface`: `follow`, `source`: {`id`: `user:1`}, `unit`: ``} | 400 malformed-unit unit",
                "{`surface`: `follow`, `source`: {`vector`: [1, NaN]}} | 400 not-finite source.vector[1]",
                "{`surface`: `follow`, `source`: {`vector`: [1, `NaN`]}} | 400 not-finite source.vector[1]",
                "{`surface`: `follow`, `source`: {`vector`: [1, 1e40]}} | 400 not-finite source.vector[1]",
                "{`surface`: `follow`, `source`: {`vector`: [1, `x`]}} | 400 wrong-type source.vector[1]",
                "{`surface`: `follow`, `source`: {`clusters`: [{`cluster`: 1, `weight`: 0}]}} | 400 malformed-source source.clusters",
                "{`surface`: `follow`, `source`: {`clusters`: [{`cluster`: 1, `weight`: 1}, {`cluster`: 1, `weight`: 1}]}} | 400 malformed-source source.clusters",
                "{`surface`: `follow`, `source`: {`clusters`: []}} | 400 malformed-source source.clusters"
            })
    void aBadRequestIsNamedByCodeAndField(String body, String problem) {
        Http.Answer answer = http.post("/v1/candidates", body.replace('`', '"'));

        assertThat(answer.problem()).as(answer.text()).isEqualTo(problem);
        assertThat(answer.type()).startsWith("application/problem+json");
        assertThat(answer.json().path("status").asInt()).isEqualTo(answer.status());
        assertThat(answer.json().path("instance").asString()).isEqualTo("/v1/candidates");
        assertThat(answer.json().path("type").asString())
                .isEqualTo("/problems/" + answer.json().path("code").asString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{`surface`: `home`, `source`: {`id`: `user:1`}} | 404",
                "{`surface`: `follow`, `source`: {`id`: `user:999`}} | 404",
                "{`surface`: `follow`, `source`: {`id`: `tweet:1`}} | 400",
                "{`surface`: `follow`, `source`: {`id`: `user:1`}, `filters`: {`kinds`: [`tweet`]}} | 400",
                "{`surface`: `follow`, `source`: {`vector`: [1, 2, 3]}} | 400",
                "{`surface`: `follow`, `source`: {`id`: `user:1`}, `overrides`: {`release`: `nine`}} | 404",
                "{`surface`: `follow`, `source`: {`id`: `user:1`}, `overrides`: {`columns.nine.weight`: 1}} | 400",
                "{`surface`: `follow`, `source`: {`id`: `user:1`}, `overrides`: {`columns.twhin.weight`: -1}} | 400",
                "{`surface`: `follow`, `source`: {`id`: `user:1`}, `filters`: {`excludeHistories`: [`history-nine`]}} | 400",
                "{`surface`: `tweet`, `source`: {`id`: `user:1`}} | 503"
            })
    void whatScoringRefusesIsAProblemToo(String body, int status) {
        Http.Answer answer = http.post("/v1/candidates", body.replace('`', '"'));

        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.type()).startsWith("application/problem+json");
        assertThat(answer.detail()).isNotBlank();
        if (status == 503) {
            assertThat(answer.header("Retry-After")).isEqualTo("5");
        }
    }

    @Test
    void listsHaveLimits() {
        String ids = IntStream.rangeClosed(1, 101)
                .mapToObj("{\"id\": \"user:%s\"}"::formatted)
                .collect(Collectors.joining(","));
        String kinds = IntStream.rangeClosed(1, 101).mapToObj(i -> "\"user\"").collect(Collectors.joining(","));

        assertThat(http.post("/v1/candidates", """
                                {"surface": "follow", "source": {"ids": [%s]}}""".formatted(ids)).problem()).isEqualTo("400 list-too-long source.ids");
        assertThat(http.post("/v1/candidates", """
                                {"surface": "follow", "source": {"id": "user:1"}, "filters": {"kinds": [%s]}}""".formatted(kinds)).problem())
                .isEqualTo("400 list-too-long filters.kinds");
    }

    private static List<String> ids(JsonNode json) {
        List<String> ids = new ArrayList<>();
        json.path("candidates")
                .forEach(candidate -> ids.add(candidate.path("id").asString()));
        return ids;
    }

    private static String vector(int dimension) {
        return IntStream.range(0, dimension)
                .mapToObj(i -> Double.toString(Math.sin(i + 1)))
                .collect(Collectors.joining(",", "[", "]"));
    }
}
