package repscorer.ann.hnsw;

import java.util.Arrays;
import repscorer.ann.Neighbors;
import repscorer.ann.SearchOptions;
import repscorer.ann.TopK;
import repscorer.parallel.Workers;
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;
import repscorer.vector.VectorOps;

/**
 * Learns a graph's {@link Tuning} from sampled queries: rows that are not linked yet, or a caller's own. The same on any number
 * of threads.
 */
final class Tuner {

    /** With fewer rows there is nothing to learn: they are scanned. */
    private static final int ROWS_MIN = 1000;

    /** A walk as long as this shows where every shorter one would have ended. */
    private static final int FOLLOWED_MAX = 3 * Tuning.EFS[Tuning.EFS.length - 1];

    /** The true best are taken from so many of the best by code, beyond which none of them lies. */
    private static final int TRUTH_AMONG_PER_K = 20;

    private static final int TRUTH_AMONG = TRUTH_AMONG_PER_K * Tuning.RECALL_K;

    /** As many rows are scored anew as it takes to have this share of the best among them. */
    private static final float RESCORED_SHARE = 0.995f;

    private final HnswIndex index;
    private final Graph graph;
    private final Points points;
    private final DenseRows rows;
    private final Metric metric;
    private final float[][] queries;

    /** Rows that are in the graph. */
    private final int[] members;

    /* By query. */
    private final float[][] truths;

    /** By query, k and rows followed: the least slack at which a walk goes on that far. Rising. */
    private final float[][][] stretches;

    private final float[] errors;

    /** By query and one of its true best: how many rows are better by code. */
    private final int[] ranks;

    private Tuner(HnswIndex index, Graph graph, Points points, DenseRows rows, float[][] queries) {
        this.index = index;
        this.graph = graph;
        this.points = points;
        this.rows = rows;
        this.metric = points.metric;
        this.queries = queries;
        this.members = members(graph, index.inGraph());
        this.truths = new float[queries.length][];
        this.stretches = new float[queries.length][Tuning.KS.length][];
        this.errors = new float[queries.length * Tuning.RECALL_K];
        this.ranks = new int[queries.length * Tuning.RECALL_K];
    }

    /**
     * @param index over the graph, not tuned yet
     * @param queries none of which is a row of the graph
     * @throws InterruptedException when interrupted
     */
    static Tuning tune(HnswIndex index, float[][] queries, Workers workers) throws InterruptedException {
        Graph graph = index.graph();
        Points points = index.points();
        DenseRows rows = index.rows();
        if (queries.length == 0 || index.inGraph() < ROWS_MIN) {
            return Tuning.NONE;
        }
        Tuner tuner = new Tuner(index, graph, points, rows, queries);
        Scratch[] scratches = new Scratch[workers.count()];
        Arrays.setAll(scratches, i -> new Scratch(graph.capacity, rows.dimension(), graph.m));
        workers.run(queries.length, (query, worker) -> tuner.learn(query, scratches[worker]));
        CodeLoss loss = tuner.loss();
        float[][] slacks = new float[0][];
        if (points.measuresDistance()) {
            float least = loss.errorP99();
            workers.run(queries.length, (query, worker) -> tuner.stretch(query, least, scratches[worker]));
            slacks = tuner.slacks();
        }
        float[] recalls = tuner.recalls(index.tuned(new Tuning(slacks, new float[0], loss)), workers);
        return new Tuning(slacks, recalls, loss);
    }

    private static int[] members(Graph graph, int n) {
        int[] members = new int[n];
        int at = 0;
        for (int row = 0; at < n; row++) {
            members[at] = row;
            at += graph.holds(row) ? 1 : 0;
        }
        return members;
    }

    /** All about one query that does not depend on what the others teach. */
    private void learn(int number, Scratch scratch) {
        float[] query = queries[number];
        float norm = VectorOps.norm(query);
        points.prepare(scratch.query, query, norm);
        Pool byCode = scratch.pool;
        byCode.reset(TRUTH_AMONG);
        int[] ids = new int[Pool.CHUNK];
        float[] scores = new float[Pool.CHUNK];
        for (int from = 0; from < members.length; from += Pool.CHUNK) {
            offerChunk(scratch.query, from, ids, scores, byCode);
        }
        TopK exact = new TopK(Tuning.RECALL_K);
        float[] exactByRank = new float[byCode.size()];
        for (int rank = 0; rank < exactByRank.length; rank++) {
            exactByRank[rank] = rows.score(metric, query, norm, byCode.ordinal(rank));
            exact.offer(byCode.ordinal(rank), exactByRank[rank]);
        }
        Neighbors truth = exact.drain(HnswIndex.NO_STATS);
        truths[number] = truth.scores();
        float last = truth.scores()[truth.size() - 1];
        int found = 0;
        for (int rank = 0; found < truth.size(); rank++) { // ends, for all of the truth is among them
            if (exactByRank[rank] >= last) {
                ranks[number * Tuning.RECALL_K + found++] = rank;
            }
        }
        points.score(scratch.query, truth.ordinals(), truth.size(), scores);
        for (int i = 0; i < truth.size(); i++) {
            errors[number * Tuning.RECALL_K + i] = Math.abs(scores[i] - points.fromMetric(truth.scores()[i]));
        }
    }

    /** Offers {@link Pool#CHUNK} members from {@code from} on, scored by code. */
    private void offerChunk(PointQuery query, int from, int[] ids, float[] scores, Pool best) {
        int n = Math.min(Pool.CHUNK, members.length - from);
        System.arraycopy(members, from, ids, 0, n);
        points.score(query, ids, n, scores);
        for (long good = best.good(scores, 0, n); good != 0; good &= good - 1) {
            int i = Long.numberOfTrailingZeros(good);
            best.insert(ids[i], scores[i]);
        }
    }

    private void stretch(int number, float least, Scratch scratch) {
        float[] query = queries[number];
        points.prepare(scratch.query, query, VectorOps.norm(query));
        int start = Walk.descend(graph, points, scratch, 0);
        float[][] byK = new float[Tuning.KS.length][FOLLOWED_MAX];
        int followed = Walk.stretches(graph, points, scratch, start, Tuning.KS, least, byK);
        Arrays.setAll(stretches[number], k -> Arrays.copyOf(byK[k], followed));
    }

    private float[][] slacks() {
        float[][] slacks = new float[Tuning.KS.length][Tuning.EFS.length];
        for (int k = 0; k < Tuning.KS.length; k++) {
            for (int i = 0; i < Tuning.EFS.length; i++) {
                slacks[k][i] = slack(k, Tuning.EFS[i]);
            }
        }
        return slacks;
    }

    /** The slack at which the queries follow {@code ef} rows on average: a bisection. */
    private float slack(int k, int ef) {
        float low = 0;
        float high = 64;
        for (int step = 0; step < 24; step++) {
            float middle = (low + high) / 2;
            double sum = 0;
            for (float[][] stretch : stretches) {
                sum += Math.min(3 * ef, followed(stretch[k], middle));
            }
            if (sum < (double) ef * stretches.length) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }

    private static int followed(float[] stretches, float slack) {
        int at = Arrays.binarySearch(stretches, Math.nextUp(slack));
        return at >= 0 ? at : -at - 1;
    }

    private CodeLoss loss() {
        float[] sorted = errors.clone();
        Arrays.sort(sorted);
        int perK = CodeLoss.RESCORED_PER_K_MIN;
        while (perK < TRUTH_AMONG_PER_K && shareOfTruthAmong(perK) < RESCORED_SHARE) {
            perK++;
        }
        return new CodeLoss(
                queries.length,
                sorted[(int) (sorted.length * 0.99)],
                shareOfTruthAmong(1),
                shareOfTruthAmong(perK),
                perK);
    }

    /** Which part of the best is among so many by code for each of them. */
    private float shareOfTruthAmong(int perK) {
        int among = 0;
        for (int rank : ranks) {
            among += rank < perK * Tuning.RECALL_K ? 1 : 0;
        }
        return (float) among / ranks.length;
    }

    private float[] recalls(HnswIndex tuned, Workers workers) throws InterruptedException {
        int efs = Tuning.EFS.length;
        float[] found = new float[queries.length * efs];
        workers.run(queries.length, (number, worker) -> {
            for (int i = 0; i < efs; i++) {
                int ef = Math.max(Tuning.EFS[i], Tuning.RECALL_K);
                float[] query = queries[number];
                float norm = VectorOps.norm(query);
                float[] truth = truths[number];
                int hits = 0;
                for (int row :
                        tuned.walk(query, SearchOptions.of(Tuning.RECALL_K), ef).ordinals()) {
                    hits += rows.score(metric, query, norm, row) >= truth[truth.length - 1] ? 1 : 0;
                }
                found[i * queries.length + number] = Math.min(1, (float) hits / truth.length);
            }
        });
        float[] recalls = new float[efs];
        for (int i = 0; i < efs; i++) {
            recalls[i] = mean(Arrays.copyOfRange(found, i * queries.length, (i + 1) * queries.length));
            recalls[i] = i == 0 ? recalls[i] : Math.max(recalls[i], recalls[i - 1]);
        }
        return recalls;
    }

    private static float mean(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return (float) (sum / values.length);
    }
}
