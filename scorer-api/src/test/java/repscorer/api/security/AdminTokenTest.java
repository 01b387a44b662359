package repscorer.api.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdminTokenTest {

    @TempDir
    Path directory;

    @Test
    void aTokenIsGeneratedOnceAndOnlyItsHashIsKept() throws Exception {
        AdminToken first = AdminToken.open(directory.resolve("data"), Optional.empty());
        first.keep();
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
        AdminToken token = AdminToken.open(directory, Optional.of("secret-of-16-or-more"));

        assertThat(token.matches("secret-of-16-or-more")).isTrue();
        assertThat(token.matches("Secret-of-16-or-more")).isFalse();
        assertThat(token.generated()).isEmpty();
        assertThat(directory).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "tok",
                "fifteen-letters",
                "sixteen-letters-\n",
                "sixteen-letters-ü",
                "sixteen letters and more",
                "sixteen-letters-\t",
                "sixteen-letters-\u007f"
            })
    @DisplayName("S22, S45: a token that no header carries, or that is soon guessed, is refused and not repeated")
    void aTokenThatCannotBeShownIsRefused(String token) {
        assertThatThrownBy(() -> AdminToken.open(directory, Optional.of(token)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("16 to 512 visible ASCII characters")
                .hasMessageNotContaining("letters-");
    }

    @Test
    @DisplayName("S22: a token that was generated and never shown is not kept")
    void aTokenThatNobodySawIsForgotten() throws Exception {
        AdminToken lost = AdminToken.open(directory, Optional.empty());
        AdminToken next = AdminToken.open(directory, Optional.empty());

        assertThat(directory).isEmptyDirectory();
        assertThat(next.generated()).isPresent().isNotEqualTo(lost.generated());
    }

    @Test
    @DisplayName("S22: another token can be generated in place of a lost one")
    void aLostTokenIsReplaced() throws Exception {
        AdminToken first = AdminToken.generate(directory);
        first.keep();
        AdminToken second = AdminToken.generate(directory);
        AdminToken beforeKept = AdminToken.open(directory, Optional.empty());
        second.keep();
        AdminToken reopened = AdminToken.open(directory, Optional.empty());

        assertThat(beforeKept.matches(first.generated().orElseThrow())).isTrue();
        assertThat(reopened.matches(second.generated().orElseThrow())).isTrue();
        assertThat(reopened.matches(first.generated().orElseThrow())).isFalse();
    }

    @Test
    void aDamagedHashIsNotTakenForNoToken() throws Exception {
        Files.writeString(directory.resolve(AdminToken.FILE), "abc");

        assertThatThrownBy(() -> AdminToken.open(directory, Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("64 hexadecimal digits");
    }
}
