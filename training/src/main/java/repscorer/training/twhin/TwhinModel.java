package repscorer.training.twhin;

import java.util.List;
import java.util.Map;
import repscorer.core.entity.EntityKind;

/**
 * Vectors that were learnt. The arrays are shared; nobody writes to them.
 *
 * @param entities count × dimension, row-major, by kind; the row is the entity's ordinal in the graph
 * @param relations count × dimension, in the order of the graph's relations
 * @param losses the mean loss per edge of each epoch
 * @param edgesPerSecond positive edges trained on, over the whole run
 */
@SuppressWarnings("ArrayRecordComponent") // evaluation and export read the arrays
public record TwhinModel(
        int dimension,
        Map<EntityKind, float[]> entities,
        float[] relations,
        List<Double> losses,
        double edgesPerSecond) {

    public TwhinModel {
        entities = Map.copyOf(entities);
        losses = List.copyOf(losses);
    }

    /** The vectors of a kind that the graph has. */
    public float[] rows(EntityKind kind) {
        float[] rows = entities.get(kind);
        if (rows == null) {
            throw new IllegalArgumentException("no vectors of kind '%s'".formatted(kind));
        }
        return rows;
    }
}
