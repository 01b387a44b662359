package repscorer.imports;

/** Takes rows as they are read. What breaks a rule is counted as bad, and reading goes on. */
interface RowSink {

    /**
     * @param row counted from 1
     * @param values handed over
     */
    void dense(long row, String id, float[] values);

    /**
     * @param columns what each weight is for; ascending where {@code ordered}
     * @param ordered whether the row gave its entries in an order that can be wrong
     */
    void sparse(long row, String id, String[] columns, float[] weights, boolean ordered);

    /** A text; for spaces of texts only. */
    default void text(long row, String id, String text) {
        throw new IllegalStateException("a file of vectors was read as one of texts");
    }

    /** Which columns rows are made of, where they are not called so already; before the first row. */
    void columns(String told);

    /** A row that could not be made out. */
    void bad(long row, String rule);

    /** How many rows were looked at. */
    void progress(long rows);
}
