package repscorer.training.evaluate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import repscorer.core.Scorer;
import repscorer.training.graph.Csr;
import repscorer.training.graph.EdgeReader;
import repscorer.training.graph.HoldOut;
import repscorer.training.graph.KnownPairs;
import repscorer.training.graph.Relation;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.progress.TrainingProgress;
import repscorer.training.simclusters.SimilarityGraph;

/**
 * Asks a release for the tails that were held out. The release is published into a store of its own, with exact indexes, and
 * asked through the {@link Scorer} that also answers requests, so what is measured is what is served. Tails that training or
 * validation know are filtered out, as is the head itself. Of equal scores the baselines answer the tail first that the data
 * name first, and the scorer the one whose id is less.
 */
public final class Evaluator {

    /** The share of what most heads are joined with: tails by their number of training edges. */
    public static final String POPULARITY = "popularity";

    /** Tails of which a head has more neighbours than heads do on average, as published. */
    public static final String ITEM_KNN = "item-knn";

    /** Tails by the sum of their cosines with what a head is joined with. */
    public static final String ITEM_KNN_SUMS = "item-knn-sums";

    public static final String TWHIN = "twhin";
    public static final String SIMCLUSTERS = "simclusters";

    /** The interests of a multi-interest head, smoothed. */
    public static final String MIXTURE = "mixture";

    /** Whom both know. */
    public static final String MUTUAL = "mutual";

    /** How many follow where the head belongs. */
    public static final String NEAR_POPULARITY = "near-popularity";

    /** Whether the tail follows the head. */
    public static final String RECIPROCITY = "reciprocity";

    public static final String BLEND = "blend";

    private final TrainingPlan plan;
    private final HoldOut.Split split;
    private final TrainingProgress progress;
    private final int kMax;

    private Evaluator(TrainingPlan plan, HoldOut.Split split, TrainingProgress progress) {
        this.plan = plan;
        this.split = split;
        this.progress = progress;
        kMax = plan.evaluation().k().stream().mapToInt(Integer::intValue).max().orElseThrow();
    }

    /**
     * Evaluates a release that was trained by a plan: reads the data again and holds the same edges out.
     *
     * @param data the directory that the plan's files are in
     * @param release the directory that training wrote
     * @throws repscorer.training.graph.DataException where the release's report tells of other training edges
     * @throws IOException when the disk refuses
     */
    public static Evaluation evaluate(TrainingPlan plan, Path data, Path release, TrainingProgress progress)
            throws IOException {
        HoldOut.Split split = HoldOut.split(EdgeReader.read(plan, data, progress), plan);
        TrainedEdges.read(release).ifPresent(edges -> edges.check(release, split, plan));
        return evaluate(plan, split, release, progress);
    }

    /**
     * Evaluates a release by a split's held-out edges.
     *
     * @throws IOException when the disk refuses
     */
    public static Evaluation evaluate(TrainingPlan plan, HoldOut.Split split, Path release, TrainingProgress progress)
            throws IOException {
        return new Evaluator(plan, split, progress).run(release);
    }

    /**
     * Judges by the same edges what needs no release: {@link #POPULARITY}, {@link #ITEM_KNN} and {@link #ITEM_KNN_SUMS}.
     *
     * @throws repscorer.training.graph.DataException when the data cannot be used
     */
    public static Evaluation baselines(TrainingPlan plan, Path data, TrainingProgress progress) {
        HoldOut.Split split = HoldOut.split(EdgeReader.read(plan, data, progress), plan);
        return new Evaluator(plan, split, progress).judge((training, held, known) -> Map.of());
    }

    private Evaluation run(Path release) throws IOException {
        try (JudgedRelease judged = JudgedRelease.open(plan, split, release, kMax, progress)) {
            return judge((training, held, known) -> {
                Map<String, Method> methods = new LinkedHashMap<>();
                List<String> columns = judged.columns(training.name());
                for (String column : columns) {
                    methods.put(
                            column,
                            head -> judged.answer(
                                    training, held, known, head, JudgedRelease.only(List.of(column), columns)));
                }
                if (columns.size() > 1) {
                    methods.put(BLEND, head -> judged.answer(training, held, known, head, Map.of()));
                }
                return methods;
            });
        }
    }

    // ---- one relation ----

    /** Answers the ordinals of tails, best first. */
    @FunctionalInterface
    private interface Method {
        int[] answer(int head);
    }

    /** The methods that a release adds, by name. */
    @FunctionalInterface
    private interface Methods {
        Map<String, Method> of(Relation training, Relation held, Csr known);
    }

    private Evaluation judge(Methods release) {
        List<Evaluation.Row> rows = new ArrayList<>();
        for (Relation relation : split.training().relations()) {
            Relation held = split.held().get(relation.name());
            if (held != null && held.edges() > 0 && !relation.plan().several()) {
                rows.addAll(relation(release, relation, held));
            }
        }
        return new Evaluation(rows);
    }

    private List<Evaluation.Row> relation(Methods release, Relation training, Relation held) {
        Map<String, Method> methods = new LinkedHashMap<>();
        Csr known = KnownPairs.byHead(split, training);
        methods.put(POPULARITY, popularity(training, known));
        SimilarityGraph nearest = ItemKnn.nearest(training, plan.threads(), progress);
        methods.put(ITEM_KNN, ItemKnn.byDeviations(nearest, training, known, kMax)::answer);
        methods.put(ITEM_KNN_SUMS, ItemKnn.bySums(nearest, training, known, kMax)::answer);
        methods.putAll(release.of(training, held, known));
        Csr wanted = held.byHead();
        int[] heads = sample(plan, wanted);
        List<Evaluation.Row> rows = new ArrayList<>();
        methods.forEach((name, method) -> rows.add(judge(held.name(), name, method, heads, wanted)));
        return rows;
    }

    /** Heads with held-out edges, as many as the plan asks for, drawn by chance. */
    static int[] sample(TrainingPlan plan, Csr wanted) {
        int[] order = HoldOut.shuffled(wanted.rows(), new SplittableRandom(plan.seed()));
        int[] heads = Arrays.stream(order)
                .filter(head -> wanted.size(head) > 0)
                .limit(plan.evaluation().users())
                .toArray();
        Arrays.sort(heads);
        return heads;
    }

    private Evaluation.Row judge(String relation, String name, Method method, int[] heads, Csr wanted) {
        TreeMap<Integer, Double> recall = new TreeMap<>();
        TreeMap<Integer, Double> ndcg = new TreeMap<>();
        plan.evaluation().k().forEach(k -> {
            recall.put(k, 0.0);
            ndcg.put(k, 0.0);
        });
        double reciprocal = 0;
        long edges = 0;
        for (int i = 0; i < heads.length; i++) {
            if (i % 50 == 0) {
                progress.report("evaluate", i, heads.length, relation + " by " + name);
                progress.checkCancelled();
            }
            int head = heads[i];
            int size = wanted.size(head);
            edges += size;
            int[] answer = method.answer(head);
            int found = 0;
            for (int rank = 1; rank <= answer.length; rank++) {
                if (wanted.contains(head, answer[rank - 1])) {
                    if (found++ == 0) {
                        reciprocal += 1.0 / rank;
                    }
                    double share = 1.0 / size / heads.length;
                    int at = rank;
                    recall.replaceAll((k, sum) -> at <= k ? sum + share : sum);
                    double gain = gain(rank) / heads.length;
                    ndcg.replaceAll((k, sum) -> at <= k ? sum + gain / gainMax(Math.min(k, size)) : sum);
                }
            }
        }
        progress.report("evaluate", heads.length, heads.length, relation + " by " + name);
        return new Evaluation.Row(
                relation, name, heads.length, edges, recall, ndcg, reciprocal / Math.max(heads.length, 1));
    }

    private static double gain(int rank) {
        return Math.log(2) / Math.log(rank + 1);
    }

    /** The gain of {@code count} held-out tails on the first ranks. */
    private static double gainMax(int count) {
        double sum = 0;
        for (int rank = 1; rank <= count; rank++) {
            sum += gain(rank);
        }
        return sum;
    }

    private Method popularity(Relation training, Csr known) {
        Csr byTail = training.byTail();
        int[] order = Stream.iterate(0, i -> i + 1)
                .limit(byTail.rows())
                .sorted(Comparator.comparingInt((Integer tail) -> -byTail.size(tail))
                        .thenComparing(tail -> tail))
                .mapToInt(Integer::intValue)
                .toArray();
        boolean sameKind = training.headEntities() == training.tailEntities();
        return head -> Arrays.stream(order)
                .filter(tail -> !(head < known.rows() && known.contains(head, tail)) && !(sameKind && tail == head))
                .limit(kMax)
                .toArray();
    }
}
