package repscorer.training.twhin;

import java.util.List;
import java.util.SplittableRandom;
import repscorer.training.plan.TwhinPlan;
import repscorer.training.plan.TwhinPlan.Operator;
import repscorer.training.plan.TwhinPlan.Optimiser;

/**
 * What is learnt of relations, a row each.
 *
 * @param values θ_r
 * @param inverses the values for the way from tail to head; no rows where both ways share them
 * @param biases b_r
 */
record RelationTables(Table values, Table inverses, Table biases) {

    /** Fresh tables, drawn by chance where the operator multiplies, else 0. */
    static RelationTables of(int relations, TwhinPlan plan, SplittableRandom random) {
        Table values = new Table(relations, plan.dimension(), false, plan.optimiser());
        Table inverses = new Table(plan.reciprocal() ? relations : 0, plan.dimension(), false, plan.optimiser());
        if (plan.operator() == Operator.DIAGONAL || plan.operator() == Operator.COMPLEX_DIAGONAL) {
            values.initialise(random.split(), plan.initialScale());
            inverses.initialise(random.split(), plan.initialScale());
        }
        return new RelationTables(values, inverses, new Table(relations, 1, false, Optimiser.ROW_ADAGRAD));
    }

    /** The values for one way. */
    Table of(boolean forward) {
        return forward || inverses.count == 0 ? values : inverses;
    }

    List<Table> all() {
        return List.of(values, inverses, biases);
    }
}
