package repscorer.imports;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import repscorer.text.Numbers;
import repscorer.text.TextStart;
import repscorer.text.Utf8;

/** Values separated by commas or tabs. A first line that names columns ({@link SeparatedHeader}) is no row. */
final class SeparatedRows implements RowSource {

    private final ImportInput input;
    private final ImportColumns columns;
    private final boolean dense;
    private final CSVFormat format;

    SeparatedRows(ImportInput input, ImportColumns columns, boolean dense, boolean tabs) {
        this.input = input;
        this.columns = columns;
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
        SeparatedHeader header = new SeparatedHeader(input.name(), columns, dense);
        long row = 0;
        // A character a byte: separators, quotes and numbers are ASCII, and what is no UTF-8 is told with its row.
        try (Reader reader = new InputStreamReader(bytes, StandardCharsets.ISO_8859_1);
                CSVParser parser = format.parse(reader)) {
            for (Iterator<CSVRecord> records = parser.iterator(); records.hasNext(); ) {
                String[] fields = records.next().values();
                row++;
                bytes.endRow();
                boolean isBlank = fields.length == 1 && fields[0].isBlank();
                boolean isHeader = row == 1 && header.isHeader(fields);
                if (!isBlank && !isHeader) {
                    SeparatedHeader.Places places = header.places(fields, sink);
                    if (dense) {
                        readDense(row, fields, places, sink);
                    } else {
                        group.read(row, places.first(fields));
                    }
                }
                sink.progress(row);
            }
        } catch (UncheckedIOException e) { // of commons-csv, which tells places that a user does not know
            if (e.getCause() instanceof CSVException csv) {
                throw new IOException("row %s: %s".formatted(row + 1, quotes(csv)), csv);
            }
            throw e;
        }
        group.end();
    }

    /** Quotes are all that it complains of. */
    private static String quotes(CSVException e) {
        boolean open = String.valueOf(e.getMessage()).contains("EOF");
        return open ? "a quote is not closed" : "text follows a closing quote; a quote within quotes is written twice";
    }

    private static void readDense(long row, String[] fields, SeparatedHeader.Places places, RowSink sink) {
        try {
            int[] of = places.values(fields);
            String[] values = new String[of.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = fields[of[i]];
            }
            boolean isList = values.length == 1 && values[0].strip().startsWith("[");
            values = isList ? list(values[0].strip()) : values;
            float[] vector = new float[values.length];
            for (int i = 0; i < vector.length; i++) {
                vector[i] = number(values[i], isList ? i + 2 : of[i] + 1);
            }
            sink.dense(row, Utf8.text(fields[places.id()]).strip(), vector);
        } catch (IllegalArgumentException e) {
            boolean namesColumns = row == 1 && Arrays.stream(fields).noneMatch(SeparatedHeader::isValue);
            sink.bad(row, e.getMessage() + (namesColumns ? "; if the line names columns, say which is the id" : ""));
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
            return Numbers.float32(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("field %s is no number: '%s'".formatted(field, shown(text)), e);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    "field %s is more than float32 holds: '%s'".formatted(field, shown(text)), e);
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

        void read(long row, String[] fields) {
            String next = fields[0].strip();
            if (firstRow == 0 || !next.equals(id)) {
                end();
                id = next;
                firstRow = row;
            }
            if (spoilt) {
                return;
            }
            try {
                if (fields.length != 3) {
                    throw new IllegalArgumentException(
                            "a line is id, column, weight: %s fields".formatted(fields.length));
                }
                bytes += fields[0].length() + fields[1].length() + fields[2].length();
                if (bytes > ROW_BYTES_MAX) {
                    throw new IllegalArgumentException(RowSource.tooLong());
                }
                String column = Utf8.text(fields[1]).strip();
                weights.add(number(fields[2], 3));
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
