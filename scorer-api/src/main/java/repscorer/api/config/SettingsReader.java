package repscorer.api.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import repscorer.yaml.ConfigException;
import repscorer.yaml.YamlFile;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Settings from four places, the later winning: the defaults, {@code scorer.yaml}, environment variables
 * ({@code REPSCORER_LIMITS_K_MAX} for {@code limits.k-max}), settings given at the start ({@code limits.k-max=500}).
 */
final class SettingsReader {

    private static final String ENVIRONMENT_PREFIX = "REPSCORER_";

    /** What other readers of the environment know: the service, the command line, its launcher, tests. */
    private static final Set<String> OTHERS = Set.of(
            "REPSCORER_ADMIN_TOKEN",
            SignalSettings.TOKEN_VARIABLE,
            "REPSCORER_URL",
            "REPSCORER_KEY",
            "REPSCORER_DEBUG",
            "REPSCORER_DATA",
            "REPSCORER_JAVA_OPTS");

    private static final YAMLMapper YAML = new YAMLMapper();

    private SettingsReader() {}

    static ServiceSettings read(Path file, Map<String, String> environment, Map<String, String> given) {
        return read(
                Files.exists(file) ? ServiceYaml.read(file) : ServiceYaml.empty(file.toString()), environment, given);
    }

    static ServiceSettings read(YamlFile yaml, Map<String, String> environment, Map<String, String> given) {
        ServiceSettings settings = yaml.as(ServiceSettings.class);
        Map<String, JsonNode> defaults = new LinkedHashMap<>();
        leaves(ServiceYaml.MAPPER.valueToTree(ServiceSettings.DEFAULT), "", defaults);
        refuseUnknown(environment, defaults.keySet());
        for (Map.Entry<String, JsonNode> known : defaults.entrySet()) {
            String variable = variable(known.getKey());
            String value = environment.get(variable);
            if (value != null) {
                settings =
                        set(yaml.tree(), known.getKey(), value, known.getValue(), "environment variable " + variable);
            }
        }
        for (Map.Entry<String, String> setting : given.entrySet()) {
            String key = setting.getKey();
            JsonNode known = defaults.get(key);
            if (known == null) {
                throw new ConfigException(
                        "setting %s: unknown key; known are %s".formatted(key, String.join(", ", defaults.keySet())));
            }
            settings = set(yaml.tree(), key, setting.getValue(), known, "setting " + key);
        }
        return settings;
    }

    private static String variable(String key) {
        return ENVIRONMENT_PREFIX
                + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    private static void refuseUnknown(Map<String, String> environment, Set<String> keys) {
        Set<String> known = new TreeSet<>(OTHERS);
        keys.forEach(key -> known.add(variable(key)));
        for (String variable : new TreeSet<>(environment.keySet())) {
            if (variable.startsWith(ENVIRONMENT_PREFIX) && !known.contains(variable)) {
                throw new ConfigException(
                        "environment variable %s: unknown; known are %s".formatted(variable, String.join(", ", known)));
            }
        }
    }

    private static void leaves(JsonNode node, String path, Map<String, JsonNode> into) {
        for (Map.Entry<String, JsonNode> property : node.properties()) {
            String key = path.isEmpty() ? property.getKey() : path + "." + property.getKey();
            if (property.getValue().isObject()) {
                leaves(property.getValue(), key, into);
            } else {
                into.put(key, property.getValue());
            }
        }
    }

    private static ServiceSettings set(ObjectNode tree, String key, String value, JsonNode known, String place) {
        int cut = key.lastIndexOf('.');
        ObjectNode node = cut < 0
                ? tree
                : tree.withObject(
                        JsonPointer.compile("/" + key.substring(0, cut).replace('.', '/')));
        try {
            // What is text stays text even where it looks like a number.
            node.set(
                    key.substring(cut + 1),
                    known.isString() ? YAML.getNodeFactory().stringNode(value) : YAML.readTree(value));
            return ServiceYaml.empty(place).bind(tree, ServiceSettings.class);
        } catch (JacksonException e) {
            throw new ConfigException("%s: the value does not fit: '%s'".formatted(place, value), e);
        } catch (ConfigException e) {
            String told = String.valueOf(e.getMessage());
            throw new ConfigException(told.endsWith("'" + value + "'") ? told : "%s: '%s'".formatted(told, value), e);
        }
    }
}
