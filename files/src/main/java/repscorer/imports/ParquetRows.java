package repscorer.imports;

import dev.hardwood.InputFile;
import dev.hardwood.metadata.PhysicalType;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.RowReader;
import dev.hardwood.row.PqList;
import dev.hardwood.row.PqMap;
import dev.hardwood.schema.FileSchema;
import dev.hardwood.schema.SchemaNode;
import dev.hardwood.schema.SchemaNode.GroupNode;
import dev.hardwood.schema.SchemaNode.PrimitiveNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A Parquet file. The one class that knows the library. */
final class ParquetRows implements RowSource {

    private static final String ID = "id";
    private static final String VECTOR = "vector";
    private static final String COLUMNS = "columns";
    private static final String WEIGHTS = "weights";
    private static final String ENTRIES = "entries";

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
        try (ParquetFileReader reader = open()) {
            boolean entries = hasEntries(reader.getFileSchema());
            try (RowReader rows = reader.rowReader()) {
                long row = 0;
                while (rows.hasNext()) {
                    rows.next();
                    row++;
                    try {
                        hand(entries, row, rows, sink);
                    } catch (IllegalArgumentException e) {
                        sink.bad(row, String.valueOf(e.getMessage()));
                    }
                    sink.progress(row);
                }
            }
        }
    }

    private ParquetFileReader open() throws IOException {
        try {
            return ParquetFileReader.open(InputFile.of(file));
        } catch (IOException | RuntimeException e) {
            throw new IOException("%s: no Parquet file that can be read: %s".formatted(name, e.getMessage()), e);
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
            throw new IllegalArgumentException("'id' is missing");
        }
        String id = text(rows.getValue(ID));
        if (dense) {
            sink.dense(row, id, floats(rows, VECTOR));
        } else if (hasEntries) {
            if (rows.isNull(ENTRIES)) {
                throw new IllegalArgumentException("'entries' is missing");
            }
            List<PqMap.Entry> entries = rows.getMap(ENTRIES).getEntries();
            String[] columns = new String[entries.size()];
            float[] weights = new float[columns.length];
            for (int i = 0; i < columns.length; i++) {
                PqMap.Entry entry = entries.get(i);
                columns[i] = text(entry.getKey());
                weights[i] = number(entry.getValue(), ENTRIES, i);
            }
            sink.sparse(row, id, columns, weights, false);
        } else {
            if (rows.isNull(COLUMNS)) {
                throw new IllegalArgumentException("'columns' is missing");
            }
            PqList list = rows.getList(COLUMNS);
            String[] columns = new String[list.size()];
            for (int i = 0; i < columns.length; i++) {
                if (list.isNull(i)) {
                    throw new IllegalArgumentException("columns[%s] is missing".formatted(i));
                }
                columns[i] = text(list.get(i));
            }
            sink.sparse(row, id, columns, floats(rows, WEIGHTS), true);
        }
    }

    private static float[] floats(RowReader rows, String column) {
        if (rows.isNull(column)) {
            throw new IllegalArgumentException("'%s' is missing".formatted(column));
        }
        PqList list = rows.getList(column);
        float[] values = new float[list.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = number(list.get(i), column, i);
        }
        return values;
    }

    /** A text, whether the file says that it is one or only which bytes it has; or a whole number. */
    private static String text(Object value) {
        return value instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : String.valueOf(value);
    }

    private static float number(@Nullable Object value, String column, int i) {
        if (!(value instanceof Number number)) {
            throw new IllegalArgumentException("%s[%s] is no number".formatted(column, i));
        }
        return number.floatValue();
    }
}
