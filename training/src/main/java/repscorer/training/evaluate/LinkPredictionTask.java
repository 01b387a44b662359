package repscorer.training.evaluate;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import repscorer.training.graph.Relation;
import repscorer.training.twhin.LinkRanking;
import repscorer.training.twhin.TwhinModel;

/**
 * Which entity completes an edge: filtered ranks among all entities of its kind, heads and tails, for the relations that the
 * data name.
 */
final class LinkPredictionTask implements EvaluationTask {

    static final String NAME = "link-prediction";

    @Override
    public List<TaskResult> run(Input input) throws IOException {
        Map<String, Relation> judged = new TreeMap<>();
        input.split().held().forEach((name, relation) -> {
            if (relation.plan().several()) {
                judged.put(name, relation);
            }
        });
        if (judged.isEmpty() || input.plan().twhin().isEmpty()) {
            return List.of();
        }
        if (judged.values().stream().allMatch(relation -> relation.edges() == 0)) {
            return List.of(TaskResult.nobody(NAME).build());
        }
        TwhinModel model = ReleaseVectors.read(
                input.release(), input.split().training(), input.plan().twhin().get());
        LinkRanking.Figures figures = LinkRanking.rank(
                model, input.split(), judged, Integer.MAX_VALUE, input.plan().seed(), input.progress());
        TaskResult.Builder result = TaskResult.of(NAME)
                .put("plan", input.plan().name())
                .put("method", "twhin")
                .put("operator", ReleaseVectors.word(model.operator()))
                .put("dimension", model.dimension())
                .put("edges", figures.ranks() / 2)
                .put("mrr", figures.mrr())
                .put("hits1", figures.hits1())
                .put("hits3", figures.hits3())
                .put("hits10", figures.hits10())
                .put("meanRank", figures.meanRank());
        int overlap = input.split().overlap().entrySet().stream()
                .filter(entry -> judged.containsKey(entry.getKey()))
                .mapToInt(Map.Entry::getValue)
                .sum();
        if (overlap > 0) {
            result.put("overlap", overlap);
        }
        return List.of(result.build());
    }
}
