package repscorer.imports;

import dev.hardwood.InputFile;
import dev.hardwood.metadata.ColumnChunk;
import dev.hardwood.metadata.CompressionCodec;
import dev.hardwood.metadata.FileMetaData;
import dev.hardwood.metadata.RowGroup;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.RowReader;
import dev.hardwood.row.PqList;
import dev.hardwood.row.PqMap;
import dev.hardwood.schema.ColumnProjection;
import dev.hardwood.schema.SchemaNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import repscorer.text.Numbers;
import repscorer.text.Utf8;

/** A Parquet file. With {@link ParquetColumns} all that knows the library; {@link ParquetProcess} runs it. */
final class ParquetRows implements RowSource {

    private static final int VALUES_MAX = ROW_BYTES_MAX / Float.BYTES;

    private final String name;
    private final Path file;
    private final ImportColumns wanted;
    private final boolean dense;

    ParquetRows(String name, Path file, ImportColumns wanted, boolean dense) {
        this.name = name;
        this.file = file;
        this.wanted = wanted;
        this.dense = dense;
    }

    @Override
    public void read(RowSink sink) throws IOException {
        try (ParquetFileReader reader = ParquetFileReader.open(InputFile.of(file))) {
            ParquetColumns columns = new ParquetColumns(name, reader.getFileSchema(), wanted, dense);
            requireCodecs(reader.getFileMetaData(), columns.names());
            long rows = reader.getFileMetaData().numRows();
            if (rows == 0) {
                throw new IllegalArgumentException(name + ": the table has no rows");
            }
            columns.choice().told().ifPresent(sink::columns);
            try (RowReader reading = reader.buildRowReader()
                    .projection(ColumnProjection.columns(columns.names().toArray(new String[0])))
                    .build()) {
                read(reading, rows, columns, sink);
            }
        } catch (IllegalArgumentException e) {
            if (String.valueOf(e.getMessage()).startsWith(name)) {
                throw e;
            }
            throw unreadable(e);
        } catch (IOException | RuntimeException e) {
            throw unreadable(e);
        }
    }

    private void read(RowReader reading, long rows, ParquetColumns columns, RowSink sink) throws IOException {
        long row = 0;
        while (reading.hasNext()) {
            reading.next();
            if (row++ == rows) {
                throw new IOException("it holds more rows than the %s that it tells of".formatted(rows));
            }
            try {
                hand(columns, row, reading, sink);
            } catch (BadValue e) {
                sink.bad(row, String.valueOf(e.getMessage()));
            }
            sink.progress(row);
        }
        if (row < rows) {
            throw new IOException("it holds %s rows and tells of %s".formatted(row, rows));
        }
    }

    /**
     * Hands over the cells of named columns as columns without weights: a text after {@code =}, and an empty one where a row has none.
     * Names come after {@code =}, and those of columns that may be missing after {@code ?}.
     */
    void readCells(RowSink sink) throws IOException {
        List<String> names = wanted.vector();
        try (ParquetFileReader reader = ParquetFileReader.open(InputFile.of(file))) {
            List<String> there = reader.getFileSchema().getRootNode().children().stream()
                    .map(SchemaNode::name)
                    .toList();
            for (String column : names) {
                if (!there.contains(column.substring(1)) && column.startsWith("=")) {
                    throw new IllegalArgumentException(
                            "%s has no column '%s'; there are %s".formatted(name, column.substring(1), there));
                }
            }
            List<String> read = names.stream()
                    .map(column -> column.substring(1))
                    .filter(there::contains)
                    .toList();
            requireCodecs(reader.getFileMetaData(), Set.copyOf(read));
            try (RowReader reading = reader.buildRowReader()
                    .projection(ColumnProjection.columns(read.toArray(new String[0])))
                    .build()) {
                long row = 0;
                while (reading.hasNext()) {
                    reading.next();
                    row++;
                    try {
                        String[] cells = new String[names.size()];
                        for (int i = 0; i < cells.length; i++) {
                            String column = names.get(i).substring(1);
                            cells[i] = !read.contains(column) || reading.isNull(column)
                                    ? ""
                                    : "=" + text(reading.getValue(column), reading.getRawValue(column), false);
                        }
                        sink.sparse(row, "", cells, new float[0], false);
                    } catch (BadValue e) {
                        sink.bad(row, String.valueOf(e.getMessage()));
                    }
                }
            }
        } catch (IllegalArgumentException e) {
            if (String.valueOf(e.getMessage()).startsWith(name)) {
                throw e;
            }
            throw unreadable(e);
        } catch (IOException | RuntimeException e) {
            throw unreadable(e);
        }
    }

    /** A value breaks a rule of ours. */
    private static final class BadValue extends RuntimeException {
        private static final long serialVersionUID = 1L;

        BadValue(String message) {
            super(message);
        }
    }

    private IOException unreadable(Exception e) {
        String message = e.getMessage();
        if (message != null) { // a stream lies in a file whose name means nothing to whoever sent it
            message = message.replace("[" + file.getFileName() + "] ", "");
        }
        return new IOException(
                "%s: no Parquet file that can be read: %s".formatted(name, message == null ? "it is damaged" : message),
                e);
    }

    private void requireCodecs(FileMetaData metadata, Set<String> columns) {
        for (RowGroup group : metadata.rowGroups()) {
            for (ColumnChunk chunk : group.columns()) {
                String column = chunk.metaData().pathInSchema().topLevelName();
                CompressionCodec codec = chunk.metaData().codec();
                if (columns.contains(column) && codec == CompressionCodec.LZO) {
                    throw new IllegalArgumentException(
                            "%s: the column %s is packed with %s, which is not read; write it with snappy, zstd, gzip, lz4, brotli or none"
                                    .formatted(name, column, codec.name().toLowerCase(Locale.ROOT)));
                }
            }
        }
    }

    private void hand(ParquetColumns columns, long row, RowReader rows, RowSink sink) {
        String idColumn = columns.choice().id();
        if (rows.isNull(idColumn)) {
            throw missing(idColumn);
        }
        String id = text(rows.getValue(idColumn), rows.getRawValue(idColumn), columns.isUnsigned(idColumn));
        if (dense) {
            List<String> vector = columns.choice().vector();
            sink.dense(
                    row,
                    id,
                    columns.isList()
                            ? floats(rows, vector.getFirst(), columns.isUnsigned(vector.getFirst()))
                            : floats(rows, columns));
        } else if (columns.hasEntries()) {
            handEntries(columns, row, id, rows, sink);
        } else {
            if (rows.isNull(ParquetColumns.COLUMNS)) {
                throw missing(ParquetColumns.COLUMNS);
            }
            boolean unsigned = columns.isUnsigned(ParquetColumns.COLUMNS);
            PqList list = rows.getList(ParquetColumns.COLUMNS);
            String[] names = new String[size(list.size(), ParquetColumns.COLUMNS)];
            for (int i = 0; i < names.length; i++) {
                if (list.isNull(i)) {
                    throw new BadValue("columns[%s] is missing".formatted(i));
                }
                names[i] = text(list.get(i), list.getRaw(i), unsigned);
            }
            float[] weights = floats(rows, ParquetColumns.WEIGHTS, columns.isUnsigned(ParquetColumns.WEIGHTS));
            sink.sparse(row, id, names, weights, true);
        }
    }

    private static void handEntries(ParquetColumns columns, long row, String id, RowReader rows, RowSink sink) {
        if (rows.isNull(ParquetColumns.ENTRIES)) {
            throw missing(ParquetColumns.ENTRIES);
        }
        boolean unsigned = columns.isUnsigned(ParquetColumns.ENTRIES);
        boolean unsignedWeights = columns.hasUnsignedWeights();
        List<PqMap.Entry> entries = rows.getMap(ParquetColumns.ENTRIES).getEntries();
        String[] names = new String[size(entries.size(), ParquetColumns.ENTRIES)];
        float[] weights = new float[names.length];
        for (int i = 0; i < names.length; i++) {
            PqMap.Entry entry = entries.get(i);
            names[i] = text(entry.getKey(), entry.getRawKey(), unsigned);
            weights[i] = number(entry.getValue(), unsignedWeights, ParquetColumns.ENTRIES, i);
        }
        sink.sparse(row, id, names, weights, false);
    }

    private static BadValue missing(String column) {
        return new BadValue("'%s' is missing".formatted(column));
    }

    /** The values of one list. */
    private static float[] floats(RowReader rows, String column, boolean unsigned) {
        if (rows.isNull(column)) {
            throw missing(column);
        }
        PqList list = rows.getList(column);
        float[] values = new float[size(list.size(), column)];
        for (int i = 0; i < values.length; i++) {
            values[i] = number(list.get(i), unsigned, column, i);
        }
        return values;
    }

    /** The values of several columns. */
    private static float[] floats(RowReader rows, ParquetColumns columns) {
        List<String> names = columns.choice().vector();
        float[] values = new float[size(names.size(), names.getFirst())];
        for (int i = 0; i < values.length; i++) {
            String column = names.get(i);
            if (rows.isNull(column)) {
                throw missing(column);
            }
            values[i] = number(rows.getValue(column), columns.isUnsigned(column), column, 0);
        }
        return values;
    }

    /** A text, whether the file says that it is one or only which bytes it has; a whole number; or a UUID. */
    private static String text(@Nullable Object value, @Nullable Object raw, boolean unsigned) {
        if (unsigned && value instanceof Integer number) {
            return Integer.toUnsignedString(number);
        }
        if (unsigned && value instanceof Long number) {
            return Long.toUnsignedString(number);
        }
        byte @Nullable [] bytes = raw instanceof byte[] r ? r : value instanceof byte[] v ? v : null;
        if (bytes == null || !(value instanceof String || value instanceof byte[])) {
            return String.valueOf(value);
        }
        if (bytes.length > RowIds.ID_BYTES_MAX) {
            throw new BadValue("an id has at most %s bytes: %s".formatted(RowIds.ID_BYTES_MAX, bytes.length));
        }
        try {
            return Utf8.text(bytes);
        } catch (IllegalArgumentException e) {
            throw new BadValue(String.valueOf(e.getMessage()));
        }
    }

    private static int size(int size, String column) {
        if (size > VALUES_MAX) {
            throw new BadValue("a row has at most %s values: %s in '%s'".formatted(VALUES_MAX, size, column));
        }
        return size;
    }

    private static float number(@Nullable Object value, boolean unsigned, String column, int i) {
        try {
            return switch (value) {
                case Float number -> number;
                case Double number -> Numbers.float32(number);
                case Integer number -> unsigned ? Integer.toUnsignedLong(number) : number;
                case Long number -> unsigned ? Numbers.unsigned(number) : number;
                case BigDecimal number -> Numbers.float32(number.toString());
                case Number number -> number.floatValue();
                case null -> throw noNumber(column, i);
                default -> throw noNumber(column, i);
            };
        } catch (ArithmeticException e) {
            throw new BadValue("%s[%s] is more than float32 holds: %s".formatted(column, i, value));
        }
    }

    private static BadValue noNumber(String column, int i) {
        return new BadValue("%s[%s] is no number".formatted(column, i));
    }
}
