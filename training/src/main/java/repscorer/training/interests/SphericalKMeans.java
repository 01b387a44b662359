package repscorer.training.interests;

import java.util.Arrays;
import java.util.SplittableRandom;
import repscorer.training.graph.HoldOut;
import repscorer.training.progress.TrainingProgress;
import repscorer.training.rows.Parallel;
import repscorer.vector.VectorOps;

/**
 * Groups of vectors that point the same way.
 *
 * @param count how many groups there are, none of them empty
 * @param centroids count × dimension, row-major, each of norm 1
 * @param of the group by row, -1 for rows that took no part
 */
@SuppressWarnings("ArrayRecordComponent") // the loops read the arrays
record SphericalKMeans(int count, float[] centroids, int[] of) {

    /*
     * k-means on the unit sphere after [1]: a row belongs to the centroid of largest cosine, a centroid is the sum of its rows
     * scaled to norm 1. It starts from rows drawn by chance and ends when no row changes. O(iterations · rows · groups ·
     * dimension); sums run in the order of rows, so the result does not depend on the number of threads.
     *
     * [1] Dhillon and Modha, Concept Decompositions for Large Sparse Text Data Using Clustering, Machine Learning 42, 2001.
     */

    /**
     * Groups rows.
     *
     * @param rows n × dimension, row-major
     * @param members the rows that take part
     */
    static SphericalKMeans of(
            float[] rows,
            int dimension,
            int[] members,
            int wanted,
            int iterations,
            SplittableRandom random,
            int threads,
            TrainingProgress progress) {
        int groups = Math.min(wanted, members.length);
        float[] unit = unit(rows, dimension, members);
        float[] centroids = new float[groups * dimension];
        int[] drawn = HoldOut.shuffled(members.length, random);
        for (int g = 0; g < groups; g++) {
            System.arraycopy(unit, drawn[g] * dimension, centroids, g * dimension, dimension);
        }
        int[] group = new int[members.length];
        Arrays.fill(group, -1);
        for (int i = 0; i < iterations; i++) {
            int[] before = group.clone();
            float[] from = centroids;
            Parallel.ranges(members.length, threads, "interests", progress, (first, last) -> {
                for (int m = first; m < last; m++) {
                    group[m] = nearest(unit, m * dimension, from, groups, dimension);
                }
            });
            centroids = centroids(unit, group, groups, dimension);
            if (Arrays.equals(before, group)) {
                break;
            }
        }
        return compact(rows.length / dimension, members, group, centroids, groups, dimension);
    }

    private static float[] unit(float[] rows, int d, int[] members) {
        float[] unit = new float[members.length * d];
        for (int m = 0; m < members.length; m++) {
            System.arraycopy(rows, members[m] * d, unit, m * d, d);
            normalise(unit, m * d, d);
        }
        return unit;
    }

    private static void normalise(float[] rows, int at, int d) {
        float norm = (float) Math.sqrt(VectorOps.dot(rows, at, rows, at, d));
        for (int i = at; norm > 0 && i < at + d; i++) {
            rows[i] /= norm;
        }
    }

    private static int nearest(float[] unit, int at, float[] centroids, int groups, int d) {
        int best = 0;
        float most = Float.NEGATIVE_INFINITY;
        for (int g = 0; g < groups; g++) {
            float cosine = VectorOps.dot(unit, at, centroids, g * d, d);
            if (cosine > most) {
                most = cosine;
                best = g;
            }
        }
        return best;
    }

    private static float[] centroids(float[] unit, int[] group, int groups, int d) {
        float[] sums = new float[groups * d];
        for (int m = 0; m < group.length; m++) {
            VectorOps.addScaled(sums, group[m] * d, 1, unit, m * d, d);
        }
        for (int g = 0; g < groups; g++) {
            normalise(sums, g * d, d);
        }
        return sums;
    }

    /** Leaves out groups that nobody belongs to. */
    private static SphericalKMeans compact(int rows, int[] members, int[] group, float[] centroids, int groups, int d) {
        int[] sizes = new int[groups];
        for (int g : group) {
            sizes[g]++;
        }
        int[] places = new int[groups];
        int count = 0;
        for (int g = 0; g < groups; g++) {
            places[g] = sizes[g] > 0 ? count++ : -1;
        }
        float[] kept = new float[count * d];
        for (int g = 0; g < groups; g++) {
            if (places[g] >= 0) {
                System.arraycopy(centroids, g * d, kept, places[g] * d, d);
            }
        }
        int[] of = new int[rows];
        Arrays.fill(of, -1);
        for (int m = 0; m < members.length; m++) {
            of[members[m]] = places[group[m]];
        }
        return new SphericalKMeans(count, kept, of);
    }
}
