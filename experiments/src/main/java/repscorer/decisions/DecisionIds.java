package repscorer.decisions;

import java.util.UUID;

/** What the ids of decisions tell: a UUID of version 7 (RFC 9562) begins with its millisecond. Stateless. */
public final class DecisionIds {

    private static final int VERSION = 7;
    private static final int CHARACTERS = 36;

    private DecisionIds() {}

    /**
     * When the decision was taken, in milliseconds since 1970. O(1).
     *
     * @throws IllegalArgumentException for a text that is no id of a decision
     */
    public static long millis(String id) {
        if (id.length() == CHARACTERS) {
            try {
                UUID uuid = UUID.fromString(id);
                if (uuid.version() == VERSION && uuid.toString().equals(id)) {
                    return uuid.getMostSignificantBits() >>> 16;
                }
            } catch (IllegalArgumentException e) {
                // Told below, as all else is that is none.
            }
        }
        throw new IllegalArgumentException(
                "a decision's id is a UUID of version 7 in small letters: '%s'".formatted(id));
    }
}
