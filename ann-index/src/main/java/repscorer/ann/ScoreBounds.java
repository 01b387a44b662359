package repscorer.ann;

/** Upper bounds of one query's scores, by ordinal. Borrowed from an index and given back; for one thread. */
public interface ScoreBounds extends AutoCloseable {

    /** Knows nothing: no bound is finite. */
    ScoreBounds NONE = new ScoreBounds() {
        @Override
        public double upper(int ordinal) {
            return Double.POSITIVE_INFINITY;
        }

        @Override
        public double upperOfAll() {
            return Double.POSITIVE_INFINITY;
        }

        @Override
        public void close() {}
    };

    /** The row does not score more than this. O(1). */
    double upper(int ordinal);

    /** No row scores more than this. */
    double upperOfAll();

    @Override
    void close();
}
