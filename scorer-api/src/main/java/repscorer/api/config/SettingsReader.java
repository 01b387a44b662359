package repscorer.api.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Settings from four places, the later winning: the defaults, {@code scorer.yaml}, environment variables
 * ({@code REPSCORER_LIMITS_K_MAX} for {@code limits.k-max}), settings given at the start ({@code limits.k-max=500}).
 */
final class SettingsReader {

    private static final String ENVIRONMENT_PREFIX = "REPSCORER_";

    private SettingsReader() {}

    static ServiceSettings read(Path file, Map<String, String> environment, Map<String, String> given) {
        YamlFile yaml = Files.exists(file) ? YamlFile.read(file) : YamlFile.empty(file);
        ObjectNode tree = YamlFile.MAPPER.valueToTree(ServiceSettings.DEFAULT);
        List<String> keys = new ArrayList<>();
        leaves(tree, "", keys);
        // The clients have their own defaults, some of which follow from other keys.
        ((ObjectNode) tree.get("upstream")).remove(List.of("cache", "http"));
        overlay(tree, yaml.tree());
        ServiceSettings fromFile = yaml.bind(tree, ServiceSettings.class);

        boolean changed = false;
        for (String key : keys) {
            String variable = ENVIRONMENT_PREFIX
                    + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
            String value = environment.get(variable);
            if (value != null) {
                set(tree, key, value, "environment variable " + variable);
                changed = true;
            }
        }
        for (Map.Entry<String, String> setting : given.entrySet()) {
            if (!keys.contains(setting.getKey())) {
                throw new ConfigException(
                        "setting %s: unknown key; known are %s".formatted(setting.getKey(), String.join(", ", keys)));
            }
            set(tree, setting.getKey(), setting.getValue(), "setting " + setting.getKey());
            changed = true;
        }
        return changed ? YamlFile.empty(Path.of("settings")).bind(tree, ServiceSettings.class) : fromFile;
    }

    private static void leaves(JsonNode node, String path, List<String> into) {
        for (Map.Entry<String, JsonNode> property : node.properties()) {
            String key = path.isEmpty() ? property.getKey() : path + "." + property.getKey();
            if (property.getValue().isObject()) {
                leaves(property.getValue(), key, into);
            } else {
                into.add(key);
            }
        }
    }

    /* An unknown key is copied as well, so that binding names it with its line. */
    private static void overlay(ObjectNode base, ObjectNode top) {
        for (Map.Entry<String, JsonNode> property : top.properties()) {
            if (base.get(property.getKey()) instanceof ObjectNode below
                    && property.getValue() instanceof ObjectNode above) {
                overlay(below, above);
            } else {
                base.set(property.getKey(), property.getValue());
            }
        }
    }

    private static void set(ObjectNode tree, String key, String value, String place) {
        int cut = key.lastIndexOf('.');
        String last = key.substring(cut + 1);
        ObjectNode node = cut < 0
                ? tree
                : tree.withObject(
                        JsonPointer.compile("/" + key.substring(0, cut).replace('.', '/')));
        JsonNode before = node.get(last);
        try {
            // What is text stays text even where it looks like a number.
            node.set(
                    last,
                    before != null && before.isString()
                            ? YamlFile.MAPPER.getNodeFactory().stringNode(value)
                            : YamlFile.MAPPER.readTree(value));
            YamlFile.MAPPER.treeToValue(tree, ServiceSettings.class);
        } catch (JacksonException e) {
            Throwable reason = e.getCause() == null ? e : e.getCause();
            String message = reason instanceof JacksonException ? "the value does not fit" : reason.getMessage();
            throw new ConfigException("%s: %s: '%s'".formatted(place, message, value), e);
        }
    }
}
