package repscorer.api.problem;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import repscorer.core.failure.ScorerException.Invalid;

/** The parameters of an address, in their order, read from its text alone: no body is touched. */
record Query(Map<String, List<String>> values) {

    static final int PARAMETERS_MAX = 1_000;

    /**
     * Reads what stands behind the question mark.
     *
     * @throws Invalid for a byte that is not written as two digits, for text that is not UTF-8, for too many parameters
     */
    static Query of(@Nullable String text) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        String[] parts = text == null ? new String[0] : text.split("&", PARAMETERS_MAX + 2);
        if (parts.length > PARAMETERS_MAX) {
            throw new Invalid(
                    "malformed-query", "query", "an address has at most %s parameters".formatted(PARAMETERS_MAX));
        }
        for (String part : parts) {
            int equals = part.indexOf('=');
            String name = decoded(equals < 0 ? part : part.substring(0, equals), part);
            if (!name.isEmpty() || equals >= 0) {
                values.computeIfAbsent(name, each -> new ArrayList<>())
                        .add(equals < 0 ? "" : decoded(part.substring(equals + 1), part));
            }
        }
        return new Query(values);
    }

    private static String decoded(String text, String part) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
                int low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), 16) : -1;
                if (high < 0 || low < 0) {
                    throw malformed("a % is followed by two hexadecimal digits", part);
                }
                bytes.write(high * 16 + low);
                i += 2;
            } else if (c == '+') {
                bytes.write(' ');
            } else {
                bytes.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw malformed("the bytes of a parameter are UTF-8", part);
        }
    }

    private static Invalid malformed(String rule, String part) {
        String shown = Problems.clipped(part);
        int equals = part.indexOf('=');
        String name = equals < 0 ? part : part.substring(0, equals);
        return new Invalid(
                "malformed-query",
                name.matches("[A-Za-z]{1,40}") ? name : "query",
                "%s: '%s' (query of the address)".formatted(rule, shown));
    }
}
