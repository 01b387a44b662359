package repscorer.core.experiment;

import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.Stream;
import repscorer.digest.Sha256;

/**
 * A unit as bytes, and what hashes them. Borrowed for one assignment and given back: an assignment of a unit in ASCII then
 * allocates nothing here. Not for several threads.
 */
final class Units {

    private static final int POOLED = 64;
    private static final AtomicReferenceArray<Units> POOL = new AtomicReferenceArray<>(POOLED);

    private final MessageDigest sha256 = Sha256.begin();
    private final byte[] digest = new byte[Sha256.BYTES];
    private byte[] unit = new byte[512];
    private int length;
    private byte[] joined = new byte[1_024];
    private List<String> failures = List.of();

    private Units() {}

    static Units borrow(String unit) {
        Units pooled = POOL.getAndSet(slot(), null);
        Units units = pooled == null ? new Units() : pooled;
        units.take(unit);
        units.failures = List.of();
        return units;
    }

    void giveBack() {
        POOL.set(slot(), this);
    }

    /** Notes what kept the unit out of an experiment that it may have been in. */
    void failed(String words) {
        failures = failures.isEmpty()
                ? List.of(words)
                : Stream.concat(failures.stream(), Stream.of(words)).toList();
    }

    /** What was noted since it was borrowed. */
    List<String> failures() {
        return failures;
    }

    private static int slot() {
        return (int) Thread.currentThread().threadId() & POOLED - 1;
    }

    private void take(String text) {
        int characters = text.length();
        if (unit.length < characters) {
            unit = new byte[2 * characters];
        }
        for (int i = 0; i < characters; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                unit = text.getBytes(StandardCharsets.UTF_8);
                length = unit.length;
                return;
            }
            unit[i] = (byte) c;
        }
        length = characters;
    }

    static byte[] prefix(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Hashes a prefix and the unit; {@link #draw} tells of it. */
    void digest(byte[] prefix) {
        sha256.update(prefix);
        sha256.update(unit, 0, length);
        try {
            sha256.digest(digest, 0, digest.length);
        } catch (DigestException e) {
            throw new IllegalStateException("a SHA-256 has 32 bytes", e);
        }
    }

    /**
     * Eight bytes of the digest as an unsigned big-endian number, modulo a size.
     *
     * @param from 0 for the first eight, 8 for the next
     */
    long draw(int from, long size) {
        long value = 0;
        for (int i = from; i < from + Long.BYTES; i++) {
            value = value << 8 | digest[i] & 0xff;
        }
        return Long.remainderUnsigned(value, size);
    }

    /** Hashes a prefix and the unit, and draws by the first eight bytes. */
    long draw(byte[] prefix, long size) {
        digest(prefix);
        return draw(0, size);
    }

    /** MurmurHash3 of a prefix and the unit, unsigned, modulo a size. */
    int murmur(byte[] prefix, int seed, int size) {
        int all = prefix.length + length;
        if (joined.length < all) {
            joined = new byte[2 * all];
        }
        System.arraycopy(prefix, 0, joined, 0, prefix.length);
        System.arraycopy(unit, 0, joined, prefix.length, length);
        return Integer.remainderUnsigned(Murmur3.hash(joined, all, seed), size);
    }
}
