package repscorer.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import repscorer.core.experiment.Bucketing;
import repscorer.core.experiment.Eligibility;
import repscorer.core.experiment.Experiment;
import repscorer.core.experiment.GuardRails;
import repscorer.core.experiment.GuardRails.Rail;
import repscorer.core.experiment.Schedule;
import repscorer.core.experiment.Variant;
import repscorer.testing.Seeds;

class VariantCountsTest {

    private static final GuardRails RAILS = new GuardRails(
            Map.of(Rail.EMPTY_RATE, .02, Rail.MISSING_RATE, .05), Duration.ofMillis(100), Optional.empty(), .05);

    private static Experiment experiment() {
        return new Experiment(
                "e",
                "follow",
                "layer",
                "salt",
                Bucketing.OURS,
                0,
                Experiment.BUCKETS,
                List.of(new Variant("control", 1, Map.of()), new Variant("other", 1, Map.of())),
                true,
                Schedule.ALWAYS,
                Eligibility.ANYTHING,
                Map.of("user:qa", "other"),
                RAILS);
    }

    private static Optional<VariantCounts.Alarm> feed(
            VariantCounts counts, RandomGenerator random, int from, int to, double empty, long now) {
        for (int i = from; i < to; i++) {
            boolean control = i % 2 == 0;
            double share = random.nextDouble() < (control ? .01 : empty) ? 1 : 0;
            Optional<VariantCounts.Alarm> alarm = counts.saw(
                    control ? "control" : "other",
                    "user:" + i,
                    Map.of(Rail.EMPTY_RATE, share, Rail.MISSING_RATE, .3),
                    now);
            if (alarm.isPresent()) {
                return alarm;
            }
        }
        return Optional.empty();
    }

    @Test
    void theBrokenVariantAndItsRailAreTold() {
        VariantCounts counts = new VariantCounts(experiment(), 0);
        VariantCounts.Alarm alarm =
                feed(counts, Seeds.random("guard-rails"), 0, 1_000, .4, 0).orElseThrow();
        assertThat(alarm.variant()).isEqualTo("other");
        assertThat(alarm.rail()).isEqualTo(Rail.EMPTY_RATE);
        assertThat(alarm.words())
                .matches("empty-rate is 0\\.\\d{4} of \\d+ units and 0\\.\\d{4} of \\d+ of control: .*0\\.02.*");
    }

    @Test
    void aUnitThatComesAgainAndAgainIsNoEvidence() {
        VariantCounts counts = new VariantCounts(experiment(), 0);
        for (int i = 0; i < 10_000; i++) {
            assertThat(counts.saw("other", "user:" + i % 3, Map.of(Rail.EMPTY_RATE, 1.0), 0))
                    .isEmpty();
            assertThat(counts.saw("control", "user:c" + i % 500, Map.of(Rail.EMPTY_RATE, 0.0), 0))
                    .isEmpty();
            assertThat(counts.saw("other", "user:qa", Map.of(Rail.EMPTY_RATE, 1.0), 0))
                    .as("forced")
                    .isEmpty();
        }
    }

    @Test
    void aDayIsForgottenSoThatALongPastHidesNothing() {
        VariantCounts counts = new VariantCounts(experiment(), 0);
        RandomGenerator random = Seeds.random("guard-rails");
        assertThat(feed(counts, random, 0, 20_000, .01, 0)).isEmpty();
        long tomorrow = VariantCounts.EPOCH.toMillis();
        assertThat(feed(counts, random, 0, 300, .5, tomorrow)).isPresent();
    }

    @Test
    void unitsAreSeenOnceHoweverManyThereAre() {
        UnitSet units = new UnitSet();
        for (int i = 0; i < 50_000; i++) {
            assertThat(units.add("user:" + i)).isTrue();
        }
        for (int i = 0; i < 50_000; i += 7) {
            assertThat(units.add("user:" + i)).isFalse();
        }
        units.clear();
        assertThat(units.add("user:1")).isTrue();
        assertThat(units.isFull()).isFalse();
    }
}
