package repscorer.api.security;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerExceptionResolver;
import repscorer.api.config.Tenant;
import repscorer.api.engine.LiveConfig;
import repscorer.api.problem.CheckingFilter;
import repscorer.api.problem.RefusedException;
import repscorer.api.tenants.World;

/** Holds requests that show a tenant's key to its quota of them, before their bodies are read, and to its world from there on. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 2) // before requests are let in
final class TenantFilter extends CheckingFilter {

    private static final String PROBES = "/actuator";

    private final Callers callers;
    private final LiveConfig live;
    private final TenantUse use;

    TenantFilter(
            Callers callers,
            LiveConfig live,
            TenantUse use,
            @Qualifier("handlerExceptionResolver") HandlerExceptionResolver resolver) {
        super(resolver);
        this.callers = callers;
        this.live = live;
        this.use = use;
    }

    /* A key that has expired is refused later where one is needed; where none is it opens no more than it did. */
    @Override
    protected void check(HttpServletRequest request) {
        if (request.getServletPath().startsWith(PROBES)) {
            return;
        }
        Optional<Shown.Holder> holder = callers.shown(request).holder();
        if (holder.isEmpty() || holder.get().tenant().isEmpty()) {
            return;
        }
        String name = holder.get().tenant().get();
        Tenant tenant = live.serving().config().tenants().get(name);
        if (tenant == null) {
            throw new RefusedException(
                    HttpStatus.FORBIDDEN,
                    "tenant-unknown",
                    "%s is of tenant %s, which is not declared"
                            .formatted(holder.get().text(), name));
        }
        if (!callers.isExpired(holder.get())) {
            long wait = use.admit(tenant, System.nanoTime());
            if (wait > 0) {
                throw OverQuota.requests(tenant, wait);
            }
        }
        World.of(tenant).note(request);
    }
}
