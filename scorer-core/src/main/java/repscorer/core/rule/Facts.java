package repscorer.core.rule;

import java.util.Optional;
import java.util.OptionalLong;
import repscorer.core.entity.EntityId;

/** What rules may ask about the candidates of one request, which are known by their places. For one thread. */
public interface Facts {

    EntityId id(int candidate);

    /** The value of an attribute, such as {@code user:12} for an author; empty where it is not known. */
    Optional<String> value(String attribute, int candidate);

    /** When it was created, in milliseconds since 1970; empty where it is not known. */
    OptionalLong createdMillis(int candidate);

    /** Whether the source's histories or signals that a rule names hold a value or an id. */
    boolean named(Rule.Remove rule, String entity);

    /** The cosine of two candidates in a column's space, 0 where one has no embedding. */
    double similarity(String column, int a, int b);
}
