package repscorer.ann;

import java.util.BitSet;

/** A filter over a bitmap, as an allow list or a deny list. */
record BitSetFilter(BitSet ordinals, boolean allow) implements OrdinalFilter {

    @Override
    public boolean accepts(int ordinal) {
        return ordinals.get(ordinal) == allow;
    }

    @Override
    public int accepted(int count) {
        int set = ordinals.length() <= count
                ? ordinals.cardinality()
                : ordinals.get(0, count).cardinality();
        return allow ? set : count - set;
    }

    @Override
    public int next(int from, int count) {
        int next = allow ? ordinals.nextSetBit(from) : ordinals.nextClearBit(from);
        return next < 0 || next > count ? count : next;
    }

    /* Run by run: a look at the bits for each ordinal would cost as much as scoring a short row. */
    @Override
    public int gather(int from, int count, int[] into) {
        int n = 0;
        int at = next(from, count);
        while (at < count && n < into.length) {
            int end = allow ? ordinals.nextClearBit(at) : ordinals.nextSetBit(at);
            end = end < 0 ? count : Math.min(end, count);
            while (at < end && n < into.length) {
                into[n++] = at++;
            }
            at = at == end ? next(at, count) : at;
        }
        return n;
    }
}
