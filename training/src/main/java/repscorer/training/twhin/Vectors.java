package repscorer.training.twhin;

/** The vectors of one kind, by the entity's ordinal in the graph, wherever they lie. Safe for concurrent use. */
public interface Vectors {

    int count();

    /** Copies a vector to the front of {@code into}. O(dimension). */
    void copy(int row, float[] into);

    /** All of them, count × dimension, row-major. Shared where they lie in memory; nobody writes to them. */
    float[] all();

    /** Rows that lie in memory, shared. */
    static Vectors of(float[] rows, int dimension) {
        return new Vectors() {
            @Override
            public int count() {
                return rows.length / dimension;
            }

            @Override
            public void copy(int row, float[] into) {
                System.arraycopy(rows, row * dimension, into, 0, dimension);
            }

            @Override
            public float[] all() {
                return rows;
            }
        };
    }
}
