package repscorer.training.evaluate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import repscorer.training.graph.Csr;
import repscorer.training.graph.DataException;
import repscorer.training.graph.HoldOut;
import repscorer.training.graph.KnownPairs;
import repscorer.training.graph.Relation;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.progress.TrainingProgress;

/** What each column adds to a blend: the recall of one after another of its columns, head by head. */
public final class ColumnsAdded {

    private ColumnsAdded() {}

    /**
     * A blend of some columns.
     *
     * @param columns that take part, with the weights of the plan
     * @param recall of each head, the same heads in the same order for every blend: the share of its held-out tails among the first k
     */
    @SuppressWarnings("ArrayRecordComponent") // read, never compared
    public record Added(List<String> columns, double[] recall) {

        public double mean() {
            return Arrays.stream(recall).average().orElse(Double.NaN);
        }

        /** How much more this blend finds than another, on average over heads. */
        public double over(Added other) {
            return mean() - other.mean();
        }

        /** Half the 95 % interval of {@link #over}, head by head: 1.96 standard errors. */
        public double interval(Added other) {
            double mean = over(other);
            double squares = 0;
            for (int i = 0; i < recall.length; i++) {
                double difference = recall[i] - other.recall[i] - mean;
                squares += difference * difference;
            }
            return 1.96 * Math.sqrt(squares / (recall.length - 1) / recall.length);
        }
    }

    /**
     * Judges a release that was trained by a plan, by one relation's held-out edges.
     *
     * @param order the columns, each of which is added to those before
     * @param k the rank at which recall is read
     * @return a blend of the first column, of the first two, and so on
     * @throws repscorer.training.graph.DataException where the release has no such column
     * @throws IOException when the disk refuses
     */
    public static List<Added> of(
            TrainingPlan plan,
            HoldOut.Split split,
            Path release,
            String relation,
            List<String> order,
            int k,
            TrainingProgress progress)
            throws IOException {
        Relation training = split.training()
                .relation(relation)
                .orElseThrow(() -> new DataException("the plan has no relation '%s'".formatted(relation)));
        Relation held = split.held().get(relation);
        if (held == null) {
            throw new DataException("no edges of relation '%s' are held out".formatted(relation));
        }
        Csr known = KnownPairs.byHead(split, training);
        Csr wanted = held.byHead();
        int[] heads = Evaluator.sample(plan, wanted);
        List<Added> added = new ArrayList<>();
        try (JudgedRelease judged = JudgedRelease.open(plan, split, release, k, progress)) {
            List<String> columns = judged.columns(relation);
            if (!columns.containsAll(order)) {
                throw new DataException("%s has columns %s, and %s are asked for".formatted(release, columns, order));
            }
            for (int n = 1; n <= order.size(); n++) {
                List<String> some = order.subList(0, n);
                double[] recall = new double[heads.length];
                for (int i = 0; i < heads.length; i++) {
                    int head = heads[i];
                    long found = Arrays.stream(
                                    judged.answer(training, held, known, head, JudgedRelease.only(some, columns)))
                            .limit(k)
                            .filter(tail -> wanted.contains(head, tail))
                            .count();
                    recall[i] = (double) found / wanted.size(head);
                }
                added.add(new Added(List.copyOf(some), recall));
            }
        }
        return added;
    }
}
