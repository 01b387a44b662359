package repscorer.benchmarks.proofs;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import repscorer.ann.HnswParameters;
import repscorer.ann.SparseSearchOptions.Ranking;
import repscorer.benchmarks.proof.Proof;
import repscorer.benchmarks.proof.ProofData;
import repscorer.benchmarks.proof.ScratchDirectory;
import repscorer.benchmarks.proofs.BlendScan.Scale;
import repscorer.core.Scorer;
import repscorer.core.answer.ColumnScore;
import repscorer.core.answer.Ranked;
import repscorer.core.answer.ScoredCandidate;
import repscorer.core.answer.ScoredCandidates;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.embedding.EmbeddingSource;
import repscorer.core.embedding.Space;
import repscorer.core.embedding.SparseSpace;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.experiment.Assigner;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.plan.ColumnSetting;
import repscorer.core.plan.ScoringPlan;
import repscorer.core.query.CandidateQuery;
import repscorer.core.query.Source;
import repscorer.core.request.StageListener;
import repscorer.core.similarity.Similarity;
import repscorer.core.store.PublicationListener;
import repscorer.core.store.RepresentationStore;
import repscorer.core.store.StoreOptions;
import repscorer.training.Trainer;
import repscorer.training.evaluate.SpaceNames;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.plan.YamlFiles;
import repscorer.training.progress.TrainingProgress;
import repscorer.vector.Metric;
import repscorer.vector.SparseVector;

/** On ego-Twitter, the best hundred of a blend are those of a brute force over all entities whenever the answer says so. */
final class BlendOptimalProof implements Proof {

    private static final String RELEASE = "proof";
    private static final String TWHIN = "twhin";
    private static final String SIMCLUSTERS = "simclusters";
    private static final int K = 100;
    private static final int QUERIES = 10_000;
    private static final double TOLERANCE = 1e-9;

    /** Enough for every query, and so little that some end before they are through. */
    private static final List<Duration> BUDGETS = List.of(Duration.ofSeconds(60), Duration.ofMillis(1));

    private final int queriesMax;

    public BlendOptimalProof() {
        this(QUERIES);
    }

    /** @param queriesMax per surface */
    public BlendOptimalProof(int queriesMax) {
        this.queriesMax = queriesMax;
    }

    /** How a surface asks: the shipped files' settings for users, topics and accounts. */
    private record Surface(String name, EntityKind kind, String producers, double twhin, double simclusters) {}

    private static final List<Surface> SURFACES = List.of(
            new Surface("follow", EntityKind.USER, SpaceNames.PRODUCER, 0.5, 0.5),
            new Surface("interest", EntityKind.TOPIC, SpaceNames.items(EntityKind.TOPIC), 0.65, 0.35),
            new Surface("mention", new EntityKind("account"), SpaceNames.items(new EntityKind("account")), 0.65, 0.35));

    @Override
    public String name() {
        return "blend-optimal";
    }

    @Override
    public String claim() {
        return "the blended top %s equals brute force whenever optimal is said, and no gap is understated (a quarter of an hour)"
                .formatted(K);
    }

    @Override
    public boolean holds(PrintStream out) throws Exception {
        Optional<Path> folder = ProofData.folder("ego-twitter");
        if (folder.isEmpty()) {
            out.println("skipped: no ego-twitter in " + ProofData.root() + " (set REPSCORER_DATA)");
            return true;
        }
        try (ScratchDirectory scratch = ScratchDirectory.create("repscorer-optimal")) {
            Path release = scratch.path().resolve("release");
            train(folder.get(), release);
            List<Space> spaces = spaces();
            try (RepresentationStore store =
                    RepresentationStore.open(scratch.path().resolve("store"), spaces, StoreOptions.DEFAULT)) {
                for (Space space : spaces) {
                    Path file = release.resolve(space.name() + EmbeddingFile.SUFFIX);
                    try (InputStream body = new BufferedInputStream(Files.newInputStream(file))) {
                        store.stage(RELEASE, space.name(), body);
                    }
                }
                store.publish(RELEASE, PublicationListener.NONE);
                return asked(store, release, out);
            }
        }
    }

    /** On every edge; nothing is evaluated. */
    private static void train(Path data, Path release) throws IOException {
        Path file = Path.of(System.getProperty("repscorer.root", "")).resolve("config/training/ego-twitter.yaml");
        TrainingPlan plan = YamlFiles.read(file, TrainingPlan.class);
        Trainer.train(
                plan.withoutHoldOut().withModels(plan.twhin(), plan.simclusters(), Optional.empty()),
                data,
                release,
                TrainingProgress.NONE);
    }

    private static List<Space> spaces() {
        List<Space> spaces = new ArrayList<>();
        for (Surface surface : SURFACES) {
            spaces.add(denseSpace(SpaceNames.twhin(surface.kind), surface.kind));
            spaces.add(new SparseSpace(
                    surface.producers, SpaceNames.SIMCLUSTERS_MODEL, surface.kind, 1_000, 1_000, false));
        }
        spaces.add(denseSpace(SpaceNames.TWHIN_RELATION, new EntityKind("relation")));
        spaces.add(
                new SparseSpace(SpaceNames.INTEREST, SpaceNames.SIMCLUSTERS_MODEL, EntityKind.USER, 1_000, 0, false));
        return spaces;
    }

    private static DenseSpace denseSpace(String name, EntityKind kind) {
        return new DenseSpace(
                name, SpaceNames.TWHIN_MODEL, kind, 64, Metric.COSINE, "hnsw", HnswParameters.DEFAULT, 0, false);
    }

    private static ScoringPlan plan(Surface surface) {
        EntityKind user = EntityKind.USER;
        return ScoringPlan.of(surface.name, surface.kind)
                .columns(
                        ColumnPlan.dense(TWHIN)
                                .translations(List.of(new ColumnPlan.Translation(
                                        user, surface.kind, SpaceNames.TWHIN_RELATION, surface.name)))
                                .source(user, SpaceNames.twhin(user))
                                .candidate(surface.kind, SpaceNames.twhin(surface.kind))
                                .set(ColumnSetting.RETRIEVE, 400)
                                .set(ColumnSetting.EF, 400)
                                .set(ColumnSetting.WEIGHT, surface.twhin)
                                .build(),
                        ColumnPlan.sparse(SIMCLUSTERS)
                                .source(user, SpaceNames.INTEREST)
                                .candidate(surface.kind, surface.producers)
                                .similarity(Similarity.EXP_SCALED_COSINE)
                                .set(ColumnSetting.RETRIEVE, 400)
                                .set(ColumnSetting.ITEMS_PER_CLUSTER, 1_000)
                                .set(ColumnSetting.CANDIDATES_MAX, 400)
                                .set(ColumnSetting.RANKING, Ranking.DOT)
                                .set(ColumnSetting.WEIGHT, surface.simclusters)
                                .build())
                .kDefault(K)
                .build();
    }

    // ---- asking ----

    private boolean asked(RepresentationStore store, Path release, PrintStream out) {
        Scorer scorer = new Scorer(
                store,
                SURFACES.stream().map(BlendOptimalProof::plan).toList(),
                new Assigner(List.of()),
                EmbeddingSource.NONE,
                Duration.ofMillis(1),
                1,
                StageListener.NONE);
        EmbeddingFile interests = open(release, SpaceNames.INTEREST);
        EmbeddingFile users = open(release, SpaceNames.twhin(EntityKind.USER));
        EmbeddingFile relations = open(release, SpaceNames.TWHIN_RELATION);
        boolean holds = true;
        double worstUnion = 1;
        int wrong = 0;
        int total = 0;
        for (Surface surface : SURFACES) {
            BlendScan all = new BlendScan(
                    open(release, SpaceNames.twhin(surface.kind)),
                    open(release, surface.producers),
                    surface.twhin,
                    surface.simclusters);
            float[] relation = relations
                    .denseRows()
                    .row(relations
                            .ids()
                            .ordinal(EntityId.of(new EntityKind("relation"), surface.name))
                            .orElseThrow());
            Tally tally = new Tally();
            for (int row : sample(interests.count())) {
                EntityId source = interests.ids().id(row);
                if (users.ids().ordinal(source).isEmpty()) {
                    continue;
                }
                float[] vector =
                        users.denseRows().row(users.ids().ordinal(source).getAsInt());
                for (int i = 0; i < vector.length; i++) {
                    vector[i] += relation[i];
                }
                ask(scorer, surface, source, vector, interests.sparseRows().row(row), all, tally);
            }
            out.print(tally.toText(surface.name, all.size()));
            worstUnion = Math.min(worstUnion, tally.unionRecall / tally.queries);
            wrong += tally.wrong + tally.understated;
            total += tally.queries * BUDGETS.size();
            holds &= tally.wrong == 0 && tally.understated == 0 && tally.optimal[0] == tally.queries;
        }
        out.printf(
                Locale.ROOT,
                "%s of %,d answers are not what they say; recall@%s of the union alone is %.4f at least (need 0 wrong)%n",
                wrong,
                total,
                K,
                worstUnion);
        return holds;
    }

    private int[] sample(int count) {
        return new SplittableRandom(1)
                .ints(0, count)
                .distinct()
                .limit(Math.min(queriesMax, count))
                .toArray();
    }

    private static EmbeddingFile open(Path release, String space) {
        return EmbeddingFile.open(release.resolve(space + EmbeddingFile.SUFFIX));
    }

    private static void ask(
            Scorer scorer,
            Surface surface,
            EntityId source,
            float[] vector,
            SparseVector clusters,
            BlendScan all,
            Tally tally) {
        long before = cpuNanos();
        ScoredCandidates union = scorer.candidates(query(surface, source, Map.of(), true));
        tally.unionNanos += cpuNanos() - before;
        Scale[] scales = {scale(union, TWHIN), scale(union, SIMCLUSTERS)};
        double[] truth = all.best(vector, clusters, scales, source, K);
        double last = truth[truth.length - 1];
        tally.queries++;
        tally.unionRecall += share(union, last, truth.length);
        for (int b = 0; b < BUDGETS.size(); b++) {
            Map<String, String> overrides = Map.of(
                    "optimal",
                    "true",
                    "optimal.budget-ms",
                    Long.toString(BUDGETS.get(b).toMillis()));
            before = cpuNanos();
            ScoredCandidates answer = scorer.candidates(query(surface, source, overrides, false));
            tally.nanos[b] += cpuNanos() - before;
            Ranked ranked = answer.ranked();
            double kth = answer.candidates().getLast().score();
            tally.exact += ranked.exact();
            if (ranked.optimal()) {
                tally.optimal[b]++;
                tally.wrong += same(answer, truth) ? 0 : 1;
            } else if (last > kth + ranked.gap() + TOLERANCE) {
                tally.understated++;
            } else {
                tally.gaps += ranked.gap();
            }
        }
    }

    private static CandidateQuery query(
            Surface surface, EntityId source, Map<String, String> overrides, boolean explain) {
        return new CandidateQuery(
                surface.name,
                Source.Entities.of(source),
                Optional.of(K),
                List.of(),
                List.of(),
                Optional.empty(),
                overrides,
                Optional.empty(),
                explain);
    }

    /** A column's scale as the answer tells it: two hits' raw and normalised values give the line through them. */
    private static Scale scale(ScoredCandidates answer, String column) {
        ColumnScore.Present low = null;
        ColumnScore.Present high = null;
        for (ScoredCandidate candidate : answer.candidates()) {
            for (ColumnScore score : candidate.columns()) {
                if (score instanceof ColumnScore.Present present
                        && present.column().equals(column)) {
                    low = low == null || present.raw() < low.raw() ? present : low;
                    high = high == null || present.raw() > high.raw() ? present : high;
                }
            }
        }
        if (low == null || high == null || low.raw() == high.raw()) {
            throw new IllegalStateException("the hits do not tell the scale of " + column);
        }
        double slope = (high.normalized() - low.normalized()) / (high.raw() - low.raw());
        return new Scale(slope, high.normalized() - slope * high.raw());
    }

    /** The share of the true best that an answer holds; what ties with the last of them is as good. */
    private static double share(ScoredCandidates answer, double last, int size) {
        long hits = answer.candidates().stream()
                .filter(candidate -> candidate.score() >= last - tolerance(last))
                .count();
        return (double) Math.min(hits, size) / size;
    }

    private static boolean same(ScoredCandidates answer, double[] truth) {
        if (answer.candidates().size() != truth.length) {
            return false;
        }
        for (int i = 0; i < truth.length; i++) {
            double score = answer.candidates().get(i).score();
            if (Math.abs(score - truth[i]) > tolerance(truth[i])) {
                return false;
            }
        }
        return true;
    }

    private static double tolerance(double score) {
        return TOLERANCE * Math.max(1, Math.abs(score));
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    /** What one surface's answers came to. */
    private static final class Tally {

        private int queries;
        private double unionRecall;
        private long unionNanos;
        private final int[] optimal = new int[BUDGETS.size()];
        private final long[] nanos = new long[BUDGETS.size()];
        private long exact;
        private int wrong;
        private int understated;
        private double gaps;

        String toText(String name, int entities) {
            StringBuilder text = new StringBuilder();
            text.append(String.format(
                    Locale.ROOT,
                    "%-9s %,7d entities, %,6d queries: union recall@%s %.4f, %.0f CPU µs; %.0f entities scored exactly%n",
                    name,
                    entities,
                    queries,
                    K,
                    unionRecall / queries,
                    unionNanos / 1e3 / queries,
                    (double) exact / queries / BUDGETS.size()));
            for (int b = 0; b < BUDGETS.size(); b++) {
                int open = queries - optimal[b];
                text.append(String.format(
                        Locale.ROOT,
                        "          within %5d ms: %6.2f %% optimal, %.0f CPU µs in all%s%n",
                        BUDGETS.get(b).toMillis(),
                        100.0 * optimal[b] / queries,
                        nanos[b] / 1e3 / queries,
                        open == 0 ? "" : String.format(Locale.ROOT, ", gap of the rest %.2f", gaps / open)));
            }
            text.append(String.format(
                    Locale.ROOT, "          %s answers wrong, %s gaps understated%n", wrong, understated));
            return text.toString();
        }
    }
}
