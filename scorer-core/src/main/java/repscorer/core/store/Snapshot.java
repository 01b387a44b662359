package repscorer.core.store;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import repscorer.core.embedding.DerivedFacts;
import repscorer.core.entity.IdTable;

/**
 * What one request sees: the spaces of one release, nothing newer, nothing older. Immutable; a request takes it once
 * and never asks again, so ids, rows and indexes cannot disagree.
 */
public final class Snapshot {

    /** Before the first publication. */
    public static final Snapshot EMPTY = new Snapshot("", Map.of());

    private final String release;
    private final Map<String, SpaceVersion> spaces;
    private final DerivedFacts facts;

    public Snapshot(String release, Map<String, SpaceVersion> spaces) {
        this(release, spaces, new DerivedFacts());
    }

    private Snapshot(String release, Map<String, SpaceVersion> spaces, DerivedFacts facts) {
        this.release = release;
        this.spaces = new TreeMap<>(spaces);
        this.facts = facts;
    }

    /** The same release with one of its spaces replaced. */
    Snapshot with(SpaceVersion version) {
        Map<String, SpaceVersion> changed = new TreeMap<>(spaces);
        changed.put(version.space().name(), version);
        return new Snapshot(release, changed, facts);
    }

    /** The release's name, empty before the first publication. */
    public String release() {
        return release;
    }

    public boolean isEmpty() {
        return spaces.isEmpty();
    }

    /** What is derived from several spaces of the release, kept as long as any snapshot of it. */
    public DerivedFacts facts() {
        return facts;
    }

    /** Its entities by number. O(rows) where the bases are others than when this was last asked for, else O(spaces). */
    public EntityNumbers entities() {
        Join join = facts.get(Join.class, Join::new);
        return join.of(spaces.values());
    }

    /** The last join of a release. */
    private static final class Join {

        private List<IdTable> tables = List.of();
        private EntityNumbers numbers = EntityNumbers.of(List.of(), null);

        synchronized EntityNumbers of(Collection<SpaceVersion> spaces) {
            List<IdTable> wanted =
                    spaces.stream().map(version -> version.file().ids()).toList();
            if (!wanted.equals(tables)) {
                numbers = EntityNumbers.of(spaces, numbers);
                tables = wanted;
            }
            return numbers;
        }
    }

    public Optional<SpaceVersion> space(String name) {
        return Optional.ofNullable(spaces.get(name));
    }

    /** In the order of their names. */
    public Collection<SpaceVersion> spaces() {
        return Collections.unmodifiableCollection(spaces.values());
    }
}
