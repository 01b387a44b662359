package repscorer.digest;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 (FIPS 180-4), which every Java platform has to have. Safe for concurrent use; a digest that was begun is for one thread. */
public final class Sha256 {

    public static final int BYTES = 32;

    private Sha256() {}

    /** A digest of what is yet to come. */
    public static MessageDigest begin() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    public static byte[] of(byte[] content) {
        return begin().digest(content);
    }

    /** Of a text's UTF-8. */
    public static byte[] of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** 64 hexadecimal digits, in small letters. */
    public static String hex(byte[] content) {
        return HexFormat.of().formatHex(of(content));
    }

    /** 64 hexadecimal digits of a text's UTF-8. */
    public static String hex(String text) {
        return HexFormat.of().formatHex(of(text));
    }

    /**
     * The first hexadecimal digits, for a short name.
     *
     * @param bytes of the digest, 1 to {@link #BYTES}: two digits each
     */
    public static String hex(byte[] content, int bytes) {
        return HexFormat.of().formatHex(of(content), 0, bytes);
    }
}
