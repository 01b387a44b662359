package repscorer.training.twhin;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SplittableRandom;
import repscorer.core.entity.EntityKind;
import repscorer.training.plan.TwhinPlan;
import repscorer.training.plan.TwhinPlan.Comparator;
import repscorer.training.plan.TwhinPlan.Optimiser;

/**
 * The rows of one kind in a mapped file, cut into partitions that are loaded into {@link Table}s and stored back. Entity o is
 * row o / P of partition o mod P, so partitions are of one size whatever the order of the data. Used by one thread while
 * partitions are loaded and stored.
 */
final class MappedTable implements Vectors {

    /*
     * All rows by partition, then Adagrad's sums by partition. The file has no name any more once it is mapped, and its blocks
     * are free when nothing refers to the mapping: an end of the process in whatever way leaves nothing behind.
     */

    private final int count;
    private final int d;
    private final boolean unit;
    private final Optimiser optimiser;
    private final int partitions;
    private final int squaresPerRow;
    private final MemorySegment values;

    /** @throws IOException when the disk refuses the file */
    MappedTable(Path directory, EntityKind kind, int count, TwhinPlan plan) throws IOException {
        this.count = count;
        d = plan.dimension();
        unit = plan.comparator() == Comparator.COSINE;
        optimiser = plan.optimiser();
        partitions = plan.partitions();
        squaresPerRow = optimiser == Optimiser.ROW_ADAGRAD ? 1 : d;
        Path file = directory.resolve("twhin-%s.%s.table"
                .formatted(kind.name(), ProcessHandle.current().pid()));
        try (FileChannel channel = FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.SPARSE,
                StandardOpenOption.DELETE_ON_CLOSE)) {
            values = channel.map(
                    FileChannel.MapMode.READ_WRITE,
                    0,
                    (long) count * (d + squaresPerRow) * Float.BYTES,
                    Arena.ofAuto());
        }
    }

    /** Fills every partition with fresh rows. */
    void initialise(SplittableRandom random, double scale) {
        for (int partition = 0; partition < partitions; partition++) {
            Table table = empty(partition);
            table.initialise(random.split(), scale);
            store(partition, table);
        }
    }

    private Table empty(int partition) {
        return new Table(size(partition), d, unit, optimiser);
    }

    private int size(int partition) {
        return (count - partition + partitions - 1) / partitions;
    }

    /** The rows of earlier partitions. */
    private long first(int partition) {
        return (long) partition * (count / partitions) + Math.min(partition, count % partitions);
    }

    Table load(int partition) {
        Table table = empty(partition);
        MemorySegment.copy(values, ValueLayout.JAVA_FLOAT, rowsAt(partition), table.rows, 0, table.rows.length);
        MemorySegment.copy(
                values, ValueLayout.JAVA_FLOAT, squaresAt(partition), table.squares, 0, table.squares.length);
        return table;
    }

    void store(int partition, Table table) {
        MemorySegment.copy(table.rows, 0, values, ValueLayout.JAVA_FLOAT, rowsAt(partition), table.rows.length);
        MemorySegment.copy(
                table.squares, 0, values, ValueLayout.JAVA_FLOAT, squaresAt(partition), table.squares.length);
    }

    private long rowsAt(int partition) {
        return first(partition) * d * Float.BYTES;
    }

    private long squaresAt(int partition) {
        return ((long) count * d + first(partition) * squaresPerRow) * Float.BYTES;
    }

    /** All that was stored. */
    MemorySegment values() {
        return values;
    }

    @Override
    public int count() {
        return count;
    }

    @Override
    public void copy(int row, float[] into) {
        long at = rowsAt(row % partitions) + (long) (row / partitions) * d * Float.BYTES;
        MemorySegment.copy(values, ValueLayout.JAVA_FLOAT, at, into, 0, d);
    }

    @Override
    public float[] all() {
        float[] rows = new float[Math.multiplyExact(count, d)];
        float[] row = new float[d];
        for (int i = 0; i < count; i++) {
            copy(i, row);
            System.arraycopy(row, 0, rows, i * d, d);
        }
        return rows;
    }
}
