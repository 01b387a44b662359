package repscorer.core.erasure;

import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import repscorer.core.disk.Disk;
import repscorer.core.embedding.ChosenRows;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.embedding.EmbeddingRows;
import repscorer.core.embedding.RewrittenFile;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.IdTable;
import repscorer.vector.SparseVector;

/**
 * Rows without those of erased subjects, and without what other rows hold in their columns. A column keeps its number, for
 * changes that are on their way name columns by number; another id stands for it.
 */
public final class ErasedRows extends ChosenRows {

    private final BitSet columns;

    private ErasedRows(EmbeddingRows all, int[] kept, BitSet columns) {
        super(all, kept);
        this.columns = columns;
    }

    /** How many rows and columns of a file are theirs. */
    public static long count(EmbeddingFile file, Sought sought) {
        return sought.in(file.ids()).length + (long) columns(file, sought).length;
    }

    private static int[] columns(EmbeddingFile file, Sought sought) {
        return file.columns().map(sought::in).orElse(new int[0]);
    }

    /**
     * Writes a file's rows without theirs.
     *
     * @param keepsEmpty whether rows stay that held nothing but their columns
     */
    public static void write(EmbeddingFile file, Sought sought, boolean keepsEmpty, Disk.Output into)
            throws IOException {
        BitSet gone = new BitSet();
        Arrays.stream(sought.in(file.ids())).forEach(gone::set);
        write(file, List.of(), EmbeddingRows.of(file), gone, sought, keepsEmpty, into);
    }

    /**
     * Writes rows that are not theirs without what they hold in their columns.
     *
     * @param base what else stands in the file
     * @param more columns behind the base's
     */
    public static void write(
            EmbeddingFile base, List<EntityId> more, EmbeddingRows rows, Sought sought, Disk.Output into)
            throws IOException {
        write(base, more, rows, new BitSet(), sought, true, into);
    }

    private static void write(
            EmbeddingFile base,
            List<EntityId> more,
            EmbeddingRows rows,
            BitSet gone,
            Sought sought,
            boolean keepsEmpty,
            Disk.Output into)
            throws IOException {
        IdTable table = RewrittenFile.columns(base, more);
        int[] ordinals = sought.withMarksIn(table);
        BitSet columns = new BitSet();
        Arrays.stream(ordinals).forEach(columns::set);
        int[] kept = new int[rows.count()];
        int count = 0;
        for (int row = 0; row < kept.length; row++) {
            boolean emptied = !keepsEmpty && !columns.isEmpty() && isEmptied(rows.sparse(row), columns);
            if (!gone.get(row) && !emptied) {
                kept[count++] = row;
            }
        }
        IdTable named = columns.isEmpty() ? table : sought.replacedIn(table, ordinals);
        RewrittenFile.write(base, named, new ErasedRows(rows, Arrays.copyOf(kept, count), columns), into);
    }

    private static boolean isEmptied(SparseVector row, BitSet columns) {
        return !row.isEmpty() && Arrays.stream(row.columns()).allMatch(columns::get);
    }

    @Override
    public SparseVector sparse(int row) {
        SparseVector vector = super.sparse(row);
        if (columns.isEmpty()) {
            return vector;
        }
        int[] numbers = new int[vector.size()];
        float[] weights = new float[vector.size()];
        int count = 0;
        for (int i = 0; i < vector.size(); i++) {
            if (!columns.get(vector.columns()[i])) {
                numbers[count] = vector.columns()[i];
                weights[count++] = vector.weights()[i];
            }
        }
        return count == vector.size()
                ? vector
                : new SparseVector(Arrays.copyOf(numbers, count), Arrays.copyOf(weights, count));
    }
}
