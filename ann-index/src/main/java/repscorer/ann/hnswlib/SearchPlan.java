package repscorer.ann.hnswlib;

import repscorer.ann.SearchOptions;

/**
 * How one search goes: by the graph with a candidate list of {@code fetch}, or by a scan of every accepted row.
 *
 * @param fetch the candidate list's length in the graph; 0 means scan
 */
record SearchPlan(int fetch) {

    /*
     * A walk with a candidate list of f scores about f · M rows, each a cache miss behind six dependent loads and a lock; a
     * scan reads rows in their order. Measured with AnnBench on 200,000 × 128 (M = 16, one thread), one f · M of the walk
     * takes as long as 16 to 20 rows of the scan. Rows that a filter leaves lie apart and cost up to 1.6 times as much as
     * rows in a run, hence 12. Passing over a refused row costs about a sixteenth of scoring it.
     */
    static final int WALKED_ROW_COST = 12;

    private static final int REFUSED_PER_SCANNED = 16;

    static final SearchPlan SCAN = new SearchPlan(0);

    /**
     * Chooses the cheaper way. Under a filter the graph must be asked for more, in the proportion the filter refuses, so
     * the rarer the accepted rows, the dearer the walk and the cheaper the scan.
     *
     * @param accepted how many of the {@code count} rows the filter accepts
     * @param inGraph how many rows the graph holds
     * @param m links a node keeps per layer
     */
    static SearchPlan of(SearchOptions options, int accepted, int count, int inGraph, int m) {
        if (options.exact() || accepted == 0 || inGraph == 0 || options.k() >= accepted) {
            return SCAN;
        }
        long wanted = Math.max(options.k(), options.ef());
        long fetch = Math.min(inGraph, Math.ceilDiv(wanted * count, accepted));
        long walk = fetch * m * WALKED_ROW_COST;
        long scan = accepted + (long) (count - accepted) / REFUSED_PER_SCANNED;
        return scan <= walk ? SCAN : new SearchPlan((int) fetch);
    }

    boolean scans() {
        return fetch == 0;
    }
}
