package repscorer.decisions;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonSubTypes.Type;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.Nulls;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import repscorer.core.answer.Chance;
import repscorer.core.answer.Decided;
import repscorer.core.blend.BlendRecipe;
import repscorer.core.entity.EntityKind;
import repscorer.core.model.RankModel;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.plan.ExactTopKOptions;
import repscorer.core.plan.ReasonPlan;
import repscorer.core.plan.ScoringPlan;
import repscorer.core.rule.Rule;
import repscorer.core.rule.RuleBook;
import repscorer.yaml.JacksonFailures;
import repscorer.yaml.Records;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.KeyDeserializer;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/**
 * All that decided how a request was answered, as a text of its own: equal plans have equal texts on every machine, and the text is a
 * plan again. Immutable.
 *
 * @param optimal whether the best of all entities were sought
 * @param shared the other plan, and how both came together, of an interleaved answer
 */
public record KeptPlan(ScoringPlan plan, ExactTopKOptions optimal, Optional<Decided.Shared> shared) {

    /*
     * Components in the order of their records, maps and sets in the order of their keys, one of several kinds with its kind. A
     * component that a record gets later is written too; a kind that is added to one of the sealed interfaces needs its word here,
     * which KeptPlanTest tells. Of a model its name and digest are written, for it may be as long as a hundred plans.
     */

    private static final JsonMapper MAPPER = mapper(Set.of());

    private static JsonMapper mapper(Collection<RankModel> models) {
        SimpleModule module = new SimpleModule("plans");
        module.addKeyDeserializer(EntityKind.class, new KeyDeserializer() {
            @Override
            public Object deserializeKey(String key, DeserializationContext context) {
                return new EntityKind(key);
            }
        });
        module.addSerializer(new SortedSet());
        module.addSerializer(RankModel.class, new StdSerializer<>(RankModel.class) {
            @Override
            public void serialize(RankModel value, JsonGenerator out, SerializationContext context) {
                out.writeString(value.name() + " " + value.digest());
            }
        });
        module.addDeserializer(RankModel.class, new StdDeserializer<>(RankModel.class) {
            @Override
            public RankModel deserialize(JsonParser in, DeserializationContext context) {
                String named = in.getValueAsString("");
                return models.stream()
                        .filter(model -> named.equals(model.name() + " " + model.digest()))
                        .findFirst()
                        .orElseThrow(() ->
                                new IllegalArgumentException("no model of now is this one: '%s'".formatted(named)));
            }
        });
        module.addSerializer(RuleBook.class, new StdSerializer<>(RuleBook.class) {
            @Override
            public void serialize(RuleBook value, JsonGenerator out, SerializationContext context) {
                context.findTypedValueSerializer(RULES, true).serialize(value.rules(), out, context);
            }
        });
        module.addDeserializer(RuleBook.class, new StdDeserializer<>(RuleBook.class) {
            @Override
            public RuleBook deserialize(JsonParser in, DeserializationContext context) {
                return new RuleBook(context.readValue(in, RULES));
            }
        });
        return Records.mapper()
                .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                // Components alone: what a record tells of itself besides, such as isOn, is no part of it.
                .changeDefaultVisibility(checker -> checker.withIsGetterVisibility(JsonAutoDetect.Visibility.NONE))
                .addModule(module)
                .addMixIn(ScoringPlan.class, Plans.class)
                .addMixIn(ColumnPlan.class, Columns.class)
                .addMixIn(BlendRecipe.class, Blends.class)
                .addMixIn(Rule.class, Rules.class)
                .build();
    }

    /** A set has no order of its own. */
    private static final class SortedSet extends StdSerializer<Set<?>> {

        SortedSet() {
            super(Set.class);
        }

        @Override
        public void serialize(Set<?> value, JsonGenerator out, SerializationContext context) {
            out.writeStartArray();
            value.stream().map(String::valueOf).sorted().forEach(out::writeString);
            out.writeEndArray();
        }
    }

    private static final JavaType RULES =
            JsonMapper.shared().getTypeFactory().constructCollectionType(List.class, Rule.class);

    /** Components that plans kept before had not. */
    private interface Plans {

        @JsonSetter(nulls = Nulls.AS_EMPTY)
        Set<String> optional();

        @JsonSetter(nulls = Nulls.AS_EMPTY)
        Map<String, ReasonPlan> reasons();
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "form")
    @JsonSubTypes({
        @Type(value = ColumnPlan.Dense.class, name = "dense"),
        @Type(value = ColumnPlan.Sparse.class, name = "sparse"),
        @Type(value = ColumnPlan.Text.class, name = "text"),
        @Type(value = ColumnPlan.Model.class, name = "model")
    })
    private interface Columns {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "method")
    @JsonSubTypes({
        @Type(value = BlendRecipe.Linear.class, name = "linear"),
        @Type(value = BlendRecipe.ReciprocalRank.class, name = "reciprocal-rank"),
        @Type(value = BlendRecipe.RoundRobin.class, name = "round-robin"),
        @Type(value = BlendRecipe.CountWeighted.class, name = "count-weighted")
    })
    private interface Blends {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "rule")
    @JsonSubTypes({
        @Type(value = Rule.Remove.class, name = "remove"),
        @Type(value = Rule.RemoveWhere.class, name = "remove-where"),
        @Type(value = Rule.RemoveByAge.class, name = "remove-by-age"),
        @Type(value = Rule.Boost.class, name = "boost"),
        @Type(value = Rule.Decay.class, name = "decay"),
        @Type(value = Rule.Worth.class, name = "worth"),
        @Type(value = Rule.Floor.class, name = "floor"),
        @Type(value = Rule.Cap.class, name = "cap"),
        @Type(value = Rule.Diversify.class, name = "diversify"),
        @Type(value = Rule.Quota.class, name = "quota"),
        @Type(value = Rule.Pin.class, name = "pin")
    })
    private interface Rules {}

    public KeptPlan {
        Objects.requireNonNull(plan, "plan");
        Objects.requireNonNull(optimal, "optimal");
    }

    /** What an answer was made by. */
    public static KeptPlan of(Decided decided) {
        return new KeptPlan(
                decided.way().plan(),
                decided.way().exactTopK(),
                decided.second()
                        .map(second -> new Decided.Shared(
                                second,
                                decided.answer()
                                        .chance()
                                        .flatMap(Chance::interleaved)
                                        .orElseThrow())));
    }

    /** Its text, as JSON. */
    public byte[] toBytes() {
        return MAPPER.writeValueAsBytes(this);
    }

    /** Of a plan without models. Throws as {@link #of(byte[], Collection)}. */
    public static KeptPlan of(byte[] text) {
        return of(text, Set.of());
    }

    /**
     * The plan of a text.
     *
     * @param models that there are
     * @throws IllegalArgumentException for what is no plan that this version understands, and for a model there is not
     */
    public static KeptPlan of(byte[] text, Collection<RankModel> models) {
        try {
            return (models.isEmpty() ? MAPPER : mapper(models)).readValue(text, KeptPlan.class);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("no plan that is understood: " + JacksonFailures.words(e), e);
        }
    }
}
