package repscorer.decisions;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import repscorer.decisions.ColumnScores.Names;
import tools.jackson.core.io.JsonStringEncoder;

/**
 * Decisions as lines of JSON, one behind the other, every number to its last digit. {@link DecisionCodec} reads them. For one
 * thread.
 */
final class DecisionEncoder {

    /*
     * The id stands first, so that a line is found by its beginning. What is as usual is not there: no team, a credit of 1 for
     * one, a propensity of 1.
     *
     * A line is written for every answer, so it is written byte by byte into one array, and the names of columns as JSON are kept from
     * one candidate to the next: this takes a third of what a generator of JSON takes, of which most are numbers' digits.
     */

    private static final int CONTROL_END = 0x20;
    private static final int ASCII_END = 0x80;

    private byte[] bytes = new byte[1 << 16];
    private int length;

    private @Nullable Names names;
    private byte[][] keys = {};

    /** How many bytes all lines take that were added since {@link #clear}. */
    int length() {
        return length;
    }

    /** Those lines, up to {@link #length}; good until the next is added. */
    byte[] bytes() {
        return bytes;
    }

    void clear() {
        length = 0;
    }

    /** Forgets what was added last. */
    void cut(int to) {
        length = to;
    }

    /** Adds a line with its end. */
    void add(Kept kept) {
        Decision decision = kept.decision();
        text("{\"id\":");
        string(decision.id());
        text(",\"time\":");
        string(decision.time().toString());
        text(",\"surface\":");
        string(decision.surface());
        if (decision.unit().isPresent()) {
            text(",\"unit\":");
            string(decision.unit().get());
        }
        text(",\"arms\":[");
        for (Decision.Arm arm : decision.arms()) {
            text("{\"experiment\":");
            string(arm.experiment());
            text(",\"variant\":");
            string(arm.variant());
            text(",\"layer\":");
            string(arm.layer());
            text(",\"bucket\":");
            text(Integer.toString(arm.bucket()));
            text("},");
        }
        end(']');
        text(",\"release\":");
        string(decision.release());
        text(",\"versions\":{");
        new TreeMap<>(decision.versions()).forEach((space, version) -> {
            string(space);
            one(':');
            string(version);
            one(',');
        });
        end('}');
        text(",\"plan\":");
        string(decision.plan());
        if (!decision.request().isEmpty()) {
            text(",\"request\":");
            utf8(decision.request());
        }
        text(",\"candidates\":[");
        for (Decision.Shown shown : decision.candidates()) {
            add(shown);
            one(',');
        }
        end(']');
        text(",\"degraded\":[");
        for (String reason : decision.degraded()) {
            string(reason);
            one(',');
        }
        end(']');
        text(",\"micros\":");
        text(Long.toString(decision.micros()));
        if (!kept.notices().isEmpty()) {
            text(",\"notices\":[");
            for (Kept.Notice notice : kept.notices()) {
                text("{\"column\":");
                string(notice.column());
                text(",\"reason\":");
                string(notice.reason());
                text(",\"message\":");
                string(notice.message());
                text("},");
            }
            end(']');
        }
        text("}\n");
    }

    private void add(Decision.Shown shown) {
        text("{\"candidate\":");
        string(shown.candidate());
        text(",\"score\":");
        number(shown.score());
        if (shown.columns() instanceof ColumnScores scores) {
            add(scores);
        } else if (!shown.columns().isEmpty()) {
            text(",\"columns\":{");
            for (Map.Entry<String, Double> each : new TreeMap<>(shown.columns()).entrySet()) {
                string(each.getKey());
                one(':');
                number(each.getValue());
                one(',');
            }
            end('}');
        }
        if (shown.propensity() != 1) {
            text(",\"propensity\":");
            number(shown.propensity());
        }
        if (shown.team().isPresent()) {
            text(",\"team\":");
            string(shown.team().get());
            if (shown.credit() != 1) {
                text(",\"credit\":");
                number(shown.credit());
            }
        }
        one('}');
    }

    private void add(ColumnScores scores) {
        if (scores.names() != names) {
            names = scores.names();
            keys = new byte[scores.names().count()][];
            for (int i = 0; i < keys.length; i++) {
                int begin = length;
                string(scores.names().name(i));
                one(':');
                keys[i] = Arrays.copyOfRange(bytes, begin, length);
                length = begin;
            }
        }
        boolean begun = false;
        for (int i = 0; i < keys.length; i++) {
            double value = scores.value(i);
            if (!Double.isNaN(value)) {
                if (!begun) {
                    text(",\"columns\":{");
                    begun = true;
                }
                raw(keys[i]);
                number(value);
                one(',');
            }
        }
        if (begun) {
            end('}');
        }
    }

    /** Ends what is open, in place of a comma that no more follows. */
    private void end(char bracket) {
        if (bytes[length - 1] == ',') {
            length--;
        }
        one(bracket);
    }

    /** What JSON has no number for is a string. */
    private void number(double value) {
        if (Double.isFinite(value)) {
            text(Double.toString(value));
        } else {
            string(Double.toString(value));
        }
    }

    private void string(String text) {
        int end = text.length();
        room(end + 2);
        int begin = length;
        bytes[length++] = '"';
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            if (c < CONTROL_END || c >= ASCII_END || c == '"' || c == '\\') {
                length = begin + 1;
                raw(JsonStringEncoder.getInstance().quoteAsUTF8(text));
                one('"');
                return;
            }
            bytes[length++] = (byte) c;
        }
        bytes[length++] = '"';
    }

    /** Text of ASCII. */
    @SuppressWarnings("deprecation") // drops the upper halves of characters, which are none
    private void text(String ascii) {
        room(ascii.length());
        ascii.getBytes(0, ascii.length(), bytes, length);
        length += ascii.length();
    }

    private void utf8(String text) {
        raw(text.getBytes(StandardCharsets.UTF_8));
    }

    private void raw(byte[] more) {
        room(more.length);
        System.arraycopy(more, 0, bytes, length, more.length);
        length += more.length;
    }

    private void one(char ascii) {
        room(1);
        bytes[length++] = (byte) ascii;
    }

    private void room(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
    }
}
