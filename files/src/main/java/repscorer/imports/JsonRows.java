package repscorer.imports;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
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
    private final boolean dense;

    JsonRows(ImportInput input, boolean dense) {
        this.input = input;
        this.dense = dense;
    }

    @Override
    public void read(RowSink sink) throws IOException {
        Lines lines = new Lines(TextStart.skipMark(input.bytes()), ROW_BYTES_MAX);
        long row = 0;
        while (lines.next()) {
            row++;
            if (lines.tooLong()) {
                sink.bad(row, RowSource.tooLong());
            } else {
                read(row, lines.bytes(), sink);
            }
            sink.progress(row);
        }
    }

    private void read(long row, byte[] bytes, RowSink sink) {
        try {
            String line = Utf8.text(bytes);
            if (!line.isBlank()) {
                try (JsonParser parser = JSON.createParser(line)) {
                    new Line(parser).handOver(row, sink, dense);
                }
            }
        } catch (JacksonException e) {
            sink.bad(row, "no JSON object: " + JacksonFailures.words(e));
        } catch (IllegalArgumentException e) {
            sink.bad(row, String.valueOf(e.getMessage()));
        }
    }

    /** What a line says. */
    private static final class Line {

        private static final Set<String> READ = Set.of("id", "vector", "entries", "columns", "weights");

        private final Set<String> keys = new HashSet<>();
        private @Nullable String id;
        private float @Nullable [] vector;
        private @Nullable Map<String, Float> entries;
        private String @Nullable [] columns;
        private float @Nullable [] weights;

        Line(JsonParser parser) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("no JSON object: a line begins with {");
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String key = parser.currentName();
                if (READ.contains(key) && !keys.add(key)) {
                    throw new IllegalArgumentException("keys must differ: '%s' is there twice".formatted(key));
                }
                JsonToken value = parser.nextToken();
                switch (key) {
                    case "id" -> id = text(key, parser, value);
                    case "vector" ->
                        vector = value == JsonToken.VALUE_STRING
                                ? packed(parser.getString())
                                : numbers(key, parser, value);
                    case "entries" -> entries = entries(parser, value);
                    case "columns" -> columns = texts(key, parser, value);
                    case "weights" -> weights = numbers(key, parser, value);
                    default -> parser.skipChildren();
                }
            }
            if (parser.nextToken() != null) {
                throw new IllegalArgumentException("a line is one JSON object: more follows it");
            }
            if (entries != null && (columns != null || weights != null)) {
                throw new IllegalArgumentException("a row has 'entries', or 'columns' and 'weights', not both");
            }
        }

        void handOver(long row, RowSink sink, boolean dense) {
            if (id == null) {
                throw new IllegalArgumentException("'id' is missing");
            }
            if (dense) {
                if (vector == null) {
                    throw new IllegalArgumentException("'vector' is missing");
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
                if (value != JsonToken.VALUE_NUMBER_FLOAT && value != JsonToken.VALUE_NUMBER_INT) {
                    throw new IllegalArgumentException("%s[%s] is no number".formatted(key, size));
                }
                if (size == values.length) {
                    values = Arrays.copyOf(values, 2 * size);
                }
                values[size++] = (float) parser.getDoubleValue();
            }
            return Arrays.copyOf(values, size);
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
                if (value != JsonToken.VALUE_NUMBER_FLOAT && value != JsonToken.VALUE_NUMBER_INT) {
                    throw new IllegalArgumentException("entries.%s is no number".formatted(column));
                }
                if (entries.put(column, (float) parser.getDoubleValue()) != null) {
                    throw new IllegalArgumentException("columns must differ: %s is there twice".formatted(column));
                }
            }
            return entries;
        }

        private static float[] packed(String base64) {
            byte[] bytes = Base64.getDecoder().decode(base64);
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
