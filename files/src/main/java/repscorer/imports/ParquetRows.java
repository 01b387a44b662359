package repscorer.imports;

import dev.hardwood.InputFile;
import dev.hardwood.metadata.ColumnChunk;
import dev.hardwood.metadata.CompressionCodec;
import dev.hardwood.metadata.FileMetaData;
import dev.hardwood.metadata.PhysicalType;
import dev.hardwood.metadata.RowGroup;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.RowReader;
import dev.hardwood.row.PqList;
import dev.hardwood.row.PqMap;
import dev.hardwood.schema.ColumnProjection;
import dev.hardwood.schema.FileSchema;
import dev.hardwood.schema.SchemaNode;
import dev.hardwood.schema.SchemaNode.GroupNode;
import dev.hardwood.schema.SchemaNode.PrimitiveNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import repscorer.text.Utf8;

/** A Parquet file. The one class that knows the library; {@link ParquetProcess} runs it. */
final class ParquetRows implements RowSource {

    private static final String ID = "id";
    private static final String VECTOR = "vector";
    private static final String COLUMNS = "columns";
    private static final String WEIGHTS = "weights";
    private static final String ENTRIES = "entries";
    private static final int VALUES_MAX = ROW_BYTES_MAX / Float.BYTES;

    /** Those whose libraries are with us. */
    private static final Set<CompressionCodec> CODECS = EnumSet.of(
            CompressionCodec.UNCOMPRESSED, CompressionCodec.SNAPPY, CompressionCodec.GZIP, CompressionCodec.ZSTD);

    private final String name;
    private final Path file;
    private final boolean dense;

    ParquetRows(String name, Path file, boolean dense) {
        this.name = name;
        this.file = file;
        this.dense = dense;
    }

    @Override
    public void read(RowSink sink) throws IOException {
        try (ParquetFileReader reader = ParquetFileReader.open(InputFile.of(file))) {
            boolean entries = hasEntries(reader.getFileSchema());
            String[] columns = columns(entries);
            requireCodecs(reader.getFileMetaData(), Set.of(columns));
            long rows = reader.getFileMetaData().numRows();
            if (rows == 0) {
                throw new IllegalArgumentException(name + ": the table has no rows");
            }
            try (RowReader reading = reader.buildRowReader()
                    .projection(ColumnProjection.columns(columns))
                    .build()) {
                read(reading, rows, entries, sink);
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

    private void read(RowReader reading, long rows, boolean entries, RowSink sink) throws IOException {
        long row = 0;
        while (reading.hasNext()) {
            reading.next();
            if (row++ == rows) {
                throw new IOException("it holds more rows than the %s that it tells of".formatted(rows));
            }
            try {
                hand(entries, row, reading, sink);
            } catch (BadValue e) {
                sink.bad(row, String.valueOf(e.getMessage()));
            }
            sink.progress(row);
        }
        if (row < rows) {
            throw new IOException("it holds %s rows and tells of %s".formatted(row, rows));
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

    private String[] columns(boolean entries) {
        if (dense) {
            return new String[] {ID, VECTOR};
        }
        return entries ? new String[] {ID, ENTRIES} : new String[] {ID, COLUMNS, WEIGHTS};
    }

    private void requireCodecs(FileMetaData metadata, Set<String> columns) {
        for (RowGroup group : metadata.rowGroups()) {
            for (ColumnChunk chunk : group.columns()) {
                String column = chunk.metaData().pathInSchema().topLevelName();
                CompressionCodec codec = chunk.metaData().codec();
                if (columns.contains(column) && !CODECS.contains(codec)) {
                    throw new IllegalArgumentException(
                            "%s: the column %s is packed with %s, which is not read; write it with snappy, zstd, gzip or none"
                                    .formatted(name, column, codec.name().toLowerCase(Locale.ROOT)));
                }
            }
        }
    }

    /** Checks the file's columns; answers whether entries come as a map. */
    private boolean hasEntries(FileSchema schema) {
        List<SchemaNode> fields = schema.getRootNode().children();
        requireIds(field(fields, ID), ID, fields);
        if (dense) {
            requireNumbers(element(fields, VECTOR), VECTOR, fields);
            return false;
        }
        if (fields.stream().noneMatch(field -> field.name().equals(ENTRIES))) {
            requireIds(element(fields, COLUMNS), COLUMNS, fields);
            requireNumbers(element(fields, WEIGHTS), WEIGHTS, fields);
            return false;
        }
        if (!(field(fields, ENTRIES) instanceof GroupNode map) || !map.isMap()) {
            throw wrong("the column entries is a map", fields);
        }
        requireIds(map.getMapKey(), ENTRIES, fields);
        requireNumbers(map.getMapValue(), ENTRIES, fields);
        return true;
    }

    private SchemaNode field(List<SchemaNode> fields, String column) {
        if (fields.stream().filter(field -> field.name().equals(column)).count() > 1) {
            throw wrong("the column %s is there twice".formatted(column), fields);
        }
        return fields.stream()
                .filter(field -> field.name().equals(column))
                .findFirst()
                .orElseThrow(() -> wrong("there is no column " + column, fields));
    }

    private SchemaNode element(List<SchemaNode> fields, String column) {
        if (!(field(fields, column) instanceof GroupNode group) || !group.isList()) {
            throw wrong("the column %s is a list".formatted(column), fields);
        }
        return group.getListElement();
    }

    private void requireIds(SchemaNode node, String column, List<SchemaNode> fields) {
        if (!(node instanceof PrimitiveNode primitive)
                || (primitive.type() != PhysicalType.BYTE_ARRAY
                        && primitive.type() != PhysicalType.INT64
                        && primitive.type() != PhysicalType.INT32)) {
            throw wrong("the column %s holds texts or whole numbers".formatted(column), fields);
        }
    }

    private void requireNumbers(SchemaNode node, String column, List<SchemaNode> fields) {
        if (!(node instanceof PrimitiveNode primitive)
                || (primitive.type() != PhysicalType.FLOAT && primitive.type() != PhysicalType.DOUBLE)) {
            throw wrong("the column %s holds floats or doubles".formatted(column), fields);
        }
    }

    private IllegalArgumentException wrong(String rule, List<SchemaNode> fields) {
        return new IllegalArgumentException("%s: %s; its columns are %s"
                .formatted(name, rule, fields.stream().map(SchemaNode::name).collect(Collectors.joining(", "))));
    }

    private void hand(boolean hasEntries, long row, RowReader rows, RowSink sink) {
        if (rows.isNull(ID)) {
            throw new BadValue("'id' is missing");
        }
        String id = text(rows.getValue(ID), rows.getRawValue(ID));
        if (dense) {
            sink.dense(row, id, floats(rows, VECTOR));
        } else if (hasEntries) {
            if (rows.isNull(ENTRIES)) {
                throw new BadValue("'entries' is missing");
            }
            List<PqMap.Entry> entries = rows.getMap(ENTRIES).getEntries();
            String[] columns = new String[size(entries.size(), ENTRIES)];
            float[] weights = new float[columns.length];
            for (int i = 0; i < columns.length; i++) {
                PqMap.Entry entry = entries.get(i);
                columns[i] = text(entry.getKey(), entry.getRawKey());
                weights[i] = number(entry.getValue(), ENTRIES, i);
            }
            sink.sparse(row, id, columns, weights, false);
        } else {
            if (rows.isNull(COLUMNS)) {
                throw new BadValue("'columns' is missing");
            }
            PqList list = rows.getList(COLUMNS);
            String[] columns = new String[size(list.size(), COLUMNS)];
            for (int i = 0; i < columns.length; i++) {
                if (list.isNull(i)) {
                    throw new BadValue("columns[%s] is missing".formatted(i));
                }
                columns[i] = text(list.get(i), list.getRaw(i));
            }
            sink.sparse(row, id, columns, floats(rows, WEIGHTS), true);
        }
    }

    private static float[] floats(RowReader rows, String column) {
        if (rows.isNull(column)) {
            throw new BadValue("'%s' is missing".formatted(column));
        }
        PqList list = rows.getList(column);
        float[] values = new float[size(list.size(), column)];
        for (int i = 0; i < values.length; i++) {
            values[i] = number(list.get(i), column, i);
        }
        return values;
    }

    /** A text, whether the file says that it is one or only which bytes it has; or a whole number. */
    private static String text(@Nullable Object value, @Nullable Object raw) {
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

    private static float number(@Nullable Object value, String column, int i) {
        if (!(value instanceof Number number)) {
            throw new BadValue("%s[%s] is no number".formatted(column, i));
        }
        return number.floatValue();
    }
}
