package repscorer.imports;

import java.io.IOException;
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
        RowIds ids = input.ids().orElseThrow();
        Rows rows;
        if (npy) {
            NpyReader reader = new NpyReader(input.name(), input.bytes());
            if (reader.rows() != ids.count()) {
                throw differ(ids.count(), Integer.toString(reader.rows()));
            }
            rows = reader::next;
        } else {
            rows = new VecsReader(input.name(), input.bytes(), "fvecs")::next;
        }
        int row = 0;
        for (Optional<float[]> next = rows.next(); next.isPresent(); next = rows.next()) {
            if (row == ids.count()) {
                throw differ(ids.count(), "more");
            }
            try {
                sink.dense(row + 1L, ids.text(row), next.get());
            } catch (IllegalArgumentException e) {
                sink.bad(row + 1L, String.valueOf(e.getMessage()));
            }
            row++;
            sink.progress(row);
        }
        if (row < ids.count()) {
            throw differ(ids.count(), Integer.toString(row));
        }
    }

    private IllegalArgumentException differ(int ids, String rows) {
        return new IllegalArgumentException(
                "ids and rows differ in number: %s ids, %s rows in %s".formatted(ids, rows, input.name()));
    }
}
