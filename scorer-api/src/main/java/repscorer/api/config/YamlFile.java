package repscorer.api.config;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import repscorer.api.json.JacksonFailures;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * One YAML file and the line of each of its keys, so that a rule broken anywhere can name its place.
 *
 * <p>A key's path is written as people say it: {@code columns[0].weight}.
 */
final class YamlFile {

    static final YAMLMapper MAPPER = YAMLMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .addModule(Units.module())
            .build();

    private final String name;
    private final ObjectNode tree;
    private final Map<String, Integer> lines;

    private YamlFile(String name, ObjectNode tree, Map<String, Integer> lines) {
        this.name = name;
        this.tree = tree;
        this.lines = lines;
    }

    /** @throws ConfigException when the file is missing, not UTF-8, not YAML, or holds something else than keys */
    static YamlFile read(Path path) {
        return parse(path.toString(), text(path));
    }

    /** A file without keys, where the real one is allowed to be missing. */
    static YamlFile empty(Path path) {
        return new YamlFile(path.toString(), MAPPER.createObjectNode(), Map.of());
    }

    static YamlFile parse(String name, String text) {
        Map<String, Integer> lines = new HashMap<>();
        try (JsonParser parser = MAPPER.createParser(text)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                return new YamlFile(name, MAPPER.createObjectNode(), lines);
            }
            if (first != JsonToken.START_OBJECT) {
                throw new ConfigException("%s line %d: the file must hold keys and values"
                        .formatted(name, parser.currentTokenLocation().getLineNr()));
            }
            collectLines(name, parser, first, "", lines);
            if (parser.nextToken() != null) {
                throw new ConfigException("%s line %d: a file holds one document"
                        .formatted(name, parser.currentTokenLocation().getLineNr()));
            }
            return new YamlFile(name, (ObjectNode) MAPPER.readTree(text), lines);
        } catch (JacksonException e) {
            throw new ConfigException(
                    "%s%s: not valid YAML: %s".formatted(name, lineOf(e.getLocation()), complaint(e)), e);
        }
    }

    /* The parser's message says what it was doing, shows the place, then says what is wrong: the words are kept. */
    private static String complaint(JacksonException e) {
        return e.getOriginalMessage()
                .lines()
                .filter(line -> !line.startsWith(" "))
                .collect(Collectors.joining(", "));
    }

    String name() {
        return name;
    }

    ObjectNode tree() {
        return tree;
    }

    /** Binds the file to a record; kebab-case keys, unknown keys refused. */
    <T> T as(Class<T> type) {
        return bind(tree, type);
    }

    /** Binds a tree that was derived from this file's. */
    <T> T bind(JsonNode node, Class<T> type) {
        try {
            return MAPPER.treeToValue(node, type);
        } catch (JacksonException e) {
            throw error(JacksonFailures.path(e), JacksonFailures.rule(e));
        }
    }

    /**
     * An error at a key, or at the nearest key above it that the file holds. A rule that begins with the name of a key
     * below, as the rules of records do, is at that key.
     */
    ConfigException error(String key, String rule) {
        String named = rule.split("[ :]", 2)[0];
        String at = key.isEmpty() ? named : key + "." + named;
        if (!lines.containsKey(at)) {
            at = key;
        }
        while (!lines.containsKey(at) && !at.isEmpty()) {
            at = parent(at);
        }
        Integer line = lines.get(at);
        String place = line == null ? name : name + " line " + line;
        return new ConfigException("%s: %s%s".formatted(place, key.isEmpty() ? "" : key + ": ", rule));
    }

    private static String text(Path path) {
        try {
            return Files.readString(path);
        } catch (NoSuchFileException e) {
            throw new ConfigException(path + ": the file is missing", e);
        } catch (MalformedInputException e) {
            throw new ConfigException(path + ": the file is not UTF-8", e);
        } catch (IOException e) {
            throw new ConfigException("%s: the file cannot be read: %s".formatted(path, e), e);
        }
    }

    private static void collectLines(
            String name, JsonParser parser, @Nullable JsonToken token, String path, Map<String, Integer> lines) {
        if (token == JsonToken.START_OBJECT) {
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String child = path.isEmpty() ? parser.currentName() : path + "." + parser.currentName();
                int line = parser.currentTokenLocation().getLineNr();
                if (lines.putIfAbsent(child, line) != null) {
                    throw new ConfigException("%s line %d: %s: the key is there twice".formatted(name, line, child));
                }
                collectLines(name, parser, parser.nextToken(), child, lines);
            }
        } else if (token == JsonToken.START_ARRAY) {
            int index = 0;
            for (JsonToken item = parser.nextToken(); item != JsonToken.END_ARRAY; item = parser.nextToken()) {
                String child = path + "[" + index++ + "]";
                lines.put(child, parser.currentTokenLocation().getLineNr());
                collectLines(name, parser, item, child, lines);
            }
        }
    }

    private static String parent(String key) {
        int cut = Math.max(key.lastIndexOf('.'), key.lastIndexOf('['));
        return cut < 0 ? "" : key.substring(0, cut);
    }

    private static String lineOf(@Nullable TokenStreamLocation location) {
        return location == null || location.getLineNr() < 1 ? "" : " line " + location.getLineNr();
    }
}
