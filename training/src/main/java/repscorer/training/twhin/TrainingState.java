package repscorer.training.twhin;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How far a run has come, beside its tables: all that a checkpoint has to keep. */
final class TrainingState {

    /** Epochs that are done. */
    int epoch;

    /** Buckets of the current epoch that are done. */
    int bucket;

    /** Batches of the current bucket that are done. */
    int step;

    /** Targets of the current epoch that were trained on; an edge is two. */
    long halfEdges;

    double lossSum;
    double lossWeight;
    final List<Double> losses = new ArrayList<>();
    final Map<Integer, Double> validation = new TreeMap<>();
    double lastValidation;
    double bestValidation = Double.NEGATIVE_INFINITY;
    int bestEpoch;

    /** The rows of every table after the best epoch; empty before the first look. */
    final List<float[]> best = new ArrayList<>();

    boolean ended;

    double loss() {
        return lossWeight > 0 || losses.isEmpty() ? lossSum / Math.max(lossWeight, 1e-9) : losses.getLast();
    }

    void endBucket() {
        bucket++;
        step = 0;
    }

    void endEpoch() {
        losses.add(loss());
        epoch++;
        bucket = 0;
        step = 0;
        halfEdges = 0;
        lossSum = 0;
        lossWeight = 0;
    }

    void validated(double figure, List<Table> tables) {
        validation.put(epoch, figure);
        lastValidation = figure;
        if (figure > bestValidation) {
            bestValidation = figure;
            bestEpoch = epoch;
            best.clear();
            tables.forEach(table -> best.add(table.rows.clone()));
        }
    }

    /** How many looks have passed since the best one. */
    int looksSinceBest() {
        int looks = 0;
        for (int at : validation.keySet()) {
            looks += at > bestEpoch ? 1 : 0;
        }
        return looks;
    }

    /** Puts the best epoch's rows back. */
    void restoreBest(List<Table> tables) {
        for (int i = 0; i < best.size(); i++) {
            System.arraycopy(best.get(i), 0, tables.get(i).rows, 0, best.get(i).length);
        }
    }
}
