package repscorer.ann.hnsw;

import java.lang.foreign.Arena;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import repscorer.ann.BuildProgress;
import repscorer.ann.HnswParameters;
import repscorer.parallel.Workers;
import repscorer.vector.DenseRows;
import repscorer.vector.HalfRows;
import repscorer.vector.Metric;

/** Makes one index out of rows: codes, graph, and what is learnt about them. Used once, by one thread. */
final class HnswBuild {

    /** With more rows that cannot be reached, all are scanned. */
    private static final int OUTSIDE_MAX = 256;

    /** Rows that are linked last, so that the graph can be calibrated with them as queries. */
    private static final int SAMPLED_MAX = 128;

    private final DenseRows rows;
    private final HnswParameters parameters;
    private final Quantization quantization;
    private final RowScorer scorer;
    private final LinkRule rule;
    private final RowScorer searched;
    private final @Nullable HalfRows halves;
    private final Graph graph;
    private final Copies copies;
    private final Workers workers;
    private final BuildProgress progress;

    /** Rows that are linked, in the order in which they are; and those that are scored beside every search. */
    private final int[] members;

    private final int[] outside;

    /** @throws IllegalArgumentException when a row must not be in an index */
    HnswBuild(
            DenseRows rows,
            Metric metric,
            HnswParameters parameters,
            Quantization asked,
            Workers workers,
            BuildProgress progress) {
        int count = rows.count();
        int[] linked = new int[count];
        int[] beside = new int[count];
        int inGraph = 0;
        int left = 0;
        int outlying = 0;
        this.quantization = asked.in(rows.dimension());
        float normMax = RowRules.codedNormMax(rows, count, metric, quantization);
        RowTable table = new RowTable(count, rows.dimension());
        this.copies = new Copies(count);
        for (int row = 0; row < count; row++) {
            RowRules.check(rows, metric, row);
            if (!RowScorer.comparable(metric, rows.norm(row))) {
                beside[left++] = row;
                continue;
            }
            int node = table.findOrAdd(rows, row);
            if (node >= 0) {
                copies.add(node, row);
            } else if (rows.norm(row) > normMax) {
                beside[left++] = row;
                outlying++;
            } else {
                linked[inGraph++] = row;
            }
        }
        this.members = Arrays.copyOf(linked, left - outlying > OUTSIDE_MAX ? 0 : inGraph);
        this.outside = Arrays.copyOf(beside, left);
        this.rows = rows;
        this.parameters = parameters;
        this.workers = workers;
        this.progress = progress;
        Arena arena = Arena.ofAuto();
        this.scorer = switch (quantization) {
            case NONE -> new FloatScorer(rows, metric);
            case INT8, INT8_ONLY, INT8_FLOAT16 -> QuantizedScorer.of(rows, metric, normMax, arena);
        };
        this.rule = LinkRule.of(scorer, members, count, rows.dimension());
        this.searched = scorer instanceof QuantizedScorer coded ? coded.forSearch() : scorer;
        this.halves = quantization == Quantization.INT8_FLOAT16 ? HalfRows.copyOf(rows, metric, arena) : null;
        this.graph = Graph.empty(parameters.m(), count, parameters.seed(), arena);
    }

    /** Links every row. */
    HnswIndex whole() throws InterruptedException {
        int linkedFirst = setSampleLast(members);
        InsertionOrder.sort(members, linkedFirst, rule.nearness(), rows.dimension());
        Calibration calibration;
        try (HnswBuilder builder = new HnswBuilder(rows, rule, parameters, graph, workers, progress)) {
            builder.insert(members, 0, linkedFirst);
            float[][] queries = new float[members.length - linkedFirst][];
            Arrays.setAll(queries, i -> rows.row(members[linkedFirst + i]));
            calibration = Calibrator.calibrate(index(linkedFirst, 0, Calibration.NONE), queries, workers);
            builder.insert(members, linkedFirst, members.length);
        }
        return index(members.length, repair(), calibration);
    }

    /**
     * Takes links over where it can.
     *
     * @param before by row: the one in the other graph, or a negative number
     */
    HnswIndex carriedOver(Graph from, Copies fromCopies, int[] before, Calibration calibration)
            throws InterruptedException {
        int[] old = new int[rows.count()]; // by node: the one in the other graph
        int[] after = new int[from.capacity];
        Arrays.fill(after, Graph.NONE);
        int carried = 0;
        int[] came = new int[members.length];
        int cameCount = 0;
        for (int node : members) {
            old[node] = linked(node, from, fromCopies, before);
            if (old[node] >= 0) {
                after[old[node]] = node;
                members[carried++] = node;
            } else {
                came[cameCount++] = node;
            }
        }
        int[] linked = Arrays.copyOf(came, cameCount);
        InsertionOrder.sort(linked, cameCount, rule.nearness(), rows.dimension());
        System.arraycopy(linked, 0, members, carried, cameCount);
        try (HnswBuilder builder = new HnswBuilder(rows, rule, parameters, graph, workers, progress)) {
            builder.takeOver(from, Arrays.copyOf(members, carried), old, after);
            builder.insert(members, carried, members.length);
        }
        return index(members.length, repair(), calibration);
    }

    /** What is linked in another graph of a node or the copies of it: any of them had equal links. */
    private int linked(int node, Graph from, Copies fromCopies, int[] before) {
        for (int row = node; row >= 0; row = copies.next(row)) {
            int old = before[row] < 0 ? Graph.NONE : fromCopies.node(before[row]);
            if (old >= 0 && from.holds(old)) {
                return old;
            }
        }
        return Graph.NONE;
    }

    private int repair() {
        return Connectivity.repair(graph, rule.nearness(), new SearchScratch(rows.count(), rows.dimension(), graph.m));
    }

    private HnswIndex index(int inGraph, int repaired, Calibration calibration) {
        return new HnswIndex(
                rows,
                parameters,
                quantization,
                graph,
                copies,
                searched,
                halves,
                inGraph,
                outside,
                repaired,
                calibration);
    }

    /**
     * Moves a sample of rows to the end, where they are linked last: until then they are queries that the graph does not know.
     * Answers where they start.
     */
    private static int setSampleLast(int[] members) {
        int sampled = Math.min(SAMPLED_MAX, members.length / 2);
        int[] sample = new int[sampled];
        int left = 0;
        int taken = 0;
        for (int i = 0; i < members.length; i++) {
            if (taken < sampled && i == (int) ((2L * taken + 1) * members.length / (2L * sampled))) {
                sample[taken++] = members[i];
            } else {
                members[left++] = members[i];
            }
        }
        System.arraycopy(sample, 0, members, left, taken);
        return left;
    }
}
