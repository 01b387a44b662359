package repscorer.imports;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import repscorer.text.Lines;
import repscorer.text.TextStart;
import repscorer.text.Utf8;
import repscorer.yaml.JacksonFailures;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/** One JSON object a line. Keys that mean nothing here are passed over, for other tools write more than we read. */
final class JsonRows implements RowSource {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final ImportInput input;
    private final ImportColumns columns;
    private final boolean dense;
    private ColumnChoice keys;

    JsonRows(ImportInput input, ImportColumns columns, boolean dense) {
        this.input = input;
        this.columns = columns;
        this.dense = dense;
        this.keys = plain();
    }

    /** What a line of JSON says. */
    @FunctionalInterface
    interface OfLine {
        void read(long row, String line);
    }

    @Override
    public void read(RowSink sink) throws IOException {
        readLines(input, sink, (row, line) -> {
            if (row == 1) {
                keys = choose(line);
                keys.told().ifPresent(sink::columns);
            }
            if (!line.isBlank()) {
                try (JsonParser parser = JSON.createParser(line)) {
                    new Line(parser, keys).handOver(row, sink, dense);
                }
            }
        });
    }

    /** Goes through all lines, blank ones too; one that is too long, no JSON, or refused, is a bad row and ends nothing. */
    static void readLines(ImportInput input, RowSink sink, OfLine reader) throws IOException {
        Lines lines = new Lines(TextStart.skipMark(input.bytes()), ROW_BYTES_MAX);
        long row = 0;
        while (lines.next()) {
            row++;
            if (lines.tooLong()) {
                sink.bad(row, RowSource.tooLong());
            } else {
                read(row, lines.bytes(), sink, reader);
            }
            sink.progress(row);
        }
    }

    private static void read(long row, byte[] bytes, RowSink sink, OfLine reader) {
        try {
            reader.read(row, Utf8.text(bytes));
        } catch (JacksonException e) {
            sink.bad(row, "no JSON object: " + JacksonFailures.words(e));
        } catch (IllegalArgumentException e) {
            sink.bad(row, String.valueOf(e.getMessage()));
        }
    }

    private ColumnChoice plain() {
        return new ColumnChoice(
                columns.id().orElse("id"),
                !dense ? List.of() : columns.vector().isEmpty() ? List.of("vector") : columns.vector());
    }

    /** The keys of id and vector, told by the first line where they are not named. */
    private ColumnChoice choose(String line) {
        try (JsonParser parser = JSON.createParser(line)) {
            Map<String, ColumnChoice.Column> found = keys(parser);
            if (!found.keySet().containsAll(keys.vector()) || !found.containsKey(keys.id())) {
                return ColumnChoice.of(input.name(), columns, List.copyOf(found.values()), dense);
            }
        } catch (JacksonException | IllegalArgumentException e) {
            // the row tells what it lacks
        }
        return keys;
    }

    private static Map<String, ColumnChoice.Column> keys(JsonParser parser) {
        Map<String, ColumnChoice.Column> keys = new LinkedHashMap<>();
        parser.nextToken();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            boolean mayBeId = value == JsonToken.VALUE_STRING || value == JsonToken.VALUE_NUMBER_INT;
            boolean list = value == JsonToken.START_ARRAY;
            parser.skipChildren();
            keys.put(
                    name,
                    new ColumnChoice.Column(name, mayBeId, list ? ColumnChoice.Holds.LISTS : ColumnChoice.Holds.OTHER));
        }
        return keys;
    }

    /** What a line says. */
    private static final class Line {

        private static final Set<String> SPARSE = Set.of("entries", "columns", "weights");

        private final ColumnChoice choice;
        private final Set<String> keys = new HashSet<>();
        private @Nullable String id;
        private float @Nullable [] vector;
        private @Nullable Map<String, Float> entries;
        private String @Nullable [] columns;
        private float @Nullable [] weights;

        Line(JsonParser parser, ColumnChoice choice) {
            this.choice = choice;
            boolean dense = !choice.vector().isEmpty();
            List<String> single = choice.vector().size() > 1 ? choice.vector() : List.of();
            float[] singles = new float[single.size()];
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("no JSON object: a line begins with {");
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String key = parser.currentName();
                boolean isId = key.equals(choice.id());
                boolean isVector = choice.vector().contains(key);
                if ((isId || isVector || SPARSE.contains(key)) && !keys.add(key)) {
                    throw new IllegalArgumentException("keys must differ: '%s' is there twice".formatted(key));
                }
                JsonToken value = parser.nextToken();
                if (isId) {
                    id = text(key, parser, value);
                } else if (isVector && !single.isEmpty()) {
                    singles[single.indexOf(key)] = number(key, -1, parser, value);
                } else if (isVector) {
                    vector = value == JsonToken.VALUE_STRING
                            ? packed(key, parser.getString())
                            : numbers(key, parser, value);
                } else {
                    sparse(dense ? "" : key, parser, value);
                }
            }
            if (!single.isEmpty() && keys.containsAll(single)) {
                vector = singles;
            }
            if (parser.nextToken() != null) {
                throw new IllegalArgumentException("a line is one JSON object: more follows it");
            }
            if (entries != null && (columns != null || weights != null)) {
                throw new IllegalArgumentException("a row has 'entries', or 'columns' and 'weights', not both");
            }
        }

        private void sparse(String key, JsonParser parser, JsonToken value) {
            switch (key) {
                case "entries" -> entries = entries(parser, value);
                case "columns" -> columns = texts(key, parser, value);
                case "weights" -> weights = numbers(key, parser, value);
                default -> parser.skipChildren();
            }
        }

        void handOver(long row, RowSink sink, boolean dense) {
            if (id == null) {
                throw new IllegalArgumentException("'%s' is missing".formatted(choice.id()));
            }
            if (dense) {
                if (vector == null) {
                    throw new IllegalArgumentException(choice.vector().stream()
                            .filter(key -> !keys.contains(key))
                            .findFirst()
                            .map(key -> "'%s' is missing".formatted(key))
                            .orElse("'vector' is missing"));
                }
                sink.dense(row, id, vector);
            } else if (entries != null) {
                float[] values = new float[entries.size()];
                int at = 0;
                for (float value : entries.values()) {
                    values[at++] = value;
                }
                sink.sparse(row, id, entries.keySet().toArray(new String[0]), values, false);
            } else if (columns != null && weights != null) {
                sink.sparse(row, id, columns, weights, true);
            } else {
                throw new IllegalArgumentException("'entries' is missing, or 'columns' and 'weights'");
            }
        }

        private static String text(String key, JsonParser parser, JsonToken value) {
            if (value != JsonToken.VALUE_STRING && value != JsonToken.VALUE_NUMBER_INT) {
                throw new IllegalArgumentException("%s is neither a text nor a whole number".formatted(key));
            }
            return parser.getString();
        }

        private static float[] numbers(String key, JsonParser parser, JsonToken first) {
            requireList(key, first);
            float[] values = new float[128];
            int size = 0;
            for (JsonToken value = parser.nextToken(); value != JsonToken.END_ARRAY; value = parser.nextToken()) {
                if (size == values.length) {
                    values = Arrays.copyOf(values, 2 * size);
                }
                values[size] = number(key, size, parser, value);
                size++;
            }
            return Arrays.copyOf(values, size);
        }

        /** @param at its place in a list, or -1 */
        private static float number(String key, int at, JsonParser parser, JsonToken value) {
            if (value != JsonToken.VALUE_NUMBER_FLOAT && value != JsonToken.VALUE_NUMBER_INT) {
                throw new IllegalArgumentException(place(key, at) + " is no number");
            }
            float number = (float) parser.getDoubleValue();
            if (Float.isInfinite(number)) {
                throw new IllegalArgumentException(
                        "%s is more than float32 holds: %s".formatted(place(key, at), clip(parser.getString())));
            }
            return number;
        }

        private static String place(String key, int at) {
            return at < 0 ? key : "%s[%s]".formatted(key, at);
        }

        private static String clip(String text) {
            return text.length() <= 64 ? text : text.substring(0, 64) + "...";
        }

        private static String[] texts(String key, JsonParser parser, JsonToken first) {
            requireList(key, first);
            String[] values = new String[16];
            int size = 0;
            for (JsonToken value = parser.nextToken(); value != JsonToken.END_ARRAY; value = parser.nextToken()) {
                if (size == values.length) {
                    values = Arrays.copyOf(values, 2 * size);
                }
                values[size] = text("%s[%s]".formatted(key, size), parser, value);
                size++;
            }
            return Arrays.copyOf(values, size);
        }

        private static void requireList(String key, JsonToken first) {
            if (first != JsonToken.START_ARRAY) {
                throw new IllegalArgumentException(key + " is no list");
            }
        }

        private static Map<String, Float> entries(JsonParser parser, JsonToken first) {
            if (first != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("entries is no object of weights");
            }
            Map<String, Float> entries = new LinkedHashMap<>();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String column = parser.currentName();
                JsonToken value = parser.nextToken();
                if (entries.put(column, number("entries." + column, -1, parser, value)) != null) {
                    throw new IllegalArgumentException("columns must differ: %s is there twice".formatted(column));
                }
            }
            return entries;
        }

        private static float[] packed(String key, String base64) {
            byte[] bytes;
            try {
                bytes = Base64.getDecoder().decode(base64);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "%s is a list of numbers, or a text of float32 in base64: '%s'".formatted(key, clip(base64)),
                        e);
            }
            if (bytes.length % Float.BYTES != 0) {
                throw new IllegalArgumentException(
                        "float32 values have 4 bytes each: %s bytes".formatted(bytes.length));
            }
            float[] values = new float[bytes.length / Float.BYTES];
            ByteBuffer.wrap(bytes)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .get(values);
            return values;
        }
    }
}
