package repscorer.benchmarks.readers;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads separated values and JSON Lines character by character. A character is a byte here, until it is an id's. */
final class TextOracle {

    private static final Pattern NUMBER =
            Pattern.compile("[+-]?(NaN|Infinity|([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]+)?)");

    private TextOracle() {}

    /** The text behind a byte order mark; none where the mark is that of UTF-16. */
    static Optional<String> start(byte[] file) {
        String text = new String(file, StandardCharsets.ISO_8859_1);
        if (text.startsWith("\u00fe\u00ff") || text.startsWith("\u00ff\u00fe")) {
            return Optional.empty();
        }
        return Optional.of(text.startsWith("\u00ef\u00bb\u00bf") ? text.substring(3) : text);
    }

    static Expected separated(byte[] file, boolean tabs) {
        Optional<String> text = start(file);
        Optional<List<List<String>>> records = text.flatMap(all -> tabs ? Optional.of(tabs(all)) : commas(all));
        if (records.isEmpty()) {
            return Expected.broken();
        }
        Expected expected = new Expected();
        expected.doubtful = tabs && lines(text.orElseThrow()).stream().anyMatch(line -> isLong(line.length()));
        boolean first = true;
        for (List<String> fields : records.get()) {
            expected.doubtful |=
                    isLong(fields.stream().mapToLong(String::length).sum());
            if (fields.size() > 1 || !fields.getFirst().isBlank()) {
                long bad = expected.bad;
                expected.row(id(fields.getFirst()), values(fields));
                expected.headed |= first && expected.bad > bad;
            }
            first = false;
        }
        return expected;
    }

    /** Whether a row is so near the limit that it may end the reading. */
    private static boolean isLong(long bytes) {
        return bytes > Expected.ROW_BYTES_MAX - (1 << 17);
    }

    private static Optional<String> id(String field) {
        return Expected.utf8(field.getBytes(StandardCharsets.ISO_8859_1)).map(String::strip);
    }

    private static Optional<float[]> values(List<String> fields) {
        List<String> numbers = fields.subList(1, fields.size());
        if (numbers.size() == 1 && numbers.getFirst().strip().startsWith("[")) {
            numbers = list(numbers.getFirst().strip());
        }
        float[] values = new float[numbers.size()];
        for (int i = 0; i < values.length; i++) {
            Optional<Float> value = number(numbers.get(i));
            if (value.isEmpty()) {
                return Optional.empty();
            }
            values[i] = value.get();
        }
        return Optional.of(values);
    }

    static Optional<Float> number(String field) {
        String text = field.strip();
        return NUMBER.matcher(text).matches() ? Optional.of(Float.valueOf(text)) : Optional.empty();
    }

    /** What stands between brackets, cut at commas, and at spaces where there is no comma; one field that is no number if they are open. */
    private static List<String> list(String text) {
        if (!text.endsWith("]") || text.length() < 2) {
            return List.of("[");
        }
        List<String> items = new ArrayList<>();
        String rest = text.substring(1, text.length() - 1).strip();
        if (rest.isEmpty()) {
            return List.of();
        }
        StringBuilder item = new StringBuilder();
        for (int i = 0; i <= rest.length(); i++) {
            char c = i < rest.length() ? rest.charAt(i) : ',';
            boolean space = isSpace(c);
            if (!space && c != ',') {
                item.append(c);
                continue;
            }
            while (isSpace(c) && i + 1 < rest.length() && (isSpace(rest.charAt(i + 1)) || rest.charAt(i + 1) == ',')) {
                i++;
                c = rest.charAt(i);
            }
            while (c == ',' && i + 1 < rest.length() && isSpace(rest.charAt(i + 1))) {
                i++;
            }
            items.add(item.toString());
            item.setLength(0);
        }
        return items;
    }

    private static boolean isSpace(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }

    private static List<List<String>> tabs(String text) {
        List<List<String>> records = new ArrayList<>();
        for (String line : lines(text)) {
            records.add(Arrays.stream(line.split("\t", -1)).map(String::strip).toList());
        }
        return records;
    }

    /** Ended by a line feed, a carriage return or both; what follows the last end is no line unless something does. */
    static List<String> lines(String text) {
        List<String> lines = new ArrayList<>(Arrays.asList(text.split("\r\n|\r|\n", -1)));
        if (lines.getLast().isEmpty()) {
            lines.removeLast();
        }
        return lines;
    }

    /** None where quotes do not close, or text follows a closing one. */
    private static Optional<List<List<String>>> commas(String text) {
        List<List<String>> records = new ArrayList<>();
        List<String> fields = new ArrayList<>();
        int i = 0;
        boolean more = i < text.length();
        while (more) {
            StringBuilder field = new StringBuilder();
            if (i < text.length() && text.charAt(i) == '"') {
                i++;
                while (i < text.length() && (text.charAt(i) != '"' || text.startsWith("\"\"", i))) {
                    i += text.charAt(i) == '"' ? 1 : 0;
                    field.append(text.charAt(i++));
                }
                if (i++ >= text.length()) {
                    return Optional.empty();
                }
                while (i < text.length()
                        && Character.isWhitespace(text.charAt(i))
                        && text.charAt(i) != '\r'
                        && text.charAt(i) != '\n') {
                    i++;
                }
                if (i < text.length() && ",\r\n".indexOf(text.charAt(i)) < 0) {
                    return Optional.empty();
                }
            } else {
                while (i < text.length() && ",\r\n".indexOf(text.charAt(i)) < 0) {
                    field.append(text.charAt(i++));
                }
            }
            fields.add(field.toString());
            if (i < text.length() && text.charAt(i) == ',') {
                i++;
                continue;
            }
            i += text.startsWith("\r\n", i) ? 2 : 1;
            records.add(List.copyOf(fields));
            fields.clear();
            more = i < text.length();
        }
        return Optional.of(records);
    }

    static Expected jsonLines(byte[] file) {
        Optional<String> text = start(file);
        if (text.isEmpty()) {
            return Expected.broken();
        }
        Expected expected = new Expected();
        for (String line : lines(text.get())) {
            Optional<String> decoded = Expected.utf8(line.getBytes(StandardCharsets.ISO_8859_1));
            if (line.length() > Expected.ROW_BYTES_MAX || decoded.isEmpty()) {
                expected.bad++;
            } else if (!decoded.get().isBlank()) {
                JsonOracle row = JsonOracle.read(decoded.get());
                expected.row(row.id(), row.vector());
            }
        }
        return expected;
    }
}
