package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a service answers does not depend on where it runs. */
class LocalesHttpTest {

    private static TestService service;
    private static Http http;

    private final Locale locale = Locale.getDefault();

    @BeforeAll
    static void start() {
        service = TestService.start(TestService.newDirectory(), options -> options);
        service.publish("one", 1);
        http = service.http;
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @AfterEach
    void comeHome() {
        Locale.setDefault(locale);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ne-NP", "ar-EG", "tr-TR", "fa-IR"})
    @DisplayName("S19 answers, sums of streams and problems are the same in every place")
    void answersAreTheSame(String tag) {
        String vector = "[1" + ",0".repeat(ReleaseFixture.DIMENSION - 1) + "]";
        Locale.setDefault(Locale.forLanguageTag(tag));

        Http.Answer stream = http.send(
                "POST",
                "/v1/spaces/twhin-user/upserts?release=one",
                BodyPublishers.ofString("{\"id\":\"user:900\",\"vector\":" + vector + "}\n{\"id\":\"user:901\"}\n"),
                List.of("Content-Type", "application/x-ndjson", "Authorization", "Bearer " + Http.TOKEN));
        assertThat(stream.text().lines().toList().getLast())
                .isEqualTo("{\"release\":\"one\",\"lines\":2,\"accepted\":1,\"duplicates\":0,\"refused\":1}");
        Http.Answer problem = http.post(
                "/v1/candidates", "{\"surface\": \"follow\", \"source\": {\"id\": \"user:7\"}, \"k\": 1000000}");
        assertThat(problem.problem()).isEqualTo("400 out-of-range k");
        assertThat(problem.detail()).isEqualTo("k must be 1 to 1000: 1000000");
        Http.Answer answer =
                http.post("/v1/candidates", "{\"surface\": \"follow\", \"source\": {\"id\": \"user:7\"}, \"k\": 200}");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text().chars().filter(c -> c > 127 && Character.isDigit(c)))
                .isEmpty();
        assertThat(http.get("/v1/surfaces").text().chars().filter(c -> c > 127 && Character.isDigit(c)))
                .isEmpty();
    }
}
