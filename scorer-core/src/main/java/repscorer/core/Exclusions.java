package repscorer.core;

import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import repscorer.ann.OrdinalFilter;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.IdTable;
import repscorer.core.store.SpaceVersion;

/**
 * What a request leaves out: the source itself, ids it names, and what the source's histories hold. Known by id, because
 * every space has ordinals of its own. For one request and one thread.
 */
final class Exclusions {

    private final Set<EntityId> ids = new HashSet<>();
    private final Map<String, OrdinalFilter> filters = new HashMap<>();

    Exclusions(Collection<EntityId> excluded) {
        ids.addAll(excluded);
    }

    /** Adds the source's entities and all that the history spaces hold for them. */
    void addSource(Source.Entities source, List<String> histories, Trail trail) {
        source.entities().forEach(entity -> ids.add(entity.id()));
        for (String history : histories) {
            SpaceVersion version = trail.space(history).orElse(null);
            if (version == null) {
                trail.notice(
                        "",
                        MissingReason.UNKNOWN_VERSION,
                        "nothing is left out by history: release %s has no %s".formatted(trail.release(), history));
                continue;
            }
            source.entities().forEach(entity -> addHistory(version, entity.id()));
        }
    }

    private void addHistory(SpaceVersion history, EntityId id) {
        OptionalInt ordinal = history.ordinal(id);
        if (ordinal.isEmpty()) {
            return;
        }
        IdTable columns = history.file().columns().orElseThrow();
        for (int column : history.sparse(ordinal.getAsInt()).columns()) {
            ids.add(columns.id(column));
        }
    }

    int count() {
        return ids.size();
    }

    /** Accepts the rows of a space that are not left out. O(excluded), once per space. */
    OrdinalFilter filter(SpaceVersion version) {
        return filters.computeIfAbsent(version.space().name(), name -> OrdinalFilter.deny(ordinals(version)));
    }

    private BitSet ordinals(SpaceVersion version) {
        BitSet ordinals = new BitSet();
        for (EntityId id : ids) {
            if (id.kind().equals(version.space().kind())) {
                version.ordinal(id).ifPresent(ordinals::set);
            }
        }
        return ordinals;
    }
}
