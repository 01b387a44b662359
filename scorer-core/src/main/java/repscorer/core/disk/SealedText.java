package repscorer.core.disk;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32C;

/** Lines of {@code key=value} that end with a checksum of all before it. */
public final class SealedText {

    private static final String SEAL = "crc32c=";

    private SealedText() {}

    public static byte[] write(Map<String, String> entries) {
        StringBuilder text = new StringBuilder();
        entries.forEach((key, value) -> text.append(key)
                .append('=')
                .append(value.replaceAll("\\R", " "))
                .append('\n'));
        String sealed = text.toString();
        return (sealed + SEAL + seal(sealed) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** @throws IllegalArgumentException when the checksum is missing or differs, or a line is no key and value */
    public static Map<String, String> read(byte[] content) {
        String text = new String(content, StandardCharsets.UTF_8);
        int sealAt = text.lastIndexOf(SEAL);
        if (sealAt < 0 || !text.substring(sealAt).equals(SEAL + seal(text.substring(0, sealAt)) + "\n")) {
            throw new IllegalArgumentException("the checksum at its end is missing or differs");
        }
        Map<String, String> entries = new LinkedHashMap<>();
        for (String line : text.substring(0, sealAt).lines().toList()) {
            int equals = line.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("a line is key=value: '%s'".formatted(line));
            }
            entries.put(line.substring(0, equals), line.substring(equals + 1));
        }
        return entries;
    }

    private static String seal(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return String.format(Locale.ROOT, "%08x", crc.getValue());
    }
}
