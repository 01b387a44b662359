package repscorer.ann;

import java.util.Arrays;

/**
 * How one search of a graph goes: by a walk with a candidate list of {@code fetch}, or by a scan of every accepted row. For
 * the engines of this module; callers of an index never meet it.
 *
 * @param fetch the candidate list's length in the graph; 0 means scan
 * @param acceptedOnly whether the walk keeps accepted rows only and steps across the others
 */
public record SearchPlan(int fetch, boolean acceptedOnly) {

    /*
     * The unit of cost is a row scored by a scan in its order. A walk with a candidate list of f scores about f · M rows, each
     * a cache miss. Rows that a filter leaves lie apart and cost up to 1.6 times as much as rows in a run; passing over a
     * refused row costs next to nothing in a bitmap. A walk over accepted rows only reads the links of refused ones too, so
     * each place in its list costs up to four times as much, but it needs no longer a list, and it goes on where the rows
     * around the query are refused. Measured by bin/prove filters.
     */
    private static final int REFUSED_PER_SCANNED = 1024;

    private static final int ACCEPTED_ONLY_COST = 4;

    private static final SearchPlan SCAN = new SearchPlan(0, false);

    /** Made once, so that a search of usual length allocates none. */
    private static final SearchPlan[] WALKS = walks(false);

    private static final SearchPlan[] WALKS_OVER_ACCEPTED = walks(true);

    private static SearchPlan[] walks(boolean acceptedOnly) {
        SearchPlan[] walks = new SearchPlan[1024];
        Arrays.setAll(walks, fetch -> new SearchPlan(fetch, acceptedOnly));
        return walks;
    }

    private static SearchPlan walk(int fetch, boolean acceptedOnly) {
        SearchPlan[] walks = acceptedOnly ? WALKS_OVER_ACCEPTED : WALKS;
        return fetch < walks.length ? walks[fetch] : new SearchPlan(fetch, acceptedOnly);
    }

    /** Chooses the cheaper of a scan and a walk that asks for more in the proportion the filter refuses. */
    public static SearchPlan of(SearchOptions options, int accepted, int count, int inGraph, long walkCost) {
        return of(options, Math.max(options.k(), options.ef()), accepted, count, inGraph, walkCost, false);
    }

    /**
     * Chooses the cheapest way. Where a filter accepts half of the rows or more, a walk over all of them is asked for more in
     * that proportion; else an engine that can walks over accepted rows only. The rarer the accepted rows, the dearer the walk
     * and the cheaper the scan.
     *
     * @param wanted the candidate list's length without a filter
     * @param accepted how many of the {@code count} rows the filter accepts
     * @param inGraph how many rows the graph holds
     * @param walkCost how many scanned rows one place in the candidate list costs, as measured for the engine
     * @param acceptsOnly whether the engine can walk over accepted rows only
     */
    public static SearchPlan of(
            SearchOptions options,
            int wanted,
            int accepted,
            int count,
            int inGraph,
            long walkCost,
            boolean acceptsOnly) {
        if (options.exact() || accepted == 0 || inGraph == 0 || options.k() >= accepted) {
            return SCAN;
        }
        long fetch = Math.min(inGraph, Math.ceilDiv((long) wanted * count, accepted));
        long scan = scanCost(accepted, count);
        if (!acceptsOnly || 2L * accepted >= count) {
            return scan <= fetch * walkCost ? SCAN : walk((int) fetch, false);
        }
        double refused = 1 - (double) accepted / count;
        double acceptedOnly = wanted * walkCost * (1 + refused * (ACCEPTED_ONLY_COST - 1));
        return scan <= acceptedOnly ? SCAN : walk(Math.min(wanted, inGraph), true);
    }

    /** What a scan of so many accepted rows costs, in rows scored in a run. */
    public static long scanCost(int accepted, int count) {
        return accepted + (accepted < count ? accepted / 2 : 0) + (long) (count - accepted) / REFUSED_PER_SCANNED;
    }

    public boolean scans() {
        return fetch == 0;
    }
}
