package repscorer.imports;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import repscorer.text.TextStart;
import repscorer.text.Utf8;

/** Values separated by commas or tabs. A first line whose first field is {@code id} names columns and is passed over. */
final class SeparatedRows implements RowSource {

    private final ImportInput input;
    private final boolean dense;
    private final CSVFormat format;

    SeparatedRows(ImportInput input, boolean dense, boolean tabs) {
        this.input = input;
        this.dense = dense;
        this.format = tabs
                ? CSVFormat.TDF
                        .builder()
                        .setQuote(null)
                        .setIgnoreEmptyLines(false)
                        .get()
                : CSVFormat.RFC4180.builder().setIgnoreEmptyLines(false).get();
    }

    @Override
    public void read(RowSink sink) throws IOException {
        Group group = new Group(sink);
        BoundedRows bytes = new BoundedRows(TextStart.skipMark(input.bytes()), ROW_BYTES_MAX);
        // A character a byte: separators, quotes and numbers are ASCII, and what is no UTF-8 is told with its row.
        try (Reader reader = new InputStreamReader(bytes, StandardCharsets.ISO_8859_1);
                CSVParser parser = format.parse(reader)) {
            long row = 0;
            for (Iterator<CSVRecord> records = parser.iterator(); records.hasNext(); ) {
                CSVRecord fields = records.next();
                row++;
                bytes.endRow();
                boolean isBlank = fields.size() == 1 && fields.get(0).isBlank();
                boolean isHeader = row == 1 && fields.get(0).strip().equalsIgnoreCase("id");
                if (!isBlank && !isHeader) {
                    if (dense) {
                        readDense(row, fields, sink);
                    } else {
                        group.read(row, fields);
                    }
                }
                sink.progress(row);
            }
        }
        group.end();
    }

    private static void readDense(long row, CSVRecord fields, RowSink sink) {
        try {
            String[] values = fields.size() == 2 && fields.get(1).strip().startsWith("[")
                    ? list(fields.get(1).strip())
                    : Arrays.copyOfRange(fields.values(), 1, fields.size());
            float[] vector = new float[values.length];
            for (int i = 0; i < vector.length; i++) {
                vector[i] = number(values[i], i + 2);
            }
            sink.dense(row, Utf8.text(fields.get(0)).strip(), vector);
        } catch (IllegalArgumentException e) {
            sink.bad(row, String.valueOf(e.getMessage()));
        }
    }

    private static String[] list(String text) {
        if (!text.endsWith("]")) {
            throw new IllegalArgumentException("a list ends with ]");
        }
        String inner = text.substring(1, text.length() - 1).strip();
        return inner.isEmpty() ? new String[0] : inner.split("\\s*,\\s*|\\s+", -1);
    }

    private static float number(String text, int field) {
        try {
            return Float.parseFloat(text.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("field %s is no number: '%s'".formatted(field, shown(text)), e);
        }
    }

    private static String shown(String bytes) {
        String head = bytes.length() > 64 ? bytes.substring(0, 64) + "..." : bytes;
        return new String(head.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /** The entries of one id, from the lines that stand together. One bad line makes the whole row a bad one. */
    private static final class Group {

        private final RowSink sink;
        private final List<String> columns = new ArrayList<>();
        private final List<Float> weights = new ArrayList<>();
        private String id = "";
        private long firstRow;
        private boolean spoilt;
        private long bytes;

        Group(RowSink sink) {
            this.sink = sink;
        }

        void read(long row, CSVRecord fields) {
            String next = fields.get(0).strip();
            if (firstRow == 0 || !next.equals(id)) {
                end();
                id = next;
                firstRow = row;
            }
            if (spoilt) {
                return;
            }
            try {
                if (fields.size() != 3) {
                    throw new IllegalArgumentException(
                            "a line is id, column, weight: %s fields".formatted(fields.size()));
                }
                bytes += fields.get(0).length()
                        + fields.get(1).length()
                        + fields.get(2).length();
                if (bytes > ROW_BYTES_MAX) {
                    throw new IllegalArgumentException(RowSource.tooLong());
                }
                String column = Utf8.text(fields.get(1)).strip();
                weights.add(number(fields.get(2), 3));
                columns.add(column);
            } catch (IllegalArgumentException e) {
                sink.bad(row, String.valueOf(e.getMessage()));
                spoilt = true;
                columns.clear();
                weights.clear();
            }
        }

        void end() {
            if (firstRow > 0 && !spoilt) {
                float[] values = new float[weights.size()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = weights.get(i);
                }
                try {
                    sink.sparse(firstRow, Utf8.text(id).strip(), columns.toArray(new String[0]), values, false);
                } catch (IllegalArgumentException e) {
                    sink.bad(firstRow, String.valueOf(e.getMessage()));
                }
            }
            columns.clear();
            weights.clear();
            firstRow = 0;
            bytes = 0;
            spoilt = false;
        }
    }
}
