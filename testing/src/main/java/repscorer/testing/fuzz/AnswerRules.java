package repscorer.testing.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What no answer may be, whatever was asked. Safe for concurrent use. */
final class AnswerRules {

    private static final JsonMapper JSON = JsonMapper.shared();
    /** What the service writes down for a caller that has closed its half, as one does that sends noise. */
    private static final int GONE = 499;

    private static final String RPC = "/mcp";
    private static final String PROBLEM = "application/problem+json";

    /** What only the inside of a program knows. */
    private static final List<Pattern> INSIDE = List.of(
            Pattern.compile("(?m)^\\s*at [\\w.$/]+\\([\\w.]*(:\\d+)?\\)"),
            Pattern.compile(
                    "\\b(java|javax|jakarta|jdk|sun|com|org|io|net|tools|repscorer)(\\.[a-z]\\w*)+\\.[A-Z]\\w*"),
            Pattern.compile("\\b[A-Z][a-z]\\w*(Exception|Error)\\b"),
            Pattern.compile("\\b[A-Z]\\w+@[0-9a-f]{5,8}\\b"),
            Pattern.compile("\\w\\.java\\b"),
            Pattern.compile("\\b[A-Za-z]\\w+\\.(get|set|is)[A-Z]\\w*\\(|\\b(get|set)[A-Z]\\w*\\(\\)"),
            Pattern.compile("(?<![\\w.])/(home|tmp|usr|var|etc|opt|root|proc)/\\w+"));

    private final Map<String, ApiOperation> operations = new HashMap<>();
    private final Set<Integer> documented;
    private final List<String> secrets;

    /**
     * @param documented every status of an error that the documentation has
     * @param secrets what no answer may show: tokens, directories
     */
    AnswerRules(List<ApiOperation> operations, Set<Integer> documented, List<String> secrets) {
        operations.forEach(operation -> this.operations.put(operation.id(), operation));
        this.documented = Set.copyOf(documented);
        this.secrets = List.copyOf(secrets);
    }

    /** The rule that an answer breaks, if any. */
    Optional<String> broken(FuzzRequest request, FuzzAnswer answer) {
        int status = answer.status();
        if (status == 0 || status == GONE && request.noise()) {
            return Optional.empty();
        }
        if (!isDocumented(request, status)) {
            return Optional.of("status %s is not documented".formatted(status));
        }
        if (answer.headers().containsKey("x-injected")) {
            return Optional.of("a value became a header");
        }
        if (status >= 400 && status != GONE && !request.headless()) {
            Optional<String> broken =
                    isRpc(request) && !answer.header("content-type").startsWith(PROBLEM)
                            ? rpcError(answer)
                            : problem(answer);
            if (broken.isPresent()) {
                return broken;
            }
        }
        return status >= 400 || request.asDescribed() ? shown(request, answer) : Optional.empty();
    }

    private boolean isDocumented(FuzzRequest request, int status) {
        ApiOperation operation = operations.get(request.operation());
        if (operation == null || !request.asDescribed()) {
            return status < 400 || documented.contains(status);
        }
        return operation.statuses().contains(status)
                || status >= 400 && operation.problems() && documented.contains(status)
                || status == 200 && request.headless();
    }

    private static boolean isRpc(FuzzRequest request) {
        String[] line = request.latin().split("[ ?]", 3);
        return line.length == 3 && line[1].equals(RPC);
    }

    /* JSON-RPC has errors of its own. */
    private static Optional<String> rpcError(FuzzAnswer answer) {
        try {
            JsonNode error = JSON.readTree(answer.body()).path("error");
            return error.path("code").isInt()
                            && !error.path("message").asString("").isBlank()
                    ? Optional.empty()
                    : Optional.of("an error of JSON-RPC has no code or message");
        } catch (RuntimeException e) {
            return Optional.of("an error is neither a problem document nor JSON-RPC: " + e.getMessage());
        }
    }

    private static Optional<String> problem(FuzzAnswer answer) {
        if (!answer.header("content-type").startsWith(PROBLEM)) {
            return Optional.of("an error is no problem document but '%s'".formatted(answer.header("content-type")));
        }
        JsonNode problem;
        try {
            problem = JSON.readTree(answer.body());
        } catch (RuntimeException e) {
            return Optional.of("a problem is no JSON: " + e.getMessage());
        }
        for (String key : List.of("type", "title", "detail", "code")) {
            if (problem.path(key).asString("").isBlank()) {
                return Optional.of("a problem has no " + key);
            }
        }
        if (problem.path("status").asInt(0) != answer.status()) {
            return Optional.of("a problem's status is another than its answer's");
        }
        String code = problem.path("code").asString("");
        if (!code.matches("[a-z][a-z0-9]*(-[a-z0-9]+)*") || code.equals("internal-error")) {
            return Optional.of("a problem's code is '%s'".formatted(code));
        }
        return Optional.empty();
    }

    private Optional<String> shown(FuzzRequest request, FuzzAnswer answer) {
        String type = answer.header("content-type");
        if (!type.contains("json") && !type.startsWith("text/")) {
            return Optional.empty();
        }
        String text = answer.text();
        for (String secret : secrets) {
            if (text.contains(secret)) {
                return Optional.of("an answer shows '%s'".formatted(secret));
            }
        }
        String asked = null;
        for (Pattern inside : INSIDE) {
            Matcher matcher = inside.matcher(text);
            while (matcher.find()) {
                asked = asked == null ? new String(request.bytes(), StandardCharsets.UTF_8) : asked;
                if (!asked.contains(matcher.group())) { // else it is an echo
                    return Optional.of("an answer shows '%s'".formatted(matcher.group()));
                }
            }
        }
        return Optional.empty();
    }
}
