package repscorer.training.graph;

import java.util.Arrays;

/**
 * Compressed sparse rows: row r holds entries {@code offsets[r]} to {@code offsets[r + 1]}. The arrays are shared; nobody
 * writes to them after construction. Safe for concurrent use.
 *
 * @param offsets rows + 1
 * @param columns one per entry
 * @param edges one per entry: the ordinal of the edge in its relation, where weight and time are
 */
@SuppressWarnings("ArrayRecordComponent") // the loops read the arrays; rows are not compared by equals
public record Csr(int[] offsets, int[] columns, int[] edges) {

    public int rows() {
        return offsets.length - 1;
    }

    public int size(int row) {
        return offsets[row + 1] - offsets[row];
    }

    /** Whether a row whose columns ascend holds a column; O(log size). */
    public boolean contains(int row, int column) {
        return Arrays.binarySearch(columns, offsets[row], offsets[row + 1], column) >= 0;
    }

    /**
     * Groups edges by row, keeping the order of edges inside a row. O(edges + rows).
     *
     * @param rows the row of each edge
     * @param columns the column of each edge
     */
    static Csr of(int[] rows, int[] columns, int rowCount) {
        int[] offsets = new int[rowCount + 1];
        for (int row : rows) {
            offsets[row + 1]++;
        }
        for (int row = 0; row < rowCount; row++) {
            offsets[row + 1] += offsets[row];
        }
        int[] next = Arrays.copyOf(offsets, rowCount);
        int[] grouped = new int[rows.length];
        int[] edges = new int[rows.length];
        for (int edge = 0; edge < rows.length; edge++) {
            int at = next[rows[edge]]++;
            grouped[at] = columns[edge];
            edges[at] = edge;
        }
        return new Csr(offsets, grouped, edges);
    }
}
