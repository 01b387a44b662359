package repscorer.core.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import repscorer.core.experiment.GuardRails.Rail;

class CanaryTest {

    private static final Instant BEGUN = Instant.parse("2026-11-29T12:00:00.5Z");
    private static final Canary CANARY = new Canary("r-2", "r-1", 500, BEGUN, Duration.ofMinutes(30), true);
    private static final GuardRails RAILS =
            new GuardRails(Map.of(Rail.EMPTY_RATE, .02), Duration.ofMillis(100), Optional.empty(), .06);

    private static String variant(Assigner assigner, String surface, String unit, Instant at) {
        return assigner.assign(surface, unit, new Traits(Set.of("user"), Map.of()), at.toEpochMilli()).stream()
                .map(each -> each.variant().name())
                .findFirst()
                .orElse("none");
    }

    @Test
    @DisplayName("a unit is on the same side on all surfaces and at all times; their share is the canary's")
    void aUnitIsOnOneSideEverywhere() {
        Assigner assigner = new Assigner(CANARY.experiments(List.of("follow", "tweet", "search"), RAILS));
        int tried = 0;
        for (int i = 0; i < 20_000; i++) {
            String unit = "user:" + i;
            String side = variant(assigner, "follow", unit, BEGUN);
            assertThat(variant(assigner, "tweet", unit, BEGUN.plusSeconds(86_400)))
                    .isEqualTo(side);
            assertThat(variant(assigner, "search", unit, BEGUN)).isEqualTo(side);
            tried += side.equals(Canary.VARIANT) ? 1 : 0;
        }
        assertThat(tried / 20_000.0).isBetween(.045, .055); // five standard deviations are .008
        assertThat(variant(assigner, "follow", "user:1", BEGUN.minusMillis(1))).isEqualTo("none");
    }

    @Test
    @DisplayName("the surfaces share out the false alarms, and only one variant reads another release")
    void theSurfacesShareFalseAlarms() {
        List<Experiment> experiments = CANARY.experiments(List.of("follow", "tweet"), RAILS);
        assertThat(experiments).allSatisfy(each -> {
            assertThat(Canary.isOne(each.name())).isTrue();
            assertThat(each.guardRails().falseAlarms()).isEqualTo(.03);
            assertThat(each.control()).isEqualTo("live");
            assertThat(each.variant("live").overrides()).isEmpty();
            assertThat(each.variant(Canary.VARIANT).overrides()).isEqualTo(Map.of("release", "r-2"));
        });
    }

    @Test
    @DisplayName("it is read as it was written, and refuses what is out of bounds")
    void itIsReadAsWritten() {
        assertThat(Canary.ofText(CANARY.toText())).isEqualTo(CANARY);
        assertThatThrownBy(() -> Canary.ofText("release=r")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Canary("a", "b", 5_001, BEGUN, Duration.ofMinutes(1), false))
                .hasMessage("a canary answers 1 to 5000 of 10000 units: 5001");
        assertThatThrownBy(() -> new Canary("a", "b", 1, BEGUN, Duration.ofDays(31), false))
                .hasMessage("a canary lasts 1s to 30d: 2678400s");
    }
}
