package repscorer.ann.hnswlib;

import java.util.concurrent.ExecutorService;
import repscorer.ann.BuildProgress;
import repscorer.ann.DenseIndex;
import repscorer.ann.HnswParameters;
import repscorer.ann.Neighbors;
import repscorer.ann.SearchOptions;
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;

/** An HNSW graph of hnswlib-java over dense rows. */
public final class HnswlibIndex implements DenseIndex {

    private HnswlibIndex() {}

    /**
     * Builds the graph on {@code threads} threads of {@code executor} and waits for it.
     *
     * @param rows stay where they are and must outlive the index; exact searches read them
     * @throws InterruptedException when interrupted; the build is then abandoned
     */
    public static HnswlibIndex build(
            DenseRows rows,
            Metric metric,
            HnswParameters parameters,
            ExecutorService executor,
            int threads,
            BuildProgress progress)
            throws InterruptedException {
        throw new UnsupportedOperationException();
    }

    @Override
    public String engine() {
        return "hnswlib";
    }

    @Override
    public Metric metric() {
        throw new UnsupportedOperationException();
    }

    @Override
    public int dimension() {
        throw new UnsupportedOperationException();
    }

    @Override
    public int count() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Neighbors search(float[] query, SearchOptions options) {
        throw new UnsupportedOperationException();
    }
}
