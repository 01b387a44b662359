package repscorer.core.plan;

import repscorer.core.failure.ScorerException.Invalid;

/** The bounds that plans and requests must keep; a service may set tighter ones. */
public final class Limits {

    public static final int K_MAX = 1_000;
    public static final int EF_MAX = 2_000;
    public static final int RETRIEVE_MAX = 5_000;
    public static final int SOURCES_MAX = 100;
    public static final int CANDIDATES_MAX = 10_000;
    public static final int MATRIX_CELLS_MAX = 100_000;
    public static final int EXCLUDED_MAX = 100_000;
    public static final int CLUSTERS_SCANNED_MAX = 500;
    public static final int ITEMS_PER_CLUSTER_MAX = 10_000;
    public static final int MATCHES_MAX = 1_000;

    /** Characters of a text that is asked. */
    public static final int TEXT_MAX = 100_000;

    public static final double WEIGHT_MAX = 1_000;
    public static final double RECALL_TARGET_MAX = 0.999;
    public static final int BUDGET_MILLIS_MAX = 60_000;

    private Limits() {}

    /**
     * Refuses a list that is empty or too long.
     *
     * @param field the list's place in the request, and the first word of the problem's code
     */
    public static void checkCount(String field, String what, int count) {
        if (count < 1 || count > CANDIDATES_MAX) {
            throw new Invalid(field + "-out-of-range", field, "1 to %s %s: %s".formatted(CANDIDATES_MAX, what, count));
        }
    }
}
