package repscorer.training.evaluate;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Which tails a head is joined with next: recall@k and NDCG@k of each method on each relation with held-out edges, through
 * the {@link Evaluator}; {@code overlap} is how many given edges were left out because training or validation has them. Relations that the data name are judged by {@link LinkPredictionTask}.
 */
final class RecommendationTask implements EvaluationTask {

    static final String NAME = "recommendation";

    @Override
    public List<TaskResult> run(Input input) throws IOException {
        boolean judged = input.split().held().values().stream()
                .anyMatch(relation -> !relation.plan().several());
        if (!judged) {
            return List.of();
        }
        Evaluation evaluation = Evaluator.evaluate(input.plan(), input.split(), input.release(), input.progress());
        List<TaskResult> results = new ArrayList<>();
        input.split().held().forEach((name, relation) -> {
            if (!relation.plan().several() && relation.edges() == 0) {
                results.add(TaskResult.nobody(NAME).put("relation", name).build());
            }
        });
        for (Evaluation.Row row : evaluation.rows()) {
            TaskResult.Builder result = TaskResult.of(NAME)
                    .put("relation", row.relation())
                    .put("method", row.method())
                    .put("users", row.users())
                    .put("edges", row.held());
            Integer overlap = input.split().overlap().get(row.relation());
            if (overlap != null) {
                result.put("overlap", overlap);
            }
            row.recall().forEach((k, recall) -> result.put("recall" + k, recall));
            row.ndcg().forEach((k, ndcg) -> result.put("ndcg" + k, ndcg));
            results.add(result.put("mrr", row.mrr()).build());
        }
        return results;
    }
}
