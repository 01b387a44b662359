package repscorer.imports;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import repscorer.vectors.NpyReader;
import repscorer.vectors.VecsReader;

/** A matrix whose ids stand apart. */
final class MatrixRows implements RowSource {

    private final ImportInput input;
    private final boolean npy;

    MatrixRows(ImportInput input, boolean npy) {
        this.input = input;
        this.npy = npy;
    }

    private interface Rows {
        Optional<float[]> next() throws IOException;
    }

    @Override
    public void read(RowSink sink) throws IOException {
        List<String> ids = input.ids().orElseThrow();
        Rows rows;
        if (npy) {
            NpyReader reader = new NpyReader(input.name(), input.bytes());
            if (reader.rows() != ids.size()) {
                throw differ(ids.size(), Integer.toString(reader.rows()));
            }
            rows = reader::next;
        } else {
            rows = new VecsReader(input.name(), input.bytes(), "fvecs")::next;
        }
        int row = 0;
        for (Optional<float[]> next = rows.next(); next.isPresent(); next = rows.next()) {
            if (row == ids.size()) {
                throw differ(ids.size(), "more");
            }
            sink.dense(row + 1L, ids.get(row).strip(), next.get());
            row++;
            sink.progress(row);
        }
        if (row < ids.size()) {
            throw differ(ids.size(), Integer.toString(row));
        }
    }

    private IllegalArgumentException differ(int ids, String rows) {
        return new IllegalArgumentException(
                "ids and rows differ in number: %s ids, %s rows in %s".formatted(ids, rows, input.name()));
    }
}
