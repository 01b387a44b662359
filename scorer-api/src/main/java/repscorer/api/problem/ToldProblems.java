package repscorer.api.problem;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Objects;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import org.springframework.web.context.request.ServletWebRequest;
import repscorer.core.failure.ScorerException;
import repscorer.wire.ProblemBody;
import tools.jackson.core.JacksonException;

/** The problems that {@link ProblemAdvice} would answer, for who puts them into an answer of another form. Safe for concurrent use. */
@Component
public final class ToldProblems {

    private final ProblemAdvice advice;

    ToldProblems(ProblemAdvice advice) {
        this.advice = advice;
    }

    public ProblemBody of(ScorerException e, HttpServletRequest request) {
        return body(advice.refused(e, new ServletWebRequest(request)));
    }

    public ProblemBody of(RefusedException e, HttpServletRequest request) {
        return body(advice.refused(e, new ServletWebRequest(request)));
    }

    /** What is wrong with JSON that is no such record. */
    public ProblemBody of(JacksonException e, HttpServletRequest request) {
        return body(ProblemAdvice.unreadable(e, new ServletWebRequest(request)));
    }

    private static ProblemBody body(ResponseEntity<Object> answer) {
        return (ProblemBody) Objects.requireNonNull(answer.getBody());
    }
}
