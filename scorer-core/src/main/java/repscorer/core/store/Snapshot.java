package repscorer.core.store;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import repscorer.core.embedding.DerivedFacts;

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
    private volatile @Nullable EntityNumbers entities; // when first asked for

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

    /**
     * Its entities by number. A volatile read once it was asked; before that O(spaces), or O(rows) where no snapshot of the release
     * was asked on the same bases lately: who puts other bases before requests asks first.
     */
    public EntityNumbers entities() {
        EntityNumbers known = entities;
        if (known == null) {
            known = facts.get(Joins.class, Joins::new).of(spaces.values());
            entities = known;
        }
        return known;
    }

    /** The last joins of a release: that of the bases that are live, and that of those that are about to be. */
    private static final class Joins {

        private static final int KEPT = 2;

        private final Deque<EntityNumbers> last = new ArrayDeque<>();

        synchronized EntityNumbers of(Collection<SpaceVersion> spaces) {
            for (EntityNumbers numbers : last) {
                if (numbers.joins(spaces)) {
                    return numbers;
                }
            }
            EntityNumbers numbers = EntityNumbers.of(spaces, last.peekFirst());
            last.addFirst(numbers);
            if (last.size() > KEPT) {
                last.removeLast();
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
