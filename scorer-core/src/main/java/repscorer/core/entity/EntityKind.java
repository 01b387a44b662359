package repscorer.core.entity;

/**
 * A kind of entity, such as {@code user}, {@code tweet} or {@code topic}.
 *
 * @param name lower-case letters, digits and hyphens, beginning with a letter, at most 32 characters
 */
public record EntityKind(String name) implements Comparable<EntityKind> {

    private static final int NAME_CHARACTERS_MAX = 32;

    public static final EntityKind USER = new EntityKind("user");
    public static final EntityKind TWEET = new EntityKind("tweet");
    public static final EntityKind TOPIC = new EntityKind("topic");

    /** The kind of the ids that relation vectors are kept under. */
    public static final EntityKind RELATION = new EntityKind("relation");

    /** Kinds that most ids have: reading one of theirs makes no kind anew. */
    private static final EntityKind[] USUAL = {USER, TWEET, TOPIC};

    public EntityKind {
        if (!isName(name)) {
            throw new IllegalArgumentException(
                    "a kind is 1 to 32 lower-case letters, digits and hyphens, beginning with a letter: '%s'"
                            .formatted(name));
        }
    }

    /** The kind that a text begins with, up to a colon. */
    static EntityKind before(int colon, String text) {
        for (EntityKind kind : USUAL) {
            if (kind.name.length() == colon && text.startsWith(kind.name)) {
                return kind;
            }
        }
        return new EntityKind(text.substring(0, colon));
    }

    private static boolean isName(String name) {
        int length = name.length();
        if (length < 1 || length > NAME_CHARACTERS_MAX || !isLetter(name.charAt(0))) {
            return false;
        }
        for (int i = 1; i < length; i++) {
            char c = name.charAt(i);
            if (!isLetter(c) && !(c >= '0' && c <= '9') && c != '-') {
                return false;
            }
        }
        return true;
    }

    private static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z';
    }

    @Override
    public int compareTo(EntityKind other) {
        return name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return name;
    }
}
