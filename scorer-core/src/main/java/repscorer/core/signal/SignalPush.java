package repscorer.core.signal;

import repscorer.core.entity.EntityId;

/**
 * One signal on its way into the store.
 *
 * @param undone true where the user took it back, such as an unblocking: the entity's signal of this type is forgotten
 */
public record SignalPush(EntityId user, Signal signal, boolean undone) {}
