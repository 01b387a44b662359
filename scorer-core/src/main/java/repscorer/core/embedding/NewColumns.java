package repscorer.core.embedding;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;

/**
 * Columns that changes named and that no file had when the release was published, numbered on from those that it had. Sparse
 * spaces of one release whose files have the same columns share these too, so that a number stands for one thing in all of them and
 * their vectors are compared as they are. Only grows. Safe for concurrent use.
 */
public final class NewColumns {

    /*
     * A number is given once and never to another name: first in memory, then in the log with each row that uses it, and from
     * the next compaction on in the base, whose columns go on with all that are known by then. Of two spaces that share columns
     * one may have them in its base and the other in its log only; both say the same.
     *
     * A name whose row the disk refused keeps its number until the store is closed. Numbers that no log knows afterwards are
     * filled with names that mean nothing, for a base has no gaps.
     */

    /** So many may be named until the next publication. */
    public static final int COUNT_MAX = 1 << 20;

    /** What a log may say: more than are taken, for spaces take them at once. */
    private static final int PLACES_MAX = 16 * COUNT_MAX;

    /** Of ids that stand where those of erased subjects stood: whoever has another name for such a column has it from before. */
    public static final EntityKind ERASED = new EntityKind("erased");

    /** What fills a number whose name was lost before anything used it. */
    private static final EntityKind LOST = new EntityKind("lost-column");

    private final int first;
    private final Map<EntityId, Integer> byName = new ConcurrentHashMap<>();

    /** By number from the first on; what lies behind the count is null, and so are gaps. */
    private volatile @Nullable EntityId[] names = new EntityId[16];

    private volatile int count;

    private NewColumns(Collection<EmbeddingFile> bases) {
        this.first = bases.stream().mapToInt(EmbeddingFile::dimension).min().orElse(0);
        bases.forEach(this::learn);
    }

    /** Of one file. */
    public static NewColumns of(EmbeddingFile base) {
        return new NewColumns(List.of(base));
    }

    /** Of the files of one release, by the names of their spaces. O(bytes of the columns) once a file. */
    public static Map<String, NewColumns> bySpace(Collection<EmbeddingFile> files) {
        Map<String, List<EmbeddingFile>> sharing = new TreeMap<>();
        for (EmbeddingFile file : files) {
            String group = file.columns().isPresent() ? file.columnsOrigin() : "dense " + file.space();
            sharing.merge(group, List.of(file), (some, more) -> {
                List<EmbeddingFile> all = new ArrayList<>(some);
                all.addAll(more);
                return all;
            });
        }
        Map<String, NewColumns> bySpace = new HashMap<>();
        for (List<EmbeddingFile> group : sharing.values()) {
            NewColumns columns = new NewColumns(group);
            group.forEach(file -> bySpace.put(file.space(), columns));
        }
        return bySpace;
    }

    /** Takes over what a base says of new columns. */
    public void learn(EmbeddingFile base) {
        base.columns().ifPresent(ids -> {
            for (int column = first; column < ids.count(); column++) {
                learn(column, ids.id(column));
            }
        });
    }

    /** Takes over all that others know, of the same files or more of them. */
    public void learn(NewColumns others) {
        for (int column = others.first; column < others.end(); column++) {
            learn(column, others.name(column));
        }
    }

    /**
     * Takes a number's name from what was written.
     *
     * @throws IllegalArgumentException where it has another name already, or lies beyond all that there can be
     */
    public synchronized void learn(int column, EntityId name) {
        if (column < first) {
            return; // every base has it
        }
        int place = column - first;
        if (place >= PLACES_MAX) {
            throw new IllegalArgumentException(
                    "a release names at most %s new columns: %s".formatted(COUNT_MAX, place));
        }
        EntityId known = place < count ? names[place] : null;
        if (known != null && known.kind().equals(ERASED)) {
            return;
        }
        if (known != null && name.kind().equals(ERASED)) {
            byName.remove(known);
        } else if (known != null && !known.equals(name)) {
            throw new IllegalArgumentException("column %s has one name: %s and %s".formatted(column, known, name));
        }
        put(place, name);
    }

    private void put(int place, EntityId name) {
        @Nullable EntityId[] room = names;
        if (place >= room.length) {
            room = Arrays.copyOf(room, Math.max(place + 1, 2 * room.length));
        }
        room[place] = name;
        names = room;
        count = Math.max(count, place + 1);
        byName.putIfAbsent(name, first + place);
    }

    /** Has other names stand for columns; one that is named again gets another number. */
    public synchronized void replace(UnaryOperator<EntityId> names) {
        for (int column = first; column < end(); column++) {
            EntityId name = this.names[column - first];
            EntityId other = name == null ? null : names.apply(name);
            if (name != null && other != null && !other.equals(name)) {
                byName.remove(name);
                put(column - first, other);
            }
        }
    }

    /** Fills the gaps that what was read has left, for good. */
    public synchronized void fillGaps() {
        for (int place = 0; place < count; place++) {
            if (names[place] == null) {
                put(place, EntityId.of(LOST, Integer.toString(first + place)));
            }
        }
    }

    /** The number of a name, given now where it has none. */
    public synchronized int number(EntityId name) {
        Integer known = byName.get(name);
        if (known == null) {
            put(count, name);
            return end() - 1;
        }
        return known;
    }

    /** The number of a name; empty where it has none, or one that every base knows. */
    public OptionalInt find(EntityId name) {
        Integer known = byName.get(name);
        return known == null ? OptionalInt.empty() : OptionalInt.of(known);
    }

    /** The name of a number from the first new one on. */
    public EntityId name(int column) {
        int place = column - first;
        EntityId name = place < 0 || place >= count ? null : names[place];
        if (name == null) {
            throw new IndexOutOfBoundsException("new columns are %s to %s: %s".formatted(first, end() - 1, column));
        }
        return name;
    }

    /** One more than the greatest number. */
    public int end() {
        return first + count;
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return count == 0;
    }

    /** How many more can be named; spaces that share columns may take them from each other meanwhile. */
    public int room() {
        return Math.max(0, COUNT_MAX - count);
    }
}
