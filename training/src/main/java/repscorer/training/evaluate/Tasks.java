package repscorer.training.evaluate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import repscorer.training.graph.EdgeReader;
import repscorer.training.graph.HoldOut;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.progress.TrainingProgress;
import tools.jackson.databind.json.JsonMapper;

/** Judges a release by every task that its plan gives edges for. */
public final class Tasks {

    private static final List<EvaluationTask> ALL =
            List.of(new LinkPredictionTask(), new RecommendationTask(), new CommunitiesTask(), new ProbeTask());

    private static final JsonMapper MAPPER = JsonMapper.shared();

    private Tasks() {}

    /**
     * Reads the data anew, cuts it as training did, and judges.
     *
     * @param data the directory that the plan's files are in
     * @param release the directory that training wrote
     * @throws repscorer.training.graph.DataException when the data cannot be used, or are not those of the release's
     *     training, so that edges it knows could judge it
     * @throws IOException when the disk refuses
     */
    public static List<TaskResult> evaluate(TrainingPlan plan, Path data, Path release, TrainingProgress progress)
            throws IOException {
        HoldOut.Split split = HoldOut.split(EdgeReader.read(plan, data, progress), plan);
        TrainedEdges.read(release).ifPresent(edges -> edges.check(release, split, plan));
        return evaluate(plan, split, data, release, progress);
    }

    /**
     * Judges by a split's edges.
     *
     * @param data where the plan's other files are, such as a planted truth
     * @throws IOException when the disk refuses
     */
    public static List<TaskResult> evaluate(
            TrainingPlan plan, HoldOut.Split split, Path data, Path release, TrainingProgress progress)
            throws IOException {
        List<TaskResult> results = new ArrayList<>();
        for (EvaluationTask task : ALL) {
            results.addAll(task.run(new EvaluationTask.Input(plan, split, data, release, progress)));
        }
        return results;
    }

    /** The results as a JSON array, each a flat object on a line of its own. */
    public static String toJson(List<TaskResult> results) {
        return results.stream()
                .map(result -> MAPPER.writeValueAsString(result.figures()))
                .collect(Collectors.joining(",\n", "[\n", "\n]\n"));
    }

    /** The results as tables for a screen. */
    public static String toText(List<TaskResult> results) {
        return ResultTable.of(results).stream().map(ResultTable::text).collect(Collectors.joining("\n"));
    }

    /**
     * Writes {@link #toJson} beside the file and renames it.
     *
     * @throws IOException when the disk refuses
     */
    public static void writeJson(Path file, List<TaskResult> results) throws IOException {
        write(file, toJson(results));
    }

    /**
     * Writes the results as a page with plots, which needs no other file.
     *
     * @throws IOException when the disk refuses
     */
    public static void writeHtml(Path file, TrainingPlan plan, List<TaskResult> results) throws IOException {
        write(file, ResultPage.html(plan.name(), "Evaluation · seed %s".formatted(plan.seed()), results));
    }

    private static void write(Path file, String text) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        Files.writeString(temporary, text);
        Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
    }
}
