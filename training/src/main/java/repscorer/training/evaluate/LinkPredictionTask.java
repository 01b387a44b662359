package repscorer.training.evaluate;

import java.io.IOException;
import java.util.List;

/** Which entity completes an edge: filtered ranks among all entities of its kind, heads and tails. */
final class LinkPredictionTask implements EvaluationTask {

    static final String NAME = "link-prediction";

    @Override
    public List<TaskResult> run(Input input) throws IOException {
        return List.of();
    }
}
