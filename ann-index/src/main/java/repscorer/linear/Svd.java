package repscorer.linear;

import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;
import org.jspecify.annotations.Nullable;

/**
 * The singular value decomposition M = UΣVᵀ of an m × n matrix, in its small form: min(m, n) columns. O(mn · min(m, n)). Deterministic;
 * for one thread.
 */
public final class Svd {

    private static final @Nullable DMatrixRMaj NEW = null; // the library makes what it is not given

    private final SingularValueDecomposition_F64<DMatrixRMaj> decomposed;

    private Svd(SingularValueDecomposition_F64<DMatrixRMaj> decomposed) {
        this.decomposed = decomposed;
    }

    /**
     * @param matrix stays as it is
     * @throws IllegalArgumentException for one that the iteration ends at nothing for, as with values that are no numbers
     */
    public static Svd of(DMatrixRMaj matrix) {
        SingularValueDecomposition_F64<DMatrixRMaj> svd =
                DecompositionFactory_DDRM.svd(matrix.numRows, matrix.numCols, true, true, true);
        if (!svd.decompose(matrix.copy())) {
            throw new IllegalArgumentException(
                    "no singular values of a matrix of %s × %s were found".formatted(matrix.numRows, matrix.numCols));
        }
        return new Svd(svd);
    }

    /** UVᵀ, of all m × n matrices with orthonormal columns, or rows, the one that is nearest to M (Schönemann 1966). */
    public DMatrixRMaj rotation() {
        DMatrixRMaj rotation = new DMatrixRMaj(decomposed.numRows(), decomposed.numCols());
        CommonOps_DDRM.mult(decomposed.getU(NEW, false), decomposed.getV(NEW, true), rotation);
        return rotation;
    }

    /** The singular values, greatest first. */
    public double[] values() {
        double[] values = decomposed.getSingularValues();
        double[] ordered = new double[decomposed.numberOfSingularValues()];
        int[] order = order();
        for (int i = 0; i < ordered.length; i++) {
            ordered[i] = values[order[i]];
        }
        return ordered;
    }

    /** U, its columns in the order of {@link #values}. */
    public DMatrixRMaj left() {
        DMatrixRMaj u = decomposed.getU(NEW, false);
        DMatrixRMaj ordered = new DMatrixRMaj(u.numRows, u.numCols);
        int[] order = order();
        for (int j = 0; j < u.numCols; j++) {
            for (int i = 0; i < u.numRows; i++) {
                ordered.set(i, j, u.get(i, order[j]));
            }
        }
        return ordered;
    }

    /** Where the greatest value stands, and so on: the library promises no order. */
    private int[] order() {
        double[] values = decomposed.getSingularValues();
        Integer[] order = new Integer[decomposed.numberOfSingularValues()];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Double.compare(values[b], values[a]));
        return Arrays.stream(order).mapToInt(Integer::intValue).toArray();
    }
}
