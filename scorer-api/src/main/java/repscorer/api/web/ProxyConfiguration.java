package repscorer.api.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.springdoc.core.customizers.ServerBaseUrlCustomizer;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.http.HttpStatus;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.CorsUtils;
import org.springframework.web.cors.DefaultCorsProcessor;
import org.springframework.web.filter.ForwardedHeaderFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;
import repscorer.api.config.HttpSettings;
import repscorer.api.config.ServiceConfig;
import repscorer.api.problem.RefusedException;
import repscorer.api.problem.RequestFilter;

/** The proxy before the service, and pages of other origins: both believed only as far as {@code http} says. */
@Configuration(proxyBeanMethods = false)
class ProxyConfiguration {

    private static final Duration PREFLIGHT_KEPT = Duration.ofMinutes(10);

    /** Without the setting such headers are anybody's, and nobody reads them. */
    @Bean
    FilterRegistrationBean<ForwardedHeaderFilter> forwardedHeaders(ServiceConfig config) {
        ForwardedHeaderFilter filter = new ForwardedHeaderFilter();
        filter.setRelativeRedirects(true);
        FilterRegistrationBean<ForwardedHeaderFilter> registration = new FilterRegistrationBean<>(filter);
        registration.setEnabled(config.settings().http().forwardedHeaders());
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 2); // after the check of the name that was really asked
        return registration;
    }

    @Bean
    FilterRegistrationBean<OriginFilter> origins(
            ServiceConfig config, @Qualifier("handlerExceptionResolver") HandlerExceptionResolver resolver) {
        FilterRegistrationBean<OriginFilter> registration =
                new FilterRegistrationBean<>(new OriginFilter(config.settings().http(), resolver));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 3);
        return registration;
    }

    /** The path alone: whoever reads the document knows by which scheme and name it was reached. */
    @Bean
    ServerBaseUrlCustomizer server() {
        return (url, request) -> {
            String path = URI.create(url).getRawPath();
            return path == null || path.isEmpty() ? "/" : path;
        };
    }

    /** Lets pages of the origins given call, and refuses those of others. */
    static final class OriginFilter extends RequestFilter {

        private final CorsConfiguration allowed = new CorsConfiguration();
        private final boolean any;
        private final HandlerExceptionResolver resolver;

        OriginFilter(HttpSettings settings, HandlerExceptionResolver resolver) {
            this.any = !settings.corsOrigins().isEmpty();
            this.resolver = resolver;
            allowed.setAllowedOrigins(settings.corsOrigins());
            allowed.setAllowedMethods(List.of("GET", "POST", "PUT", "DELETE"));
            allowed.setAllowedHeaders(List.of(
                    "Authorization",
                    "Content-Type",
                    "Accept",
                    "If-Match",
                    "If-None-Match",
                    "MCP-Protocol-Version",
                    "Mcp-Method",
                    "Mcp-Name"));
            allowed.setExposedHeaders(List.of("X-Decision-Id", "X-Release", "X-Version", "Retry-After", "ETag"));
            allowed.setMaxAge(PREFLIGHT_KEPT);
        }

        @Override
        protected void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws ServletException, IOException {
            boolean preflight = CorsUtils.isPreFlightRequest(request);
            if (!any && !preflight) {
                chain.doFilter(request, response);
                return;
            }
            boolean valid = new DefaultCorsProcessor() {
                @Override
                protected void rejectRequest(org.springframework.http.server.ServerHttpResponse ignored) {
                    // Told below, as a problem.
                }
            }.processRequest(allowed, request, response);
            if (!valid) {
                resolver.resolveException(request, response, null, refusal(request));
            } else if (preflight) {
                response.setStatus(HttpStatus.NO_CONTENT.value());
            } else {
                chain.doFilter(request, response);
            }
        }

        private RefusedException refusal(HttpServletRequest request) {
            return new RefusedException(
                    HttpStatus.FORBIDDEN,
                    "origin-refused",
                    "http.cors-origins, methods %s and headers %s are what pages of other origins may use: %s"
                            .formatted(
                                    allowed.getAllowedMethods(),
                                    allowed.getAllowedHeaders(),
                                    request.getHeader("Origin")));
        }
    }
}
