package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a candidate must meet: exactly one of the keys. What is not known of a candidate meets no condition on it, and so meets
 * {@code not} around one.
 *
 * @param all every one of them
 * @param any one of them at least
 * @param not the opposite
 * @param kinds is of one of these kinds
 * @param ids is one of these
 * @param attribute has a value of an attribute of the surface
 * @param age was made so long ago
 * @param weight has a weight in a column of a sparse space
 * @param list is on an entity's list in a sparse space
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ConditionBody(
        @Nullable List<ConditionBody> all,
        @Nullable List<ConditionBody> any,
        @Nullable ConditionBody not,
        @Nullable List<String> kinds,
        @Nullable List<String> ids,
        @Nullable AttributeBody attribute,
        @Nullable AgeBody age,
        @Nullable WeightBody weight,
        @Nullable ListBody list) {

    public static ConditionBody all(ConditionBody... of) {
        return new ConditionBody(List.of(of), null, null, null, null, null, null, null, null);
    }

    public static ConditionBody any(ConditionBody... of) {
        return new ConditionBody(null, List.of(of), null, null, null, null, null, null, null);
    }

    public static ConditionBody not(ConditionBody of) {
        return new ConditionBody(null, null, of, null, null, null, null, null, null);
    }

    public static ConditionBody kinds(String... kinds) {
        return new ConditionBody(null, null, null, List.of(kinds), null, null, null, null, null);
    }

    public static ConditionBody ids(List<String> ids) {
        return new ConditionBody(null, null, null, null, ids, null, null, null, null);
    }

    /** Such as {@code attribute("author", "user:12")}. */
    public static ConditionBody attribute(String name, String... values) {
        AttributeBody attribute = new AttributeBody(name, List.of(values));
        return new ConditionBody(null, null, null, null, null, attribute, null, null, null);
    }

    /** @param max such as {@code 7d} */
    public static ConditionBody youngerThan(String max) {
        return new ConditionBody(null, null, null, null, null, null, new AgeBody(null, max), null, null);
    }

    public static ConditionBody weight(String space, String column, double min, double max) {
        WeightBody weight = new WeightBody(space, column, min, max);
        return new ConditionBody(null, null, null, null, null, null, null, weight, null);
    }

    public static ConditionBody list(String space, String of) {
        return new ConditionBody(null, null, null, null, null, null, null, null, new ListBody(space, of));
    }

    /**
     * Values of an attribute.
     *
     * @param name of the surface's {@code attributes}
     * @param values ids, one of which it must have
     */
    public record AttributeBody(String name, List<String> values) {}

    /**
     * How long ago it was made, both ends included.
     *
     * @param min such as {@code 1h}; 0 where absent
     * @param max such as {@code 7d}; any age where absent
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record AgeBody(@Nullable String min, @Nullable String max) {}

    /**
     * A range of weights, both ends included.
     *
     * @param space a sparse one
     * @param column an id that one of its columns stands for
     * @param min any where absent
     * @param max any where absent
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record WeightBody(
            String space,
            String column,
            @Nullable Double min,
            @Nullable Double max) {}

    /**
     * A row of a space, whose columns are the entities on the list.
     *
     * @param space a sparse one, such as a history
     * @param of whose list it is
     */
    public record ListBody(String space, String of) {}
}
