package repscorer.core.entity;

/**
 * A kind of entity, such as {@code user}, {@code tweet} or {@code topic}.
 *
 * @param name lower-case letters, digits and hyphens, beginning with a letter, at most 32 characters
 */
public record EntityKind(String name) implements Comparable<EntityKind> {

    private static final int LENGTH_MAX = 32;

    public static final EntityKind USER = new EntityKind("user");
    public static final EntityKind TWEET = new EntityKind("tweet");
    public static final EntityKind TOPIC = new EntityKind("topic");

    /** The kind of the ids that relation vectors are kept under. */
    public static final EntityKind RELATION = new EntityKind("relation");

    public EntityKind {
        if (!isName(name)) {
            throw new IllegalArgumentException(
                    "a kind is 1 to 32 lower-case letters, digits and hyphens, beginning with a letter: '%s'"
                            .formatted(name));
        }
    }

    /* A kind is read with every id, hence no regular expression. */
    private static boolean isName(String name) {
        boolean holds = !name.isEmpty() && name.length() <= LENGTH_MAX && isLetter(name.charAt(0));
        for (int i = 1; holds && i < name.length(); i++) {
            char c = name.charAt(i);
            holds = isLetter(c) || (c >= '0' && c <= '9') || c == '-';
        }
        return holds;
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
