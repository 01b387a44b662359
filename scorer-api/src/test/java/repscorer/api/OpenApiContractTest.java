package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Real requests and real answers of every endpoint, held against the OpenAPI document by a validator that is not ours. */
class OpenApiContractTest {

    private static final JsonMapper JSON = JsonMapper.shared();

    private static final String NDJSON = "application/x-ndjson";

    @TempDir
    static Path directory;

    private static TestService service;
    private static JsonNode document;

    /** By operation id. */
    private static final Map<String, Place> OPERATIONS = new HashMap<>();

    private final Set<String> called = new TreeSet<>();

    private record Place(String path, String method, JsonNode operation) {}

    @BeforeAll
    static void start() {
        service = TestService.start(directory, options -> options.withSetting("decisions.log", "decisions"));
        service.stage("one", 1);
        assertThat(service.http.stage("one", "text-topic", TextHttpTest.topics(directory)))
                .returns(200, Http.Answer::status);
        assertThat(service.http.change("/v1/releases/one/publish")).returns(200, Http.Answer::status);
        document = service.http.get("/v3/api-docs").json();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(method -> {
                    String id = method.getValue().path("operationId").asString();
                    assertThat(OPERATIONS.put(id, new Place(path.getKey(), method.getKey(), method.getValue())))
                            .as("operation ids differ: " + id)
                            .isNull();
                }));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static Place place(String operation) {
        return Objects.requireNonNull(OPERATIONS.get(operation), operation);
    }

    private static List<Error> errors(JsonNode schema, String json) {
        ObjectNode whole = JSON.createObjectNode();
        whole.set("allOf", JSON.createArrayNode().add(schema));
        whole.set("components", document.path("components"));
        Schema compiled = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(whole);
        return compiled.validate(json, InputFormat.JSON);
    }

    private static void assertValid(String operation, JsonNode schema, String json) {
        assertThat(schema.isMissingNode()).as(operation + " has a schema").isFalse();
        assertThat(errors(schema, json)).as("%s: %s", operation, json).isEmpty();
    }

    private Http.Answer call(String operation, String path, String body) {
        Http.Answer answer = call(operation, path, "application/json", BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            JsonNode request = place(operation).operation().at("/requestBody/content/application~1json/schema");
            assertThat(errors(request, body).isEmpty())
                    .as("%s: the document and the service agree: %s", answer.text(), body)
                    .isEqualTo(answer.status() < 300);
            assertClosed(operation, request, body);
        }
        return answer;
    }

    /** The document refuses what the service refuses: a key too many, and each needed key that is absent. */
    private static void assertClosed(String operation, JsonNode request, String body) {
        ObjectNode more = (ObjectNode) JSON.readTree(body);
        assertThat(errors(request, more.put("keyTooMany", 1).toString()))
                .as(operation)
                .isNotEmpty();
        for (JsonNode needed : resolved(request).path("required")) {
            ObjectNode less = (ObjectNode) JSON.readTree(body);
            less.remove(needed.asString());
            assertThat(errors(request, less.toString()))
                    .as(operation + " without " + needed)
                    .isNotEmpty();
            Place place = place(operation);
            assertThat(service.http
                            .send(
                                    place.method().toUpperCase(java.util.Locale.ROOT),
                                    place.path()
                                            .replace("{space}", "twhin-user")
                                            .replace("{kind}", "surface")
                                            .replace("{name}", "tweet"),
                                    BodyPublishers.ofString(less.toString()),
                                    List.of(
                                            "Content-Type",
                                            "application/json",
                                            "Authorization",
                                            "Bearer " + Http.TOKEN))
                            .status())
                    .as(operation + " without " + needed)
                    .isEqualTo(400);
        }
    }

    private static JsonNode resolved(JsonNode schema) {
        return schema.has("$ref") ? document.at(schema.path("$ref").asString().substring(1)) : schema;
    }

    private Http.Answer call(String operation, String path, String type, BodyPublisher body) {
        Place place = place(operation);
        assertThat(path.replaceAll("\\?.*", "")).matches(place.path().replaceAll("\\{[a-z]+}", "[^/]+"));
        if (place.operation().has("requestBody")) {
            assertThat(place.operation().at("/requestBody/content").propertyNames())
                    .contains(type);
        }
        Http.Answer answer = service.http.send(
                place.method().toUpperCase(java.util.Locale.ROOT),
                path,
                body,
                List.of("Content-Type", type, "Authorization", "Bearer " + Http.TOKEN));
        JsonNode responses = place.operation().path("responses");
        String mediaType = answer.type().replaceAll(";.*", "");
        if (answer.status() >= 400) {
            assertValid(
                    operation,
                    responses
                            .at("/default/content")
                            .path("application/problem+json")
                            .path("schema"),
                    answer.text());
        } else if (answer.status() == 204) {
            assertThat(responses.has("204")).as(operation).isTrue();
        } else {
            called.add(operation);
            JsonNode schema = responses
                    .path(Integer.toString(answer.status()))
                    .path("content")
                    .path(mediaType)
                    .path("schema");
            if (mediaType.equals(NDJSON)) {
                answer.text().lines().forEach(line -> assertValid(operation, schema, line));
            } else if (mediaType.equals("application/json")) {
                assertValid(operation, schema, answer.text());
            } else {
                assertThat(schema.path("format").asString()).isEqualTo("binary");
            }
        }
        if (answer.status() == 204) {
            called.add(operation);
        }
        return answer;
    }

    private void get(String operation, String path) {
        assertThat(call(operation, path, "application/json", BodyPublishers.noBody())
                        .status())
                .isLessThan(300);
    }

    private void ask(String operation, String path, String body) {
        assertThat(call(operation, path, body.replace('`', '"')).status()).isEqualTo(200);
    }

    @Test
    @DisplayName("S24: requests and answers of every endpoint are what the document says")
    void everyEndpointKeepsTheDocument() throws IOException {
        String spaces = "`similarity`:`dot`,`sourceSpace`:`twhin-user`,`candidateSpace`:`twhin-user`";
        get("listSpaces", "/v1/spaces");
        get("describeSpace", "/v1/spaces/twhin-user");
        get("describeSpace", "/v1/spaces/simclusters-interest");
        get("listVersions", "/v1/spaces/twhin-user/versions");
        get("listReleases", "/v1/releases");
        get("listSurfaces", "/v1/surfaces");
        get("completeEntities", "/v1/entities?prefix=jaz&kind=topic&k=3");
        get("readEmbedding", "/v1/embeddings/text-topic/topic:jazz");
        ask("findCandidates", "/v1/candidates", "{`surface`:`search`,`source`:{`text`:`jazz`},`explain`:true}");
        get("listShadows", "/v1/shadows");
        get("readLiveRecall", "/v1/live-recall");
        get("listStreams", "/v1/streams");
        get("listExperiments", "/v1/experiments");
        get("listAssignments", "/v1/experiments/assignments?unit=user:1");
        get("readAudit", "/v1/audit?limit=2");
        Http.Answer erased = call("eraseSubject", "/v1/erasures", "{\"ids\":[\"user:4711\"],\"reason\":\"asked for\"}");
        String receipt = erased.json().path("receipt").asString();
        get("listErasures", "/v1/erasures");
        get("readErasure", "/v1/erasures/" + receipt);
        call("checkErasure", "/v1/erasures/%s/check".formatted(receipt), "");
        get("readConfig", "/v1/config");
        get("reloadConfig", "/v1/config/reload");
        get("readEmbedding", "/v1/embeddings/twhin-user/user:1");
        get("readEmbedding", "/v1/embeddings/simclusters-interest/user:1");
        get("readEmbedding", "/v1/embeddings/twhin-user/user:1?encoding=base64&release=one");
        ask("readEmbeddings", "/v1/embeddings/twhin-user", "{`ids`:[`user:1`,`user:999`,`topic:jazz`]}");
        ask("readEmbeddings", "/v1/embeddings/simclusters-topic", "{`ids`:[`topic:jazz`],`release`:`one`}");
        ask("findCandidates", "/v1/candidates", "{`surface`:`follow`,`source`:{`id`:`user:1`}}");
        ask(
                "findCandidates",
                "/v1/candidates",
                "{`surface`:`follow`,`source`:{`ids`:[{`id`:`user:1`},{`id`:`user:41`,`weight`:2}]},`k`:3.0,`explain`:true,"
                        + "`dryRun`:true,`unit`:`user:1`,`filters`:{`kinds`:[`user`],`excludeIds`:[`user:2`],`excludeHistories`:[]},"
                        + "`overrides`:{`columns.twhin.weight`:0.5,`optimal`:true}}");
        ask(
                "findCandidates",
                "/v1/candidates",
                "{`surface`:`follow`,`source`:{`clusters`:[{`cluster`:1,`weight`:0.5}]},`k`:1000,`explain`:true}");
        ask(
                "findCandidates",
                "/v1/candidates",
                "{`surface`:`follow`,`source`:{`id`:`user:1`},`filters`:{`where`:{`all`:[{`not`:{`ids`:[`user:2`]}},"
                        + "{`any`:[{`kinds`:[`user`]},{`list`:{`space`:`history-follow`,`of`:`user:1`}}]},"
                        + "{`not`:{`age`:{`min`:`1h`}}},"
                        + "{`weight`:{`space`:`simclusters-producer`,`column`:`cluster:1`,`max`:2}}]}}}");
        ask(
                "findCandidates",
                "/v1/candidates",
                "{`surface`:`follow`,`source`:{`id`:`user:1`},`overrides`:{`explore.method`:`softmax`,`seed`:`s`}}");
        ask("explainMissing", "/v1/why-not", "{`id`:`user:12`,`surface`:`follow`,`source`:{`id`:`user:1`},`k`:2}");
        ask("explainMissing", "/v1/why-not", "{`id`:`tweet:1`,`surface`:`follow`,`source`:{`id`:`user:1`}}");
        ask(
                "scoreCandidates",
                "/v1/scores",
                "{`surface`:`follow`,`source`:{`id`:`user:1`},`candidates`:[`user:2`,`user:999`],`explain`:true}");
        ask(
                "scoreCandidates",
                "/v1/scores",
                "{" + spaces + ",`source`:{`id`:`user:1`},`candidates`:[`user:2`,`user:999`,`topic:jazz`],"
                        + "`translation`:{`space`:`twhin-relation`,`relation`:`follow`}}");
        ask(
                "scorePairs",
                "/v1/scores/pairs",
                "{" + spaces + ",`pairs`:[{`source`:`user:1`,`candidate`:`user:2`},"
                        + "{`source`:`user:999`,`candidate`:`user:2`}]}");
        ask(
                "scoreMatrix",
                "/v1/scores/matrix",
                "{" + spaces + ",`sources`:[`user:1`,`user:999`]," + "`candidates`:[`user:2`,`user:999`]}");
        ask(
                "pushSignals",
                "/v1/signals",
                "{`signals`:[{`user`:`user:7`,`type`:`fav`,`entity`:`tweet:1`},"
                        + "{`user`:`user:7`,`type`:`block`,`entity`:`user:2`,`at`:`2026-01-31T12:00:00Z`,`undone`:true}]}");
        get("readSignals", "/v1/signals/user:7?types=fav");
        ask("readEngagementFeatures", "/v1/features/engagement", "{`user`:`user:7`,`candidates`:[`tweet:1`,`user:2`]}");

        experiments();
        changes();
        decisions();
        operators();

        assertThat(call("readCodebook", "/v1/spaces/twhin-user/codebook", "application/json", BodyPublishers.noBody())
                        .status())
                .isEqualTo(409);
        called.add("readCodebook"); // no space has codes here; those of CodesHttpTest have

        Http.Answer packed = service.http.send(
                "POST",
                "/v1/embeddings/twhin-user",
                BodyPublishers.ofString("{\"ids\":[\"user:1\"]}"),
                List.of("Content-Type", "application/json", "Accept", "application/octet-stream"));
        assertThat(packed.type()).isEqualTo("application/octet-stream");
        assertThat(place("readEmbeddings")
                        .operation()
                        .at("/responses/200/content/application~1octet-stream/schema/format")
                        .asString())
                .isEqualTo("binary");
        assertThat(called).containsExactlyInAnyOrderElementsOf(OPERATIONS.keySet());
    }

    private void experiments() {
        String document = "experiment: more\nsurface: follow\nlayer: more\nenabled: true\nvariants:\n"
                + "  - {name: a, weight: 1}\n  - {name: b, weight: 1}\nguard-rails: {empty-rate: 0.1}\n";
        assertThat(call(
                                "putExperiment",
                                "/v1/experiments/more?reason=x",
                                "application/yaml",
                                BodyPublishers.ofString(document))
                        .status())
                .isEqualTo(200);
        get("readExperiment", "/v1/experiments/more");
        get("readExperiment", "/v1/experiments/follow-blend");
        get("stopVariant", "/v1/experiments/more/variants/b/stop?reason=x");
        get("listExperiments", "/v1/experiments");
        get("listAssignments", "/v1/experiments/assignments?unit=user:1");
        get("resumeVariant", "/v1/experiments/more/variants/b/resume?reason=x");
        get("readExperimentHistory", "/v1/experiments/more/history");
        get("deleteExperiment", "/v1/experiments/more?reason=x");
        Http.Answer set = call("setSwitch", "/v1/switches/surface/tweet", "{\"share\":5000,\"reason\":\"x\"}");
        assertThat(set.status()).as(set.text()).isEqualTo(200);
        get("listSwitches", "/v1/switches");
        get("readSwitchHistory", "/v1/switches/history");
        get("clearSwitch", "/v1/switches/surface/tweet?reason=x");
    }

    private void changes() {
        String[] lines = {
            "{\"id\":\"user:900\",\"vector\":[" + "1,".repeat(ReleaseFixture.DIMENSION - 1) + "1],\"seq\":1.0}",
            "{\"id\":\"user:900\",\"vector\":\"" + "AACAPwAAgD8AAIA/".repeat(21) + "AACAPw==\",\"seq\":2}",
            "{\"id\":\"user:900\",\"delete\":true,\"seq\":2}",
            "{\"id\":\"user:901\",\"entries\":{\"cluster:0\":0.5}}"
        };
        JsonNode schema = place("changeSpace").operation().at("/requestBody/content/application~1x-ndjson/schema");
        for (String line : lines) {
            assertValid("changeSpace", schema, line);
        }
        assertThat(errors(schema, "{\"id\":\"user:900\",\"vektor\":[1]}")).isNotEmpty();
        assertThat(errors(schema, "{\"delete\":true}")).isNotEmpty();
        Http.Answer answer = call(
                "changeSpace",
                "/v1/spaces/twhin-user/upserts?producer=p&release=one",
                NDJSON,
                BodyPublishers.ofString(String.join("\n", lines)));
        assertThat(answer.text())
                .contains("\"ACCEPTED\"")
                .contains("\"DUPLICATE\"")
                .contains("\"REFUSED\"");
        get("compactSpace", "/v1/spaces/twhin-user/compact");
    }

    private void decisions() {
        String id = service.http
                .post("/v1/candidates", "{\"surface\":\"follow\",\"source\":{\"id\":\"user:1\"},\"unit\":\"user:1\"}")
                .header("X-Decision-Id");
        get("replayDecision", "/v1/decisions/%s/replay".formatted(id));
        get("reportExperiment", "/v1/experiments/none/report");
        String line = "{\"decision\":\"%s\",\"candidate\":\"user:2\",\"kind\":\"follow\"".formatted(id);
        String[] lines = {line + "}", line + ",\"value\":2,\"time\":\"2026-01-31T12:00:00Z\"}"};
        JsonNode schema = place("pushOutcomes").operation().at("/requestBody/content/application~1x-ndjson/schema");
        for (String each : lines) {
            assertValid("pushOutcomes", schema, each);
        }
        assertThat(errors(schema, line + ",\"more\":1}")).isNotEmpty();
        assertThat(errors(schema, "{}")).isNotEmpty();
        Http.Answer answer =
                call("pushOutcomes", "/v1/outcomes", NDJSON, BodyPublishers.ofString(String.join("\n", lines)));
        assertThat(answer.text()).contains("\"ACCEPTED\"").contains("\"REFUSED\"");
    }

    private void alignments() throws IOException {
        Random random = new Random(5);
        Map<String, EmbeddingFileWriter> users = new LinkedHashMap<>();
        for (String name : List.of("wide", "wider")) {
            users.put(
                    name, EmbeddingFileWriter.dense("twhin-user", "twhin", EntityKind.USER, ReleaseFixture.DIMENSION));
        }
        for (int row = 0; row < 200; row++) {
            float[] values = new float[ReleaseFixture.DIMENSION];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian();
            }
            EntityId id = EntityId.of(EntityKind.USER, Integer.toString(row));
            float sign = 1;
            for (EmbeddingFileWriter writer : users.values()) {
                values[0] *= sign;
                writer.add(id, values.clone());
                sign = -1;
            }
        }
        for (Map.Entry<String, EmbeddingFileWriter> each : users.entrySet()) {
            service.stage(each.getKey(), 4);
            Path file = each.getValue().writeTo(Files.createDirectories(directory.resolve(each.getKey())));
            assertThat(service.http.stage(each.getKey(), "twhin-user", file).status())
                    .isEqualTo(200);
            get("publishRelease", "/v1/releases/" + each.getKey() + "/publish?stage=true&partial=true");
        }
        get("alignRelease", "/v1/releases/wider/alignments/wide?method=affine&recallMin=0.05&sample=500&seed=1");
        get("listAlignments", "/v1/releases/wider/alignments");
        String name = service.http
                .getAsAdmin("/v1/releases/wider/alignments")
                .json()
                .at("/alignments/0/name")
                .asString();
        get("deleteAlignment", "/v1/releases/wider/alignments/" + name);
    }

    private void operators() throws IOException {
        for (Map.Entry<String, Path> file :
                ReleaseFixture.write(directory.resolve("two"), 2).entrySet()) {
            Http.Answer staged = call(
                    "stageFile",
                    "/v1/releases/two/files/" + file.getKey(),
                    "application/octet-stream",
                    BodyPublishers.ofByteArray(Files.readAllBytes(file.getValue())));
            assertThat(staged.status()).isEqualTo(200);
        }
        Http.Answer rows = call(
                "stageRows",
                "/v1/releases/three/rows/twhin-user?format=csv&badRowsMax=1&badRowsNamed=1",
                "text/csv",
                BodyPublishers.ofString("user:1" + ",1".repeat(ReleaseFixture.DIMENSION) + "\nuser:2,1\n"));
        assertThat(rows.status()).as(rows.text()).isEqualTo(200);
        get("listStagedReleases", "/v1/staged-releases");
        assertThat(service.http.stage("two", "text-topic", TextHttpTest.topics(directory)))
                .returns(200, Http.Answer::status);
        get("publishRelease", "/v1/releases/two/publish?stage=true");
        get("listReleases", "/v1/releases");
        get("compareReleases", "/v1/releases/one/compare/two?sample=20&sources=5&seed=1");
        alignments();
        get("readRelease", "/v1/releases/two");
        get("beginCanary", "/v1/releases/two/canary?share=500&seconds=3600&force=true&reason=a%20test");
        get("readCanary", "/v1/canary");
        get("stopCanary", "/v1/canary?reason=a%20test");
        get("promoteRelease", "/v1/releases/two/promote?partial=true&force=true&reason=a%20test");
        get("rollBackRelease", "/v1/releases/one/roll-back");
        get("pinRelease", "/v1/releases/two/pin");
        get("listReleases", "/v1/releases");
        get("unpinRelease", "/v1/releases/two/pin");
        get("deleteRelease", "/v1/releases/two");
        assertThat(call("publishRelease", "/v1/releases/three/publish", "application/json", BodyPublishers.noBody())
                        .status())
                .isEqualTo(422);
        get("listReleases", "/v1/releases");
        get("discardStagedRelease", "/v1/staged-releases/three");
        assertThat(call(
                                "discardStagedRelease",
                                "/v1/staged-releases/three",
                                "application/json",
                                BodyPublishers.noBody())
                        .status())
                .isEqualTo(404);
    }

    @Test
    @DisplayName("S24: operation ids are names of methods, and no generated name meets a schema's")
    void namesDoNotCollide() {
        Set<String> schemas =
                new HashSet<>(document.path("components").path("schemas").propertyNames());

        for (String id : OPERATIONS.keySet()) {
            assertThat(id).matches("[a-z][A-Za-z]*");
            String type = Character.toUpperCase(id.charAt(0)) + id.substring(1);
            for (String suffix : List.of("", "Request", "Response", "OperationRequest", "Body", "200Response")) {
                assertThat(schemas).doesNotContain(type + suffix);
            }
        }
    }

    @Test
    @DisplayName(
            "S24: every schema and key has a description; words are listed; requests are closed; parts refer to what is there")
    void theDocumentTellsAll() {
        List<String> silent = new ArrayList<>();
        JsonNode schemas = document.path("components").path("schemas");
        schemas.properties().forEach(schema -> {
            if (schema.getValue().path("description").asString("").isBlank()) {
                silent.add(schema.getKey());
            }
            schema.getValue().path("properties").properties().forEach(property -> {
                if (property.getValue().path("description").asString("").isBlank()
                        && !property.getValue().has("$ref")) {
                    silent.add(schema.getKey() + "." + property.getKey());
                }
            });
        });
        assertThat(silent).isEmpty();
        assertThat(document.toString()).doesNotContain("{@").doesNotContain("@param");
        assertThat(schemas.at("/ReleaseBody/properties/state/enum"))
                .extracting(JsonNode::asString)
                .contains("LIVE", "KEPT", "STAGED", "REJECTED");
        assertThat(schemas.at("/SideBody/properties/missing/enum"))
                .extracting(JsonNode::asString)
                .contains("no-embedding-source", "kind-mismatch");
        assertThat(schemas.at("/MatrixResponse/properties/scores/items/items/type"))
                .extracting(JsonNode::asString)
                .containsExactlyInAnyOrder("number", "null");
        assertThat(schemas.at("/CandidatesRequest/required"))
                .extracting(JsonNode::asString)
                .containsExactlyInAnyOrder("surface", "source");
        for (Place place : OPERATIONS.values()) {
            JsonNode request = place.operation().at("/requestBody/content/application~1json/schema");
            // What a document of an experiment holds is the reference's, and the reader of files refuses other keys.
            if (!request.isMissingNode() && !place.path().equals("/v1/experiments/{name}")) {
                assertThat(resolved(request).path("additionalProperties").asBoolean(true))
                        .as(place.path())
                        .isFalse();
            }
        }
        document.findValuesAsString("$ref")
                .forEach(ref -> assertThat(document.at(ref.substring(1)).isMissingNode())
                        .as(ref)
                        .isFalse());
    }

    @Test
    @DisplayName("S24: the golden examples in the document keep it too")
    void examplesKeepTheDocument() {
        List<String> checked = new ArrayList<>();
        OPERATIONS.forEach((id, place) -> {
            List<JsonNode> contents = new ArrayList<>();
            contents.add(place.operation().at("/requestBody/content/application~1json"));
            contents.add(place.operation().at("/responses/200/content/application~1json"));
            for (JsonNode content : contents) {
                content.path("examples").properties().forEach(example -> {
                    checked.add(id + " " + example.getKey());
                    assertValid(
                            id,
                            content.path("schema"),
                            example.getValue().path("value").toString());
                });
            }
        });
        assertThat(checked).hasSizeGreaterThan(25);
    }
}
