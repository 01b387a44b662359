package repscorer.core.sizing;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import repscorer.core.entity.EntityKind;
import repscorer.core.entity.JoinedIds;

/**
 * What a release of some spaces is expected to take.
 *
 * @param numbers bytes of the heap that join the ids of its spaces; the entities of a kind are taken to be those of its largest space
 */
public record ReleaseSize(List<SpaceSize> spaces, long numbers) {

    public ReleaseSize {
        spaces = List.copyOf(spaces);
    }

    /** Adds spaces up. */
    public static ReleaseSize of(List<SpaceSize> spaces) {
        Map<EntityKind, Long> entities = new TreeMap<>();
        Map<EntityKind, Long> rows = new TreeMap<>();
        Map<EntityKind, Integer> tables = new TreeMap<>();
        for (SpaceSize space : spaces) {
            EntityKind kind = space.space().kind();
            entities.merge(kind, space.counts().rows(), Math::max);
            rows.merge(kind, space.counts().rows(), Long::sum);
            tables.merge(kind, 1, Integer::sum);
        }
        long numbers = 0;
        for (Map.Entry<EntityKind, Long> each : entities.entrySet()) {
            numbers += JoinedIds.byteSize(
                    tables.getOrDefault(each.getKey(), 0), rows.getOrDefault(each.getKey(), 0L), each.getValue());
        }
        return new ReleaseSize(spaces, numbers);
    }

    private long sum(ToLongFunction<SpaceSize> of) {
        return spaces.stream().mapToLong(of).sum();
    }

    /** The bytes on disk. */
    public long disk() {
        return sum(SpaceSize::disk);
    }

    /** What is mapped of it. */
    public long mapped() {
        return sum(SpaceSize::file);
    }

    /** What its indexes take outside Java's heap. */
    public long offHeap() {
        return sum(SpaceSize::offHeap);
    }

    /** What it takes of Java's heap. */
    public long heap() {
        return sum(SpaceSize::heap) + numbers;
    }

    /** All memory that it wants. */
    public long memory() {
        return mapped() + offHeap() + heap();
    }
}
