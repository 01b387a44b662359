package repscorer.imports;

import dev.hardwood.metadata.LogicalType;
import dev.hardwood.metadata.PhysicalType;
import dev.hardwood.metadata.RepetitionType;
import dev.hardwood.schema.FileSchema;
import dev.hardwood.schema.SchemaNode;
import dev.hardwood.schema.SchemaNode.GroupNode;
import dev.hardwood.schema.SchemaNode.PrimitiveNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The columns of a Parquet file that rows are made of, checked to hold what they must. */
final class ParquetColumns {

    static final String COLUMNS = "columns";
    static final String WEIGHTS = "weights";
    static final String ENTRIES = "entries";

    private final String file;
    private final List<SchemaNode> fields;
    private final ColumnChoice choice;
    private final Set<String> unsigned;
    private final boolean list;
    private final boolean entries;

    /**
     * @param file named in complaints
     * @throws IllegalArgumentException naming the file and its columns, when one is missing or holds something else
     */
    ParquetColumns(String file, FileSchema schema, ImportColumns wanted, boolean dense) {
        this.file = file;
        this.fields = schema.getRootNode().children();
        this.choice = ColumnChoice.of(
                file, wanted, fields.stream().map(ParquetColumns::described).toList(), dense);
        this.unsigned = fields.stream()
                .filter(ParquetColumns::isColumnUnsigned)
                .map(SchemaNode::name)
                .collect(Collectors.toUnmodifiableSet());
        this.entries = !dense && fields.stream().anyMatch(field -> field.name().equals(ENTRIES));
        requireIds(single(choice.id()), choice.id());
        if (dense) {
            SchemaNode vector = field(choice.vector().getFirst());
            this.list = choice.vector().size() == 1
                    && (wanted.vector().isEmpty() || element(vector).isPresent());
            choice.vector().forEach(column -> requireNumbers(list ? element(column) : single(column), column));
        } else {
            this.list = false;
            requireSparse();
        }
    }

    private void requireSparse() {
        if (!entries) {
            requireIds(element(COLUMNS), COLUMNS);
            requireNumbers(element(WEIGHTS), WEIGHTS);
            return;
        }
        if (!(field(ENTRIES) instanceof GroupNode map) || !map.isMap()) {
            throw wrong("the column entries is a map");
        }
        requireIds(map.getMapKey(), ENTRIES);
        requireNumbers(map.getMapValue(), ENTRIES);
    }

    private static ColumnChoice.Column described(SchemaNode field) {
        boolean lists = element(field).map(ParquetColumns::holdsNumbers).orElse(false);
        ColumnChoice.Holds holds = lists
                ? ColumnChoice.Holds.LISTS
                : holdsNumbers(field) ? ColumnChoice.Holds.NUMBERS : ColumnChoice.Holds.OTHER;
        return new ColumnChoice.Column(field.name(), !isRepeated(field) && holdsIds(field), holds);
    }

    ColumnChoice choice() {
        return choice;
    }

    /** Whether the vector is a list in one column. */
    boolean isList() {
        return list;
    }

    /** Whether sparse rows have a map of entries. */
    boolean hasEntries() {
        return entries;
    }

    /** All that are read. */
    Set<String> names() {
        List<String> names = new ArrayList<>(choice.vector());
        if (names.isEmpty()) {
            names.addAll(entries ? List.of(ENTRIES) : List.of(COLUMNS, WEIGHTS));
        }
        names.addFirst(choice.id());
        return Set.copyOf(names);
    }

    /** Whether the whole numbers of a column, its list or its map's keys are unsigned. */
    boolean isUnsigned(String column) {
        return unsigned.contains(column);
    }

    private static boolean isColumnUnsigned(SchemaNode field) {
        return isUnsigned(
                field instanceof GroupNode group && group.isMap()
                        ? group.getMapKey()
                        : element(field).orElse(field));
    }

    /** Whether the weights of a map's entries are unsigned. */
    boolean hasUnsignedWeights() {
        return field(ENTRIES) instanceof GroupNode group && isUnsigned(group.getMapValue());
    }

    private static boolean isUnsigned(SchemaNode node) {
        return node instanceof PrimitiveNode primitive
                && primitive.logicalType() instanceof LogicalType.IntType number
                && !number.isSigned();
    }

    private SchemaNode field(String column) {
        List<SchemaNode> found =
                fields.stream().filter(field -> field.name().equals(column)).toList();
        if (found.size() > 1) {
            throw wrong("the column %s is there twice".formatted(column));
        }
        if (found.isEmpty()) {
            throw wrong("there is no column " + column);
        }
        return found.getFirst();
    }

    private SchemaNode single(String column) {
        SchemaNode field = field(column);
        if (isRepeated(field)) {
            throw wrong("the column %s is no list".formatted(column));
        }
        return field;
    }

    private static boolean isRepeated(SchemaNode field) {
        return field.repetitionType() == RepetitionType.REPEATED;
    }

    private SchemaNode element(String column) {
        return element(field(column)).orElseThrow(() -> wrong("the column %s is a list".formatted(column)));
    }

    /** What a list holds, be it told as one or a field that is repeated. */
    private static Optional<SchemaNode> element(SchemaNode field) {
        if (field instanceof GroupNode group) {
            return group.isList() ? Optional.ofNullable(group.getListElement()) : Optional.empty();
        }
        return isRepeated(field) ? Optional.of(field) : Optional.empty();
    }

    private static boolean holdsIds(SchemaNode node) {
        if (!(node instanceof PrimitiveNode primitive)) {
            return false;
        }
        LogicalType type = primitive.logicalType();
        return switch (primitive.type()) {
            case BYTE_ARRAY ->
                type == null
                        || type instanceof LogicalType.StringType
                        || type instanceof LogicalType.EnumType
                        || type instanceof LogicalType.JsonType;
            case INT32, INT64 -> type == null || type instanceof LogicalType.IntType;
            case FIXED_LEN_BYTE_ARRAY -> type instanceof LogicalType.UuidType;
            default -> false;
        };
    }

    private static boolean holdsNumbers(SchemaNode node) {
        if (!(node instanceof PrimitiveNode primitive)) {
            return false;
        }
        LogicalType type = primitive.logicalType();
        boolean decimal = type instanceof LogicalType.DecimalType;
        return switch (primitive.type()) {
            case FLOAT, DOUBLE -> true;
            case INT32, INT64 -> type == null || decimal || type instanceof LogicalType.IntType;
            case FIXED_LEN_BYTE_ARRAY -> decimal || type instanceof LogicalType.Float16Type;
            case BYTE_ARRAY -> decimal;
            default -> false;
        };
    }

    private void requireIds(SchemaNode node, String column) {
        if (!holdsIds(node)) {
            throw wrong("the column %s holds texts or whole numbers, not %s".formatted(column, type(node)));
        }
    }

    private void requireNumbers(SchemaNode node, String column) {
        if (!holdsNumbers(node)) {
            throw wrong("the column %s holds numbers, not %s".formatted(column, type(node)));
        }
    }

    private static String type(SchemaNode node) {
        if (!(node instanceof PrimitiveNode primitive)) {
            return "a group";
        }
        LogicalType type = primitive.logicalType();
        PhysicalType physical = primitive.type();
        return type == null ? physical.toString() : type.toString();
    }

    private IllegalArgumentException wrong(String rule) {
        return new IllegalArgumentException("%s: %s; its columns are %s"
                .formatted(file, rule, fields.stream().map(SchemaNode::name).collect(Collectors.joining(", "))));
    }
}
