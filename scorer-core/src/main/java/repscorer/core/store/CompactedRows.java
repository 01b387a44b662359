package repscorer.core.store;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import repscorer.core.embedding.EmbeddingRows;
import repscorer.core.entity.EntityId;
import repscorer.core.store.delta.DeltaView;
import repscorer.vector.SparseVector;

/** A version's entities by ascending id, whether their rows are the base's or came since, without those that are expired. */
final class CompactedRows implements EmbeddingRows {

    private final SpaceVersion version;
    private final MemorySegment ordinals; // off the heap: one int for each row
    private final int count;

    private CompactedRows(SpaceVersion version, MemorySegment ordinals, int count) {
        this.version = version;
        this.ordinals = ordinals;
        this.count = count;
    }

    /** One pass over the base's ids and one over the sorted changes. */
    static CompactedRows of(SpaceVersion version, long nowMillis) {
        SpaceVersion aged = version.at(nowMillis);
        DeltaView delta = version.delta();
        int baseCount = delta.baseCount();
        int[] came = Arrays.stream(delta.sortedLive())
                .filter(slot -> aged.live(baseCount + slot))
                .toArray();
        MemorySegment ordinals = Arena.ofAuto().allocate(ValueLayout.JAVA_INT, Math.max(1, version.count()));
        int at = 0;
        int next = 0;
        for (int row = 0; row < baseCount; row++) {
            if (!aged.live(row)) {
                continue;
            }
            if (next < came.length) {
                EntityId id = version.file().ids().id(row);
                while (next < came.length && delta.id(came[next]).compareTo(id) < 0) {
                    ordinals.setAtIndex(ValueLayout.JAVA_INT, at++, baseCount + came[next++]);
                }
            }
            ordinals.setAtIndex(ValueLayout.JAVA_INT, at++, row);
        }
        while (next < came.length) {
            ordinals.setAtIndex(ValueLayout.JAVA_INT, at++, baseCount + came[next++]);
        }
        if (aged == version && at != version.count()) {
            throw new IllegalStateException("a version counts its rows: %s, %s found".formatted(version.count(), at));
        }
        return new CompactedRows(version, ordinals, at);
    }

    /** By row: its ordinal in the version that was compacted. */
    int[] ordinalsBefore() {
        int[] before = new int[count];
        Arrays.setAll(before, this::ordinal);
        return before;
    }

    private int ordinal(int row) {
        return ordinals.getAtIndex(ValueLayout.JAVA_INT, row);
    }

    @Override
    public int count() {
        return count;
    }

    @Override
    public EntityId id(int row) {
        return version.id(ordinal(row));
    }

    @Override
    public void copyDense(int row, float[] into) {
        version.copyDense(ordinal(row), into);
    }

    @Override
    public SparseVector sparse(int row) {
        return version.sparse(ordinal(row));
    }

    @Override
    public boolean timed() {
        return version.timed();
    }

    @Override
    public long madeMillis(int row) {
        return version.madeMillis(ordinal(row));
    }

    @Override
    public String text(int row) {
        return version.text(ordinal(row));
    }
}
