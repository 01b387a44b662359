package repscorer.ann;

/** A filter over a time per ordinal. */
@SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
record TimeFilter(long[] times, long from, long to) implements OrdinalFilter {

    @Override
    public boolean accepts(int ordinal) {
        long time = times[ordinal];
        return time >= from && time < to;
    }

    @Override
    public int accepted(int count) {
        int accepted = 0;
        for (int ordinal = 0; ordinal < count; ordinal++) {
            accepted += accepts(ordinal) ? 1 : 0;
        }
        return accepted;
    }
}
