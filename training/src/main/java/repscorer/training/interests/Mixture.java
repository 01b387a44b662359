package repscorer.training.interests;

import repscorer.vector.SparseVector;

/**
 * The interests of one relation. Rows are ordinals of the graph; the arrays are shared and nobody writes to them.
 *
 * @param relation whose tails are grouped
 * @param interests how many there are: columns 0 to interests - 1 of every vector
 * @param dimension of the centroids
 * @param centroids interests × dimension, row-major, each of norm 1; comparable with the tails' dense vectors
 * @param heads P(c | u): what share of user u's next actions each interest may expect, smoothed; sums to at most 1
 * @param tails P(t | c): what share of the actions on its interest each tail has
 */
@SuppressWarnings("ArrayRecordComponent") // export reads the arrays
public record Mixture(
        String relation, int interests, int dimension, float[] centroids, SparseVector[] heads, SparseVector[] tails) {}
