package repscorer.training.twhin;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import repscorer.core.entity.EntityKind;

/**
 * Vectors of an earlier version to begin with.
 *
 * @param release whose vectors they are
 * @param entities by kind, the vector of an entity's value; null where the earlier version has none
 * @param relations the vector of a relation's id value; null where there is none
 * @param steps by kind, Adagrad's sum of an entity's row, alone in its array; null where it is not known and steps begin anew
 * @param relationSteps the sum of a relation's row, its bias and the bias's sum; null likewise
 * @param pull λ of a pull λ/2 |x − x₀|² towards what training began with, per gradient step; 0 for none
 */
public record WarmStart(
        Path release,
        Map<EntityKind, Function<String, float @Nullable []>> entities,
        Function<String, float @Nullable []> relations,
        Map<EntityKind, Function<String, float @Nullable []>> steps,
        Function<String, float @Nullable []> relationSteps,
        double pull) {

    public WarmStart {
        entities = Map.copyOf(entities);
        steps = Map.copyOf(steps);
        if (!(pull >= 0 && pull <= 1000)) {
            throw new IllegalArgumentException("pull must be 0 to 1000: " + pull);
        }
    }
}
