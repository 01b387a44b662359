package repscorer.training.strategies;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import repscorer.core.align.Adapter;
import repscorer.core.align.Alignment;
import repscorer.core.align.AlignmentOptions;
import repscorer.core.entity.EntityKind;
import repscorer.training.evaluate.ServedProbe;
import repscorer.training.evaluate.TaskResult;
import repscorer.training.graph.DataException;
import repscorer.training.graph.EntityIndex;
import repscorer.training.graph.Graph;
import repscorer.training.graph.HoldOut;
import repscorer.training.graph.Relation;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.plan.TwhinPlan;
import repscorer.training.progress.TrainingProgress;
import repscorer.training.twhin.WarmStart;
import repscorer.vector.VectorOps;

/**
 * Trains the next version of dense vectors in four ways and tells, of each, how far it drifted from the last version, how good it is, how
 * long it took, and what becomes of a small model that learnt from the old vectors.
 */
public final class Strategies {

    private static final int NEIGHBORS = 10;
    private static final int HEADS_MAX = 300;
    private static final int DRAWN = 1_000;
    private static final int NEIGHBORS_DRAWN = 200;

    private final TrainingPlan plan;
    private final TwhinPlan twhin;
    private final Options options;
    private final TrainingProgress progress;
    private final TwoVersions versions;
    private final LinkRecall links;
    private final Relation probed;

    /**
     * How versions differ.
     *
     * @param share of the edges that each of two random parts has
     * @param earlier when the older version was made, in place of parts
     * @param pull λ of the pull to the old rows
     * @param scratch where rows are written
     */
    public record Options(double share, Optional<Instant> earlier, double pull, Path scratch) {}

    private Strategies(TrainingPlan plan, Path data, Options options, TrainingProgress progress) {
        this.plan = plan;
        this.twhin = plan.twhin()
                .orElseThrow(() -> new DataException("strategies are for twhin, which the plan leaves out"));
        this.options = options;
        this.progress = progress;
        this.versions = options.earlier()
                .map(cut -> TwoVersions.byTime(plan, data, cut, progress))
                .orElseGet(() -> TwoVersions.halves(plan, data, options.share(), progress));
        String judged = versions.now().held().entrySet().stream()
                .filter(each -> each.getValue().edges() > 0)
                .map(Map.Entry::getKey)
                .sorted((a, b) -> Integer.compare(place(a), place(b)))
                .findFirst()
                .orElseThrow(() -> new DataException("nothing to judge by: the plan holds no edges out"));
        this.links = new LinkRecall(versions.now(), judged, HEADS_MAX, plan.seed());
        String named = plan.evaluation().probe();
        this.probed = versions.old().relation(named.isEmpty() ? judged : named).orElseThrow();
    }

    private int place(String relation) {
        for (int i = 0; i < plan.relations().size(); i++) {
            if (plan.relations().get(i).name().equals(relation)) {
                return i;
            }
        }
        return Integer.MAX_VALUE;
    }

    /**
     * Five trainings one after another; memory for two at a time.
     *
     * @return one for the old version as it was, then one for each strategy
     * @throws DataException when the data cannot be used
     */
    public static List<TaskResult> run(TrainingPlan plan, Path data, Options options, TrainingProgress progress)
            throws IOException {
        TrainingPlan dense = plan.withModels(plan.twhin(), Optional.empty(), Optional.empty());
        return new Strategies(dense, data, options, progress).run();
    }

    private List<TaskResult> run() throws IOException {
        DenseVersion old = train("old", versions.old(), plan.seed(), Optional.empty());
        IntFunction<float[]> learnt = rows(old, probed.headEntities(), UnaryOperator.identity());
        ServedProbe probe = ServedProbe.train(probed, learnt, plan.seed());
        List<TaskResult> results = new ArrayList<>();
        results.add(result("old as it was", Map.of("probe", probe.served(learnt))));

        HoldOut.Split now = versions.now();
        DenseVersion cold = train("cold", now.training(), plan.seed() + 1, Optional.empty());
        results.add(judge("cold", old, cold, UnaryOperator.identity(), probe, 0));
        results.add(judge("warm", old, warm("warm", old, 0), UnaryOperator.identity(), probe, 0));
        results.add(
                judge("warm, pulled", old, warm("pulled", old, options.pull()), UnaryOperator.identity(), probe, 0));

        long begun = System.nanoTime();
        AlignmentOptions how = new AlignmentOptions(
                Optional.empty(),
                Optional.empty(),
                AlignmentOptions.SAMPLE_DEFAULT,
                AlignmentOptions.RECALL_MIN_LEAST, // what is told is how much is found
                plan.seed());
        Alignment alignment = old.align(cold, options.scratch(), how);
        double seconds = (System.nanoTime() - begun) / 1e9;
        Adapter back = alignment.backward();
        results.add(judge("cold, aligned by " + back.method().word(), old, cold, back::apply, probe, seconds));
        return results;
    }

    private DenseVersion train(String name, Graph graph, long seed, Optional<WarmStart> start) throws IOException {
        return DenseVersion.train(name, graph, twhin, seed, plan.threads(), start, progress);
    }

    private DenseVersion warm(String name, DenseVersion old, double pull) throws IOException {
        return train(name, versions.now().training(), plan.seed() + 1, Optional.of(old.start(pull)));
    }

    /** @param map of every row before it is served */
    private TaskResult judge(
            String strategy,
            DenseVersion old,
            DenseVersion now,
            UnaryOperator<float[]> map,
            ServedProbe probe,
            double more) {
        EntityKind heads = links.relation().headEntities().kind();
        EntityKind tails = links.relation().tailEntities().kind();
        float[] theta = now.relation(links.relation().name());
        float[] headRows = now.rows(heads);
        IntFunction<float[]> query = head -> {
            float[] row = now.row(headRows, head);
            VectorOps.addScaled(row, 0, 1, theta, 0, theta.length);
            return map.apply(row);
        };
        float[] servedTails = mapped(now, tails, map);
        Map<String, Object> figures = new LinkedHashMap<>();
        Drift drift = Drift.of(old, now, heads, mapped(now, heads, map), plan.seed());
        figures.put("cosine", drift.cosine);
        figures.put("neighbours@10", drift.overlap);
        figures.put("recall@10", links.recall(NEIGHBORS, query, servedTails));
        figures.put("probe", probe.served(rows(now, probed.headEntities(), map)));
        figures.put("seconds", now.seconds() + more);
        return result(strategy, figures);
    }

    private static float[] mapped(DenseVersion version, EntityKind kind, UnaryOperator<float[]> map) {
        float[] rows = version.rows(kind);
        int d = version.dimension();
        float[] all = new float[rows.length];
        for (int row = 0; row < rows.length / d; row++) {
            System.arraycopy(map.apply(version.row(rows, row)), 0, all, row * d, d);
        }
        return all;
    }

    /** Rows of a version for entities that another one numbered. */
    private static IntFunction<float[]> rows(DenseVersion version, EntityIndex ids, UnaryOperator<float[]> map) {
        EntityIndex own = version.index(ids.kind());
        float[] rows = version.rows(ids.kind());
        return head -> {
            int ordinal = own == ids ? head : own.ordinal(ids.value(head));
            return ordinal < 0 || ordinal * version.dimension() >= rows.length
                    ? new float[0]
                    : map.apply(version.row(rows, ordinal));
        };
    }

    private TaskResult result(String strategy, Map<String, ?> figures) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("task", "strategies");
        all.put("method", strategy);
        figures.forEach((name, value) ->
                all.put(name, value instanceof Double number ? Math.round(number * 1e4) / 1e4 : value));
        return new TaskResult(all);
    }

    /**
     * How far the rows of one kind went.
     *
     * @param cosine of both rows of an id, on average
     * @param overlap of the nearest ids, each within its own version
     */
    private record Drift(double cosine, double overlap) {

        static Drift of(DenseVersion old, DenseVersion now, EntityKind kind, float[] served, long seed) {
            EntityIndex before = old.index(kind);
            EntityIndex after = now.index(kind);
            int d = old.dimension();
            int[] order = HoldOut.shuffled(after.count(), new SplittableRandom(seed));
            double cosine = 0;
            double overlap = 0;
            int drawn = 0;
            int asked = 0;
            for (int i = 0; i < order.length && drawn < DRAWN; i++) {
                int other = before.ordinal(after.value(order[i]));
                if (other < 0) {
                    continue;
                }
                cosine += VectorOps.cosine(old.row(old.rows(kind), other), now.row(served, order[i]));
                drawn++;
                if (asked < NEIGHBORS_DRAWN) {
                    asked++;
                    overlap += NearestIds.overlap(
                            NearestIds.of(before, old.rows(kind), d, other, NEIGHBORS),
                            NearestIds.of(after, served, d, order[i], NEIGHBORS));
                }
            }
            return new Drift(drawn == 0 ? 0 : cosine / drawn, asked == 0 ? 0 : overlap / asked);
        }
    }
}
