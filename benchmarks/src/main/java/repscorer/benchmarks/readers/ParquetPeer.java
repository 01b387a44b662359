package repscorer.benchmarks.readers;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import repscorer.imports.ImportColumns;

/**
 * A file as parquet-java reads it, and the rows that an import should make of it; shares no code with the importer.
 *
 * @param failed why it cannot be read
 */
public record ParquetPeer(Optional<MessageType> schema, List<Group> groups, Optional<String> failed) {

    private static final int CHOICES_MAX = 3;

    public static ParquetPeer read(Path file) {
        Optional<MessageType> schema = Optional.empty();
        try {
            InputFile input = new LocalInputFile(file);
            try (ParquetFileReader reader = ParquetFileReader.open(input)) {
                schema = Optional.of(reader.getFileMetaData().getSchema());
            }
            List<Group> groups = new ArrayList<>();
            try (ParquetReader<Group> reader = new Builder(input).build()) {
                for (Group group = reader.read(); group != null; group = reader.read()) {
                    groups.add(group);
                }
            }
            return new ParquetPeer(schema, groups, Optional.empty());
        } catch (Exception | LinkageError e) {
            return new ParquetPeer(schema, List.of(), Optional.of(String.valueOf(e)));
        }
    }

    private static final class Builder extends ParquetReader.Builder<Group> {
        Builder(InputFile file) {
            super(file, new PlainParquetConfiguration());
        }

        @Override
        protected GroupReadSupport getReadSupport() {
            return new GroupReadSupport();
        }
    }

    /** Pairs of an id and a vector, three at most: each list of numbers, and all single numbers together. */
    public List<ImportColumns> choices() {
        if (schema.isEmpty()) {
            return List.of();
        }
        List<ImportColumns> choices = new ArrayList<>();
        List<Type> fields = schema.get().getFields();
        for (Type id : fields) {
            if (!isSingle(id) || !isId(id.asPrimitiveType())) {
                continue;
            }
            for (Type list : fields) {
                if (element(list).filter(ParquetPeer::isNumber).isPresent()) {
                    choices.add(new ImportColumns(Optional.of(id.getName()), List.of(list.getName())));
                }
            }
            List<String> numbers = fields.stream()
                    .filter(field -> field != id && isSingle(field) && isNumber(field))
                    .map(Type::getName)
                    .toList();
            if (!numbers.isEmpty()) {
                choices.add(new ImportColumns(Optional.of(id.getName()), numbers));
            }
        }
        return choices.size() > CHOICES_MAX ? choices.subList(0, CHOICES_MAX) : choices;
    }

    /** Ids and vectors of the rows that keep our rules, the first of an id. */
    public TreeMap<String, float[]> rows(ImportColumns columns) {
        TreeMap<String, float[]> rows = new TreeMap<>();
        int dimension = -1;
        for (Group group : groups) {
            Optional<String> id = id(group, columns.id().orElseThrow());
            Optional<float[]> vector = vector(group, columns.vector());
            if (id.isEmpty() || vector.isEmpty() || rows.containsKey(id.get())) {
                continue;
            }
            float[] values = vector.get();
            if (values.length > 0 && isFinite(values) && (dimension < 0 || dimension == values.length)) {
                dimension = values.length;
                rows.put(id.get(), values);
            }
        }
        return rows;
    }

    private static boolean isFinite(float[] values) {
        double squares = 0;
        for (float value : values) {
            squares += (double) value * value;
        }
        return Double.isFinite(squares) && Math.sqrt(squares) <= Math.sqrt(Float.MAX_VALUE);
    }

    private static Optional<String> id(Group group, String column) {
        if (group.getFieldRepetitionCount(column) == 0) {
            return Optional.empty();
        }
        PrimitiveType type = group.getType().getType(column).asPrimitiveType();
        boolean unsigned =
                type.getLogicalTypeAnnotation() instanceof IntLogicalTypeAnnotation whole && !whole.isSigned();
        String text;
        switch (type.getPrimitiveTypeName()) {
            case INT32 -> {
                int value = group.getInteger(column, 0);
                text = unsigned ? Integer.toUnsignedString(value) : Integer.toString(value);
            }
            case INT64 -> {
                long value = group.getLong(column, 0);
                text = unsigned ? Long.toUnsignedString(value) : Long.toString(value);
            }
            case FIXED_LEN_BYTE_ARRAY -> {
                ByteBuffer bytes = group.getBinary(column, 0).toByteBuffer();
                text = new UUID(bytes.getLong(), bytes.getLong()).toString();
            }
            default -> {
                try {
                    text = StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(group.getBinary(column, 0).toByteBuffer())
                            .toString();
                } catch (CharacterCodingException e) {
                    return Optional.empty();
                }
            }
        }
        boolean good = !text.isEmpty()
                && !text.contains(":")
                && text.chars().noneMatch(Character::isISOControl)
                && text.getBytes(StandardCharsets.UTF_8).length <= 256;
        return good ? Optional.of(text) : Optional.empty();
    }

    private static Optional<float[]> vector(Group group, List<String> columns) {
        Type first = group.getType().getType(columns.getFirst());
        if (columns.size() == 1 && element(first).isPresent()) {
            return list(group, first);
        }
        float[] values = new float[columns.size()];
        for (int i = 0; i < values.length; i++) {
            String column = columns.get(i);
            if (group.getFieldRepetitionCount(column) == 0) {
                return Optional.empty();
            }
            values[i] = number(group, group.getType().getType(column).asPrimitiveType(), column, 0);
        }
        return Optional.of(values);
    }

    private static Optional<float[]> list(Group row, Type field) {
        if (field.isPrimitive()) {
            float[] values = new float[row.getFieldRepetitionCount(field.getName())];
            for (int i = 0; i < values.length; i++) {
                values[i] = number(row, field.asPrimitiveType(), field.getName(), i);
            }
            return Optional.of(values);
        }
        if (row.getFieldRepetitionCount(field.getName()) == 0) {
            return Optional.empty();
        }
        Group list = row.getGroup(field.getName(), 0);
        Type repeated = list.getType().getType(0);
        float[] values = new float[list.getFieldRepetitionCount(0)];
        for (int i = 0; i < values.length; i++) {
            if (repeated.isPrimitive()) {
                values[i] = number(list, repeated.asPrimitiveType(), repeated.getName(), i);
                continue;
            }
            Group item = list.getGroup(0, i);
            if (item.getFieldRepetitionCount(0) == 0) {
                return Optional.empty();
            }
            Type element = item.getType().getType(0);
            values[i] = number(item, element.asPrimitiveType(), element.getName(), 0);
        }
        return Optional.of(values);
    }

    private static float number(Group group, PrimitiveType type, String column, int i) {
        LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
        boolean unsigned = logical instanceof IntLogicalTypeAnnotation whole && !whole.isSigned();
        if (logical instanceof DecimalLogicalTypeAnnotation decimal) {
            BigInteger unscaled = switch (type.getPrimitiveTypeName()) {
                case INT32 -> BigInteger.valueOf(group.getInteger(column, i));
                case INT64 -> BigInteger.valueOf(group.getLong(column, i));
                default -> new BigInteger(group.getBinary(column, i).getBytes());
            };
            return new BigDecimal(unscaled, decimal.getScale()).floatValue();
        }
        return switch (type.getPrimitiveTypeName()) {
            case FLOAT -> group.getFloat(column, i);
            case DOUBLE -> (float) group.getDouble(column, i);
            case INT32 -> {
                int value = group.getInteger(column, i);
                yield unsigned ? (float) Integer.toUnsignedLong(value) : value;
            }
            case INT64 -> {
                long value = group.getLong(column, i);
                yield unsigned ? new BigInteger(Long.toUnsignedString(value)).floatValue() : value;
            }
            default ->
                Float.float16ToFloat(group.getBinary(column, i)
                        .toByteBuffer()
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .getShort());
        };
    }

    private static boolean isSingle(Type field) {
        return field.isPrimitive() && !field.isRepetition(Type.Repetition.REPEATED);
    }

    /** What a list of primitives holds, in three levels, in two, or in one. */
    private static Optional<Type> element(Type field) {
        if (field.isPrimitive()) {
            return field.isRepetition(Type.Repetition.REPEATED) ? Optional.of(field) : Optional.empty();
        }
        boolean list = LogicalTypeAnnotation.listType().equals(field.getLogicalTypeAnnotation())
                && field.asGroupType().getFieldCount() == 1;
        if (!list) {
            return Optional.empty();
        }
        Type repeated = field.asGroupType().getType(0);
        if (repeated.isPrimitive()) {
            return Optional.of(repeated);
        }
        boolean single = repeated.asGroupType().getFieldCount() == 1
                && !repeated.getName().equals("array")
                && !repeated.getName().equals(field.getName() + "_tuple")
                && isSingle(repeated.asGroupType().getType(0));
        return single ? Optional.of(repeated.asGroupType().getType(0)) : Optional.empty();
    }

    private static boolean isId(PrimitiveType type) {
        LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
        return switch (type.getPrimitiveTypeName()) {
            case INT32, INT64 -> logical == null || logical instanceof IntLogicalTypeAnnotation;
            case BINARY ->
                logical == null
                        || logical.equals(LogicalTypeAnnotation.stringType())
                        || logical.equals(LogicalTypeAnnotation.enumType())
                        || logical.equals(LogicalTypeAnnotation.jsonType());
            case FIXED_LEN_BYTE_ARRAY -> LogicalTypeAnnotation.uuidType().equals(logical);
            default -> false;
        };
    }

    private static boolean isNumber(Type type) {
        if (!type.isPrimitive()) {
            return false;
        }
        LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
        boolean decimal = logical instanceof DecimalLogicalTypeAnnotation;
        PrimitiveTypeName name = type.asPrimitiveType().getPrimitiveTypeName();
        return switch (name) {
            case FLOAT, DOUBLE -> true;
            case INT32, INT64 -> logical == null || decimal || logical instanceof IntLogicalTypeAnnotation;
            case BINARY -> decimal;
            case FIXED_LEN_BYTE_ARRAY ->
                decimal || LogicalTypeAnnotation.float16Type().equals(logical);
            default -> false;
        };
    }
}
