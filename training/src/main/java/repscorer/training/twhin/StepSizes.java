package repscorer.training.twhin;

import java.util.Map;
import repscorer.core.entity.EntityKind;

/**
 * How far Adagrad has come with each row, so that a later training goes on with steps as small: the sums of squared gradients,
 * one figure a row, which is their mean where each value has a sum of its own. The arrays are shared; nobody writes to them.
 *
 * @param entities by kind; the place is the entity's ordinal in the graph
 * @param relations of the relations' values, in the order of the graph's relations
 * @param inverses of the values for the way from tail to head; none where both ways share their values
 * @param biases the biases themselves, b_r, which no release serves
 * @param biasSums of the biases
 */
@SuppressWarnings("ArrayRecordComponent") // export reads the arrays
public record StepSizes(
        Map<EntityKind, float[]> entities, float[] relations, float[] inverses, float[] biases, float[] biasSums) {

    public StepSizes {
        entities = Map.copyOf(entities);
    }
}
