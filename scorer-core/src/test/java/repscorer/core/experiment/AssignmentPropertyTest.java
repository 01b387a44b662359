package repscorer.core.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import repscorer.testing.Seeds;

@DisplayName("Issue 19: bucketing is even, independent and sticky")
class AssignmentPropertyTest {

    private static final int UNITS = 100_000;
    private static final String[] NAMES = {"a", "b", "c"};

    private static Experiment experiment(
            String name, String layer, Bucketing bucketing, Schedule schedule, int... weights) {
        List<Variant> variants = new ArrayList<>();
        for (int i = 0; i < weights.length; i++) {
            variants.add(new Variant(NAMES[i], weights[i], Map.of()));
        }
        return new Experiment(
                name,
                "s",
                layer,
                name,
                bucketing,
                0,
                Experiment.BUCKETS,
                variants,
                true,
                schedule,
                Eligibility.ANYTHING,
                Map.of());
    }

    private static Experiment eligible(Experiment of) {
        return new Experiment(
                of.name(),
                of.surface(),
                of.layer(),
                of.salt(),
                of.bucketing(),
                of.bucketFrom(),
                of.bucketTo(),
                of.variants(),
                of.enabled(),
                of.schedule(),
                new Eligibility(Set.of("user", "vector"), Map.of("country", Set.of("de", "at"))),
                of.forced());
    }

    private static Schedule ramp(Schedule.Step... steps) {
        return new Schedule(Optional.empty(), Optional.empty(), List.of(steps));
    }

    private static Schedule.Step step(long at, int tenThousandths, Map<String, Integer> weights) {
        return new Schedule.Step(Instant.ofEpochMilli(at), tenThousandths, weights);
    }

    /** Empty for a unit that is not in. */
    private static String variant(Assigner assigner, String unit, long now) {
        List<Assignment> assignments = assigner.assign("s", unit, Traits.NONE, now);
        return assignments.isEmpty() ? "" : assignments.getFirst().variant().name();
    }

    private static double chiSquare(long[] counts, double[] expected) {
        double sum = 0;
        for (int i = 0; i < counts.length; i++) {
            sum += (counts[i] - expected[i]) * (counts[i] - expected[i]) / expected[i];
        }
        return sum;
    }

    /** Ids in a row, as ids are: what is even over them is not by chance. The bound is passed by one hash in 100,000. */
    @ParameterizedTest
    @EnumSource(value = Bucketing.class, mode = EnumSource.Mode.EXCLUDE, names = "OPENFEATURE")
    void sharesAreKeptOverAMillionIds(Bucketing bucketing) {
        Assigner assigner = new Assigner(List.of(experiment("shares", "l", bucketing, Schedule.ALWAYS, 20, 30, 50)));
        long[] counts = new long[3];
        int units = 1_000_000;
        for (int i = 0; i < units; i++) {
            counts[variant(assigner, Integer.toString(i), 0).charAt(0) - 'a']++;
        }
        assertThat(chiSquare(counts, new double[] {.2 * units, .3 * units, .5 * units}))
                .as("%s: %s", bucketing, Arrays.toString(counts))
                .isLessThan(23.03); // 2 degrees
    }

    @Test
    void bucketsAreEvenOverAMillionIds() {
        long[] counts = new long[100];
        for (int i = 0; i < 1_000_000; i++) {
            counts[Assigner.bucket("even", "user:" + i) / 100]++;
        }
        double[] expected = new double[100];
        Arrays.fill(expected, 10_000);
        assertThat(chiSquare(counts, expected)).isLessThan(169.1); // 99 degrees, one hash in 100,000
    }

    @Test
    void experimentsOfTwoLayersAreIndependent() {
        Assigner assigner = new Assigner(List.of(
                experiment("one", "first", Bucketing.OURS, Schedule.ALWAYS, 20, 30, 50),
                experiment("two", "second", Bucketing.OURS, Schedule.ALWAYS, 50, 25, 25)));
        long[] counts = new long[9];
        int units = 1_000_000;
        for (int i = 0; i < units; i++) {
            List<Assignment> assigned = assigner.assign("s", "user:" + i, Traits.NONE, 0);
            counts[
                    3 * (assigned.getFirst().variant().name().charAt(0) - 'a')
                            + assigned.getLast().variant().name().charAt(0)
                            - 'a']++;
        }
        double[] expected = new double[9];
        double[] one = {.2, .3, .5};
        double[] two = {.5, .25, .25};
        for (int i = 0; i < 9; i++) {
            expected[i] = units * one[i / 3] * two[i % 3];
        }
        assertThat(chiSquare(counts, expected)).as(Arrays.toString(counts)).isLessThan(37.3); // 8 degrees
    }

    /** Shares and moments are drawn; whoever was in at one of them is in the same variant at all that follow. */
    @ParameterizedTest
    @EnumSource(value = Bucketing.class, mode = EnumSource.Mode.EXCLUDE, names = "OPENFEATURE")
    void aRampNeverMovesAUnitThatIsIn(Bucketing bucketing) {
        RandomGenerator random = Seeds.random("AssignmentPropertyTest");
        int[] percents = random.ints(1, 101).distinct().limit(5).sorted().toArray();
        List<Schedule.Step> steps = new ArrayList<>();
        for (int i = 0; i < percents.length; i++) {
            boolean others = bucketing == Bucketing.OURS && random.nextBoolean();
            steps.add(step(
                    1_000 * i,
                    100 * percents[i],
                    others ? Map.of("a", random.nextInt(100), "b", 1 + random.nextInt(100)) : Map.of()));
        }
        Assigner assigner = new Assigner(
                List.of(experiment("ramp", "l", bucketing, ramp(steps.toArray(Schedule.Step[]::new)), 1, 2, 3)));
        int before = -1;
        Map<String, String> in = new HashMap<>();
        for (int i = 0; i < percents.length; i++) {
            for (int u = 0; u < UNITS; u++) {
                String unit = "user:" + u;
                String variant = variant(assigner, unit, 1_000 * i + random.nextInt(1_000));
                if (in.containsKey(unit)) {
                    assertThat(variant).as("%s at step %s", unit, i).isEqualTo(in.get(unit));
                } else if (!variant.isEmpty()) {
                    in.put(unit, variant);
                }
            }
            double share = in.size() / (double) UNITS;
            assertThat(in.size()).isGreaterThan(before);
            // Five deviations; GrowthBook's thousandths are coarser than that.
            assertThat(Math.abs(share - percents[i] / 100.0)).isLessThan(bucketing.hasNamespaces() ? 0.02 : 0.008);
            before = in.size();
        }
        assertThat(variant(assigner, "user:1", -1)).isEmpty();
    }

    /** A file before and after shares changed by steps that lie ahead. */
    @Test
    void noUnitMovesWhenSharesChange() {
        Schedule.Step first = step(0, 1_000, Map.of());
        Assigner before = new Assigner(List.of(experiment("e", "l", Bucketing.OURS, ramp(first), 50, 50)));
        Assigner after = new Assigner(List.of(experiment(
                "e",
                "l",
                Bucketing.OURS,
                ramp(first, step(1_000, 4_000, Map.of("b", 1)), step(2_000, 10_000, Map.of("a", 9, "b", 1))),
                50,
                50)));
        int in = 0;
        Map<String, Integer> counts = new HashMap<>();
        for (int u = 0; u < UNITS; u++) {
            String unit = "user:" + u;
            String was = variant(before, unit, 500);
            for (long now : new long[] {500, 1_500, 2_500}) {
                if (!was.isEmpty()) {
                    assertThat(variant(after, unit, now)).isEqualTo(was);
                }
                counts.merge(variant(after, unit, now) + now, 1, Integer::sum);
            }
            in += was.isEmpty() ? 0 : 1;
        }
        assertThat(in).isBetween(9_500, 10_500);
        // 5 and 5 of 100; 5 and 35; 5 + 54 and 35 + 6.
        Function<String, Double> share = key -> counts.getOrDefault(key, 0) / (double) UNITS;
        assertThat(share.apply("a1500")).isBetween(0.045, 0.055);
        assertThat(share.apply("b1500")).isBetween(0.34, 0.36);
        assertThat(share.apply("a2500")).isBetween(0.58, 0.60);
        assertThat(share.apply("b2500")).isBetween(0.40, 0.42);
    }

    @Test
    void bucketsThatGrowMoveNobodyThatIsIn() {
        List<Variant> variants = List.of(new Variant("a", 1, Map.of()), new Variant("b", 1, Map.of()));
        Assigner narrow = new Assigner(List.of(new Experiment("e", "s", "l", "e", 2_000, 3_000, variants, true)));
        Assigner wide = new Assigner(List.of(new Experiment("e", "s", "l", "e", 1_000, 9_000, variants, true)));
        int in = 0;
        for (int u = 0; u < UNITS; u++) {
            String was = variant(narrow, "user:" + u, 0);
            if (!was.isEmpty()) {
                assertThat(variant(wide, "user:" + u, 0)).isEqualTo(was);
                in++;
            }
        }
        assertThat(in).isGreaterThan(9_000);
    }

    @Test
    @DisplayName("Issue 19: an assignment allocates nothing beyond its result")
    void anAssignmentAllocatesItsResultAlone() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Assigner assigner = new Assigner(
                List.of(
                        eligible(experiment("ours", "l", Bucketing.OURS, ramp(step(0, 9_999, Map.of())), 1, 1)),
                        eligible(experiment("theirs", "m", Bucketing.UNLEASH, Schedule.ALWAYS, 1, 1))),
                new HoldOuts(new HoldOuts.HoldOut(100, "all"), Map.of("l", new HoldOuts.HoldOut(100, "l"))));
        String[] units = new String[1_000];
        for (int i = 0; i < units.length; i++) {
            units[i] = "user:" + i;
        }
        Traits traits = new Traits(Set.of("user"), Map.of("country", "de"));
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 50; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (String unit : units) {
                assigner.assign("s", unit, traits, 1);
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        // Two lists of two, and what sorts them.
        assertThat(least / units.length).isLessThanOrEqualTo(128);
    }
}
