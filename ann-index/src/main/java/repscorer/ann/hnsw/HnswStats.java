package repscorer.ann.hnsw;

/**
 * What a graph is made of.
 *
 * @param inGraph rows that can be reached
 * @param levels how many levels there are, the lowest included; 0 without rows
 * @param degrees by number of links, how many rows have so many on the lowest level; 2M + 1 places
 * @param unreachable rows of the graph that no path on the lowest level leads to from the entry point
 * @param repaired rows that none led to before they were mended
 * @param linkBytes memory of the lowest level's links
 * @param upperBytes memory of the levels above
 * @param codeBytes memory of what searches compare, or answer from, besides the float32 rows
 */
@SuppressWarnings("ArrayRecordComponent") // a histogram to be read; nobody compares stats by equals
public record HnswStats(
        int inGraph,
        int levels,
        int[] degrees,
        int unreachable,
        int repaired,
        long linkBytes,
        long upperBytes,
        long codeBytes) {

    /** Counts degrees and checks that every row can be reached. O(links). */
    static HnswStats of(Graph graph, RowScorer scorer, int repaired) {
        int[] degrees = new int[graph.places(0) + 1];
        int held = 0;
        for (int row = 0; row < graph.capacity; row++) {
            if (graph.holds(row)) {
                held++;
                degrees[graph.degree(0, row)]++;
            }
        }
        return new HnswStats(
                held,
                Graph.top(graph.start()) + 1,
                degrees,
                Connectivity.unreachable(graph),
                repaired,
                graph.links.byteSize(),
                graph.upper.byteSize() + graph.upperAt.byteSize(),
                scorer.bytes());
    }

    HnswStats withHalves(long bytes) {
        return new HnswStats(inGraph, levels, degrees, unreachable, repaired, linkBytes, upperBytes, codeBytes + bytes);
    }

    /** The fewest links of a row on the lowest level; 0 without rows. */
    public int degreeMin() {
        int degree = 0;
        while (inGraph > 0 && degrees[degree] == 0) {
            degree++;
        }
        return degree;
    }

    public double degreeMean() {
        long sum = 0;
        for (int degree = 0; degree < degrees.length; degree++) {
            sum += (long) degree * degrees[degree];
        }
        return inGraph == 0 ? 0 : (double) sum / inGraph;
    }

    public int degreeMax() {
        int degree = degrees.length - 1;
        while (degree > 0 && degrees[degree] == 0) {
            degree--;
        }
        return degree;
    }

    /** All memory besides the float32 rows. */
    public long bytes() {
        return linkBytes + upperBytes + codeBytes;
    }
}
