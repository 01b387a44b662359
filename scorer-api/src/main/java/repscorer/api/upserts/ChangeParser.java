package repscorer.api.upserts;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import repscorer.api.lines.BadLine;
import repscorer.api.lines.JsonLine;
import repscorer.core.embedding.Embedding;
import repscorer.core.entity.EntityId;
import repscorer.core.store.Change;
import repscorer.core.store.Outcome.Refused;
import repscorer.core.store.SpaceVersion;
import repscorer.vector.SparseVector;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Reads one line of a stream of changes. Immutable, safe for concurrent use. */
public final class ChangeParser {

    /** What names of producers begin with that are partitions of topics; callers have others. */
    public static final String OF_TOPICS = "kafka.";

    /** What a line may put in. */
    private static final List<String> ROWS = List.of("vector", "entries", "text");

    private static final int KIND_MAX = 64;

    private final SpaceVersion version;

    public ChangeParser(SpaceVersion version) {
        this.version = version;
    }

    /** A change, or the rule that the line breaks. */
    public sealed interface Parsed {

        record Good(Change change) implements Parsed {}

        record Bad(Refused refused) implements Parsed {}
    }

    /** What a line has said so far. */
    private static final class Draft {
        @Nullable
        EntityId id;

        @Nullable
        Embedding embedding;

        @Nullable
        Map<EntityId, Float> named; // entries of which some have no column yet

        OptionalLong number = OptionalLong.empty();
        OptionalLong madeMillis = OptionalLong.empty();
        boolean delete;

        @Nullable
        EntityId user; // who engaged

        @Nullable
        String kind; // of engagement
    }

    public Parsed parse(byte[] line) {
        try {
            Draft draft = new Draft();
            Set<String> keys = JsonLine.read(line, (key, parser, value) -> take(draft, key, parser, value));
            if (ROWS.stream().filter(keys::contains).count() > 1) {
                throw new BadLine("malformed-change", "a line has a vector, entries or a text, and one of them");
            }
            if (draft.id == null) {
                throw new BadLine("field-missing", "id is missing");
            }
            if (draft.user != null || draft.kind != null) {
                return new Parsed.Good(engagement(draft.id, draft));
            }
            if (draft.delete == (draft.embedding != null || draft.named != null)) {
                throw new BadLine(
                        "malformed-change",
                        "a line has a vector, entries, a text, a user and a kind, or \"delete\": true");
            }
            return new Parsed.Good(change(draft.id, draft));
        } catch (BadLine e) {
            return bad(e);
        } catch (IllegalArgumentException e) {
            return bad(new BadLine("malformed-change", String.valueOf(e.getMessage())));
        }
    }

    private static Change engagement(EntityId id, Draft draft) {
        if (draft.user == null || draft.kind == null) {
            throw new BadLine("field-missing", draft.user == null ? "user is missing" : "kind is missing");
        }
        if (draft.delete || draft.embedding != null || draft.named != null) {
            throw new BadLine("malformed-change", "an engagement has no vector, no entries and no \"delete\": true");
        }
        return new Change.Engagement(id, draft.user, draft.kind, draft.number, draft.madeMillis);
    }

    private static Change change(EntityId id, Draft draft) {
        if (draft.named != null) {
            return new Change.Named(id, draft.named, draft.number, draft.madeMillis);
        }
        return draft.embedding == null
                ? new Change.Delete(id, draft.number)
                : new Change.Upsert(id, draft.embedding, draft.number, draft.madeMillis);
    }

    /** What a line is that is not read to its end. */
    public static Parsed tooLong(int bytesMax) {
        return bad(JsonLine.tooLong(bytesMax));
    }

    private static Parsed bad(BadLine rule) {
        return new Parsed.Bad(new Refused(rule.code(), rule.words()));
    }

    private void take(Draft draft, String key, JsonParser parser, JsonToken value) {
        switch (key) {
            case "id" -> draft.id = id(JsonLine.text(key, parser, value));
            case "user" -> draft.user = id(JsonLine.text(key, parser, value));
            case "kind" -> draft.kind = kind(JsonLine.text(key, parser, value));
            case "seq" -> draft.number = OptionalLong.of(number(key, parser, value));
            case "time" -> draft.madeMillis = OptionalLong.of(time(parser, value));
            case "delete" -> {
                if (value != JsonToken.VALUE_TRUE && value != JsonToken.VALUE_FALSE) {
                    throw new BadLine("wrong-type", "delete is true or false");
                }
                draft.delete = value == JsonToken.VALUE_TRUE;
            }
            case "vector" ->
                draft.embedding = value == JsonToken.VALUE_STRING ? packed(parser.getString()) : vector(parser, value);
            case "entries" -> entries(draft, parser, value);
            case "text" -> draft.embedding = new Embedding.Text(JsonLine.text(key, parser, value));
            default ->
                throw new BadLine(
                        "unknown-key",
                        "a line has id, seq, time, vector, entries, text, delete, user and kind: '%s'".formatted(key));
        }
    }

    private static String kind(String text) {
        if (text.isEmpty() || text.length() > KIND_MAX) {
            throw new BadLine("malformed-change", "kind is 1 to %s characters: %s".formatted(KIND_MAX, text.length()));
        }
        return text;
    }

    /* 5.0 is a whole number too. */
    private static long number(String key, JsonParser parser, JsonToken value) {
        if (value == JsonToken.VALUE_NUMBER_INT) {
            return parser.getLongValue();
        }
        double number = value == JsonToken.VALUE_NUMBER_FLOAT ? parser.getDoubleValue() : Double.NaN;
        if (number != Math.rint(number) || Math.abs(number) >= 1L << 53) {
            throw new BadLine("wrong-type", "%s is a whole number".formatted(key));
        }
        return (long) number;
    }

    private static long time(JsonParser parser, JsonToken value) {
        long millis = number("time", parser, value);
        if (millis < 0) {
            throw new BadLine("wrong-type", "time counts milliseconds since 1970: %s".formatted(millis));
        }
        return millis;
    }

    private static EntityId id(String text) {
        try {
            return EntityId.parse(text);
        } catch (IllegalArgumentException e) {
            throw new BadLine("malformed-id", String.valueOf(e.getMessage()));
        }
    }

    private Embedding vector(JsonParser parser, JsonToken value) {
        if (value != JsonToken.START_ARRAY) {
            throw new BadLine("wrong-type", "vector is a list of numbers, or a text of float32 in base64");
        }
        float[] values = new float[Math.max(1, version.file().dimension())];
        int size = 0;
        while ((value = parser.nextToken()) != JsonToken.END_ARRAY) {
            if (value != JsonToken.VALUE_NUMBER_FLOAT && value != JsonToken.VALUE_NUMBER_INT) {
                throw new BadLine("wrong-type", "vector[%s] is no number".formatted(size));
            }
            if (size == values.length) {
                values = Arrays.copyOf(values, 2 * size);
            }
            values[size++] = (float) parser.getDoubleValue();
        }
        return new Embedding.Dense(size == values.length ? values : Arrays.copyOf(values, size));
    }

    private static Embedding packed(String base64) {
        byte[] bytes = Base64.getDecoder().decode(base64);
        if (bytes.length % Float.BYTES != 0) {
            throw new BadLine("malformed-change", "float32 values have 4 bytes each: %s bytes".formatted(bytes.length));
        }
        float[] values = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        return new Embedding.Dense(values);
    }

    private void entries(Draft draft, JsonParser parser, JsonToken value) {
        if (value != JsonToken.START_OBJECT) {
            throw new BadLine("wrong-type", "entries is an object of weights, such as {\"cluster:3\": 0.5}");
        }
        if (!version.isSparse()) {
            throw new BadLine(
                    "form-differs",
                    "%s takes other rows than entries".formatted(version.space().name()));
        }
        Map<EntityId, Float> entries = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            JsonToken weight = parser.nextToken();
            if (weight != JsonToken.VALUE_NUMBER_FLOAT && weight != JsonToken.VALUE_NUMBER_INT) {
                throw new BadLine("wrong-type", "entries.%s is no number".formatted(name));
            }
            if (entries.put(id(name), (float) parser.getDoubleValue()) != null) {
                throw new BadLine("duplicate-column", "entries name a column once: %s".formatted(name));
            }
        }
        Optional<Embedding> numbered = numbered(entries);
        draft.embedding = numbered.orElse(null);
        draft.named = numbered.isPresent() ? null : entries;
    }

    /** Empty where some column has no number yet. */
    private Optional<Embedding> numbered(Map<EntityId, Float> entries) {
        TreeMap<Integer, Float> weights = new TreeMap<>();
        for (Map.Entry<EntityId, Float> entry : entries.entrySet()) {
            OptionalInt column = version.column(entry.getKey());
            if (column.isEmpty()) {
                return Optional.empty();
            }
            weights.put(column.getAsInt(), entry.getValue());
        }
        int[] numbers = new int[weights.size()];
        float[] values = new float[weights.size()];
        int at = 0;
        for (Map.Entry<Integer, Float> entry : weights.entrySet()) {
            numbers[at] = entry.getKey();
            values[at++] = entry.getValue();
        }
        return Optional.of(new Embedding.Sparse(new SparseVector(numbers, values)));
    }
}
