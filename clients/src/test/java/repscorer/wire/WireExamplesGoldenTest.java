package repscorer.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import repscorer.json.WireJson;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Every example in {@code docs/api/examples/} is one whole record, and its record writes it again as it was. */
class WireExamplesGoldenTest {

    private static final Path FOLDER = root().resolve("docs/api/examples");
    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** The record of an example, by the start of its name; a list of records where the example is an array. */
    private static final Map<String, Class<? extends Record>> RECORDS = Map.ofEntries(
            Map.entry("candidates-request", CandidatesRequest.class),
            Map.entry("candidates-response", CandidatesResponse.class),
            Map.entry("pairs-request", PairsRequest.class),
            Map.entry("pairs-response", PairsResponse.class),
            Map.entry("matrix-request", MatrixRequest.class),
            Map.entry("matrix-response", MatrixResponse.class),
            Map.entry("why-not-request", WhyNotRequest.class),
            Map.entry("why-not-response", WhyNotResponse.class),
            Map.entry("signals-push-request", SignalsRequest.class),
            Map.entry("signals-push-response", SignalsTakenResponse.class),
            Map.entry("signals-response", SignalsResponse.class),
            Map.entry("engagement-request", EngagementRequest.class),
            Map.entry("engagement-response", EngagementResponse.class),
            Map.entry("scores-request", ScoresRequest.class),
            Map.entry("scores-response", ScoresResponse.class),
            Map.entry("embeddings-request", EmbeddingsRequest.class),
            Map.entry("import-rows-response", ImportedBody.class),
            Map.entry("embeddings-response", EmbeddingsResponse.class),
            Map.entry("space-response", SpaceReportBody.class),
            Map.entry("spaces-response", SpaceBody.class),
            Map.entry("versions-response", SpaceVersionBody.class),
            Map.entry("release-response", ReleaseBody.class),
            Map.entry("releases-response", ReleaseBody.class),
            Map.entry("canary-response", CanaryBody.class),
            Map.entry("staged-response", StagedBody.class),
            Map.entry("staged-releases-response", StagedReleaseBody.class),
            Map.entry("comparison-response", ComparisonResponse.class),
            Map.entry("alignments-response", AlignmentsResponse.class),
            Map.entry("compact-response", CompactedBody.class),
            Map.entry("surfaces-response", SurfaceBody.class),
            Map.entry("entities-response", EntitiesResponse.class),
            Map.entry("experiments-response", ExperimentBody.class),
            Map.entry("experiment-report-response", ExperimentReportResponse.class),
            Map.entry("replay-response", ReplayResponse.class),
            Map.entry("assignments-response", AssignmentsResponse.class),
            Map.entry("config-response", ConfigBody.class),
            Map.entry("experiment-source-response", ExperimentSourceBody.class),
            Map.entry("history-response", HistoryEntryBody.class),
            Map.entry("switches-response", SwitchBody.class),
            Map.entry("switch-response", SwitchBody.class),
            Map.entry("switch-request", SwitchRequest.class),
            Map.entry("erasure-request", ErasureRequest.class),
            Map.entry("erasure-response", ErasureBody.class),
            Map.entry("problem-response", ProblemBody.class));

    @ParameterizedTest
    @MethodSource("examples")
    void anExampleIsItsRecord(String name) throws Exception {
        JsonNode example = STRICT.readTree(Files.readAllBytes(FOLDER.resolve(name)));

        for (JsonNode element : example.isArray() ? example : List.of(example)) {
            Record value = STRICT.treeToValue(element, recordOf(name));

            assertThat(STRICT.readTree(WireJson.write(value))).isEqualTo(element);
            assertThat(WireJson.write(WireJson.read(STRICT.writeValueAsBytes(element), recordOf(name))))
                    .as("the lenient reader reads the same")
                    .isEqualTo(WireJson.write(value));
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void aKeyTooManyIsRefused(String name) throws IOException {
        JsonNode example = STRICT.readTree(Files.readAllBytes(FOLDER.resolve(name)));
        ObjectNode element = (ObjectNode) (example.isArray() ? example.get(0) : example);
        element.put("keyTooMany", 1);

        assertThatThrownBy(() -> STRICT.treeToValue(element, recordOf(name)))
                .isInstanceOf(JacksonException.class)
                .hasMessageContaining("keyTooMany");
    }

    @Test
    void everyRecordHasAnExample() {
        TreeSet<String> shown =
                examples().map(name -> recordOf(name).getSimpleName()).collect(Collectors.toCollection(TreeSet::new));

        assertThat(shown)
                .containsExactlyInAnyOrderElementsOf(
                        RECORDS.values().stream().map(Class::getSimpleName).collect(Collectors.toSet()));
    }

    static Stream<String> examples() {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".json"))
                    .sorted()
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Class<? extends Record> recordOf(String name) {
        return RECORDS.entrySet().stream()
                .filter(entry -> name.matches(entry.getKey() + "(-[a-z-]+)?\\.json"))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no record is named for the example " + name));
    }

    /** The folder of the whole project, found from wherever the test runs. */
    private static Path root() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.isDirectory(at.resolve("docs/api/examples"))) {
                return at;
            }
        }
        throw new AssertionError(
                "docs/api/examples is in no folder above " + Path.of("").toAbsolutePath());
    }
}
