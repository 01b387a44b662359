package repscorer.decisions;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import repscorer.yaml.JacksonFailures;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Reads decisions from the lines that {@link DecisionEncoder} makes of them. Stateless. */
final class DecisionCodec {

    private static final JsonFactory JSON = new JsonFactory();

    private DecisionCodec() {}

    /** How the line of a decision begins. */
    static String beginning(String id) {
        return "{\"id\":\"" + id + "\"";
    }

    /** @throws IllegalArgumentException for what is no decision, telling why */
    static Kept decode(byte[] line) {
        try (JsonParser in = JSON.createParser(ObjectReadContext.empty(), line)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("a line is one JSON object");
            }
            return new Draft().read(in, line);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("no JSON: " + JacksonFailures.words(e), e);
        }
    }

    /** What a line has said so far; keys that are not known are read over, for a later version may have written them. */
    private static final class Draft {

        private @Nullable String id;
        private @Nullable Instant time;
        private String surface = "";
        private Optional<String> unit = Optional.empty();
        private final List<Decision.Arm> arms = new ArrayList<>();
        private String release = "";
        private final Map<String, String> versions = new HashMap<>();
        private String plan = "";
        private String request = "";
        private final List<Decision.Shown> candidates = new ArrayList<>();
        private final List<String> degraded = new ArrayList<>();
        private final List<Kept.Notice> notices = new ArrayList<>();
        private long micros;

        Kept read(JsonParser in, byte[] line) {
            while (in.nextToken() == JsonToken.PROPERTY_NAME) {
                String key = in.currentName();
                in.nextToken();
                switch (key) {
                    case "id" -> id = in.getString();
                    case "time" -> time = Instant.parse(in.getString());
                    case "surface" -> surface = in.getString();
                    case "unit" -> unit = Optional.of(in.getString());
                    case "arms" -> each(in, () -> arms.add(arm(in)));
                    case "release" -> release = in.getString();
                    case "versions" -> entries(in, () -> versions.put(in.currentName(), in.getString()));
                    case "plan" -> plan = in.getString();
                    case "request" -> request = raw(in, line);
                    case "candidates" -> each(in, () -> candidates.add(shown(in)));
                    case "degraded" -> each(in, () -> degraded.add(in.getString()));
                    case "micros" -> micros = in.getLongValue();
                    case "notices" -> each(in, () -> notices.add(notice(in)));
                    default -> in.skipChildren();
                }
            }
            if (id == null || time == null) {
                throw new IllegalArgumentException("a decision has an id and a time");
            }
            return new Kept(
                    new Decision(
                            id,
                            time,
                            surface,
                            unit,
                            arms,
                            release,
                            versions,
                            plan,
                            request,
                            candidates,
                            degraded,
                            micros),
                    notices);
        }

        private static void each(JsonParser in, Runnable element) {
            while (in.nextToken() != JsonToken.END_ARRAY) {
                element.run();
            }
        }

        /** Runs for each entry, standing at its value. */
        private static void entries(JsonParser in, Runnable entry) {
            while (in.nextToken() == JsonToken.PROPERTY_NAME) {
                in.nextToken();
                entry.run();
            }
        }

        private static String raw(JsonParser in, byte[] line) {
            int from = (int) in.currentTokenLocation().getByteOffset();
            in.skipChildren();
            int to = (int) in.currentLocation().getByteOffset();
            return new String(line, from, to - from, StandardCharsets.UTF_8);
        }

        private static Decision.Arm arm(JsonParser in) {
            String[] texts = {"", "", ""};
            int[] bucket = {-1};
            entries(in, () -> {
                switch (in.currentName()) {
                    case "experiment" -> texts[0] = in.getString();
                    case "variant" -> texts[1] = in.getString();
                    case "layer" -> texts[2] = in.getString();
                    case "bucket" -> bucket[0] = in.getIntValue();
                    default -> in.skipChildren();
                }
            });
            return new Decision.Arm(texts[0], texts[1], texts[2], bucket[0]);
        }

        private static Decision.Shown shown(JsonParser in) {
            String candidate = "";
            double score = Double.NaN;
            Map<String, Double> columns = new HashMap<>();
            double propensity = 1;
            Optional<String> team = Optional.empty();
            double credit = 1;
            while (in.nextToken() == JsonToken.PROPERTY_NAME) {
                String key = in.currentName();
                in.nextToken();
                switch (key) {
                    case "candidate" -> candidate = in.getString();
                    case "score" -> score = in.getDoubleValue();
                    case "columns" -> entries(in, () -> columns.put(in.currentName(), in.getDoubleValue()));
                    case "propensity" -> propensity = in.getDoubleValue();
                    case "team" -> team = Optional.of(in.getString());
                    case "credit" -> credit = in.getDoubleValue();
                    default -> in.skipChildren();
                }
            }
            return new Decision.Shown(candidate, score, columns, propensity, team, team.isPresent() ? credit : 0);
        }

        private static Kept.Notice notice(JsonParser in) {
            String[] texts = {"", "", ""};
            entries(in, () -> {
                switch (in.currentName()) {
                    case "column" -> texts[0] = in.getString();
                    case "reason" -> texts[1] = in.getString();
                    case "message" -> texts[2] = in.getString();
                    default -> in.skipChildren();
                }
            });
            return new Kept.Notice(texts[0], texts[1], texts[2]);
        }
    }
}
