package repscorer.training.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import repscorer.core.entity.EntityKind;
import repscorer.training.plan.RelationPlan;
import repscorer.training.plan.RelationPlan.Column;

/** The edges read so far of one relation, or of the several that one plan stands for: a growing array per column. */
final class EdgeRows {

    private static final EntityKind RELATION = new EntityKind("relation");

    final RelationPlan plan;
    final EntityIndex headEntities;
    final EntityIndex tailEntities;

    /** The relations' names, where the plan stands for several. */
    final EntityIndex relations;

    private final boolean several;
    private final boolean weighted;
    private final boolean timed;
    private int[] heads = new int[1 << 10];
    private int[] tails = new int[1 << 10];
    private int[] relationOf;
    private float[] weights;
    private long[] times;
    private int count;

    EdgeRows(RelationPlan plan, EntityIndex headEntities, EntityIndex tailEntities) {
        this(plan, headEntities, tailEntities, new EntityIndex(RELATION));
    }

    private EdgeRows(RelationPlan plan, EntityIndex headEntities, EntityIndex tailEntities, EntityIndex relations) {
        this.plan = plan;
        this.headEntities = headEntities;
        this.tailEntities = tailEntities;
        this.relations = relations;
        several = plan.several();
        weighted = plan.columns().contains(Column.WEIGHT);
        timed = plan.columns().contains(Column.TIME);
        relationOf = new int[several ? heads.length : 0];
        weights = new float[weighted ? heads.length : 0];
        times = new long[timed ? heads.length : 0];
    }

    /** No rows yet, of the same entities and relations. */
    EdgeRows sibling() {
        return new EdgeRows(plan, headEntities, tailEntities, relations);
    }

    /** The rows before a time, or those from it on; all are before where rows have no time. */
    EdgeRows part(long from, boolean before) {
        if (!timed) {
            return before ? this : sibling();
        }
        EdgeRows part = sibling();
        for (int i = 0; i < count; i++) {
            if (times[i] < from == before) {
                part.add(heads[i], several ? relationOf[i] : 0, tails[i], weighted ? weights[i] : 1, times[i]);
            }
        }
        return part;
    }

    int count() {
        return count;
    }

    void add(int head, int relation, int tail, float weight, long time) {
        if (count == heads.length) {
            int larger = count * 2;
            heads = Arrays.copyOf(heads, larger);
            tails = Arrays.copyOf(tails, larger);
            relationOf = several ? Arrays.copyOf(relationOf, larger) : relationOf;
            weights = weighted ? Arrays.copyOf(weights, larger) : weights;
            times = timed ? Arrays.copyOf(times, larger) : times;
        }
        heads[count] = head;
        tails[count] = tail;
        if (several) {
            relationOf[count] = relation;
        }
        if (weighted) {
            weights[count] = weight;
        }
        if (timed) {
            times[count] = time;
        }
        count++;
    }

    /** Each relation that has an edge. */
    List<Relation> toRelations() {
        if (count == 0) {
            return List.of();
        }
        if (!several) {
            return List.of(toRelation(plan, heads, tails, weights, times, count));
        }
        List<Relation> all = new ArrayList<>();
        Csr byRelation = Csr.of(Arrays.copyOf(relationOf, count), Arrays.copyOf(heads, count), relations.count());
        for (int r = 0; r < byRelation.rows(); r++) {
            int size = byRelation.size(r);
            if (size > 0) {
                int[] someHeads = new int[size];
                int[] someTails = new int[size];
                float[] someWeights = new float[weighted ? size : 0];
                long[] someTimes = new long[timed ? size : 0];
                for (int i = 0; i < size; i++) {
                    int edge = byRelation.edges()[byRelation.offsets()[r] + i];
                    someHeads[i] = heads[edge];
                    someTails[i] = tails[edge];
                    if (weighted) {
                        someWeights[i] = weights[edge];
                    }
                    if (timed) {
                        someTimes[i] = times[edge];
                    }
                }
                all.add(toRelation(plan.named(relations.value(r)), someHeads, someTails, someWeights, someTimes, size));
            }
        }
        return all;
    }

    private Relation toRelation(RelationPlan named, int[] heads, int[] tails, float[] weights, long[] times, int size) {
        float[] counted = weighted ? Arrays.copyOf(weights, size) : weights;
        if (plan.repeats() == RelationPlan.Repeats.SUM) {
            counted = new float[size];
            Arrays.fill(counted, 1);
        }
        return Relation.of(
                plan.name(),
                named,
                headEntities,
                tailEntities,
                Arrays.copyOf(heads, size),
                Arrays.copyOf(tails, size),
                counted,
                timed ? Arrays.copyOf(times, size) : times);
    }
}
