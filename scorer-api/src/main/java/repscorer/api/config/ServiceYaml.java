package repscorer.api.config;

import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.util.unit.DataSize;
import repscorer.yaml.JacksonFailures;
import repscorer.yaml.Records;
import repscorer.yaml.YamlFile;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/** How the service's files are read; sizes are a whole number and a unit, {@code 2MiB}. */
final class ServiceYaml {

    private static final Pattern SIZE = Pattern.compile("(\\d{1,15})\\s*([A-Za-z]{1,3})");

    static final JsonMapper MAPPER = Records.mapper()
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .addModule(Records.text(DataSize.class, ServiceYaml::size, size -> size.toBytes() + "B"))
            .build();

    private static final YamlFile.Dialect DIALECT = new YamlFile.Dialect(
            MAPPER, "not valid YAML", (file, e) -> file.error(JacksonFailures.path(e), JacksonFailures.rule(e)));

    private ServiceYaml() {}

    static YamlFile read(Path path) {
        return YamlFile.read(path, DIALECT);
    }

    /** @param name of the file in complaints */
    static YamlFile parse(String name, String text) {
        return YamlFile.parse(name, text, DIALECT);
    }

    /** What has no keys of its own, and is called so in complaints. */
    static YamlFile empty(String name) {
        return YamlFile.parse(name, "", DIALECT);
    }

    /** Reads {@code B}, {@code KiB}, {@code MiB} and {@code GiB}. */
    private static DataSize size(String text) {
        Matcher matcher = SIZE.matcher(text.strip());
        if (matcher.matches()) {
            long amount = Long.parseLong(matcher.group(1));
            int shift = switch (matcher.group(2).toLowerCase(Locale.ROOT)) {
                case "b" -> 0;
                case "kib" -> 10;
                case "mib" -> 20;
                case "gib" -> 30;
                default -> -1;
            };
            if (shift >= 0 && amount <= Long.MAX_VALUE >> shift) {
                return DataSize.ofBytes(amount << shift);
            }
        }
        throw new IllegalArgumentException(
                "a size is a whole number with B, KiB, MiB or GiB, such as 2MiB: '%s'".formatted(text));
    }
}
