package repscorer.core.signal;

import repscorer.core.entity.EntityId;

/**
 * One thing that a user did to one entity.
 *
 * @param type such as {@code fav}, {@code block} or {@code seen}
 * @param atMillis when, in milliseconds since 1970
 */
public record Signal(String type, EntityId entity, long atMillis) {}
