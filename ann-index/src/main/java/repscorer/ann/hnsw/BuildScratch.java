package repscorer.ann.hnsw;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import repscorer.vector.SortedKeys;

/** What one building thread writes to. */
final class BuildScratch {

    /**
     * A candidate is left out when it is closer to a chosen row than to the owner by this factor between squared distances:
     * above 1 lists are longer, and a search finds as much over fewer rows (Vamana's alpha, squared: Subramanya et al.,
     * DiskANN, NeurIPS 2019).
     */
    private static final float SPREAD = 1.2f;

    final SearchScratch search;

    /** The rows before one's own in the batch, and their scores. */
    final int[] batchIds;

    final float[] batchScores;

    /** A list to choose links from; then the links chosen, in front. */
    int[] ids;

    float[] scores;

    /* While choosing: the latest choice as a query, what is left, and how close that is to the latest choice. */
    final PreparedQuery chosen;
    int[] leftIds;
    float[] leftScores;
    float[] between;

    /** By level, what was chosen for a row by another scorer before. */
    final int[][] chosenBefore = new int[Graph.LEVEL_MAX + 1][0];

    /** How many links the list had that was gathered for last, and how many of them stay. */
    int degree;

    int kept;

    private final int[] list;
    private final int[] beyond;

    private final SortedKeys sorted = new SortedKeys();

    BuildScratch(int count, int dimension, int candidatesMax, int m) {
        search = new SearchScratch(count, dimension, m);
        batchIds = new int[candidatesMax];
        batchScores = new float[candidatesMax];
        chosen = new PreparedQuery(dimension);
        ids = new int[candidatesMax];
        scores = new float[candidatesMax];
        leftIds = new int[candidatesMax];
        leftScores = new float[candidatesMax];
        between = new float[candidatesMax];
        list = new int[2 * m];
        beyond = new int[2 * m];
    }

    /** Makes room for a list of {@code n} rows. */
    void reserve(int n) {
        if (ids.length < n) {
            int capacity = 2 * n;
            ids = Arrays.copyOf(ids, capacity);
            scores = Arrays.copyOf(scores, capacity);
            leftIds = Arrays.copyOf(leftIds, capacity);
            leftScores = Arrays.copyOf(leftScores, capacity);
            between = Arrays.copyOf(between, capacity);
        }
    }

    /** Sorts the first {@code n} rows by falling score, ties by ascending ordinal. */
    void sort(int n) {
        sorted.reset(n);
        for (int i = 0; i < n; i++) {
            sorted.insert(CandidateList.key(ids[i], scores[i]));
        }
        for (int i = 0; i < n; i++) {
            ids[i] = CandidateList.ordinal(sorted.get(i));
            scores[i] = CandidateList.score(sorted.get(i));
        }
    }

    /** Puts the candidates that the search found in front and answers how many there are. */
    int takeCandidates() {
        CandidateList candidates = search.candidates;
        int n = candidates.size();
        for (int i = 0; i < n; i++) {
            ids[i] = candidates.ordinal(i);
            scores[i] = candidates.score(i);
        }
        return n;
    }

    /**
     * Gathers what a list is chosen anew from when rows that it leads to are gone: in front those that stay, then those that
     * the gone ones led to, each once. Answers how many; {@link #kept} of {@link #degree} stay.
     *
     * @param owner whose list it is to be; not gathered
     * @param from where the list is, as that of {@code old}
     * @param now by a row of that graph: the same one in the owner's; a negative number where it is gone
     */
    int gatherRelinked(Graph from, int level, int old, int owner, IntUnaryOperator now) {
        degree = from.copyList(level, old, list);
        reserve(degree * (1 + from.places(level)));
        search.clearVisited();
        search.visit(owner);
        kept = 0;
        for (int i = 0; i < degree; i++) {
            int near = now.applyAsInt(list[i]);
            if (near >= 0) {
                search.visit(near);
                ids[kept++] = near;
            }
        }
        int n = kept;
        for (int i = 0; i < degree && kept < degree; i++) {
            int links = now.applyAsInt(list[i]) < 0 ? from.copyList(level, list[i], beyond) : 0;
            for (int place = 0; place < links; place++) {
                int near = now.applyAsInt(beyond[place]);
                if (near >= 0 && search.visit(near)) {
                    ids[n++] = near;
                }
            }
        }
        return n;
    }

    /**
     * Puts the rows from {@code from} to {@code to} that were not visited behind the first {@code n}, while there are fewer than
     * {@code max}, and answers how many there are then.
     */
    int append(int[] rows, int from, int to, int n, int max) {
        int end = n;
        for (int i = from; i < to && end < max; i++) {
            if (search.visit(rows[i])) {
                ids[end++] = rows[i];
            }
        }
        return end;
    }

    /** Chooses as {@link #choose} does, then the best of those left out, until there are {@code links}. */
    int chooseAtLeast(RowScorer scorer, int n, int links) {
        int[] all = Arrays.copyOf(ids, n);
        float[] allScores = Arrays.copyOf(scores, n);
        int chosen = choose(scorer, n, links);
        int at = 0; // among the chosen, which keep their order
        int end = chosen;
        for (int i = 0; i < n && end < links; i++) {
            if (at < chosen && ids[at] == all[i]) {
                at++;
            } else {
                ids[end] = all[i];
                scores[end++] = allScores[i];
            }
        }
        return end;
    }

    /**
     * Chooses links among the first {@code n} rows, which come with falling scores, and puts them in front: the best; then
     * always the best that is no closer to a chosen one than to the owner ([1, algorithm 4] of {@link HnswBuilder}). Answers
     * how many, at most {@code max}.
     */
    int choose(RowScorer scorer, int n, int max) {
        System.arraycopy(ids, 0, leftIds, 0, n);
        System.arraycopy(scores, 0, leftScores, 0, n);
        float zero = scorer.zero();
        float spread = scorer.measuresDistance() ? SPREAD : 1;
        int links = 0;
        int left = n;
        while (left > 0 && links < max) {
            int row = leftIds[0];
            ids[links] = row;
            scores[links++] = leftScores[0];
            if (left == 1 || links == max) {
                break;
            }
            scorer.prepareRow(chosen, row);
            scorer.score(chosen, leftIds, left, between);
            int kept = 0;
            for (int i = 1; i < left; i++) {
                leftIds[kept] = leftIds[i];
                leftScores[kept] = leftScores[i];
                kept += spread * (zero - between[i]) < zero - leftScores[i] ? 0 : 1;
            }
            left = kept;
        }
        return links;
    }
}
