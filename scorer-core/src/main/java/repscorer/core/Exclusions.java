package repscorer.core;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import repscorer.ann.OrdinalFilter;
import repscorer.core.answer.MissingReason;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.IdTable;
import repscorer.core.query.Source;
import repscorer.core.store.SpaceVersion;

/**
 * What a request's searches leave out, and on whose word: the source itself, ids it names, what the source's histories hold,
 * what rules remove by id or by age. Known by id, because every space has ordinals of its own. For one request and one thread.
 */
final class Exclusions {

    static final String SOURCE = "source";
    static final String REQUEST = "filters.excludeIds";

    /** Before the name of a rule whose word it is. */
    static final String RULE = "rule ";

    private final Map<EntityId, String> reasons = new HashMap<>();
    private final List<AgeWindow> windows = new ArrayList<>();
    private final Map<String, OrdinalFilter> filters = new HashMap<>();

    Exclusions(Collection<EntityId> excluded) {
        add(REQUEST, excluded);
    }

    /** Adds ids; the first word on an id stands. */
    void add(String reason, Collection<EntityId> ids) {
        ids.forEach(id -> reasons.putIfAbsent(id, reason));
    }

    /** Adds what lies outside a window; the first word on an id stands, and ids that were named come first. */
    void add(AgeWindow window) {
        windows.add(window);
    }

    /** Adds the source's entities and all that the history spaces hold for them. */
    void addSource(Source.Entities source, List<String> histories, Trail trail) {
        source.entities().forEach(entity -> reasons.putIfAbsent(entity.id(), SOURCE));
        for (String history : histories) {
            readHistory(source, history, trail, id -> reasons.putIfAbsent(id, history));
        }
    }

    /** Tells every entity that a history space holds for the source; notes where the release lacks the space. */
    static void readHistory(Source.Entities source, String history, Trail trail, Consumer<EntityId> each) {
        SpaceVersion version = trail.space(history).orElse(null);
        if (version == null) {
            trail.notice(
                    "",
                    MissingReason.UNKNOWN_VERSION,
                    "nothing is left out by history: release %s has no %s".formatted(trail.release(), history));
            return;
        }
        source.entities().forEach(entity -> readHistory(version, entity.id(), each));
    }

    private static void readHistory(SpaceVersion history, EntityId id, Consumer<EntityId> each) {
        OptionalInt ordinal = history.ordinal(id);
        if (ordinal.isEmpty()) {
            return;
        }
        IdTable columns = history.file().columns().orElseThrow();
        for (int column : history.sparse(ordinal.getAsInt()).columns()) {
            each.accept(columns.id(column));
        }
    }

    boolean contains(EntityId id) {
        return reason(id).isPresent();
    }

    /** How many ids were named. */
    int count() {
        return reasons.size();
    }

    /** On whose word an id is left out; empty where it is not. */
    Optional<String> reason(EntityId id) {
        String named = reasons.get(id);
        if (named != null) {
            return Optional.of(named);
        }
        for (AgeWindow window : windows) {
            if (window.isOutside(id)) {
                return Optional.of(RULE + window.rule());
            }
        }
        return Optional.empty();
    }

    /** Accepts the rows of a space that are not left out. O(excluded), and O(rows) for windows, once per space. */
    OrdinalFilter filter(SpaceVersion version) {
        return filters.computeIfAbsent(version.space().name(), name -> OrdinalFilter.deny(ordinals(version)));
    }

    private BitSet ordinals(SpaceVersion version) {
        BitSet ordinals = new BitSet();
        for (EntityId id : reasons.keySet()) {
            if (id.kind().equals(version.space().kind())) {
                version.ordinal(id).ifPresent(ordinals::set);
            }
        }
        windows.forEach(window -> window.addOutside(version, ordinals));
        return ordinals;
    }
}
