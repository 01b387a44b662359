package repscorer.training.plan;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import repscorer.yaml.ConfigException;
import repscorer.yaml.JacksonFailures;
import repscorer.yaml.Records;
import repscorer.yaml.YamlFile;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads YAML files into records and writes records as JSON. Keys without a default are required, except {@link Optional}
 * ones. Safe for concurrent use.
 */
public final class YamlFiles {

    private static final JsonMapper MAPPER = Records.mapper()
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private static final YamlFile.Dialect DIALECT = new YamlFile.Dialect(MAPPER, "is no YAML", YamlFiles::complaint);

    private YamlFiles() {}

    /**
     * Reads a file.
     *
     * @throws ConfigException when the file is missing, is no YAML, or breaks a rule
     */
    public static <T extends Record> T read(Path file, Class<T> type) {
        return YamlFile.read(file, DIALECT).as(type);
    }

    /**
     * Reads text as if it were a file's content.
     *
     * @param file the name in complaints
     */
    public static <T extends Record> T parse(Path file, String text, Class<T> type) {
        return YamlFile.parse(file.toString(), text, DIALECT).as(type);
    }

    /** Writes any of the project's records as JSON text, keys in kebab-case, the same value always the same text. */
    public static String toJson(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /**
     * Writes a value beside a file and renames it, so that a file under its name is always whole.
     *
     * @throws IOException when the disk refuses
     */
    public static void writeJson(Path file, Object value) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        Files.writeString(temporary, toJson(value) + "\n");
        Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private static ConfigException complaint(YamlFile file, JacksonException e) {
        String key = JacksonFailures.path(e);
        return file.complaint(key, words(key, e));
    }

    private static String words(String key, JacksonException e) {
        String message = JacksonFailures.words(e);
        if (e instanceof UnrecognizedPropertyException u) {
            return "unknown key '%s'; known are %s".formatted(key, JacksonFailures.known(u));
        }
        if (message.contains("Missing creator property") || message.contains("Null value for creator property")) {
            return "a key is missing: '%s'".formatted(key);
        }
        String place = key.isEmpty() ? "" : key + ": ";
        if (e.getCause() instanceof IllegalArgumentException) {
            return place + JacksonFailures.rule(e);
        }
        if (e instanceof InvalidFormatException f) {
            return "%s'%s' is not %s".formatted(place, f.getValue(), JacksonFailures.expected(f.getTargetType()));
        }
        if (e instanceof MismatchedInputException m) {
            return place + "expects " + JacksonFailures.expected(m.getTargetType());
        }
        return place + message;
    }
}
