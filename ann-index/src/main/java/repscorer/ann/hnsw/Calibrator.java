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
 * Learns a graph's {@link Calibration} from sampled queries: rows that are not linked yet. The same on any number
 * of threads.
 */
final class Calibrator {

    /** With fewer rows there is nothing to learn: they are scanned. */
    private static final int ROWS_MIN = 1000;

    /** A search as long as this shows where every shorter one would have ended. */
    private static final int FOLLOWED_MAX = 3 * Calibration.EFS[Calibration.EFS.length - 1];

    /** The true best are taken from so many of the best by code, beyond which none of them lies. */
    private static final int TRUTH_AMONG_PER_K = 20;

    private static final int TRUTH_AMONG = TRUTH_AMONG_PER_K * Calibration.RECALL_K;

    /** As many rows are reranked as it takes to have this share of the best among them. */
    private static final float RERANKED_SHARE = 0.995f;

    private final HnswIndex index;
    private final Graph graph;
    private final RowScorer scorer;
    private final DenseRows rows;
    private final Metric metric;
    private final float[][] queries;

    /** Rows that are in the graph. */
    private final int[] members;

    /* By query. */
    private final float[][] truths;

    /** By query, k and rows followed: the least slack at which a search goes on that far. Rising. */
    private final float[][][] slackCurves;

    private final float[] errors;

    /** By query and one of its true best: how many rows are better by code. */
    private final int[] ranks;

    private Calibrator(HnswIndex index, Graph graph, RowScorer scorer, DenseRows rows, float[][] queries) {
        this.index = index;
        this.graph = graph;
        this.scorer = scorer;
        this.rows = rows;
        this.metric = scorer.metric;
        this.queries = queries;
        this.members = members(graph, index.inGraph());
        this.truths = new float[queries.length][];
        this.slackCurves = new float[queries.length][Calibration.KS.length][];
        this.errors = new float[queries.length * Calibration.RECALL_K];
        this.ranks = new int[queries.length * Calibration.RECALL_K];
    }

    /**
     * @param index over the graph, not calibrated yet
     * @param queries none of which is a row of the graph
     * @throws InterruptedException when interrupted
     */
    static Calibration calibrate(HnswIndex index, float[][] queries, Workers workers) throws InterruptedException {
        Graph graph = index.graph();
        RowScorer scorer = index.scorer();
        DenseRows rows = index.rows();
        if (queries.length == 0 || index.inGraph() < ROWS_MIN) {
            return Calibration.NONE;
        }
        Calibrator calibrator = new Calibrator(index, graph, scorer, rows, queries);
        SearchScratch[] scratches = new SearchScratch[workers.count()];
        Arrays.setAll(scratches, i -> new SearchScratch(graph.capacity, rows.dimension(), graph.m));
        workers.run(queries.length, (query, worker) -> calibrator.learn(query, scratches[worker]));
        QuantizationLoss loss = calibrator.loss();
        float[][] slacks = new float[0][];
        if (scorer.measuresDistance()) {
            float least = loss.errorP99();
            workers.run(queries.length, (query, worker) -> calibrator.slackCurve(query, least, scratches[worker]));
            slacks = calibrator.slacks();
        }
        float[] recalls = calibrator.recalls(index.calibrated(new Calibration(slacks, new float[0], loss)), workers);
        return new Calibration(slacks, recalls, loss);
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
    private void learn(int number, SearchScratch scratch) {
        float[] query = queries[number];
        float norm = VectorOps.norm(query);
        scorer.prepare(scratch.query, query, norm);
        CandidateList byCode = scratch.candidates;
        byCode.reset(TRUTH_AMONG);
        int[] ids = new int[CandidateList.CHUNK];
        float[] scores = new float[CandidateList.CHUNK];
        for (int from = 0; from < members.length; from += CandidateList.CHUNK) {
            offerChunk(scratch.query, from, ids, scores, byCode);
        }
        TopK exact = new TopK(Calibration.RECALL_K);
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
                ranks[number * Calibration.RECALL_K + found++] = rank;
            }
        }
        scorer.score(scratch.query, truth.ordinals(), truth.size(), scores);
        for (int i = 0; i < truth.size(); i++) {
            errors[number * Calibration.RECALL_K + i] = Math.abs(scores[i] - scorer.fromMetric(truth.scores()[i]));
        }
    }

    /** Offers {@link CandidateList#CHUNK} members from {@code from} on, scored by code. */
    private void offerChunk(PreparedQuery query, int from, int[] ids, float[] scores, CandidateList best) {
        int n = Math.min(CandidateList.CHUNK, members.length - from);
        System.arraycopy(members, from, ids, 0, n);
        scorer.score(query, ids, n, scores);
        for (long good = best.good(scores, 0, n); good != 0; good &= good - 1) {
            int i = Long.numberOfTrailingZeros(good);
            best.insert(ids[i], scores[i]);
        }
    }

    private void slackCurve(int number, float least, SearchScratch scratch) {
        float[] query = queries[number];
        scorer.prepare(scratch.query, query, VectorOps.norm(query));
        int start = BeamSearch.descend(graph, scorer, scratch, 0);
        float[][] byK = new float[Calibration.KS.length][FOLLOWED_MAX];
        int followed = BeamSearch.slackCurves(graph, scorer, scratch, start, Calibration.KS, least, byK);
        Arrays.setAll(slackCurves[number], k -> Arrays.copyOf(byK[k], followed));
    }

    private float[][] slacks() {
        float[][] slacks = new float[Calibration.KS.length][Calibration.EFS.length];
        for (int k = 0; k < Calibration.KS.length; k++) {
            for (int i = 0; i < Calibration.EFS.length; i++) {
                slacks[k][i] = slack(k, Calibration.EFS[i]);
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
            for (float[][] slackCurve : slackCurves) {
                sum += Math.min(3 * ef, followed(slackCurve[k], middle));
            }
            if (sum < (double) ef * slackCurves.length) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }

    private static int followed(float[] slackCurves, float slack) {
        int at = Arrays.binarySearch(slackCurves, Math.nextUp(slack));
        return at >= 0 ? at : -at - 1;
    }

    private QuantizationLoss loss() {
        float[] sorted = errors.clone();
        Arrays.sort(sorted);
        int perK = QuantizationLoss.RERANKED_PER_K_MIN;
        while (perK < TRUTH_AMONG_PER_K && shareOfTruthAmong(perK) < RERANKED_SHARE) {
            perK++;
        }
        return new QuantizationLoss(
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
            among += rank < perK * Calibration.RECALL_K ? 1 : 0;
        }
        return (float) among / ranks.length;
    }

    private float[] recalls(HnswIndex calibrated, Workers workers) throws InterruptedException {
        int efs = Calibration.EFS.length;
        float[] found = new float[queries.length * efs];
        workers.run(queries.length, (number, worker) -> {
            for (int i = 0; i < efs; i++) {
                int ef = Math.max(Calibration.EFS[i], Calibration.RECALL_K);
                float[] query = queries[number];
                float norm = VectorOps.norm(query);
                float[] truth = truths[number];
                int hits = 0;
                for (int row : calibrated
                        .searchGraph(query, SearchOptions.of(Calibration.RECALL_K), ef)
                        .ordinals()) {
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
