package repscorer.testing.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What came back.
 *
 * @param status of HTTP; 0 where the connection was closed without an answer
 * @param headers by name in small letters
 */
record FuzzAnswer(int status, Map<String, String> headers, byte[] body) {

    static final FuzzAnswer NONE = new FuzzAnswer(0, Map.of(), new byte[0]);

    String header(String name) {
        return headers.getOrDefault(name, "");
    }

    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }
}
