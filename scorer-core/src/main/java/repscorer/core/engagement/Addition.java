package repscorer.core.engagement;

import java.nio.charset.StandardCharsets;
import repscorer.core.entity.EntityId;
import repscorer.vector.SparseVector;

/**
 * What one engagement adds to its item's sums.
 *
 * @param user who engaged, as a hash: enough to tell users of one item apart
 * @param counts whether the user counts for the floor
 * @param added the user's vector times the weight of the engagement; empty where the user has none
 * @param takenMillis when it was taken, in milliseconds since 1970
 * @param atMillis when the user engaged, not after it was taken
 */
public record Addition(long user, boolean counts, SparseVector added, long takenMillis, long atMillis) {

    public Addition {
        atMillis = Math.min(atMillis, takenMillis);
    }

    /** A user's hash: FNV-1a of the id's UTF-8 and a last mix of all bits. The same for ever, for logs hold it. */
    public static long hash(EntityId user) {
        long hash = 0xcbf29ce484222325L;
        for (byte each : user.toString().getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (each & 0xff)) * 0x100000001b3L;
        }
        hash = (hash ^ (hash >>> 32)) * 0x9e3779b97f4a7c15L;
        return hash ^ (hash >>> 29);
    }
}
