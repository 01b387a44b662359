package repscorer.core.store;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import repscorer.ann.OrdinalFilter;
import repscorer.ann.TopK;
import repscorer.core.embedding.Embedding;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.entity.EntityId;
import repscorer.core.store.Delta.Slot;
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;
import repscorer.vector.SparseVector;

/** A delta as of one moment. Immutable, safe for concurrent use. */
final class DeltaView {

    private final Delta delta;
    private final Slot[] slots;
    private final int[] changed;
    private final DenseRows[] chunks;
    private final int count;
    private final int changedCount;
    private final int live;
    private final long sequence;

    DeltaView(
            Delta delta,
            Slot[] slots,
            int[] changed,
            DenseRows[] chunks,
            int count,
            int changedCount,
            int live,
            long sequence) {
        this.delta = delta;
        this.slots = slots;
        this.changed = changed;
        this.chunks = chunks;
        this.count = count;
        this.changedCount = changedCount;
        this.live = live;
        this.sequence = sequence;
    }

    /** Whether these are changes to this very file. */
    boolean isOver(EmbeddingFile base) {
        return delta.base().path().equals(base.path())
                && delta.base().checksum().equals(base.checksum());
    }

    /** How many changes it covers; also the number of its slots. */
    int count() {
        return count;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** Rows of the base, changed or not: slots' ordinals go on from here. */
    int baseCount() {
        return delta.base().count();
    }

    /** Of the last change it covers, counted from the release's publication. */
    long sequence() {
        return sequence;
    }

    /** Entities that exist after all changes. */
    int rows() {
        return delta.base().count() - changedCount + live;
    }

    /** The newest change of an id, or null where the base has the say. */
    @Nullable
    Slot find(EntityId id) {
        Slot slot = delta.head(id);
        while (slot != null && slot.number >= count) {
            slot = slot.previous;
        }
        return slot;
    }

    /** Whether a slot holds a vector that no later change took away. */
    boolean isLive(int number) {
        Slot slot = slots[number];
        return !slot.deleted && slot.supersededBy >= count;
    }

    boolean isDeletion(int number) {
        return slots[number].deleted;
    }

    /** What searches the first slots, or null where all are scanned. */
    @Nullable
    DeltaGraph graph() {
        return delta.graph();
    }

    boolean overrides(int baseOrdinal) {
        int first = delta.firstChange(baseOrdinal);
        return first >= 0 && first < count;
    }

    EntityId id(int number) {
        return slots[number].id;
    }

    /** The chunk of dense rows that holds a slot's, at {@code number % CHUNK_ROWS}. */
    DenseRows chunk(int number) {
        return chunks[number / Delta.CHUNK_ROWS];
    }

    /** Scores a slot's dense row for an answer; a zero row is none under cosine. */
    void offer(int number, Metric metric, float[] query, float norm, float scoreMin, TopK best, int ordinal) {
        DenseRows rows = chunk(number);
        int row = number % Delta.CHUNK_ROWS;
        if (metric == Metric.COSINE && rows.norm(row) == 0) {
            return;
        }
        float score = rows.score(metric, query, norm, row);
        if (score >= scoreMin) {
            best.offer(ordinal, score);
        }
    }

    SparseVector sparse(int number) {
        SparseVector vector = slots[number].vector;
        if (vector == null) {
            throw new IllegalStateException("slot %d holds no sparse row".formatted(number));
        }
        return vector;
    }

    /** What the base's index may answer: base rows that no change touched, out of those a search wants. */
    OrdinalFilter untouched(OrdinalFilter wanted) {
        return changedCount == 0 ? wanted : new Untouched(this, wanted);
    }

    private record Untouched(DeltaView view, OrdinalFilter wanted) implements OrdinalFilter {

        @Override
        public boolean accepts(int ordinal) {
            return wanted.accepts(ordinal) && !view.overrides(ordinal);
        }

        @Override
        public int next(int from, int baseCount) {
            int at = wanted.next(from, baseCount);
            while (at < baseCount && view.overrides(at)) {
                at = wanted.next(at + 1, baseCount);
            }
            return at;
        }

        @Override
        public int accepted(int baseCount) {
            if (wanted.equals(OrdinalFilter.ALL)) {
                return baseCount - view.changedCount;
            }
            int accepted = wanted.accepted(baseCount);
            for (int i = 0; i < view.changedCount; i++) {
                accepted -= wanted.accepts(view.changed[i]) ? 1 : 0;
            }
            return accepted;
        }
    }

    /** The live slots by ascending id: O(n log n). */
    int[] sortedLive() {
        List<Slot> kept = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            if (isLive(number)) {
                kept.add(slots[number]);
            }
        }
        kept.sort(Comparator.comparing(slot -> slot.id));
        return kept.stream().mapToInt(slot -> slot.number).toArray();
    }

    /** The change in a slot, as it can be added to another delta. */
    Change change(int number) {
        Slot slot = slots[number];
        if (slot.deleted) {
            return new Change.Delete(slot.id, OptionalLong.empty());
        }
        Embedding embedding = slot.vector != null
                ? new Embedding.Sparse(slot.vector)
                : new Embedding.Dense(chunk(number).row(number % Delta.CHUNK_ROWS));
        return new Change.Upsert(slot.id, embedding, OptionalLong.empty());
    }
}
