package repscorer.api.openapi;

import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.examples.Example;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.security.SecurityScheme;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import repscorer.api.mapping.Requests;
import repscorer.wire.ProblemBody;

/** Completes the generated document. */
@Configuration(proxyBeanMethods = false)
class ApiDocument {

    private static final String JSON = "application/json";
    private static final String PROBLEM = "application/problem+json";
    private static final String OCTETS = "application/octet-stream";

    /** The names of an operation's examples. */
    private static final Map<String, String> EXAMPLES_OF = Map.ofEntries(
            Map.entry("findCandidates", "candidates"),
            Map.entry("explainMissing", "why-not"),
            Map.entry("scoreCandidates", "scores"),
            Map.entry("scorePairs", "pairs"),
            Map.entry("scoreMatrix", "matrix"),
            Map.entry("pushSignals", "signals-push"),
            Map.entry("readSignals", "signals"),
            Map.entry("readEngagementFeatures", "engagement"),
            Map.entry("readEmbedding", "embeddings"),
            Map.entry("readEmbeddings", "embeddings"),
            Map.entry("listSpaces", "spaces"),
            Map.entry("describeSpace", "space"),
            Map.entry("listVersions", "versions"),
            Map.entry("listReleases", "releases"),
            Map.entry("listStagedReleases", "staged-releases"),
            Map.entry("stageFile", "staged"),
            Map.entry("stageRows", "import-rows"),
            Map.entry("publishRelease", "release"),
            Map.entry("readRelease", "release"),
            Map.entry("beginCanary", "canary"),
            Map.entry("readCanary", "canary"),
            Map.entry("rollBackRelease", "release"),
            Map.entry("promoteRelease", "release"),
            Map.entry("pinRelease", "release"),
            Map.entry("unpinRelease", "release"),
            Map.entry("compareReleases", "comparison"),
            Map.entry("compactSpace", "compact"),
            Map.entry("listSurfaces", "surfaces"),
            Map.entry("listExperiments", "experiments"),
            Map.entry("listAssignments", "assignments"),
            Map.entry("listAlignments", "alignments"),
            Map.entry("alignRelease", "alignments"),
            Map.entry("replayDecision", "replay"),
            Map.entry("reportExperiment", "experiment-report"),
            Map.entry("readExperiment", "experiment-source"),
            Map.entry("putExperiment", "experiment-source"),
            Map.entry("readExperimentHistory", "history"),
            Map.entry("readSwitchHistory", "history"),
            Map.entry("listSwitches", "switches"),
            Map.entry("setSwitch", "switch"),
            Map.entry("readConfig", "config"),
            Map.entry("reloadConfig", "config"));

    private static final Set<String> DECISIONS = Set.of(
            "findCandidates",
            "scoreCandidates",
            "scorePairs",
            "scoreMatrix",
            "explainMissing",
            "readEngagementFeatures");

    @Bean
    OpenAPI openApi() {
        return new OpenAPI()
                .info(new Info()
                        .title("Representation Scorer")
                        .version("1")
                        .description("""
                                Candidates and scores from dense TwHIN and sparse SimClusters embeddings. Every error is \
                                a problem document (RFC 9457) with a stable code and, where a field is at fault, its \
                                path. Keys of requests that are not described are refused; answers may get more keys.""")
                        .license(new License().name("Apache-2.0").identifier("Apache-2.0")))
                .components(
                        new Components()
                                .addSecuritySchemes(
                                        "admin",
                                        new SecurityScheme()
                                                .type(SecurityScheme.Type.HTTP)
                                                .scheme("bearer")
                                                .description(
                                                        "The admin token, printed once at the first start, or a key with the role that the route asks for.")));
    }

    @Bean
    OpenApiCustomizer completion(Requests requests) {
        return document -> {
            ModelConverters.getInstance().read(ProblemBody.class).forEach(document.getComponents()::addSchemas);
            WireSchemas.complete(document);
            WireBounds.complete(document, requests.limits());
            ParameterWords.complete(document);
            GoldenExamples examples = GoldenExamples.load();
            document.getPaths()
                    .values()
                    .forEach(path -> path.readOperations().forEach(operation -> complete(operation, examples)));
            PropertyExamples.complete(document);
        };
    }

    private static void complete(Operation operation, GoldenExamples examples) {
        String name = EXAMPLES_OF.getOrDefault(operation.getOperationId(), operation.getOperationId());
        if (operation.getRequestBody() != null) {
            addExamples(operation.getRequestBody().getContent(), JSON, examples.requests(name));
        }
        ApiResponse answer = operation.getResponses().get("200");
        if (answer != null) {
            addExamples(answer.getContent(), JSON, examples.responses(name));
            tellBytesOnce(answer.getContent());
            if (DECISIONS.contains(operation.getOperationId())) {
                answer.addHeaderObject(
                        "X-Decision-Id",
                        new Header()
                                .description("repeats provenance.decisionId")
                                .schema(new StringSchema()));
            }
        }
        Content problem = new Content()
                .addMediaType(PROBLEM, new MediaType().schema(new Schema<>().$ref("#/components/schemas/ProblemBody")));
        addExamples(problem, PROBLEM, examples.responses("problem"));
        operation
                .getResponses()
                .addApiResponse(
                        "default",
                        new ApiResponse().description("a problem document").content(problem));
    }

    /** Where several handlers of one address are joined, their bytes are told in two ways. */
    private static void tellBytesOnce(@Nullable Content content) {
        if (content != null && content.get(OCTETS) != null) {
            content.get(OCTETS).schema(new StringSchema().format("binary"));
        }
    }

    private static void addExamples(@Nullable Content content, String type, Map<String, Object> examples) {
        if (content != null && content.get(type) != null) {
            examples.forEach((name, value) -> content.get(type).addExamples(name, new Example().value(value)));
        }
    }
}
