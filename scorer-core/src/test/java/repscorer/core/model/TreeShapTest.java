package repscorer.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import repscorer.core.model.TreeMargin.Node;
import repscorer.testing.Seeds;

class TreeShapTest {

    private static final int TRIALS = 300;

    /** What a tree says where only some features are known: the others go both ways, by cover. */
    private static double expected(List<Node> tree, int node, float[] row, int known) {
        Node at = tree.get(node);
        if (at.feature() < 0) {
            return at.value();
        }
        double left = tree.get(at.left()).cover();
        double right = tree.get(at.left() + 1).cover();
        if ((known >> at.feature() & 1) == 1) {
            float x = row[at.feature()];
            boolean goesLeft = Float.isNaN(x) ? at.missingLeft() : x < at.value();
            return expected(tree, at.left() + (goesLeft ? 0 : 1), row, known);
        }
        return (left * expected(tree, at.left(), row, known) + right * expected(tree, at.left() + 1, row, known))
                / (left + right);
    }

    private static double factorial(int n) {
        return n < 2 ? 1 : n * factorial(n - 1);
    }

    /** By the definition: over all subsets of the other features. */
    private static double[] shapley(List<List<Node>> trees, float[] row) {
        int n = row.length;
        double[] values = new double[n];
        for (int feature = 0; feature < n; feature++) {
            for (int subset = 0; subset < 1 << n; subset++) {
                if ((subset >> feature & 1) == 1) {
                    continue;
                }
                int size = Integer.bitCount(subset);
                double weight = factorial(size) * factorial(n - size - 1) / factorial(n);
                for (List<Node> tree : trees) {
                    values[feature] +=
                            weight * (expected(tree, 0, row, subset | 1 << feature) - expected(tree, 0, row, subset));
                }
            }
        }
        return values;
    }

    @Test
    void partsAreTheShapleyValuesThatAllSubsetsMake() {
        RandomGenerator random = Seeds.random("TreeShapTest");
        for (int trial = 0; trial < TRIALS; trial++) {
            int features = 1 + random.nextInt(6);
            List<List<Node>> trees = new ArrayList<>();
            for (int t = 0; t <= random.nextInt(3); t++) {
                trees.add(RandomTrees.tree(random, features, 1 + random.nextInt(5)));
            }
            TreeMargin margin = new TreeMargin(.25, features, trees);
            float[] row = RandomTrees.row(random, features);
            Margin.Parts parts = margin.parts(row);
            double base = .25;
            for (List<Node> tree : trees) {
                base += expected(tree, 0, row, 0);
            }
            assertThat(parts.base()).isCloseTo(base, within(1e-9));
            assertThat(parts.of()).containsExactly(shapley(trees, row), within(1e-9));
            assertThat(parts.base() + Arrays.stream(parts.of()).sum()).isCloseTo(margin.of(row), within(1e-9));
        }
    }

    @Test
    void aTreeThatAsksOneFeatureOverAndOverGivesAllToIt() {
        RandomGenerator random = Seeds.random("TreeShapTest");
        List<Node> tree = RandomTrees.tree(random, 1, 5);
        TreeMargin margin = new TreeMargin(0, 3, List.of(tree));
        float[] row = {.5f, 1, Float.NaN};
        double whole = expected(tree, 0, row, 1) - expected(tree, 0, row, 0);
        assertThat(margin.parts(row).of()).containsExactly(new double[] {whole, 0, 0}, within(1e-9));
    }
}
