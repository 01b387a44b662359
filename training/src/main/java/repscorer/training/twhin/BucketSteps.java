package repscorer.training.twhin;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import repscorer.parallel.Workers;
import repscorer.training.graph.HoldOut;
import repscorer.training.plan.TwhinPlan;
import repscorer.training.plan.TwhinPlan.Negatives;
import repscorer.training.twhin.Buckets.Bucket;

/** The steps through a bucket's edges: several batches at a time, computed side by side, then applied in order. */
final class BucketSteps {

    /*
     * A step takes several batches (lanes), computes them side by side from the same vectors, then applies them in
     * order, each thread the rows it owns. Who computes what changes nothing in any sum, so the result depends on the seed and
     * the kernels (SIMD or scalar), not on the number of threads.
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

    private final TwhinPlan plan;
    private final int threads;
    private final RelationTables relations;
    private final TrainingState state;
    private final Pace pace;
    private final boolean all;
    private final Batch[] lanes;
    private final List<Block.Queries> queries = new ArrayList<>();

    private Bucket bucket = new Bucket(List.of(), List.of(), List.of());
    private int steps;
    private boolean stopped;

    /**
     * @param threads at most; no more are used than there are batches in a step
     * @param blocks of the whole graph, each in its place
     * @param entitiesMax how many entities a kind has at most
     */
    BucketSteps(
            TwhinPlan plan,
            int threads,
            List<Block> blocks,
            RelationTables relations,
            int entitiesMax,
            TrainingState state,
            Pace pace) {
        this.plan = plan;
        this.relations = relations;
        this.state = state;
        this.pace = pace;
        all = plan.negatives() == Negatives.ALL;
        lanes = new Batch[all ? LANES_ALL : LANES];
        this.threads = Math.min(threads, lanes.length);
        for (Block block : all ? blocks : List.<Block>of()) {
            queries.add(block.queries(true, TARGETS_MAX));
            queries.add(block.queries(false, TARGETS_MAX));
        }
        for (int lane = 0; lane < lanes.length; lane++) {
            lanes[lane] = new Batch(plan, MatrixKernels.best(), relations.values().count, entitiesMax);
        }
    }

    /** Some edges, or queries, of one block: {@code orders[order][from .. to)}. */
    private record Slice(int block, boolean forward, int order, int from, int to) {}

    /**
     * Takes every edge of the bucket twice, once each way, from the step on that the state names.
     *
     * @throws CancellationException when the progress asks for an end
     */
    void run(Bucket entered, SplittableRandom random) {
        bucket = entered;
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
                relations.of(slice.forward).rows,
                !slice.forward && !plan.reciprocal(),
                relations.biases().rows,
                LOSS_QUERIES);
    }

    private Table from(int block, boolean forward) {
        return (forward ? bucket.heads() : bucket.tails()).get(block);
    }

    private Table to(int block, boolean forward) {
        return (forward ? bucket.tails() : bucket.heads()).get(block);
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
        Table values = relations.of(batch.forward);
        for (int slot = 0; slot < batch.relationCount; slot++) {
            int relation = batch.relations[slot];
            if (relation % threads == member) {
                values.update(relation, batch.relationGradients, slot * plan.dimension(), rate);
                relations.biases().update(relation, batch.biasGradients, slot, BIAS_RATE * rate);
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
                pace.advance(batch.targets);
                state.halfEdges += batch.targets;
                state.lossSum += batch.loss();
                state.lossWeight += batch.lossWeight();
                batch.block = -1;
            }
        }
        state.step += lanes.length;
        if (pace.due(state.step >= steps)) {
            stopped = pace.reportAndAsk();
        }
    }
}
