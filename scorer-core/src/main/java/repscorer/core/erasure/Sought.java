package repscorer.core.erasure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import repscorer.core.embedding.NewColumns;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.entity.IdTable;

/**
 * The subjects of some erasures, to be found wherever ids stand. Where their ids are at hand a table is asked for them, O(1) each;
 * where only digests are left, every id of it is digested, about a microsecond each. Immutable, safe for concurrent use.
 */
public final class Sought {

    private final ErasedSubjects subjects;
    private final Map<String, EntityId> byDigest; // what stands in its place
    private final Set<String> kinds;
    private final Optional<List<EntityId>> known;

    private Sought(
            ErasedSubjects subjects,
            Map<String, EntityId> byDigest,
            Set<String> kinds,
            Optional<List<EntityId>> known) {
        this.subjects = subjects;
        this.byDigest = Map.copyOf(byDigest);
        this.kinds = Set.copyOf(kinds);
        this.known = known;
    }

    static Sought of(ErasedSubjects subjects, List<Erasure> erasures) {
        Map<String, EntityId> byDigest = new HashMap<>();
        Set<String> kinds = new HashSet<>();
        for (Erasure erasure : erasures) {
            kinds.addAll(erasure.kinds());
            for (int i = 0; i < erasure.digests().size(); i++) {
                // The same in every file, so that spaces that share their columns go on doing so.
                byDigest.putIfAbsent(
                        erasure.digests().get(i), EntityId.of(NewColumns.ERASED, erasure.number() + "-" + i));
            }
        }
        return new Sought(subjects, byDigest, kinds, Optional.empty());
    }

    /** The same subjects, whose ids are these. */
    public Sought known(List<EntityId> ids) {
        return new Sought(subjects, byDigest, kinds, Optional.of(List.copyOf(ids)));
    }

    public boolean isEmpty() {
        return byDigest.isEmpty();
    }

    /** Whether a text stands for one of them. */
    public boolean has(String text) {
        return !byDigest.isEmpty() && byDigest.containsKey(subjects.digest(text));
    }

    public boolean has(EntityId id) {
        return !byDigest.isEmpty()
                && (known.isPresent()
                        ? known.get().contains(id)
                        : kinds.contains(id.kind().name()) && has(id.toString()));
    }

    /** Whether entities of a kind may be among them. */
    public boolean mayHave(EntityKind kind) {
        return kinds.contains(kind.name());
    }

    /** What stands where the id of one of them stood; empty for any other. */
    public Optional<EntityId> inPlaceOf(EntityId id) {
        return has(id) ? Optional.ofNullable(byDigest.get(subjects.digest(id.toString()))) : Optional.empty();
    }

    /** Their ids, where they are at hand. */
    public Optional<List<EntityId>> ids() {
        return known;
    }

    /** What stands in place of a text that stands for one of them; empty for any other. */
    public Optional<String> inPlaceOf(String text) {
        return byDigest.isEmpty()
                ? Optional.empty()
                : Optional.ofNullable(byDigest.get(subjects.digest(text))).map(EntityId::toString);
    }

    /** Where they stand in a table, ascending. */
    public int[] in(IdTable table) {
        if (byDigest.isEmpty()) {
            return new int[0];
        }
        if (known.isPresent()) {
            return known.get().stream()
                    .flatMapToInt(id -> table.ordinal(id).stream())
                    .sorted()
                    .toArray();
        }
        return IntStream.range(0, table.count())
                .filter(ordinal -> has(table.id(ordinal)))
                .toArray();
    }

    /** Where they stand in a table, or what stands in their place already; ascending. */
    int[] withMarksIn(IdTable table) {
        IntStream marks = byDigest.values().stream().flatMapToInt(mark -> table.ordinal(mark).stream());
        return IntStream.concat(Arrays.stream(in(table)), marks).sorted().toArray();
    }

    /** Ids of a table without them: what stands in their place in it. */
    IdTable replacedIn(IdTable table, int[] ordinals) {
        List<EntityId> ids = new ArrayList<>(table.count());
        for (int ordinal = 0; ordinal < table.count(); ordinal++) {
            EntityId id = table.id(ordinal);
            ids.add(
                    Arrays.binarySearch(ordinals, ordinal) < 0
                            ? id
                            : inPlaceOf(id).orElse(id));
        }
        return IdTable.copyOf(ids);
    }
}
