package repscorer.testing.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Values that parsers stumble over. No class and no path of a product is among them, so that neither is an echo. */
public final class Hostile {

    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "\0",
            "a\0b",
            "\uFFFF",
            "\uD800",
            "\uDC00\uD800",
            "\u202Euser:1",
            "user:1\n",
            "user:",
            ":1",
            "user:user:1",
            "USER:1",
            "user:\u0661",
            "ＵＳＥＲ:1",
            "user:1/../../x",
            "../../../../x",
            "..\\..\\x",
            "%00",
            "%2e%2e%2f",
            "${jndi:ldap://127.0.0.1/a}",
            "#{7*7}",
            "{{7*7}}",
            "<script>alert(1)</script>",
            "'; DROP TABLE x; --",
            "\" or \"\"=\"",
            "a\r\nX-Injected: 1",
            "NaN",
            "-Infinity",
            "null",
            "true",
            "[]",
            "{}",
            "0x7fffffff",
            "1e999",
            "🙂🙂🙂",
            "I\u0307",
            "ß",
            "e\u0301",
            "*",
            "-",
            "--help",
            "1h1h",
            "-1s",
            "999999999999999999d",
            "2026-13-45T99:99:99Z",
            "+1000000000-12-31T23:59:59.999999999Z",
            "-1000000000-01-01T00:00:00Z",
            "x".repeat(300),
            "é".repeat(5_000),
            "user:" + "9".repeat(70_000));

    private static final List<String> NUMBERS = List.of(
            "0",
            "-0",
            "-0.0",
            "1",
            "-1",
            "2",
            "0.5",
            "1.0",
            "127",
            "128",
            "1000",
            "1001",
            "10000",
            "10001",
            "32768",
            "65536",
            "16777217",
            "2147483647",
            "2147483648",
            "-2147483648",
            "-2147483649",
            "4294967296",
            "9007199254740993",
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775809",
            "1e-400",
            "4.9e-324",
            "1e-46",
            "1e38",
            "3.5e38",
            "1.7976931348623157e308",
            "1e309",
            "-1e309",
            "1e999999999",
            "1e-999999999",
            "1E+2147483648",
            "9".repeat(400),
            "9".repeat(1_100),
            "0." + "0".repeat(900) + "1");

    /** Not JSON at all, where a value is to stand. */
    private static final List<String> BROKEN = List.of(
            "NaN",
            "Infinity",
            "-Infinity",
            "01",
            "+1",
            ".5",
            "1.",
            "0x10",
            "1e",
            "'a'",
            "undefined",
            "tru",
            "nul",
            "-",
            "",
            "/**/1",
            "\"\\x\"",
            "\"\\ud83d\"",
            "\"\t\"",
            "\"",
            "[",
            "]",
            "{",
            "}",
            ",",
            ":",
            "\u00A0",
            "\uFEFF1");

    private Hostile() {}

    static String text(RandomGenerator random) {
        return TEXTS.get(random.nextInt(TEXTS.size()));
    }

    /** A number of JSON. */
    static String number(RandomGenerator random) {
        return NUMBERS.get(random.nextInt(NUMBERS.size()));
    }

    /** What is no value of JSON. */
    static String broken(RandomGenerator random) {
        return BROKEN.get(random.nextInt(BROKEN.size()));
    }

    /** As many bytes as there are or a few more or less, changed in one to six places. */
    public static byte[] mutated(byte[] bytes, RandomGenerator random) {
        byte[] mutated = bytes.clone();
        for (int steps = 1 + random.nextInt(6); steps > 0; steps--) {
            mutated = once(mutated, random);
        }
        return mutated;
    }

    private static byte[] once(byte[] bytes, RandomGenerator random) {
        if (bytes.length == 0) {
            return new byte[] {(byte) random.nextInt(256)};
        }
        int at = random.nextInt(bytes.length);
        int length = Math.min(bytes.length - at, 1 + random.nextInt(16));
        return switch (random.nextInt(8)) {
            case 0 -> {
                bytes[at] ^= (byte) (1 << random.nextInt(8));
                yield bytes;
            }
            case 1 -> {
                bytes[at] = (byte) random.nextInt(256);
                yield bytes;
            }
            case 2 -> joined(bytes, at, new byte[0], at + length); // a piece is gone
            case 3 -> joined(bytes, at, Arrays.copyOfRange(bytes, at, at + length), at); // and here it is twice
            case 4 -> Arrays.copyOf(bytes, at);
            case 5 -> joined(bytes, at, text(random).getBytes(StandardCharsets.UTF_8), at);
            case 6 -> joined(bytes, at, number(random).getBytes(StandardCharsets.UTF_8), at + length);
            default -> {
                byte[] noise = new byte[length];
                random.nextBytes(noise);
                yield joined(bytes, at, noise, at + length);
            }
        };
    }

    private static byte[] joined(byte[] bytes, int end, byte[] middle, int begin) {
        byte[] joined = new byte[end + middle.length + bytes.length - begin];
        System.arraycopy(bytes, 0, joined, 0, end);
        System.arraycopy(middle, 0, joined, end, middle.length);
        System.arraycopy(bytes, begin, joined, end + middle.length, bytes.length - begin);
        return joined;
    }
}
