package repscorer.api.openapi;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.parameters.Parameter;
import java.util.Map;

/** Says what a parameter is that means the same wherever it stands, where its handler says no more. */
final class ParameterWords {

    private static final Map<String, String> USUAL = Map.ofEntries(
            Map.entry("release", "a release's name"),
            Map.entry("space", "a declared space"),
            Map.entry("receipt", "of an erasure, as the answer to it told it"),
            Map.entry("id", "an entity, kind:value"),
            Map.entry("user", "the user whose signals are meant, kind:value"),
            Map.entry("types", "declared signals; all of them where absent"),
            Map.entry("unit", "what experiments are assigned by"),
            Map.entry("variant", "a variant's name"),
            Map.entry("kind", "surface, space, release or caller"),
            Map.entry("name", "of an experiment, or of what is switched"),
            Map.entry("If-Match", "the version that is to be changed, as ETag told it, or * for any"),
            Map.entry("If-None-Match", "* for an experiment that is not there yet"));

    private ParameterWords() {}

    static void complete(OpenAPI document) {
        document.getPaths().values().stream()
                .flatMap(path -> path.readOperations().stream())
                .filter(operation -> operation.getParameters() != null)
                .forEach(operation -> operation.getParameters().forEach(ParameterWords::describe));
    }

    private static void describe(Parameter parameter) {
        if (parameter.getDescription() == null || parameter.getDescription().isBlank()) {
            parameter.setDescription(USUAL.get(parameter.getName()));
        }
    }
}
