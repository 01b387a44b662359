package repscorer.core.complete;

import repscorer.core.entity.EntityId;

/**
 * An entity that somebody may mean.
 *
 * @param name whole, as it was published
 * @param errors of typing that it takes to get from the prefix to the name, 0 or 1
 */
public record Completed(EntityId id, String name, int errors) {}
