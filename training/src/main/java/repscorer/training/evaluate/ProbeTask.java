package repscorer.training.evaluate;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.entity.EntityKind;
import repscorer.training.graph.Csr;
import repscorer.training.graph.EntityIndex;
import repscorer.training.graph.HoldOut;
import repscorer.training.graph.Relation;

/**
 * What the vectors understand of content: whether a head is joined with a tail that training never joined it with, told by a
 * linear model of the head's vector alone. In form the offensive-content table of the TwHIN paper: area under the curve of
 * precision over recall, without vectors and with each kind of them.
 */
final class ProbeTask implements EvaluationTask {

    /*
     * For each of the held-out relation's most frequent tails: the positives are the heads that it was held out of, the
     * negatives are drawn by chance from heads that are not joined with it at all; heads joined with it in training take no
     * part. Every other sample trains, the rest judge.
     */

    static final String NAME = "probe";

    private static final int NEGATIVES_PER_POSITIVE = 20;
    private static final int POSITIVES_MIN = 10;

    /** What one method knows of every head. */
    @SuppressWarnings("ArrayRecordComponent") // local, compared by nobody
    private record Knowledge(Features[] rows, int features) {

        Knowledge and(Knowledge other) {
            Features[] both = new Features[rows.length];
            Arrays.setAll(both, i -> rows[i].and(other.rows[i], features));
            return new Knowledge(both, features + other.features);
        }
    }

    @Override
    public List<TaskResult> run(Input input) {
        String name = input.plan().evaluation().probe();
        Relation held = input.split().held().get(name);
        if (name.isEmpty() || held == null) {
            return List.of();
        }
        Relation training = input.split().training().relation(name).orElseThrow();
        Csr heldByTail = held.byTail();
        int[] classes = IntStream.range(0, heldByTail.rows())
                .filter(t -> heldByTail.size(t) >= POSITIVES_MIN)
                .boxed()
                .sorted(Comparator.comparingInt((Integer t) -> -heldByTail.size(t))
                        .thenComparing(t -> t))
                .limit(input.plan().evaluation().probeClasses())
                .mapToInt(Integer::intValue)
                .toArray();
        List<TaskResult> results = new ArrayList<>();
        methods(input, held.headEntities()).forEach((method, knowledge) -> {
            if (classes.length > 0) {
                results.add(judge(input, method, knowledge, classes, training.byHead(), held));
            }
        });
        return results;
    }

    private static Map<String, Knowledge> methods(Input input, EntityIndex heads) {
        Map<String, Knowledge> methods = new LinkedHashMap<>();
        EntityKind kind = heads.kind();
        methods.put("activity", activity(input, heads));
        Path dense = input.release().resolve(SpaceNames.twhin(kind) + EmbeddingFile.SUFFIX);
        Path sparse = input.release().resolve(SpaceNames.INTEREST + EmbeddingFile.SUFFIX);
        if (Files.isRegularFile(dense)) {
            methods.put(Evaluator.TWHIN, vectors(EmbeddingFile.open(dense), heads));
        }
        if (Files.isRegularFile(sparse) && EmbeddingFile.open(sparse).kind().equals(kind)) {
            methods.put(Evaluator.SIMCLUSTERS, vectors(EmbeddingFile.open(sparse), heads));
        }
        Knowledge twhin = methods.get(Evaluator.TWHIN);
        Knowledge simclusters = methods.get(Evaluator.SIMCLUSTERS);
        if (twhin != null && simclusters != null) {
            methods.put("both", twhin.and(simclusters));
        }
        return methods;
    }

    /** How much a head did in each relation: what is known without vectors. */
    private static Knowledge activity(Input input, EntityIndex heads) {
        List<Relation> relations = input.split().training().relations().stream()
                .filter(r -> r.headEntities().kind().equals(heads.kind()))
                .toList();
        float[][] counts = new float[heads.count()][relations.size()];
        for (int r = 0; r < relations.size(); r++) {
            for (int head : relations.get(r).heads()) {
                counts[head][r]++;
            }
        }
        Features[] rows = new Features[heads.count()];
        for (int head = 0; head < rows.length; head++) {
            float[] row = counts[head];
            for (int r = 0; r < row.length; r++) {
                row[r] = (float) Math.log1p(row[r]);
            }
            rows[head] = Features.of(row);
        }
        return new Knowledge(rows, relations.size());
    }

    /** The rows of a file, each of norm 1; heads that it does not have know nothing. */
    private static Knowledge vectors(EmbeddingFile file, EntityIndex heads) {
        Features[] rows = new Features[heads.count()];
        Arrays.fill(rows, Features.NONE);
        for (int head = 0; head < rows.length; head++) {
            var row = file.ids().ordinal(heads.id(head));
            if (row.isPresent()) {
                rows[head] = switch (file.form()) {
                    case DENSE -> {
                        float norm = file.denseRows().norm(row.getAsInt());
                        float[] values = file.denseRows().row(row.getAsInt());
                        for (int i = 0; i < values.length; i++) {
                            values[i] /= norm > 0 ? norm : 1;
                        }
                        yield Features.of(values);
                    }
                    case SPARSE -> Features.of(file.sparseRows().row(row.getAsInt()));
                    case TEXT -> throw new IllegalStateException("a probe reads vectors: " + file.space());
                };
            }
        }
        return new Knowledge(rows, file.dimension());
    }

    private static TaskResult judge(
            Input input, String method, Knowledge knowledge, int[] classes, Csr known, Relation held) {
        SplittableRandom random = new SplittableRandom(input.plan().seed());
        Csr heldByHead = held.byHead();
        Csr heldByTail = held.byTail();
        double precision = 0;
        double baseRate = 0;
        long positives = 0;
        for (int at = 0; at < classes.length; at++) {
            input.progress().report("evaluate", at, classes.length, "probe " + held.name() + " by " + method);
            input.progress().checkCancelled();
            int wanted = classes[at];
            int yes = heldByTail.size(wanted);
            int[] heads = Arrays.copyOf(
                    Arrays.copyOfRange(
                            heldByTail.columns(),
                            heldByTail.offsets()[wanted],
                            heldByTail.offsets()[wanted + 1]),
                    yes * (1 + NEGATIVES_PER_POSITIVE));
            int count = yes;
            for (int head : HoldOut.shuffled(known.rows(), random)) {
                if (count == heads.length) {
                    break;
                }
                if (!known.contains(head, wanted) && !heldByHead.contains(head, wanted)) {
                    heads[count++] = head;
                }
            }
            Sample train = Sample.every(2, 0, heads, count, yes, knowledge.rows);
            Sample test = Sample.every(2, 1, heads, count, yes, knowledge.rows);
            LogisticRegression model =
                    LogisticRegression.fit(train.rows, train.positive, knowledge.features, random.split());
            double[] scores = Arrays.stream(test.rows).mapToDouble(model::score).toArray();
            precision += AveragePrecision.of(scores, test.positive) / classes.length;
            baseRate += (double) test.positives() / test.rows.length / classes.length;
            positives += yes;
        }
        return TaskResult.of(NAME)
                .put("relation", held.name())
                .put("method", method)
                .put("classes", classes.length)
                .put("positives", positives)
                .put("baseRate", baseRate)
                .put("prAuc", precision)
                .build();
    }

    /** Some heads and whether each is a positive. */
    @SuppressWarnings("ArrayRecordComponent") // local, compared by nobody
    private record Sample(Features[] rows, boolean[] positive) {

        /** Every n-th of the first {@code count} heads, of which the first {@code yes} are positives. */
        static Sample every(int n, int first, int[] heads, int count, int yes, Features[] rows) {
            int[] places = IntStream.range(0, count).filter(i -> i % n == first).toArray();
            Features[] some = new Features[places.length];
            boolean[] positive = new boolean[places.length];
            for (int i = 0; i < places.length; i++) {
                some[i] = rows[heads[places[i]]];
                positive[i] = places[i] < yes;
            }
            return new Sample(some, positive);
        }

        int positives() {
            int sum = 0;
            for (boolean p : positive) {
                sum += p ? 1 : 0;
            }
            return sum;
        }
    }
}
