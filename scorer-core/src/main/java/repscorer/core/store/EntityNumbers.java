package repscorer.core.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.entity.IdTable;
import repscorer.core.entity.JoinedIds;

/**
 * All entities of a release's bases, numbered from 0 in the order of their ids, and where each space has them: what joins
 * spaces of one kind without ids. Numbers rank as ids do. Streamed changes are not in it. Immutable, safe for concurrent use.
 */
public final class EntityNumbers {

    private final List<Kind> kinds = new ArrayList<>();
    private final Map<String, Rows> bySpace = new HashMap<>();
    private final List<IdTable> tables;
    private final int size;

    /** The entities of one kind: those from {@code start} on. */
    private record Kind(EntityKind kind, int start, JoinedIds ids) {}

    /** One space's rows and their entities. */
    public static final class Rows {

        private final JoinedIds ids;
        private final int table;
        private final int start;

        private Rows(JoinedIds ids, int table, int start) {
            this.ids = ids;
            this.table = table;
            this.start = start;
        }

        /** The entity of a row of the base. O(1). */
        public int number(int row) {
            return start + ids.number(table, row);
        }

        /** The base's row of an entity, or -1 where it has none. O(1). */
        public int row(int number) {
            int place = number - start;
            return place < 0 || place >= ids.size() ? -1 : ids.row(table, place);
        }
    }

    /**
     * Joins the bases of spaces. O(rows), for those kinds that were not joined before.
     *
     * @param before of an earlier state of the release, whose joins are taken over where the bases are the same
     */
    static EntityNumbers of(Collection<SpaceVersion> spaces, @Nullable EntityNumbers before) {
        return new EntityNumbers(spaces, before);
    }

    private EntityNumbers(Collection<SpaceVersion> spaces, @Nullable EntityNumbers before) {
        this.tables = tables(spaces);
        Map<EntityKind, List<SpaceVersion>> byKind = new TreeMap<>();
        for (SpaceVersion version : spaces) {
            byKind.computeIfAbsent(version.space().kind(), kind -> new ArrayList<>())
                    .add(version);
        }
        int start = 0;
        for (Map.Entry<EntityKind, List<SpaceVersion>> each : byKind.entrySet()) {
            List<IdTable> tables = each.getValue().stream()
                    .map(version -> version.file().ids())
                    .toList();
            JoinedIds ids = joined(each.getKey(), tables, before);
            kinds.add(new Kind(each.getKey(), start, ids));
            for (int t = 0; t < tables.size(); t++) {
                bySpace.put(each.getValue().get(t).space().name(), new Rows(ids, t, start));
            }
            start = Math.addExact(start, ids.size());
        }
        this.size = start;
    }

    private static JoinedIds joined(EntityKind kind, List<IdTable> tables, @Nullable EntityNumbers before) {
        Optional<JoinedIds> known = before == null
                ? Optional.empty()
                : before.kinds.stream()
                        .filter(each -> each.kind.equals(kind) && each.ids.joins(tables))
                        .map(Kind::ids)
                        .findFirst();
        return known.orElseGet(() -> JoinedIds.of(tables));
    }

    /** Whether these are the spaces that were joined, on the same bases. */
    boolean joins(Collection<SpaceVersion> spaces) {
        return tables.equals(tables(spaces));
    }

    private static List<IdTable> tables(Collection<SpaceVersion> spaces) {
        return spaces.stream().map(version -> version.file().ids()).toList();
    }

    public int size() {
        return size;
    }

    /** @throws IllegalArgumentException where the release has no such space */
    public Rows rows(String space) {
        Rows rows = bySpace.get(space);
        if (rows == null) {
            throw new IllegalArgumentException("no such space was joined: " + space);
        }
        return rows;
    }

    /** An entity's number, or -1 where no base has a row of it. One look-up. */
    public int find(EntityId id) {
        for (Kind kind : kinds) {
            if (kind.kind.equals(id.kind())) {
                int place = kind.ids.find(id);
                return place < 0 ? -1 : kind.start + place;
            }
        }
        return -1;
    }

    public EntityId id(int number) {
        Kind kind = kindOf(number);
        return kind.ids.id(number - kind.start);
    }

    public EntityKind kind(int number) {
        return kindOf(number).kind;
    }

    private Kind kindOf(int number) {
        for (Kind kind : kinds) {
            if (number - kind.start < kind.ids.size()) {
                return kind;
            }
        }
        throw new IndexOutOfBoundsException("an entity's number is 0 to %s: %s".formatted(size - 1, number));
    }
}
