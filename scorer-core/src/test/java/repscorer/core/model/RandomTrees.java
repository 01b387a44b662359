package repscorer.core.model;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import repscorer.core.model.TreeMargin.Node;

/** Trees at random, their nodes in the order in which a walk by levels meets them. */
final class RandomTrees {

    private RandomTrees() {}

    /** @param depth at most */
    static List<Node> tree(RandomGenerator random, int features, int depth) {
        List<Node> nodes = new ArrayList<>();
        List<Integer> depths = new ArrayList<>();
        List<Double> covers = new ArrayList<>();
        depths.add(0);
        covers.add(1 + 99 * random.nextDouble());
        for (int n = 0; n < depths.size(); n++) {
            double cover = covers.get(n);
            if (depths.get(n) == depth || (n > 0 && random.nextInt(5) == 0)) {
                nodes.add(Node.leaf((float) random.nextGaussian(), cover));
                continue;
            }
            nodes.add(new Node(
                    random.nextInt(features), random.nextInt(-2, 3) / 2f, depths.size(), random.nextBoolean(), cover));
            double share = .05 + .9 * random.nextDouble();
            for (double part : new double[] {share, 1 - share}) {
                depths.add(depths.get(n) + 1);
                covers.add(part * cover);
            }
        }
        return nodes;
    }

    /** Values that meet thresholds exactly now and then, and some that are missing. */
    static float[] row(RandomGenerator random, int features) {
        float[] row = new float[features];
        for (int i = 0; i < features; i++) {
            row[i] = random.nextInt(5) == 0 ? Float.NaN : random.nextInt(-3, 4) / 2f;
        }
        return row;
    }
}
