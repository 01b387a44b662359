package repscorer.imports;

import java.io.IOException;
import java.util.Optional;
import repscorer.vectors.NpyReader;
import repscorer.vectors.VecsReader;

/** A matrix whose ids stand apart. */
final class MatrixRows implements RowSource {

    /** Stands for a row that was told of already. */
    private static final float[] BAD = {};

    private final ImportInput input;
    private final ImportFormat format;

    MatrixRows(ImportInput input, ImportFormat format) {
        this.input = input;
        this.format = format;
    }

    private interface Rows {
        Optional<float[]> next() throws IOException;
    }

    @Override
    public void read(RowSink sink) throws IOException {
        RowIds ids = input.ids().orElseThrow();
        Rows rows;
        if (format == ImportFormat.NPY) {
            NpyReader reader = new NpyReader(input.name(), input.bytes());
            if (reader.rows() != ids.count()) {
                throw differ(ids.count(), Integer.toString(reader.rows()));
            }
            rows = reader::next;
        } else {
            rows = new VecsReader(input.name(), input.bytes(), format.word())::next;
        }
        int row = 0;
        for (Optional<float[]> next = next(rows, row, sink); next.isPresent(); next = next(rows, row, sink)) {
            if (row == ids.count()) {
                throw differ(ids.count(), "more");
            }
            hand(row, ids, next.get(), sink);
            row++;
            sink.progress(row);
        }
        if (row < ids.count()) {
            throw differ(ids.count(), Integer.toString(row));
        }
    }

    /** The next row; a bad one has no values, and is told of. */
    private static Optional<float[]> next(Rows rows, int row, RowSink sink) throws IOException {
        try {
            return rows.next();
        } catch (ArithmeticException e) {
            sink.bad(row + 1L, "a value is more than float32 holds: " + e.getMessage());
            return Optional.of(BAD);
        }
    }

    private void hand(int row, RowIds ids, float[] values, RowSink sink) {
        if (values == BAD) {
            return;
        }
        try {
            if (format == ImportFormat.FVECS) {
                requireFloats(values);
            }
            sink.dense(row + 1L, ids.text(row), values);
        } catch (IllegalArgumentException e) {
            sink.bad(row + 1L, String.valueOf(e.getMessage()));
        }
    }

    /** Whole numbers that are taken for floats are all next to nothing. */
    private static void requireFloats(float[] values) {
        boolean tiny = false;
        for (float value : values) {
            if (Math.abs(value) >= Float.MIN_NORMAL || Float.isNaN(value)) {
                return;
            }
            tiny |= value != 0;
        }
        if (tiny) {
            throw new IllegalArgumentException("its values are no floats but whole numbers, as ivecs has them");
        }
    }

    private IllegalArgumentException differ(int ids, String rows) {
        return new IllegalArgumentException(
                "ids and rows differ in number: %s ids, %s rows in %s".formatted(ids, rows, input.name()));
    }
}
