package repscorer.core.store;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What one request sees: the spaces of one release, nothing newer, nothing older. Immutable; a request takes it once
 * and never asks again, so ids, rows and indexes cannot disagree.
 */
public final class Snapshot {

    /** Before the first publication. */
    public static final Snapshot EMPTY = new Snapshot("", Map.of());

    private final String release;
    private final Map<String, SpaceVersion> spaces;

    public Snapshot(String release, Map<String, SpaceVersion> spaces) {
        this.release = release;
        this.spaces = new TreeMap<>(spaces);
    }

    /** The same release with one of its spaces replaced. */
    Snapshot with(SpaceVersion version) {
        Map<String, SpaceVersion> changed = new TreeMap<>(spaces);
        changed.put(version.space().name(), version);
        return new Snapshot(release, changed);
    }

    /** The release's name, empty before the first publication. */
    public String release() {
        return release;
    }

    public boolean isEmpty() {
        return spaces.isEmpty();
    }

    public Optional<SpaceVersion> space(String name) {
        return Optional.ofNullable(spaces.get(name));
    }

    /** In the order of their names. */
    public Collection<SpaceVersion> spaces() {
        return java.util.Collections.unmodifiableCollection(spaces.values());
    }
}
