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

    /** With more rows that cannot be walked to, all are scanned. */
    private static final int OUTSIDE_MAX = 256;

    /** Rows that are linked last, so that the graph can be tuned with them as queries. */
    private static final int SAMPLED_MAX = 128;

    private final DenseRows rows;
    private final HnswParameters parameters;
    private final Codes codes;
    private final Points points;
    private final Points searched;
    private final @Nullable HalfRows halves;
    private final Graph graph;
    private final Workers workers;
    private final BuildProgress progress;

    /** Rows that are linked, in the order in which they are; and those that are scored beside every walk. */
    private final int[] members;

    private final int[] outside;

    /** @throws IllegalArgumentException when a row must not be in an index */
    HnswBuild(
            DenseRows rows,
            Metric metric,
            HnswParameters parameters,
            Codes asked,
            Workers workers,
            BuildProgress progress) {
        int count = rows.count();
        int[] walkable = new int[count];
        int[] unwalkable = new int[count];
        int inGraph = 0;
        int left = 0;
        for (int row = 0; row < count; row++) {
            RowRules.check(rows, metric, row);
            if (Points.walkable(metric, rows.norm(row))) {
                walkable[inGraph++] = row;
            } else {
                unwalkable[left++] = row;
            }
        }
        this.members = Arrays.copyOf(walkable, left > OUTSIDE_MAX ? 0 : inGraph);
        this.outside = Arrays.copyOf(unwalkable, left);
        this.rows = rows;
        this.parameters = parameters;
        this.codes = asked.in(rows.dimension());
        this.workers = workers;
        this.progress = progress;
        Arena arena = Arena.ofAuto();
        this.points = switch (codes) {
            case NONE -> new FloatPoints(rows, metric);
            case INT8, INT8_ONLY, INT8_FLOAT16 -> BytePoints.of(rows, metric, arena);
        };
        this.searched = points instanceof BytePoints coded ? coded.forSearch() : points;
        this.halves = codes == Codes.INT8_FLOAT16 ? HalfRows.copyOf(rows, metric, arena) : null;
        this.graph = Graph.empty(parameters.m(), count, parameters.seed(), arena);
    }

    /** Links every row. */
    HnswIndex whole() throws InterruptedException {
        int linkedFirst = setSampleLast(members);
        InsertionOrder.sort(members, linkedFirst, points, rows.dimension());
        Tuning tuning;
        try (HnswBuilder builder = new HnswBuilder(rows, points, parameters, graph, workers, progress)) {
            builder.insert(members, 0, linkedFirst);
            float[][] queries = new float[members.length - linkedFirst][];
            Arrays.setAll(queries, i -> rows.row(members[linkedFirst + i]));
            tuning = Tuner.tune(index(linkedFirst, 0, Tuning.NONE), queries, workers);
            builder.insert(members, linkedFirst, members.length);
        }
        return index(members.length, repair(), tuning);
    }

    /**
     * Takes links over where it can.
     *
     * @param before by row: the one in the other graph, or a negative number
     */
    HnswIndex carriedOver(Graph from, int[] before, Tuning tuning) throws InterruptedException {
        int[] after = new int[from.capacity];
        Arrays.fill(after, Graph.NONE);
        int carried = 0;
        int[] came = new int[members.length];
        int cameCount = 0;
        for (int row : members) {
            if (before[row] >= 0 && from.holds(before[row])) {
                after[before[row]] = row;
                members[carried++] = row;
            } else {
                came[cameCount++] = row;
            }
        }
        int[] linked = Arrays.copyOf(came, cameCount);
        InsertionOrder.sort(linked, cameCount, points, rows.dimension());
        System.arraycopy(linked, 0, members, carried, cameCount);
        try (HnswBuilder builder = new HnswBuilder(rows, points, parameters, graph, workers, progress)) {
            builder.takeOver(from, Arrays.copyOf(members, carried), before, after);
            builder.insert(members, carried, members.length);
        }
        return index(members.length, repair(), tuning);
    }

    private int repair() {
        return Reach.repair(graph, points, new Scratch(rows.count(), rows.dimension(), graph.m));
    }

    private HnswIndex index(int inGraph, int repaired, Tuning tuning) {
        return new HnswIndex(rows, parameters, codes, graph, searched, halves, inGraph, outside, repaired, tuning);
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
