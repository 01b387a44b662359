package repscorer.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.training.evaluate.Evaluation;
import repscorer.training.evaluate.Evaluator;
import repscorer.training.evaluate.KnownForFile;
import repscorer.training.evaluate.SpaceNames;
import repscorer.training.evaluate.TrainedEdges;
import repscorer.training.graph.BadRow;
import repscorer.training.graph.DataException;
import repscorer.training.graph.Directions;
import repscorer.training.graph.EdgeData;
import repscorer.training.graph.EdgeReader;
import repscorer.training.graph.EntityIndex;
import repscorer.training.graph.Graph;
import repscorer.training.graph.HoldOut;
import repscorer.training.graph.KnownPairs;
import repscorer.training.interests.InterestsTrainer;
import repscorer.training.interests.Mixture;
import repscorer.training.plan.RelationPlan;
import repscorer.training.plan.SimClustersPlan;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.plan.YamlFiles;
import repscorer.training.progress.TrainingProgress;
import repscorer.training.simclusters.KnownFor;
import repscorer.training.simclusters.SimClustersModel;
import repscorer.training.simclusters.SimClustersTrainer;
import repscorer.training.social.SocialRows;
import repscorer.training.twhin.StepSizes;
import repscorer.training.twhin.TwhinModel;
import repscorer.training.twhin.TwhinOptions;
import repscorer.training.twhin.TwhinTrainer;
import repscorer.training.twhin.WarmStart;

/**
 * Trains by a plan and writes a release: one embedding file per space and {@code training.json}, which says how it came about.
 */
public final class Trainer {

    /** The name of the report beside the embedding files. */
    public static final String REPORT = TrainedEdges.REPORT;

    /** What an interrupted run leaves in the release's directory, and a finished one does not. */
    public static final String CHECKPOINT = "twhin.checkpoint";

    /** The directory in a release's that tells how far training came with each row, for another that begins with it. */
    public static final String STEPS = "steps";

    /**
     * How a run begins.
     *
     * @param resume whether to go on from the checkpoint in the release's directory, where there is one
     * @param warmStart earlier dense vectors to begin with
     * @param knownFor a release whose communities SimClusters goes on from, where it has any
     */
    public record Options(boolean resume, Optional<WarmStart> warmStart, Optional<Path> knownFor) {

        public static final Options NONE = new Options(false, Optional.empty(), Optional.empty());
    }

    private Trainer() {}

    /** As {@link #train(TrainingPlan, Path, Path, Options, TrainingProgress)}, from the beginning. */
    public static TrainingReport train(TrainingPlan plan, Path data, Path out, TrainingProgress progress)
            throws IOException {
        return train(plan, data, out, Options.NONE, progress);
    }

    /**
     * Reads edges, holds some out, learns, writes, and evaluates by what was held out. The embedding files depend on the data
     * and the plan without its threads, and on whether SIMD runs; {@code training.json} also holds times. Blocks; an
     * interrupt or {@code progress} ends it early, and leaves a checkpoint to resume from once TwHIN has begun.
     *
     * @param data the directory that the plan's files are in
     * @param out the release directory, created where missing; replaced whole, once
     *     all is done, but for files that no training makes, which stay
     * @throws repscorer.training.graph.DataException when the data cannot be used, in one line
     * @throws java.util.concurrent.CancellationException when {@code progress} asks for an end
     * @throws IOException when the disk refuses
     */
    public static TrainingReport train(
            TrainingPlan plan, Path data, Path out, Options options, TrainingProgress progress) throws IOException {
        try (ReleaseDirectory release = ReleaseDirectory.open(out)) {
            TrainingReport report = train(plan, data, out, release.aside(), options, progress);
            release.takePlace();
            return report;
        }
    }

    private static TrainingReport train(
            TrainingPlan plan, Path data, Path out, Path aside, Options options, TrainingProgress progress)
            throws IOException {
        Map<String, Double> seconds = new LinkedHashMap<>();
        long startedAt = System.nanoTime();

        EdgeData read = EdgeReader.read(plan, data, progress);
        HoldOut.Split split = HoldOut.split(read, plan);
        Graph graph = split.training();
        long at = note(seconds, "read", startedAt);

        Optional<TwhinModel> twhin = Optional.empty();
        if (plan.twhin().isPresent()) {
            TwhinOptions how = new TwhinOptions(
                    Optional.of(split), Optional.of(out.resolve(CHECKPOINT)), options.resume(), options.warmStart());
            twhin = Optional.of(
                    TwhinTrainer.train(graph, plan.twhin().get(), plan.seed(), plan.threads(), how, progress));
        }
        at = twhin.isPresent() ? note(seconds, "twhin", at) : at;

        Optional<SimClustersModel> simclusters = plan.simclusters()
                .map(p -> SimClustersTrainer.train(
                        graph, p, knownFor(graph, p, options), plan.seed(), plan.threads(), progress));
        at = simclusters.isPresent() ? note(seconds, "simclusters", at) : at;

        List<Mixture> mixtures = plan.interests().isPresent() && twhin.isPresent()
                ? InterestsTrainer.train(
                        graph,
                        plan.interests().get(),
                        twhin.get().dimension(),
                        vectors(twhin.get()),
                        plan.seed(),
                        plan.threads(),
                        progress)
                : List.of();
        at = mixtures.isEmpty() ? at : note(seconds, "interests", at);

        ReleaseWriter writer = new ReleaseWriter(plan, graph, aside, progress);
        twhin.ifPresent(writer::add);
        simclusters.ifPresent(writer::add);
        mixtures.forEach(writer::add);
        plan.social()
                .ifPresent(social ->
                        writer.add(SocialRows.of(graph.relation(social.follow()).orElseThrow(), social), simclusters));
        ReleaseWriter.Written written = writer.write();
        Optional<StepSizes> steps = twhin.flatMap(TwhinModel::steps);
        if (steps.isPresent()) {
            writer.writeSteps(steps.get());
        }
        Map<String, Integer> rows = new TreeMap<>(written.rows());
        rows.putAll(TextWriter.write(plan, graph, data, aside));
        rows.putAll(AttributeWriter.write(plan, data, aside));
        at = note(seconds, "write", at);

        boolean recommends =
                split.held().values().stream().anyMatch(r -> !r.plan().several());
        List<String> notes = new ArrayList<>(read.notes());
        notes.addAll(twhin.map(TwhinModel::notes).orElse(List.of()));
        graph.entities().forEach((kind, index) -> {
            int absent = read.graph().entities(kind).count() - index.count();
            if (absent > 0) {
                notes.add(String.format(
                        Locale.ROOT, "%,d of kind %s have no vector: no training edge names them", absent, kind));
            }
        });
        notes.addAll(Directions.notes(split));
        notes.addAll(KnownPairs.notes(split));
        boolean others = !earlierLeave(split, plan, options);
        if (others && !split.held().isEmpty()) {
            notes.add("not judged: training began with a release that knew other edges, perhaps those held out");
        }
        Evaluation evaluation =
                recommends && !others ? Evaluator.evaluate(plan, split, aside, progress) : Evaluation.NONE;
        note(seconds, "evaluate", at);
        note(seconds, "total", startedAt);

        TrainingReport report = new TrainingReport(
                plan,
                Optional.of(written.training()),
                counts(graph),
                edges(graph),
                read.badRows(),
                read.examples().stream().map(BadRow::toString).toList(),
                rows,
                twhin.map(TwhinModel::losses).orElse(List.of()),
                twhin.map(TwhinModel::edgesPerSecond).orElse(0.0),
                simclusters.map(SimClustersModel::clusters).orElse(0),
                Optional.of(TrainedEdges.of(split, plan, others)),
                Optional.of(notes),
                seconds,
                evaluation);
        YamlFiles.writeJson(aside.resolve(REPORT), report);
        return report;
    }

    /**
     * The plan that a release was trained by.
     *
     * @param report the release's {@link #REPORT}
     * @throws repscorer.yaml.ConfigException when the file is no such report
     */
    public static TrainingPlan plan(Path report) {
        return YamlFiles.read(report, TrainingReport.class).plan();
    }

    /**
     * The dense vectors of an earlier release, to begin with, and how far its training came, where it tells that.
     *
     * @param plan whose kinds are looked for; a kind that the release does not have begins afresh
     * @param pull λ of the pull towards what training began with; 0 for none
     */
    public static WarmStart warmStart(Path release, TrainingPlan plan, double pull) {
        Map<EntityKind, Function<String, float @Nullable []>> entities = new LinkedHashMap<>();
        Map<EntityKind, Function<String, float @Nullable []>> steps = new LinkedHashMap<>();
        Path beside = release.resolve(STEPS);
        EntityKind relationKind = new EntityKind("relation");
        for (RelationPlan relation : plan.relations()) {
            for (EntityKind kind : List.of(relation.head(), relation.tail())) {
                earlier(release, SpaceNames.twhin(kind), kind).ifPresent(rows -> entities.put(kind, rows));
                earlier(beside, SpaceNames.twhin(kind), kind).ifPresent(sums -> steps.put(kind, sums));
            }
        }
        Function<String, float @Nullable []> relations =
                earlier(release, SpaceNames.TWHIN_RELATION, relationKind).orElse(value -> null);
        Function<String, float @Nullable []> relationSteps =
                earlier(beside, SpaceNames.TWHIN_RELATION, relationKind).orElse(value -> null);
        if (entities.isEmpty()) {
            throw new DataException("%s has no dense vectors of the plan's kinds".formatted(release));
        }
        return new WarmStart(release, entities, relations, steps, relationSteps, pull);
    }

    private static Optional<Function<String, float @Nullable []>> earlier(Path release, String space, EntityKind kind) {
        Path file = release.resolve(space + EmbeddingFile.SUFFIX);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        EmbeddingFile rows = EmbeddingFile.open(file);
        return Optional.of(value -> {
            OptionalInt ordinal = rows.ids().ordinal(EntityId.of(kind, value));
            return ordinal.isPresent() ? rows.denseRows().row(ordinal.getAsInt()) : null;
        });
    }

    /** Whether no release that training began with knows an edge that is held out. */
    private static boolean earlierLeave(HoldOut.Split split, TrainingPlan plan, Options options) {
        List<Path> earlier = new ArrayList<>();
        options.warmStart().ifPresent(start -> earlier.add(start.release()));
        options.knownFor().ifPresent(earlier::add);
        for (Path release : earlier) {
            if (!TrainedEdges.read(release)
                    .map(edges -> edges.leaves(split, plan))
                    .orElse(false)) {
                return false;
            }
        }
        return true;
    }

    private static KnownFor knownFor(Graph graph, SimClustersPlan plan, Options options) {
        EntityIndex producers = graph.relation(plan.follow()).orElseThrow().tailEntities();
        return options.knownFor()
                .flatMap(release -> KnownForFile.read(release, producers))
                .map(KnownFor::of)
                .orElse(KnownFor.NONE);
    }

    private static Map<EntityKind, float[]> vectors(TwhinModel model) {
        Map<EntityKind, float[]> vectors = new LinkedHashMap<>();
        model.entities().forEach((kind, rows) -> vectors.put(kind, rows.all()));
        return vectors;
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
        graph.relations().forEach(relation -> edges.merge(relation.group(), relation.edges(), Integer::sum));
        return edges;
    }
}
