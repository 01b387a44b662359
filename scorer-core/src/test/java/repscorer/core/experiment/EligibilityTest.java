package repscorer.core.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import repscorer.core.experiment.HoldOuts.HoldOut;
import repscorer.core.experiment.Schedule.Step;

@DisplayName("Issue 19: who is in an experiment, and when")
class EligibilityTest {

    private static final List<Variant> VARIANTS =
            List.of(new Variant("control", 1, Map.of()), new Variant("treatment", 0, Map.of()));

    private static Experiment experiment(
            String name, String layer, Schedule schedule, Set<String> sourceKinds, Map<String, String> forced) {
        return new Experiment(
                name,
                "follow",
                layer,
                name,
                Bucketing.OURS,
                0,
                10_000,
                VARIANTS,
                true,
                schedule,
                kinds(sourceKinds),
                forced);
    }

    private static Eligibility kinds(Set<String> sourceKinds) {
        return new Eligibility(sourceKinds, Map.of());
    }

    private static Traits from(String... sourceKinds) {
        return new Traits(Set.of(sourceKinds), Map.of());
    }

    private static Experiment plain(String name, String layer) {
        return experiment(name, layer, Schedule.ALWAYS, Set.of(), Map.of());
    }

    private static Schedule between(long start, long end) {
        return new Schedule(
                Optional.of(Instant.ofEpochMilli(start)), Optional.of(Instant.ofEpochMilli(end)), List.of());
    }

    private static List<String> names(List<Assignment> assignments) {
        return assignments.stream()
                .map(assignment -> assignment.experiment().name() + "/"
                        + assignment.variant().name())
                .toList();
    }

    @Test
    void anExperimentBeginsAtItsStartAndIsOverAtItsEnd() {
        Assigner assigner = new Assigner(List.of(experiment("e", "l", between(100, 200), Set.of(), Map.of())));
        assertThat(assigner.assign("follow", "u", Traits.NONE, 99)).isEmpty();
        assertThat(names(assigner.assign("follow", "u", Traits.NONE, 100))).containsExactly("e/control");
        assertThat(names(assigner.assign("u", 199))).containsExactly("e/control");
        assertThat(assigner.assign("follow", "u", Traits.NONE, 200)).isEmpty();
    }

    @Test
    void experimentsOneAfterTheOtherMayHaveTheSameBuckets() {
        Experiment first = experiment("a", "l", between(100, 200), Set.of(), Map.of());
        Experiment second = experiment("b", "l", between(200, 300), Set.of(), Map.of());
        Assigner assigner = new Assigner(List.of(second, first));
        assertThat(names(assigner.assign("u", 199))).containsExactly("a/control");
        assertThat(names(assigner.assign("u", 200))).containsExactly("b/control");
        Experiment early = experiment("b", "l", between(199, 300), Set.of(), Map.of());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Assigner(List.of(first, early)))
                .withMessageStartingWith("experiments of a layer must not share buckets: a has 0 to 10000, b has ");
        assertThatIllegalArgumentException().isThrownBy(() -> new Assigner(List.of(first, plain("b", "l"))));
    }

    @Test
    void everySourceIsOfAKindThatIsAskedFor() {
        Assigner assigner = new Assigner(
                List.of(experiment("e", "l", Schedule.ALWAYS, Set.of("user", Experiment.VECTOR), Map.of())));
        assertThat(assigner.assign("follow", "u", from("user"), 0)).hasSize(1);
        assertThat(assigner.assign("follow", "u", from("vector"), 0)).hasSize(1);
        assertThat(assigner.assign("follow", "u", from("topic"), 0)).isEmpty();
        assertThat(assigner.assign("follow", "u", from("topic", "user"), 0)).isEmpty();
        assertThat(assigner.assign("u", 0)).as("of requests that are eligible").hasSize(1);
    }

    @Test
    @DisplayName("a forced unit has its variant whatever else is said, and is in no other experiment of the layer")
    void forcedUnits() {
        Experiment forcing = new Experiment(
                "a",
                "follow",
                "l",
                "a",
                Bucketing.OURS,
                0,
                0,
                VARIANTS,
                true,
                between(100, 200),
                kinds(Set.of("topic")),
                Map.of("qa", "treatment"));
        HoldOuts all = new HoldOuts(new HoldOut(10_000, "all"), Map.of("l", new HoldOut(10_000, "l")));
        for (HoldOuts holdOuts : List.of(HoldOuts.NONE, all)) {
            Assigner assigner = new Assigner(List.of(forcing, plain("b", "l"), plain("c", "m")), holdOuts);
            assertThat(names(assigner.assign("follow", "qa", from("user"), 0)))
                    .isEqualTo(holdOuts.equals(all) ? List.of("a/treatment") : List.of("a/treatment", "c/control"));
            assertThat(assigner.assign("search", "qa", from("user"), 0)).isEmpty();
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Assigner(
                        List.of(forcing, experiment("b", "l", between(200, 300), Set.of(), Map.of("qa", "control")))))
                .withMessageContaining("a unit is forced into one experiment of a layer: qa is of");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> experiment("e", "l", Schedule.ALWAYS, Set.of(), Map.of("qa", "nine")))
                .withMessage("forced must name a variant: 'nine' for qa; there are [control, treatment]");
    }

    @Test
    void aHoldOutKeepsItsShareOutAndTheLayersOwnOnlyFromThatLayer() {
        Assigner assigner = new Assigner(
                List.of(plain("a", "l"), plain("b", "m")),
                new HoldOuts(new HoldOut(1_000, "all"), Map.of("l", new HoldOut(2_000, "l1"), "none", HoldOut.NOBODY)));
        int everywhere = 0;
        int inLayer = 0;
        int both = 0;
        int units = 20_000;
        for (int i = 0; i < units; i++) {
            String unit = "user:" + i;
            Assigner.HeldOut heldOut = assigner.heldOut(unit);
            List<String> names = names(assigner.assign(unit, 0));
            boolean out = heldOut.layers().contains("l");
            assertThat(names)
                    .isEqualTo(
                            heldOut.everywhere()
                                    ? List.of()
                                    : out ? List.of("b/control") : List.of("a/control", "b/control"));
            everywhere += heldOut.everywhere() ? 1 : 0;
            inLayer += out ? 1 : 0;
            both += heldOut.everywhere() && out ? 1 : 0;
        }
        assertThat(everywhere).isBetween(1_788, 2_212); // five deviations
        assertThat(inLayer).isBetween(3_717, 4_283);
        assertThat(both).as("independent").isBetween(300, 500);
    }

    /** Worked out with another tool. */
    @ParameterizedTest
    @CsvSource({"user:1,1633,1014,4739", "user:2,328,7002,4521", "gerät:é,6734,7953,7741"})
    void fixedVectorsOfHoldOutsAndRamps(String unit, int everywhere, int layer, int place) {
        for (int more = 0; more <= 1; more++) {
            Schedule ramp = new Schedule(
                    Optional.empty(), Optional.empty(), List.of(new Step(Instant.EPOCH, place + more, Map.of())));
            Experiment experiment = new Experiment(
                    "blend",
                    "follow",
                    "ranking",
                    "salt-blend",
                    Bucketing.OURS,
                    0,
                    10_000,
                    VARIANTS,
                    true,
                    ramp,
                    Eligibility.ANYTHING,
                    Map.of());
            Assigner assigner = new Assigner(
                    List.of(experiment),
                    new HoldOuts(
                            new HoldOut(everywhere + more, "all"), Map.of("ranking", new HoldOut(layer + more, "l1"))));
            assertThat(assigner.heldOut(unit))
                    .isEqualTo(new Assigner.HeldOut(more == 1, more == 1 ? List.of("ranking") : List.of()));
            assertThat(new Assigner(List.of(experiment)).assign(unit, 0)).hasSize(more);
        }
    }

    @Test
    void aLayersBucketsAreDealtInOneWay() {
        Experiment theirs = new Experiment(
                "a",
                "follow",
                "l",
                "a",
                Bucketing.GROWTHBOOK_2,
                0,
                5_000,
                VARIANTS,
                true,
                Schedule.ALWAYS,
                Eligibility.ANYTHING,
                Map.of());
        Experiment ours = new Experiment("b", "follow", "l", "b", 5_000, 10_000, VARIANTS, true);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Assigner(List.of(theirs, ours)))
                .withMessage("experiments of a layer deal its buckets alike, as GrowthBook's namespaces or not: a and b"
                        + " (layer l)");
    }

    private static Experiment of(String name, int from, int to, Map<String, Set<String>> context) {
        Eligibility eligibility = new Eligibility(Set.of(), context);
        return new Experiment(
                name,
                "follow",
                "l",
                name,
                Bucketing.OURS,
                from,
                to,
                VARIANTS,
                true,
                Schedule.ALWAYS,
                eligibility,
                Map.of("qa", "treatment"));
    }

    private static Traits in(Map<String, String> context) {
        return new Traits(Set.of("user"), context);
    }

    @Test
    void aContextMustHaveOneOfTheValuesOfEachName() {
        Assigner assigner = new Assigner(
                List.of(of("e", 0, 10_000, Map.of("country", Set.of("de", "at"), "platform", Set.of("ios")))));
        assertThat(names(assigner.assign("follow", "u", in(Map.of("country", "at", "platform", "ios", "x", "y")), 0)))
                .containsExactly("e/control");
        for (Map<String, String> other : List.of(
                Map.<String, String>of(),
                Map.of("country", "de"),
                Map.of("country", "DE", "platform", "ios"),
                Map.of("country", "ch", "platform", "ios"),
                Map.of("Country", "de", "platform", "ios"))) {
            assertThat(assigner.assign("follow", "u", in(other), 0))
                    .as("%s", other)
                    .isEmpty();
            assertThat(assigner.assign("u", other, 0)).as("%s", other).isEmpty();
            assertThat(names(assigner.assign("follow", "qa", in(other), 0)))
                    .as("whatever else is said")
                    .containsExactly("e/treatment");
        }
        assertThat(assigner.assign("u", Map.of("country", "de", "platform", "ios"), 0))
                .hasSize(1);
        assertThat(assigner.assign("u", 0)).as("of requests that are eligible").hasSize(1);
    }

    @Test
    void whoIsNotEligibleIsInNoOtherExperimentOfTheLayer() {
        Assigner assigner = new Assigner(
                List.of(of("a", 0, 5_000, Map.of("country", Set.of("de"))), experimentOf("b", 5_000, 10_000)));
        for (int i = 0; i < 200; i++) {
            String unit = "user:" + i;
            boolean ofA = Assigner.bucket("l", unit) < 5_000;
            assertThat(names(assigner.assign("follow", unit, in(Map.of("country", "fr")), 0)))
                    .isEqualTo(ofA ? List.of() : List.of("b/control"));
        }
    }

    private static Experiment experimentOf(String name, int from, int to) {
        return new Experiment(name, "follow", "l", name, from, to, VARIANTS, true);
    }

    @Test
    void aContextThatNobodyCanHaveIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Eligibility(Set.of(), Map.of("country", Set.of())))
                .withMessage("context.country needs a value: nobody would be in");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Eligibility(Set.of(), Map.of("a b", Set.of("c"))))
                .withMessage("a name of context is 1 to 64 letters, digits, '-', '_' and '.': 'a b'");
    }

    @Test
    void schedulesThatMakeNoSenseAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> between(200, 200))
                .withMessageContaining("end must be after start");
        Step tenth = new Step(Instant.ofEpochMilli(100), 1_000, Map.of());
        Optional<Instant> none = Optional.empty();
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new Schedule(none, none, List.of(tenth, new Step(Instant.ofEpochMilli(200), 999, Map.of()))))
                .withMessage("ramp must rise, for a unit that is in stays in: step 2 has share 0.0999 after 0.1");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new Schedule(none, none, List.of(tenth, new Step(Instant.ofEpochMilli(100), 2_000, Map.of()))))
                .withMessageContaining("ramp goes on in time: step 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Schedule(none, Optional.of(Instant.ofEpochMilli(100)), List.of(tenth)))
                .withMessageContaining("ramp must lie between start and end: step 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Schedule(Optional.of(Instant.ofEpochMilli(101)), none, List.of(tenth)))
                .withMessageContaining("ramp must lie between start and end: step 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Step(Instant.EPOCH, 1, Map.of("a", 0)))
                .withMessageContaining("weights must not be negative, and sum to 1 to");
        Schedule strange = new Schedule(none, none, List.of(new Step(Instant.EPOCH, 1, Map.of("nine", 1))));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> experiment("e", "l", strange, Set.of(), Map.of()))
                .withMessageContaining("ramp must name variants: 'nine'");
        for (double share : new double[] {-0.1, 1.1, 0.00001, Double.NaN}) {
            assertThatIllegalArgumentException().isThrownBy(() -> Step.tenThousandths(share));
        }
        assertThat(Step.tenThousandths(0.29)).isEqualTo(2_900);
        assertThat(Step.tenThousandths(0.0001)).isEqualTo(1);
    }
}
