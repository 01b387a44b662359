package repscorer.training.twhin;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import repscorer.core.entity.EntityKind;
import repscorer.training.graph.EntityIndex;
import repscorer.training.graph.Fingerprints;
import repscorer.training.graph.Graph;
import repscorer.training.plan.TwhinPlan;
import repscorer.training.plan.TwhinPlan.Operator;
import repscorer.vector.VectorOps;

/** Puts fresh vectors where ids and edges alone have them, so that trainings of like graphs begin, and end, in like coordinates. */
final class HashedStart {

    /*
     * The loss says how near rows are, and nearly nothing of where groups that share few edges lie: that is left over from the start. So
     * two trainings that begin anywhere end as maps of one land whose islands lie elsewhere, and no linear map leads from one to the
     * other. Here an id's row begins as normal values that its hash draws, whatever the seed and the order of the data, then takes
     * over, some times, the direction of its neighbours' rows under Â = D^-½ A D^-½. It ends at a random projection of the rows of a power of Â,
     * as in FastRP [1]: neighbours begin together, and an edge more or less moves a row by little.
     *
     * [1] Chen et al., Fast and Accurate Network Embeddings via Very Sparse Random Projection, CIKM 2019, arXiv 1908.11512.
     */

    private static final int STEPS = 8;

    /** What a row keeps of itself beside the direction of its neighbours. */
    private static final float KEPT = 0.5f;

    private HashedStart() {}

    /** Replaces every row, and what multiplies rows. O(steps · edges · d); holds one more table for the time being. */
    static void apply(Graph graph, Map<EntityKind, Table> tables, RelationTables relations, TwhinPlan plan) {
        int d = plan.dimension();
        tables.forEach((kind, table) -> draw(graph.entities(kind), table));
        Propagation propagation = new Propagation(graph);
        for (int step = 0; step < STEPS; step++) {
            Map<EntityKind, float[]> rows = new LinkedHashMap<>();
            tables.forEach((kind, table) -> rows.put(kind, table.rows));
            Map<EntityKind, float[]> neighbours = propagation.times(rows, d);
            tables.forEach((kind, table) -> join(table.rows, neighbours.getOrDefault(kind, table.rows), d));
        }
        for (Table table : tables.values()) {
            VectorOps.scale(table.rows, (float) plan.initialScale());
            table.normaliseAll();
        }
        if (plan.operator() == Operator.DIAGONAL || plan.operator() == Operator.COMPLEX_DIAGONAL) {
            double deviation = plan.initialScale() / Math.sqrt(d);
            for (int r = 0; r < graph.relations().size(); r++) {
                String name = graph.relations().get(r).name();
                fill(relations.values().rows, r * d, d, deviation, Fingerprints.of(name));
                if (relations.inverses().count > 0) {
                    fill(relations.inverses().rows, r * d, d, deviation, ~Fingerprints.of(name));
                }
            }
        }
    }

    private static void draw(EntityIndex index, Table table) {
        long kind = Fingerprints.of(index.kind().name());
        for (int row = 0; row < table.count; row++) {
            fill(table.rows, row * table.d, table.d, 1, Fingerprints.of(index.value(row)) + kind);
            unit(table.rows, row * table.d, table.d);
        }
    }

    private static void fill(float[] rows, int at, int d, double deviation, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = at; i < at + d; i++) {
            rows[i] = (float) (deviation * random.nextGaussian());
        }
    }

    private static void join(float[] rows, float[] neighbours, int d) {
        for (int at = 0; at < rows.length; at += d) {
            if (unit(neighbours, at, d)) {
                for (int i = at; i < at + d; i++) {
                    rows[i] = KEPT * rows[i] + neighbours[i];
                }
                unit(rows, at, d);
            }
        }
    }

    /** Brings a row to norm 1, but for one of zeros. */
    private static boolean unit(float[] rows, int at, int d) {
        float norm = (float) Math.sqrt(VectorOps.dot(rows, at, rows, at, d));
        for (int i = at; norm > 0 && i < at + d; i++) {
            rows[i] /= norm;
        }
        return norm > 0;
    }
}
