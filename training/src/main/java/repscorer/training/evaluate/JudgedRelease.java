package repscorer.training.evaluate;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import repscorer.core.Scorer;
import repscorer.core.answer.ScoredCandidate;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.embedding.EmbeddingSource;
import repscorer.core.embedding.Space;
import repscorer.core.entity.EntityId;
import repscorer.core.experiment.Assigner;
import repscorer.core.failure.ScorerException;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.plan.ScoringPlan;
import repscorer.core.query.CandidateQuery;
import repscorer.core.query.Source;
import repscorer.core.request.StageListener;
import repscorer.core.store.PublicationListener;
import repscorer.core.store.RepresentationStore;
import repscorer.core.store.StoreOptions;
import repscorer.training.graph.Csr;
import repscorer.training.graph.EntityIndex;
import repscorer.training.graph.HoldOut;
import repscorer.training.graph.Relation;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.progress.TrainingProgress;

/**
 * A release in a store of its own, with exact indexes, that is asked through the {@link Scorer} for what was held out. Deleted when it
 * is closed. Safe for concurrent use.
 */
final class JudgedRelease implements AutoCloseable {

    private static final String RELEASE = "evaluated";
    private static final Duration NO_WAIT = Duration.ofMillis(1);

    private final Path directory;
    private final RepresentationStore store;
    private final Map<String, ScoringPlan> plans;
    private final Scorer scorer;
    private final int kMax;

    private JudgedRelease(
            Path directory, RepresentationStore store, Map<String, ScoringPlan> plans, int threads, int kMax) {
        this.directory = directory;
        this.store = store;
        this.plans = plans;
        this.kMax = kMax;
        this.scorer = new Scorer(
                store,
                plans.values(),
                new Assigner(List.of()),
                EmbeddingSource.NONE,
                NO_WAIT,
                threads,
                StageListener.NONE);
    }

    /**
     * @param kMax how many tails each head is answered
     * @throws IOException when the disk refuses
     */
    static JudgedRelease open(TrainingPlan plan, HoldOut.Split split, Path release, int kMax, TrainingProgress progress)
            throws IOException {
        Path directory = Files.createTempDirectory("repscorer-evaluation");
        try {
            List<Space> spaces = ReleaseSurfaces.spaces(release);
            RepresentationStore store = RepresentationStore.open(
                    directory, spaces, new StoreOptions(1, StoreOptions.DEFAULT.stagedBytesMax(), plan.threads(), 1));
            try {
                progress.report("evaluate", 0, 0, "publish");
                for (Space space : spaces) {
                    Path file = release.resolve(space.name() + EmbeddingFile.SUFFIX);
                    try (InputStream body = new BufferedInputStream(Files.newInputStream(file))) {
                        store.stage(RELEASE, space.name(), body);
                    }
                }
                store.publish(RELEASE, PublicationListener.NONE);
                return new JudgedRelease(directory, store, surfaces(plan, split, spaces, kMax), plan.threads(), kMax);
            } catch (IOException | RuntimeException e) {
                store.close();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            delete(directory);
            throw e;
        }
    }

    private static Map<String, ScoringPlan> surfaces(
            TrainingPlan plan, HoldOut.Split split, List<Space> spaces, int kMax) {
        Map<String, ScoringPlan> plans = new TreeMap<>();
        for (Relation held : split.held().values()) {
            if (!held.plan().several()) {
                ReleaseSurfaces.surface(plan, held, spaces, kMax).ifPresent(surface -> plans.put(held.name(), surface));
            }
        }
        return plans;
    }

    /** The columns by which a relation's tails are asked for; none where the release knows neither its heads nor its tails. */
    List<String> columns(String relation) {
        ScoringPlan plan = plans.get(relation);
        return plan == null
                ? List.of()
                : plan.columns().stream().map(ColumnPlan::name).toList();
    }

    /** Overrides that leave some columns alone and switch all others off, in retrieval and in weight; one alone weighs 1. */
    static Map<String, String> only(List<String> some, List<String> columns) {
        Map<String, String> overrides = new LinkedHashMap<>();
        for (String column : columns) {
            if (!some.contains(column)) {
                overrides.put("columns.%s.weight".formatted(column), "0");
                overrides.put("columns.%s.retrieve".formatted(column), "0");
            } else if (some.size() == 1) {
                overrides.put("columns.%s.weight".formatted(column), "1");
            }
        }
        return overrides;
    }

    /** The ordinals of the tails that a head is answered, best first, without those that are known. */
    int[] answer(Relation training, Relation held, Csr known, int head, Map<String, String> overrides) {
        EntityIndex tails = training.tailEntities();
        List<EntityId> excluded = new ArrayList<>();
        if (head < known.rows()) {
            for (int i = known.offsets()[head]; i < known.offsets()[head + 1]; i++) {
                if (known.columns()[i] < tails.count()) { // others have no row
                    excluded.add(tails.id(known.columns()[i]));
                }
            }
        }
        EntityId source = held.headEntities().id(head); // training may not have met it
        excluded.add(source);
        CandidateQuery query = new CandidateQuery(
                training.name(),
                Source.Entities.of(source),
                Optional.of(kMax),
                List.of(),
                excluded,
                Optional.empty(),
                overrides,
                Optional.empty(),
                false);
        try {
            List<ScoredCandidate> candidates = scorer.candidates(query).candidates();
            return candidates.stream()
                    .mapToInt(c -> tails.ordinal(c.id().value()))
                    .toArray();
        } catch (ScorerException.NotFound | ScorerException.NotReady e) {
            return new int[0]; // no embedding: this head gets no answer, which counts against the method
        }
    }

    @Override
    public void close() throws IOException {
        store.close();
        delete(directory);
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
