package repscorer.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import repscorer.training.evaluate.Evaluation;
import repscorer.training.evaluate.Evaluator;
import repscorer.training.graph.BadRow;
import repscorer.training.graph.EdgeData;
import repscorer.training.graph.EdgeReader;
import repscorer.training.graph.Graph;
import repscorer.training.graph.HoldOut;
import repscorer.training.interests.InterestsTrainer;
import repscorer.training.interests.Mixture;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.plan.YamlFiles;
import repscorer.training.progress.TrainingProgress;
import repscorer.training.simclusters.SimClustersModel;
import repscorer.training.simclusters.SimClustersTrainer;
import repscorer.training.twhin.TwhinModel;
import repscorer.training.twhin.TwhinTrainer;

/**
 * Trains by a plan and writes a release: one embedding file per space and {@code training.json}, which says how it came about.
 */
public final class Trainer {

    /** The name of the report beside the embedding files. */
    public static final String REPORT = "training.json";

    private Trainer() {}

    /**
     * Reads edges, holds some out, learns, writes, and evaluates by what was held out. The embedding files depend on the data
     * and the plan without its threads, and on whether SIMD runs; {@code training.json} also holds times. Blocks; an
     * interrupt or {@code progress} ends it early.
     *
     * @param data the directory that the plan's files are in
     * @param out the release directory, created where missing; files of the same names are replaced
     * @throws repscorer.training.graph.DataException when the data cannot be used, in one line
     * @throws java.util.concurrent.CancellationException when {@code progress} asks for an end
     * @throws IOException when the disk refuses
     */
    public static TrainingReport train(TrainingPlan plan, Path data, Path out, TrainingProgress progress)
            throws IOException {
        Files.createDirectories(out);
        Map<String, Double> seconds = new LinkedHashMap<>();
        long startedAt = System.nanoTime();

        EdgeData read = EdgeReader.read(plan, data, progress);
        HoldOut.Split split = HoldOut.split(read, plan);
        Graph graph = split.training();
        long at = note(seconds, "read", startedAt);

        Optional<TwhinModel> twhin =
                plan.twhin().map(p -> TwhinTrainer.train(graph, p, plan.seed(), plan.threads(), progress));
        at = twhin.isPresent() ? note(seconds, "twhin", at) : at;

        Optional<SimClustersModel> simclusters =
                plan.simclusters().map(p -> SimClustersTrainer.train(graph, p, plan.seed(), plan.threads(), progress));
        at = simclusters.isPresent() ? note(seconds, "simclusters", at) : at;

        List<Mixture> mixtures = plan.interests().isPresent() && twhin.isPresent()
                ? InterestsTrainer.train(
                        graph,
                        plan.interests().get(),
                        twhin.get().dimension(),
                        twhin.get().entities(),
                        plan.seed(),
                        plan.threads(),
                        progress)
                : List.of();
        at = mixtures.isEmpty() ? at : note(seconds, "interests", at);

        ReleaseWriter writer = new ReleaseWriter(plan, graph, out, progress);
        twhin.ifPresent(writer::add);
        simclusters.ifPresent(writer::add);
        mixtures.forEach(writer::add);
        Map<String, Integer> rows = writer.write();
        at = note(seconds, "write", at);

        Evaluation evaluation =
                split.held().isEmpty() ? Evaluation.NONE : Evaluator.evaluate(plan, split, out, progress);
        note(seconds, "evaluate", at);
        note(seconds, "total", startedAt);

        TrainingReport report = new TrainingReport(
                plan,
                counts(graph),
                edges(graph),
                read.badRows(),
                read.examples().stream().map(BadRow::toString).toList(),
                rows,
                twhin.map(TwhinModel::losses).orElse(List.of()),
                twhin.map(TwhinModel::edgesPerSecond).orElse(0.0),
                simclusters.map(SimClustersModel::clusters).orElse(0),
                seconds,
                evaluation);
        YamlFiles.writeJson(out.resolve(REPORT), report);
        return report;
    }

    /**
     * The plan that a release was trained by.
     *
     * @param report the release's {@link #REPORT}
     * @throws repscorer.training.yaml.ConfigException when the file is no such report
     */
    public static TrainingPlan plan(Path report) {
        return YamlFiles.read(report, TrainingReport.class).plan();
    }

    private static long note(Map<String, Double> seconds, String stage, long since) {
        long now = System.nanoTime();
        seconds.put(stage, Math.round((now - since) / 1e7) / 100.0);
        return now;
    }

    private static Map<String, Integer> counts(Graph graph) {
        Map<String, Integer> counts = new TreeMap<>();
        graph.entities().forEach((kind, index) -> counts.put(kind.name(), index.count()));
        return counts;
    }

    private static Map<String, Integer> edges(Graph graph) {
        Map<String, Integer> edges = new TreeMap<>();
        graph.relations().forEach(relation -> edges.put(relation.name(), relation.edges()));
        return edges;
    }
}
