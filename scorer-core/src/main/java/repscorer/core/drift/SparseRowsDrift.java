package repscorer.core.drift;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import repscorer.core.drift.DenseRowsDrift.Values;
import repscorer.core.store.SpaceVersion;
import repscorer.vector.SparseVector;

/** Compares the sparse rows of drawn ids, cluster by cluster. For one thread. */
final class SparseRowsDrift {

    private static final int MOVED_SHOWN = 5;

    /** What a training makes and numbers for itself; other columns are entities that were there before. */
    private static final Set<String> LEARNT = Set.of("cluster", "interest");

    private final SpaceVersion a;
    private final SpaceVersion b;
    private final int columnsA;
    private final int[] columnInA; // of each column of b; from the end of a's on where a has none
    private final Values jaccard;
    private final Values l1;
    private final Values weightRatio;
    private final List<SpaceDrift.Moved> moved = new ArrayList<>();
    private int greatest;
    private int changed;
    private int labelled;
    private int relabelled;

    private SparseRowsDrift(SpaceVersion a, SpaceVersion b, int drawn) {
        this.a = a;
        this.b = b;
        this.columnsA = a.columnsEnd();
        boolean same = a.sameColumns(b);
        this.columnInA = new int[b.columnsEnd()];
        for (int column = 0; column < columnInA.length; column++) {
            int fallback = columnsA + column;
            columnInA[column] = same ? column : a.column(b.columnId(column)).orElse(fallback);
        }
        this.jaccard = new Values(drawn);
        this.l1 = new Values(drawn);
        this.weightRatio = new Values(drawn);
    }

    /** Whether the columns of either are what a training made. */
    static boolean learnt(SpaceVersion a, SpaceVersion b) {
        return learnt(a) || learnt(b);
    }

    private static boolean learnt(SpaceVersion version) {
        return version.columnsEnd() > 0
                && LEARNT.contains(version.columnId(0).kind().name());
    }

    static SpaceDrift.Sparse of(SpaceVersion a, SpaceVersion b, SharedRows rows) {
        SparseRowsDrift drift = all(a, b, rows);
        return new SpaceDrift.Sparse(
                share(drift.changed, drift.greatest),
                drift.jaccard.distribution(),
                all(a, b, rows.mixed()).jaccard.distribution().map(Distribution::mean),
                drift.l1.distribution(),
                drift.weightRatio.distribution(),
                share(drift.relabelled, drift.labelled),
                drift.clustersRelabelled(),
                drift.moved);
    }

    private static SparseRowsDrift all(SpaceVersion a, SpaceVersion b, SharedRows rows) {
        SparseRowsDrift drift = new SparseRowsDrift(a, b, rows.drawn());
        for (int i = 0; i < rows.drawn(); i++) {
            drift.add(rows.a()[i], rows.b()[i]);
        }
        return drift;
    }

    private static Optional<Double> share(int some, int all) {
        return all == 0 ? Optional.empty() : Optional.of((double) some / all);
    }

    private void add(int rowA, int rowB) {
        SparseVector left = a.sparse(rowA);
        SparseVector right = b.sparse(rowB);
        Map<Integer, Float> weights = new HashMap<>();
        for (int i = 0; i < left.size(); i++) {
            weights.put(left.columns()[i], left.weights()[i]);
        }
        double difference = 0;
        int shared = 0;
        for (int i = 0; i < right.size(); i++) {
            Float other = weights.remove(columnInA[right.columns()[i]]);
            shared += other == null ? 0 : 1;
            difference += Math.abs((double) right.weights()[i] - (other == null ? 0 : other));
        }
        for (float alone : weights.values()) {
            difference += Math.abs((double) alone);
        }
        int all = left.size() + right.size() - shared;
        l1.add(difference);
        if (all > 0) {
            jaccard.add((double) shared / all);
        }
        double sum = sum(left);
        if (sum > 0) {
            weightRatio.add(sum(right) / sum);
        }
        greatest(rowA, left, right);
        labels(left, right);
    }

    private static double sum(SparseVector row) {
        double sum = 0;
        for (float weight : row.weights()) {
            sum += weight;
        }
        return sum;
    }

    private void greatest(int rowA, SparseVector left, SparseVector right) {
        if (left.isEmpty() || right.isEmpty()) {
            return;
        }
        greatest++;
        int from = left.heaviest();
        int to = right.heaviest();
        if (from != columnInA[to]) {
            changed++;
            if (moved.size() < MOVED_SHOWN) {
                moved.add(new SpaceDrift.Moved(a.id(rowA), named(a, from), named(b, to)));
            }
        }
    }

    private static String named(SpaceVersion version, int column) {
        String id = version.columnId(column).toString();
        return version.file().columnLabel(column).map(label -> id + " " + label).orElse(id);
    }

    private void labels(SparseVector left, SparseVector right) {
        Set<String> from = labels(a, left);
        Set<String> to = labels(b, right);
        if (!from.isEmpty() || !to.isEmpty()) {
            labelled++;
            relabelled += from.equals(to) ? 0 : 1;
        }
    }

    private static Set<String> labels(SpaceVersion version, SparseVector row) {
        Set<String> labels = new TreeSet<>();
        for (int column : row.columns()) {
            version.file().columnLabel(column).ifPresent(labels::add);
        }
        return labels;
    }

    /** O(clusters). */
    private int clustersRelabelled() {
        int count = 0;
        for (int column = 0; column < columnInA.length; column++) {
            int before = columnInA[column];
            if (before < columnsA
                    && !a.file().columnLabel(before).equals(b.file().columnLabel(column))) {
                count++;
            }
        }
        return count;
    }
}
