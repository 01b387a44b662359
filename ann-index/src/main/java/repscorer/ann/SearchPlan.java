package repscorer.ann;

/**
 * How one search of a graph goes: by a walk with a candidate list of {@code fetch}, or by a scan of every accepted row. For
 * the engines of this module; callers of an index never meet it.
 *
 * @param fetch the candidate list's length in the graph; 0 means scan
 */
public record SearchPlan(int fetch) {

    /*
     * A walk with a candidate list of f scores about f · M rows, each a cache miss; a scan reads rows in their order. Rows
     * that a filter leaves lie apart and cost up to 1.6 times as much as rows in a run. Passing over a refused row costs about
     * a sixteenth of scoring it.
     */
    private static final int REFUSED_PER_SCANNED = 16;

    private static final SearchPlan SCAN = new SearchPlan(0);

    /**
     * Chooses the cheaper way. Under a filter the graph must be asked for more, in the proportion the filter refuses, so
     * the rarer the accepted rows, the dearer the walk and the cheaper the scan.
     *
     * @param accepted how many of the {@code count} rows the filter accepts
     * @param inGraph how many rows the graph holds
     * @param walkCost how many scanned rows one place in the candidate list costs, as measured for the engine
     */
    public static SearchPlan of(SearchOptions options, int accepted, int count, int inGraph, long walkCost) {
        if (options.exact() || accepted == 0 || inGraph == 0 || options.k() >= accepted) {
            return SCAN;
        }
        long wanted = Math.max(options.k(), options.ef());
        long fetch = Math.min(inGraph, Math.ceilDiv(wanted * count, accepted));
        long walk = fetch * walkCost;
        long scan = accepted + (long) (count - accepted) / REFUSED_PER_SCANNED;
        return scan <= walk ? SCAN : new SearchPlan((int) fetch);
    }

    public boolean scans() {
        return fetch == 0;
    }
}
