package repscorer.imports;

import org.jspecify.annotations.Nullable;

/** Takes rows of named columns as they are read. */
public interface TableSink {

    /**
     * @param row counted from 1, the line that names columns not among them
     * @param cells as text, in the order of the columns asked for; null where a row has none
     */
    void row(long row, @Nullable String[] cells);

    /** A row that could not be made out. */
    void bad(long row, String rule);
}
