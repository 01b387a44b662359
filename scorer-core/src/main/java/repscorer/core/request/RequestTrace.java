package repscorer.core.request;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import repscorer.ann.SearchStats;
import repscorer.core.answer.MissingReason;
import repscorer.core.answer.Provenance;
import repscorer.core.embedding.DerivedFacts;
import repscorer.core.entity.EntityKind;
import repscorer.core.failure.ScorerException.NotReady;
import repscorer.core.store.Snapshot;
import repscorer.core.store.SpaceVersion;

/**
 * What one request noted on its way: the snapshot it reads, the spaces it read, what was missing, how it searched.
 * Becomes its {@link Provenance}. For one thread.
 */
public final class RequestTrace {

    private final Snapshot snapshot;
    private final List<Provenance.Assigned> assignments;
    private final Set<Provenance.Notice> notices = new LinkedHashSet<>();
    private final long nowMillis;
    private final Map<String, String> versions = new TreeMap<>();
    private final Map<String, SpaceVersion> read = new HashMap<>();
    private final Map<String, String> searches = new LinkedHashMap<>();
    private @Nullable Entities entities;

    /** @param nowMillis what ages are counted to, in milliseconds since 1970 */
    public RequestTrace(
            Snapshot snapshot, long nowMillis, List<Provenance.Assigned> assignments, List<Provenance.Notice> notices) {
        this.snapshot = snapshot;
        this.nowMillis = nowMillis;
        this.assignments = List.copyOf(assignments);
        this.notices.addAll(notices);
    }

    /** A trace of a request that no experiment concerns. */
    public static RequestTrace of(Snapshot snapshot, long nowMillis) {
        return new RequestTrace(snapshot, nowMillis, List.of(), List.of());
    }

    /** The experiments that the unit is in. */
    public List<Provenance.Assigned> assignments() {
        return assignments;
    }

    public String release() {
        return snapshot.release();
    }

    /** What it reads. */
    public Snapshot snapshot() {
        return snapshot;
    }

    /** A space of the pinned snapshot as it is now, noted as read. */
    public Optional<SpaceVersion> space(String name) {
        SpaceVersion known = read.get(name);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<SpaceVersion> version = snapshot.space(name).map(each -> each.at(nowMillis));
        version.ifPresent(v -> {
            versions.put(name, v.version());
            read.put(name, v);
        });
        return version;
    }

    /** The same for one that rules read; a notice tells where the release lacks it. */
    public Optional<SpaceVersion> spaceForRules(String name) {
        Optional<SpaceVersion> version = space(name);
        if (version.isEmpty()) {
            notice(
                    "",
                    MissingReason.UNKNOWN_VERSION,
                    "rules do not know what is in %s: release %s has none".formatted(name, release()));
        }
        return version;
    }

    /** A space without which there is no answer. */
    public SpaceVersion required(String name) {
        return space(name)
                .orElseThrow(() -> new NotReady("space-not-live", "release %s has no %s".formatted(release(), name)));
    }

    public boolean holds(String space) {
        return snapshot.space(space).isPresent();
    }

    /** The entities of the request by number. */
    public Entities entities() {
        Entities numbered = entities == null ? new Entities(snapshot) : entities;
        entities = numbered;
        return numbered;
    }

    /** What is derived from the release's spaces together. */
    public DerivedFacts facts() {
        return snapshot.facts();
    }

    /** How many rows a space has, without reading it; none where the release lacks it. */
    int rows(String space) {
        return snapshot.space(space).map(SpaceVersion::ordinalsEnd).orElse(0);
    }

    /** @param column empty for the whole answer */
    public void notice(String column, MissingReason reason, String message) {
        notice(column, reason.name(), message);
    }

    void notice(String column, String reason, String message) {
        notices.add(new Provenance.Notice(column, reason, message));
    }

    /** What was noticed so far. */
    public List<Provenance.Notice> notices() {
        return notices.isEmpty() ? List.of() : new ArrayList<>(notices);
    }

    public void searched(String column, EntityKind kind, SearchStats stats) {
        String ef = stats.ef() > 0 ? " ef=" + stats.ef() : "";
        searches.put(column + "/" + kind, stats.plan() + ef + " scored=" + stats.scored());
    }

    public Provenance toProvenance(String decisionId, Map<String, Long> micros) {
        return new Provenance(decisionId, release(), versions, assignments, new ArrayList<>(notices), micros, searches);
    }
}
