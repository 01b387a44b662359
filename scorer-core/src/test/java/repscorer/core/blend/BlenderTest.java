package repscorer.core.blend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import repscorer.core.blend.BlendRecipe.CountWeighted;
import repscorer.core.blend.BlendRecipe.Linear;
import repscorer.core.blend.BlendRecipe.ReciprocalRank;
import repscorer.core.blend.BlendRecipe.RoundRobin;
import repscorer.testing.RankingOracles;

class BlenderTest {

    private static final double MISSING = Double.NaN;

    private static Column column(double weight, double... values) {
        return new Column(weight, true, values);
    }

    @Test
    void minMaxSpreadsBetweenZeroAndOne() {
        Blend blend = Blender.blend(new Linear(Normalizer.MIN_MAX), List.of(column(2, 10, 20, 15)), 3);
        assertThat(blend.score(0)).isEqualTo(0);
        assertThat(blend.score(1)).isEqualTo(2);
        assertThat(blend.score(2)).isEqualTo(1);
    }

    @Test
    void oneHitAndAllEqualAreOneByMinMaxAndZeroByZScore() {
        for (double[] values : new double[][] {{7}, {7, 7, 7}, {MISSING, 0.1, 0.1}}) {
            Blend minMax = Blender.blend(new Linear(Normalizer.MIN_MAX), List.of(column(3, values)), values.length);
            Blend zScore = Blender.blend(new Linear(Normalizer.Z_SCORE), List.of(column(3, values)), values.length);
            int last = values.length - 1;
            assertThat(minMax.score(last)).isEqualTo(3);
            assertThat(zScore.score(last)).isEqualTo(0);
        }
    }

    @Test
    void zScoreHasMeanZeroAndDeviationOneOfThePopulation() {
        Blend blend = Blender.blend(new Linear(Normalizer.Z_SCORE), List.of(column(1, 2, 4, MISSING, 6)), 4);
        double sigma = Math.sqrt(8.0 / 3);
        assertThat(blend.score(0)).isCloseTo(-2 / sigma, within(1e-12));
        assertThat(blend.score(1)).isCloseTo(0, within(1e-12));
        assertThat(blend.score(3)).isCloseTo(2 / sigma, within(1e-12));
        assertThat(blend.ranked(2)).isFalse();
    }

    @Test
    void aMissingColumnsWeightGoesToTheOthers() {
        Blend blend = Blender.blend(
                new Linear(Normalizer.NONE),
                List.of(column(1, 0.5, MISSING), column(3, 0.25, 0.25), column(4, MISSING, 1)),
                2);
        assertThat(blend.weight(0, 0)).isEqualTo(2);
        assertThat(blend.weight(1, 0)).isEqualTo(6);
        assertThat(blend.weight(2, 0)).isZero();
        assertThat(blend.score(0)).isEqualTo(2 * 0.5 + 6 * 0.25);
        assertThat(blend.weight(1, 1) + blend.weight(2, 1)).isCloseTo(8, within(1e-12));
        assertThat(blend.normalized(2, 0)).isNaN();
    }

    @Test
    void whatHasNoColumnThatCountsIsNotRanked() {
        for (BlendRecipe recipe : List.of(new Linear(Normalizer.MIN_MAX), new ReciprocalRank(60))) {
            Blend blend = Blender.blend(recipe, List.of(column(1, 1, MISSING, MISSING), column(0, 1, 1, MISSING)), 3);
            assertThat(blend.ranked(0)).isTrue();
            assertThat(blend.ranked(1)).isFalse();
            assertThat(blend.ranked(2)).isFalse();
            Blend weightless = Blender.blend(recipe, List.of(column(0, 1, MISSING)), 2);
            assertThat(weightless.score(0)).isZero();
            assertThat(weightless.ranked(1)).isFalse();
        }
    }

    @Test
    void distancesAreTurned() {
        Column distance = new Column(1, false, new double[] {0, 5, 10});
        Blend minMax = Blender.blend(new Linear(Normalizer.MIN_MAX), List.of(distance), 3);
        assertThat(minMax.score(0)).isEqualTo(1);
        assertThat(minMax.score(2)).isEqualTo(0);
        Blend ranked = Blender.blend(new ReciprocalRank(1), List.of(distance), 3);
        assertThat(ranked.rank(0, 0)).isEqualTo(1);
        assertThat(ranked.rank(0, 2)).isEqualTo(3);
        assertThat(Blender.blend(new Linear(Normalizer.NONE), List.of(distance), 3)
                        .score(1))
                .isEqualTo(-5);
    }

    @Test
    void equalValuesShareTheBetterRank() {
        Blend blend = Blender.blend(new ReciprocalRank(60), List.of(column(2, 5, 9, 5, 1, MISSING, -0.0, 0.0)), 7);
        int[] expected = {2, 1, 2, 4, 0, 5, 5};
        for (int i = 0; i < expected.length; i++) {
            assertThat(blend.rank(0, i)).isEqualTo(expected[i]);
        }
        assertThat(blend.score(1)).isEqualTo(2 / 61.0);
        assertThat(blend.ranked(4)).isFalse();
    }

    @Test
    void aMissingColumnAddsNothingToReciprocalRanks() {
        Blend blend = Blender.blend(new ReciprocalRank(60), List.of(column(1, 1, MISSING), column(1, 1, 2)), 2);
        assertThat(blend.score(0)).isCloseTo(1 / 61.0 + 1 / 62.0, within(1e-15));
        assertThat(blend.score(1)).isEqualTo(1 / 61.0);
    }

    @Test
    void contributionsSumToTheScore() {
        Random random = new Random(2);
        for (int round = 0; round < 300; round++) {
            int n = 1 + random.nextInt(6);
            List<Column> columns = new ArrayList<>();
            for (int c = 0; c < 1 + random.nextInt(4); c++) {
                double[] values = new double[n];
                for (int i = 0; i < n; i++) {
                    values[i] = random.nextInt(3) == 0 ? MISSING : random.nextGaussian() * 1e6;
                }
                columns.add(new Column(random.nextInt(4), random.nextBoolean(), values));
            }
            for (BlendRecipe recipe : List.of(
                    new Linear(Normalizer.NONE),
                    new Linear(Normalizer.MIN_MAX),
                    new Linear(Normalizer.Z_SCORE),
                    new Linear(Normalizer.L2),
                    new Linear(Normalizer.SOFTMAX),
                    new RoundRobin(),
                    new CountWeighted(0.3, 3_000),
                    new ReciprocalRank(60))) {
                assertSums(Blender.blend(recipe, columns, n), columns.size(), n);
            }
        }
    }

    private static void assertSums(Blend blend, int columns, int candidates) {
        for (int i = 0; i < candidates; i++) {
            double sum = 0;
            for (int c = 0; c < columns; c++) {
                sum += blend.contribution(c, i);
            }
            if (blend.ranked(i)) {
                assertThat(blend.score(i)).isFinite().isCloseTo(sum, within(1e-9));
            }
        }
    }

    @Test
    void l2AndSoftmaxAreTheirFormulas() {
        Blend l2 = Blender.blend(new Linear(Normalizer.L2), List.of(column(2, 3, MISSING, -4)), 3);
        assertThat(l2.normalized(0, 0)).isEqualTo(0.6);
        assertThat(l2.normalized(0, 2)).isEqualTo(-0.8);
        assertThat(l2.score(2)).isEqualTo(-1.6);
        assertThat(l2.statistics(0).norm()).isEqualTo(5);
        Blend softmax = Blender.blend(new Linear(Normalizer.SOFTMAX), List.of(column(1, 1, 2, MISSING, 3)), 4);
        double all = Math.exp(1) + Math.exp(2) + Math.exp(3);
        assertThat(softmax.score(0)).isCloseTo(Math.exp(1) / all, within(1e-12));
        assertThat(softmax.score(3)).isCloseTo(Math.exp(3) / all, within(1e-12));
        assertThat(softmax.score(0) + softmax.score(1) + softmax.score(3)).isCloseTo(1, within(1e-12));
        Blend far = Blender.blend(new Linear(Normalizer.SOFTMAX), List.of(column(1, -1e6, 1e6)), 2);
        assertThat(far.score(0)).isZero();
        assertThat(far.score(1)).isEqualTo(1);
    }

    @Test
    void oneHitAndEqualHitsOfL2AndSoftmax() {
        for (double value : new double[] {5, -5, 0}) {
            assertThat(Blender.blend(new Linear(Normalizer.L2), List.of(column(1, value)), 1)
                            .score(0))
                    .isEqualTo(Math.signum(value));
            assertThat(Blender.blend(new Linear(Normalizer.SOFTMAX), List.of(column(1, value)), 1)
                            .score(0))
                    .isEqualTo(1);
        }
        assertThat(Blender.blend(new Linear(Normalizer.SOFTMAX), List.of(column(1, 7, 7, 7, 7)), 4)
                        .score(2))
                .isCloseTo(0.25, within(1e-12));
        assertThat(Blender.blend(new Linear(Normalizer.L2), List.of(column(1, 0, 0)), 2)
                        .score(1))
                .isZero();
    }

    @Test
    void interleavingTakesTurnsAndSkipsWhatWasTaken() {
        // Lists by value: a gives 0, 1, 2; b gives 1, 3.
        Column a = found(1, new double[] {9, 8, 7, 1}, 0, 1, 2);
        Column b = found(1, new double[] {2, 9, 1, 8}, 1, 3);
        Blend blend = Blender.blend(new RoundRobin(), List.of(a, b), 4);
        assertThat(blend.score(0)).isEqualTo(1);
        assertThat(blend.score(1)).isEqualTo(1.0 / 2);
        assertThat(blend.score(2)).isEqualTo(1.0 / 3);
        assertThat(blend.score(3)).isEqualTo(1.0 / 4);
        assertThat(blend.contribution(1, 1)).as("b gave it").isEqualTo(1.0 / 2);
        assertThat(blend.contribution(0, 1)).isZero();
    }

    @Test
    void interleavingWithOneSideMissingOrWeightless() {
        Column a = column(1, MISSING, MISSING);
        Column b = column(1, 1, 2);
        for (BlendRecipe recipe : List.of(new RoundRobin(), new CountWeighted(0, 3_000))) {
            Blend blend = Blender.blend(recipe, List.of(a, b), 2);
            assertThat(blend.score(1)).isEqualTo(1);
            assertThat(blend.score(0)).isEqualTo(0.5);
            Blend weightless = Blender.blend(recipe, List.of(column(0, 3, 4), found(1, new double[] {1, 2}, 0)), 2);
            assertThat(weightless.score(0)).isEqualTo(1);
            assertThat(weightless.ranked(1)).as("no column that counts gave it").isFalse();
            assertThat(Blender.blend(recipe, List.of(), 0)).isNotNull();
        }
    }

    @Test
    void interleavingIsItsRestatement() {
        Random random = new Random(23);
        for (int round = 0; round < 400; round++) {
            int n = 1 + random.nextInt(30);
            List<Column> columns = new ArrayList<>();
            List<List<Integer>> lists = new ArrayList<>();
            for (int c = 0; c < 1 + random.nextInt(4); c++) {
                double[] values = new double[n];
                BitSet found = new BitSet();
                List<Integer> list = new ArrayList<>();
                double rate = random.nextDouble();
                for (int i = 0; i < n; i++) {
                    values[i] = random.nextInt(8);
                    if (random.nextDouble() < rate) {
                        found.set(i);
                        list.add(i);
                    }
                }
                list.sort(Comparator.comparingDouble((Integer i) -> -values[i]).thenComparingInt(i -> i));
                columns.add(new Column(1, true, values, Optional.of(found)));
                lists.add(list);
            }
            double shrinkage = random.nextInt(3) / 2.0;
            int stepsMax = random.nextBoolean() ? 3_000 : 1 + random.nextInt(10);
            assertOrder(Blender.blend(new RoundRobin(), columns, n), RankingOracles.roundRobin(lists), n);
            assertOrder(
                    Blender.blend(new CountWeighted(shrinkage, stepsMax), columns, n),
                    RankingOracles.countWeighted(lists, shrinkage, stepsMax),
                    n);
        }
    }

    private static void assertOrder(Blend blend, List<Integer> expected, int n) {
        for (int i = 0; i < n; i++) {
            int position = expected.indexOf(i) + 1;
            assertThat(blend.ranked(i)).isEqualTo(position > 0);
            assertThat(position == 0 ? 0 : blend.score(i)).isEqualTo(position == 0 ? 0 : 1.0 / position);
        }
    }

    private static Column found(double weight, double[] values, int... found) {
        BitSet set = new BitSet();
        for (int i : found) {
            set.set(i);
        }
        return new Column(weight, true, values, Optional.of(set));
    }

    @Test
    void settingsOfInterleavingHaveBounds() {
        assertThatIllegalArgumentException().isThrownBy(() -> new CountWeighted(-0.1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new CountWeighted(1.1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new CountWeighted(0, 0));
    }

    @Test
    void nothingBlendsToNothing() {
        assertThat(Blender.blend(new Linear(Normalizer.Z_SCORE), List.of(column(1)), 0))
                .isNotNull();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Blender.blend(new Linear(Normalizer.NONE), List.of(column(1, 1, 2)), 3))
                .withMessage("a column has one value per candidate: 2 for 3");
        assertThatIllegalArgumentException().isThrownBy(() -> column(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> column(Double.NaN));
    }
}
