package repscorer.training.twhin;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import repscorer.core.entity.EntityKind;
import repscorer.training.graph.Graph;
import repscorer.vector.VectorOps;

/** Puts fresh vectors where the graph's own spectrum has them. */
final class SpectralStart {

    /*
     * The columns of X span, after some steps of X ← orth(f(Â) X) from random ones [1], the d leading eigenvectors of the
     * normalised adjacency Â, with f(Â) = ½ (Â + Â²). Where edges join two kinds each eigenvalue σ has a twin −σ whose vector
     * says the same with another sign; f keeps twins small. An entity begins at √deg · x, so inner products of rows are about
     * those of A: this is the low-pass filter of [2], factored.
     *
     * Columns are made orthonormal by the Cholesky factor of XᵀX, which loses little because f spreads the columns' norms
     * no more than 1 : σ_d. A graph may have fewer directions than d: a column that is nothing but the ones before it is spare,
     * and becomes a random one, a short one in the end, which says nothing of the graph and lets training use it.
     *
     * [1] Halko, Martinsson and Tropp, Finding Structure with Randomness, SIAM Review 53, 2011, arXiv 0909.4061.
     * [2] Shen et al., How Powerful is Graph Convolution for Recommendation?, CIKM 2021, arXiv 2108.07567.
     */

    private static final int STEPS = 10;

    /** A column is spare where so little is left of its square beside that of the longest: single precision tells no less. */
    private static final double SPARE = 1e-6;

    /** The norm of spare columns in the end; those of the graph have 1. */
    private static final double SPARE_NORM = 0.03;

    /** Rows whose products are added up in single precision. */
    private static final int BLOCK = 256;

    private final Map<EntityKind, Table> tables;
    private final MatrixKernels kernels = MatrixKernels.best();
    private final int d;

    private SpectralStart(Map<EntityKind, Table> tables, int d) {
        this.tables = tables;
        this.d = d;
    }

    /**
     * Replaces every row of tables that hold random values. O(edges · d + entities · d²); holds three more tables for the time
     * being.
     *
     * @param scale the root mean square of the rows' norms, where they are free
     */
    static void apply(Graph graph, Map<EntityKind, Table> tables, int d, double scale) {
        new SpectralStart(tables, d).run(new Propagation(graph), scale);
    }

    private void run(Propagation propagation, double scale) {
        Map<EntityKind, float[]> x = new LinkedHashMap<>();
        tables.forEach((kind, table) -> x.put(kind, table.rows.clone()));
        orthonormalise(x, 1);
        for (int step = 1; step <= STEPS; step++) {
            Map<EntityKind, float[]> once = propagation.times(x, d);
            Map<EntityKind, float[]> twice = propagation.times(once, d);
            twice.forEach((kind, rows) -> x.put(kind, mean(rows, once.getOrDefault(kind, rows))));
            orthonormalise(x, step < STEPS ? 1 : SPARE_NORM);
        }
        x.forEach((kind, rows) -> lengthen(rows, propagation.degrees(kind)));
        double squares = 0;
        long count = 0;
        for (float[] rows : x.values()) {
            squares += squares(rows);
            count += rows.length / d;
        }
        float factor = (float) (scale / Math.sqrt(squares / count));
        tables.forEach((kind, table) -> {
            float[] rows = x.getOrDefault(kind, table.rows);
            for (int i = 0; i < rows.length; i++) {
                table.rows[i] = factor * rows[i];
            }
            table.normaliseAll();
        });
    }

    private static float[] mean(float[] a, float[] b) {
        for (int i = 0; i < a.length; i++) {
            a[i] = (a[i] + b[i]) / 2;
        }
        return a;
    }

    private void lengthen(float[] rows, int[] degrees) {
        for (int row = 0; row < degrees.length; row++) {
            float factor = (float) Math.sqrt(degrees[row]);
            for (int i = row * d; i < row * d + d; i++) {
                rows[i] *= factor;
            }
        }
    }

    private double squares(float[] rows) {
        double sum = 0;
        for (int at = 0; at < rows.length; at += d) {
            sum += VectorOps.dot(rows, at, rows, at, d);
        }
        return sum;
    }

    /** {@code X ← X L⁻ᵀ} with {@code LLᵀ = XᵀX}, spare columns apart, which become random ones of a norm. */
    private void orthonormalise(Map<EntityKind, float[]> x, double spareNorm) {
        boolean[] spare = new boolean[d];
        float[] inverse = transposedInverse(cholesky(gram(x), spare));
        float[] block = new float[BLOCK * d];
        for (float[] rows : x.values()) {
            for (int at = 0; at < rows.length; at += block.length) {
                int values = Math.min(block.length, rows.length - at);
                Arrays.fill(block, 0);
                kernels.multiplyAdd(values / d, d, d, rows, at, d, 1, inverse, 0, d, 1, block, d);
                System.arraycopy(block, 0, rows, at, values);
            }
        }
        for (int j = 0; j < d; j++) {
            if (spare[j]) {
                fill(x, j, spareNorm);
            }
        }
    }

    /** Puts the random values that the tables still hold into a column. */
    private void fill(Map<EntityKind, float[]> x, int column, double norm) {
        double squares = 0;
        for (Table table : tables.values()) {
            for (int i = column; i < table.rows.length; i += d) {
                squares += (double) table.rows[i] * table.rows[i];
            }
        }
        float factor = (float) (norm / Math.sqrt(squares));
        tables.forEach((kind, table) -> {
            float[] rows = x.getOrDefault(kind, new float[0]);
            for (int i = column; i < rows.length; i += d) {
                rows[i] = factor * table.rows[i];
            }
        });
    }

    private double[] gram(Map<EntityKind, float[]> x) {
        double[] sum = new double[d * d];
        float[] part = new float[d * d];
        for (float[] rows : x.values()) {
            for (int at = 0; at < rows.length; at += BLOCK * d) {
                int count = Math.min(BLOCK, (rows.length - at) / d);
                Arrays.fill(part, 0);
                kernels.multiplyAdd(d, d, count, rows, at, 1, d, rows, at, d, 1, part, d);
                for (int i = 0; i < part.length; i++) {
                    sum[i] += part[i];
                }
            }
        }
        return sum;
    }

    /** L of a symmetric matrix that is nowhere negative; a column that depends on earlier ones is spare and is left out, as a row and column of the identity. */
    private double[] cholesky(double[] a, boolean[] spare) {
        double longest = 0;
        for (int j = 0; j < d; j++) {
            longest = Math.max(longest, a[j * d + j]);
        }
        double[] l = new double[d * d];
        for (int j = 0; j < d; j++) {
            for (int i = j; i < d && !spare[j]; i++) {
                double sum = a[i * d + j];
                for (int k = 0; k < j; k++) {
                    sum -= l[i * d + k] * l[j * d + k];
                }
                spare[j] = i == j && !(sum > SPARE * longest);
                l[i * d + j] = i == j ? Math.sqrt(sum) : sum / l[j * d + j];
            }
            if (spare[j]) {
                Arrays.fill(l, j * d, j * d + j, 0);
                l[j * d + j] = 1;
            }
        }
        return l;
    }

    /** {@code L⁻ᵀ}, by substitution. */
    private float[] transposedInverse(double[] l) {
        double[] inverse = new double[d * d];
        float[] transposed = new float[d * d];
        for (int j = 0; j < d; j++) {
            for (int i = j; i < d; i++) {
                double sum = i == j ? 1 : 0;
                for (int k = j; k < i; k++) {
                    sum -= l[i * d + k] * inverse[k * d + j];
                }
                inverse[i * d + j] = sum / l[i * d + i];
                transposed[j * d + i] = (float) inverse[i * d + j];
            }
        }
        return transposed;
    }
}
