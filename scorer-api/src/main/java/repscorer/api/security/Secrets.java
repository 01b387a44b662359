package repscorer.api.security;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import repscorer.digest.Sha256;

/** Secrets that nobody can guess, what is kept of them, and files of 32 bytes that their owner alone reads. */
public final class Secrets {

    public static final int BYTES = 32;

    private static final String OWNER_ALONE = "rw-------";

    private Secrets() {}

    public static byte[] random() {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    /** Random bytes as 43 characters that need no quoting anywhere. */
    static String randomText() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random());
    }

    /** What is kept. A plain hash is enough for 32 random bytes: there is no dictionary to try. */
    static byte[] sha256(String secret) {
        return Sha256.of(secret);
    }

    /** Puts bytes into a file in hexadecimal digits, whole or not at all; nobody but the owner reads it at any moment. */
    public static void write(Path file, byte[] bytes) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        Files.createDirectories(directory);
        Path temporary = Files.createTempFile(directory, String.valueOf(file.getFileName()), ".tmp");
        try {
            hide(temporary);
            Files.writeString(temporary, HexFormat.of().formatHex(bytes) + "\n");
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** What {@link #write} put there; empty for a file that does not hold 32 bytes. */
    public static Optional<byte[]> read(Path file) throws IOException {
        try {
            byte[] bytes = HexFormat.of().parseHex(Files.readString(file).strip());
            return bytes.length == BYTES ? Optional.of(bytes) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // not hexadecimal
        }
    }

    /** Leaves a file to its owner, where the file system knows of such a thing. */
    public static void hide(Path file) throws IOException {
        if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(OWNER_ALONE));
        }
    }
}
