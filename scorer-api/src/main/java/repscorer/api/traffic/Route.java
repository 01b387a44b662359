package repscorer.api.traffic;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;

/** How a request is let in. */
enum Route {
    /** Health and metrics: always, on the thread that read the request. */
    PROBE,
    /** What administrators change: streams to and from disks and builds that take minutes, on threads of their own. */
    CHANGE,
    /** All else: body read whole, computed with a permit, answered whole. */
    ANSWER;

    private static final List<String> CHANGED = List.of(
            "/v1/releases/",
            "/v1/spaces/",
            "/v1/signals",
            "/v1/config/",
            "/v1/outcomes",
            "/v1/experiments/",
            "/v1/switches/",
            "/v1/erasures");

    static Route of(HttpServletRequest request) {
        String path = request.getServletPath();
        if (isProbe(path)) {
            return PROBE;
        }
        boolean changes =
                !request.getMethod().equals("GET") && !request.getMethod().equals("HEAD");
        return changes && CHANGED.stream().anyMatch(path::startsWith) ? CHANGE : ANSWER;
    }

    static boolean isProbe(String path) {
        return path.equals("/actuator") || path.startsWith("/actuator/");
    }
}
