package repscorer.api.problem;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import repscorer.core.failure.ScorerException;
import tools.jackson.databind.json.JsonMapper;

/** Answers what there is no room for as {@link ProblemAdvice} would, at a fraction of its cost: there are many of them at once. */
public final class QuickRefusal {

    private static final int STATUS = 503;

    private static final JsonMapper JSON = JsonMapper.shared();

    private QuickRefusal() {}

    public static void write(ScorerException.Overloaded e, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        byte[] body =
                JSON.writeValueAsBytes(Problems.body(STATUS, e.code(), e.getMessage(), request.getRequestURI(), null));
        response.setStatus(STATUS);
        response.setHeader(HttpHeaders.RETRY_AFTER, Integer.toString(ProblemAdvice.RETRY_OVERLOADED_SECONDS));
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
