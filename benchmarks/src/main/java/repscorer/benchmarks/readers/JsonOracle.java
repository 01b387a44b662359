package repscorer.benchmarks.readers;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One JSON object of one line, by RFC 8259: its id and vector, each absent where it breaks a rule, or the line does. */
final class JsonOracle {

    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

    private final String line;
    private int at;
    private Optional<String> id = Optional.empty();
    private Optional<float[]> vector = Optional.empty();

    private JsonOracle(String line) {
        this.line = line;
    }

    private static final class Bad extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    static JsonOracle read(String line) {
        JsonOracle row = new JsonOracle(line);
        try {
            row.object(true);
            row.space();
            row.require(row.at == line.length());
        } catch (Bad | StringIndexOutOfBoundsException e) {
            row.id = Optional.empty();
        }
        return row;
    }

    Optional<String> id() {
        return id;
    }

    Optional<float[]> vector() {
        return vector;
    }

    private void require(boolean holds) {
        if (!holds) {
            throw new Bad();
        }
    }

    private void space() {
        while (at < line.length() && " \t\r\n".indexOf(line.charAt(at)) >= 0) {
            at++;
        }
    }

    private boolean taken(char c) {
        space();
        boolean is = at < line.length() && line.charAt(at) == c;
        at += is ? 1 : 0;
        return is;
    }

    private void object(boolean top) {
        require(taken('{'));
        Set<String> keys = new HashSet<>();
        if (taken('}')) {
            return;
        }
        do {
            space();
            String key = text();
            require(taken(':'));
            space();
            boolean ours = top && (key.equals("id") || key.equals("vector"));
            require(!(top
                            && Set.of("id", "vector", "entries", "columns", "weights")
                                    .contains(key))
                    || keys.add(key));
            if (ours && key.equals("id")) {
                id = Optional.of(line.charAt(at) == '"' ? text() : whole());
            } else if (ours) {
                vector = Optional.of(numbers());
            } else {
                value();
            }
        } while (taken(','));
        require(taken('}'));
    }

    private String whole() {
        String number = number();
        require(number.matches("-?[0-9]+"));
        return number;
    }

    private String number() {
        Matcher number = NUMBER.matcher(line).region(at, line.length());
        require(number.lookingAt());
        at = number.end();
        require(at == line.length() || ",]} \t".indexOf(line.charAt(at)) >= 0);
        return number.group();
    }

    private float[] numbers() {
        require(taken('['));
        float[] values = new float[Expected.DIMENSION];
        int size = 0;
        if (taken(']')) {
            return new float[0];
        }
        do {
            space();
            float value = (float) Double.parseDouble(number());
            if (size < values.length) {
                values[size] = value;
            }
            size++;
        } while (taken(','));
        require(taken(']'));
        return size == values.length ? values : new float[size];
    }

    private void value() {
        space();
        switch (line.charAt(at)) {
            case '{' -> object(false);
            case '[' -> {
                at++;
                if (!taken(']')) {
                    do {
                        value();
                    } while (taken(','));
                    require(taken(']'));
                }
            }
            case '"' -> text();
            case 't', 'f', 'n' -> {
                String word = line.startsWith("true", at) ? "true" : line.startsWith("false", at) ? "false" : "null";
                require(line.startsWith(word, at));
                at += word.length();
                require(at == line.length() || !Character.isJavaIdentifierPart(line.charAt(at)));
            }
            default -> number();
        }
    }

    private String text() {
        require(line.charAt(at++) == '"');
        StringBuilder text = new StringBuilder();
        while (line.charAt(at) != '"') {
            char c = line.charAt(at++);
            require(c >= ' ');
            if (c != '\\') {
                text.append(c);
                continue;
            }
            char escape = line.charAt(at++);
            int plain = "\"\\/bfnrt".indexOf(escape);
            if (plain >= 0) {
                text.append("\"\\/\b\f\n\r\t".charAt(plain));
                continue;
            }
            require(escape == 'u' && line.substring(at, at + 4).matches("[0-9a-fA-F]{4}"));
            text.append((char) Integer.parseInt(line.substring(at, at + 4), 16));
            at += 4;
        }
        at++;
        return text.toString();
    }
}
