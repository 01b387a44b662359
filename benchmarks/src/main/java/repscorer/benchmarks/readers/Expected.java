package repscorer.benchmarks.readers;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What a file holds: the rows that keep all rules, and the number of those that do not. Shares no code with the readers. */
final class Expected {

    static final int DIMENSION = 4;
    static final int ROW_BYTES_MAX = 1 << 22;

    final Map<String, float[]> rows = new HashMap<>();
    long bad;

    /** Whether it must be refused as a whole. */
    boolean broken;

    /** Whether it may be refused, for its first line may name columns, or it is at a limit that we do not draw here. */
    boolean doubtful;

    /** Whether the first line is no good row, so that it may be taken for the names of columns and not be counted. */
    boolean headed;

    static Expected broken() {
        Expected broken = new Expected();
        broken.broken = true;
        return broken;
    }

    /** A row as it stands there; one that breaks a rule is counted. */
    void row(Optional<String> text, Optional<float[]> values) {
        String id = text.flatMap(Expected::id).orElse("");
        if (id.isEmpty() || values.isEmpty() || rows.containsKey(id) || !isGood(values.get())) {
            bad++;
        } else {
            rows.put(id, values.get());
        }
    }

    private static boolean isGood(float[] values) {
        double squares = 0;
        for (float value : values) {
            squares += (double) value * value;
        }
        return values.length == DIMENSION && Double.isFinite(squares) && Float.isFinite((float) Math.sqrt(squares));
    }

    /** A number is an item, and {@code item:} is written before all other ids. */
    private static Optional<String> id(String text) {
        String value = text.matches("[0-9]+") ? text : text.startsWith("item:") ? text.substring(5) : "";
        boolean good = value.chars().noneMatch(Character::isISOControl)
                && value.getBytes(StandardCharsets.UTF_8).length <= 256;
        return good && !value.isEmpty() ? Optional.of("item:" + value) : Optional.empty();
    }

    /** The text of bytes, if they are one. */
    static Optional<String> utf8(byte[] bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
