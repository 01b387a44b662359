package repscorer.core.entity;

import java.util.OptionalLong;

/**
 * The time in a snowflake id: its upper bits count milliseconds since 4 November 2010, the lower 22 a machine and a sequence.
 */
public final class Snowflake {

    /** 2010-11-04T01:42:54.657Z in milliseconds since 1970. */
    public static final long EPOCH_MILLIS = 1_288_834_974_657L;

    /** The first snowflake; smaller ids were counted up and tell no time. */
    public static final long FIRST = 29_700_859_247L;

    private static final int LOWER_BITS = 22;

    private Snowflake() {}

    /** When the id was made, in milliseconds since 1970; empty for one that is no snowflake. */
    public static OptionalLong millis(EntityId id) {
        if (!id.isNumber()) {
            return OptionalLong.empty();
        }
        long number = Long.parseLong(id.value());
        return number < FIRST ? OptionalLong.empty() : OptionalLong.of((number >> LOWER_BITS) + EPOCH_MILLIS);
    }
}
