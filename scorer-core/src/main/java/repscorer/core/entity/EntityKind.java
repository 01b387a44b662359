package repscorer.core.entity;

import java.util.regex.Pattern;

/**
 * A kind of entity, such as {@code user}, {@code tweet} or {@code topic}.
 *
 * @param name lower-case letters, digits and hyphens, beginning with a letter, at most 32 characters
 */
public record EntityKind(String name) implements Comparable<EntityKind> {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,31}");

    public static final EntityKind USER = new EntityKind("user");
    public static final EntityKind TWEET = new EntityKind("tweet");
    public static final EntityKind TOPIC = new EntityKind("topic");

    /** The kind of the ids that relation vectors are kept under. */
    public static final EntityKind RELATION = new EntityKind("relation");

    public EntityKind {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "a kind is 1 to 32 lower-case letters, digits and hyphens, beginning with a letter: '%s'"
                            .formatted(name));
        }
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
