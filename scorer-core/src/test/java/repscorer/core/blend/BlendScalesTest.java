package repscorer.core.blend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import repscorer.core.blend.BlendRecipe.CountWeighted;
import repscorer.core.blend.BlendRecipe.Linear;
import repscorer.core.blend.BlendRecipe.ReciprocalRank;
import repscorer.core.blend.BlendRecipe.RoundRobin;

/** The scales of columns: their statistics, the line they make, and blends on the scales of others. */
class BlendScalesTest {

    private static final List<Normalizer> AFFINE =
            List.of(Normalizer.NONE, Normalizer.MIN_MAX, Normalizer.Z_SCORE, Normalizer.L2);

    private static Column column(double weight, double... values) {
        return new Column(weight, true, values);
    }

    @Test
    @DisplayName("S13: slope and shift are the line that the normaliser draws")
    void slopeAndShiftAreTheNormaliser() {
        double[][] columns = {{2, 5, 11}, {-7, -1, 4}, {3}, {0, 0}, {0.1, 0.1, 0.1}, {}};
        for (double[] values : columns) {
            ColumnStatistics statistics = ColumnStatistics.of(column(1, values));
            for (Normalizer normalizer : AFFINE) {
                for (double x : new double[] {-3, 0, 2.5, 40}) {
                    double line = statistics.slope(normalizer) * x + statistics.shift(normalizer);
                    double expected = spread(values) || normalizer == Normalizer.L2 || normalizer == Normalizer.NONE
                            ? statistics.normalize(normalizer, x)
                            : normalizer == Normalizer.MIN_MAX ? 1 : 0;
                    assertThat(line).as("%s of %s", normalizer, statistics).isCloseTo(expected, within(1e-12));
                }
                assertThat(ColumnStatistics.affine(normalizer)).isTrue();
            }
        }
        ColumnStatistics known = ColumnStatistics.of(column(1, 2, 5, 11));
        assertThat(known.slope(Normalizer.MIN_MAX)).isCloseTo(1 / 9.0, within(1e-12));
        assertThat(known.shift(Normalizer.MIN_MAX)).isCloseTo(-2 / 9.0, within(1e-12));
        assertThat(known.slope(Normalizer.Z_SCORE)).isCloseTo(1 / Math.sqrt(14), within(1e-12));
        assertThat(known.shift(Normalizer.Z_SCORE)).isCloseTo(-6 / Math.sqrt(14), within(1e-12));
        assertThat(ColumnStatistics.affine(Normalizer.SOFTMAX)).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> known.slope(Normalizer.SOFTMAX))
                .withMessage("not affine: SOFTMAX");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> known.shift(Normalizer.SOFTMAX))
                .withMessage("not affine: SOFTMAX");
    }

    private static boolean spread(double[] values) {
        return values.length > 1 && values[0] != values[values.length - 1];
    }

    @Test
    @DisplayName("S13: equal values have no deviation, however their mean is rounded")
    void equalValuesHaveNoDeviation() {
        assertThat(ColumnStatistics.of(column(1, 0.1, 0.1, 0.1)).sigma()).isZero();
        assertThat(ColumnStatistics.of(column(1, Double.NaN, Double.NaN)))
                .isEqualTo(new ColumnStatistics(0, 0, 0, 0, 0, 0, 0));
    }

    @Test
    @DisplayName("S13: fewer candidates on the scales of more keep the scores they had")
    void fewerCandidatesKeepTheirScores() {
        List<Column> all = List.of(column(1, 3, 9, 4), column(2, 1, 7, 5));
        List<Column> few = List.of(column(1, 3, 4), column(2, 1, 5));
        for (Normalizer normalizer : Normalizer.values()) {
            Linear recipe = new Linear(normalizer);
            Blend whole = Blender.blend(recipe, all, 3);
            Blend part = Blender.blend(recipe, few, 2, whole);
            assertThat(part.scores()).containsExactly(whole.score(0), whole.score(2));
            assertThat(part.statistics(1)).isEqualTo(whole.statistics(1));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Blender.blend(recipe, all, 2, whole))
                    .withMessage("a column has one value per candidate: 3 for 2");
        }
    }

    @Test
    @DisplayName("S9: a fixed scale is what is given, whatever the candidates are")
    void aFixedScaleIsWhatIsGiven() {
        Linear recipe = new Linear(Normalizer.FIXED);
        List<ColumnStatistics> scales =
                List.of(new ColumnStatistics(9, 0, 1, 2, 4, 1, 0), new ColumnStatistics(9, 0, 1, 5, 0, 1, 0));
        Blend blend = Blender.blend(recipe, List.of(column(1, 10, 2), column(3, 6, 5)), 2, scales);
        assertThat(blend.normalized(0, 0)).isEqualTo(2);
        assertThat(blend.normalized(1, 0)).as("without a deviation").isEqualTo(1);
        assertThat(blend.scores()).containsExactly(2 + 3, 0);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Blender.blend(recipe, List.of(column(1, 10, 2)), 3, scales))
                .withMessage("a column has one value per candidate: 2 for 3");
    }

    @Test
    @DisplayName("S13: a candidate that no column gives has no share of any")
    void whatNoColumnGivesHasNoShare() {
        Blend blend = Blender.blend(new RoundRobin(), List.of(column(0, 4, 2), column(1, Double.NaN, 8)), 2);
        assertThat(blend.ranked(0)).isFalse();
        assertThat(blend.normalized(0, 0)).as("there, and given by nobody").isZero();
        assertThat(blend.weight(0, 0)).isZero();
        assertThat(blend.score(1)).isEqualTo(1);
    }

    @Test
    @DisplayName("S13: an interleaved column knows which values it lacks")
    void anInterleavedColumnKnowsWhatItLacks() {
        Blend blend = Blender.blend(new RoundRobin(), List.of(column(1, Double.NaN, 4), column(1, 8, 2)), 2);
        assertThat(blend.normalized(0, 0)).isNaN();
        assertThat(blend.normalized(0, 1)).isEqualTo(1);
        assertThat(blend.normalized(1, 0)).isEqualTo(0.5);
        assertThat(blend.normalized(1, 1)).as("there, and given by the other").isZero();
        assertThat(new int[] {blend.rank(0, 0), blend.rank(0, 1), blend.rank(1, 0), blend.rank(1, 1)})
                .containsExactly(0, 1, 1, 2);
    }

    @Test
    void theGreatestContributionIsTheFirstOfEquals() {
        Blend blend = Blender.blend(
                new Linear(Normalizer.NONE), List.of(column(1, 1, 2, 5), column(1, 3, 2, 1), column(2, 1, 1, 2)), 3);
        assertThat(new int[] {
                    blend.greatestContribution(0), blend.greatestContribution(1), blend.greatestContribution(2)
                })
                .containsExactly(1, 0, 0);
        assertThat(Blender.blend(new Linear(Normalizer.NONE), List.of(column(1, 1), column(1, 1), column(1, 2)), 1)
                        .greatestContribution(0))
                .isEqualTo(2);
    }

    @Test
    void zeroHasOneSignAndAWeightIsFinite() {
        for (boolean higher : new boolean[] {true, false}) {
            Column zeros = new Column(1, higher, new double[] {0.0, -0.0});
            assertThat(1 / zeros.oriented(0)).isEqualTo(Double.POSITIVE_INFINITY);
            assertThat(1 / zeros.oriented(1)).isEqualTo(Double.POSITIVE_INFINITY);
            assertThat(1
                            / Blender.blend(new Linear(Normalizer.NONE), List.of(zeros), 2)
                                    .score(1))
                    .isEqualTo(Double.POSITIVE_INFINITY);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> column(Double.POSITIVE_INFINITY))
                .withMessage("weight must be at least 0 and finite: Infinity");
        BitSet second = new BitSet();
        second.set(1);
        Column found = new Column(1, true, new double[] {1, 2}, Optional.of(second));
        assertThat(found.found(0)).isFalse();
        assertThat(found.found(1)).isTrue();
        assertThat(column(1, 1).found(0)).isTrue();
    }

    @Test
    @DisplayName("S13: every recipe says what its scores are measured in and between what they lie")
    void everyRecipeSaysWhatItsScoresAre() {
        record Said(BlendRecipe recipe, boolean interleaves, String scale, String method, String unit, String range) {}
        List<Said> said = List.of(
                new Said(new Linear(Normalizer.NONE), false, "none", "linear", "weighted similarities", "unbounded"),
                new Said(
                        new Linear(Normalizer.MIN_MAX),
                        false,
                        "min-max",
                        "linear",
                        "weighted shares of each column's range",
                        "[0, 3.0]"),
                new Said(
                        new Linear(Normalizer.Z_SCORE),
                        false,
                        "z-score",
                        "linear",
                        "weighted standard deviations",
                        "unbounded"),
                new Said(
                        new Linear(Normalizer.L2),
                        false,
                        "l2",
                        "linear",
                        "weighted shares of each column's norm",
                        "[-3.0, 3.0]"),
                new Said(
                        new Linear(Normalizer.SOFTMAX),
                        false,
                        "softmax",
                        "linear",
                        "weighted probabilities",
                        "[0, 3.0]"),
                new Said(
                        new ReciprocalRank(11),
                        false,
                        "reciprocal-rank",
                        "reciprocal-rank",
                        "weighted reciprocal ranks",
                        "[0, 0.25]"),
                new Said(new RoundRobin(), true, "round-robin", "round-robin", "reciprocal positions", "(0, 1]"),
                new Said(
                        new CountWeighted(0.5, 10),
                        true,
                        "count-weighted",
                        "count-weighted",
                        "reciprocal positions",
                        "(0, 1]"));
        for (Said each : said) {
            BlendRecipe recipe = each.recipe();
            assertThat(new Said(
                            recipe,
                            recipe.interleaves(),
                            recipe.scale(),
                            recipe.method(),
                            recipe.unit(),
                            recipe.range(3)))
                    .isEqualTo(each);
        }
        assertThat(new ReciprocalRank(1).rankConstant()).isEqualTo(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ReciprocalRank(0))
                .withMessage("rank-constant must be at least 1: 0");
    }
}
