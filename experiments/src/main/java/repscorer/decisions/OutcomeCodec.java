package repscorer.decisions;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.ByteArrayBuilder;

/** Outcomes as lines of JSON and back. Stateless. */
final class OutcomeCodec {

    private static final JsonFactory JSON = new JsonFactory();

    private OutcomeCodec() {}

    /** One line with its end. */
    static byte[] encode(Outcome outcome) {
        try (ByteArrayBuilder bytes = new ByteArrayBuilder(192)) {
            try (JsonGenerator out = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
                out.writeStartObject();
                out.writeStringProperty("decision", outcome.decision());
                out.writeStringProperty("candidate", outcome.candidate());
                out.writeStringProperty("kind", outcome.kind());
                out.writeNumberProperty("value", outcome.value());
                out.writeStringProperty("time", outcome.time().toString());
                out.writeEndObject();
            }
            bytes.append('\n');
            return bytes.toByteArray();
        }
    }

    /** @throws IllegalArgumentException for what is no outcome, telling why */
    static Outcome decode(byte[] line) {
        String decision = "";
        String candidate = "";
        String kind = "";
        double value = 1;
        Instant time = Instant.EPOCH;
        try (JsonParser in = JSON.createParser(ObjectReadContext.empty(), line)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("a line is one JSON object");
            }
            while (in.nextToken() == JsonToken.PROPERTY_NAME) {
                String key = in.currentName();
                in.nextToken();
                switch (key) {
                    case "decision" -> decision = in.getString();
                    case "candidate" -> candidate = in.getString();
                    case "kind" -> kind = in.getString();
                    case "value" -> value = in.getDoubleValue();
                    case "time" -> time = Instant.parse(in.getString());
                    default -> in.skipChildren();
                }
            }
        } catch (JacksonException | DateTimeParseException e) {
            throw new IllegalArgumentException("no outcome: " + e.getMessage(), e);
        }
        return new Outcome(decision, candidate, kind, value, time);
    }
}
