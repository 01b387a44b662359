package repscorer.imports;

import java.io.IOException;

/** Rows in one format. */
interface RowSource {

    /**
     * Hands all rows over in their order.
     *
     * @throws IOException when the file cannot be read on; what follows is lost
     * @throws IllegalArgumentException when the file as a whole is not what it should be
     */
    void read(RowSink sink) throws IOException;
}
