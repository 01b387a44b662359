package repscorer.analysis.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import repscorer.testing.Seeds;
import repscorer.testing.SimulatedExperiment;

@DisplayName("Issue 19: effects with intervals")
class EffectTest {

    private static final double ALPHA = .05;

    private static PairMoments moments(double[] x, double[] y) {
        PairMoments moments = new PairMoments();
        for (int i = 0; i < y.length; i++) {
            moments.add(x[i], y[i]);
        }
        return moments;
    }

    private static ArmEstimate mean(double... values) {
        return ArmEstimate.mean(moments(new double[values.length], values));
    }

    @Test
    void aDifferenceOfMeansIsWelchs() {
        Effect effect = Effect.of(mean(3, 1, 4, 1, 5, 9, 2, 6), mean(2, 7, 1, 8, 2, 8, 1, 8, 2, 8), ALPHA, 18);
        // scipy.stats.ttest_ind(…, equal_var=False), 1.17.1
        assertThat(effect.difference() / effect.error()).isCloseTo(0.5784389176415291, within(1e-12));
        assertThat(effect.pValue()).isCloseTo(0.5710439160286547, within(1e-10));
        assertThat(effect.interval().low()).isCloseTo(-2.199230366491807, within(1e-9));
        assertThat(effect.interval().high()).isCloseTo(3.8492303664918075, within(1e-9));
        assertThat(effect.anytime().low()).isLessThan(effect.interval().low());
        assertThat(effect.anytime().high()).isGreaterThan(effect.interval().high());
    }

    @Test
    void oneUnitTellsNothingOfOthers() {
        Effect effect = Effect.of(mean(1), mean(2, 3), ALPHA, 3);
        assertThat(effect.difference()).isEqualTo(1.5);
        assertThat(effect.interval().contains(1e9)).isTrue();
        assertThat(effect.pValue()).isEqualTo(1);
    }

    @Test
    void whatNeverVariesHasNoWidth() {
        assertThat(Effect.of(mean(0, 0), mean(0, 0), ALPHA, 4).interval()).isEqualTo(new Interval(0, 0));
        assertThat(Effect.of(mean(0, 0), mean(0, 0), ALPHA, 4).relative(1)).isZero();
    }

    /** The delta method against the spread of the ratio itself, over units drawn again and again. */
    @Test
    void aRatiosErrorIsItsSpreadWhereUnitsAreDrawn() {
        RandomGenerator random = Seeds.random("a ratio's error");
        PairMoments ratios = new PairMoments();
        PairMoments errors = new PairMoments();
        PairMoments careless = new PairMoments();
        for (int run = 0; run < 400; run++) {
            SimulatedExperiment drawn = new SimulatedExperiment(random, 400, 5, 0);
            PairMoments units = moments(drawn.answers, drawn.actions);
            ArmEstimate ratio = ArmEstimate.ratio(units);
            ratios.add(0, ratio.value());
            errors.add(0, Math.sqrt(ratio.variance()));
            careless.add(0, Math.sqrt(ratio.value() / (units.meanX() * units.count())));
        }
        double spread = Math.sqrt(ratios.varianceY());
        assertThat(errors.meanY()).isCloseTo(spread, within(.15 * spread));
        assertThat(careless.meanY()).as("answers taken for independent").isLessThan(.85 * spread);
    }

    @Test
    void whatUnitsDidBeforeTakesNoiseOutAndMovesNothing() {
        SimulatedExperiment drawn = new SimulatedExperiment(Seeds.random("CUPED"), 20_000, 10, 0);
        PairMoments[] arms = {new PairMoments(), new PairMoments()};
        for (int i = 0; i < drawn.variants.length; i++) {
            arms[drawn.variants[i]].add(drawn.before[i], drawn.actions[i]);
        }
        List<ArmEstimate> adjusted = ArmEstimate.adjusted(List.of(arms));
        for (int arm = 0; arm < 2; arm++) {
            ArmEstimate plain = ArmEstimate.mean(arms[arm]);
            double correlation = arms[arm].covariance() / Math.sqrt(arms[arm].varianceX() * arms[arm].varianceY());
            assertThat(adjusted.get(arm).variance())
                    .isCloseTo(plain.variance() * (1 - correlation * correlation), within(.02 * plain.variance()));
            assertThat(adjusted.get(arm).value()).isCloseTo(plain.value(), within(5 * Math.sqrt(plain.variance())));
        }
        assertThat(adjusted.getFirst().variance())
                .isLessThan(.6 * ArmEstimate.mean(arms[0]).variance());
    }

    @Test
    void nothingBeforeAdjustsNothing() {
        PairMoments arm = moments(new double[3], new double[] {1, 2, 6});
        assertThat(ArmEstimate.adjusted(List.of(arm, arm)).getFirst()).isEqualTo(ArmEstimate.mean(arm));
    }

    /** The multiplier as its paper writes it, and where it is least. */
    @Test
    void theSequenceIsTightestWhereItIsToldTo() {
        double rho = Math.sqrt((-2 * Math.log(.05) + Math.log(-2 * Math.log(.05) + 1)) / 1_000);
        double t = 333;
        double expected = Math.sqrt(t)
                * Math.sqrt(
                        2 * (t * rho * rho + 1) / (t * t * rho * rho) * Math.log(Math.sqrt(t * rho * rho + 1) / .05));
        ConfidenceSequence sequence = new ConfidenceSequence(1_000);
        assertThat(sequence.multiplier(t, .05)).isCloseTo(expected, within(1e-12));
        assertThat(sequence.multiplier(0, .05)).isInfinite();
        assertThat(sequence.multiplier(1_000, .05)).isCloseTo(3.03, within(.02));
    }

    @Test
    void aMismatchIsTold() {
        assertThat(SampleRatio.of(new long[] {50_500, 49_500}, new double[] {1, 1})
                        .pValue())
                .as("scipy.stats.chisquare")
                .isCloseTo(0.001565402258002549, within(1e-12));
        assertThat(SampleRatio.of(new long[] {51_000, 49_000}, new double[] {1, 1})
                        .mismatched())
                .isTrue();
        assertThat(SampleRatio.of(new long[] {51_000, 49_000}, new double[] {51, 49})
                        .mismatched())
                .isFalse();
        assertThat(SampleRatio.of(new long[] {0, 0}, new double[] {1, 1})).isEqualTo(new SampleRatio(0, 1, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SampleRatio.of(new long[] {1}, new double[] {1}))
                .withMessageContaining("two variants");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SampleRatio.of(new long[] {1, 2}, new double[] {1, 0}))
                .withMessageContaining("above 0");
    }
}
