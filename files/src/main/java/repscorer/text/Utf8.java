package repscorer.text;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Bytes into text, strictly: what is no UTF-8 is refused, and never replaced. */
public final class Utf8 {

    private Utf8() {}

    /**
     * @throws IllegalArgumentException naming the place of the first byte that is none
     */
    public static String text(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(in)
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(
                    "a text must be UTF-8: byte %s of '%s'".formatted(in.position() + 1, shown(bytes)), e);
        }
    }

    /** The same of bytes that were taken for characters one by one. */
    public static String text(String bytes) {
        for (int i = 0; i < bytes.length(); i++) {
            if (bytes.charAt(i) >= 0x80) {
                return text(bytes.getBytes(StandardCharsets.ISO_8859_1));
            }
        }
        return bytes;
    }

    private static String shown(byte[] bytes) {
        String text = new String(bytes, 0, Math.min(bytes.length, 64), StandardCharsets.UTF_8);
        return bytes.length > 64 ? text + "..." : text;
    }
}
