package repscorer.api.security;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * What a request shows: nothing, the admin token, a key, or what is none of these.
 *
 * @param bearer whether it shows anything
 * @param admin whether that is the admin token
 * @param holder of the key
 */
record Shown(boolean bearer, boolean admin, Optional<Holder> holder) {

    static final Shown NOTHING = new Shown(false, false, Optional.empty());

    /**
     * Whoever has a key.
     *
     * @param text how messages call the key
     * @param expires from when on it is none
     */
    record Holder(String name, String text, Set<Role> roles, Optional<Instant> expires, Optional<String> tenant) {

        static Holder of(AccessKey key) {
            return new Holder(key.name(), "key " + key.name(), key.roles(), key.expires(), key.tenant());
        }

        boolean isExpired(Instant now) {
            return expires.isPresent() && !now.isBefore(expires.get());
        }

        boolean has(Role role) {
            return roles.contains(role) || roles.contains(Role.ADMIN);
        }
    }
}
