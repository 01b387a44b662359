package repscorer.core.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.rule.Rule.Boost;
import repscorer.core.rule.Rule.Cap;
import repscorer.core.rule.Rule.Condition;
import repscorer.core.rule.Rule.Decay;
import repscorer.core.rule.Rule.Diversify;
import repscorer.core.rule.Rule.Floor;
import repscorer.core.rule.Rule.Frequency;
import repscorer.core.rule.Rule.Mode;
import repscorer.core.rule.Rule.Pin;
import repscorer.core.rule.Rule.Quota;
import repscorer.core.rule.Rule.Remove;
import repscorer.core.rule.Rule.RemoveByAge;
import repscorer.core.rule.Rule.RemoveWhere;
import repscorer.core.rule.Rule.Worth;

/** The bounds of each rule's settings, at and just beyond them, and a rule in another mode. */
class RuleBoundsTest {

    private static final Condition BY_A = new Condition("author", Set.of("a"));

    private static Boost boost(double multiply, double add) {
        return new Boost("r", Mode.ON, BY_A, multiply, add);
    }

    private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable rule, String message) {
        assertThatIllegalArgumentException().isThrownBy(rule).withMessage(message);
    }

    @Test
    void aBoostMultipliesByUpToAThousandAndAddsAsMuch() {
        assertThat(boost(1_000, 1_000).multiply()).isEqualTo(1_000);
        assertThat(boost(Double.MIN_VALUE, -1_000).add()).isEqualTo(-1_000);
        refused(() -> boost(1_000.5, 0), "multiply must be above 0 and at most 1000: 1000.5 (rule r)");
        refused(() -> boost(0, 0), "multiply must be above 0 and at most 1000: 0.0 (rule r)");
        refused(() -> boost(1, 1_000.5), "add must be -1000 to 1000: 1000.5 (rule r)");
        refused(() -> boost(1, -1_000.5), "add must be -1000 to 1000: -1000.5 (rule r)");
    }

    @Test
    void aWorthIsAboveZeroAFloorIsANumberAndOftenIsOnceAtLeast() {
        assertThat(new Worth("r", Mode.ON, "s", Optional.of(1e9)).otherwise()).contains(1e9);
        refused(
                () -> new Worth("r", Mode.ON, "s", Optional.of(0.0)),
                "otherwise must be above 0 and at most 1e9: 0.0 (rule r)");
        refused(
                () -> new Worth("r", Mode.ON, "s", Optional.of(1.1e9)),
                "otherwise must be above 0 and at most 1e9: 1.1E9 (rule r)");
        refused(() -> new Floor("r", Mode.ON, Double.NaN), "score-min must be finite: NaN (rule r)");
        Duration day = Duration.ofDays(1);
        assertThat(new Frequency(1_000, day).times()).isEqualTo(1_000);
        refused(() -> new Frequency(0, day), "times must be 1 to 1000: 0");
        refused(() -> new Frequency(1_001, day), "times must be 1 to 1000: 1001");
        refused(() -> new Frequency(1, Duration.ZERO), "within must be positive: PT0S");
        refused(
                () -> new Remove(
                        "r",
                        Mode.ON,
                        List.of("history"),
                        List.of(),
                        Optional.empty(),
                        Rule.OnMissing.REFUSE,
                        Optional.of(new Frequency(1, day))),
                "times and within are for signals (rule r)");
    }

    @Test
    void aDecayTakesOffMoreThanNothingAndUpToAThousand() {
        Duration hour = Duration.ofHours(1);
        assertThat(new Decay("r", Mode.ON, hour, 1_000).weight()).isEqualTo(1_000);
        refused(() -> new Decay("r", Mode.ON, hour, 0), "weight must be above 0 and at most 1000: 0.0 (rule r)");
        refused(
                () -> new Decay("r", Mode.ON, hour, 1_000.5),
                "weight must be above 0 and at most 1000: 1000.5 (rule r)");
    }

    @Test
    void aDiversityHasALambdaOfZeroToOneAndADepthOfTwoToAThousand() {
        assertThat(new Diversify("r", Mode.ON, 0, "c", 2).depth()).isEqualTo(2);
        assertThat(new Diversify("r", Mode.ON, 1, "c", 1_000).depth()).isEqualTo(1_000);
        refused(() -> new Diversify("r", Mode.ON, -0.1, "c", 2), "lambda must be 0 to 1: -0.1 (rule r)");
        refused(() -> new Diversify("r", Mode.ON, 1, "c", 1), "depth must be 2 to 1000: 1 (rule r)");
        refused(() -> new Diversify("r", Mode.ON, 1, "c", 1_001), "depth must be 2 to 1000: 1001 (rule r)");
    }

    @Test
    void quotasAgesCapsAndPinsHaveTheirLeast() {
        assertThat(new Quota("r", Mode.ON, BY_A, 1).min()).isEqualTo(1);
        refused(() -> new Quota("r", Mode.ON, BY_A, 0), "min must be at least 1: 0 (rule r)");
        Cap one = new Cap("r", Mode.ON, "author", 1);
        assertThat(one.max()).isEqualTo(1);
        assertThat(one.max(7)).isEqualTo(new Cap("r", Mode.ON, "author", 7));
        Duration hour = Duration.ofHours(1);
        refused(
                () -> new RemoveByAge("r", Mode.ON, hour, hour),
                "ages must not be negative and min-age below max-age: PT1H and PT1H (rule r)");
        RemoveByAge aged = new RemoveByAge("r", Mode.ON, hour, Duration.ofHours(2));
        assertThat(aged.isOutside(0, 3_600_000)).as("exactly the youngest").isFalse();
        assertThat(aged.isOutside(0, 7_200_000)).as("exactly the oldest").isFalse();
        assertThat(aged.isOutside(0, 3_599_999)).isTrue();
        assertThat(aged.isOutside(0, 7_200_001)).isTrue();
    }

    @Test
    @DisplayName("S13: a rule in another mode is the same rule for the rest, of every kind")
    void aRuleInAnotherModeIsTheSameRuleForTheRest() {
        Duration hour = Duration.ofHours(1);
        EntityId id = EntityId.of(EntityKind.TWEET, 1);
        List<Rule> on = List.of(
                new Remove("0", Mode.ON, List.of("h"), List.of("s"), Optional.of("author")),
                new RemoveWhere("1", Mode.ON, BY_A, true),
                new RemoveByAge("2", Mode.ON, Duration.ZERO, hour),
                new Boost("3", Mode.ON, BY_A, 2, 1),
                new Decay("4", Mode.ON, hour, 3),
                new Cap("5", Mode.ON, "author", 4),
                new Diversify("6", Mode.ON, 0.5, "c", 6),
                new Quota("7", Mode.ON, BY_A, 7),
                new Pin("8", Mode.ON, id, 8));
        List<Rule> off = List.of(
                new Remove("0", Mode.OFF, List.of("h"), List.of("s"), Optional.of("author")),
                new RemoveWhere("1", Mode.OFF, BY_A, true),
                new RemoveByAge("2", Mode.OFF, Duration.ZERO, hour),
                new Boost("3", Mode.OFF, BY_A, 2, 1),
                new Decay("4", Mode.OFF, hour, 3),
                new Cap("5", Mode.OFF, "author", 4),
                new Diversify("6", Mode.OFF, 0.5, "c", 6),
                new Quota("7", Mode.OFF, BY_A, 7),
                new Pin("8", Mode.OFF, id, 8));
        RuleBook book = new RuleBook(on);
        for (int i = 0; i < on.size(); i++) {
            assertThat(on.get(i).in(Mode.OFF)).isEqualTo(off.get(i));
            List<Rule> one = new java.util.ArrayList<>(on);
            one.set(i, off.get(i));
            RuleBook switched = book.with(off.get(i));
            assertThat(switched.rules()).isEqualTo(one);
            assertThat(switched).isEqualTo(new RuleBook(one)).hasSameHashCodeAs(new RuleBook(one));
            assertThat(switched).isNotEqualTo(book).hasToString(one.toString());
            assertThat(switched.hashCode()).isNotEqualTo(book.hashCode());
        }
        assertThat(book.isEmpty()).isFalse();
        assertThat(RuleBook.EMPTY.isEmpty()).isTrue();
        assertThat(book).isNotEqualTo(on);
    }
}
