package repscorer.ann.hnsw;

import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import repscorer.ann.BuildProgress;
import repscorer.ann.HnswParameters;
import repscorer.vector.DenseRows;

/** Links rows into a graph: the same rows, parameters and codes give the same graph, on however many threads. */
final class HnswBuilder {

    /*
     * Rows enter in their order, a batch at a time, in two steps that each run on all threads:
     *
     *   1. every row of the batch walks the graph as it was before the batch, is compared with the rows before it in the
     *      batch, chooses its links among both ([1], algorithm 1 and 4) and writes its own lists, which no walk reaches yet;
     *   2. the links back are sorted by the row they leave from, and each such row adds its own, in the order of ordinals;
     *      a list that overflows is chosen anew.
     *
     * Within a step nobody reads what another writes, so neither the threads nor their number show in the result. Because a
     * row is compared with all of its batch, the first batch is linked as if there had been a graph, and rows that are
     * stored beside those most like them find each other.
     *
     * Each link's score is kept while building, so that choosing a list anew compares only its members with each other. A
     * chosen row is compared with all that are left at once, as one batch: those closer to it than to the list's owner drop
     * out.
     *
     * [1] Malkov, Yashunin: Efficient and robust approximate nearest neighbor search using Hierarchical Navigable Small
     *     World graphs, 2016 (arXiv 1603.09320), IEEE TPAMI 2018.
     */

    /** Large enough that the threads' waiting for each other is lost in it. */
    private static final int BATCH = 512;

    private static final int ROW_BITS = 31;
    private static final int PLACE_BITS = 28; // a level takes 4, so all fit into 63

    private final DenseRows rows;
    private final Points points;
    private final int efConstruction;
    private final int m;
    private final byte[] levels;
    private final Graph graph;

    /* The scores of the links, in the same places. */
    private final float[] linkScores;
    private final float[] upperScores;

    /* Links back of a batch: by place the row they lead to and their score; sorted by level and the row they leave from. */
    private int[] backRows = new int[4 * BATCH];
    private float[] backScores = new float[4 * BATCH];
    private long[] back = new long[4 * BATCH];

    /** Where each row's part of {@link #back} starts, and where the last ends. */
    private int[] backStarts = new int[BATCH];

    private HnswBuilder(DenseRows rows, Points points, HnswParameters parameters, byte[] levels) {
        this.rows = rows;
        this.points = points;
        this.efConstruction = parameters.efConstruction();
        this.m = parameters.m();
        this.levels = levels;
        this.graph = new Graph(m, levels);
        this.linkScores = new float[graph.links.length];
        this.upperScores = new float[graph.upper.length];
    }

    /**
     * Builds on {@code threads} threads and waits.
     *
     * @param members the rows to link, ascending
     * @throws InterruptedException when interrupted; the build is then abandoned
     */
    static Graph build(
            DenseRows rows,
            Points points,
            int[] members,
            HnswParameters parameters,
            ExecutorService executor,
            int threads,
            BuildProgress progress)
            throws InterruptedException {
        byte[] levels = new byte[rows.count()];
        Arrays.fill(levels, (byte) Graph.NONE);
        for (int row : members) {
            levels[row] = Graph.level(parameters.seed(), row, parameters.m());
        }
        HnswBuilder builder = new HnswBuilder(rows, points, parameters, levels);
        builder.insert(members, new Crew(executor, threads), progress);
        return builder.graph;
    }

    private void insert(int[] members, Crew crew, BuildProgress progress) throws InterruptedException {
        BuildScratch[] scratches = new BuildScratch[crew.threads()];
        for (int i = 0; i < scratches.length; i++) {
            scratches[i] = new BuildScratch(rows.count(), rows.dimension(), Math.max(BATCH, efConstruction), m);
        }
        for (int from = 0; from < members.length; from += BATCH) {
            int[] batch = Arrays.copyOfRange(members, from, Math.min(members.length, from + BATCH));
            crew.run(batch.length, (place, worker) -> link(batch, place, scratches[worker]));
            int lists = collectLinksBack(batch);
            crew.run(lists, (list, worker) -> linkBack(list, scratches[worker]));
            for (int row : batch) {
                if (levels[row] > graph.top) {
                    graph.top = levels[row];
                    graph.entry = row;
                }
            }
            progress.report(from + batch.length, members.length);
        }
    }

    /** Step 1: a row's own lists. */
    private void link(int[] batch, int place, BuildScratch scratch) {
        int row = batch[place];
        Scratch walk = scratch.walk;
        points.prepareRow(walk.query, row);
        System.arraycopy(batch, 0, scratch.batchIds, 0, place);
        points.score(walk.query, scratch.batchIds, place, scratch.batchScores);
        int at = graph.entry < 0 ? Graph.NONE : Walk.descend(graph, points, walk, levels[row]);
        Pool pool = walk.pool;
        for (int level = levels[row]; level >= 0; level--) {
            if (level <= graph.top) {
                Walk.search(graph, points, walk, level, at, efConstruction);
                at = pool.ordinal(0);
            } else {
                pool.reset(efConstruction);
            }
            for (int i = 0; i < place; i++) {
                if (levels[batch[i]] >= level) {
                    pool.offer(batch[i], scratch.batchScores[i]);
                }
            }
            int n = pool.size();
            for (int i = 0; i < n; i++) {
                scratch.ids[i] = pool.ordinal(i);
                scratch.scores[i] = pool.score(i);
            }
            write(level, row, scratch, choose(scratch, n, m));
        }
    }

    /** Sorts the links back of a batch and answers how many lists they go to. */
    private int collectLinksBack(int[] batch) {
        int n = 0;
        for (int row : batch) {
            for (int level = 0; level <= levels[row]; level++) {
                int[] lists = graph.lists(level);
                float[] listScores = level == 0 ? linkScores : upperScores;
                int from = graph.from(level, row);
                int degree = graph.degree(level, row);
                if (n + degree > back.length) {
                    back = Arrays.copyOf(back, 2 * (n + degree));
                    backRows = Arrays.copyOf(backRows, back.length);
                    backScores = Arrays.copyOf(backScores, back.length);
                }
                for (int i = from; i < from + degree; i++) {
                    backRows[n] = row;
                    backScores[n] = listScores[i];
                    back[n] = ((((long) level << ROW_BITS) | lists[i]) << PLACE_BITS) | n;
                    n++;
                }
            }
        }
        Arrays.sort(back, 0, n);
        int lists = 0;
        for (int i = 0; i < n; i++) {
            if (i == 0 || list(back[i]) != list(back[i - 1])) {
                if (lists + 1 >= backStarts.length) {
                    backStarts = Arrays.copyOf(backStarts, 2 * backStarts.length);
                }
                backStarts[lists++] = i;
            }
        }
        backStarts[lists] = n;
        return lists;
    }

    private static long list(long back) {
        return back >>> PLACE_BITS;
    }

    /** Step 2: what a batch adds to one list. */
    private void linkBack(int number, BuildScratch scratch) {
        int start = backStarts[number];
        int end = backStarts[number + 1];
        int level = (int) (list(back[start]) >>> ROW_BITS);
        int owner = (int) list(back[start]) & Integer.MAX_VALUE;
        int[] lists = graph.lists(level);
        float[] listScores = level == 0 ? linkScores : upperScores;
        int from = graph.from(level, owner);
        int places = graph.places(level);
        int degree = graph.degree(level, owner);
        int n = degree + end - start;
        scratch.reserve(n);
        for (int i = 0; i < degree; i++) {
            scratch.ids[i] = lists[from + i];
            scratch.scores[i] = listScores[from + i];
        }
        for (int i = start; i < end; i++) {
            int place = (int) back[i] & ((1 << PLACE_BITS) - 1);
            scratch.ids[degree + i - start] = backRows[place];
            scratch.scores[degree + i - start] = backScores[place];
        }
        if (n > places) {
            scratch.sort(n);
            n = choose(scratch, n, places);
        }
        write(level, owner, scratch, n);
    }

    private void write(int level, int row, BuildScratch scratch, int n) {
        int[] lists = graph.lists(level);
        float[] listScores = level == 0 ? linkScores : upperScores;
        int from = graph.from(level, row);
        System.arraycopy(scratch.ids, 0, lists, from, n);
        System.arraycopy(scratch.scores, 0, listScores, from, n);
        Arrays.fill(lists, from + n, from + graph.places(level), Graph.NONE);
    }

    /**
     * Chooses links among the scratch's first {@code n} rows, which come with falling scores, and puts them in front: the
     * best; then always the best that is no closer to a chosen one than to the owner. Answers how many, at most {@code max}.
     */
    private int choose(BuildScratch scratch, int n, int max) {
        int[] ids = scratch.ids;
        float[] scores = scratch.scores;
        int[] leftIds = scratch.leftIds;
        float[] leftScores = scratch.leftScores;
        float[] between = scratch.between;
        System.arraycopy(ids, 0, leftIds, 0, n);
        System.arraycopy(scores, 0, leftScores, 0, n);
        int chosen = 0;
        int left = n;
        while (left > 0 && chosen < max) {
            int row = leftIds[0];
            ids[chosen] = row;
            scores[chosen++] = leftScores[0];
            if (left == 1 || chosen == max) {
                break;
            }
            points.prepareRow(scratch.chosen, row);
            points.score(scratch.chosen, leftIds, left, between);
            int kept = 0;
            for (int i = 1; i < left; i++) {
                leftIds[kept] = leftIds[i];
                leftScores[kept] = leftScores[i];
                kept += between[i] > leftScores[i] ? 0 : 1;
            }
            left = kept;
        }
        return chosen;
    }
}
