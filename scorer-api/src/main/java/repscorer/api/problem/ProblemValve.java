package repscorer.api.problem;

import java.io.IOException;
import java.io.Writer;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers what Tomcat refuses before it looks for an application, such as a malformed address. Public because Tomcat makes
 * it by name.
 */
public final class ProblemValve extends ErrorReportValve {

    private static final JsonMapper JSON = JsonMapper.shared();

    @Override
    protected void report(Request request, Response response, @Nullable Throwable throwable) {
        int status = response.getStatus();
        if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        try {
            ContainerRefusal refusal = ContainerRefusal.of(request, status, throwable);
            String path = request.getCoyoteRequest().requestURI().isNull()
                    ? null
                    : request.getCoyoteRequest().requestURI().toString();
            response.setStatus(refusal.status());
            response.setContentType("application/problem+json");
            response.setCharacterEncoding("utf-8");
            response.setHeader("X-Content-Type-Options", "nosniff");
            Writer writer = response.getReporter();
            if (writer != null) {
                writer.write(JSON.writeValueAsString(
                        Problems.body(refusal.status(), refusal.code(), refusal.detail(), path, null)));
                response.finishResponse();
            }
        } catch (IOException | IllegalStateException e) {
            container.getLogger().debug("no problem document could be written", e);
        }
    }
}
