package repscorer.benchmarks.readers;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Damages a file as disks, networks, shells and other programs do. For one thread. */
final class Mutation {

    private static final int HUGE_BYTES = 5 << 20;
    private static final List<String> TOKENS = List.of(
            "NaN",
            "-Infinity",
            "inf",
            "1f",
            "2d",
            "0x1p0",
            "1e39",
            "-",
            "",
            "1 2",
            "\u0661",
            "\u0000",
            "+.5",
            "1.",
            "1e",
            "item:1",
            "user:1",
            ":",
            "null",
            "[",
            "]",
            "{",
            "}",
            "\"",
            "\"\"",
            ",",
            "\t",
            "\n",
            "\r",
            "\r\n\r\n",
            "\\",
            "\\u0000",
            "\u00e9",
            "\uFEFF",
            "\u2028",
            "\ud83c\udfb7");

    private final RandomGenerator random;
    private boolean joined;

    Mutation(RandomGenerator random) {
        this.random = random;
    }

    /** Whether another file was put behind. */
    boolean joined() {
        return joined;
    }

    /** @param other a file of the same format, and {@code strange} one of another */
    byte[] damage(byte[] file, byte[] other, byte[] strange, boolean text) {
        byte[] damaged = file;
        for (int times = 1 + random.nextInt(2); times > 0; times--) {
            damaged = once(damaged, other, strange, text);
        }
        return damaged;
    }

    private byte[] once(byte[] file, byte[] other, byte[] strange, boolean text) {
        int at = random.nextInt(file.length + 1);
        int to = Math.min(file.length, at + 1 + random.nextInt(random.nextBoolean() ? 4 : 200));
        return switch (random.nextInt(text ? 16 : 9)) {
            case 0, 1 -> flipped(file);
            case 2 -> Arrays.copyOf(file, at);
            case 3 -> Arrays.copyOfRange(file, Math.min(file.length, to - at), file.length);
            case 4 -> with(file, at, to, new byte[0]);
            case 5 -> with(file, to, to, Arrays.copyOfRange(file, at, to));
            case 6 -> {
                byte[] noise = new byte[1 + random.nextInt(8)];
                random.nextBytes(noise);
                yield with(file, at, Math.min(file.length, at + random.nextInt(noise.length)), noise);
            }
            case 7 -> {
                joined = true;
                yield with(file, file.length, file.length, other);
            }
            case 8 -> strange(file, strange);
            case 9 -> recoded(file);
            case 10 -> with(file, 0, 0, new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF});
            case 11 -> replaced(file, "\n", random.nextBoolean() ? "\r\n" : "\r");
            case 12 -> random.nextInt(100) > 0 ? flipped(file) : huge(file, at);
            default -> token(file, at);
        };
    }

    private byte[] flipped(byte[] file) {
        byte[] flipped = file.clone();
        for (int bits = 1 + random.nextInt(3); bits > 0 && flipped.length > 0; bits--) {
            flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return flipped;
    }

    private byte[] strange(byte[] file, byte[] strange) {
        return random.nextBoolean() ? strange : with(file, 0, Math.min(8, file.length), Arrays.copyOf(strange, 8));
    }

    private byte[] recoded(byte[] file) {
        String text = new String(file, StandardCharsets.UTF_8);
        List<Charset> charsets = List.of(
                StandardCharsets.UTF_16LE,
                StandardCharsets.UTF_16BE,
                StandardCharsets.UTF_16,
                StandardCharsets.ISO_8859_1);
        return text.getBytes(charsets.get(random.nextInt(charsets.size())));
    }

    private byte[] token(byte[] file, int at) {
        byte[] token = TOKENS.get(random.nextInt(TOKENS.size())).getBytes(StandardCharsets.UTF_8);
        return with(file, at, Math.min(file.length, at + random.nextInt(4)), token);
    }

    private byte[] huge(byte[] file, int at) {
        byte[] huge = new byte[HUGE_BYTES];
        Arrays.fill(huge, (byte) (random.nextBoolean() ? '1' : ' '));
        return with(file, at, at, huge);
    }

    private static byte[] replaced(byte[] file, String old, String next) {
        return new String(file, StandardCharsets.ISO_8859_1).replace(old, next).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] with(byte[] file, int from, int to, byte[] middle) {
        ByteArrayOutputStream all = new ByteArrayOutputStream(file.length + middle.length);
        all.write(file, 0, from);
        all.writeBytes(middle);
        all.write(file, to, file.length - to);
        return all.toByteArray();
    }
}
