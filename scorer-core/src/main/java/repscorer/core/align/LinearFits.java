package repscorer.core.align;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.linsol.LinearSolverDense;
import repscorer.core.request.ComputePermits;
import repscorer.linear.Svd;

/** The maps that have a formula. O(pairs · in · out) and some cubes of the dimension, in double precision. */
final class LinearFits {

    /*
     * The rotation W that makes |XW − Y|² least is UVᵀ of the decomposition XᵀY = UΣVᵀ (Schönemann 1966), of unequal dimensions too,
     * where its columns or rows are orthonormal.
     *
     * The affine map begins at that rotation: A = W + D, where D makes |XA + b − Y|² + λ |D|² least. No penalty gives least squares,
     * an infinite one the rotation; every tenth pair chooses. So it is never far worse than the rotation, however few pairs there are.
     * Of lower rank it is A V Vᵀ with V the leading eigenvectors of AᵀXᵀXA, the best by [1]; the least rank is taken that keeps
     * the error of the pairs that choose within a hundredth.
     *
     * [1] Izenman: Reduced-rank regression for the multivariate linear model. Journal of Multivariate Analysis 5, 1975.
     */

    private static final int CHOOSING_ONE_IN = 10;
    private static final double[] PENALTIES = {1e-6, 1e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 1e-1};
    private static final double ERROR_GROWS_MOST = 1.01;

    private LinearFits() {}

    static Adapter procrustes(Pairs pairs, boolean directions) {
        DMatrixRMaj rotation = Svd.of(cross(pairs.from(), pairs.in(), pairs.to(), pairs.out(), pairs.count()))
                .rotation();
        return new Adapter(
                AlignmentMethod.PROCRUSTES,
                directions,
                pairs.in(),
                pairs.out(),
                Adapter.Parts.linear(floats(rotation), new float[0], new float[0]));
    }

    static Adapter affine(Pairs pairs, boolean directions) {
        Pairs choosing = pairs.every(CHOOSING_ONE_IN, true);
        Regression fitted = new Regression(pairs.every(CHOOSING_ONE_IN, false));
        double best = Double.POSITIVE_INFINITY;
        double penalty = PENALTIES[PENALTIES.length - 1];
        for (double each : PENALTIES) {
            ComputePermits.checkTime();
            double error = choosing.squaredError(fitted.adapter(each, 0, directions));
            if (error < best) {
                best = error;
                penalty = each;
            }
        }
        int rank = 0; // full
        int smaller = Math.min(pairs.in(), pairs.out());
        for (int tried : new int[] {smaller / 4, smaller * 3 / 8}) {
            ComputePermits.checkTime();
            boolean quicker = tried > 0 && tried * (pairs.in() + pairs.out()) < pairs.in() * pairs.out();
            if (rank == 0
                    && quicker
                    && choosing.squaredError(fitted.adapter(penalty, tried, directions)) <= ERROR_GROWS_MOST * best) {
                rank = tried;
            }
        }
        return new Regression(pairs).adapter(penalty, rank, directions);
    }

    /** The sums that every penalty is solved from. */
    private static final class Regression {

        private final Pairs pairs;
        private final double[] meanX;
        private final double[] meanY;
        private final DMatrixRMaj squares; // XᵀX / n about the mean
        private final DMatrixRMaj rotation;
        private final DMatrixRMaj rest; // Xᵀ(Y − XW) / n about the means

        Regression(Pairs pairs) {
            this.pairs = pairs;
            int n = pairs.count();
            meanX = mean(pairs.from(), pairs.in(), n);
            meanY = mean(pairs.to(), pairs.out(), n);
            DMatrixRMaj products = cross(pairs.from(), pairs.in(), pairs.to(), pairs.out(), n);
            rotation = Svd.of(products).rotation();
            squares = cross(pairs.from(), pairs.in(), pairs.from(), pairs.in(), n);
            about(squares, n, meanX, meanX);
            about(products, n, meanX, meanY);
            rest = products;
            CommonOps_DDRM.multAdd(-1, squares, rotation, rest);
        }

        Adapter adapter(double penalty, int rank, boolean directions) {
            DMatrixRMaj map = map(penalty);
            float[] second = new float[0];
            DMatrixRMaj first = map;
            if (rank > 0) {
                DMatrixRMaj leading = leading(map, rank);
                first = new DMatrixRMaj(pairs.in(), rank);
                CommonOps_DDRM.mult(map, leading, first);
                DMatrixRMaj back = new DMatrixRMaj(rank, pairs.out());
                CommonOps_DDRM.transpose(leading, back);
                second = floats(back);
            }
            float[] shift = shift(map);
            return new Adapter(
                    AlignmentMethod.AFFINE,
                    directions,
                    pairs.in(),
                    pairs.out(),
                    Adapter.Parts.linear(floats(first), second, shift));
        }

        private DMatrixRMaj map(double penalty) {
            DMatrixRMaj penalised = squares.copy();
            double scale = (penalty + 1e-12) * CommonOps_DDRM.trace(squares);
            for (int i = 0; i < pairs.in(); i++) {
                penalised.add(i, i, scale);
            }
            LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.symmPosDef(pairs.in());
            DMatrixRMaj map = new DMatrixRMaj(pairs.in(), pairs.out());
            if (solver.setA(penalised)) {
                solver.solve(rest.copy(), map);
            }
            CommonOps_DDRM.addEquals(map, rotation);
            return map;
        }

        private float[] shift(DMatrixRMaj map) {
            float[] shift = new float[pairs.out()];
            for (int j = 0; j < shift.length; j++) {
                double mapped = 0;
                for (int i = 0; i < meanX.length; i++) {
                    mapped += meanX[i] * map.get(i, j);
                }
                shift[j] = (float) (meanY[j] - mapped);
            }
            return shift;
        }

        private DMatrixRMaj leading(DMatrixRMaj map, int rank) {
            DMatrixRMaj half = new DMatrixRMaj(pairs.in(), pairs.out());
            CommonOps_DDRM.mult(squares, map, half);
            DMatrixRMaj fitted = new DMatrixRMaj(pairs.out(), pairs.out());
            CommonOps_DDRM.multTransA(map, half, fitted);
            return CommonOps_DDRM.extract(Svd.of(fitted).left(), 0, pairs.out(), 0, rank);
        }
    }

    /** AᵀB, summed in the order of the rows. */
    private static DMatrixRMaj cross(float[] a, int columnsA, float[] b, int columnsB, int rows) {
        double[] sums = new double[columnsA * columnsB];
        for (int row = 0; row < rows; row++) {
            if (row % 1_024 == 0) {
                ComputePermits.checkTime();
            }
            int atB = row * columnsB;
            for (int i = 0; i < columnsA; i++) {
                double value = a[row * columnsA + i];
                int at = i * columnsB;
                for (int j = 0; j < columnsB; j++) {
                    sums[at + j] += value * b[atB + j];
                }
            }
        }
        return DMatrixRMaj.wrap(columnsA, columnsB, sums);
    }

    /** From sums of products to their mean about the means. */
    private static void about(DMatrixRMaj sums, int n, double[] meanA, double[] meanB) {
        for (int i = 0; i < meanA.length; i++) {
            for (int j = 0; j < meanB.length; j++) {
                sums.set(i, j, sums.get(i, j) / n - meanA[i] * meanB[j]);
            }
        }
    }

    private static double[] mean(float[] rows, int columns, int n) {
        double[] mean = new double[columns];
        for (int i = 0; i < n * columns; i++) {
            mean[i % columns] += rows[i];
        }
        for (int j = 0; j < columns; j++) {
            mean[j] /= n;
        }
        return mean;
    }

    private static float[] floats(DMatrixRMaj matrix) {
        float[] values = new float[matrix.getNumElements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) matrix.data[i];
        }
        return values;
    }
}
