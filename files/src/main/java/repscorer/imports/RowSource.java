package repscorer.imports;

import java.io.IOException;

/** Rows in one format. */
interface RowSource {

    /** What a row of text may have. The widest row of numbers that a space takes has a tenth of it. */
    int ROW_BYTES_MAX = 1 << 22;

    /** The rule that a longer one breaks. */
    static String tooLong() {
        return "a row has at most %s bytes".formatted(ROW_BYTES_MAX);
    }

    /**
     * Hands all rows over in their order.
     *
     * @throws IOException when the file cannot be read on; what follows is lost
     * @throws IllegalArgumentException when the file as a whole is not what it should be
     */
    void read(RowSink sink) throws IOException;
}
