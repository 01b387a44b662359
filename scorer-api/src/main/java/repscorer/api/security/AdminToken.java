package repscorer.api.security;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * The token that administrators show. Given at the start, or generated at the first one; the disk holds its SHA-256 only,
 * readable by the owner. Immutable.
 */
public final class AdminToken {

    /* A token that somebody chose is never written at all: its hash could be looked up in a dictionary. */

    static final String FILE = "admin-token.sha256";

    private static final int CHARACTERS_MIN = 16;
    private static final int CHARACTERS_MAX = 512;

    private final Path file;
    private final byte[] hash;
    private final Optional<String> generated;

    private AdminToken(Path file, byte[] hash, Optional<String> generated) {
        this.file = file;
        this.hash = hash;
        this.generated = generated;
    }

    /**
     * The given token; else the one whose hash the directory holds; else a new one.
     *
     * @throws IllegalArgumentException for a token that no header can carry or that is soon guessed, and for a damaged hash
     * @throws IOException when the directory cannot be read
     */
    public static AdminToken open(Path directory, Optional<String> given) throws IOException {
        Path file = directory.resolve(FILE);
        if (given.isPresent()) {
            check(given.get());
            return new AdminToken(file, Secrets.sha256(given.get()), Optional.empty());
        }
        return Files.exists(file) ? new AdminToken(file, read(file), Optional.empty()) : generate(directory);
    }

    /** A new token, which the directory holds the hash of once it is {@linkplain #keep kept}. */
    public static AdminToken generate(Path directory) {
        String token = Secrets.randomText();
        return new AdminToken(directory.resolve(FILE), Secrets.sha256(token), Optional.of(token));
    }

    /** Keeps the hash of a generated token: after it was shown, or nobody could ever use it. */
    public void keep() throws IOException {
        Secrets.write(file, hash);
    }

    /** @throws IllegalArgumentException for a token that no header can carry or that is soon guessed */
    public static void check(String token) {
        // The value is a secret, and no message repeats it.
        if (!token.matches("[!-~]{%s,%s}".formatted(CHARACTERS_MIN, CHARACTERS_MAX))) {
            throw new IllegalArgumentException(
                    "the admin token must be %s to %s visible ASCII characters without spaces: %s characters"
                            .formatted(CHARACTERS_MIN, CHARACTERS_MAX, token.length()));
        }
    }

    /** The token itself, on the one start that generated it. */
    public Optional<String> generated() {
        return generated;
    }

    /** Whether a token is the right one; takes as long for a wrong one. */
    boolean matches(String token) {
        return MessageDigest.isEqual(Secrets.sha256(token), hash);
    }

    private static byte[] read(Path file) throws IOException {
        return Secrets.read(file)
                .orElseThrow(() -> new IllegalArgumentException(
                        "%s must hold 64 hexadecimal digits; delete it to have a new token generated".formatted(file)));
    }
}
