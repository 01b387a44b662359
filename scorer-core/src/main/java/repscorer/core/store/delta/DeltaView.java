package repscorer.core.store.delta;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import repscorer.ann.OrdinalFilter;
import repscorer.ann.TopK;
import repscorer.core.embedding.Embedding;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.embedding.NewColumns;
import repscorer.core.entity.EntityId;
import repscorer.core.store.delta.Delta.Slot;
import repscorer.core.text.AnalysedText;
import repscorer.core.text.TextIndex;
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;
import repscorer.vector.SparseVector;

/** A delta as of one moment. Immutable, safe for concurrent use. */
public final class DeltaView {

    /** Of an id that the base has the say of. */
    public static final int UNTOUCHED = -1;

    /** Of an id that the newest change took away. */
    public static final int DELETED = -2;

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
    public boolean isOver(EmbeddingFile base) {
        return delta.base().path().equals(base.path())
                && delta.base().checksum().equals(base.checksum());
    }

    /** How many changes it covers; also the number of its slots. */
    public int count() {
        return count;
    }

    public boolean isEmpty() {
        return count == 0;
    }

    /** Rows of the base, changed or not: slots' ordinals go on from here. */
    public int baseCount() {
        return delta.base().count();
    }

    /** What columns beyond the base's stand for: those of this moment, and any that came since. */
    public NewColumns columns() {
        return delta.columns();
    }

    /** Of the last change it covers, counted from the release's publication. */
    public long sequence() {
        return sequence;
    }

    /** Entities that exist after all changes. */
    public int rows() {
        return delta.base().count() - changedCount + live;
    }

    /** Where the newest change of an id left its vector: a slot's number, {@link #DELETED}, or {@link #UNTOUCHED}. */
    public int find(EntityId id) {
        Slot slot = newest(id);
        return slot == null ? UNTOUCHED : slot.deleted ? DELETED : slot.number;
    }

    private @Nullable Slot newest(EntityId id) {
        Slot slot = delta.head(id);
        while (slot != null && slot.number >= count) {
            slot = slot.previous;
        }
        return slot;
    }

    /** Whether a slot holds a vector that no later change took away. */
    public boolean isLive(int number) {
        Slot slot = slots[number];
        return !slot.deleted && slot.supersededBy >= count;
    }

    /** Whether a slot takes an entity away. */
    public boolean isDeletion(int number) {
        return slots[number].deleted;
    }

    /** What searches the first slots, or null where all are scanned. */
    public @Nullable DeltaGraph graph() {
        return delta.graph();
    }

    public boolean overrides(int baseOrdinal) {
        int first = delta.firstChange(baseOrdinal);
        return first >= 0 && first < count;
    }

    /** When a slot's vector was made, in milliseconds since 1970; {@link EmbeddingFile#UNTOLD} where nobody said it. */
    public long madeMillis(int number) {
        return slots[number].madeMillis;
    }

    public EntityId id(int number) {
        return slots[number].id;
    }

    /** The chunk of dense rows that holds a slot's, at {@code number % CHUNK_ROWS}. */
    public DenseRows chunk(int number) {
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

    public SparseVector sparse(int number) {
        if (slots[number].row instanceof Embedding.Sparse sparse) {
            return sparse.vector();
        }
        throw new IllegalStateException("slot %s holds no sparse row".formatted(number));
    }

    public String text(int number) {
        if (slots[number].row instanceof Embedding.Text text) {
            return text.value();
        }
        throw new IllegalStateException("slot %s holds no text".formatted(number));
    }

    /** A text by its words, which are cut once. */
    public AnalysedText words(int number, TextIndex base) {
        AnalysedText words = slots[number].words;
        if (words == null) {
            words = base.analyse(text(number));
            slots[number].words = words;
        }
        return words;
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
    public int[] sortedLive() {
        List<Slot> kept = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            if (isLive(number)) {
                kept.add(slots[number]);
            }
        }
        kept.sort(Comparator.comparing(slot -> slot.id));
        return kept.stream().mapToInt(slot -> slot.number).toArray();
    }

    /** What a slot put in, copied where it is dense. */
    public Embedding embedding(int number) {
        return delta.isDense()
                ? new Embedding.Dense(chunk(number).row(number % Delta.CHUNK_ROWS))
                : Objects.requireNonNull(slots[number].row, "a deletion put nothing in");
    }
}
