package repscorer.digest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class Sha256Test {

    /** The first example of FIPS 180-2, B.1. */
    private static final String ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @Test
    void digestsAreThoseOfTheStandard() {
        assertThat(Sha256.hex("abc")).isEqualTo(ABC);
        assertThat(Sha256.hex("abc".getBytes(StandardCharsets.UTF_8))).isEqualTo(ABC);
        assertThat(Sha256.hex(new byte[0])).startsWith("e3b0c44298fc1c149afbf4c8996fb924");
        assertThat(Sha256.of("ü")).isEqualTo(Sha256.of(new byte[] {(byte) 0xc3, (byte) 0xbc}));
    }

    @Test
    void aShortNameIsTheBeginning() {
        assertThat(Sha256.hex("abc".getBytes(StandardCharsets.UTF_8), 8)).isEqualTo(ABC.substring(0, 16));
    }

    @Test
    void whatComesInPiecesIsDigestedAsOne() {
        var digest = Sha256.begin();
        digest.update((byte) 'a');
        digest.update(new byte[] {'b', 'c'});
        assertThat(digest.digest()).isEqualTo(Sha256.of("abc"));
    }
}
