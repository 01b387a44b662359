package repscorer.training.twhin;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import repscorer.core.entity.EntityKind;
import repscorer.training.plan.TwhinPlan.Comparator;
import repscorer.training.plan.TwhinPlan.Operator;

/**
 * Vectors that were learnt. The arrays are shared; nobody writes to them.
 *
 * @param entities by kind; the row is the entity's ordinal in the graph
 * @param relations count × dimension, in the order of the graph's relations
 * @param inverses as {@code relations}, for the way from tail to head; empty where both ways share their values
 * @param losses the mean loss per edge of each epoch
 * @param validation the filtered mean reciprocal rank of validation edges, by the number of epochs; empty without validation
 * @param notes what a person should know of the run, such as that it ended early
 * @param steps how far training came, for another to go on; empty where that is not known
 * @param edgesPerSecond positive edges trained on, over the whole run
 */
@SuppressWarnings("ArrayRecordComponent") // evaluation and export read the arrays
public record TwhinModel(
        int dimension,
        Operator operator,
        Comparator comparator,
        Map<EntityKind, Vectors> entities,
        float[] relations,
        Optional<float[]> inverses,
        List<Double> losses,
        Map<Integer, Double> validation,
        List<String> notes,
        Optional<StepSizes> steps,
        double edgesPerSecond) {

    public TwhinModel {
        entities = Map.copyOf(entities);
        losses = List.copyOf(losses);
        validation = Map.copyOf(validation);
        notes = List.copyOf(notes);
    }

    /** The vectors of a kind that the graph has. */
    public Vectors vectors(EntityKind kind) {
        Vectors vectors = entities.get(kind);
        if (vectors == null) {
            throw new IllegalArgumentException("no vectors of kind '%s'".formatted(kind));
        }
        return vectors;
    }

    /** All vectors of a kind that the graph has, count × dimension, row-major. */
    public float[] rows(EntityKind kind) {
        return vectors(kind).all();
    }
}
