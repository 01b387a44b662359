package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What the OpenAPI document says of each property beside its type and its sentence: an example, bounds, defaults. */
class OpenApiPropertiesTest {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final TestService SERVICE = TestService.shared();

    private static JsonNode document;

    @BeforeAll
    static void read() {
        document = SERVICE.http.get("/v3/api-docs").json();
    }

    private static void forEach(BiConsumer<String, JsonNode> property) {
        document.at("/components/schemas")
                .forEachEntry((name, schema) -> schema.path("properties")
                        .forEachEntry((key, value) -> property.accept(name + "." + key, value)));
    }

    private static List<Error> errors(JsonNode schema, JsonNode value) {
        ObjectNode whole = JSON.createObjectNode();
        whole.set("allOf", JSON.createArrayNode().add(schema));
        whole.set("components", document.path("components"));
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(whole)
                .validate(value.toString(), InputFormat.JSON);
    }

    private static boolean isOf(JsonNode schema, String type) {
        JsonNode types = schema.path("type");
        return types.asString("").equals(type)
                || types.valueStream().anyMatch(each -> each.asString().equals(type));
    }

    @Test
    void everyPropertyHasAnExampleThatKeepsItsSchema() {
        List<String> without = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        forEach((place, property) -> {
            if (property.path("examples").isEmpty() && !property.has("$ref")) {
                without.add(place);
            }
            for (JsonNode example : property.path("examples")) {
                if (!errors(property, example).isEmpty()) {
                    wrong.add(place + " " + example + errors(property, example));
                }
            }
        });
        assertThat(without).isEmpty();
        assertThat(wrong).isEmpty();
    }

    @Test
    void everyWholeNumberHasABoundEveryListOfARequestAnEndAndEverySwitchOfOneADefault() {
        List<String> unbounded = new ArrayList<>();
        forEach((place, property) -> {
            boolean request = document.at("/components/schemas/" + place.substring(0, place.indexOf('.')))
                    .path("additionalProperties")
                    .isBoolean();
            boolean open = isOf(property, "integer") && !property.has("minimum") && !place.endsWith(".seed")
                    || request && isOf(property, "array") && !property.has("maxItems")
                    || request && isOf(property, "boolean") && !property.has("default");
            if (open) {
                unbounded.add(place);
            }
        });
        assertThat(unbounded)
                .as("a vector is as long as its space says, conditions are counted together")
                .containsExactlyInAnyOrder("SourceBody.vector", "ConditionBody.all", "ConditionBody.any");
    }

    @Test
    void everyParameterHasASentence() {
        List<String> silent = new ArrayList<>();
        document.path("paths")
                .forEachEntry((path, methods) -> methods.forEachEntry((method, operation) -> {
                    for (JsonNode parameter : operation.path("parameters")) {
                        if (parameter.path("description").asString("").isBlank()) {
                            silent.add(method + " " + path + " "
                                    + parameter.path("name").asString());
                        }
                    }
                }));
        assertThat(silent).isEmpty();
    }

    private static void assertAgreed(String path, String template, String value, boolean taken) {
        String body = template.replace("$", value).replace('\'', '"');
        JsonNode request = document.path("paths").path(path).at("/post/requestBody/content/application~1json/schema");
        String shown = body.substring(0, Math.min(200, body.length()));
        assertThat(errors(request, JSON.readTree(body)).isEmpty())
                .as("the document of " + shown)
                .isEqualTo(taken);
        Http.Answer answer = SERVICE.http.send(
                "POST",
                path,
                BodyPublishers.ofString(body),
                List.of("Content-Type", "application/json", "Authorization", "Bearer " + Http.TOKEN));
        assertThat(answer.status())
                .as("%s: %s %s", path, shown, answer.text())
                .isIn(taken ? List.of(200, 404, 409) : List.of(400));
    }

    private static String list(int count, String each) {
        return "[" + String.join(",", Collections.nCopies(count, each)) + "]";
    }

    private static String map(int count) {
        return "{"
                + String.join(
                        ",",
                        IntStream.range(0, count)
                                .mapToObj(i -> "'n" + i + "':'x'")
                                .toList())
                + "}";
    }

    @Test
    void whatADocumentsBoundRefusesTheServiceRefuses() {
        String ask = "{'surface':'follow','source':{'id':'user:1'},$}";
        for (String path : List.of("/v1/candidates")) {
            assertAgreed(path, ask, "'k':1", true);
            assertAgreed(path, ask, "'k':0", false);
            assertAgreed(path, ask, "'k':1000", true);
            assertAgreed(path, ask, "'k':1001", false);
            assertAgreed(path, ask, "'unit':'" + "u".repeat(256) + "'", true);
            assertAgreed(path, ask, "'unit':'" + "u".repeat(257) + "'", false);
            assertAgreed(path, ask, "'unit':''", false);
            assertAgreed(path, ask, "'context':" + map(32), true);
            assertAgreed(path, ask, "'context':" + map(33), false);
            assertAgreed(path, ask, "'overrides':" + map(101), false);
            assertAgreed(path, ask, "'filters':{'kinds':" + list(100, "'user'") + "}", true);
            assertAgreed(path, ask, "'filters':{'kinds':" + list(101, "'user'") + "}", false);
            assertAgreed(path, ask, "'filters':{'excludeIds':" + list(100_000, "'user:2'") + "}", true);
            assertAgreed(path, ask, "'filters':{'excludeIds':" + list(100_001, "'user:2'") + "}", false);
            assertAgreed(path, ask, "'filters':{'excludeHistories':" + list(101, "'history-follow'") + "}", false);
            assertAgreed(path, ask, "'filters':{'where':{'ids':" + list(100_001, "'user:2'") + "}}", false);
        }
        String from = "{'surface':'follow','source':{$}}";
        String one = "{'id':'user:1'}";
        assertAgreed("/v1/candidates", from, "'ids':" + list(100, one), true);
        assertAgreed("/v1/candidates", from, "'ids':" + list(101, one), false);
        assertAgreed("/v1/candidates", from, "'ids':[]", false);
        assertAgreed("/v1/candidates", from, "'ids':[{'id':'user:1','weight':0}]", false);
        assertAgreed("/v1/candidates", from, "'clusters':[]", false);
        assertAgreed("/v1/candidates", from, "'clusters':[{'cluster':-1,'weight':1}]", false);
        assertAgreed("/v1/candidates", from, "'clusters':[{'cluster':1,'weight':0}]", false);
        String score = "{'surface':'follow','source':{'id':'user:1'},'candidates':$}";
        assertAgreed("/v1/scores", score, list(10_000, "'user:2'"), true);
        assertAgreed("/v1/scores", score, list(10_001, "'user:2'"), false);
        assertAgreed("/v1/scores", score, "[]", false);
        String spaces = "{'similarity':'cosine','sourceSpace':'twhin-user','candidateSpace':'twhin-user',$}";
        assertAgreed("/v1/scores/pairs", spaces, "'pairs':[]", false);
        String pair = "{'source':'user:1','candidate':'user:2'}";
        assertAgreed("/v1/scores/pairs", spaces, "'pairs':" + list(10_001, pair), false);
        assertAgreed("/v1/scores/matrix", spaces, "'sources':[],'candidates':['user:2']", false);
        assertAgreed("/v1/scores/matrix", spaces, "'sources':['user:2'],'candidates':[]", false);
        assertAgreed("/v1/features/engagement", "{'user':'user:1','candidates':$}", "[]", false);
        String push = "{'user':'user:1','type':'fav','entity':'tweet:1'}";
        assertAgreed("/v1/signals", "{'signals':$}", list(10_001, push), false);
    }
}
