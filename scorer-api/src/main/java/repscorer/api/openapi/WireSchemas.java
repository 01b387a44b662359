package repscorer.api.openapi;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.media.Schema;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.RecordComponent;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import repscorer.wire.CandidatesRequest;
import repscorer.wire.ChangeBody;
import repscorer.wire.ConditionBody;
import repscorer.wire.EmbeddingsRequest;
import repscorer.wire.EngagementRequest;
import repscorer.wire.ErasureRequest;
import repscorer.wire.MatrixRequest;
import repscorer.wire.OutcomeBody;
import repscorer.wire.PairsRequest;
import repscorer.wire.ScoresRequest;
import repscorer.wire.SignalsRequest;
import repscorer.wire.SourceBody;
import repscorer.wire.SwitchRequest;
import repscorer.wire.TranslationBody;
import repscorer.wire.WhyNotRequest;

/**
 * Completes the schemas of wire records by what the records say themselves: what may be null, what their comments tell,
 * which words there are. Requests are closed, answers are not.
 */
final class WireSchemas {

    /** Keys that a request needs. They may be null in the record, for their absence is told by name rather than by the parser. */
    private static final Map<Class<?>, List<String>> NEEDED = Map.ofEntries(
            Map.entry(CandidatesRequest.class, List.of("surface", "source")),
            Map.entry(CandidatesRequest.Filters.class, List.of()),
            Map.entry(ConditionBody.class, List.of()),
            Map.entry(ConditionBody.AttributeBody.class, List.of("name", "values")),
            Map.entry(ConditionBody.AgeBody.class, List.of()),
            Map.entry(ConditionBody.WeightBody.class, List.of("space", "column")),
            Map.entry(ConditionBody.ListBody.class, List.of("space", "of")),
            Map.entry(WhyNotRequest.class, List.of("id", "surface", "source")),
            Map.entry(ScoresRequest.class, List.of("source", "candidates")),
            Map.entry(PairsRequest.class, List.of("similarity", "sourceSpace", "candidateSpace", "pairs")),
            Map.entry(PairsRequest.PairBody.class, List.of("source", "candidate")),
            Map.entry(
                    MatrixRequest.class,
                    List.of("similarity", "sourceSpace", "candidateSpace", "sources", "candidates")),
            Map.entry(EmbeddingsRequest.class, List.of("ids")),
            Map.entry(EngagementRequest.class, List.of("user", "candidates")),
            Map.entry(SignalsRequest.class, List.of("signals")),
            Map.entry(SignalsRequest.PushBody.class, List.of("user", "type", "entity")),
            Map.entry(SourceBody.class, List.of()),
            Map.entry(SourceBody.WeightedId.class, List.of("id")),
            Map.entry(SourceBody.ClusterWeight.class, List.of("cluster", "weight")),
            Map.entry(ErasureRequest.class, List.of("ids", "reason")),
            Map.entry(SwitchRequest.class, List.of("share", "reason")),
            Map.entry(TranslationBody.class, List.of("space", "relation")),
            Map.entry(ChangeBody.class, List.of("id")),
            Map.entry(OutcomeBody.class, List.of("decision", "candidate", "kind")));

    private WireSchemas() {}

    static void complete(OpenAPI document) {
        WireWords words = WireWords.load();
        Map<String, Class<?>> records = records(words);
        Vocabulary vocabulary = Vocabulary.ofTheService();
        document.getComponents().getSchemas().forEach((name, schema) -> {
            Class<?> type = records.get(name);
            if (type != null) {
                complete(name, schema, type, words, vocabulary);
            }
        });
    }

    private static Map<String, Class<?>> records(WireWords words) {
        Map<String, Class<?>> records = new TreeMap<>();
        Set<Class<?>> seen = new HashSet<>();
        words.topLevel().forEach(name -> add(load(name), records, seen));
        return records;
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(ChangeBody.class.getPackageName() + "." + name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void add(Class<?> type, Map<String, Class<?>> records, Set<Class<?>> seen) {
        if (type.isRecord() && seen.add(type) && records.put(type.getSimpleName(), type) != null) {
            throw new IllegalStateException("two wire records are called " + type.getSimpleName());
        }
        for (Class<?> nested : type.getDeclaredClasses()) {
            add(nested, records, seen);
        }
    }

    private static void complete(String name, Schema<?> schema, Class<?> type, WireWords words, Vocabulary vocabulary) {
        schema.setDescription(words.of(name));
        Set<String> required = new LinkedHashSet<>();
        for (RecordComponent component : type.getRecordComponents()) {
            String key = key(component);
            Schema<?> property = Objects.requireNonNull(schema.getProperties().get(key), key);
            String comment = words.of(name, component.getName());
            if (comment != null) {
                property.setDescription(comment);
            }
            nullable(property, component.getAnnotatedType());
            vocabulary.of(name, key).ifPresent(property::setEnum);
            if (!component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                required.add(key);
            }
        }
        List<String> needed = NEEDED.get(type);
        schema.setRequired(List.copyOf(needed == null ? required : needed));
        if (needed != null) {
            schema.setAdditionalProperties(false);
        }
        if (type == ChangeBody.class) {
            Schema<?> vector = Objects.requireNonNull(schema.getProperties().get("vector"));
            schema.getProperties()
                    .put(
                            "vector",
                            new Schema<>()
                                    .description(vector.getDescription())
                                    .anyOf(List.of(vector.description(null), new Schema<>().typesItem("string"))));
        }
    }

    /** Elements and values that may be null say so, however deep they are. */
    private static void nullable(@Nullable Schema<?> schema, AnnotatedType type) {
        if (schema == null || !(type instanceof AnnotatedParameterizedType of)) {
            return;
        }
        AnnotatedType element = of.getAnnotatedActualTypeArguments()[of.getAnnotatedActualTypeArguments().length - 1];
        Schema<?> inner = schema.getItems() != null
                ? schema.getItems()
                : schema.getAdditionalProperties() instanceof Schema<?> values ? values : null;
        if (inner != null && element.isAnnotationPresent(Nullable.class) && inner.getTypes() != null) {
            Set<String> types = new LinkedHashSet<>(inner.getTypes());
            types.add("null");
            inner.setTypes(types);
        }
        nullable(inner, element);
    }

    private static String key(RecordComponent component) {
        JsonProperty named = component.getAccessor().getAnnotation(JsonProperty.class);
        return named == null || named.value().isEmpty() ? component.getName() : named.value();
    }
}
