package repscorer.ann;

/** Two filters, both of which must accept. */
record BothFilter(OrdinalFilter first, OrdinalFilter second) implements OrdinalFilter {

    @Override
    public boolean accepts(int ordinal) {
        return first.accepts(ordinal) && second.accepts(ordinal);
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
