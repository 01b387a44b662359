package repscorer.api.security;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Optional;

/** Tokens that were found right a short time ago, by their hashes: a signature costs many times as much. Safe for concurrent use. */
final class VerifiedTokens {

    private static final int TOKENS_MAX = 4_096;

    /** A key that the issuer took away is honoured for so long at most. */
    static final Duration KEPT = Duration.ofSeconds(30);

    private final LinkedHashMap<ByteBuffer, Kept> tokens = new LinkedHashMap<>();

    private record Kept(Shown.Holder holder, long untilNanos) {}

    synchronized Optional<Shown.Holder> find(String token) {
        ByteBuffer hash = hash(token);
        Kept kept = tokens.get(hash);
        if (kept == null) {
            return Optional.empty();
        }
        if (kept.untilNanos - System.nanoTime() <= 0 || kept.holder.isExpired(Instant.now())) {
            tokens.remove(hash);
            return Optional.empty();
        }
        return Optional.of(kept.holder);
    }

    synchronized void keep(String token, Shown.Holder holder) {
        if (tokens.size() >= TOKENS_MAX) {
            tokens.pollFirstEntry();
        }
        tokens.put(hash(token), new Kept(holder, System.nanoTime() + KEPT.toNanos()));
    }

    private static ByteBuffer hash(String token) {
        return ByteBuffer.wrap(Secrets.sha256(token));
    }
}
