package repscorer.training.twhin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import repscorer.core.entity.EntityKind;
import repscorer.training.graph.DataException;
import repscorer.training.graph.Graph;
import repscorer.training.graph.HoldOut;
import repscorer.training.plan.TwhinPlan;
import repscorer.training.plan.TwhinPlan.Comparator;
import repscorer.training.plan.TwhinPlan.Initial;
import repscorer.training.progress.TrainingProgress;
import repscorer.training.twhin.Buckets.Bucket;

/**
 * Learns a vector per entity and per relation so that edges score above edges with one end replaced.
 */
public final class TwhinTrainer {

    /*
     * After [1], edge e = (s, r, t) scores f(e) = op_r(θ_s)ᵀ θ_t, with op_r(x) = x + θ_r in the paper, and the loss over e and
     * edges e' whose tail or head is replaced is made small by Adagrad. Under the logistic loss f'(e) = τ f(e) + b_r takes f's
     * place. Edges of one batch share their negatives, as in [2], which turns the arithmetic into matrix products.
     *
     * τ, b_r and the unit norm are ours. Vectors are served by cosine, and on the unit sphere the order by cosine of θ_s + θ_r
     * is the order that was trained. b_r says how rare edges of r are next to drawn ones; without it θ_r has to, and then
     * spoils the order (measured on ego-Twitter: recall@10 of follows .18 without b_r, .36 with it). It shifts all scores of a
     * relation alike and is not served.
     *
     * Memory without partitions: 4 (d + 1) bytes per entity, 8 d with a step size per value; per lane about 16 (B + N) d + 4 B N bytes, where N is
     * the number of entities when all are negatives. Validation keeps the best vectors beside the current ones.
     *
     * [1] El-Kishky et al., TwHIN: Embedding the Twitter Heterogeneous Information Network for Personalized Recommendation,
     *     KDD 2022, arXiv 2202.05387.
     * [2] Lerer et al., PyTorch-BigGraph: A Large-scale Graph Embedding System, SysML 2019, arXiv 1903.12287.
     */

    private final Graph graph;
    private final TwhinPlan plan;
    private final long seed;
    private final TwhinOptions options;
    private final TrainingProgress progress;
    private final LinkedHashMap<EntityKind, Table> tables = new LinkedHashMap<>();
    private final Optional<Buckets> buckets;

    /** All edges and tables, where there are no partitions. */
    private final Bucket whole;

    private final RelationTables relations;
    private final BucketSteps bucketSteps;
    private final Pace pace;
    private final TrainingState state = new TrainingState();
    private final List<String> notes = new ArrayList<>();

    private TwhinTrainer(
            Graph graph, TwhinPlan plan, long seed, int threads, TwhinOptions options, TrainingProgress progress)
            throws IOException {
        this.graph = graph;
        this.plan = plan;
        this.seed = seed;
        this.options = options;
        this.progress = progress;
        pace = new Pace(progress, state, 2 * graph.edges() * plan.epochs());
        SplittableRandom random = new SplittableRandom(seed);
        List<Block> blocks = Block.of(graph);
        if (plan.partitions() > 1) {
            buckets = Optional.of(new Buckets(graph, plan, blocks, directory(), random));
            whole = new Bucket(List.of(), List.of(), List.of());
        } else {
            buckets = Optional.empty();
            boolean unit = plan.comparator() == Comparator.COSINE;
            graph.entities().forEach((kind, index) -> {
                Table table = new Table(index.count(), plan.dimension(), unit, plan.optimiser());
                table.initialise(random.split(), plan.initialScale());
                tables.put(kind, table);
            });
            whole = new Bucket(blocks, new ArrayList<>(), new ArrayList<>());
            for (Block block : blocks) {
                whole.heads().add(table(block.first.plan().head()));
                whole.tails().add(table(block.first.plan().tail()));
            }
        }
        relations = RelationTables.of(graph.relations().size(), plan, random);
        int entitiesMax = 0;
        for (Table table : tables.values()) {
            entitiesMax = Math.max(entitiesMax, table.count);
        }
        bucketSteps = new BucketSteps(plan, threads, blocks, relations, entitiesMax, state, pace);
    }

    /** Where partitions are mapped: beside the release, or where nothing is to be kept. */
    private Path directory() {
        Path absent = Path.of(System.getProperty("java.io.tmpdir"));
        return options.checkpoint()
                .map(file -> file.toAbsolutePath().getParent())
                .orElse(absent);
    }

    private Table table(EntityKind kind) {
        Table table = tables.get(kind);
        if (table == null) {
            throw new IllegalStateException("no table for kind " + kind);
        }
        return table;
    }

    /**
     * Trains without validation and checkpoints. O(epochs · edges · negatives · dimension).
     *
     * @throws CancellationException when {@code progress} asks for an end
     */
    public static TwhinModel train(Graph graph, TwhinPlan plan, long seed, int threads, TrainingProgress progress) {
        try {
            return train(graph, plan, seed, threads, TwhinOptions.NONE, progress);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // nothing is written
        }
    }

    /**
     * Trains. O(epochs · edges · negatives · dimension).
     *
     * @throws CancellationException when {@code progress} asks for an end; a checkpoint was left where options name one
     * @throws IOException when a checkpoint cannot be read or written
     * @throws DataException when the checkpoint is of another plan or other data
     */
    public static TwhinModel train(
            Graph graph, TwhinPlan plan, long seed, int threads, TwhinOptions options, TrainingProgress progress)
            throws IOException {
        return new TwhinTrainer(graph, plan, seed, threads, options, progress).train();
    }

    // ---- the run ----

    private TwhinModel train() throws IOException {
        pace.start();
        Optional<Checkpoint> checkpoint = options.checkpoint()
                .map(file -> new Checkpoint(file, Checkpoint.fingerprint(graph, plan, seed), values(), state));
        if (options.resume() && checkpoint.isPresent() && checkpoint.get().exists()) {
            checkpoint.get().read();
            buckets.ifPresent(Buckets::forget);
            pace.resume(2 * graph.edges() * state.epoch + state.halfEdges);
        } else {
            if (buckets.isPresent() && options.warmStart().isPresent()) {
                throw new DataException("a warm start needs whole tables in memory: twhin.partitions is %s"
                        .formatted(plan.partitions()));
            }
            if (plan.initial() == Initial.SPECTRAL) {
                pace.report("spectral start");
                SpectralStart.apply(graph, tables, plan.dimension(), plan.initialScale());
            } else if (plan.initial() == Initial.HASHED) {
                pace.report("hashed start");
                HashedStart.apply(graph, tables, relations, plan);
            }
            options.warmStart().ifPresent(start -> WarmStarts.apply(start, graph, tables, relations));
        }
        options.warmStart().ifPresent(start -> tables.values().forEach(table -> table.holdBy((float) start.pull())));
        pace.report("");
        while (state.epoch < plan.epochs() && !state.ended) {
            try {
                runEpoch();
            } catch (CancellationException e) {
                if (checkpoint.isPresent()) {
                    buckets.ifPresent(Buckets::store);
                    checkpoint.get().write();
                }
                throw e;
            }
            if (!finite()) {
                endDiverged();
                break;
            }
            state.endEpoch();
            buckets.ifPresent(Buckets::store);
            validate();
            if (checkpoint.isPresent()
                    && plan.checkpointEvery() > 0
                    && state.epoch % plan.checkpointEvery() == 0
                    && state.epoch < plan.epochs()) {
                checkpoint.get().write();
            }
        }
        double edgesPerSecond = pace.end();
        state.restoreBest(allTables());
        if (plan.smoothing() > 0) {
            Smoothing.apply(graph, tables, plan.smoothing());
        }
        if (checkpoint.isPresent()) {
            checkpoint.get().delete();
        }
        return model(edgesPerSecond);
    }

    private List<Table> allTables() {
        List<Table> every = new ArrayList<>(tables.values());
        every.addAll(relations.all());
        return every;
    }

    /** All that is learnt, as a checkpoint keeps it. */
    private List<MemorySegment> values() {
        List<MemorySegment> values = new ArrayList<>();
        buckets.ifPresent(b -> values.addAll(b.values()));
        for (Table table : allTables()) {
            values.add(MemorySegment.ofArray(table.rows));
            values.add(MemorySegment.ofArray(table.squares));
        }
        return values;
    }

    private TwhinModel model(double edgesPerSecond) {
        Map<EntityKind, Vectors> entities = new LinkedHashMap<>();
        tables.forEach((kind, table) -> entities.put(kind, Vectors.of(table.rows, plan.dimension())));
        buckets.ifPresent(b -> entities.putAll(b.vectors()));
        return new TwhinModel(
                plan.dimension(),
                plan.operator(),
                plan.comparator(),
                entities,
                relations.values().rows,
                plan.reciprocal() ? Optional.of(relations.inverses().rows) : Optional.empty(),
                state.losses,
                new TreeMap<>(state.validation),
                notes,
                buckets.isEmpty() ? Optional.of(steps()) : Optional.empty(),
                edgesPerSecond);
    }

    private StepSizes steps() {
        Map<EntityKind, float[]> entities = new LinkedHashMap<>();
        tables.forEach((kind, table) -> entities.put(kind, table.rowSums()));
        return new StepSizes(
                entities,
                relations.values().rowSums(),
                relations.inverses().rowSums(),
                relations.biases().rows.clone(),
                relations.biases().rowSums());
    }

    private boolean finite() {
        if (!Double.isFinite(state.loss())) {
            return false;
        }
        for (Table table : allTables()) {
            for (float value : table.rows) {
                if (!Float.isFinite(value)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Ends at the best epoch that was looked at; its rows are put back as those of any best epoch. */
    private void endDiverged() {
        String what = "twhin diverged in epoch %s: %s"
                .formatted(
                        state.epoch + 1,
                        Double.isFinite(state.loss()) ? "a vector is not finite" : "the loss is " + state.loss());
        if (state.best.isEmpty()) {
            throw new DataException(
                    what + "; lower learning-rate, scale or weights, or validate so that the best epoch is kept");
        }
        notes.add("%s; the vectors are those of epoch %s".formatted(what, state.bestEpoch));
    }

    private void validate() {
        if (plan.validateEvery() == 0
                || options.split().isEmpty()
                || options.split().get().validation().isEmpty()
                || (state.epoch % plan.validateEvery() != 0 && state.epoch != plan.epochs())) {
            return;
        }
        HoldOut.Split split = options.split().get();
        LinkRanking.Figures figures = LinkRanking.rank(
                model(0), split, split.validation(), plan.validationEdges(), seed, TrainingProgress.NONE);
        state.validated(figures.mrr(), allTables());
        state.ended = state.looksSinceBest() >= plan.patience();
    }

    // ---- one epoch ----

    private void runEpoch() {
        SplittableRandom random = new SplittableRandom(seed * 31 + state.epoch);
        if (buckets.isEmpty()) {
            bucketSteps.run(whole, random);
            return;
        }
        int[] order = buckets.get().order(random);
        for (int i = 0; i < order.length; i++) {
            SplittableRandom own = random.split();
            if (i == state.bucket) {
                bucketSteps.run(buckets.get().enter(order[i]), own);
                state.endBucket();
            }
        }
    }
}
