package repscorer.training.twhin;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import repscorer.core.entity.EntityKind;
import repscorer.training.graph.Graph;
import repscorer.training.graph.HoldOut;
import repscorer.training.plan.TwhinPlan;

/**
 * Edges grouped by the partitions of their two ends, and the tables of the one group, or bucket, that is trained on: for tables
 * that do not fit into memory. Used by one thread.
 */
final class Buckets {

    /*
     * As in PyTorch-BigGraph [1]: with P partitions of each kind there are P² buckets (p, q), and while one is trained on, only
     * partition p of heads and q of tails are in memory; negatives are drawn from the same two. Buckets follow each other in a
     * snake over the P × P square, so that each shares a partition with the one before and one is swapped at a time.
     *
     * [1] Lerer et al., PyTorch-BigGraph: A Large-scale Graph Embedding System, SysML 2019, section 4.1.
     */

    private final int partitions;
    private final List<Block> blocks;

    /** By block its edges ordered by bucket, and the first of each bucket. */
    private final List<int[]> edges = new ArrayList<>();

    private final List<int[]> offsets = new ArrayList<>();
    private final Map<EntityKind, MappedTable> mapped = new LinkedHashMap<>();
    private final Map<EntityKind, TreeMap<Integer, Table>> loaded = new LinkedHashMap<>();

    /** What is trained on together: edges whose ends are rows of these tables. */
    record Bucket(List<Block> blocks, List<Table> heads, List<Table> tails) {}

    /** @param directory where the tables' files are put while training runs */
    Buckets(Graph graph, TwhinPlan plan, List<Block> blocks, Path directory, SplittableRandom random)
            throws IOException {
        this.blocks = blocks;
        partitions = plan.partitions();
        for (var kind : graph.entities().entrySet()) {
            MappedTable table =
                    new MappedTable(directory, kind.getKey(), kind.getValue().count(), plan);
            table.initialise(random.split(), plan.initialScale());
            mapped.put(kind.getKey(), table);
            loaded.put(kind.getKey(), new TreeMap<>());
        }
        for (Block block : blocks) {
            group(block);
        }
    }

    private void group(Block block) {
        int[] first = new int[count() + 1];
        for (int edge = 0; edge < block.edges(); edge++) {
            first[bucket(block, edge) + 1]++;
        }
        for (int bucket = 0; bucket < count(); bucket++) {
            first[bucket + 1] += first[bucket];
        }
        int[] next = first.clone();
        int[] order = new int[block.edges()];
        for (int edge = 0; edge < block.edges(); edge++) {
            order[next[bucket(block, edge)]++] = edge;
        }
        edges.add(order);
        offsets.add(first);
    }

    private int bucket(Block block, int edge) {
        return block.heads[edge] % partitions * partitions + block.tails[edge] % partitions;
    }

    int count() {
        return partitions * partitions;
    }

    /** Every bucket once, each beside the one before. */
    int[] order(SplittableRandom random) {
        int[] heads = HoldOut.shuffled(partitions, random);
        int[] tails = HoldOut.shuffled(partitions, random);
        int[] order = new int[count()];
        for (int i = 0; i < order.length; i++) {
            int row = i / partitions;
            int column = row % 2 == 0 ? i % partitions : partitions - 1 - i % partitions;
            order[i] = heads[row] * partitions + tails[column];
        }
        return order;
    }

    /** Brings a bucket's partitions into memory, and stores those that it does not need. */
    Bucket enter(int bucket) {
        int p = bucket / partitions;
        int q = bucket % partitions;
        loaded.forEach((kind, tables) -> {
            for (Iterator<Map.Entry<Integer, Table>> all = tables.entrySet().iterator(); all.hasNext(); ) {
                Map.Entry<Integer, Table> entry = all.next();
                if (entry.getKey() != p && entry.getKey() != q) {
                    mapped(kind).store(entry.getKey(), entry.getValue());
                    all.remove();
                }
            }
        });
        Bucket entered = new Bucket(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (int i = 0; i < blocks.size(); i++) {
            Block block = blocks.get(i);
            entered.blocks.add(
                    block.part(edges.get(i), offsets.get(i)[bucket], offsets.get(i)[bucket + 1], partitions));
            entered.heads.add(load(block.first.plan().head(), p));
            entered.tails.add(load(block.first.plan().tail(), q));
        }
        return entered;
    }

    private Table load(EntityKind kind, int partition) {
        TreeMap<Integer, Table> tables = loaded.get(kind);
        if (tables == null) {
            throw new IllegalStateException("no table for kind " + kind);
        }
        return tables.computeIfAbsent(partition, missing -> mapped(kind).load(missing));
    }

    private MappedTable mapped(EntityKind kind) {
        MappedTable table = mapped.get(kind);
        if (table == null) {
            throw new IllegalStateException("no table for kind " + kind);
        }
        return table;
    }

    /** Stores what is in memory, which stays there. */
    void store() {
        loaded.forEach((kind, tables) ->
                tables.forEach((partition, table) -> mapped(kind).store(partition, table)));
    }

    /** What is in memory is forgotten, for other rows were put into the files. */
    void forget() {
        loaded.values().forEach(TreeMap::clear);
    }

    /** All rows and sums, by kind, as they were stored last. */
    List<MemorySegment> values() {
        List<MemorySegment> values = new ArrayList<>();
        mapped.values().forEach(table -> values.add(table.values()));
        return values;
    }

    Map<EntityKind, Vectors> vectors() {
        return new LinkedHashMap<>(mapped);
    }
}
