package repscorer.ann.hnsw;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import repscorer.ann.BuildProgress;
import repscorer.ann.HnswParameters;
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;

/** Graphs with damage that no build leaves, for tests of what looks for it. */
public final class CutGraphs {

    private CutGraphs() {}

    /** A graph in which nothing leads to one of the rows, which must not be the entry. */
    public static HnswIndex without(int lost, DenseRows rows, Metric metric) throws InterruptedException {
        HnswIndex index;
        try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
            index = HnswIndex.build(
                    rows, metric, HnswParameters.DEFAULT, Quantization.NONE, executor, 1, BuildProgress.NONE);
        }
        Graph graph = index.graph();
        for (int row = 0; row < rows.count(); row++) {
            for (int place = 0; place < graph.degree(0, row); place++) {
                if (graph.link(0, row, place) == lost) {
                    graph.setLink(0, row, place, row);
                }
            }
        }
        return index;
    }
}
