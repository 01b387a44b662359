package repscorer.api.security;

import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * A key as the service knows it: by its hash.
 *
 * @param name whose it is; several may have one, while the older is still in use
 * @param sha256 of the key, hexadecimal
 * @param expires from when on it is none
 * @param tenant that it reaches the part of; empty for the whole service
 */
public record AccessKey(
        String name, String sha256, Set<Role> roles, Optional<Instant> expires, Optional<String> tenant) {

    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";

    /** What a key of a tenant may have; the others concern the whole service. */
    static final Set<Role> OF_TENANTS = Set.of(Role.READ, Role.READ_VECTORS, Role.WRITE);

    private static final String TENANT = "[a-z][a-z0-9-]{0,63}";

    /** @throws IllegalArgumentException for a name, a hash, roles or a tenant that are none */
    public AccessKey {
        if (!name.matches(NAME)) {
            throw new IllegalArgumentException(
                    "a key's name is 1 to 64 letters, digits, dots, dashes and underscores: '%s'".formatted(name));
        }
        if (!sha256.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("a key's sha256 is 64 hexadecimal digits (key %s)".formatted(name));
        }
        if (roles.isEmpty()) {
            throw new IllegalArgumentException("a key needs a role (key %s)".formatted(name));
        }
        roles = Set.copyOf(EnumSet.copyOf(roles));
        checkTenant(name, roles, tenant);
    }

    /** Whether a tenant may be called so. */
    static boolean isTenant(String name) {
        return name.matches(TENANT);
    }

    private static void checkTenant(String name, Set<Role> roles, Optional<String> tenant) {
        if (tenant.isPresent() && !isTenant(tenant.get())) {
            throw new IllegalArgumentException(
                    "a tenant's name is 1 to 64 lower-case letters, digits and hyphens, beginning with a letter: '%s'"
                            .formatted(tenant.get()));
        }
        if (tenant.isPresent() && !OF_TENANTS.containsAll(roles)) {
            throw new IllegalArgumentException("a key of a tenant has the roles %s at most: %s (key %s)"
                    .formatted(
                            OF_TENANTS.stream().sorted().toList(),
                            roles.stream().sorted().toList(),
                            name));
        }
    }

    public boolean isExpired(Instant now) {
        return expires.isPresent() && !now.isBefore(expires.get());
    }

    public boolean has(Role role) {
        return roles.contains(role) || roles.contains(Role.ADMIN);
    }

    AccessKey expiring(Instant when) {
        return expires.isPresent() && expires.get().isBefore(when)
                ? this
                : new AccessKey(name, sha256, roles, Optional.of(when), tenant);
    }
}
