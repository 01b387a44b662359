package repscorer.training;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import repscorer.training.evaluate.Evaluation;
import repscorer.training.evaluate.TrainedEdges;
import repscorer.training.plan.TrainingPlan;

/**
 * How a release came about; the content of {@code training.json}.
 *
 * @param training its name in every embedding file, a digest of what was learnt; absent in older reports
 * @param entities by kind
 * @param trainingEdges by relation, without those held out
 * @param badRows rows left out
 * @param badRowExamples the first few, with file, line and rule
 * @param rows of each embedding file, by space
 * @param losses of TwHIN, by epoch
 * @param trainedEdges which edges the release knows, so that none of them judges it; absent in older reports
 * @param notes what a person should know of the result; absent in older reports
 * @param seconds each stage took, and {@code total}
 */
public record TrainingReport(
        TrainingPlan plan,
        Optional<String> training,
        Map<String, Integer> entities,
        Map<String, Integer> trainingEdges,
        long badRows,
        List<String> badRowExamples,
        Map<String, Integer> rows,
        List<Double> losses,
        double edgesPerSecond,
        int clusters,
        Optional<TrainedEdges> trainedEdges,
        Optional<List<String>> notes,
        Map<String, Double> seconds,
        Evaluation evaluation) {

    public TrainingReport {
        entities = Collections.unmodifiableMap(new TreeMap<>(entities));
        trainingEdges = Collections.unmodifiableMap(new TreeMap<>(trainingEdges));
        badRowExamples = List.copyOf(badRowExamples);
        rows = Collections.unmodifiableMap(new TreeMap<>(rows));
        notes = notes.map(List::copyOf);
        losses = List.copyOf(losses);
        seconds = Collections.unmodifiableMap(new LinkedHashMap<>(seconds));
    }
}
