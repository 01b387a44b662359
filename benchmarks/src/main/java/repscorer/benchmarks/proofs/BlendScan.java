package repscorer.benchmarks.proofs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.entity.EntityId;
import repscorer.testing.Formulas;
import repscorer.vector.DenseRows;
import repscorer.vector.SparseRows;
import repscorer.vector.SparseVector;

/** All entities of a kind, scored by a blend of a dense and a sparse column one after the other, in plain loops. */
final class BlendScan {

    /** A column's scale: the line from raw to normalised values. */
    record Scale(double slope, double shift) {}

    private final double twhinWeight;
    private final double simclustersWeight;
    private final Map<EntityId, Integer> places = new HashMap<>();
    private final List<float[]> dense = new ArrayList<>();
    private final List<SparseVector> sparse = new ArrayList<>();

    BlendScan(EmbeddingFile denseFile, EmbeddingFile sparseFile, double twhinWeight, double simclustersWeight) {
        this.twhinWeight = twhinWeight;
        this.simclustersWeight = simclustersWeight;
        DenseRows denseRows = denseFile.denseRows();
        SparseRows sparseRows = sparseFile.sparseRows();
        for (int row = 0; row < denseRows.count(); row++) {
            places.put(denseFile.ids().id(row), dense.size());
            dense.add(denseRows.row(row));
            sparse.add(SparseVector.EMPTY);
        }
        for (int row = 0; row < sparseRows.count(); row++) {
            EntityId id = sparseFile.ids().id(row);
            if (!places.containsKey(id)) {
                places.put(id, dense.size());
                dense.add(new float[0]);
                sparse.add(SparseVector.EMPTY);
            }
            sparse.set(places.get(id), sparseRows.row(row));
        }
    }

    int size() {
        return dense.size();
    }

    /**
     * The {@code count} best scores, best first.
     *
     * @param scales of the dense column and of the sparse one
     */
    double[] best(float[] source, SparseVector clusters, Scale[] scales, EntityId self, int count) {
        int last = clusters.isEmpty() ? 0 : clusters.columns()[clusters.size() - 1];
        double[] weights = new double[last + 1];
        double squares = 0;
        for (int i = 0; i < clusters.size(); i++) {
            weights[clusters.columns()[i]] = clusters.weights()[i];
            squares += (double) clusters.weights()[i] * clusters.weights()[i];
        }
        double sourceNorm = Math.pow(squares, 0.3);
        int left = places.getOrDefault(self, -1);
        double[] scores = new double[size()];
        int n = 0;
        for (int entity = 0; entity < size(); entity++) {
            if (entity == left) {
                continue;
            }
            double sum = 0;
            double present = 0;
            if (dense.get(entity).length > 0) {
                double x = Formulas.score(Formulas.Dense.COSINE, source, dense.get(entity));
                sum += twhinWeight * (scales[0].slope * x + scales[0].shift);
                present += twhinWeight;
            }
            SparseVector row = sparse.get(entity);
            if (!row.isEmpty()) {
                double dot = 0;
                double rowSquares = 0;
                for (int i = 0; i < row.size(); i++) {
                    double weight = row.weights()[i];
                    rowSquares += weight * weight;
                    dot += row.columns()[i] <= last ? weights[row.columns()[i]] * weight : 0;
                }
                double x = dot == 0 ? 0 : dot / (sourceNorm * Math.pow(rowSquares, 0.3));
                sum += simclustersWeight * (scales[1].slope * x + scales[1].shift);
                present += simclustersWeight;
            }
            scores[n++] = sum * (twhinWeight + simclustersWeight) / present;
        }
        scores = Arrays.copyOf(scores, n);
        Arrays.sort(scores);
        int k = Math.min(count, n);
        double[] best = new double[k];
        for (int i = 0; i < k; i++) {
            best[i] = scores[n - 1 - i];
        }
        return best;
    }
}
