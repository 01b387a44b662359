package repscorer.api.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import repscorer.api.config.JwtSettings;
import repscorer.api.config.ServiceConfig;
import repscorer.api.problem.RefusedException;

/**
 * Tells who holds a token of the configured issuer. One that is not wholly right is none: nothing says which part was wrong. Safe for
 * concurrent use.
 */
@Component
final class JwtTokens implements DisposableBean {

    /** Names of callers by tokens begin so; names of keys have no colon. */
    private static final String PREFIX = "jwt:";

    private static final String NAME = "[A-Za-z0-9._@:/|+=-]{1,128}";
    private static final Set<JWSAlgorithm> ALGORITHMS = Set.of(JWSAlgorithm.RS256, JWSAlgorithm.ES256);

    /** Keys that a token names and nobody knows are looked for no more often: who makes them up asks nothing of the issuer. */
    private static final Duration LOOKS_APART = Duration.ofSeconds(10);

    private static final int RETRY_SECONDS = 10;

    private final JwtSettings settings;
    private final JwkSets sets;
    private final DefaultJWTProcessor<SecurityContext> processor;
    private final VerifiedTokens verified = new VerifiedTokens();

    JwtTokens(ServiceConfig config) {
        this.settings = config.settings().jwt();
        this.sets = new JwkSets(settings);
        JWKSource<SecurityContext> keys = JWKSourceBuilder.create(sets)
                .cache(settings.refresh().toMillis(), 2 * JwkSets.FETCH_MAX.toMillis())
                .refreshAheadCache(false)
                .rateLimited(Math.min(LOOKS_APART.toMillis(), settings.refresh().toMillis() - 1))
                .retrying(false)
                .outageTolerant(settings.outageMax().toMillis())
                .build();
        DefaultJWTClaimsVerifier<SecurityContext> claims = new DefaultJWTClaimsVerifier<>(
                settings.audience(),
                new JWTClaimsSet.Builder().issuer(settings.issuer()).build(),
                Set.of("exp", "sub"));
        claims.setMaxClockSkew((int) settings.clockSkew().toSeconds());
        this.processor = new DefaultJWTProcessor<>();
        processor.setJWSTypeVerifier(
                new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHMS, keys));
        processor.setJWTClaimsSetVerifier(claims);
    }

    /** Whether a text may be a token at all: no key has a dot. */
    boolean concern(String shown) {
        return settings.enabled() && shown.startsWith("eyJ") && shown.indexOf('.') > 0;
    }

    /** @throws RefusedException where nobody can tell, as the issuer's keys cannot be read: then nobody is let in */
    Optional<Shown.Holder> find(String shown) {
        Optional<Shown.Holder> known = verified.find(shown);
        if (known.isPresent()) {
            return known;
        }
        try {
            Optional<Shown.Holder> holder = holder(processor.process(shown, null));
            holder.ifPresent(each -> verified.keep(shown, each));
            return holder;
        } catch (KeySourceException e) {
            if (e instanceof RateLimitReachedException && sets.any()) {
                return Optional.empty(); // it names a key that was looked for just now
            }
            throw unavailable();
        } catch (ParseException | BadJOSEException | JOSEException e) {
            return Optional.empty();
        }
    }

    private Optional<Shown.Holder> holder(JWTClaimsSet claims) throws ParseException {
        String subject = claims.getSubject();
        Optional<String> tenant = settings.tenantClaim().isEmpty()
                ? Optional.empty()
                : Optional.ofNullable(claims.getStringClaim(settings.tenantClaim()));
        if (!subject.matches(NAME)
                || (tenant.isEmpty() && !settings.tenantClaim().isEmpty())
                || tenant.filter(name -> !AccessKey.isTenant(name)).isPresent()) {
            return Optional.empty();
        }
        Set<Role> roles = EnumSet.noneOf(Role.class);
        for (String word : words(claims)) {
            for (Role role : Role.values()) {
                if (word.equals(settings.rolesPrefix() + role)) {
                    roles.add(role);
                }
            }
        }
        if (tenant.isPresent()) {
            roles.retainAll(AccessKey.OF_TENANTS);
        }
        Instant end = claims.getExpirationTime().toInstant().plus(settings.clockSkew());
        return Optional.of(new Shown.Holder(PREFIX + subject, "token of " + subject, roles, Optional.of(end), tenant));
    }

    private List<String> words(JWTClaimsSet claims) throws ParseException {
        return switch (claims.getClaim(settings.rolesClaim())) {
            case null -> List.of();
            case String text -> List.of(text.split(" "));
            default -> claims.getStringListClaim(settings.rolesClaim());
        };
    }

    private static RefusedException unavailable() {
        return RefusedException.later(
                HttpStatus.SERVICE_UNAVAILABLE,
                "issuer-unavailable",
                "the keys of the tokens' issuer cannot be read: no token can be checked now",
                RETRY_SECONDS);
    }

    @Override
    public void destroy() {
        sets.close();
    }
}
