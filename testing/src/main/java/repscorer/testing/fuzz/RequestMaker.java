package repscorer.testing.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import repscorer.testing.Seeds;
import tools.jackson.databind.JsonNode;

/**
 * Makes requests of every operation that a service describes: whole ones, and such that are wrong in their body, address, headers,
 * method or bytes. The same seed and number make the same request. Safe for concurrent use.
 */
final class RequestMaker {

    private static final String JSON = "application/json";

    private static final String VECTOR = "0.5,".repeat(Vocabulary.DIMENSION - 1) + "1";

    private static final String SPACES =
            "\"similarity\":\"dot\",\"sourceSpace\":\"twhin-user\",\"candidateSpace\":\"twhin-user\"";

    /** Bodies that the service accepts, by operation. */
    private static final Map<String, List<String>> SEEDS = Map.of(
            "findCandidates",
            List.of(
                    "{\"surface\":\"follow\",\"source\":{\"id\":\"user:1\"}}",
                    "{\"surface\":\"follow\",\"source\":{\"ids\":[{\"id\":\"user:1\"},{\"id\":\"user:4\",\"weight\":2}]},\"k\":3,"
                            + "\"explain\":true,\"dryRun\":true,\"unit\":\"user:1\",\"filters\":{\"kinds\":[\"user\"],"
                            + "\"excludeIds\":[\"user:2\"],\"excludeHistories\":[]},"
                            + "\"overrides\":{\"columns.twhin.weight\":0.5,\"optimal\":true}}",
                    "{\"surface\":\"follow\",\"source\":{\"vector\":{\"space\":\"twhin-user\",\"values\":[" + VECTOR
                            + "]}},\"k\":5}",
                    "{\"surface\":\"follow\",\"source\":{\"clusters\":[{\"cluster\":1,\"weight\":0.5}]},\"k\":1000}",
                    "{\"surface\":\"search\",\"source\":{\"text\":\"jazz music\"},\"explain\":true}",
                    "{\"surface\":\"follow\",\"source\":{\"id\":\"user:1\"},\"filters\":{\"where\":{\"all\":[{\"not\":{\"ids\":"
                            + "[\"user:2\"]}},{\"any\":[{\"kinds\":[\"user\"]},{\"list\":{\"space\":\"history-follow\",\"of\":"
                            + "\"user:1\"}}]},{\"not\":{\"age\":{\"min\":\"1h\"}}},{\"weight\":{\"space\":\"simclusters-producer\","
                            + "\"column\":\"cluster:1\",\"max\":2}}]}}}",
                    "{\"surface\":\"follow\",\"source\":{\"id\":\"user:1\"},\"overrides\":{\"explore.method\":\"softmax\",\"seed\":\"s\"}}"),
            "explainMissing",
            List.of("{\"id\":\"user:12\",\"surface\":\"follow\",\"source\":{\"id\":\"user:1\"},\"k\":2}"),
            "scoreCandidates",
            List.of(
                    "{\"surface\":\"follow\",\"source\":{\"id\":\"user:1\"},\"candidates\":[\"user:2\",\"user:9\"],\"explain\":true}",
                    "{" + SPACES
                            + ",\"source\":{\"id\":\"user:1\"},\"candidates\":[\"user:2\",\"topic:jazz\"],\"translation\":"
                            + "{\"space\":\"twhin-relation\",\"relation\":\"follow\"}}"),
            "scorePairs",
            List.of("{" + SPACES + ",\"pairs\":[{\"source\":\"user:1\",\"candidate\":\"user:2\"}]}"),
            "scoreMatrix",
            List.of("{" + SPACES + ",\"sources\":[\"user:1\",\"user:3\"],\"candidates\":[\"user:2\",\"user:4\"]}"),
            "pushSignals",
            List.of("{\"signals\":[{\"user\":\"user:7\",\"type\":\"fav\",\"entity\":\"tweet:1\"},{\"user\":\"user:7\","
                    + "\"type\":\"block\",\"entity\":\"user:2\",\"at\":\"2026-01-31T12:00:00Z\",\"undone\":true}]}"),
            "changeSpace",
            List.of(
                    "{\"id\":\"user:1\",\"vector\":[" + VECTOR + "]}\n{\"id\":\"user:999\",\"delete\":true}\n",
                    "{\"id\":\"user:2\",\"entries\":{\"cluster:1\":0.5,\"cluster:3\":1}}\n",
                    "{\"id\":\"topic:jazz\",\"text\":\"Jazz music\",\"producer\":\"p\",\"seq\":4}\n",
                    "{\"id\":\"user:3\",\"vector\":[" + VECTOR + "],\"at\":\"2026-11-29T00:00:00Z\",\"seq\":1}\n"),
            "pushOutcomes",
            List.of(
                    "{\"decision\":\"01a22993-2e5a-74b1-8a93-69929ea14db1\",\"candidate\":\"user:2\",\"kind\":\"follow\",\"value\":1,"
                            + "\"time\":\"2026-11-29T23:11:05Z\"}\n{\"decision\":\"019ad0f1\",\"candidate\":\"user:2\",\"kind\":\"x\"}\n"),
            "putExperiment",
            List.of(
                    "experiment: fuzzed\nsurface: follow\nlayer: fuzzed\nenabled: true\nvariants:\n  - {name: a, weight: 1}\n"
                            + "  - {name: b, weight: 1, overrides: {columns.twhin.weight: 0.3}}\nguard-rails: {empty-rate: 0.1}\n"),
            "stageRows",
            List.of(
                    "{\"id\":\"user:1\",\"vector\":[" + VECTOR + "]}\n{\"id\":\"user:2\",\"vector\":[" + VECTOR
                            + "]}\n",
                    "id,vector\nuser:1,\"[" + VECTOR + "]\"\n",
                    "id\tvector\nuser:1\t[" + VECTOR + "]\n",
                    "user:1\n\n\u0000\u0000\u0000@\u0000\u0000\u0000\u0000",
                    "user:1\n\n\u0093NUMPY\u0001\u0000v\u0000{'descr': '<f4', 'fortran_order': False, 'shape': (1, 64), }\n",
                    "PAR1\u0015\u0004\u0015\u0000PAR1"));

    private static final List<String> RPC = List.of(
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-06-18\",\"capabilities\":{},"
                    + "\"clientInfo\":{\"name\":\"f\",\"version\":\"1\"}}}",
            "{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"tools/list\"}",
            "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/call\",\"params\":{\"name\":\"candidates\",\"arguments\":"
                    + "{\"surface\":\"follow\",\"source\":{\"id\":\"user:1\"},\"k\":2}}}",
            "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"ping\"}",
            "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}",
            "[{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"ping\"}]");

    private static final Pattern USER = Pattern.compile("user:([0-9]{1,9})(?![0-9])");

    private final JsonNode document;
    private final List<ApiOperation> weighted;
    private final String host;
    private final String token;
    private final long seed;

    RequestMaker(JsonNode document, String host, String token, long seed) {
        this.document = document;
        this.host = host;
        this.token = token;
        this.seed = seed;
        List<ApiOperation> weighted = new ArrayList<>();
        List<ApiOperation> all = new ArrayList<>(ApiOperation.all(document));
        all.add(new ApiOperation(
                "mcp",
                "POST",
                "/mcp",
                List.of(),
                Map.of(JSON, document.path("no schema")),
                RPC,
                Set.of(200, 202),
                true));
        for (ApiOperation operation : all) {
            for (int i = weight(operation); i > 0; i--) {
                weighted.add(operation);
            }
        }
        this.weighted = List.copyOf(weighted);
    }

    /* What reads one document has more ways to go wrong; what builds or deletes takes longer. */
    private static int weight(ApiOperation operation) {
        if (operation.bodies().containsKey(JSON)) {
            return 12;
        }
        return operation.asks() || !operation.bodies().isEmpty() ? 6 : 2;
    }

    List<ApiOperation> operations() {
        return weighted.stream().distinct().toList();
    }

    /** @param whole whether it is to be as described, but for what it lacks of a token */
    private record Draft(
            ApiOperation operation,
            RandomGenerator random,
            BodyMaker bodies,
            Map<String, String> headers,
            boolean whole) {}

    /** @param trusted whether it may show the administrator's token */
    FuzzRequest make(long number, boolean trusted) {
        RandomGenerator random = Seeds.fixed(seed * 0x9E3779B97F4A7C15L + number);
        ApiOperation operation = weighted.get(random.nextInt(weighted.size()));
        boolean shows = trusted && random.nextInt(5) != 0;
        // With the token what is whole changes something, which is looked at apart from what is refused.
        boolean whole = random.nextInt(!shows || operation.asks() ? 4 : 12) == 0;
        Draft draft = new Draft(
                operation,
                random,
                new BodyMaker(document, operation.id(), random),
                new LinkedHashMap<>(Map.of("Host", host)),
                whole);
        if (shows) {
            draft.headers().put("Authorization", "Bearer " + token);
        } else if (random.nextInt(3) == 0) {
            draft.headers().put("Authorization", "Bearer " + "wrong".repeat(1 + random.nextInt(3)));
        }
        String method = whole || random.nextInt(25) != 0
                ? operation.method()
                : OddParts.METHODS.get(random.nextInt(OddParts.METHODS.size()));
        String target = target(draft);
        byte[] body = operation.bodies().isEmpty() && random.nextInt(20) != 0 ? new byte[0] : body(draft);
        List<String> more = new ArrayList<>();
        if (!whole) {
            for (int i = Math.max(0, random.nextInt(7) - 4); i > 0; i--) {
                more.add(OddParts.HEADERS.get(random.nextInt(OddParts.HEADERS.size())));
            }
        }
        byte[] bytes = written(draft, method, target, more, body);
        boolean noise = !whole && random.nextInt(40) == 0;
        boolean asDescribed = !noise
                && method.equals(operation.method())
                && !OddParts.OTHER_TARGETS.contains(target)
                && !more.contains("X-HTTP-Method-Override: DELETE");
        return new FuzzRequest(
                number,
                operation.id(),
                shows,
                asDescribed,
                noise || more.stream().anyMatch(RequestMaker::breaksFraming),
                method.equals("HEAD"),
                noise ? Hostile.mutated(bytes, random) : bytes);
    }

    /* After these a connection may be closed, and is not used again. */
    private static boolean breaksFraming(String header) {
        return header.startsWith("Transfer-Encoding") || header.startsWith("Host");
    }

    private String target(Draft draft) {
        RandomGenerator random = draft.random();
        if (!draft.whole() && random.nextInt(20) == 0) {
            return OddParts.OTHER_TARGETS.get(random.nextInt(OddParts.OTHER_TARGETS.size()));
        }
        String path = draft.operation().path();
        List<String> query = new ArrayList<>();
        for (ApiOperation.Parameter parameter : draft.operation().parameters()) {
            boolean odd = !draft.whole() && random.nextInt(4) == 0;
            String value = odd ? odd(random) : draft.bodies().parameter(parameter.name(), parameter.schema());
            String written = URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
            if (odd && random.nextInt(8) == 0) {
                written = new String(
                                Hostile.mutated(written.getBytes(StandardCharsets.UTF_8), random),
                                StandardCharsets.ISO_8859_1)
                        .replaceAll("[\\x00-\\x20]", "");
            }
            if (parameter.in().equals("path")) {
                path = path.replace("{" + parameter.name() + "}", written);
            } else if (parameter.in().equals("query") && (parameter.required() && !odd || random.nextInt(3) == 0)) {
                query.add(parameter.name() + "=" + written);
                if (odd && random.nextInt(4) == 0) {
                    query.add(parameter.name() + "=" + written);
                }
            }
        }
        if (!draft.whole() && random.nextInt(20) == 0) {
            query.add("unknown=1");
        }
        return query.isEmpty() ? path : path + "?" + String.join("&", query);
    }

    private static String odd(RandomGenerator random) {
        String odd = random.nextBoolean() ? Hostile.text(random) : Hostile.number(random);
        return odd.length() > 2_000 && random.nextInt(10) != 0 ? odd.substring(0, 2_000) : odd;
    }

    private byte[] body(Draft draft) {
        RandomGenerator random = draft.random();
        ApiOperation operation = draft.operation();
        List<String> types = List.copyOf(operation.bodies().keySet());
        String type = types.isEmpty() ? JSON : types.get(random.nextInt(types.size()));
        draft.headers().put("Content-Type", type);
        byte[] body = type.equals(JSON) ? json(draft) : other(draft);
        if (draft.whole()) {
            return body;
        }
        if (random.nextInt(8) == 0) {
            draft.headers().put("Content-Type", OddParts.TYPES.get(random.nextInt(OddParts.TYPES.size())));
        } else if (random.nextInt(30) == 0) {
            draft.headers().remove("Content-Type");
        }
        if (random.nextInt(12) == 0) {
            draft.headers().put("Content-Encoding", "gzip");
            body = switch (random.nextInt(4)) {
                case 0 -> body;
                case 1 -> Hostile.mutated(packed(body), random);
                case 2 -> packed(new byte[6 << 20]); // unpacked it is over the limit
                default -> packed(body);
            };
        }
        return body;
    }

    private byte[] json(Draft draft) {
        RandomGenerator random = draft.random();
        List<String> examples = draft.operation().examples();
        List<String> seeds = SEEDS.getOrDefault(draft.operation().id(), List.of());
        JsonNode schema = draft.operation().bodies().getOrDefault(JSON, document.path("no schema"));
        boolean made = examples.isEmpty() || !schema.isMissingNode() && random.nextInt(3) == 0;
        String json = made ? draft.bodies().valid(schema) : examples.get(random.nextInt(examples.size()));
        if (!seeds.isEmpty() && random.nextInt(3) != 0) {
            json = seeds.get(random.nextInt(seeds.size()));
        }
        json = known(json);
        if (draft.whole()) {
            return bytes(json);
        }
        return switch (random.nextInt(6)) {
            case 0 -> bytes(json);
            case 1 -> Hostile.mutated(bytes(json), random);
            default -> bytes(draft.bodies().mutated(json));
        };
    }

    /* Examples tell of entities that the service does not hold here. */
    private static String known(String json) {
        return USER.matcher(json)
                .replaceAll(user -> "user:" + (1 + Math.floorMod(user.group(1).hashCode(), Vocabulary.USERS)));
    }

    private static byte[] other(Draft draft) {
        RandomGenerator random = draft.random();
        List<String> seeds =
                SEEDS.getOrDefault(draft.operation().id(), List.of("REPSEMB1\u0001\u0000\u0000\u0000", "{}", "a: b\n"));
        String seed = seeds.get(random.nextInt(seeds.size()));
        if (draft.whole()) {
            return bytes(seed);
        }
        if (seed.startsWith("{") && random.nextBoolean()) {
            StringBuilder lines = new StringBuilder();
            seed.lines()
                    .forEach(line -> lines.append(draft.bodies().mutated(line)).append('\n'));
            return bytes(lines.toString());
        }
        return Hostile.mutated(
                seed.startsWith("{") || seed.startsWith("exp")
                        ? bytes(seed)
                        : seed.getBytes(StandardCharsets.ISO_8859_1),
                random);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] packed(byte[] body) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    private static byte[] written(Draft draft, String method, String target, List<String> more, byte[] body) {
        StringBuilder head = new StringBuilder("%s %s HTTP/1.1\r\n".formatted(method, target));
        draft.headers()
                .forEach((name, value) ->
                        head.append(name).append(": ").append(value).append("\r\n"));
        more.forEach(header -> head.append(header).append("\r\n"));
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        boolean chunked = body.length > 0
                && draft.random().nextInt(10) == 0
                && more.stream().noneMatch(RequestMaker::breaksFraming);
        if (chunked) {
            head.append("Transfer-Encoding: chunked\r\n");
        } else if (body.length > 0 || !draft.operation().method().equals("GET")) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        message.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        if (chunked) {
            int half = (body.length + 1) / 2;
            chunk(message, body, 0, half);
            chunk(message, body, half, body.length);
            message.writeBytes(bytes("0\r\n\r\n"));
        } else {
            message.writeBytes(body);
        }
        return message.toByteArray();
    }

    private static void chunk(ByteArrayOutputStream message, byte[] body, int from, int to) {
        if (to > from) {
            message.writeBytes(bytes(Integer.toHexString(to - from) + "\r\n"));
            message.write(body, from, to - from);
            message.writeBytes(bytes("\r\n"));
        }
    }
}
