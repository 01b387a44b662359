package repscorer.ann.hnsw;

import repscorer.vector.ByteRows;

/** A query in the form that a {@link RowScorer} compares with rows. Written by one thread at a time. */
final class PreparedQuery {

    final float[] values;
    final byte[] row;
    final short[] weights;
    int[] dots = new int[0];

    /** A code's score is {@code offset + scale · (weights · code)}. */
    float scale;

    float offset;

    /** Under directions from a centre, the centre's share of every score. */
    float centre;

    PreparedQuery(int dimension) {
        values = new float[dimension];
        row = new byte[dimension];
        weights = new short[ByteRows.stride(dimension)];
    }

    int[] dots(int n) {
        if (dots.length < n) {
            dots = new int[n + n / 2];
        }
        return dots;
    }
}
