package repscorer.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import repscorer.core.blend.Calibration;
import repscorer.core.blend.Calibration.Point;
import repscorer.core.entity.EntityId;
import repscorer.core.model.RankModel.Spread;
import repscorer.core.model.TreeMargin.Node;
import repscorer.testing.Seeds;

class RankModelTest {

    private static final Calibration STRAIGHT = new Calibration(List.of(new Point(-1, .2), new Point(1, .6)));
    private static final Spread SPREAD = new Spread(.3, .1);

    private static LinearMargin linear(double weight) {
        return new LinearMargin(
                -.5,
                List.of(
                        new LinearMargin.Term(false, 2, 4, weight, -.75),
                        new LinearMargin.Term(true, 1, .5, .25, .125)));
    }

    private static RankModel model(String name, Margin margin) {
        return new RankModel(
                name, List.of(ModelFeature.parse("column:twhin"), ModelFeature.parse("age")), margin, STRAIGHT, SPREAD);
    }

    @Test
    void aLinearMarginIsTheSumOfItsTermsAndWhatIsMissingHasAWeightOfItsOwn() {
        LinearMargin margin = linear(3);
        double x = (Math.log(1 + 7.0) - 1) / .5 * .25;
        assertThat(margin.of(new float[] {6, 7})).isCloseTo(-.5 + 3 + x, within(1e-12));
        assertThat(margin.of(new float[] {Float.NaN, 7})).isCloseTo(-.5 - .75 + x, within(1e-12));
        assertThat(margin.of(new float[] {0, Float.NaN}))
                .as("0 is not missing")
                .isCloseTo(-.5 - 1.5 + .125, within(1e-12));
        Margin.Parts parts = margin.parts(new float[] {Float.NaN, 7});
        assertThat(parts.base()).isEqualTo(-.5);
        assertThat(parts.of()).containsExactly(new double[] {-.75, x}, within(1e-12));
    }

    /** Goes down node by node, as a person would. */
    private static double walked(List<Node> tree, float[] row) {
        int at = 0;
        while (tree.get(at).feature() >= 0) {
            Node node = tree.get(at);
            float x = row[node.feature()];
            boolean left = Float.isNaN(x) ? node.missingLeft() : x < node.value();
            at = left ? node.left() : node.left() + 1;
        }
        return tree.get(at).value();
    }

    @Test
    void treesAreGoneDownByThresholdsAndMissingFeaturesByTheirDirection() {
        RandomGenerator random = Seeds.random("RankModelTest");
        for (int trial = 0; trial < 500; trial++) {
            int features = 1 + random.nextInt(8);
            List<List<Node>> trees = new ArrayList<>();
            for (int t = 0; t < 5; t++) {
                trees.add(RandomTrees.tree(random, features, 6));
            }
            TreeMargin margin = new TreeMargin(1, features, trees);
            float[] row = RandomTrees.row(random, features);
            double sum =
                    1 + trees.stream().mapToDouble(tree -> walked(tree, row)).sum();
            assertThat(margin.of(row)).isCloseTo(sum, within(1e-9));
            for (int t = 0; t < 5; t++) {
                assertThat(margin.tree(t)).isEqualTo(trees.get(t));
            }
        }
    }

    @Test
    void whatIsNoTreeIsRefusedWithItsPlace() {
        Node leaf = Node.leaf(1, 1);
        Node root = new Node(0, 0, 1, true, 2);
        assertThatThrownBy(() -> new TreeMargin(0, 1, List.of(List.of(root, leaf, leaf), List.of(root, leaf))))
                .hasMessage("children stand side by side in the order of their parents: 1 (tree 1, node 0)");
        assertThatThrownBy(() -> new TreeMargin(0, 1, List.of(List.of(new Node(1, 0, 1, true, 2), leaf, leaf))))
                .hasMessage("a node asks one of 1 features: 1 (tree 0, node 0)");
        assertThatThrownBy(() -> new TreeMargin(0, 1, List.of(List.of(leaf, leaf))))
                .hasMessage("a tree is one, 32 deep at most: 1 of 2 nodes, 0 deep (tree 0)");
        assertThatThrownBy(() -> new TreeMargin(0, 1, List.of(List.of(Node.leaf(Float.NaN, 1)))))
                .hasMessageStartingWith("a node has a finite value and a cover above 0: NaN");
        assertThatThrownBy(() -> new TreeMargin(0, 1, List.of(List.of(new Node(0, 0, 0, true, 1)))))
                .as("a circle")
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aMarginBecomesAProbabilityByPointsAndGoesOnAsALogisticCurveBeyondThem() {
        RankModel model = model("click", linear(1));
        assertThat(model.probability(0)).isCloseTo(.4, within(1e-12));
        double[] told = new double[200];
        Arrays.setAll(told, i -> model.probability((i - 100) / 10.0));
        for (int i = 1; i < told.length; i++) {
            assertThat(told[i]).as("rises at %s", i).isGreaterThan(told[i - 1]).isBetween(0.0, 1.0);
        }
        double logOdds = Math.log(.6 / .4) + 2;
        assertThat(model.probability(3)).isCloseTo(1 / (1 + Math.exp(-logOdds)), within(1e-12));
        assertThat(model.probability(1)).isCloseTo(.6, within(1e-12));
    }

    @Test
    void aDigestTellsModelsApart() {
        RankModel model = model("click", linear(1));
        assertThat(model).isEqualTo(model("click", linear(1))).hasSameHashCodeAs(model("click", linear(1)));
        assertThat(model.digest()).matches("[0-9a-f]{64}");
        List<RankModel> others = List.of(
                model("other", linear(1)),
                model("click", linear(1.0000000000000002)),
                new RankModel("click", model.features().reversed(), linear(1), STRAIGHT, SPREAD),
                new RankModel("click", model.features(), linear(1), STRAIGHT, new Spread(.3, .2)));
        for (RankModel other : others) {
            assertThat(other).isNotEqualTo(model);
        }
    }

    @Test
    void featuresAreReadAsTheyAreWritten() {
        for (String text : List.of(
                "column:twhin",
                "engagement:fav-1d-max",
                "attribute:author=user:7",
                "attribute:topic=topic:a=b",
                "popularity:history-follow",
                "age")) {
            assertThat(ModelFeature.parse(text).text()).isEqualTo(text);
        }
        assertThat(ModelFeature.parse("attribute:author=user:7"))
                .isEqualTo(new ModelFeature.Attribute("author", EntityId.parse("user:7")));
        for (String bad : List.of("", "twhin", "column:", "column:Bad", "attribute:author", "ages", "age:", "what:x")) {
            assertThatThrownBy(() -> ModelFeature.parse(bad)).as(bad).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aModelHasEachFeatureOnceAndOneForEachPlaceOfItsRows() {
        assertThatThrownBy(() -> new RankModel(
                        "click", List.of(new ModelFeature.Age(), new ModelFeature.Age()), linear(1), STRAIGHT, SPREAD))
                .hasMessage("features of a model must differ: 'age' twice (model click)");
        assertThatThrownBy(() -> new RankModel("click", List.of(new ModelFeature.Age()), linear(1), STRAIGHT, SPREAD))
                .hasMessage("model click has 1 to 1000 features, as many as its margin: 1, 2");
    }
}
