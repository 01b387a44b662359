package repscorer.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import repscorer.analysis.PlanEstimate.Plan;
import repscorer.analysis.demo.DemoDecisions;
import repscorer.analysis.demo.DemoSettings;
import repscorer.analysis.demo.DemoSettings.Scenario;
import repscorer.analysis.offpolicy.OffPolicy;
import repscorer.analysis.offpolicy.PolicyValue;
import repscorer.decisions.Decision;
import repscorer.decisions.JoinedDecision;
import repscorer.decisions.Outcome;
import repscorer.testing.PolicyOracle;
import repscorer.testing.Seeds;

@DisplayName("Issue 19: what a log tells of other plans")
class LoggedAnswersTest {

    private static final double ALPHA = .05;
    private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static LoggedAnswers control;

    private static double controlEarned;
    private static double treatmentEarned;

    @BeforeAll
    static void demo() {
        control = new LoggedAnswers(DemoDecisions.SURFACE, DemoDecisions.OUTCOME);
        double[] earned = new double[2];
        int[] answers = new int[2];
        DemoDecisions.each(new DemoSettings("blend", 2_500, 10, Scenario.BETTER, START, 3), joined -> {
            boolean treated = joined.decision().arms().stream()
                    .anyMatch(arm -> arm.variant().equals(DemoDecisions.TREATMENT));
            if (!treated) {
                control.add(joined);
            }
            answers[treated ? 1 : 0]++;
            earned[treated ? 1 : 0] += joined.outcomes().stream()
                    .filter(outcome -> outcome.kind().equals(DemoDecisions.OUTCOME))
                    .count();
        });
        controlEarned = earned[0] / answers[0];
        treatmentEarned = earned[1] / answers[1];
    }

    /** The control's log tells what the treatment, which ran beside it, earned. */
    @Test
    void whatTheTreatmentEarnsIsToldByTheControlsLog() {
        Plan own = new Plan(Map.of("twhin", .8, "simclusters", .2), DemoDecisions.TEMPERATURE, 0);
        OffPolicy same = PlanEstimate.of(control, own, ALPHA).value().orElseThrow();
        assertThat(same.log().value()).isCloseTo(controlEarned, within(1e-9));
        assertThat(same.weighted().value()).isCloseTo(controlEarned, within(.01));

        Plan other = new Plan(Map.of("twhin", .65, "simclusters", .35), .35, 3);
        PlanEstimate estimate = PlanEstimate.of(control, other, ALPHA);
        assertThat(estimate.refusal()).isEmpty();
        assertThat(estimate.unfinished()).isZero();
        assertThat(estimate.value().orElseThrow().doublyRobust().value())
                .as("a step towards the treatment")
                .isGreaterThan(estimate.value().orElseThrow().log().value());
        assertThat(treatmentEarned).isGreaterThan(controlEarned);
    }

    @Test
    void aPlanTooFarFromTheLogIsRefusedInWords() {
        PlanEstimate far = PlanEstimate.of(control, new Plan(Map.of("simclusters", 1.0), 0, 0), ALPHA);
        assertThat(far.value()).isEmpty();
        assertThat(far.refusal().orElseThrow())
                .startsWith("overlap is too thin: the ")
                .contains("100 are needed");
        LoggedAnswers still = new LoggedAnswers("follow", "like");
        LoggedAnswers torn = new LoggedAnswers("follow", "like");
        for (int i = 0; i < 500; i++) {
            still.add(answer(i, i % 2, 1, 1));
            torn.add(answer(i, i % 2, .5, .5));
        }
        Plan plan = new Plan(Map.of("twhin", 1.0), 1, 0);
        assertThat(PlanEstimate.of(still, plan, ALPHA).refusal().orElseThrow()).contains("explored nothing");
        assertThat(PlanEstimate.of(torn, plan, ALPHA).refusal().orElseThrow())
                .contains("500 of 500 answers end before what chance reordered ends");
    }

    /** Two candidates in an order by chance: plain sums over the first rank, which decides the second. */
    @Test
    void estimatesAreThoseOfPlainSums() {
        LoggedAnswers log = new LoggedAnswers("follow", "like");
        List<double[]> rows = new ArrayList<>();
        RandomGenerator random = Seeds.fixed(5);
        for (int i = 0; i < 2_000; i++) {
            double propensity = .2 + .6 * random.nextDouble();
            double likes = random.nextInt(3);
            log.add(answer(i, likes, propensity, 1));
            rows.add(new double[] {propensity, likes});
        }
        // Columns are -1 and 1 everywhere, so by twice the blend's distance of 2/σ the first is drawn by a logistic of
        // it.
        Plan plan = new Plan(Map.of("twhin", 1.0), 2, 0);
        double deviation = Math.sqrt(4_000 / 3_999.0);
        double target = 1 / (1 + Math.exp(-2 / deviation / 2));
        PolicyOracle oracle = new PolicyOracle(
                rows.stream().mapToDouble(row -> row[0]).toArray(),
                rows.stream().mapToDouble(row -> target).toArray(),
                rows.stream().mapToDouble(row -> row[1]).toArray());
        OffPolicy estimate = PlanEstimate.of(log, plan, ALPHA).value().orElseThrow();
        assertThat(estimate.weighted().value()).isCloseTo(oracle.weighted(), within(1e-9));
        assertThat(estimate.weighted().error()).isCloseTo(oracle.weightedError(), within(1e-9));
        assertThat(estimate.selfNormalised().value()).isCloseTo(oracle.selfNormalised(), within(1e-9));
        assertThat(estimate.overlap().effective()).isCloseTo(oracle.effective(), within(1e-6));
        for (PolicyValue value : List.of(estimate.weighted(), estimate.doublyRobust())) {
            assertThat(value.interval().contains(value.value())).isTrue();
        }
    }

    @Test
    void weightsAreThoseThatPeopleActBy() {
        BlendFit fit = BlendFit.of(control, ALPHA);
        assertThat(fit.weights().stream().map(BlendFit.Weight::column)).containsExactly("simclusters", "twhin");
        // The demo's people act by 1.2 and .3, somewhat less on average over people who differ.
        assertThat(fit.weights().getFirst().logOdds()).isCloseTo(1.1, within(.15));
        assertThat(fit.weights().getLast().logOdds()).isCloseTo(.28, within(.1));
        assertThat(fit.weights())
                .allSatisfy(weight -> assertThat(weight.interval().low()).isPositive());
        assertThat(fit.overrides().get("columns.simclusters.weight")).isCloseTo(.8, within(.05));
        assertThat(fit.overrides().values().stream().mapToDouble(each -> each).sum())
                .isCloseTo(1, within(.002));
    }

    @Test
    void aColumnBecomesAProbability() {
        ScoreCalibration fit = ScoreCalibration.of(control, Optional.of("simclusters"));
        assertThat(fit.error()).isLessThan(.3 * fit.constantError());
        assertThat(fit.calibration().probability(-2))
                .isLessThan(fit.calibration().probability(2));
        assertThat(fit.calibration().points()).hasSizeLessThanOrEqualTo(400);
        double mean = fit.outcomes() / (double) fit.rows();
        assertThat(fit.calibration().probability(0)).isCloseTo(mean, within(.05));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ScoreCalibration.of(control, Optional.of("none")))
                .withMessageContaining("'none'");
    }

    @Test
    void whatALogHasNotIsToldByName() {
        LoggedAnswers empty = new LoggedAnswers("search", "like");
        empty.add(answer(1, 1, 1, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BlendFit.of(empty, ALPHA))
                .withMessageContaining("no answers of surface 'search'; it has of [follow]");
        LoggedAnswers other = new LoggedAnswers("follow", "share");
        other.add(answer(1, 1, 1, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BlendFit.of(other, ALPHA))
                .withMessageContaining("no outcomes 'share' of surface 'follow'; it has [like]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PlanEstimate.of(control, new Plan(Map.of("none", 1.0), 1, 0), ALPHA))
                .withMessageContaining("'none'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Plan(Map.of("twhin", -1.0), 1, 0))
                .withMessageContaining("twhin=-1.0");
        assertThatIllegalArgumentException().isThrownBy(() -> new Plan(Map.of(), 1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Plan(Map.of("twhin", 1.0), -1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Plan(Map.of("twhin", 1.0), 1, -1));
    }

    /** The first rank's candidate has twhin 1 and the likes, the second's −1 and none. */
    private static JoinedDecision answer(int number, double likes, double first, double second) {
        String id = "d" + number;
        Decision decision = new Decision(
                id,
                START,
                "follow",
                Optional.of("unit-" + number),
                List.of(),
                "r",
                Map.of(),
                "p",
                "{}",
                List.of(
                        new Decision.Shown("a", 1, Map.of("twhin", 1.0), first, Optional.empty()),
                        new Decision.Shown("b", 0, Map.of("twhin", -1.0), second, Optional.empty())),
                List.of(),
                1_000);
        return new JoinedDecision(decision, List.of(new Outcome(id, "a", "like", likes, START)));
    }
}
