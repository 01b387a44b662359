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
import repscorer.parallel.Workers;
import repscorer.training.graph.DataException;
import repscorer.training.graph.Graph;
import repscorer.training.graph.HoldOut;
import repscorer.training.plan.TwhinPlan;
import repscorer.training.plan.TwhinPlan.Comparator;
import repscorer.training.plan.TwhinPlan.Initial;
import repscorer.training.plan.TwhinPlan.Negatives;
import repscorer.training.plan.TwhinPlan.Operator;
import repscorer.training.plan.TwhinPlan.Optimiser;
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
     * Threads. A step takes several batches (lanes), computes them side by side from the same vectors, then applies them in
     * order, each thread the rows it owns. Who computes what changes nothing in any sum, so the result depends on the seed and
     * the kernels (SIMD or scalar), not on the number of threads.
     *
     * Memory without partitions: 4 (d + 1) bytes per entity, 8 d with a step size per value; per lane about 16 (B + N) d + 4 B N bytes, where N is
     * the number of entities when all are negatives. Validation keeps the best vectors beside the current ones.
     *
     * [1] El-Kishky et al., TwHIN: Embedding the Twitter Heterogeneous Information Network for Personalized Recommendation,
     *     KDD 2022, arXiv 2202.05387.
     * [2] Lerer et al., PyTorch-BigGraph: A Large-scale Graph Embedding System, SysML 2019, arXiv 1903.12287.
     */

    /** Batches per step, of drawn negatives and of all entities. */
    private static final int LANES = 4;

    private static final int LANES_ALL = 2;

    /** Edges that one query holds at most, so that a hub's do not all fall into one step. */
    private static final int TARGETS_MAX = 16;

    /** A relation's b_r is one number that every edge pulls at; it may move faster than a row of many. */
    private static final float BIAS_RATE = 10;

    /** Queries per batch that the reported loss is taken from. */
    private static final int LOSS_QUERIES = 4;

    private static final long REPORT_NANOS = 200_000_000;

    private final Graph graph;
    private final TwhinPlan plan;
    private final long seed;
    private final int threads;
    private final TwhinOptions options;
    private final TrainingProgress progress;
    private final LinkedHashMap<EntityKind, Table> tables = new LinkedHashMap<>();
    private final Optional<Buckets> buckets;
    private final List<Block.Queries> queries = new ArrayList<>();
    private final Table thetas;
    private final Table inverses;
    private final Table biases;
    private final Batch[] lanes;
    private final boolean all;

    private final TrainingState state = new TrainingState();
    private Bucket bucket;
    private boolean stopped;
    private int steps;
    private long reportedAt;
    private long startedAt;
    private long halfEdgesDone;
    private long halfEdgesBefore;
    private long halfEdgesTotal;

    private TwhinTrainer(
            Graph graph, TwhinPlan plan, long seed, int threads, TwhinOptions options, TrainingProgress progress)
            throws IOException {
        this.graph = graph;
        this.plan = plan;
        this.seed = seed;
        this.options = options;
        this.progress = progress;
        all = plan.negatives() == Negatives.ALL;
        lanes = new Batch[all ? LANES_ALL : LANES];
        this.threads = Math.min(threads, lanes.length);
        SplittableRandom random = new SplittableRandom(seed);
        List<Block> blocks = Block.of(graph);
        if (plan.partitions() > 1) {
            buckets = Optional.of(new Buckets(graph, plan, blocks, directory(), random));
            bucket = new Bucket(List.of(), List.of(), List.of());
        } else {
            buckets = Optional.empty();
            boolean unit = plan.comparator() == Comparator.COSINE;
            graph.entities().forEach((kind, index) -> {
                Table table = new Table(index.count(), plan.dimension(), unit, plan.optimiser());
                table.initialise(random.split(), plan.initialScale());
                tables.put(kind, table);
            });
            bucket = new Bucket(blocks, new ArrayList<>(), new ArrayList<>());
            for (Block block : blocks) {
                bucket.heads().add(table(block.first.plan().head()));
                bucket.tails().add(table(block.first.plan().tail()));
            }
        }
        int relations = graph.relations().size();
        thetas = new Table(relations, plan.dimension(), false, plan.optimiser());
        inverses = new Table(plan.reciprocal() ? relations : 0, plan.dimension(), false, plan.optimiser());
        if (plan.operator() == Operator.DIAGONAL || plan.operator() == Operator.COMPLEX_DIAGONAL) {
            thetas.initialise(random.split(), plan.initialScale());
            inverses.initialise(random.split(), plan.initialScale());
        }
        biases = new Table(relations, 1, false, Optimiser.ROW_ADAGRAD);
        int entitiesMax = 0;
        for (Table table : tables.values()) {
            entitiesMax = Math.max(entitiesMax, table.count);
        }
        for (Block block : all ? blocks : List.<Block>of()) {
            queries.add(block.queries(true, TARGETS_MAX));
            queries.add(block.queries(false, TARGETS_MAX));
        }
        for (int lane = 0; lane < lanes.length; lane++) {
            lanes[lane] = new Batch(plan, MatrixKernels.best(), relations, entitiesMax);
        }
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
        startedAt = System.nanoTime();
        halfEdgesTotal = 2 * graph.edges() * plan.epochs();
        Optional<Checkpoint> checkpoint = options.checkpoint()
                .map(file -> new Checkpoint(file, Checkpoint.fingerprint(graph, plan, seed), values(), state));
        if (options.resume() && checkpoint.isPresent() && checkpoint.get().exists()) {
            checkpoint.get().read();
            buckets.ifPresent(Buckets::forget);
            halfEdgesDone = 2 * graph.edges() * state.epoch + state.halfEdges;
            halfEdgesBefore = halfEdgesDone;
        } else {
            if (buckets.isPresent() && options.warmStart().isPresent()) {
                throw new DataException("a warm start needs whole tables in memory: twhin.partitions is %d"
                        .formatted(plan.partitions()));
            }
            if (plan.initial() == Initial.SPECTRAL) {
                progress.report("twhin", 0, halfEdgesTotal / 2, "spectral start");
                SpectralStart.apply(graph, tables, plan.dimension(), plan.initialScale());
            }
            options.warmStart().ifPresent(start -> WarmStarts.apply(start, graph, tables, thetas, inverses));
        }
        options.warmStart().ifPresent(start -> tables.values().forEach(table -> table.holdBy((float) start.pull())));
        progress.report("twhin", halfEdgesDone / 2, halfEdgesTotal / 2, "");
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
        double seconds = (System.nanoTime() - startedAt) / 1e9;
        progress.report("twhin", halfEdgesTotal / 2, halfEdgesTotal / 2, note());
        state.restoreBest(allTables());
        if (plan.smoothing() > 0) {
            Smoothing.apply(graph, tables, plan.smoothing());
        }
        if (checkpoint.isPresent()) {
            checkpoint.get().delete();
        }
        return model((halfEdgesDone - halfEdgesBefore) / 2.0 / seconds);
    }

    private List<Table> allTables() {
        List<Table> every = new ArrayList<>(tables.values());
        every.addAll(List.of(thetas, inverses, biases));
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
                thetas.rows,
                plan.reciprocal() ? Optional.of(inverses.rows) : Optional.empty(),
                state.losses,
                new TreeMap<>(state.validation),
                edgesPerSecond);
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

    /** Some edges, or queries, of one block: {@code orders[order][from .. to)}. */
    private record Slice(int block, boolean forward, int order, int from, int to) {}

    private void runEpoch() {
        SplittableRandom random = new SplittableRandom(seed * 31 + state.epoch);
        if (buckets.isEmpty()) {
            runBucket(random);
            return;
        }
        int[] order = buckets.get().order(random);
        for (int i = 0; i < order.length; i++) {
            SplittableRandom own = random.split();
            if (i == state.bucket) {
                bucket = buckets.get().enter(order[i]);
                runBucket(own);
                state.endBucket();
            }
        }
    }

    private void runBucket(SplittableRandom random) {
        List<int[]> orders = new ArrayList<>();
        List<Slice> slices = new ArrayList<>();
        for (int block = 0; block < bucket.blocks().size(); block++) {
            if (all) {
                cut(block, true, orders, queries.get(2 * block).count(), random, slices);
                cut(block, false, orders, queries.get(2 * block + 1).count(), random, slices);
            } else {
                cut(block, true, orders, bucket.blocks().get(block).edges(), random, slices);
                for (Slice slice : List.copyOf(slices.subList(slicesOf(slices, block), slices.size()))) {
                    slices.add(new Slice(block, false, slice.order, slice.from, slice.to));
                }
            }
        }
        steps = slices.size();
        int[] sequence = HoldOut.shuffled(slices.size(), random);
        long batchSeed = random.nextLong();

        try (Workers workers = Workers.withCaller(threads, "twhin-")) {
            for (int step = state.step; step < slices.size() && !stopped; step += lanes.length) {
                int first = step;
                int used = Math.min(lanes.length, slices.size() - step);
                workers.run(used, (lane, worker) -> {
                    Slice slice = slices.get(sequence[first + lane]);
                    compute(lanes[lane], slice, orders.get(slice.order), batchSeed + first + lane);
                });
                workers.run(threads, (member, worker) -> {
                    for (int lane = 0; lane < used; lane++) {
                        apply(lanes[lane], member);
                    }
                });
                stepDone();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stopped = true;
        }
        if (stopped) {
            throw new CancellationException("training was cancelled");
        }
    }

    private static int slicesOf(List<Slice> slices, int block) {
        int from = slices.size();
        while (from > 0 && slices.get(from - 1).block == block) {
            from--;
        }
        return from;
    }

    private void cut(
            int block, boolean forward, List<int[]> orders, int count, SplittableRandom random, List<Slice> into) {
        orders.add(HoldOut.shuffled(count, random));
        for (int from = 0; from < count; from += plan.batchSize()) {
            into.add(new Slice(block, forward, orders.size() - 1, from, Math.min(from + plan.batchSize(), count)));
        }
    }

    private void compute(Batch batch, Slice slice, int[] order, long batchSeed) {
        Block block = bucket.blocks().get(slice.block);
        Table from = from(slice.block, slice.forward);
        Table to = to(slice.block, slice.forward);
        SplittableRandom random = new SplittableRandom(batchSeed);
        if (all) {
            Block.Queries grouped = queries.get(2 * slice.block + (slice.forward ? 0 : 1));
            batch.fillQueries(
                    block, slice.block, slice.forward, grouped, order, slice.from, slice.to, to.count, random);
        } else {
            batch.fillEdges(block, slice.block, slice.forward, order, slice.from, slice.to, to.count, random);
        }
        batch.compute(
                from.rows,
                to.rows,
                relations(slice.forward).rows,
                !slice.forward && !plan.reciprocal(),
                biases.rows,
                LOSS_QUERIES);
    }

    private Table from(int block, boolean forward) {
        return (forward ? bucket.heads() : bucket.tails()).get(block);
    }

    private Table to(int block, boolean forward) {
        return (forward ? bucket.tails() : bucket.heads()).get(block);
    }

    private Table relations(boolean forward) {
        return forward || !plan.reciprocal() ? thetas : inverses;
    }

    /** Applies a batch to one share of the rows: every {@code threads}-th. */
    private void apply(Batch batch, int member) {
        Table from = from(batch.block, batch.forward);
        Table to = to(batch.block, batch.forward);
        if (all && from == to) {
            addRows(batch, member);
        } else {
            applyRows(from, batch.queryEntity, batch.queries, batch.queryGradients, member);
        }
        if (all) {
            float rate = (float) plan.learningRate();
            for (int row = member; row < to.count; row += threads) {
                to.update(row, batch.candidateGradients, row * plan.dimension(), rate);
            }
        } else {
            if (!plan.negativesInBatch()) {
                applyRows(to, batch.target, batch.targets, batch.targetGradients, member);
            }
            applyRows(to, batch.candidate, batch.candidates, batch.candidateGradients, member);
        }
        float rate = (float) plan.learningRate();
        Table relations = relations(batch.forward);
        for (int slot = 0; slot < batch.relationCount; slot++) {
            int relation = batch.relations[slot];
            if (relation % threads == member) {
                relations.update(relation, batch.relationGradients, slot * plan.dimension(), rate);
                biases.update(relation, batch.biasGradients, slot, BIAS_RATE * rate);
            }
        }
    }

    /** Where queries and candidates are rows of one table, one gradient holds both. */
    private void addRows(Batch batch, int member) {
        int d = plan.dimension();
        for (int i = 0; i < batch.queries; i++) {
            int row = batch.queryEntity[i];
            if (row % threads == member) {
                for (int j = 0; j < d; j++) {
                    batch.candidateGradients[row * d + j] += batch.queryGradients[i * d + j];
                }
            }
        }
    }

    private void applyRows(Table table, int[] rows, int count, float[] gradients, int member) {
        int d = plan.dimension();
        float learningRate = (float) plan.learningRate();
        for (int i = 0; i < count; i++) {
            if (rows[i] % threads == member) {
                table.update(rows[i], gradients, i * d, learningRate);
            }
        }
    }

    private void stepDone() {
        for (Batch batch : lanes) {
            if (batch.block >= 0) {
                halfEdgesDone += batch.targets;
                state.halfEdges += batch.targets;
                state.lossSum += batch.loss;
                state.lossWeight += batch.lossWeight;
                batch.block = -1;
            }
        }
        state.step += lanes.length;
        long now = System.nanoTime();
        if (now - reportedAt > REPORT_NANOS || state.step >= steps) {
            reportedAt = now;
            progress.report("twhin", halfEdgesDone / 2, halfEdgesTotal / 2, note());
            stopped = progress.cancelled();
        }
    }

    private String note() {
        double seconds = Math.max((System.nanoTime() - startedAt) / 1e9, 1e-9);
        double rate = (halfEdgesDone - halfEdgesBefore) / 2.0 / seconds;
        String validated = state.validation.isEmpty()
                ? ""
                : ", validation MRR %.4f (best %.4f)".formatted(state.lastValidation, state.bestValidation);
        return "%,.0f edges/s, loss %.4f%s, %.0f s left"
                .formatted(rate, state.loss(), validated, (halfEdgesTotal - halfEdgesDone) / 2.0 / Math.max(rate, 1));
    }
}
