package repscorer.api.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Status;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.servlet.HandlerMapping;

class SearchHealthTest {

    private static final long HALF_A_MINUTE = Duration.ofSeconds(30).toNanos();

    private final SearchHealth health = new SearchHealth();

    @Test
    @DisplayName("S45: readiness is out of service while every question fails, and tries again")
    void failuresInARowClose() {
        for (int i = 1; i < SearchHealth.FAILURES_MAX; i++) {
            health.answered(500, i);
        }
        assertThat(health.health(10).getStatus()).isEqualTo(Status.UP);

        health.answered(500, 100);
        assertThat(health.health(101).getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
        assertThat(health.health(101).getDetails()).containsKey("failed");
        assertThat(health.health(100 + HALF_A_MINUTE).getStatus()).isEqualTo(Status.UP);

        health.answered(500, 200 + HALF_A_MINUTE);
        assertThat(health.health(201 + HALF_A_MINUTE).getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
        health.answered(200, 202 + HALF_A_MINUTE);
        assertThat(health.health(203 + HALF_A_MINUTE).getStatus()).isEqualTo(Status.UP);
    }

    @Test
    @DisplayName("S45: one answer in between, or callers' mistakes and refusals, close nothing")
    void whatIsNoFaultOfOursDoesNotCount() {
        for (int i = 0; i < 100; i++) {
            health.answered(i % 4 == 3 ? 200 : 500, i);
        }
        assertThat(health.health(100).getStatus()).isEqualTo(Status.UP);
        for (int status : new int[] {400, 404, 422, 503, 503, 503, 507}) {
            health.answered(status, 101);
        }
        assertThat(health.health(102).getStatus()).isEqualTo(Status.UP);
    }

    @Test
    @DisplayName("S45: only questions count, by their route")
    void onlyQuestionsCount() {
        for (int i = 0; i < 10; i++) {
            completed("/v1/releases");
        }
        assertThat(health.health().getStatus()).isEqualTo(Status.UP);
        for (String route : new String[] {
            "/v1/candidates", "/v1/scores", "/v1/scores/pairs", "/v1/why-not", "/v1/features/engagement"
        }) {
            completed(route);
        }
        assertThat(health.health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
    }

    private void completed(String route) {
        MockHttpServletRequest request = new MockHttpServletRequest("POST", route);
        request.setAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE, route);
        MockHttpServletResponse response = new MockHttpServletResponse();
        response.setStatus(500);
        health.afterCompletion(request, response, new Object(), null);
    }
}
