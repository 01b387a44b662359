package repscorer.api.lines;

import java.util.HashSet;
import java.util.Set;
import repscorer.text.Utf8;
import repscorer.yaml.JacksonFailures;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/** A line that is one JSON object in UTF-8, each of its keys there once. */
public final class JsonLine {

    /** What is not one. */
    public static final String MALFORMED = "malformed-json";

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String ONE_OBJECT = "a line is one JSON object";

    /** Takes one key's value. */
    @FunctionalInterface
    public interface Taker {

        /**
         * @param parser at the value's first token
         * @throws BadLine for a key or a value that there is none of
         */
        void take(String key, JsonParser parser, JsonToken value);
    }

    private JsonLine() {}

    /**
     * Reads a line to its end.
     *
     * @return its keys
     * @throws BadLine for what is no such object, and as the taker does
     */
    public static Set<String> read(byte[] line, Taker taker) {
        try {
            Utf8.text(line);
        } catch (IllegalArgumentException e) {
            throw new BadLine(MALFORMED, String.valueOf(e.getMessage()));
        }
        try (JsonParser parser = JSON.createParser(line)) {
            return read(parser, taker);
        } catch (JacksonException e) {
            throw new BadLine(MALFORMED, JacksonFailures.words(e));
        }
    }

    private static Set<String> read(JsonParser parser, Taker taker) {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new BadLine(MALFORMED, ONE_OBJECT);
        }
        Set<String> keys = new HashSet<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = parser.currentName();
            if (!keys.add(key)) {
                throw new BadLine("duplicate-key", "keys must differ: '%s' is there twice".formatted(key));
            }
            taker.take(key, parser, parser.nextToken());
        }
        if (parser.nextToken() != null) {
            throw new BadLine(MALFORMED, ONE_OBJECT);
        }
        return keys;
    }

    /** A text value. */
    public static String text(String key, JsonParser parser, JsonToken value) {
        if (value != JsonToken.VALUE_STRING) {
            throw new BadLine("wrong-type", key + " is a text");
        }
        return parser.getString();
    }

    /** The rule that a line breaks that is not read to its end. */
    public static BadLine tooLong(int bytesMax) {
        return new BadLine(MALFORMED, "a line has at most %s bytes".formatted(bytesMax));
    }
}
