package repscorer.training.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import repscorer.training.graph.Csr;
import repscorer.training.graph.HoldOut;
import repscorer.training.graph.Relation;

/**
 * What happens to a small model that was trained on one version's vectors and is served another's: a logistic regression for each of a
 * relation's most frequent tails tells which heads are joined with it. Trained on every other head, judged by the rest.
 */
public final class ServedProbe {

    private static final int CLASSES = 10;
    private static final int NEGATIVES_PER_POSITIVE = 10;
    private static final int POSITIVES_MAX = 300;
    private static final int POSITIVES_MIN = 20;

    private final List<Task> tasks = new ArrayList<>();

    /** One tail: heads that are joined with it, then as many that are not. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Task(int[] heads, int positives, LogisticRegression model) {

        boolean isPositive(int place) {
            return place < positives;
        }
    }

    private ServedProbe() {}

    /**
     * Trains.
     *
     * @param rows of heads, by their ordinals in the relation; an empty row for a head that has none
     */
    public static ServedProbe train(Relation relation, IntFunction<float[]> rows, long seed) {
        ServedProbe probe = new ServedProbe();
        SplittableRandom random = new SplittableRandom(seed);
        Csr byTail = relation.byTail();
        Csr byHead = relation.byHead();
        int[] tails = IntStream.range(0, byTail.rows())
                .filter(tail -> byTail.size(tail) >= POSITIVES_MIN)
                .boxed()
                .sorted((a, b) -> Integer.compare(byTail.size(b), byTail.size(a)))
                .limit(CLASSES)
                .mapToInt(Integer::intValue)
                .toArray();
        for (int tail : tails) {
            int[] order = HoldOut.shuffled(byHead.rows(), random);
            int[] yes = IntStream.of(order)
                    .filter(head -> byHead.contains(head, tail) && rows.apply(head).length > 0)
                    .limit(POSITIVES_MAX)
                    .toArray();
            int[] no = IntStream.of(order)
                    .filter(head -> !byHead.contains(head, tail) && rows.apply(head).length > 0)
                    .limit((long) NEGATIVES_PER_POSITIVE * yes.length)
                    .toArray();
            int[] heads = IntStream.concat(IntStream.of(yes), IntStream.of(no)).toArray();
            if (yes.length >= POSITIVES_MIN) {
                probe.tasks.add(fit(heads, yes.length, rows, random));
            }
        }
        return probe;
    }

    private static Task fit(int[] heads, int positives, IntFunction<float[]> rows, SplittableRandom random) {
        int half = (heads.length + 1) / 2;
        Features[] features = new Features[half];
        boolean[] yes = new boolean[half];
        int width = 0;
        for (int i = 0; i < half; i++) {
            float[] row = rows.apply(heads[2 * i]);
            width = row.length;
            features[i] = Features.of(row);
            yes[i] = 2 * i < positives;
        }
        return new Task(heads, positives, LogisticRegression.fit(features, yes, width, random.split()));
    }

    /** The mean area under the curve of precision over recall on heads that did not train, served these rows; 0 without tasks. */
    public double served(IntFunction<float[]> rows) {
        double sum = 0;
        for (Task task : tasks) {
            int judged = task.heads.length / 2;
            double[] scores = new double[judged];
            boolean[] yes = new boolean[judged];
            for (int i = 0; i < judged; i++) {
                int place = 2 * i + 1;
                float[] row = rows.apply(task.heads[place]);
                scores[i] = row.length == 0 ? Double.NEGATIVE_INFINITY : task.model.score(Features.of(row));
                yes[i] = task.isPositive(place);
            }
            sum += AveragePrecision.of(scores, yes);
        }
        return tasks.isEmpty() ? 0 : sum / tasks.size();
    }
}
