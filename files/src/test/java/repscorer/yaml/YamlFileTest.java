package repscorer.yaml;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class YamlFileTest {

    private static final YamlFile.Dialect DIALECT = new YamlFile.Dialect(
            JsonMapper.shared(),
            "not valid YAML",
            (file, e) -> file.error(JacksonFailures.path(e), JacksonFailures.rule(e)));

    @Test
    void whatIsNestedTooDeeplyIsToldWithoutNamesOfTheParser() {
        String nested = "a: " + "[".repeat(2_000) + "]".repeat(2_000);
        assertThatThrownBy(() -> YamlFile.parse("deep.yaml", nested, DIALECT))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("not valid YAML: Document nesting depth")
                .hasMessageContaining("exceeds the maximum allowed")
                .hasMessageNotContaining("StreamReadConstraints")
                .hasMessageNotContaining("`");
    }
}
