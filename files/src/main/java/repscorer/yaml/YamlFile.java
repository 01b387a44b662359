package repscorer.yaml;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * One YAML file and the line of each of its keys, so that a rule broken anywhere can name its place.
 *
 * <p>A key's path is written as people say it: {@code columns[0].weight}.
 */
public final class YamlFile {

    private static final YAMLMapper YAML = new YAMLMapper();

    /**
     * What a family of files has of its own.
     *
     * @param mapper made from {@link Records#mapper}
     * @param malformed how text that does not parse is called
     * @param words how a value that does not bind is told
     */
    public record Dialect(JsonMapper mapper, String malformed, Words words) {}

    /** Tells why a value does not bind. */
    @FunctionalInterface
    public interface Words {
        ConfigException tell(YamlFile file, JacksonException e);
    }

    private final String name;
    private final Dialect dialect;
    private final ObjectNode tree = JsonNodeFactory.instance.objectNode();
    private final Map<String, Integer> lines = new HashMap<>();

    private YamlFile(String name, Dialect dialect) {
        this.name = name;
        this.dialect = dialect;
    }

    /** @throws ConfigException when the file is missing, not UTF-8, not YAML, or holds something else than keys */
    public static YamlFile read(Path path, Dialect dialect) {
        try {
            return parse(path.toString(), Files.readString(path), dialect);
        } catch (NoSuchFileException e) {
            throw new ConfigException(path + ": the file does not exist", e);
        } catch (MalformedInputException e) {
            throw new ConfigException(path + ": the file is not UTF-8", e);
        } catch (IOException e) {
            throw new ConfigException("%s: the file cannot be read: %s".formatted(path, e), e);
        }
    }

    /**
     * Reads text as if it were a file's content; without any it is a file without keys.
     *
     * @param name of the file in complaints
     */
    public static YamlFile parse(String name, String text, Dialect dialect) {
        YamlFile file = new YamlFile(name, dialect);
        try (JsonParser parser = YAML.createParser(text)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                return file;
            }
            if (first != JsonToken.START_OBJECT) {
                throw file.complaint(line(parser), "the file must hold keys and values");
            }
            file.readKeys(parser, "", file.tree);
            if (parser.nextToken() != null) {
                throw file.complaint(line(parser), "a file holds one document");
            }
            return file;
        } catch (JacksonException e) {
            TokenStreamLocation at = e.getLocation();
            // The parser says what it was doing, shows the place, then says what is wrong: the words are kept.
            String words = JacksonFailures.plain(e.getOriginalMessage()
                    .lines()
                    .filter(line -> !line.startsWith(" "))
                    .collect(Collectors.joining(", ")));
            throw because(e, file.complaint(at == null ? 0 : at.getLineNr(), dialect.malformed + ": " + words));
        }
    }

    /** The file's keys and values, for the caller to change. */
    public ObjectNode tree() {
        return tree;
    }

    /** Binds the file to a record. */
    public <T extends Record> T as(Class<T> type) {
        return bind(tree, type);
    }

    /** Binds a tree that was derived from this file's, left as it is. */
    public <T extends Record> T bind(ObjectNode node, Class<T> type) {
        try {
            return Records.bind(dialect.mapper, node, type);
        } catch (JacksonException e) {
            throw because(e, dialect.words.tell(this, e));
        }
    }

    /**
     * An error at a key, or at the nearest key above it that the file holds. A rule that begins with the name of a key
     * below, as the rules of records do, is at that key.
     */
    public ConfigException error(String key, String rule) {
        String below = child(key, rule.split("[ :]", 2)[0]);
        return complaint(lines.containsKey(below) ? below : key, key.isEmpty() ? rule : key + ": " + rule);
    }

    /** A complaint in its own words at a key, or at the nearest key above it that the file holds. */
    public ConfigException complaint(String key, String words) {
        String at = key;
        while (!lines.containsKey(at) && !at.isEmpty()) {
            at = at.substring(0, Math.max(0, Math.max(at.lastIndexOf('.'), at.lastIndexOf('['))));
        }
        return complaint(lines.getOrDefault(at, 0), words);
    }

    private ConfigException complaint(int line, String words) {
        return new ConfigException("%s%s: %s".formatted(name, line > 0 ? " line " + line : "", words));
    }

    private static ConfigException because(JacksonException cause, ConfigException complaint) {
        complaint.initCause(cause);
        return complaint;
    }

    private JsonNode readValue(JsonParser parser, String path) {
        return switch (parser.currentToken()) {
            case START_OBJECT -> readKeys(parser, path, YAML.createObjectNode());
            case START_ARRAY -> {
                ArrayNode array = YAML.createArrayNode();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    String child = path + "[" + array.size() + "]";
                    lines.put(child, line(parser));
                    array.add(readValue(parser, child));
                }
                yield array;
            }
            default -> parser.readValueAsTree();
        };
    }

    private ObjectNode readKeys(JsonParser parser, String path, ObjectNode into) {
        lines.putIfAbsent(path, line(parser));
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            String child = child(path, key);
            if (into.has(key)) {
                throw complaint(line(parser), "a key must not repeat: '%s'".formatted(child));
            }
            lines.put(child, line(parser));
            parser.nextToken();
            into.set(key, readValue(parser, child));
        }
        return into;
    }

    private static String child(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private static int line(JsonParser parser) {
        return parser.currentTokenLocation().getLineNr();
    }
}
