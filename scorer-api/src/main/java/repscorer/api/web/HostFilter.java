package repscorer.api.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerExceptionResolver;
import repscorer.api.config.ServiceConfig;
import repscorer.api.config.ServiceSettings;
import repscorer.api.problem.CheckingFilter;
import repscorer.api.problem.Problems;
import repscorer.api.problem.RefusedException;

/**
 * Answers to the service's own names only. A page that points its own name at this machine (DNS rebinding) is of one origin
 * with the service to a browser; the name in {@code Host} gives it away. An address in its place cannot be rebound.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 1)
final class HostFilter extends CheckingFilter {

    private static final Pattern ADDRESS = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|\\[[0-9A-Fa-f:.]{2,45}]");
    private static final Pattern PORT = Pattern.compile(":[0-9]{0,5}$");

    private final Set<String> names;
    private final boolean checked;

    /** The last that was ours: callers mostly say the same. A racy read costs no more than another look. */
    private String ours = "";

    HostFilter(ServiceConfig config, @Qualifier("handlerExceptionResolver") HandlerExceptionResolver resolver) {
        super(resolver);
        ServiceSettings settings = config.settings();
        this.names = new HashSet<>(settings.http().hosts());
        this.names.add("localhost");
        this.names.add(settings.address().toLowerCase(Locale.ROOT));
        this.checked = !settings.http().hosts().isEmpty() || settings.listensOnLoopback();
    }

    @Override
    protected void check(HttpServletRequest request) {
        String host = request.getHeader(HttpHeaders.HOST);
        if (!checked || host == null || host.equals(ours)) {
            return;
        }
        if (!isOurs(host)) {
            throw new RefusedException(
                    HttpStatus.MISDIRECTED_REQUEST,
                    "unknown-host",
                    "the service is not called '%s' (header Host); http.hosts may name it"
                            .formatted(Problems.clipped(host)));
        }
        ours = host;
    }

    private boolean isOurs(String host) {
        String name = PORT.matcher(host).replaceFirst("").toLowerCase(Locale.ROOT);
        return names.contains(name) || ADDRESS.matcher(name).matches();
    }
}
