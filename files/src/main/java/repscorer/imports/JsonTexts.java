package repscorer.imports;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/** One JSON object a line, with an id and a text. Other keys are passed over, for other tools write more than we read. */
final class JsonTexts implements RowSource {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String TEXT = "text";

    private final ImportInput input;
    private final String idKey;

    JsonTexts(ImportInput input, ImportColumns columns) {
        this.input = input;
        this.idKey = columns.id().orElse("id");
    }

    @Override
    public void read(RowSink sink) throws IOException {
        JsonRows.readLines(input, sink, (row, line) -> {
            if (!line.isBlank()) {
                try (JsonParser parser = JSON.createParser(line)) {
                    handOver(row, parser, sink);
                }
            }
        });
    }

    private void handOver(long row, JsonParser parser, RowSink sink) {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new IllegalArgumentException("no JSON object: a line begins with {");
        }
        @Nullable String id = null;
        @Nullable String text = null;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = parser.currentName();
            JsonToken value = parser.nextToken();
            if (key.equals(idKey)) {
                id = once(key, id, value, parser, value == JsonToken.VALUE_NUMBER_INT);
            } else if (key.equals(TEXT)) {
                text = once(key, text, value, parser, false);
            } else {
                parser.skipChildren();
            }
        }
        if (parser.nextToken() != null) {
            throw new IllegalArgumentException("a line is one JSON object: more follows it");
        }
        if (id == null || text == null) {
            throw new IllegalArgumentException("'%s' is missing".formatted(id == null ? idKey : TEXT));
        }
        sink.text(row, id, text);
    }

    private static String once(
            String key, @Nullable String before, JsonToken value, JsonParser parser, boolean orNumber) {
        if (before != null) {
            throw new IllegalArgumentException("keys must differ: '%s' is there twice".formatted(key));
        }
        if (value != JsonToken.VALUE_STRING && !orNumber) {
            throw new IllegalArgumentException("%s is no text".formatted(key));
        }
        return parser.getString();
    }
}
