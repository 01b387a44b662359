package repscorer.api.decisions;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import repscorer.api.config.DecisionSettings.Ids;
import repscorer.api.security.Secrets;
import repscorer.digest.Sha256;

/**
 * How units and entities are written where they are kept: as they are, or as the first 16 bytes of the SHA-256 of a secret and the id,
 * in hexadecimal digits. Equal ids have equal digests, whoever lacks the secret cannot try ids. Safe for concurrent use.
 */
final class IdDigests {

    /* What is kept of a digest is half of it, so nobody can go on from it to that of a longer id. */

    static final String FILE = "decision-ids.key";

    private static final int DIGEST_BYTES = 16;

    private final byte[] secret;

    private IdDigests(byte[] secret) {
        this.secret = secret;
    }

    /**
     * @param data where the secret is; one is made where it is missing
     * @throws IOException when it cannot be read or written
     */
    static IdDigests open(Path data, Ids ids) throws IOException {
        if (ids == Ids.PLAIN) {
            return new IdDigests(new byte[0]);
        }
        Path file = data.resolve(FILE);
        if (!Files.exists(file)) {
            Secrets.write(file, Secrets.random());
        }
        return new IdDigests(Secrets.read(file)
                .orElseThrow(() ->
                        new IOException("%s must hold %s hexadecimal digits".formatted(file, 2 * Secrets.BYTES))));
    }

    String of(String id) {
        if (secret.length == 0) {
            return id;
        }
        MessageDigest digest = Sha256.begin();
        digest.update(secret);
        byte[] whole = digest.digest(id.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(whole, 0, DIGEST_BYTES);
    }
}
