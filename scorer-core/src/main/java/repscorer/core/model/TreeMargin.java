package repscorer.core.model;

import java.util.List;
import java.util.stream.IntStream;

/**
 * A sum over trees: each asks a feature at a node whether it is below a threshold, goes left where it is, and at a leaf has its value.
 * O(trees · depth) a row. Numbers are compared as float32, as those are that trees were learnt from.
 */
public final class TreeMargin implements Margin {

    /*
     * All trees lie in flat arrays, the two children of a node side by side. split is 2 · feature + 1 where a missing feature goes left,
     * 2 · feature where it goes right, -1 at a leaf; value is a node's threshold or a leaf's value.
     *
     * A row goes down without branches, which it would take at random: numbers become integers of the same order, each feature twice, a missing
     * one greater than all for nodes that send it right and less than all for those that send it left. A leaf asks what is always less and
     * leads to itself, so every tree takes as many steps, and four go down side by side.
     */

    /** Of all trees. */
    public static final int NODES_MAX = 1 << 20;

    /** Of one tree; explanations take the square of it in time. */
    public static final int DEPTH_MAX = 32;

    private static final int STRIDE = 4;

    private final double bias;
    private final int features;
    private final int[] roots;
    private final int[] split;
    private final float[] value;
    private final int[] left;
    private final double[] cover;
    private final int depth;
    private final int[] steps; // of a node: what it asks, the threshold's key, where its left child begins, nothing
    private final ThreadLocal<int[]> keys;

    /**
     * A node of a tree; a tree is a list of them whose first is its root.
     *
     * @param feature that is asked, -1 at a leaf
     * @param value the threshold, or what the leaf adds
     * @param left the place of the left child in the tree, the right one is the next; 0 at a leaf
     * @param missingLeft where a missing feature goes
     * @param cover how much the node weighed where it was learnt; a node has as much as its children together, about
     */
    public record Node(int feature, float value, int left, boolean missingLeft, double cover) {

        public static Node leaf(float value, double cover) {
            return new Node(-1, value, 0, true, cover);
        }

        boolean isLeaf() {
            return feature < 0;
        }
    }

    /**
     * @param bias added to what the trees say
     * @param features how many a row has
     * @throws IllegalArgumentException naming tree and node for what is no tree of such features
     */
    public TreeMargin(double bias, int features, List<List<Node>> trees) {
        this.bias = bias;
        this.features = features;
        int nodes = trees.stream().mapToInt(List::size).sum();
        if (nodes > NODES_MAX || !Double.isFinite(bias)) {
            throw new IllegalArgumentException(
                    "trees have at most %s nodes and a finite bias: %s, %s".formatted(NODES_MAX, nodes, bias));
        }
        roots = new int[trees.size()];
        split = new int[nodes];
        value = new float[nodes];
        left = new int[nodes];
        cover = new double[nodes];
        int at = 0;
        int deepest = 0;
        for (int t = 0; t < roots.length; t++) {
            List<Node> tree = trees.get(t);
            deepest = Math.max(deepest, checked(t, tree, features));
            roots[t] = at;
            for (int n = 0; n < tree.size(); n++) {
                Node node = tree.get(n);
                split[at + n] = node.isLeaf() ? -1 : 2 * node.feature + (node.missingLeft ? 1 : 0);
                value[at + n] = node.value;
                left[at + n] = node.isLeaf() ? -1 : at + node.left;
                cover[at + n] = node.cover;
            }
            at += tree.size();
        }
        depth = deepest;
        steps = new int[STRIDE * nodes];
        for (int n = 0; n < nodes; n++) {
            boolean isLeaf = split[n] < 0;
            steps[STRIDE * n] = isLeaf ? 1 : split[n];
            steps[STRIDE * n + 1] = isLeaf ? Integer.MAX_VALUE : key(value[n]);
            steps[STRIDE * n + 2] = STRIDE * (isLeaf ? n : left[n]);
        }
        keys = ThreadLocal.withInitial(() -> new int[Math.max(2, 2 * features)]);
    }

    /** An integer that is as much greater or less than others as a number that is not missing. */
    private static int key(float x) {
        int bits = Float.floatToRawIntBits(x + 0.0f); // one zero
        return bits ^ ((bits >> 31) & Integer.MAX_VALUE);
    }

    /** Every node but the root is the child of one before it, and of no other; answers the depth. */
    private static int checked(int number, List<Node> tree, int features) {
        int[] depths = new int[tree.size()];
        int reached = Math.min(1, tree.size());
        int deepest = 0;
        for (int n = 0; n < tree.size(); n++) {
            Node node = tree.get(n);
            String place = "tree %s, node %s".formatted(number, n);
            if (!Float.isFinite(node.value) || !(node.cover > 0 && node.cover < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("a node has a finite value and a cover above 0: %s, %s (%s)"
                        .formatted(node.value, node.cover, place));
            }
            if (node.isLeaf()) {
                continue;
            }
            if (node.feature >= features) {
                throw new IllegalArgumentException(
                        "a node asks one of %s features: %s (%s)".formatted(features, node.feature, place));
            }
            if (node.left != reached || node.left + 1 >= tree.size()) {
                throw new IllegalArgumentException("children stand side by side in the order of their parents: %s (%s)"
                        .formatted(node.left, place));
            }
            reached += 2;
            depths[node.left] = depths[n] + 1;
            depths[node.left + 1] = depths[n] + 1;
            deepest = Math.max(deepest, depths[n] + 1);
        }
        if (reached != tree.size() || tree.isEmpty() || deepest > DEPTH_MAX) {
            throw new IllegalArgumentException("a tree is one, %s deep at most: %s of %s nodes, %s deep (tree %s)"
                    .formatted(DEPTH_MAX, reached, tree.size(), deepest, number));
        }
        return deepest;
    }

    public double bias() {
        return bias;
    }

    public int trees() {
        return roots.length;
    }

    /** The nodes of a tree, as they were given. */
    public List<Node> tree(int number) {
        int from = roots[number];
        int to = number + 1 < roots.length ? roots[number + 1] : split.length;
        return IntStream.range(from, to)
                .mapToObj(n -> split[n] < 0
                        ? Node.leaf(value[n], cover[n])
                        : new Node(split[n] >> 1, value[n], left[n] - from, (split[n] & 1) == 1, cover[n]))
                .toList();
    }

    @Override
    public int features() {
        return features;
    }

    @Override
    public double of(float[] row) {
        int[] known = keys.get();
        int[] nodes = steps;
        for (int f = 0; f < features; f++) {
            boolean missing = Float.isNaN(row[f]);
            int key = key(row[f]);
            known[2 * f] = missing ? Integer.MAX_VALUE : key;
            known[2 * f + 1] = missing ? Integer.MIN_VALUE : key;
        }
        double sum = bias;
        int whole = roots.length - roots.length % 4;
        for (int t = 0; t < whole; t += 4) {
            int a = STRIDE * roots[t];
            int b = STRIDE * roots[t + 1];
            int c = STRIDE * roots[t + 2];
            int d = STRIDE * roots[t + 3];
            for (int step = 0; step < depth; step++) {
                a = below(nodes, a, known);
                b = below(nodes, b, known);
                c = below(nodes, c, known);
                d = below(nodes, d, known);
            }
            sum += (double) value[a / STRIDE] + value[b / STRIDE] + value[c / STRIDE] + value[d / STRIDE];
        }
        for (int t = whole; t < roots.length; t++) {
            int node = STRIDE * roots[t];
            for (int step = 0; step < depth; step++) {
                node = below(nodes, node, known);
            }
            sum += value[node / STRIDE];
        }
        return sum;
    }

    /** The child that a row goes to: the right one where its number is not below the threshold. */
    private static int below(int[] nodes, int node, int[] known) {
        return nodes[node + 2] + STRIDE * (int) ((nodes[node + 1] - 1L - known[nodes[node]]) >>> 63);
    }

    @Override
    public Parts parts(float[] row) {
        double[] parts = new double[features];
        double base = bias;
        TreeShap shap = new TreeShap(split, value, left, cover, depth);
        for (int root : roots) {
            base += shap.expected(root);
            shap.add(root, row, parts);
        }
        return new Parts(base, parts);
    }
}
