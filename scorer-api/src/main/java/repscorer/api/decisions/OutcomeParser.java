package repscorer.api.decisions;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import repscorer.api.lines.BadLine;
import repscorer.api.lines.JsonLine;
import repscorer.api.problem.Problems;
import repscorer.core.entity.EntityId;
import repscorer.decisions.DecisionIds;
import repscorer.decisions.Decisions;
import repscorer.decisions.Outcome;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Reads one line of a stream of outcomes. Immutable, safe for concurrent use. */
final class OutcomeParser {

    private static final Pattern KIND = Pattern.compile("[A-Za-z][A-Za-z0-9._-]{0,63}");

    /** So much an outcome may seem to lie ahead, for the clocks of two machines differ. */
    private static final Duration AHEAD_MAX = Duration.ofMinutes(5);

    private static final List<String> NEEDED = List.of("decision", "candidate", "kind");

    private final Decisions.Window window;
    private final IdDigests ids;
    private final InstantSource time;

    OutcomeParser(Decisions.Window window, IdDigests ids, InstantSource time) {
        this.window = window;
        this.ids = ids;
        this.time = time;
    }

    /** An outcome, or the rule that the line breaks. */
    sealed interface Parsed {

        /** @param late whether it came about after the window of its decision */
        record Good(Outcome outcome, boolean late) implements Parsed {}

        record Bad(String code, String message) implements Parsed {}
    }

    /** What a line has said so far. */
    private static final class Draft {
        String decision = "";
        String candidate = "";
        String kind = "";
        double value = 1;

        @Nullable
        Instant time;

        void take(String key, JsonParser parser, JsonToken value) {
            switch (key) {
                case "decision" -> decision = JsonLine.text(key, parser, value);
                case "candidate" -> candidate = JsonLine.text(key, parser, value);
                case "kind" -> kind = JsonLine.text(key, parser, value);
                case "value" -> this.value = number(parser, value);
                case "time" -> time = OutcomeParser.time(JsonLine.text(key, parser, value));
                default ->
                    throw new BadLine(
                            "unknown-key",
                            "a line has decision, candidate, kind, value and time: '%s'"
                                    .formatted(Problems.clipped(key)));
            }
        }
    }

    Parsed parse(byte[] line) {
        try {
            return good(read(line));
        } catch (BadLine e) {
            return bad(e);
        }
    }

    /** What a line is that is not read to its end. */
    static Parsed tooLong(int bytesMax) {
        return bad(JsonLine.tooLong(bytesMax));
    }

    private static Parsed bad(BadLine rule) {
        return new Parsed.Bad(rule.code(), rule.words());
    }

    private static Draft read(byte[] line) {
        Draft draft = new Draft();
        Set<String> keys = JsonLine.read(line, draft::take);
        for (String needed : NEEDED) {
            if (!keys.contains(needed)) {
                throw new BadLine("field-missing", needed + " is missing");
            }
        }
        return draft;
    }

    private static double number(JsonParser parser, JsonToken value) {
        if (value != JsonToken.VALUE_NUMBER_INT && value != JsonToken.VALUE_NUMBER_FLOAT) {
            throw new BadLine("wrong-type", "value is a number");
        }
        double number = parser.getDoubleValue();
        if (!Double.isFinite(number)) {
            throw new BadLine("not-finite", "value must be a finite 64-bit number: " + parser.getString());
        }
        return number;
    }

    private static Instant time(String text) {
        try {
            return Instant.ofEpochMilli(Instant.parse(text).toEpochMilli()); // what milliseconds do not hold is none
        } catch (DateTimeParseException | ArithmeticException e) {
            throw new BadLine(
                    "malformed-time", "time is such as 2026-01-31T12:00:00Z: '%s'".formatted(Problems.clipped(text)));
        }
    }

    private Parsed good(Draft draft) {
        long decided;
        try {
            decided = DecisionIds.millis(draft.decision);
        } catch (IllegalArgumentException e) {
            throw new BadLine(
                    "malformed-decision", "decision: %s".formatted(Problems.clipped(String.valueOf(e.getMessage()))));
        }
        try {
            EntityId.parse(draft.candidate);
        } catch (IllegalArgumentException e) {
            throw new BadLine("malformed-id", "candidate: %s".formatted(e.getMessage()));
        }
        if (!KIND.matcher(draft.kind).matches()) {
            throw new BadLine(
                    "malformed-kind",
                    "kind is 1 to 64 letters, digits, dots, hyphens and underscores, beginning with a letter: '%s'"
                            .formatted(Problems.clipped(draft.kind)));
        }
        Instant now = time.instant();
        Instant at = draft.time == null ? now : draft.time;
        if (at.isAfter(now.plus(AHEAD_MAX)) || decided > now.plus(AHEAD_MAX).toEpochMilli()) {
            throw new BadLine(
                    "time-in-future",
                    "decision and time are of the past: decided %s, time %s, now %s"
                            .formatted(Instant.ofEpochMilli(decided), at, now));
        }
        if (at.isBefore(Instant.ofEpochMilli(decided).minus(Decisions.CLOCKS_DIFFER))) {
            throw new BadLine(
                    "time-before-decision",
                    "an outcome follows its decision: decided %s, time %s"
                            .formatted(Instant.ofEpochMilli(decided), at));
        }
        return new Parsed.Good(
                new Outcome(draft.decision, ids.of(draft.candidate), draft.kind, draft.value, at),
                window.isLate(decided, at));
    }
}
