package repscorer.api.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import repscorer.api.config.ServiceConfig;
import repscorer.api.engine.LiveConfig;
import repscorer.api.problem.RefusedException;
import repscorer.core.experiment.Switches.Kind;

/**
 * Lets a request through to a handler that {@link Needs} a role only with a key that has it, or the admin token: {@code
 * Authorization: Bearer …}. Where reads are open they need neither.
 */
@Component
final class AccessInterceptor implements Access, HandlerInterceptor, WebMvcConfigurer {

    private static final Logger LOG = LoggerFactory.getLogger(AccessInterceptor.class);

    /** Lines of the log about refused tokens are this far apart: who guesses does not fill the disk. */
    private static final long LINES_NANOS_APART = Duration.ofSeconds(1).toNanos();

    private final Callers callers;
    private final LiveConfig live;
    private final boolean openReads;
    private final AtomicLong lineAt = new AtomicLong(System.nanoTime() - LINES_NANOS_APART);
    private final AtomicLong untold = new AtomicLong();

    AccessInterceptor(Callers callers, ServiceConfig config, LiveConfig live) {
        this.callers = callers;
        this.live = live;
        this.openReads = config.settings().openReads();
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(this);
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (!(handler instanceof HandlerMethod method)) {
            return true;
        }
        Needs needs = method.getMethodAnnotation(Needs.class);
        Role role = needs == null ? Role.READ : needs.value();
        if (!isOpen(role)) {
            show(request, role);
        } else if (live.serving().config().switches().concern(Kind.CALLER)) {
            callers.shown(request).holder().ifPresent(holder -> Caller.note(request, holder.name()));
        }
        if (role == Role.READ || role == Role.READ_VECTORS || role == Role.READ_SIGNALS) {
            checkSwitch(request);
        }
        return true;
    }

    private boolean isOpen(Role role) {
        return openReads && (role == Role.READ || role == Role.READ_VECTORS);
    }

    @Override
    public void check(HttpServletRequest request, Role role) {
        if (!isOpen(role)) {
            show(request, role);
        }
    }

    @Override
    public boolean allows(HttpServletRequest request, Role role) {
        Shown shown = callers.shown(request);
        return isOpen(role)
                || shown.admin()
                || shown.holder()
                        .filter(holder -> !callers.isExpired(holder) && holder.has(role))
                        .isPresent();
    }

    /** Whom nobody serves at all is refused here, whatever it asks; who is served in part, by what asks for a unit. */
    private void checkSwitch(HttpServletRequest request) {
        Caller.of(request).ifPresent(name -> {
            if (CallerSwitch.isOff(live.serving(), name)) {
                throw CallerSwitch.refusal(name);
            }
        });
    }

    private void show(HttpServletRequest request, Role role) {
        Shown shown = callers.shown(request);
        if (!shown.bearer()) {
            throw new RefusedException(
                    HttpStatus.UNAUTHORIZED,
                    "token-missing",
                    "this route needs a key with the role %s, or the admin token: Authorization: Bearer KEY"
                            .formatted(role),
                    challenge(""));
        }
        if (shown.admin()) {
            Caller.note(request, Caller.ADMIN);
            return;
        }
        Shown.Holder holder = shown.holder().orElse(null);
        if (holder == null) {
            tell(request);
            throw refused("token-wrong", "the token is neither the admin token nor a key", "invalid_token");
        }
        if (callers.isExpired(holder)) {
            throw refused(
                    "key-expired",
                    "%s expired at %s".formatted(holder.text(), holder.expires().orElseThrow()),
                    "invalid_token");
        }
        if (!holder.has(role)) {
            throw refused(
                    "role-missing",
                    "this route needs the role %s; %s has %s"
                            .formatted(
                                    role,
                                    holder.text(),
                                    holder.roles().stream().sorted().toList()),
                    "insufficient_scope");
        }
        Caller.note(request, holder.name());
    }

    private static RefusedException refused(String code, String message, String error) {
        return new RefusedException(HttpStatus.FORBIDDEN, code, message, challenge(", error=\"%s\"".formatted(error)));
    }

    private void tell(HttpServletRequest request) {
        long now = System.nanoTime();
        long last = lineAt.get();
        if (now - last < LINES_NANOS_APART || !lineAt.compareAndSet(last, now)) {
            untold.incrementAndGet();
            return;
        }
        LOG.warn(
                "a wrong token from {} was refused: {} {} ({} more since the last such line)",
                request.getRemoteAddr(),
                request.getMethod(),
                request.getRequestURI(),
                untold.getAndSet(0));
    }

    private static HttpHeaders challenge(String more) {
        HttpHeaders headers = new HttpHeaders();
        headers.set(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"repscorer\"" + more);
        return headers;
    }
}
