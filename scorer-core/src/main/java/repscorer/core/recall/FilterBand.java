package repscorer.core.recall;

/** How much of a space a search was allowed to answer: recall suffers where little is. */
public enum FilterBand {
    /** All but what a request leaves out by name: at least nine tenths. */
    OPEN("90-100%"),
    WIDE("10-90%"),
    NARROW("1-10%"),
    THIN("0-1%");

    private final String range;

    FilterBand(String range) {
        this.range = range;
    }

    static FilterBand of(long accepted, long rows) {
        double share = (double) accepted / Math.max(1, rows);
        return share >= .9 ? OPEN : share >= .1 ? WIDE : share >= .01 ? NARROW : THIN;
    }

    /** Such as {@code 1-10%}. */
    @Override
    public String toString() {
        return range;
    }
}
