package repscorer.benchmarks.answers;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where an answer differs from the recorded one. Numbers are compared by their digits, keys also by their order. Not compared are
 * the ids of decisions (only that header and body name the same), how long stages took (only which were run), and the address in
 * the OpenAPI document.
 */
final class AnswerComparison {

    private static final double NEAR = 1e-9;
    private static final int SHOWN_MAX = 160;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private final List<Difference> differences = new ArrayList<>();

    private AnswerComparison() {}

    static List<Difference> of(Exchange.Answer expected, Exchange.Answer got) {
        AnswerComparison comparison = new AnswerComparison();
        comparison.compare(expected, got);
        return comparison.differences;
    }

    private void compare(Exchange.Answer expected, Exchange.Answer got) {
        text("status", Integer.toString(expected.status()), Integer.toString(got.status()));
        TreeSet<String> names = new TreeSet<>(expected.headers().keySet());
        names.addAll(got.headers().keySet());
        for (String name : names) {
            text("header " + name, header(expected, name), header(got, name));
        }
        String type = expected.contentType();
        if (type.contains("ndjson")) {
            json("", lines(expected.body()), lines(got.body()));
        } else if (type.contains("json")) {
            json("", tree(expected.body()), tree(got.body()));
        } else if (type.startsWith("text/plain")) {
            text("body", metrics(expected.body()), metrics(got.body()));
        } else {
            text("body", expected.body(), got.body());
        }
    }

    private static String header(Exchange.Answer answer, String name) {
        String value = answer.headers().getOrDefault(name, "(absent)");
        // Drawn anew for every request; what holds is that the body names the same.
        return name.equals("x-decision-id") && answer.body().contains("\"decisionId\":\"" + value + "\"")
                ? "(the body's)"
                : value;
    }

    private static JsonNode tree(String text) {
        try {
            return JSON.readTree(text);
        } catch (JacksonException e) {
            return JSON.getNodeFactory().stringNode(text);
        }
    }

    private static JsonNode lines(String text) {
        var lines = JSON.createArrayNode();
        text.lines().forEach(line -> lines.add(tree(line)));
        return lines;
    }

    /* Figures are times and counts of the machine's; what holds is which of ours there are. */
    private static String metrics(String text) {
        return text.lines()
                .filter(line -> line.startsWith("repscorer"))
                .map(line -> line.substring(0, line.lastIndexOf(' ')))
                .filter(line -> !line.contains("le=\""))
                .sorted()
                .collect(Collectors.joining("\n"));
    }

    private void json(String pointer, JsonNode expected, JsonNode got) {
        if (ignored(pointer)) {
            return;
        }
        if (expected.isObject() && got.isObject()) {
            object(pointer, expected, got);
        } else if (expected.isArray() && got.isArray()) {
            text(pointer + "/length", Integer.toString(expected.size()), Integer.toString(got.size()));
            for (int i = 0; i < Math.min(expected.size(), got.size()); i++) {
                json(pointer + "/" + i, expected.get(i), got.get(i));
            }
        } else if (!expected.toString().equals(got.toString())) {
            boolean near = expected.isNumber()
                    && got.isNumber()
                    && Math.abs(expected.doubleValue() - got.doubleValue())
                            <= NEAR * Math.max(1, Math.abs(expected.doubleValue()));
            // A decayed mean's weights shrink as time goes by, all by one factor: the mean stays but for its last
            // digits.
            if (!near || !pointer.endsWith("-decayed")) {
                differences.add(new Difference(pointer, shown(expected.toString()), shown(got.toString()), near));
            }
        }
    }

    private void object(String pointer, JsonNode expected, JsonNode got) {
        List<String> names = List.copyOf(expected.propertyNames());
        List<String> gotNames = List.copyOf(got.propertyNames());
        if (!unordered(pointer) && new TreeSet<>(names).equals(new TreeSet<>(gotNames))) {
            text(pointer + "/(order of keys)", names.toString(), gotNames.toString());
        }
        for (String name : names) {
            JsonNode other = got.get(name);
            String at = pointer + "/" + name.replace("~", "~0").replace("/", "~1");
            if (other == null) {
                differences.add(new Difference(at, shown(expected.get(name).toString()), "(absent)", false));
            } else {
                json(at, expected.get(name), other);
            }
        }
        for (String name : gotNames) {
            if (!expected.has(name)) {
                differences.add(new Difference(
                        pointer + "/" + name, "(absent)", shown(got.get(name).toString()), false));
            }
        }
    }

    /* Written from immutable maps, which every process puts in an order of its own. */
    private static boolean unordered(String pointer) {
        return pointer.endsWith("/blend") || pointer.endsWith("/checks") || pointer.endsWith("/versions");
    }

    private static boolean ignored(String pointer) {
        return pointer.endsWith("/decisionId") // drawn anew for every request
                || pointer.contains("/provenance/micros/") // how long it took
                || pointer.startsWith("/servers/"); // of the OpenAPI document: the address with its port
    }

    private void text(String pointer, String expected, String got) {
        if (!expected.equals(got)) {
            differences.add(new Difference(pointer, shown(expected), shown(got), false));
        }
    }

    private static String shown(String text) {
        return text.length() <= SHOWN_MAX ? text : text.substring(0, SHOWN_MAX) + "… (%s)".formatted(text.length());
    }
}
