package repscorer.api.openapi;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.media.Schema;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import repscorer.api.config.ServiceSettings.RequestLimits;
import repscorer.api.mapping.CandidateRequests;
import repscorer.api.mapping.Requests;
import repscorer.core.experiment.Experiment;

/** Says how far values go: what requests may hold as the service is configured, and what numbers of answers can be. */
final class WireBounds {

    private static final long INT_MAX = Integer.MAX_VALUE;

    /** Whole numbers that may be below 0, or mean nothing by their size. */
    private static final Set<String> ANY = Set.of("seed");

    /** Whole numbers that count from 1. */
    private static final Set<String> FROM_ONE = Set.of("rank", "line", "from");

    /** Parts of a whole, wherever they are a number that is not whole. */
    private static final Set<String> PARTS = Set.of(
            "overlap",
            "rankBiasedOverlap",
            "recall",
            "recallReranked",
            "propensity",
            "probability",
            "pValue",
            "confidence",
            "dueShare",
            "share");

    private final Map<String, Schema<?>> schemas;

    private WireBounds(Map<String, Schema<?>> schemas) {
        this.schemas = schemas;
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // the library's maps of schemas are raw
    static void complete(OpenAPI document, RequestLimits limits) {
        WireBounds bounds = new WireBounds((Map) document.getComponents().getSchemas());
        bounds.schemas.values().forEach(WireBounds::number);
        bounds.requests(limits);
    }

    /* Of every schema: what a key's name and type say. */
    private static void number(Schema<?> schema) {
        if (schema.getProperties() == null) {
            return;
        }
        schema.getProperties().forEach((key, property) -> {
            Set<?> types = property.getTypes() == null ? Set.of() : property.getTypes();
            if (types.contains("integer") && !ANY.contains(key)) {
                property.setMinimum(FROM_ONE.contains(key) ? BigDecimal.ONE : BigDecimal.ZERO);
            } else if (types.contains("number") && PARTS.contains(key)) {
                property.setMinimum(BigDecimal.ZERO);
                property.setMaximum(BigDecimal.ONE);
            }
        });
    }

    private void requests(RequestLimits limits) {
        for (String request : List.of("CandidatesRequest", "WhyNotRequest")) {
            between(request, "k", 1, limits.kMax());
        }
        for (String request : List.of("CandidatesRequest", "WhyNotRequest", "ScoresRequest")) {
            of(request, "overrides").maxProperties(Requests.OVERRIDES_MAX);
            of(request, "context").maxProperties(Requests.CONTEXT_MAX);
            of(request, "unit").minLength(1).maxLength(Requests.UNIT_CHARACTERS_MAX);
        }
        items("Filters", "kinds", 0, Requests.KINDS_MAX);
        items("Filters", "excludeIds", 0, limits.excludedMax());
        items("Filters", "excludeHistories", 0, CandidateRequests.HISTORIES_MAX);
        items("ConditionBody", "kinds", 0, Requests.KINDS_MAX);
        items("ConditionBody", "ids", 0, limits.excludedMax());
        items("AttributeBody", "values", 0, limits.excludedMax());
        items("SourceBody", "ids", 1, limits.sourcesMax());
        items("SourceBody", "clusters", 1, Requests.CLUSTERS_MAX);
        between("ClusterWeight", "cluster", 0, INT_MAX);
        above("ClusterWeight", "weight");
        above("WeightedId", "weight").setDefault(1);
        items("ScoresRequest", "candidates", 1, limits.candidatesMax());
        items("PairsRequest", "pairs", 1, limits.candidatesMax());
        items("MatrixRequest", "sources", 1, limits.candidatesMax());
        items("MatrixRequest", "candidates", 1, limits.candidatesMax());
        items("EngagementRequest", "candidates", 1, limits.candidatesMax());
        items("EmbeddingsRequest", "ids", 0, limits.idsMax());
        items("SignalsRequest", "signals", 0, Requests.SIGNALS_MAX);
        items("ErasureRequest", "ids", 1, Requests.ERASED_MAX);
        items("ErasureRequest", "units", 0, Requests.ERASED_MAX);
        between("SwitchRequest", "share", 0, Experiment.BUCKETS);
        of("OutcomeBody", "value").setDefault(1);
        for (String key : List.of(
                "CandidatesRequest.explain",
                "CandidatesRequest.dryRun",
                "ScoresRequest.explain",
                "PushBody.undone",
                "ChangeBody.delete")) {
            String[] place = key.split("\\.", 2);
            of(place[0], place[1]).setDefault(false);
        }
    }

    private Schema<?> of(String schema, String key) {
        Schema<?> named = Objects.requireNonNull(schemas.get(schema), schema);
        return Objects.requireNonNull(named.getProperties().get(key), schema + "." + key);
    }

    private void between(String schema, String key, long min, long max) {
        Schema<?> property = of(schema, key);
        property.setMinimum(BigDecimal.valueOf(min));
        property.setMaximum(BigDecimal.valueOf(max));
    }

    private Schema<?> above(String schema, String key) {
        Schema<?> property = of(schema, key);
        property.setExclusiveMinimumValue(BigDecimal.ZERO);
        return property;
    }

    private void items(String schema, String key, int min, int max) {
        Schema<?> property = of(schema, key);
        if (min > 0) {
            property.setMinItems(min);
        }
        property.setMaxItems(max);
    }
}
