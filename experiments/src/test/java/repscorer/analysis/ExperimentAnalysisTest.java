package repscorer.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import repscorer.analysis.ExperimentReport.MetricEffect;
import repscorer.analysis.ExperimentReport.State;
import repscorer.analysis.demo.DemoDecisions;
import repscorer.analysis.demo.DemoSettings;
import repscorer.analysis.demo.DemoSettings.Scenario;
import repscorer.decisions.Decision;
import repscorer.decisions.JoinedDecision;
import repscorer.decisions.Outcome;

@DisplayName("Issue 19: which variant won")
class ExperimentAnalysisTest {

    private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");

    private static DemoSettings demo(int units, int days, Scenario scenario) {
        return new DemoSettings("blend", units, days, scenario, START, 7);
    }

    private static ExperimentReport report(DemoSettings demo) {
        ExperimentAnalysis analysis = new ExperimentAnalysis(AnalysisOptions.of("blend"));
        DemoDecisions.each(demo, analysis::add);
        return analysis.report();
    }

    private static MetricEffect metric(ExperimentReport report, String name) {
        return report.metrics().stream()
                .filter(metric -> metric.metric().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aRealWinnerIsCalled() {
        ExperimentReport report = report(demo(3_000, 14, Scenario.BETTER));
        assertThat(report.verdict().state()).as(report.toString()).isEqualTo(State.WINNER);
        assertThat(report.verdict().sentence())
                .matches(
                        "simclusters-heavier wins: follow per unit is \\d+\\.\\d % above control's, surely between .*");
        assertThat(report.goal()).contains("follow");
        assertThat(report.days()).hasSize(14);
        assertThat(report.days().getLast().effect())
                .isEqualTo(metric(report, "follow per unit").effect());
        assertThat(metric(report, "follow per unit").adjusted()).isTrue();
        assertThat(metric(report, "missing columns").effect().control()).isCloseTo(.025, within(.002));
        assertThat(report.variants()).allSatisfy(variant -> {
            assertThat(variant.millisMedian()).isCloseTo(3, within(.1));
            assertThat(variant.dueShare()).isEqualTo(.5);
        });
        assertThat(report.notes()).containsExactly("no weights were given: variants are taken to be dealt alike");
    }

    @Test
    void equalVariantsAreNotCalled() {
        ExperimentReport report = report(demo(3_000, 14, Scenario.SAME));
        assertThat(report.verdict().state()).isEqualTo(State.UNDECIDED);
        assertThat(report.verdict().sentence())
                .startsWith("No winner yet: follow per unit under simclusters-heavier lies");
    }

    @Test
    void aVariantThatAnswersNothingIsStopped() {
        ExperimentReport report = report(demo(1_500, 7, Scenario.BROKEN));
        assertThat(report.verdict().state()).isEqualTo(State.STOP);
        assertThat(report.verdict().sentence()).startsWith("Stop simclusters-heavier: empty answers of");
        assertThat(metric(report, "empty answers").broken()).isTrue();
        assertThat(metric(report, "milliseconds per answer").broken()).isFalse();
    }

    @Test
    void aLeakIsToldBeforeAnyEffect() {
        Map<String, Integer> dropped = new HashMap<>();
        ExperimentAnalysis analysis = new ExperimentAnalysis(AnalysisOptions.of("blend"));
        DemoDecisions.each(demo(4_000, 4, Scenario.BETTER), joined -> {
            Decision decision = joined.decision();
            boolean treated =
                    decision.arms().stream().anyMatch(arm -> arm.variant().equals(DemoDecisions.TREATMENT));
            String unit = decision.unit().orElseThrow();
            if (treated && (unit.endsWith("7") || unit.endsWith("3"))) {
                dropped.merge(unit, 1, Integer::sum);
            } else {
                analysis.add(joined);
            }
        });
        ExperimentReport report = analysis.report();
        assertThat(dropped).hasSizeGreaterThan(100);
        assertThat(report.verdict().state()).as(report.ratio().toString()).isEqualTo(State.MISMATCH);
        assertThat(report.verdict().sentence()).contains("Do not trust this test", "where 50.0 % were due");
    }

    @Test
    void sharedAnswersTellWithFewerUnits() {
        ExperimentReport report = report(demo(1_500, 7, Scenario.INTERLEAVED));
        assertThat(report.verdict().state()).isEqualTo(State.WINNER);
        assertThat(report.verdict().sentence()).startsWith("simclusters-heavier wins: it has");
        ExperimentReport.Interleaved shared = report.interleaved().getFirst();
        assertThat(shared.second()).isEqualTo(DemoDecisions.TREATMENT);
        assertThat(shared.credit().share()).isGreaterThan(.52);
        assertThat(shared.credit().least()).isCloseTo(2.8016 * shared.credit().error(), within(1e-3));
        assertThat(shared.abTimes()).isGreaterThan(1);
        assertThat(report.answers()).isZero();
        assertThat(shared.answers()).isPositive();
    }

    /** Sums by hand over few decisions. */
    @Test
    void unitsAreCountedOnceAndThoseInTwoVariantsNotAtAll() {
        ExperimentAnalysis analysis = new ExperimentAnalysis(AnalysisOptions.of("x"));
        String[][] shown = {
            {"u1", "a"}, {"u1", "a"}, {"u2", "a"}, {"u3", "b"}, {"u4", "b"}, {"u5", "a"}, {"u5", "b"}, {"u6", "b"}
        };
        for (int i = 0; i < shown.length; i++) {
            analysis.add(decision(i, Optional.of(shown[i][0]), Optional.of(shown[i][1]), i % 3));
        }
        analysis.add(decision(20, Optional.empty(), Optional.of("a"), 9));
        analysis.add(decision(21, Optional.of("u9"), Optional.empty(), 9));
        ExperimentReport report = analysis.report();
        assertThat(report.crossed()).isEqualTo(1);
        assertThat(report.control()).isEqualTo("a");
        assertThat(report.variants().stream().map(ExperimentReport.VariantSummary::units))
                .containsExactly(2L, 3L);
        MetricEffect perUnit = metric(report, "like per unit");
        // a: u1 has 0 + 1, u2 has 2; b: u3 has 0, u4 has 1, u6 has 1
        assertThat(perUnit.effect().control()).isEqualTo(1.5);
        assertThat(perUnit.effect().treatment()).isCloseTo(2 / 3.0, within(1e-12));
        assertThat(metric(report, "like per answer").effect().control()).isCloseTo(1, within(1e-12));
        assertThat(perUnit.adjusted()).isFalse();
        assertThat(report.notes())
                .contains(
                        "1 units were in several variants and count for none",
                        "1 answers name no unit and count for none");
    }

    @Test
    void anEmptyLogSaysSo() {
        ExperimentReport report = new ExperimentAnalysis(AnalysisOptions.of("x")).report();
        assertThat(report.verdict().state()).isEqualTo(State.NO_DATA);
        assertThat(report.metrics()).isEmpty();
        ExperimentAnalysis wanted =
                new ExperimentAnalysis(new AnalysisOptions("x", Optional.of("none"), Map.of(), Optional.empty(), .05));
        wanted.add(decision(0, Optional.of("u"), Optional.of("a"), 0));
        assertThatIllegalArgumentException().isThrownBy(wanted::report).withMessageContaining("'none'");
        ExperimentAnalysis weighed = new ExperimentAnalysis(
                new AnalysisOptions("x", Optional.empty(), Map.of("b", 1.0), Optional.empty(), .05));
        weighed.add(decision(0, Optional.of("u"), Optional.of("a"), 0));
        assertThatIllegalArgumentException().isThrownBy(weighed::report).withMessageContaining("no weight");
    }

    @Test
    void theDemoIsTheSameForTheSameSeed() {
        Set<String> ids = new HashSet<>();
        DemoDecisions.each(
                demo(50, 4, Scenario.BETTER),
                joined -> ids.add(joined.decision().id()));
        int drawn = ids.size();
        DemoDecisions.each(
                demo(50, 4, Scenario.BETTER),
                joined -> ids.add(joined.decision().id()));
        assertThat(ids).hasSize(drawn);
    }

    private static JoinedDecision decision(int number, Optional<String> unit, Optional<String> variant, int likes) {
        Instant time = START.plusSeconds(number);
        Decision decision = new Decision(
                "d" + number,
                time,
                "follow",
                unit,
                variant.map(name -> List.of(new Decision.Arm("x", name, "layer", 1)))
                        .orElse(List.of()),
                "r",
                Map.of(),
                "p",
                "{}",
                List.of(new Decision.Shown("c", 1, Map.of("twhin", 1.0), 1, Optional.empty())),
                List.of(),
                1_000);
        return new JoinedDecision(decision, List.of(new Outcome("d" + number, "c", "like", likes, time)));
    }
}
