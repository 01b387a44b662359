package repscorer.ann.hnsw;

import repscorer.ann.BuildProgress;
import repscorer.ann.BuildThreads;
import repscorer.vector.DenseRows;

/** A graph whose links an index over other rows, most of them the same, can take over. */
public interface LinkedRows {

    /**
     * An index over rows most of which are linked here: their links are taken over, and only the others are searched for. Costs
     * about what the others' share of a build does. What was learnt about this graph is taken for true of the other.
     *
     * @param rows stay where they are and must outlive the index; searches read them
     * @param before by row: the ordinal that an equal row has here, or a negative number where there is none
     * @param progress told after every 512 rows that are linked anew, by the caller's thread
     * @throws IllegalArgumentException when a row holds a value that is not finite, or is zero under cosine
     * @throws InterruptedException when interrupted or when the executor is shut down; the build is then abandoned
     */
    HnswIndex carriedOver(DenseRows rows, int[] before, BuildThreads threads, BuildProgress progress)
            throws InterruptedException;
}
