package repscorer.decisions;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;
import repscorer.core.erasure.Sought;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamContext;
import tools.jackson.core.json.JsonFactory;

/**
 * What becomes of a line of a log where subjects are erased: it goes where it is theirs, and where they stand in somebody else's
 * another text stands in their place. All other bytes stay as they are. Stateless.
 */
final class ErasedLines {

    private static final JsonFactory JSON = new JsonFactory();

    /** Words of a message may be ids. */
    private static final Pattern BETWEEN = Pattern.compile("[\\s,;'\"()\\[\\]]+");

    private ErasedLines() {}

    /** @param kept the line as it is kept; null where it goes. @param changed whether it is not as it was */
    @SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
    record Erased(Optional<byte[]> kept, boolean changed) {}

    /** A decision is a subject's where it is the unit's or was asked for it alone. */
    static Erased decision(byte[] line, Sought sought) {
        return erased(line, sought, true);
    }

    /** An outcome is a subject's where it is about it; whose decision it is of is not told by its line. */
    static Erased outcome(byte[] line, Sought sought) {
        Erased erased = erased(line, sought, false);
        return erased.changed() ? new Erased(Optional.empty(), true) : erased;
    }

    private static Erased erased(byte[] line, Sought sought, boolean isDecision) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(line.length);
        int copied = 0;
        try (JsonParser in = JSON.createParser(ObjectReadContext.empty(), line)) {
            for (JsonToken token = in.nextToken(); token != null; token = in.nextToken()) {
                if (token != JsonToken.VALUE_STRING) {
                    continue;
                }
                Optional<String> instead = instead(in.getString(), sought);
                if (instead.isEmpty()) {
                    continue;
                }
                if (isDecision && isOwn(in.streamReadContext())) {
                    return new Erased(Optional.empty(), true);
                }
                int from = (int) in.currentTokenLocation().getByteOffset();
                out.write(line, copied, from - copied);
                out.writeBytes(("\"" + instead.get() + "\"").getBytes(StandardCharsets.UTF_8));
                copied = (int) in.currentLocation().getByteOffset();
            }
        } catch (JacksonException e) {
            return new Erased(Optional.of(line), false); // no line of ours
        }
        if (copied == 0) {
            return new Erased(Optional.of(line), false);
        }
        out.write(line, copied, line.length - copied);
        return new Erased(Optional.of(out.toByteArray()), true);
    }

    private static Optional<String> instead(String text, Sought sought) {
        Optional<String> whole = sought.inPlaceOf(text);
        if (whole.isPresent() || text.indexOf(' ') < 0) {
            return whole;
        }
        return BETWEEN.splitAsStream(text)
                .flatMap(word -> sought
                        .inPlaceOf(word)
                        .or(() -> word.endsWith(".") || word.endsWith(":")
                                ? sought.inPlaceOf(word.substring(0, word.length() - 1))
                                : Optional.empty())
                        .stream())
                .findFirst();
    }

    /** Whether a value is the unit, or the id of the request's source. */
    private static boolean isOwn(TokenStreamContext value) {
        TokenStreamContext parent = value.getParent();
        if (parent == null) {
            return false;
        }
        if (parent.inRoot()) {
            return "unit".equals(value.currentName());
        }
        TokenStreamContext grandparent = parent.getParent();
        return "id".equals(value.currentName())
                && "source".equals(parent.currentName())
                && grandparent != null
                && "request".equals(grandparent.currentName());
    }
}
