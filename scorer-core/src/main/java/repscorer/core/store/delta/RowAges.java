package repscorer.core.store.delta;

import java.util.Arrays;
import repscorer.ann.OrdinalFilter;
import repscorer.core.embedding.Aging;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.vector.DenseRows;
import repscorer.vector.SparseVector;

/**
 * The rows of a base and the changes to it as they are at one moment: which are expired, and what is left of the others. A row is as
 * old as what its change or its file says; where neither does, as the publication. Immutable, safe for concurrent use.
 *
 * @param sinceMillis when rows were made that do not say it
 * @param nowMillis the moment
 */
public record RowAges(Aging aging, EmbeddingFile base, DeltaView delta, long sinceMillis, long nowMillis) {

    /** Whether rows are less than they were. */
    public boolean decays() {
        return aging.halfLife().isPresent();
    }

    /** When a row was made, in milliseconds since 1970. */
    public long madeMillis(int ordinal) {
        int slot = ordinal - base.count();
        long told = slot < 0 ? base.madeMillis(ordinal) : delta.madeMillis(slot);
        return told == EmbeddingFile.UNTOLD ? sinceMillis : told;
    }

    public boolean isExpired(int ordinal) {
        return aging.timeToLive().isPresent() && aging.isExpired(nowMillis - madeMillis(ordinal));
    }

    /** What a row is multiplied by. */
    public float factor(int ordinal) {
        return decays() ? aging.factor(nowMillis - madeMillis(ordinal)) : 1;
    }

    /** How many rows of the base are expired, whatever became of them since. O(log n), and a sort once a file. */
    public int expiredOfBase() {
        if (aging.timeToLive().isEmpty()) {
            return 0;
        }
        long newest = nowMillis - aging.timeToLive().get().toMillis();
        if (!base.timed()) {
            return sinceMillis <= newest ? base.count() : 0;
        }
        long[] sorted = base.facts().get(RowAges.class, this::sortedTimes);
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle] <= newest) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private long[] sortedTimes() {
        long[] times = new long[base.count()];
        Arrays.setAll(times, this::madeMillis);
        Arrays.sort(times);
        return times;
    }

    /** Of the rows that a search wants, those that are not expired. */
    OrdinalFilter found(OrdinalFilter wanted) {
        boolean someAreExpired = aging.timeToLive().isPresent() && (expiredOfBase() > 0 || !delta.isEmpty());
        return someAreExpired ? new Found(this, wanted) : wanted;
    }

    private record Found(RowAges ages, OrdinalFilter wanted) implements OrdinalFilter {

        @Override
        public boolean accepts(int ordinal) {
            return wanted.accepts(ordinal) && !ages.isExpired(ordinal);
        }

        @Override
        public int next(int from, int count) {
            int at = wanted.next(from, count);
            while (at < count && ages.isExpired(at)) {
                at = wanted.next(at + 1, count);
            }
            return at;
        }

        /** Counts one by one but for all rows of the base. */
        @Override
        public int accepted(int count) {
            if (wanted.equals(OrdinalFilter.ALL) && count == ages.base.count()) {
                return count - ages.expiredOfBase();
            }
            int accepted = 0;
            for (int at = next(0, count); at < count; at = next(at + 1, count)) {
                accepted++;
            }
            return accepted;
        }
    }

    /** The rows of a dense base, or those of a slot's chunk. */
    DenseRows rows(int ordinal) {
        int slot = ordinal - base.count();
        return slot < 0 ? base.denseRows() : delta.chunk(slot);
    }

    /** Where in {@link #rows} a row is. */
    int place(int ordinal) {
        int slot = ordinal - base.count();
        return slot < 0 ? ordinal : slot % Delta.CHUNK_ROWS;
    }

    /** Copies what is left of a dense row into the front of an array. */
    public void copyDense(int ordinal, float[] into) {
        rows(ordinal).copyRow(place(ordinal), into);
        float factor = factor(ordinal);
        for (int i = 0; factor < 1 && i < base.dimension(); i++) {
            into[i] *= factor;
        }
    }

    /** What is left of a sparse row; entries that nothing is left of are no entries. */
    public SparseVector sparse(int ordinal) {
        int slot = ordinal - base.count();
        SparseVector row = slot < 0 ? base.sparseRows().row(ordinal) : delta.sparse(slot);
        float factor = factor(ordinal);
        if (factor == 1 || row.isEmpty()) {
            return row;
        }
        int[] columns = new int[row.size()];
        float[] weights = new float[row.size()];
        int kept = 0;
        for (int i = 0; i < columns.length; i++) {
            float weight = row.weights()[i] * factor;
            if (weight > 0) {
                columns[kept] = row.columns()[i];
                weights[kept++] = weight;
            }
        }
        return new SparseVector(Arrays.copyOf(columns, kept), Arrays.copyOf(weights, kept));
    }
}
