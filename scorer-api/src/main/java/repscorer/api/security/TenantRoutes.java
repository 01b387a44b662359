package repscorer.api.security;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import repscorer.api.config.Tenant;
import repscorer.api.problem.RefusedException;
import repscorer.api.tenants.ForTenants;
import repscorer.api.tenants.World;

/** Refuses keys of tenants on routes that are not {@link ForTenants}: one that says nothing is the whole service's. */
@Component
final class TenantRoutes implements HandlerInterceptor, WebMvcConfigurer {

    /** Behind the one that asks for roles, so that what a key lacks is told first. */
    private static final int ORDER = 1;

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(this).order(ORDER);
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        Optional<Tenant> tenant = World.of(request).tenant();
        if (tenant.isPresent()
                && request.getDispatcherType() == DispatcherType.REQUEST
                && handler instanceof HandlerMethod method
                && !method.hasMethodAnnotation(ForTenants.class)) {
            throw new RefusedException(
                    HttpStatus.FORBIDDEN,
                    "tenant-route",
                    "this route concerns the whole service; the key that was shown is of tenant %s"
                            .formatted(tenant.get().name()));
        }
        return true;
    }
}
