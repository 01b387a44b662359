package repscorer.api.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import repscorer.yaml.ConfigException;

/**
 * Tokens of an issuer that callers may show in place of a key: {@code jwt} of {@code scorer.yaml}.
 *
 * @param issuer what {@code iss} must be; empty: no such token is taken
 * @param keys the issuer's JWK set: a file, or an address of http
 * @param audience what {@code aud} must have
 * @param clockSkew by how much clocks may differ
 * @param refresh how old keys may get before they are read again
 * @param outageMax how long they are used after they were last read, where they cannot be again; by {@code refresh} longer at most
 * @param rolesClaim names the claim that lists roles, or has them with spaces between
 * @param rolesPrefix what begins a role in that claim; others are not looked at
 * @param tenantClaim names the claim that has the tenant; empty: tokens are of none
 */
public record JwtSettings(
        String issuer,
        String keys,
        String audience,
        Duration clockSkew,
        Duration refresh,
        Duration outageMax,
        String rolesClaim,
        String rolesPrefix,
        String tenantClaim) {

    public static final JwtSettings DEFAULT = new JwtSettings(
            "", "", "", Duration.ofSeconds(30), Duration.ofMinutes(5), Duration.ofHours(1), "roles", "", "");

    public JwtSettings {
        time("clock-skew", clockSkew, Duration.ZERO, Duration.ofMinutes(10));
        time("refresh", refresh, Duration.ofSeconds(1), Duration.ofDays(1));
        time("outage-max", outageMax, Duration.ZERO, Duration.ofDays(7));
    }

    private static void time(String key, Duration value, Duration min, Duration max) {
        ServiceSettings.check(
                value.compareTo(min) >= 0 && value.compareTo(max) <= 0,
                "%s must be %ss to %ss: %s ms".formatted(key, min.toSeconds(), max.toSeconds(), value.toMillis()));
    }

    public boolean enabled() {
        return !issuer.isEmpty();
    }

    /** The address of the keys; empty where they are in a file. */
    public Optional<URI> address() {
        return keys.matches("https?://.*") ? Optional.of(URI.create(keys)) : Optional.empty();
    }

    /** The file of the keys. */
    public Path file() {
        return Path.of(keys);
    }

    /** Throws where one of them is named without the others: they may come from several places, so nobody knows before all are read. */
    void checkWhole() {
        boolean all = List.of(issuer, keys, audience).stream().noneMatch(String::isBlank);
        boolean none = List.of(issuer, keys, audience).stream().allMatch(String::isEmpty);
        if (!all && !none) {
            throw new ConfigException("jwt needs issuer, keys and audience, or none of them: '%s', '%s' and '%s'"
                    .formatted(issuer, keys, audience));
        }
        if (enabled() && rolesClaim.isBlank()) {
            throw new ConfigException("jwt.roles-claim names a claim: '%s'".formatted(rolesClaim));
        }
        try {
            address()
                    .filter(at ->
                            at.getHost() == null || (at.getScheme().equals("http") && !isThisMachine(at.getHost())))
                    .ifPresent(at -> {
                        throw new ConfigException(
                                "jwt.keys come by https, or from this machine: whoever changes them on their way lets anybody in: '%s'"
                                        .formatted(at));
                    });
        } catch (IllegalArgumentException e) {
            throw new ConfigException("jwt.keys is no address: '%s'".formatted(keys), e);
        }
    }

    private static boolean isThisMachine(String host) {
        return host.equals("localhost") || host.equals("127.0.0.1") || host.equals("[::1]");
    }
}
