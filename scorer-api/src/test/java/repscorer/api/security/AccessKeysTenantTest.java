package repscorer.api.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys that are bound to a tenant. */
class AccessKeysTenantTest {

    @TempDir
    Path directory;

    @Test
    void aKeyKeepsItsTenantWhenItIsReadAndRotated() throws Exception {
        AccessKeys keys = AccessKeys.open(directory);
        keys.add("whole", Set.of(Role.ADMIN), Optional.empty());
        keys.add("web", Set.of(Role.READ), Optional.empty(), Optional.of("acme"));

        String newer = AccessKeys.open(directory).rotate("web", Instant.now(), Optional.empty());

        AccessKeys read = AccessKeys.open(directory);
        assertThat(read.find(newer).orElseThrow().tenant()).contains("acme");
        assertThat(read.all())
                .extracting(AccessKey::tenant)
                .containsExactly(Optional.empty(), Optional.of("acme"), Optional.of("acme"));
    }

    @Test
    void rolesOverTheWholeServiceAreNoTenants() {
        for (Role role : Role.values()) {
            boolean may = role == Role.READ || role == Role.READ_VECTORS || role == Role.WRITE;
            if (may) {
                assertThat(key(role, "acme").has(role)).isTrue();
            } else {
                assertThatThrownBy(() -> key(role, "acme"))
                        .hasMessage(
                                "a key of a tenant has the roles [read, read-vectors, write] at most: [%s] (key web)"
                                        .formatted(role));
            }
        }
        assertThatThrownBy(() -> key(Role.READ, "A b")).hasMessageStartingWith("a tenant's name is 1 to 64 lower-case");
    }

    private static AccessKey key(Role role, String tenant) {
        return new AccessKey("web", "0".repeat(64), Set.of(role), Optional.empty(), Optional.of(tenant));
    }

    @Test
    void aLineWithSomethingElseAtItsEndIsTold() throws Exception {
        Path file = directory.resolve(AccessKeys.FILE);
        Files.writeString(file, "web %s read - acme\n".formatted("0".repeat(64)));

        assertThatThrownBy(() -> AccessKeys.open(directory))
                .hasMessage(file + ", line 1: a line is a name, a hash, roles, an end, and tenant=NAME or nothing");
    }
}
