package repscorer.training.twhin;

import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import repscorer.training.graph.Csr;
import repscorer.training.graph.Graph;
import repscorer.training.graph.HoldOut;
import repscorer.training.graph.Relation;
import repscorer.training.progress.TrainingProgress;

/**
 * Ranks an edge's true end among all entities of its kind, once for the tail and once for the head. Ranks are filtered
 * (Bordes et al., NIPS 2013): other ends that are known to be true, from whatever part of the data, do not count. Of ties the
 * true end takes the middle; NaN is no score and ranks last, as do entities that training did not meet.
 */
public final class LinkRanking {

    private static final int QUERIES = 64;

    /**
     * Figures over all ranks.
     *
     * @param ranks how many there are, two per edge
     * @param mrr mean of 1 / rank
     * @param hits1 the share of ranks that are 1
     * @param hits3 the share of ranks up to 3
     * @param hits10 the share of ranks up to 10
     * @param meanRank their mean
     */
    public record Figures(long ranks, double mrr, double hits1, double hits3, double hits10, double meanRank) {}

    private final TwhinModel model;
    private final HoldOut.Split split;
    private final MatrixKernels kernels = MatrixKernels.best();
    private final int d;
    private final float[] q;
    private float[] scores = new float[0];

    private long ranks;
    private double reciprocals;
    private long hits1;
    private long hits3;
    private long hits10;
    private double rankSum;

    private LinkRanking(TwhinModel model, HoldOut.Split split) {
        this.model = model;
        this.split = split;
        d = model.dimension();
        q = new float[QUERIES * d];
    }

    /**
     * Ranks edges of known relations. O(queries · entities · dimension).
     *
     * @param split its training graph names the model's rows; all of its parts filter
     * @param judged the edges to rank, by relation
     * @param edgesMax where there are more, a part that the seed draws
     */
    public static Figures rank(
            TwhinModel model,
            HoldOut.Split split,
            Map<String, Relation> judged,
            int edgesMax,
            long seed,
            TrainingProgress progress) {
        long edges = 0;
        for (Relation relation : judged.values()) {
            edges += relation.edges();
        }
        double share = Math.min(1, edgesMax / (double) Math.max(1, edges));
        SplittableRandom random = new SplittableRandom(seed);
        LinkRanking ranking = new LinkRanking(model, split);
        Graph graph = split.training();
        for (int r = 0; r < graph.relations().size(); r++) {
            progress.report("rank edges", r, graph.relations().size(), "");
            progress.checkCancelled();
            Relation wanted = judged.get(graph.relations().get(r).name());
            if (wanted != null) {
                boolean[] chosen = new boolean[wanted.edges()];
                for (int edge = 0; edge < chosen.length; edge++) {
                    chosen[edge] = share == 1 || random.nextDouble() < share;
                }
                ranking.rank(r, wanted, chosen, true);
                ranking.rank(r, wanted, chosen, false);
            }
        }
        progress.report(
                "rank edges", graph.relations().size(), graph.relations().size(), "");
        double n = Math.max(1, ranking.ranks);
        return new Figures(
                ranking.ranks,
                ranking.reciprocals / n,
                ranking.hits1 / n,
                ranking.hits3 / n,
                ranking.hits10 / n,
                ranking.rankSum / n);
    }

    private void rank(int r, Relation wanted, boolean[] chosen, boolean forward) {
        Relation training = split.training().relations().get(r);
        Csr[] known = {
            ends(training, forward),
            ends(split.validation().getOrDefault(training.name(), training), forward),
            ends(split.held().getOrDefault(training.name(), training), forward)
        };
        Csr ends = ends(wanted, forward);
        float[] from =
                model.rows(forward ? training.plan().head() : training.plan().tail());
        float[] to =
                model.rows(forward ? training.plan().tail() : training.plan().head());
        float[] theta = forward ? model.relations() : model.inverses().orElse(model.relations());
        boolean adjoint = !forward && model.inverses().isEmpty();
        int n = to.length / d;
        if (scores.length < QUERIES * n) {
            scores = new float[QUERIES * n];
        }
        int[] entities = new int[QUERIES];
        int filled = 0;
        for (int entity = 0; entity <= ends.rows(); entity++) {
            if (filled == QUERIES || (entity == ends.rows() && filled > 0)) {
                Arrays.fill(scores, 0, filled * n, 0);
                kernels.multiplyAdd(filled, n, d, q, 0, d, 1, to, 0, 1, d, scores, n);
                for (int i = 0; i < filled; i++) {
                    judge(i * n, n, entities[i], ends, chosen, known);
                }
                filled = 0;
            }
            if (entity < ends.rows() && entity >= from.length / d) {
                for (int i = ends.offsets()[entity]; i < ends.offsets()[entity + 1]; i++) {
                    if (chosen[ends.edges()[i]]) {
                        add(n);
                    }
                }
            } else if (entity < ends.rows() && any(ends, entity, chosen)) {
                Operators.apply(model.operator(), adjoint, from, entity * d, theta, r * d, q, filled * d, d);
                entities[filled++] = entity;
            }
        }
    }

    private static Csr ends(Relation relation, boolean forward) {
        return forward ? relation.byHead() : relation.byTail();
    }

    private static boolean any(Csr ends, int entity, boolean[] chosen) {
        for (int i = ends.offsets()[entity]; i < ends.offsets()[entity + 1]; i++) {
            if (chosen[ends.edges()[i]]) {
                return true;
            }
        }
        return false;
    }

    private void judge(int row, int n, int entity, Csr ends, boolean[] chosen, Csr[] known) {
        // What is known is marked once for all targets of the query; each target is told by its score kept aside.
        int from = ends.offsets()[entity];
        int to = ends.offsets()[entity + 1];
        float[] own = new float[to - from];
        for (int i = from; i < to; i++) {
            own[i - from] = ends.columns()[i] < n ? scores[row + ends.columns()[i]] : Float.NaN;
        }
        for (Csr csr : known) {
            hide(row, n, csr, entity);
        }
        hide(row, n, ends, entity);
        for (int i = from; i < to; i++) {
            if (chosen[ends.edges()[i]]) {
                count(row, n, own[i - from]);
            }
        }
    }

    private void hide(int row, int n, Csr known, int entity) {
        for (int i = known.offsets()[entity]; i < known.offsets()[entity + 1]; i++) {
            if (known.columns()[i] < n) {
                scores[row + known.columns()[i]] = Float.NEGATIVE_INFINITY;
            }
        }
    }

    private void count(int row, int n, float own) {
        int above = 0;
        int equal = 0;
        boolean unscored = Float.isNaN(own);
        for (int j = row; j < row + n; j++) {
            above += scores[j] > own || (unscored && scores[j] != Float.NEGATIVE_INFINITY) ? 1 : 0;
            equal += scores[j] == own ? 1 : 0;
        }
        add(1 + above + equal / 2.0);
    }

    private void add(double rank) {
        ranks++;
        reciprocals += 1 / rank;
        rankSum += rank;
        hits1 += rank <= 1 ? 1 : 0;
        hits3 += rank <= 3 ? 1 : 0;
        hits10 += rank <= 10 ? 1 : 0;
    }
}
