package repscorer.core.store.delta;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import repscorer.ann.DenseIndex;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.Embedding;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.embedding.EmbeddingFile.Form;
import repscorer.core.embedding.NewColumns;
import repscorer.core.entity.EntityId;
import repscorer.core.text.AnalysedText;
import repscorer.vector.DenseRows;
import repscorer.vector.VectorOps;

/**
 * The changes made to one base version since it was written, one slot each, in their order. One writer at a time adds;
 * readers see it through a {@link DeltaView}, which never changes. Adding is O(1) beside copying the row.
 */
public final class Delta {

    /*
     * Nothing a view reads is ever overwritten with something it would read differently. A view remembers how many slots it
     * covers. Arrays only grow at their end (a grown copy leaves the old one to older views), each id's slots are chained
     * newest first, and both "superseded by slot s" and "base row b was first changed in slot s" are facts that a view with
     * s or fewer slots knows not to believe. The writer publishes a view by a volatile write after all of that.
     *
     * Dense rows lie off the heap in chunks, others on the heap. Compaction ends a delta, so both stay few.
     */

    public static final int CHUNK_ROWS = 1_024;

    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final EmbeddingFile base;
    private final Optional<DenseIndex> baseIndex;
    private final NewColumns columns;
    private final ConcurrentHashMap<EntityId, Slot> heads = new ConcurrentHashMap<>();
    private final MemorySegment firstChange; // int × base rows: 1 + the first slot that changed it, or 0
    private Slot[] slots = new Slot[64];
    private int[] changed = new int[64]; // base ordinals that a slot changed first, in the order of slots
    private DenseRows[] chunks = {};
    private MemorySegment[] chunkValues = {};
    private MemorySegment[] chunkNorms = {};
    private int count;
    private int changedCount;
    private int live;
    private long sequence;
    private volatile @Nullable DeltaGraph graph;

    /** One change. */
    static final class Slot {
        final EntityId id;
        final int number;
        final @Nullable Slot previous;
        final @Nullable Embedding row; // null for dense rows and for a deletion
        final boolean deleted;
        final long madeMillis; // EmbeddingFile.UNTOLD where nobody says it

        /** The slot that took this one's place; written before any view that covers it is published. */
        int supersededBy = Integer.MAX_VALUE;

        /** A text's words, once somebody asked; any thread's are as good as another's. */
        volatile @Nullable AnalysedText words;

        Slot(
                EntityId id,
                int number,
                @Nullable Slot previous,
                @Nullable Embedding row,
                boolean deleted,
                long madeMillis) {
            this.madeMillis = madeMillis;
            this.id = id;
            this.number = number;
            this.previous = previous;
            this.row = row;
            this.deleted = deleted;
        }
    }

    /**
     * @param baseIndex over the base's rows, where they are dense
     * @param sequence of the last change that the base holds already
     */
    public Delta(EmbeddingFile base, Optional<DenseIndex> baseIndex, long sequence) {
        this(base, baseIndex, sequence, NewColumns.of(base));
    }

    /** The same with columns that the changes may have beyond the base's. */
    public Delta(EmbeddingFile base, Optional<DenseIndex> baseIndex, long sequence, NewColumns columns) {
        this.columns = columns;
        this.base = base;
        this.baseIndex = baseIndex;
        this.sequence = sequence;
        this.firstChange = Arena.ofAuto().allocate(ValueLayout.JAVA_INT, Math.max(1, base.count()));
    }

    public EmbeddingFile base() {
        return base;
    }

    /** What columns beyond the base's stand for. */
    public NewColumns columns() {
        return columns;
    }

    public long sequence() {
        return sequence;
    }

    public int count() {
        return count;
    }

    /** Puts an entity's vector, of no known age, under the next sequence number. */
    public void upsert(EntityId id, Embedding embedding) {
        upsert(id, embedding, EmbeddingFile.UNTOLD);
    }

    /** The same for one that was made at a time, in milliseconds since 1970. */
    public void upsert(EntityId id, Embedding embedding, long madeMillis) {
        switch (embedding) {
            case Embedding.Dense dense -> {
                store(dense.values());
                add(id, null, false, madeMillis);
            }
            case Embedding.Sparse sparse -> add(id, sparse, false, madeMillis);
            case Embedding.Text text -> add(id, text, false, madeMillis);
        }
    }

    /** Takes an entity away under the next sequence number. */
    public void delete(EntityId id) {
        add(id, null, true, EmbeddingFile.UNTOLD);
    }

    /** Adds what another delta's view holds from a slot on, as it was added there. */
    public void addAll(DeltaView others, int from) {
        for (int number = from; number < others.count(); number++) {
            if (others.isDeletion(number)) {
                delete(others.id(number));
            } else {
                upsert(others.id(number), others.embedding(number), others.madeMillis(number));
            }
        }
    }

    private void add(EntityId id, @Nullable Embedding row, boolean deleted, long madeMillis) {
        Slot before = heads.get(id);
        Slot slot = new Slot(id, count, before, row, deleted, madeMillis);
        if (before == null) {
            markBase(id);
        } else {
            before.supersededBy = count;
            live -= before.deleted ? 0 : 1;
        }
        live += deleted ? 0 : 1;
        if (count == slots.length) {
            slots = Arrays.copyOf(slots, 2 * count);
        }
        slots[count] = slot;
        heads.put(id, slot);
        count++;
        sequence++;
    }

    /** Goes on counting from a sequence number, where the changes up to it are lost. */
    public void skipTo(long last) {
        sequence = Math.max(sequence, last);
    }

    private void markBase(EntityId id) {
        OptionalInt ordinal = base.ids().ordinal(id);
        if (ordinal.isEmpty()) {
            return;
        }
        firstChange.setAtIndex(ValueLayout.JAVA_INT, ordinal.getAsInt(), count + 1);
        if (changedCount == changed.length) {
            changed = Arrays.copyOf(changed, 2 * changedCount);
        }
        changed[changedCount++] = ordinal.getAsInt();
    }

    private void store(float[] values) {
        int chunk = count / CHUNK_ROWS;
        while (chunk >= chunks.length) {
            addChunk(values.length);
        }
        int row = count % CHUNK_ROWS;
        MemorySegment.copy(values, 0, chunkValues[chunk], FLOAT, 4L * values.length * row, values.length);
        chunkNorms[chunk].set(FLOAT, 4L * row, VectorOps.norm(values));
    }

    private void addChunk(int dimension) {
        int n = chunks.length;
        MemorySegment values = Arena.ofAuto().allocate(4L * dimension * CHUNK_ROWS, 64);
        MemorySegment norms = Arena.ofAuto().allocate(4L * CHUNK_ROWS, 64);
        chunks = Arrays.copyOf(chunks, n + 1);
        chunkValues = Arrays.copyOf(chunkValues, n + 1);
        chunkNorms = Arrays.copyOf(chunkNorms, n + 1);
        chunks[n] = DenseRows.of(values, norms, CHUNK_ROWS, dimension);
        chunkValues[n] = values;
        chunkNorms[n] = norms;
    }

    /** The graph over the first slots, or null where all are scanned. */
    @Nullable
    DeltaGraph graph() {
        return graph;
    }

    /** Has the slots of a view searched by a graph from now on. One thread at a time. */
    public void cover(DenseSpace space, DeltaView view) {
        DeltaGraph present = graph;
        if (present == null) {
            present = DeltaGraph.over(space, baseIndex);
            graph = present;
        }
        present.cover(view, space.dimension());
    }

    /** How many slots are still to be covered. */
    public int uncovered() {
        DeltaGraph present = graph;
        return present == null ? count : count - present.covered();
    }

    boolean isDense() {
        return base.form() == Form.DENSE;
    }

    @Nullable
    Slot head(EntityId id) {
        return heads.get(id);
    }

    int firstChange(int baseOrdinal) {
        return firstChange.getAtIndex(ValueLayout.JAVA_INT, baseOrdinal) - 1;
    }

    /** What has been added up to now; to be published by the writer. */
    public DeltaView view() {
        return new DeltaView(this, slots, changed, chunks, count, changedCount, live, sequence);
    }
}
