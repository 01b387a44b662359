package repscorer.core.model;

/**
 * Shapley values of the features of one tree, where a feature that is not known goes both ways, by the cover of the children. O(leaves ·
 * depth²) a tree. Holds scratch; for one thread.
 *
 * <p>Algorithm 2 of Lundberg, Erion and Lee, Consistent individualized feature attribution for tree ensembles, 2018: all subsets of features
 * go down the tree together, grouped by their size.
 */
final class TreeShap {

    /*
     * The path from the root holds each feature that was asked once, with the share of unknown features' cover that flows through (zero),
     * whether the row itself flows through (one), and the weight of subsets of each size (weight). Paths of a node's children are copied
     * behind it in the scratch arrays: level d begins at start(d).
     */

    private final int[] split;
    private final float[] value;
    private final int[] left;
    private final double[] cover;
    private final int[] features;
    private final double[] zeros;
    private final double[] ones;
    private final double[] weights;

    TreeShap(int[] split, float[] value, int[] left, double[] cover, int depth) {
        this.split = split;
        this.value = value;
        this.left = left;
        this.cover = cover;
        int room = (depth + 2) * (depth + 3) / 2;
        features = new int[room];
        zeros = new double[room];
        ones = new double[room];
        weights = new double[room];
    }

    /** What a tree says of a row of which nothing is known. */
    double expected(int node) {
        if (split[node] < 0) {
            return value[node];
        }
        int l = left[node];
        return (cover[l] * expected(l) + cover[l + 1] * expected(l + 1)) / (cover[l] + cover[l + 1]);
    }

    /** Adds each feature's value for a row. */
    void add(int root, float[] row, double[] parts) {
        down(root, row, parts, 0, 0, 1, 1, -1);
    }

    /** @param from where the parent's path begins, of {@code length} entries */
    private void down(
            int node, float[] row, double[] parts, int from, int length, double zero, double one, int feature) {
        int at = from + length;
        System.arraycopy(features, from, features, at, length);
        System.arraycopy(zeros, from, zeros, at, length);
        System.arraycopy(ones, from, ones, at, length);
        System.arraycopy(weights, from, weights, at, length);
        extend(at, length, zero, one, feature);
        int long1 = length + 1;
        int asked = split[node];
        if (asked < 0) {
            for (int i = 1; i < long1; i++) {
                double weight = unwoundSum(at, length, i);
                parts[features[at + i]] += weight * (ones[at + i] - zeros[at + i]) * value[node];
            }
            return;
        }
        int next = asked >> 1;
        float x = row[next];
        boolean right = (asked & 1) == 0 ? !(x < value[node]) : x >= value[node];
        int hot = left[node] + (right ? 1 : 0);
        int cold = left[node] + (right ? 0 : 1);
        double before0 = 1;
        double before1 = 1;
        int kept = long1;
        for (int i = 1; i < long1; i++) {
            if (features[at + i] == next) {
                before0 = zeros[at + i];
                before1 = ones[at + i];
                unwind(at, length, i);
                kept = length;
                break;
            }
        }
        double both = cover[hot] + cover[cold];
        down(hot, row, parts, at, kept, before0 * cover[hot] / both, before1, next);
        down(cold, row, parts, at, kept, before0 * cover[cold] / both, 0, next);
    }

    /** Appends a feature at place {@code length}. */
    private void extend(int at, int length, double zero, double one, int feature) {
        features[at + length] = feature;
        zeros[at + length] = zero;
        ones[at + length] = one;
        weights[at + length] = length == 0 ? 1 : 0;
        for (int i = length - 1; i >= 0; i--) {
            weights[at + i + 1] += one * weights[at + i] * (i + 1) / (length + 1);
            weights[at + i] = zero * weights[at + i] * (length - i) / (length + 1);
        }
    }

    /** Takes the feature at a place out again. @param last the last place */
    private void unwind(int at, int last, int place) {
        double one = ones[at + place];
        double zero = zeros[at + place];
        double next = weights[at + last];
        for (int i = last - 1; i >= 0; i--) {
            if (one != 0) {
                double kept = weights[at + i];
                weights[at + i] = next * (last + 1) / ((i + 1) * one);
                next = kept - weights[at + i] * zero * (last - i) / (last + 1);
            } else {
                weights[at + i] = weights[at + i] * (last + 1) / (zero * (last - i));
            }
        }
        for (int i = place; i < last; i++) {
            features[at + i] = features[at + i + 1];
            zeros[at + i] = zeros[at + i + 1];
            ones[at + i] = ones[at + i + 1];
        }
    }

    /** The sum of all weights with the feature at a place taken out. */
    private double unwoundSum(int at, int last, int place) {
        double one = ones[at + place];
        double zero = zeros[at + place];
        double next = weights[at + last];
        double sum = 0;
        for (int i = last - 1; i >= 0; i--) {
            if (one != 0) {
                double part = next * (last + 1) / ((i + 1) * one);
                sum += part;
                next = weights[at + i] - part * zero * (last - i) / (last + 1);
            } else {
                sum += weights[at + i] / zero * (last + 1) / (last - i);
            }
        }
        return sum;
    }
}
