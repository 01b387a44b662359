package repscorer.ann;

import java.util.Arrays;

/**
 * How one search goes: through the graph, with a candidate list of {@code fetch}, or by a scan of every accepted row. For
 * the engines of this module; callers of an index never meet it.
 *
 * @param fetch the candidate list's length in the graph; 0 means scan
 * @param acceptedOnly whether the search keeps accepted rows only and steps across the others
 */
public record SearchPlan(int fetch, boolean acceptedOnly) {

    /*
     * The unit of cost is a row scored by a scan in its order. A search of the graph with a candidate list of f scores about f · M rows, each
     * a cache miss. Rows that a filter leaves lie apart and cost up to 1.6 times as much as rows in a run; passing over a
     * refused row costs next to nothing in a bitmap. A search over accepted rows only reads the links of refused ones too, so
     * each place in its list costs up to four times as much, but it needs no longer a list, and it goes on where the rows
     * around the query are refused. Measured by bin/prove filters.
     */
    private static final int REFUSED_PER_SCANNED = 1024;

    private static final int ACCEPTED_ONLY_COST = 4;

    private static final SearchPlan SCAN = new SearchPlan(0, false);

    /** Made once, so that a search of usual length allocates none. */
    private static final SearchPlan[] OF_ALL = plans(false);

    private static final SearchPlan[] OF_ACCEPTED = plans(true);

    private static SearchPlan[] plans(boolean acceptedOnly) {
        SearchPlan[] plans = new SearchPlan[1024];
        Arrays.setAll(plans, fetch -> new SearchPlan(fetch, acceptedOnly));
        return plans;
    }

    private static SearchPlan graph(int fetch, boolean acceptedOnly) {
        SearchPlan[] plans = acceptedOnly ? OF_ACCEPTED : OF_ALL;
        return fetch < plans.length ? plans[fetch] : new SearchPlan(fetch, acceptedOnly);
    }

    /** Chooses the cheaper of a scan and a graph search that asks for more in the proportion the filter refuses. */
    public static SearchPlan of(SearchOptions options, int accepted, int count, int inGraph, long searchCost) {
        return of(options, Math.max(options.k(), options.ef()), accepted, count, inGraph, searchCost, false);
    }

    /**
     * Chooses the cheapest way. Where a filter accepts half of the rows or more, a search over all of them is asked for more in
     * that proportion; else an engine that can keeps accepted rows only. The rarer they are, the dearer the search
     * and the cheaper the scan.
     *
     * @param wanted the candidate list's length without a filter
     * @param accepted how many of the {@code count} rows the filter accepts
     * @param inGraph how many rows the graph holds
     * @param searchCost how many scanned rows one place in the candidate list costs, as measured for the engine
     * @param acceptsOnly whether the engine can search over accepted rows only
     */
    public static SearchPlan of(
            SearchOptions options,
            int wanted,
            int accepted,
            int count,
            int inGraph,
            long searchCost,
            boolean acceptsOnly) {
        if (options.exact() || accepted == 0 || inGraph == 0 || options.k() >= accepted) {
            return SCAN;
        }
        long fetch = Math.min(inGraph, Math.ceilDiv((long) wanted * count, accepted));
        long scan = scanCost(accepted, count);
        if (!acceptsOnly || 2L * accepted >= count) {
            return scan <= fetch * searchCost ? SCAN : graph((int) fetch, false);
        }
        double refused = 1 - (double) accepted / count;
        double acceptedOnly = wanted * searchCost * (1 + refused * (ACCEPTED_ONLY_COST - 1));
        return scan <= acceptedOnly ? SCAN : graph(Math.min(wanted, inGraph), true);
    }

    /** What a scan of so many accepted rows costs, in rows scored in a run. */
    public static long scanCost(int accepted, int count) {
        return accepted + (accepted < count ? accepted / 2 : 0) + (long) (count - accepted) / REFUSED_PER_SCANNED;
    }

    public boolean scans() {
        return fetch == 0;
    }
}
