package repscorer.training.twhin;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import repscorer.core.entity.EntityKind;
import repscorer.training.graph.Graph;
import repscorer.training.graph.HoldOut;
import repscorer.training.graph.Relation;
import repscorer.training.plan.TwhinPlan;
import repscorer.training.plan.TwhinPlan.Comparator;
import repscorer.training.progress.TrainingProgress;

/**
 * Learns a vector per entity and per relation so that edges score above edges with one end replaced.
 */
public final class TwhinTrainer {

    /*
     * After [1], edge e = (s, r, t) scores f(e) = (θ_s + θ_r)ᵀ θ_t, and
     *
     *     L = Σ_e w_e [ -log σ(f'(e)) - (W/N) Σ_{e'} log σ(-f'(e')) ]
     *
     * is made small by Adagrad, where f'(e) = τ f(e) + b_r, and e' are N edges with the tail replaced and N with the head replaced, drawn both evenly
     * and by prevalence. Edges of one batch share their drawn entities, as in [2], which turns the arithmetic into matrix
     * products. τ, b_r and the unit norm are ours. Vectors are served by cosine, and on the unit sphere the order by cosine of
     * θ_s + θ_r is the order that was trained. b_r says how rare edges of r are next to drawn ones; without it θ_r has to, and
     * then spoils the order (measured on ego-Twitter: recall@10 of follows .18 without b_r, .36 with it). It shifts all scores
     * of a relation alike and is not served.
     *
     * Threads. A step takes LANES batches, computes them side by side from the same vectors, then applies them in order, each
     * thread the rows it owns. Who computes what changes nothing in any sum, so the result depends on the seed and the kernels
     * (SIMD or scalar), not on the number of threads.
     *
     * Memory: 4 (d + 1) bytes per entity, and per lane about 8 (B + N) d + 4 B N bytes.
     *
     * [1] El-Kishky et al., TwHIN: Embedding the Twitter Heterogeneous Information Network for Personalized Recommendation,
     *     KDD 2022, arXiv 2202.05387.
     * [2] Lerer et al., PyTorch-BigGraph: A Large-scale Graph Embedding System, SysML 2019, arXiv 1903.12287.
     */

    /** Batches per step. */
    private static final int LANES = 4;

    /** A relation's b_r is one number that every edge pulls at; it may move faster than a row of many. */
    private static final float BIAS_RATE = 10;

    /** Edges per batch that the reported loss is taken from. */
    private static final int LOSS_EDGES = 4;

    private static final long REPORT_NANOS = 200_000_000;

    private final Graph graph;
    private final TwhinPlan plan;
    private final long seed;
    private final int threads;
    private final TrainingProgress progress;
    private final LinkedHashMap<EntityKind, Table> tables = new LinkedHashMap<>();
    private final List<Table> headTables = new ArrayList<>();
    private final List<Table> tailTables = new ArrayList<>();
    private final Table thetas;
    private final Table biases;
    private final Batch[] lanes = new Batch[LANES];
    private final List<Double> losses = new ArrayList<>();

    private volatile boolean stopped;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private long reportedAt;
    private long startedAt;
    private long edgesDone;
    private long edgesTotal;
    private double lossSum;
    private double lossCount;

    private TwhinTrainer(Graph graph, TwhinPlan plan, long seed, int threads, TrainingProgress progress) {
        this.graph = graph;
        this.plan = plan;
        this.seed = seed;
        this.threads = Math.min(threads, LANES);
        this.progress = progress;
        SplittableRandom random = new SplittableRandom(seed);
        graph.entities().forEach((kind, index) -> {
            Table table = new Table(index.count(), plan.dimension(), plan.comparator());
            table.initialise(random.split());
            tables.put(kind, table);
        });
        thetas = new Table(graph.relations().size(), plan.dimension(), Comparator.DOT);
        biases = new Table(graph.relations().size(), 1, Comparator.DOT);
        for (Relation relation : graph.relations()) {
            headTables.add(table(relation.plan().head()));
            tailTables.add(table(relation.plan().tail()));
        }
        MatrixKernels kernels = MatrixKernels.best();
        for (int lane = 0; lane < LANES; lane++) {
            lanes[lane] = new Batch(plan, kernels);
        }
    }

    private Table table(EntityKind kind) {
        Table table = tables.get(kind);
        if (table == null) {
            throw new IllegalStateException("no table for kind " + kind);
        }
        return table;
    }

    /**
     * Trains. O(epochs · edges · negatives · dimension).
     *
     * @throws CancellationException when {@code progress} asks for an end
     */
    public static TwhinModel train(Graph graph, TwhinPlan plan, long seed, int threads, TrainingProgress progress) {
        return new TwhinTrainer(graph, plan, seed, threads, progress).train();
    }

    private TwhinModel train() {
        startedAt = System.nanoTime();
        edgesTotal = graph.edges() * plan.epochs();
        progress.report("twhin", 0, edgesTotal, "");
        for (int epoch = 0; epoch < plan.epochs(); epoch++) {
            lossSum = 0;
            lossCount = 0;
            runEpoch(epoch);
            losses.add(lossSum / Math.max(lossCount, 1));
        }
        double seconds = (System.nanoTime() - startedAt) / 1e9;
        progress.report("twhin", edgesTotal, edgesTotal, note());
        Map<EntityKind, float[]> entities = new LinkedHashMap<>();
        tables.forEach((kind, table) -> entities.put(kind, table.rows));
        return new TwhinModel(plan.dimension(), entities, thetas.rows, losses, edgesDone / seconds);
    }

    /** Some edges of one relation: {@code orders[relation][from .. to)}. */
    private record Slice(int relation, int from, int to) {}

    private void runEpoch(int epoch) {
        SplittableRandom random = new SplittableRandom(seed * 31 + epoch);
        int[][] orders = new int[graph.relations().size()][];
        List<Slice> slices = new ArrayList<>();
        for (int r = 0; r < orders.length; r++) {
            int edges = graph.relations().get(r).edges();
            orders[r] = HoldOut.shuffled(edges, random);
            for (int from = 0; from < edges; from += plan.batchSize()) {
                slices.add(new Slice(r, from, Math.min(from + plan.batchSize(), edges)));
            }
        }
        int[] sequence = HoldOut.shuffled(slices.size(), random);
        long batchSeed = random.nextLong();

        // The last thread to arrive after applying reports for all.
        CyclicBarrier computed = new CyclicBarrier(threads);
        CyclicBarrier applied = new CyclicBarrier(threads, this::stepDone);
        Thread[] helpers = new Thread[threads - 1];
        for (int i = 0; i < helpers.length; i++) {
            int member = i + 1;
            helpers[i] = Thread.ofPlatform()
                    .name("twhin-" + member)
                    .daemon()
                    .start(() -> work(member, slices, sequence, orders, batchSeed, computed, applied));
        }
        work(0, slices, sequence, orders, batchSeed, computed, applied);
        for (Thread helper : helpers) {
            joinUninterruptibly(helper);
        }
        Throwable thrown = failure.get();
        if (thrown instanceof RuntimeException e) {
            throw e;
        } else if (thrown instanceof Error e) {
            throw e;
        }
        if (stopped) {
            throw new CancellationException("training was cancelled");
        }
    }

    private void work(
            int member,
            List<Slice> slices,
            int[] sequence,
            int[][] orders,
            long batchSeed,
            CyclicBarrier computed,
            CyclicBarrier applied) {
        // A failure is kept until the step's end, so that every thread still meets the others at both barriers.
        try {
            for (int step = 0; step < slices.size() && !stopped; step += LANES) {
                int used = Math.min(LANES, slices.size() - step);
                try {
                    for (int lane = member; lane < used; lane += threads) {
                        Slice slice = slices.get(sequence[step + lane]);
                        compute(lanes[lane], slice, orders[slice.relation], batchSeed + step + lane);
                    }
                } catch (RuntimeException | Error e) {
                    failure.compareAndSet(null, e);
                }
                computed.await();
                if (failure.get() == null) {
                    for (int lane = 0; lane < used; lane++) {
                        apply(lanes[lane], member);
                    }
                }
                applied.await();
            }
        } catch (BrokenBarrierException e) {
            stopped = true; // another thread was interrupted, or the progress threw
        } catch (InterruptedException e) {
            stopped = true;
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            failure.compareAndSet(null, e);
            stopped = true;
        }
    }

    private void compute(Batch batch, Slice slice, int[] order, long batchSeed) {
        Relation relation = graph.relations().get(slice.relation);
        batch.fill(relation, slice.relation, order, slice.from, slice.to, new SplittableRandom(batchSeed));
        batch.compute(
                headTables.get(slice.relation).rows,
                tailTables.get(slice.relation).rows,
                thetas.rows,
                slice.relation * plan.dimension(),
                biases.rows[slice.relation],
                LOSS_EDGES);
    }

    /** Applies a batch to the rows that a thread owns: every {@code threads}-th. */
    private void apply(Batch batch, int member) {
        Table headTable = headTables.get(batch.relation);
        Table tailTable = tailTables.get(batch.relation);
        float penalty = (float) plan.regularisation();
        applyRows(headTable, batch.heads, batch.edges, batch.headGradients, member, penalty);
        applyRows(tailTable, batch.tails, batch.edges, batch.tailGradients, member, penalty);
        applyRows(tailTable, batch.drawnTails, batch.drawnTails.length, batch.drawnTailGradients, member, 0);
        applyRows(headTable, batch.drawnHeads, batch.drawnHeads.length, batch.drawnHeadGradients, member, 0);
        if (batch.relation % threads == member) {
            thetas.update(batch.relation, batch.relationGradient, 0, (float) plan.learningRate(), 0);
            biases.update(batch.relation, batch.biasGradient, 0, BIAS_RATE * (float) plan.learningRate(), 0);
        }
    }

    private void applyRows(Table table, int[] rows, int count, float[] gradients, int member, float penalty) {
        int d = plan.dimension();
        float learningRate = (float) plan.learningRate();
        for (int i = 0; i < count; i++) {
            if (rows[i] % threads == member) {
                table.update(rows[i], gradients, i * d, learningRate, penalty);
            }
        }
    }

    private void stepDone() {
        for (Batch batch : lanes) {
            if (batch.relation >= 0) {
                edgesDone += batch.edges;
                lossSum += batch.loss;
                lossCount += batch.lossEdges;
                batch.relation = -1;
            }
        }
        long now = System.nanoTime();
        if (now - reportedAt > REPORT_NANOS) {
            reportedAt = now;
            progress.report("twhin", edgesDone, edgesTotal, note());
            stopped = progress.cancelled();
        }
        stopped |= failure.get() != null;
    }

    private String note() {
        double seconds = Math.max((System.nanoTime() - startedAt) / 1e9, 1e-9);
        double rate = edgesDone / seconds;
        return "%,.0f edges/s, loss %.4f, %.0f s left"
                .formatted(rate, lossSum / Math.max(lossCount, 1), (edgesTotal - edgesDone) / Math.max(rate, 1));
    }

    private static void joinUninterruptibly(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
