package repscorer.core.store.index;

import java.util.Arrays;
import java.util.Locale;
import repscorer.ann.DenseIndex;
import repscorer.ann.hnsw.HnswIndex;
import repscorer.ann.hnsw.Quantization;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;

/** Says why an index that misses too much may do so, and what helps. */
public final class RecallRemedy {

    /** A row whose norm is so many times the median's stretches the scale that codes share. */
    private static final double OUTLYING_TIMES = 100;

    /** Directions whose mean squared distance to their mean is less are too close for cosines in float32. */
    private static final double SPREAD_MIN = 1e-5;

    private static final int SPREAD_ROWS = 1_000;

    private RecallRemedy() {}

    /** O(rows · log rows). */
    public static String of(DenseIndex index, EmbeddingFile file) {
        DenseRows rows = file.denseRows();
        Quantization codes = index instanceof HnswIndex graph ? graph.quantization() : Quantization.NONE;
        boolean coded = codes != Quantization.NONE;
        if (index.metric() == Metric.COSINE && spread(rows) < SPREAD_MIN) {
            return "its rows point in all but one direction, closer together than float32 cosines tell apart:"
                    + " subtract their mean from each, or compare them by l2";
        }
        if (coded && index.metric() != Metric.COSINE) {
            int greatest = greatest(rows);
            double times = rows.norm(greatest) / medianNorm(rows);
            if (times >= OUTLYING_TIMES) {
                return String.format(
                        Locale.ROOT,
                        "row %d (%s) has the norm %s, %.3g times the median's, and stretches the scale of codes:"
                                + " scale it, leave it out, or set codes: none",
                        greatest,
                        file.ids().id(greatest),
                        rows.norm(greatest),
                        times);
            }
        }
        return switch (codes) {
            case NONE ->
                "a graph of more links finds more: raise m and ef-construction of hnsw, or scan by engine: exact";
            case INT8 -> "codes of a byte do not tell its rows apart: set codes: none";
            case INT8_ONLY -> "codes of a byte do not tell its rows apart: set codes: int8, or codes: none";
            case INT8_FLOAT16 -> "float16 does not tell its rows apart: set codes: int8, or codes: none";
        };
    }

    private static int greatest(DenseRows rows) {
        int greatest = 0;
        for (int row = 1; row < rows.count(); row++) {
            greatest = rows.norm(row) > rows.norm(greatest) ? row : greatest;
        }
        return greatest;
    }

    private static double medianNorm(DenseRows rows) {
        float[] norms = new float[rows.count()];
        for (int row = 0; row < norms.length; row++) {
            norms[row] = rows.norm(row);
        }
        Arrays.sort(norms);
        return norms[norms.length / 2];
    }

    /** The mean squared distance of sampled rows' directions to their mean. */
    private static double spread(DenseRows rows) {
        int n = Math.min(SPREAD_ROWS, rows.count());
        double[] mean = new double[rows.dimension()];
        for (int i = 0; i < n; i++) {
            int row = (int) ((long) i * rows.count() / n);
            double norm = Math.sqrt(rows.squaresInDouble(row));
            float[] values = rows.row(row);
            for (int j = 0; j < mean.length; j++) {
                mean[j] += norm == 0 ? 0 : values[j] / norm / n;
            }
        }
        double squares = 0;
        for (double each : mean) {
            squares += each * each;
        }
        return 1 - squares;
    }
}
