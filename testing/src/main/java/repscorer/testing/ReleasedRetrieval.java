package repscorer.testing;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import repscorer.testing.BruteForce.Scored;

/**
 * The retrieval that was released as SimClusters-ANN, step by step over maps: the source's strongest clusters, the strongest
 * items of each, two sums for each item met, and a score of those two sums.
 */
public final class ReleasedRetrieval {

    private final Map<Integer, List<Item>> lists = new HashMap<>();

    private record Item(int ordinal, double weight) {}

    private record Sums(double products, double squares) {}

    /** The four scores, of P = Σ s·t and Q = Σ t² over the clusters in which an item was met. */
    public enum Score {
        DOT,
        COSINE,
        LOG_COSINE,
        COSINE_NO_SOURCE_NORM
    }

    /**
     * @param clustersScanned N
     * @param itemsPerCluster M
     * @param accepted whether an item may be answered: it is not the source, and its age lies within the bounds
     */
    public record Request(
            Score score,
            int clustersScanned,
            int itemsPerCluster,
            double scoreMin,
            int resultsMax,
            IntPredicate accepted) {}

    /** Lists each cluster's items by falling weight, ties by ordinal. */
    public ReleasedRetrieval(int[][] columns, float[][] weights) {
        for (int ordinal = 0; ordinal < columns.length; ordinal++) {
            for (int i = 0; i < columns[ordinal].length; i++) {
                lists.computeIfAbsent(columns[ordinal][i], cluster -> new ArrayList<>())
                        .add(new Item(ordinal, weights[ordinal][i]));
            }
        }
        for (List<Item> list : lists.values()) {
            list.sort(Comparator.comparingDouble((Item item) -> -item.weight).thenComparingInt(item -> item.ordinal));
        }
    }

    /** The answer in double precision, best first, ties by ordinal. */
    public List<Scored> answer(int[] sourceColumns, float[] sourceWeights, Request request) {
        Map<Integer, Sums> met = new HashMap<>();
        List<Integer> places = new ArrayList<>();
        double squares = 0;
        for (int i = 0; i < sourceColumns.length; i++) {
            places.add(i);
            squares += (double) sourceWeights[i] * sourceWeights[i];
        }
        places.sort(Comparator.comparingDouble((Integer i) -> -sourceWeights[i]).thenComparingInt(i -> i));
        for (int place : places.subList(0, Math.min(request.clustersScanned, places.size()))) {
            double s = sourceWeights[place];
            List<Item> list = lists.getOrDefault(sourceColumns[place], List.of());
            for (Item item : list.subList(0, Math.min(request.itemsPerCluster, list.size()))) {
                if (request.accepted.test(item.ordinal)) {
                    Sums before = met.getOrDefault(item.ordinal, new Sums(0, 0));
                    met.put(
                            item.ordinal,
                            new Sums(before.products + s * item.weight, before.squares + item.weight * item.weight));
                }
            }
        }
        List<Scored> answer = new ArrayList<>();
        for (Map.Entry<Integer, Sums> entry : met.entrySet()) {
            double p = entry.getValue().products;
            double q = entry.getValue().squares;
            double score = switch (request.score) {
                case DOT -> p;
                case COSINE -> p / (Math.sqrt(squares) * Math.sqrt(q));
                case LOG_COSINE -> p / (Math.log(squares + 1) * Math.log(1 + q));
                case COSINE_NO_SOURCE_NORM -> p / Math.sqrt(q);
            };
            if (score >= request.scoreMin) {
                answer.add(new Scored(entry.getKey(), score));
            }
        }
        answer.sort(Comparator.comparingDouble(Scored::score).reversed().thenComparingInt(Scored::ordinal));
        return List.copyOf(answer.subList(0, Math.min(request.resultsMax, answer.size())));
    }
}
