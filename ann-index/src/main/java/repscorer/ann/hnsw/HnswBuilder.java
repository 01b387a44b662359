package repscorer.ann.hnsw;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import repscorer.ann.BuildProgress;
import repscorer.ann.HnswParameters;
import repscorer.ann.SearchOptions;
import repscorer.os.OffHeap;
import repscorer.parallel.Workers;
import repscorer.vector.DenseRows;

/** Links rows into a graph: the same rows, parameters and codes give the same graph, on however many threads. */
final class HnswBuilder implements AutoCloseable {

    /*
     * Rows enter in their order, a batch at a time, in two steps that each run on all threads:
     *
     *   1. every row of the batch searches the graph as it was before the batch, is compared with the rows before it in the
     *      batch, chooses its links among both ([1], algorithm 1 and 4) and writes its own lists, which no search reaches yet;
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

    /** Where only the levels above are linked anew: they lead a search to its start, and need not be as good as the lowest. */
    private static final int EF_ABOVE = 64;

    /**
     * The search for a row's links ends when the next row to follow is further away than so many times the 2M-th best, both
     * squared: what lies beyond is hardly ever chosen.
     */
    private static final float SLACK = 1.1f;

    private static final int ROW_BITS = 31;
    private static final int PLACE_BITS = 28; // a level takes 4, so all fit into 63

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final LinkRule rule;
    private final RowScorer scorer;
    private final int efConstruction;
    private final int m;
    private final Graph graph;
    private final Workers workers;
    private final BuildProgress progress;
    private final BuildScratch[] scratches;
    private final Arena arena = Arena.ofShared();

    /* The scores of the links, in the same places. */
    private final MemorySegment linkScores;
    private final MemorySegment upperScores;

    /* Links back of a batch: by place the row they lead to and their score; sorted by level and the row they leave from. */
    private int[] backRows = new int[4 * BATCH];
    private float[] backScores = new float[4 * BATCH];
    private long[] back = new long[4 * BATCH];

    /** Where each row's part of {@link #back} starts, and where the last ends. */
    private int[] backStarts = new int[BATCH];

    /**
     * @param graph without rows, to be filled
     * @param workers does the work
     * @param progress told after every batch
     */
    HnswBuilder(
            DenseRows rows,
            LinkRule rule,
            HnswParameters parameters,
            Graph graph,
            Workers workers,
            BuildProgress progress) {
        this.rule = rule;
        this.scorer = rule.scorer();
        this.efConstruction = parameters.efConstruction();
        this.m = parameters.m();
        this.graph = graph;
        this.workers = workers;
        this.progress = progress;
        this.linkScores = OffHeap.allocate(graph.links.byteSize(), arena);
        this.upperScores = OffHeap.allocate(graph.upper.byteSize(), arena);
        this.scratches = new BuildScratch[workers.count()];
        for (int i = 0; i < scratches.length; i++) {
            scratches[i] = new BuildScratch(rows.count(), rows.dimension(), Math.max(BATCH, efConstruction), m);
        }
    }

    /**
     * Links {@code members[start]} to {@code members[end - 1]} and waits.
     *
     * @throws InterruptedException when interrupted; the build is then to be abandoned
     */
    void insert(int[] members, int start, int end) throws InterruptedException {
        insert(members, start, end, 0);
    }

    /** The same on the levels above the lowest only, for those that are drawn into them. */
    private void insertAbove(int[] members) throws InterruptedException {
        int[] above = new int[members.length];
        int n = 0;
        for (int row : members) {
            above[n] = row;
            n += graph.level(row) > 0 ? 1 : 0;
        }
        insert(above, 0, n, 1);
    }

    private void insert(int[] members, int start, int end, int lowest) throws InterruptedException {
        int ef = lowest == 0 ? efConstruction : Math.min(efConstruction, EF_ABOVE);
        for (int from = start; from < end; from += BATCH) {
            int[] batch = Arrays.copyOfRange(members, from, Math.min(end, from + BATCH));
            workers.run(batch.length, (place, worker) -> link(batch, place, lowest, ef, scratches[worker]));
            int lists = collectLinksBack(batch, lowest);
            workers.run(lists, (list, worker) -> linkBack(list, scratches[worker]));
            for (int row : batch) {
                if (graph.level(row) > Graph.top(graph.start())) {
                    graph.enter(row);
                }
            }
            if (lowest == 0) {
                progress.report(from + batch.length, members.length);
            }
        }
    }

    /** Frees what only the build needed. */
    @Override
    public void close() {
        arena.close();
    }

    /** Step 1: a row's own lists. */
    private void link(int[] batch, int place, int lowest, int ef, BuildScratch scratch) {
        for (int kind = 0; kind < rule.kinds(); kind++) {
            link(kind, batch, place, lowest, ef, scratch);
        }
    }

    private void link(int kind, int[] batch, int place, int lowest, int ef, BuildScratch scratch) {
        RowScorer by = rule.by(kind);
        int row = batch[place];
        SearchScratch search = scratch.search;
        by.prepareRow(search.query, row);
        System.arraycopy(batch, 0, scratch.batchIds, 0, place);
        by.score(search.query, scratch.batchIds, place, scratch.batchScores);
        int own = graph.level(row);
        int top = Graph.top(graph.start());
        int at = top < 0 ? Graph.NONE : BeamSearch.descend(graph, by, search, own);
        CandidateList candidates = search.candidates;
        BeamSearch.StoppingRule stop = search.stoppingRule.set(2 * m, SLACK, 0, SearchOptions.NO_DEADLINE);
        for (int level = own; level >= lowest; level--) {
            if (level <= top) {
                BeamSearch.search(graph, by, search, level, at, ef, stop);
                at = candidates.ordinal(0);
            } else {
                candidates.reset(ef);
            }
            offerBatch(batch, place, level, scratch);
            int links = rule.choose(kind, level, scratch, scratch.takeCandidates(), m);
            if (kind + 1 == rule.kinds()) {
                write(level, row, scratch, links);
            }
        }
    }

    /** Offers those rows of the batch before a place that are on the level. */
    private void offerBatch(int[] batch, int place, int level, BuildScratch scratch) {
        CandidateList candidates = scratch.search.candidates;
        for (int i = 0; i < place; i++) {
            if (level == 0 || graph.level(batch[i]) >= level) {
                candidates.offer(batch[i], scratch.batchScores[i]);
            }
        }
    }

    /** Sorts the links back of a batch and answers how many lists they go to. */
    private int collectLinksBack(int[] batch, int lowest) {
        int n = 0;
        for (int row : batch) {
            for (int level = graph.level(row); level >= lowest; level--) {
                n = collectLinksBack(row, level, n);
            }
        }
        Arrays.sort(back, 0, n);
        return findLists(n);
    }

    /** Adds the links back of one list behind the first {@code n} and answers how many there are then. */
    private int collectLinksBack(int row, int level, int n) {
        MemorySegment lists = graph.lists(level);
        MemorySegment listScores = scores(level);
        long from = graph.from(level, row);
        int degree = graph.degree(level, row);
        if (n + degree > back.length) {
            back = Arrays.copyOf(back, 2 * (n + degree));
            backRows = Arrays.copyOf(backRows, back.length);
            backScores = Arrays.copyOf(backScores, back.length);
        }
        for (int i = 0; i < degree; i++) {
            int to = lists.get(Graph.INT, from + 4L * i);
            backRows[n + i] = row;
            backScores[n + i] = listScores.get(FLOAT, from + 4L * i);
            back[n + i] = ((((long) level << ROW_BITS) | to) << PLACE_BITS) | (n + i);
        }
        return n + degree;
    }

    /** Finds where each list's links start among the first {@code n} links back and answers how many lists there are. */
    private int findLists(int n) {
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
        int places = graph.places(level);
        scratch.reserve(places + end - start);
        int degree = graph.copyList(level, owner, scratch.ids);
        int n = degree + end - start;
        MemorySegment.copy(scores(level), FLOAT, graph.from(level, owner), scratch.scores, 0, degree);
        for (int i = start; i < end; i++) {
            int place = (int) back[i] & ((1 << PLACE_BITS) - 1);
            scratch.ids[degree + i - start] = backRows[place];
            scratch.scores[degree + i - start] = backScores[place];
        }
        if (n > places) {
            n = rule.chooseAnew(scratch, owner, n, places);
        }
        write(level, owner, scratch, n);
    }

    /**
     * Takes the lowest level's lists over from another graph, for rows that both have, into a graph without rows. Links to rows
     * that this one lacks are replaced by the best of those that these led to. Levels above are linked anew, for a row's levels
     * go by its ordinal.
     *
     * @param members rows of this graph that the other has
     * @param before by row of this graph: the same one in the other
     * @param after by row of the other graph: the same one in this; {@link Graph#NONE} where there is none
     */
    void takeOver(Graph from, int[] members, int[] before, int[] after) throws InterruptedException {
        insertAbove(members);
        workers.run(Math.ceilDiv(members.length, BATCH), (batch, worker) -> {
            int end = Math.min(members.length, (batch + 1) * BATCH);
            for (int i = batch * BATCH; i < end; i++) {
                takeOver(from, members[i], before[members[i]], after, scratches[worker]);
            }
        });
        if (graph.entry() < 0 && members.length > 0) {
            graph.enter(members[0]);
        }
    }

    private void takeOver(Graph from, int row, int old, int[] after, BuildScratch scratch) {
        int n = scratch.gatherRelinked(from, 0, old, row, near -> after[near]);
        int links = n;
        scorer.prepareRow(scratch.search.query, row);
        scorer.prefetch(scratch.ids, n);
        scorer.score(scratch.search.query, scratch.ids, n, scratch.scores);
        if (n > scratch.kept) {
            links = rule.chooseAtLeast(scratch, row, n, scratch.degree);
        }
        write(0, row, scratch, links);
    }

    private void write(int level, int row, BuildScratch scratch, int n) {
        graph.setList(level, row, scratch.ids, n);
        MemorySegment.copy(scratch.scores, 0, scores(level), FLOAT, graph.from(level, row), n);
    }

    private MemorySegment scores(int level) {
        return level == 0 ? linkScores : upperScores;
    }
}
