package repscorer.core.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Hashes by values that are published, none of which we computed. */
class HashesTest {

    /** From the authors' own list of test vectors. */
    @ParameterizedTest
    @CsvSource({"'',811c9dc5", "a,e40c292c", "b,e70c2de5", "fo,6222e842", "foobar,bf9cf968"})
    void fnv1a(String text, String hash) {
        assertThat(Integer.toHexString(Fnv1a.more(Fnv1a.BASIS, text))).isEqualTo(hash);
    }

    @ParameterizedTest
    @CsvSource({"0", "9", "10", "123", "1000000000", "4294967295"})
    void fnv1aOfDigitsIsThatOfTheirText(String digits) {
        assertThat(Fnv1a.ofDigits(Integer.parseUnsignedInt(digits))).isEqualTo(Fnv1a.more(Fnv1a.BASIS, digits));
    }

    /** As the reference implementation's users publish them: lengths with every tail, and seeds. */
    @ParameterizedTest
    @CsvSource({
        "'',0,0",
        "'',1,514e28b7",
        "'',ffffffff,81f16f39",
        "test,0,ba6bd213",
        "test,9747b28c,704b81dc",
        "'Hello, world!',0,c0363e43",
        "'Hello, world!',9747b28c,24884cba",
        "The quick brown fox jumps over the lazy dog,0,2e4ff723",
        "The quick brown fox jumps over the lazy dog,9747b28c,2fa826cd",
        "a,9747b28c,7fa09ea6",
        "aa,9747b28c,5d211726",
        "aaa,9747b28c,283e0130",
        "aaaa,9747b28c,5a97808a",
        "ππππππππ,9747b28c,d58063c1"
    })
    void murmur3(String text, String seed, String hash) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        assertThat(Integer.toHexString(Murmur3.hash(bytes, bytes.length, Integer.parseUnsignedInt(seed, 16))))
                .isEqualTo(hash);
    }

    @Test
    void aUnitIsReadAsUtf8() {
        for (String unit :
                new String[] {"user:1", "gerät:é", "日本", "x".repeat(3_000), "e" + "ü".repeat(900), "lone \ud800"}) {
            Units units = Units.borrow(unit);
            byte[] expected = unit.getBytes(StandardCharsets.UTF_8);
            int hash = units.murmur(new byte[0], 7, Integer.MAX_VALUE);
            units.giveBack();
            assertThat(hash)
                    .as(unit)
                    .isEqualTo(
                            Integer.remainderUnsigned(Murmur3.hash(expected, expected.length, 7), Integer.MAX_VALUE));
        }
    }
}
