package repscorer.api.tenants;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import repscorer.api.config.Tenant;
import repscorer.core.failure.ScorerException.Invalid;
import repscorer.core.failure.ScorerException.NotFound;
import repscorer.core.plan.Comparison;

/**
 * What a caller sees: all there is, or the part of a tenant. What is outside is told as what does not exist is: both go by the same
 * words, and by names of the tenant's own. Immutable.
 */
public final class World {

    private static final String ATTRIBUTE = World.class.getName();

    private static final World WHOLE = new World(null);

    private final @Nullable Tenant tenant;

    private World(@Nullable Tenant tenant) {
        this.tenant = tenant;
    }

    public static World of(Tenant tenant) {
        return new World(tenant);
    }

    /** Has a request see this and no more. */
    public void note(HttpServletRequest request) {
        request.setAttribute(ATTRIBUTE, this);
    }

    /** Of the caller of a request. */
    public static World of(HttpServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof World world ? world : WHOLE;
    }

    /** Of the caller of the request that this thread answers. */
    public static World current() {
        return RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes
                ? of(attributes.getRequest())
                : WHOLE;
    }

    /** Empty where all is seen. */
    public Optional<Tenant> tenant() {
        return Optional.ofNullable(tenant);
    }

    public boolean seesSurface(String surface) {
        return tenant == null || tenant.surfaces().contains(surface);
    }

    public boolean seesSpace(String space) {
        return tenant == null || tenant.spaces().contains(space);
    }

    /** A surface that a request names. */
    public void checkSurface(String surface) {
        if (tenant != null && !seesSurface(surface)) {
            throw new NotFound(
                    "unknown-surface", "no surface is called '%s'; there are %s".formatted(surface, tenant.surfaces()));
        }
    }

    /** A space that a path names. */
    public void checkSpace(String space) {
        if (!seesSpace(space)) {
            throw new NotFound("unknown-space", "space '%s' is not declared".formatted(space));
        }
    }

    /** A space that a field of a body names. */
    public void checkSpace(String field, String space) {
        if (tenant != null && !seesSpace(space)) {
            throw new NotFound(
                    "unknown-space",
                    "no space is called '%s' (%s); declared are %s".formatted(space, field, tenant.spaces()));
        }
    }

    /** The spaces that a request compares by. */
    public void check(Comparison comparison) {
        if (tenant != null) {
            checkSpace("sourceSpace", comparison.sourceSpace());
            checkSpace("candidateSpace", comparison.candidateSpace());
            comparison.translation().ifPresent(by -> checkSpace("translation.space", by.space()));
        }
    }

    /** A history that a request names. */
    void checkHistory(String field, String space) {
        if (!seesSpace(space)) {
            throw new Invalid("unknown-history", field, "no history space is called '%s'".formatted(space));
        }
    }

    /** What is told by space, of those that are seen. */
    public <V> Map<String, V> own(Map<String, V> bySpace) {
        if (tenant == null) {
            return bySpace;
        }
        Map<String, V> own = new TreeMap<>(bySpace);
        own.keySet().retainAll(tenant.spaces());
        return own;
    }

    /** Names of spaces, of those that are seen. */
    public List<String> own(List<String> spaces) {
        return tenant == null ? spaces : spaces.stream().filter(this::seesSpace).toList();
    }
}
