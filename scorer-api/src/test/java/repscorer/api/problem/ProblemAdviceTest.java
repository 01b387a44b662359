package repscorer.api.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.web.context.request.ServletWebRequest;
import repscorer.api.engine.StoreDirectory;
import repscorer.core.failure.ScorerException;
import repscorer.wire.ProblemBody;

/** The failures that no request can bring about on purpose. */
class ProblemAdviceTest {

    private final ProblemAdvice advice = new ProblemAdvice(new StoreDirectory(Path.of("data", "store")));
    private final ServletWebRequest request =
            new ServletWebRequest(new MockHttpServletRequest("POST", "/v1/candidates"));

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(new ScorerException.Invalid("c", "a.b[1]", "words"), 400, "a.b[1]", ""),
                Arguments.of(new ScorerException.Invalid("body-too-large", "body", "words"), 413, "body", ""),
                Arguments.of(new ScorerException.NotFound("c", "words"), 404, "", ""),
                Arguments.of(new ScorerException.Conflict("c", "words"), 409, "", ""),
                Arguments.of(new ScorerException.Rejected("c", "words"), 422, "", ""),
                Arguments.of(new ScorerException.NotReady("c", "words"), 503, "", "5"),
                Arguments.of(new ScorerException.Overloaded("c", "words"), 503, "", "1"),
                Arguments.of(
                        new ScorerException.Storage(
                                ScorerException.Storage.Reason.FULL, false, "words", new IOException("full")),
                        507,
                        "",
                        ""));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void eachKindOfFailureHasItsStatus(ScorerException failure, int status, String field, String retryAfter) {
        ResponseEntity<Object> answer = advice.refused(failure, request);

        ProblemBody problem = problem(answer);
        assertThat(answer.getStatusCode().value()).isEqualTo(status).isEqualTo(problem.status());
        assertThat(answer.getHeaders().getContentType()).isEqualTo(MediaType.APPLICATION_PROBLEM_JSON);
        assertThat(Objects.requireNonNullElse(answer.getHeaders().getFirst(HttpHeaders.RETRY_AFTER), ""))
                .isEqualTo(retryAfter);
        assertThat(problem.type()).isEqualTo("/problems/" + failure.code());
        assertThat(problem.detail()).isEqualTo("words");
        assertThat(problem.instance()).isEqualTo("/v1/candidates");
        assertThat(Objects.requireNonNullElse(problem.field(), "")).isEqualTo(field);
    }

    @Test
    void whatNobodyExpectedIs500WithAnIdAndNothingElse() {
        ResponseEntity<Object> answer =
                Objects.requireNonNull(advice.unexpected(new IllegalStateException("a secret of ours"), request));

        ProblemBody problem = problem(answer);
        assertThat(problem.status()).isEqualTo(500);
        assertThat(problem.code()).isEqualTo("internal-error");
        assertThat(problem.detail()).matches("the service failed; its log tells more under id [0-9a-f]{16}");
        assertThat(problem.toString()).doesNotContain("secret").doesNotContain("IllegalState");
    }

    @Test
    void anErrorOfTheMachineIs500Too() {
        assertThat(problem(Objects.requireNonNull(advice.unexpected(new OutOfMemoryError("heap"), request)))
                        .status())
                .isEqualTo(500);
    }

    @Test
    void aCallerThatHungUpIsNotAnswered() {
        assertThat(advice.unexpected(new IOException("Broken pipe"), request)).isNull();
    }

    private static ProblemBody problem(ResponseEntity<Object> answer) {
        return (ProblemBody) Objects.requireNonNull(answer.getBody());
    }
}
