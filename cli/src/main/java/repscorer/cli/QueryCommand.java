package repscorer.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;
import repscorer.cli.console.AnswerPrinter;
import repscorer.cli.console.Names;
import repscorer.cli.console.UserError;
import repscorer.cli.remote.RemoteService;
import repscorer.client.ScorerClient;
import repscorer.wire.CandidatesRequest;
import repscorer.wire.CandidatesResponse;
import repscorer.wire.ConditionBody;
import repscorer.wire.SourceBody;
import repscorer.yaml.JacksonFailures;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** {@code repscorer query}: asks a running service for candidates and prints them for a person. */
@Command(
        name = "query",
        description = "Asks a running service for candidates.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example: repscorer query follow user:12 -k 5 --explain",
            "         repscorer query search --text 'late night jazz'"
        })
final class QueryCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "SURFACE", description = "follow, tweet or search.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String surface;

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "ID", description = "One source, or several.")
    private @Nullable List<String> sources;

    @Option(names = "--text", paramLabel = "WORDS", description = "Search for words in place of a source.")
    private @Nullable String text;

    @Option(names = "-k", paramLabel = "N", description = "How many candidates; the surface's default where absent.")
    private @Nullable Integer k;

    @Option(names = "--kind", paramLabel = "KIND", description = "Only candidates of this kind; may be repeated.")
    private @Nullable List<String> kinds;

    @Option(names = "--exclude", paramLabel = "ID", description = "Never this candidate; may be repeated.")
    private @Nullable List<String> excluded;

    @Option(
            names = "--where",
            paramLabel = "JSON",
            converter = ConditionConverter.class,
            description = "Only candidates that meet a condition, as filters.where of a request, such as"
                    + " {\"age\": {\"max\": \"7d\"}}.")
    private @Nullable ConditionBody where;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Override the plan; may be repeated.")
    private @Nullable Map<String, String> overrides;

    @Option(names = "--unit", description = "Take part in experiments as this unit.")
    private @Nullable String unit;

    @Option(
            names = "--context",
            paramLabel = "NAME=VALUE",
            description = "Tell whom it is for, which experiments may look at; may be repeated.")
    private @Nullable Map<String, String> context;

    @Option(names = "--explain", description = "Tell each column's part in the score, and the shared clusters.")
    private boolean explain;

    @Option(names = "--json", description = "Print the answer as the service gives it.")
    private boolean json;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private RemoteService service;

    @Override
    public Integer call() {
        try (ScorerClient client = service.connect()) {
            CandidatesResponse answer = client.candidates(request());
            if (json) {
                System.out.println(JsonMapper.builder()
                        .build()
                        .writerWithDefaultPrettyPrinter()
                        .writeValueAsString(answer));
            } else {
                new AnswerPrinter(System.out, new Names(client, Map.of())).print(answer, explain);
            }
        }
        return 0;
    }

    private CandidatesRequest request() {
        SourceBody source = source(sources == null ? List.of() : sources);
        CandidatesRequest.Filters filters = kinds == null && excluded == null && where == null
                ? null
                : new CandidatesRequest.Filters(kinds, excluded, null, where);
        Map<String, Object> changes = overrides == null ? null : new LinkedHashMap<>(overrides);
        return new CandidatesRequest(surface, source, k, filters, changes, unit, context, explain, null);
    }

    private SourceBody source(List<String> ids) {
        if (ids.isEmpty() == (text == null)) {
            throw new UserError("ask for an id or several, or for --text");
        }
        if (text != null) {
            return SourceBody.ofText(text);
        }
        return ids.size() == 1
                ? SourceBody.of(ids.getFirst())
                : new SourceBody(
                        null,
                        ids.stream()
                                .map(id -> new SourceBody.WeightedId(id, null))
                                .toList(),
                        null,
                        null);
    }

    private static final class ConditionConverter implements ITypeConverter<ConditionBody> {

        private static final JsonMapper JSON = JsonMapper.builder()
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build();

        @Override
        public ConditionBody convert(String text) {
            try {
                return JSON.readValue(text, ConditionBody.class);
            } catch (JacksonException e) {
                throw new TypeConversionException("%s %s"
                        .formatted(JacksonFailures.path(e), JacksonFailures.rule(e))
                        .strip());
            }
        }
    }
}
