package repscorer.testing.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * One request as its bytes on a connection.
 *
 * @param number which of its run's it is: seed and number make it again
 * @param operation whose it is, or {@code none}
 * @param token whether it shows the administrator's token
 * @param asDescribed whether method and path are the operation's, so that its statuses are those that are described
 * @param noise whether it may be no HTTP at all, so that its connection may be closed without an answer
 * @param headless whether its answer has no body, whatever its headers say
 */
public record FuzzRequest(
        long number,
        String operation,
        boolean token,
        boolean asDescribed,
        boolean noise,
        boolean headless,
        byte[] bytes) {

    private static final int SHOWN_MAX = 3_000;

    /** As text, other bytes than those of ASCII as {@code \xNN}, and clipped where it is long. */
    public String shown() {
        StringBuilder shown = new StringBuilder();
        for (byte each : bytes) {
            if (shown.length() > SHOWN_MAX) {
                return shown + "… (%s bytes)".formatted(bytes.length);
            }
            if (each == '\n' || each >= ' ' && each < 127 && each != '\\') {
                shown.append((char) each);
            } else if (each != '\r') {
                shown.append(String.format(Locale.ROOT, "\\x%02x", each & 0xff));
            }
        }
        return shown.toString();
    }

    /** As it comes to the service, byte by byte. */
    String latin() {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
