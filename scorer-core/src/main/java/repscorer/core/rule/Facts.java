package repscorer.core.rule;

import java.util.OptionalLong;
import repscorer.core.entity.EntityId;

/** What rules may ask about the candidates of one request, which are known by their places. For one thread. */
public interface Facts {

    /** The value of what has none. */
    int NO_VALUE = -1;

    /** Orders two candidates by their ids. */
    int compare(int a, int b);

    boolean is(int candidate, EntityId id);

    /** A number that stands for the value of an attribute: equal numbers, equal values; {@link #NO_VALUE} where none is known. */
    int value(String attribute, int candidate);

    /** Whether a candidate's attribute has one of the condition's values. */
    boolean meets(Rule.Condition condition, int candidate);

    /** When it was created, in milliseconds since 1970; empty where it is not known. */
    OptionalLong createdMillis(int candidate);

    /** Whether the histories or signals that a rule reads name a candidate, or its attribute where the rule asks for one. */
    boolean named(Rule.Remove rule, int candidate);

    /** Whether those histories and signals name nobody at all, so that the rule removes nobody. */
    default boolean namesNobody(Rule.Remove rule) {
        return false;
    }

    /** The greatest weight of a candidate's row of a sparse space; NaN where it has none. */
    double weight(String space, int candidate);

    /** The cosine of two candidates in a column's space, 0 where one has no embedding. */
    double similarity(String column, int a, int b);
}
