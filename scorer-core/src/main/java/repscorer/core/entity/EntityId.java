package repscorer.core.entity;

import java.nio.charset.StandardCharsets;

/**
 * The name of an entity: a kind and a value, written {@code kind:value}. Equal values of two kinds are two entities.
 *
 * <p>Values are ordered by kind, then numbers by size before all other values, then by UTF-8 bytes; the order is total
 * and breaks ties wherever results are ranked.
 *
 * @param value 1 to 256 bytes of UTF-8 without control characters; a number keeps its written form
 */
public record EntityId(EntityKind kind, String value) implements Comparable<EntityId> {

    public static final int VALUE_BYTES_MAX = 256;

    public EntityId {
        long bytes = checkedBytes(kind, value);
        if (bytes == 0 || bytes > VALUE_BYTES_MAX) {
            throw new IllegalArgumentException("an id's value is 1 to %s bytes: %s bytes in '%s:%s'"
                    .formatted(VALUE_BYTES_MAX, bytes, kind, clip(value)));
        }
    }

    /** The length in UTF-8; refuses what has no place in an id. Allocates nothing. */
    private static long checkedBytes(EntityKind kind, String value) {
        long bytes = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (Character.isISOControl(c)) {
                throw new IllegalArgumentException(
                        "an id's value has no control characters: kind '%s'".formatted(kind));
            }
            if (Character.isHighSurrogate(c)
                    && i + 1 < value.length()
                    && Character.isLowSurrogate(value.charAt(i + 1))) {
                bytes += 4;
                i++;
            } else if (Character.isSurrogate(c)) {
                throw new IllegalArgumentException("an id's value has no half characters: kind '%s'".formatted(kind));
            } else {
                bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
            }
        }
        return bytes;
    }

    public static EntityId of(EntityKind kind, String value) {
        return new EntityId(kind, value);
    }

    public static EntityId of(EntityKind kind, long value) {
        return new EntityId(kind, Long.toString(value));
    }

    /**
     * Reads {@code kind:value}; the value may itself hold colons.
     *
     * @throws IllegalArgumentException naming the rule and the text
     */
    public static EntityId parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException(
                    "an id is written kind:value, such as user:12: '%s'".formatted(clip(text)));
        }
        return new EntityId(EntityKind.before(colon, text), text.substring(colon + 1));
    }

    /** Whether the value is a whole number from 0 to 2^63 - 1 in canonical form, without leading zeros. */
    public boolean isNumber() {
        return isNumber(value);
    }

    @Override
    public int compareTo(EntityId other) {
        int byKind = kind.compareTo(other.kind);
        return byKind != 0 ? byKind : compareValues(value, other.value);
    }

    @Override
    public String toString() {
        return kind.name() + ":" + value;
    }

    /** The order of values within a kind. */
    static int compareValues(String a, String b) {
        boolean aIsNumber = isNumber(a);
        boolean bIsNumber = isNumber(b);
        if (aIsNumber && bIsNumber) {
            return Long.compare(Long.parseLong(a), Long.parseLong(b));
        }
        if (aIsNumber != bIsNumber) {
            return aIsNumber ? -1 : 1;
        }
        return java.util.Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }

    private static boolean isNumber(String value) {
        int length = value.length();
        if (length == 0 || length > 19 || (length > 1 && value.charAt(0) == '0')) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            char c = value.charAt(i);
            if (c < '0' || c > '9') {
                return false;
            }
        }
        return length < 19 || value.compareTo("9223372036854775807") <= 0;
    }

    private static String clip(String text) {
        return text.length() <= 64 ? text : text.substring(0, 61) + "...";
    }
}
