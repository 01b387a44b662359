package repscorer.training.evaluate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import repscorer.training.graph.HoldOut;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.progress.TrainingProgress;

/** One way to judge a release; each a class of its own, listed in {@link Tasks}. */
interface EvaluationTask {

    /**
     * What is judged and by what.
     *
     * @param plan that the release was trained by, or whose data judge it
     * @param split the edges, cut as the plan says
     * @param data the directory that the plan's files are in
     * @param release the directory of embedding files
     */
    record Input(TrainingPlan plan, HoldOut.Split split, Path data, Path release, TrainingProgress progress) {}

    /**
     * Judges the release.
     *
     * @return one result per method and relation; none where the task has nothing to judge by
     * @throws IOException when the disk refuses
     */
    List<TaskResult> run(Input input) throws IOException;
}
