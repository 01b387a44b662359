package repscorer.core.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import repscorer.core.blend.Calibration;
import repscorer.core.blend.Calibration.Point;
import repscorer.core.entity.EntityKind;

@DisplayName("Issue 19: a calibration goes with the scores that it was fitted to")
class CalibratedPlanTest {

    private static final Calibration CALIBRATION =
            new Calibration(List.of(new Point(-1, .1), new Point(0, .2), new Point(2, .6)));

    private static ScoringPlan plan() {
        return ScoringPlan.of("follow", EntityKind.USER)
                .columns(
                        new ColumnBuilder(ColumnPlan.Form.DENSE, "twhin")
                                .source(EntityKind.USER, "twhin-user")
                                .candidate(EntityKind.USER, "twhin-user")
                                .build(),
                        new ColumnBuilder(ColumnPlan.Form.DENSE, "other")
                                .source(EntityKind.USER, "twhin-user")
                                .candidate(EntityKind.USER, "twhin-user")
                                .build())
                .calibration(Optional.of(CALIBRATION))
                .build();
    }

    @ParameterizedTest
    @CsvSource({
        "columns.twhin.ef, 400, true",
        "columns.twhin.retrieve, 50, true",
        "columns.twhin.exact, true, true",
        "explore.method, softmax, true",
        "release, r2, true",
        "columns.twhin.weight, 0.25, false",
        "columns.other.enabled, false, false",
        "blend.normalizer, min-max, false",
        "blend.method, reciprocal-rank, false"
    })
    void overridesThatChangeWhatAScoreMeansTakeItAway(String key, String value, boolean stays) {
        ScoringPlan changed = PlanOverrides.apply(plan(), Map.of(key, value), "overrides");
        assertThat(changed.calibration().isPresent()).isEqualTo(stays);
    }

    @ParameterizedTest
    @CsvSource({"-5, 0.1", "-1, 0.1", "-0.5, 0.15", "0, 0.2", "1, 0.4", "2, 0.6", "9, 0.6"})
    void linesLieBetweenThePoints(double score, double probability) {
        assertThat(CALIBRATION.probability(score)).isCloseTo(probability, within(1e-12));
    }

    @Test
    void theSamePlanInOtherWordsKeepsIt() {
        ScoringPlan same = PlanOverrides.apply(plan(), Map.of("columns.twhin.weight", "1"), "overrides");
        assertThat(same.calibration()).contains(CALIBRATION);
    }
}
