package repscorer.core.candidates;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import repscorer.ann.OrdinalFilter;
import repscorer.core.embedding.SparseSpace;
import repscorer.core.failure.ScorerException.Invalid;
import repscorer.core.plan.DeclaredSpaces;
import repscorer.core.plan.Limits;
import repscorer.core.query.CandidateQuery;
import repscorer.core.query.Source;
import repscorer.core.request.Entities;
import repscorer.core.request.EntitySet;
import repscorer.core.request.Request;
import repscorer.core.rule.Rule;
import repscorer.core.signal.SignalSource;
import repscorer.core.store.SpaceVersion;

/**
 * What a request's searches leave out, and on whose word: the source itself, ids it names, what the source's histories hold,
 * what rules remove by id or by age, and all that does not meet its filter. For one request and one thread.
 */
public final class Exclusions {

    public static final String SOURCE = "source";
    public static final String REQUEST = "filters.excludeIds";

    public static final String WHERE = "filters.where";

    /** Before the name of a rule whose word it is. */
    public static final String RULE = "rule ";

    private final EntitySet named;
    private final List<String> reasons = new ArrayList<>(); // by the places of those named
    private final List<AgeWindow> windows = new ArrayList<>();
    private final Map<String, OrdinalFilter> filters = new HashMap<>();

    private final Optional<FilterRows> where;

    private RemovedIds removed;

    private Exclusions(Entities entities, int expected, Optional<FilterRows> where) {
        this.where = where;
        this.named = new EntitySet(entities, expected);
        this.removed = RemovedIds.none(entities);
    }

    /**
     * All that a request leaves out; the first word on an entity stands. Waits for signals.
     *
     * @throws repscorer.core.failure.ScorerException.Invalid for too many ids, a history that is none, or a filter by what the
     *     surface does not know
     */
    static Exclusions of(
            CandidateQuery query, Request request, SignalSource signals, Ages ages, DeclaredSpaces spaces) {
        List<String> histories = query.excludeHistories().orElse(request.plan().exclude());
        check(query, histories, spaces);
        FilterChecks checks = new FilterChecks(request.plan(), spaces);
        query.where().ifPresent(filter -> checks.check(filter, WHERE));
        Exclusions exclusions = new Exclusions(
                request.entities(),
                Math.min(query.excludeIds().size(), Limits.EXCLUDED_MAX),
                query.where()
                        .map(filter -> new FilterRows(
                                filter, request.trace(), request.plan().attributes(), ages, request.nowMillis())));
        query.excludeIds().forEach(id -> exclusions.add(request.entities().number(id), REQUEST));
        if (query.source() instanceof Source.Entities source) {
            source.entities()
                    .forEach(entity -> exclusions.add(request.entities().number(entity.id()), SOURCE));
            for (String history : histories) {
                Histories.read(source, history, request.trace(), number -> exclusions.add(number, history));
            }
        }
        exclusions.removed = RemovedIds.of(query.source(), request, signals);
        for (Rule rule : request.plan().rules().rules()) {
            if (rule.mode() != Rule.Mode.ON) {
                continue;
            }
            if (rule instanceof Rule.Remove remove && remove.attribute().isEmpty()) {
                EntitySet ids = exclusions.removed.by(rule);
                for (int i = 0; i < ids.size(); i++) {
                    exclusions.add(ids.number(i), RULE + rule.name());
                }
            } else if (rule instanceof Rule.RemoveByAge remove) {
                exclusions.windows.add(new AgeWindow(remove, ages, request.nowMillis()));
            }
        }
        return exclusions;
    }

    private static void check(CandidateQuery query, List<String> histories, DeclaredSpaces spaces) {
        if (query.excludeIds().size() > Limits.EXCLUDED_MAX) {
            throw new Invalid(
                    "too-many-excluded",
                    "filters.excludeIds",
                    "at most %s ids are left out: %s"
                            .formatted(Limits.EXCLUDED_MAX, query.excludeIds().size()));
        }
        for (int i = 0; i < histories.size(); i++) {
            if (!(spaces.find(histories.get(i)).orElse(null) instanceof SparseSpace)) {
                throw new Invalid(
                        "unknown-history",
                        "filters.excludeHistories[%s]".formatted(i),
                        "no history space is called '%s'".formatted(histories.get(i)));
            }
        }
    }

    private void add(int number, String reason) {
        if (named.add(number) == reasons.size()) {
            reasons.add(reason);
        }
    }

    /** What removing rules name, those among them that remove by an attribute or trace only. */
    RemovedIds removed() {
        return removed;
    }

    /** How many entities were named. */
    public int count() {
        return named.size();
    }

    boolean contains(int number) {
        return named.contains(number) || window(number).isPresent() || !accepted(number);
    }

    private boolean accepted(int number) {
        return where.isEmpty() || where.get().accepts(number);
    }

    /** Whether the request has a filter, so that an index may find fewer than there are. */
    public boolean filtered() {
        return where.isPresent();
    }

    /** On whose word an entity is left out; empty where it is not. */
    public Optional<String> reason(int number) {
        int place = named.place(number);
        if (place >= 0) {
            return Optional.of(reasons.get(place));
        }
        Optional<String> rule = window(number).map(window -> RULE + window.rule());
        return rule.isPresent() || accepted(number) ? rule : Optional.of(WHERE);
    }

    private Optional<AgeWindow> window(int number) {
        for (AgeWindow window : windows) {
            if (window.isOutside(number)) {
                return Optional.of(window);
            }
        }
        return Optional.empty();
    }

    /** Accepts the rows of a space that are not left out. O(named), and O(rows) for windows and a filter, once per space. */
    public OrdinalFilter filter(SpaceVersion version) {
        return filters.computeIfAbsent(version.space().name(), name -> {
            BitSet left = ordinals(version);
            if (where.isEmpty()) {
                return OrdinalFilter.deny(left);
            }
            BitSet accepted = where.get().rows(version);
            accepted.andNot(left);
            return OrdinalFilter.allow(accepted);
        });
    }

    private BitSet ordinals(SpaceVersion version) {
        BitSet ordinals = new BitSet();
        Entities.Rows rows = named.entities().rows(version);
        for (int place = 0; place < named.size(); place++) {
            int ordinal = rows.ordinal(named.number(place));
            if (ordinal >= 0) {
                ordinals.set(ordinal);
            }
        }
        windows.forEach(window -> window.addOutside(version, ordinals));
        return ordinals;
    }
}
