package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What candidates must meet, over a running service with the shipped configuration. */
class FiltersHttpTest {

    private final Http http = TestService.shared().http;

    private static String body(String where) {
        return """
                {"surface": "follow", "source": {"id": "user:5"}, "k": 40, "filters": {"excludeHistories": [], "where": %s}}""".formatted(where.replace('`', '"'));
    }

    private List<String> answered(String where) {
        Http.Answer answer = http.post("/v1/candidates", body(where));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return StreamSupport.stream(answer.json().path("candidates").spliterator(), false)
                .map(candidate -> candidate.path("id").asString())
                .sorted()
                .toList();
    }

    @Test
    void conditionsAreJoined() {
        // User 1 follows users 2 and 3.
        assertThat(answered("{`list`: {`space`: `history-follow`, `of`: `user:1`}}"))
                .containsExactly("user:2", "user:3");
        assertThat(
                        answered(
                                "{`any`: [{`ids`: [`user:9`, `user:5`]}, {`list`: {`space`: `history-follow`, `of`: `user:1`}}]}"))
                .as("the source is none of them whatever is asked")
                .containsExactly("user:2", "user:3", "user:9");
        assertThat(answered("{`all`: [{`kinds`: [`user`]}, {`not`: {`ids`: [`user:9`]}}]}"))
                .hasSize(38)
                .doesNotContain("user:9");
        assertThat(answered("{`any`: []}")).isEmpty();
        assertThat(answered("{`all`: []}")).hasSize(39);
        assertThat(answered("{`weight`: {`space`: `simclusters-producer`, `column`: `cluster:2`, `min`: 0.5}}"))
                .as("those of the community whose greatest weight it is")
                .isNotEmpty()
                .allSatisfy(id -> assertThat(Integer.parseInt(id.substring(5)) % ReleaseFixture.COMMUNITIES)
                        .isEqualTo(2));
        assertThat(answered("{`age`: {`max`: `7d`}}"))
                .as("nothing tells when users were made")
                .isEmpty();
    }

    @Test
    void anAnswerThatFallsShortSaysThatItWasFiltered() {
        JsonNode json = http.post("/v1/candidates", body("{`ids`: [`user:9`]}")).json();
        assertThat(json.path("shortfall").asString())
                .isEqualTo(
                        "exhausted: 1 of 40; the searches found 1 candidates that meet filters.where, 1 ids were left out");
        assertThat(json.at("/provenance/plans/twhin~1user").asString())
                .as("the row accepted, and no other")
                .endsWith("scored=1");
    }

    @Test
    void whyNotNamesTheFilter() {
        JsonNode json = http.post(
                        "/v1/why-not",
                        body("{`ids`: [`user:9`]}").replace("{\"surface\"", "{\"id\": \"user:8\", \"surface\""))
                .json();
        assertThat(json.path("stage").asString()).as(json.toString()).isEqualTo("excluded");
        assertThat(json.path("by").asString()).isEqualTo("filters.where");
        assertThat(json.path("message").asString()).isEqualTo("it does not meet the request's filter");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{}|field-missing|filters.where|filters.where holds exactly one of all, any, not, kinds, ids, attribute, age, weight and list: 0 of them are there",
                "{`ids`: [], `kinds`: []}|condition-ambiguous|filters.where|filters.where holds exactly one of all, any, not, kinds, ids, attribute, age, weight and list: 2 of them are there",
                "{`all`: [{`any`: []}, null]}|field-missing|filters.where.all[1]|filters.where.all[1] is missing",
                "{`not`: {`ids`: [`user`]}}|malformed-id|filters.where.not.ids[0]|",
                "{`age`: {`max`: `soon`}}|malformed-condition|filters.where.age.max|filters.where.age.max: a duration is a whole number with ms, s, m or h, or d for days, such as 250ms: 'soon'",
                "{`age`: {`min`: `2d`, `max`: `1d`}}|malformed-condition|filters.where.age|",
                "{`attribute`: {`name`: `colour`, `values`: [`colour:red`]}}|unknown-attribute|filters.where.attribute.name|",
                "{`attribute`: {`name`: `colour`}}|field-missing|filters.where.attribute.values|",
                "{`list`: {`space`: `twhin-user`, `of`: `user:1`}}|dense-space|filters.where.list.space|twhin-user holds no lists: it is a dense space",
                "{`weight`: {`space`: `simclusters-producer`, `column`: `cluster:2`, `min`: 2, `max`: 1}}|malformed-condition|filters.where.weight|",
            })
    void whatCannotBeReadIsRefusedByItsPlace(String where, String code, String field, String detail) {
        Http.Answer answer = http.post("/v1/candidates", body(where));
        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(answer.json().path("code").asString()).as(answer.text()).isEqualTo(code);
        assertThat(answer.json().path("field").asString()).isEqualTo(field);
        if (detail != null) {
            assertThat(answer.json().path("detail").asString()).isEqualTo(detail);
        }
    }

    @Test
    void aFilterHasItsBounds() {
        String nested = "{`not`: ".repeat(10) + "{`any`: []}" + "}".repeat(10);
        assertThat(http.post("/v1/candidates", body(nested))
                        .json()
                        .path("detail")
                        .asString())
                .isEqualTo("a filter has at most 200 conditions, and at most 10 inside each other");
        String many = "{`any`: [%s]}".formatted(String.join(",", java.util.Collections.nCopies(200, "{`any`: []}")));
        assertThat(http.post("/v1/candidates", body(many)).json().path("code").asString())
                .isEqualTo("malformed-condition");
        assertThat(answered(
                        "{`any`: [%s]}".formatted(String.join(",", java.util.Collections.nCopies(199, "{`any`: []}")))))
                .isEmpty();
    }
}
