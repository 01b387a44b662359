package repscorer.training.strategies;

import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import repscorer.training.graph.DataException;
import repscorer.training.graph.EdgeReader;
import repscorer.training.graph.Graph;
import repscorer.training.graph.HoldOut;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.progress.TrainingProgress;

/**
 * The edges of two versions, and some that neither knows. O(edges) to make.
 *
 * @param old what the older version learnt from
 * @param now what the newer one learns from, and what is held out to judge it
 */
public record TwoVersions(Graph old, HoldOut.Split now) {

    /**
     * Two random parts, drawn apart, so that they share some edges; what the plan holds out is in neither.
     *
     * @param share of the training edges that each has, above 0 and below 1
     * @throws DataException when the data cannot be used, or the share is another
     */
    public static TwoVersions halves(TrainingPlan plan, Path data, double share, TrainingProgress progress) {
        if (!(share > 0 && share < 1)) {
            throw new DataException("share must be between 0 and 1: " + share);
        }
        HoldOut.Split split = HoldOut.split(EdgeReader.read(plan, data, progress), plan);
        Graph old = part(split.training(), share, plan.seed());
        Graph now = part(split.training(), share, ~plan.seed());
        return new TwoVersions(old, new HoldOut.Split(now, split.held(), Map.of(), split.overlap()));
    }

    private static Graph part(Graph graph, double share, long seed) {
        Map<String, Double> out = new HashMap<>();
        graph.relations().forEach(relation -> out.put(relation.group(), 1 - share));
        return HoldOut.split(graph, out, seed).training();
    }

    /**
     * What was known some time before the plan's hold-out, and what is known at it.
     *
     * @param cut when the older version was made
     * @throws DataException when the data cannot be used, or the plan holds nothing out from a time after the cut
     */
    public static TwoVersions byTime(TrainingPlan plan, Path data, Instant cut, TrainingProgress progress) {
        Instant judged = plan.holdOutFrom()
                .orElseThrow(() -> new DataException("versions by time need a plan with hold-out-from"));
        if (!cut.isBefore(judged)) {
            throw new DataException("the older version ends before hold-out-from, %s: %s".formatted(judged, cut));
        }
        TrainingPlan earlier = new TrainingPlan(
                plan.name(),
                plan.seed(),
                plan.threads(),
                plan.badRowsMax(),
                plan.relations(),
                Map.of(),
                Optional.of(cut),
                Map.of(),
                plan.twhin(),
                plan.simclusters(),
                plan.interests(),
                plan.social(),
                plan.evaluation(),
                plan.texts(),
                plan.rows());
        HoldOut.Split old = HoldOut.split(EdgeReader.read(earlier, data, progress), earlier);
        HoldOut.Split now = HoldOut.split(EdgeReader.read(plan, data, progress), plan);
        return new TwoVersions(old.training(), now);
    }
}
