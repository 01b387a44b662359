package repscorer.api.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminTokenTest {

    @TempDir
    Path directory;

    @Test
    void aTokenIsGeneratedOnceAndOnlyItsHashIsKept() throws Exception {
        AdminToken first = AdminToken.open(directory.resolve("data"), Optional.empty());
        AdminToken second = AdminToken.open(directory.resolve("data"), Optional.empty());

        String token = first.generated().orElseThrow();
        assertThat(token).matches("[A-Za-z0-9_-]{43}");
        assertThat(second.generated()).isEmpty();
        assertThat(second.matches(token)).isTrue();
        assertThat(second.matches(token + "x")).isFalse();
        Path file = directory.resolve("data").resolve(AdminToken.FILE);
        assertThat(Files.readString(file)).doesNotContain(token).hasSize(65);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void aGivenTokenIsNotWritten() throws Exception {
        AdminToken token = AdminToken.open(directory, Optional.of("secret"));

        assertThat(token.matches("secret")).isTrue();
        assertThat(token.matches("Secret")).isFalse();
        assertThat(token.generated()).isEmpty();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aBlankTokenIsRefused() {
        assertThatThrownBy(() -> AdminToken.open(directory, Optional.of(" ")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must not be blank");
    }

    @Test
    void aDamagedHashIsNotTakenForNoToken() throws Exception {
        Files.writeString(directory.resolve(AdminToken.FILE), "abc");

        assertThatThrownBy(() -> AdminToken.open(directory, Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("64 hexadecimal digits");
    }
}
