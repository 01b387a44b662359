package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * The chart with its own values, rendered by a few lines that know what its templates use and nothing else; what they do not know
 * fails. Where helm is installed, its lint and its rendering are asked too.
 */
class HelmChartTest {

    private static final YAMLMapper YAML = YAMLMapper.builder().build();
    private static final Path CHART =
            TestService.configDirectory().resolveSibling("packages/helm/representation-scorer");
    private static final Pattern ACTION = Pattern.compile("\\{\\{-? *(.*?) *-?}}");
    private static final String RELEASE = "tried";

    private static ObjectNode values() throws IOException {
        return (ObjectNode) YAML.readTree(Files.readString(CHART.resolve("values.yaml")));
    }

    private static List<Error> errors(JsonNode values) throws IOException {
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(Files.readString(CHART.resolve("values.schema.json")))
                .validate(values.toString(), InputFormat.JSON);
    }

    /** Every object by its kind. */
    private static Map<String, JsonNode> rendered(JsonNode values) throws IOException {
        Map<String, JsonNode> objects = new TreeMap<>();
        JsonNode chart = YAML.readTree(Files.readString(CHART.resolve("Chart.yaml")));
        try (Stream<Path> templates = Files.list(CHART.resolve("templates"))) {
            for (Path template : templates.sorted().toList()) {
                String text = rendered(Files.readAllLines(template), values, chart);
                if (!text.isBlank()) {
                    JsonNode object = YAML.readTree(text);
                    assertThat(objects.put(object.path("kind").asString(), object))
                            .isNull();
                }
            }
        }
        return objects;
    }

    private static JsonNode object(Map<String, JsonNode> objects, String kind) {
        return Objects.requireNonNull(objects.get(kind), kind);
    }

    private static String rendered(List<String> lines, JsonNode values, JsonNode chart) {
        StringBuilder text = new StringBuilder();
        List<Boolean> shown = new ArrayList<>();
        for (String line : lines) {
            Matcher whole = ACTION.matcher(line.strip());
            if (whole.matches() && whole.group(1).startsWith("if ")) {
                shown.add(!value(whole.group(1).substring(3), values, chart).isBlank());
            } else if (whole.matches() && whole.group(1).equals("end")) {
                shown.removeLast();
            } else if (!shown.contains(false)) {
                if (whole.matches() && line.strip().startsWith("{{-")) { // the white space before it goes
                    text.setLength(text.toString().stripTrailing().length());
                    line = line.strip();
                }
                text.append(ACTION.matcher(line)
                                .replaceAll(action -> Matcher.quoteReplacement(value(action.group(1), values, chart))))
                        .append('\n');
            }
        }
        assertThat(shown).isEmpty();
        return text.toString();
    }

    private static String value(String action, JsonNode values, JsonNode chart) {
        String[] steps = action.split(" *\\| *");
        String value;
        if (steps[0].startsWith("toYaml ")) {
            value = YAML.writeValueAsString(at(steps[0].substring(7), values))
                    .replaceFirst("^---\\s", "")
                    .strip();
        } else if (steps[0].startsWith("div ")) {
            String[] words = steps[0].split(" ");
            value = Integer.toString(at(words[1], values).asInt() / Integer.parseInt(words[2]));
        } else {
            value = switch (steps[0]) {
                case ".Release.Name" -> RELEASE;
                case ".Chart.AppVersion" -> chart.path("appVersion").asString();
                default -> at(steps[0], values).asString();
            };
        }
        for (int i = 1; i < steps.length; i++) {
            String step = steps[i];
            if (step.equals("quote")) {
                value = "\"" + value + "\"";
            } else if (step.startsWith("nindent ")) {
                value = "\n" + value.indent(Integer.parseInt(step.substring(8))).stripTrailing();
            } else if (step.equals("default .Chart.AppVersion")) {
                value = value.isEmpty() ? chart.path("appVersion").asString() : value;
            } else {
                throw new IllegalArgumentException("the test knows no '%s'".formatted(step));
            }
        }
        return value;
    }

    private static JsonNode at(String path, JsonNode values) {
        assertThat(path).startsWith(".Values.");
        JsonNode value = values.at("/" + path.substring(8).replace('.', '/'));
        assertThat(value.isMissingNode()).as(path).isFalse();
        return value;
    }

    @Test
    void aPodIsAsNarrowAsTheServiceAllows() throws IOException {
        JsonNode pod = object(rendered(values()), "StatefulSet").at("/spec/template/spec");
        assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
        assertThat(pod.at("/securityContext/seccompProfile/type").asString()).isEqualTo("RuntimeDefault");
        assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
        JsonNode container = pod.at("/containers/0");
        assertThat(container.at("/securityContext/readOnlyRootFilesystem").asBoolean())
                .isTrue();
        assertThat(container.at("/securityContext/allowPrivilegeEscalation").asBoolean(true))
                .isFalse();
        assertThat(container.at("/securityContext/capabilities/drop/0").asString())
                .isEqualTo("ALL");
        assertThat(container.at("/resources/limits/memory").asString()).isEqualTo("4Gi");
        assertThat(container.at("/volumeMounts")).hasSize(1);
        assertThat(container.at("/volumeMounts/0/mountPath").asString()).isEqualTo("/data");
        assertThat(container.path("image").asString()).isEqualTo("representation-scorer:0.1.0");
        assertThat(container.at("/args").values().stream().map(JsonNode::asString))
                .containsExactly(
                        "serve", "--config", "/etc/representation-scorer", "--data", "/data", "--address", "0.0.0.0");
        assertThat(container.at("/env").values().stream()
                        .map(each -> each.path("name").asString()))
                .containsExactly(
                        "REPSCORER_PORT",
                        "REPSCORER_MANAGEMENT_PORT",
                        "REPSCORER_ADMIN_TOKEN",
                        "REPSCORER_HTTP_OPEN_READS",
                        "JDK_JAVA_OPTIONS");
        assertThat(container.at("/env/2/valueFrom/secretKeyRef/key").asString()).isEqualTo("admin-token");
    }

    @Test
    void probesAskWhatTheServiceAnswers() throws IOException {
        JsonNode container = object(rendered(values()), "StatefulSet").at("/spec/template/spec/containers/0");
        assertThat(container.at("/startupProbe/failureThreshold").asInt()).isEqualTo(60);
        TestService service = TestService.shared();
        Http management = new Http(service.running.managementUri());
        for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
            JsonNode get = container.path(probe).path("httpGet");
            assertThat(get.path("port").asString()).isEqualTo("management");
            assertThat(management.get(get.path("path").asString()).status())
                    .as(probe)
                    .isEqualTo(200);
        }
    }

    @Test
    void podsAreFoundByTheirServiceBudgetAndPolicy() throws IOException {
        Map<String, JsonNode> objects = rendered(values());
        assertThat(objects.keySet()).containsExactly("NetworkPolicy", "PodDisruptionBudget", "Service", "StatefulSet");
        JsonNode labels = object(objects, "StatefulSet").at("/spec/template/metadata/labels");
        assertThat(labels).hasSize(2);
        assertThat(object(objects, "StatefulSet").at("/spec/selector/matchLabels"))
                .isEqualTo(labels);
        assertThat(object(objects, "Service").at("/spec/selector")).isEqualTo(labels);
        assertThat(object(objects, "PodDisruptionBudget").at("/spec/selector/matchLabels"))
                .isEqualTo(labels);
        assertThat(object(objects, "NetworkPolicy").at("/spec/podSelector/matchLabels"))
                .isEqualTo(labels);
        assertThat(object(objects, "NetworkPolicy").at("/spec/ingress")).hasSize(2);
    }

    @Test
    void aConfigurationOfOnesOwnLiesOverTheImages() throws IOException {
        ObjectNode values = values();
        String yaml = "limits:\n  k-max: 7\n";
        values.put("scorerYaml", yaml);
        Map<String, JsonNode> objects = rendered(values);
        assertThat(object(objects, "ConfigMap").at("/data").path("scorer.yaml").asString())
                .isEqualTo(yaml);
        JsonNode pod = object(objects, "StatefulSet").at("/spec/template/spec");
        assertThat(pod.at("/containers/0/volumeMounts/1/mountPath").asString())
                .isEqualTo("/etc/representation-scorer/scorer.yaml");
        assertThat(pod.at("/volumes/0/configMap/name").asString()).isEqualTo(RELEASE);
    }

    @Test
    void theSchemaTakesTheChartsValuesAndRefusesWhatCannotRun() throws IOException {
        assertThat(errors(values())).isEmpty();
        assertThat(errors(values().put("replicas", 0))).isNotEmpty();
        assertThat(errors(values().put("user", 0))).isNotEmpty();
        assertThat(errors(values().put("replica", 2))).isNotEmpty();
        ObjectNode unlimited = values();
        unlimited.withObject("/resources").remove("limits");
        assertThat(errors(unlimited)).isNotEmpty();
    }

    @Test
    void helmItselfFindsNothingWrong() throws Exception {
        boolean there = Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "helm")));
        Assumptions.assumeTrue(there, "skipped: helm is not installed");
        for (List<String> command : List.of(
                List.of("helm", "lint", "--strict", CHART.toString()),
                List.of("helm", "template", RELEASE, CHART.toString()))) {
            Process helm = new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(helm.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            assertThat(helm.waitFor()).as(said).isZero();
        }
    }
}
