package repscorer.core.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import repscorer.core.experiment.Switches.Kind;
import repscorer.core.experiment.Switches.Part;

@DisplayName("Issue 19: a share of those who ask is served, the same ones each time")
class SwitchesTest {

    private static Switches of(Kind kind, String name, int share) {
        return new Switches(Map.of(new Part(kind, name), share));
    }

    /** Places computed elsewhere: the first eight bytes of the SHA-256 of switch:KIND:NAME:ASKER, modulo 10,000. */
    @ParameterizedTest
    @CsvSource({"SURFACE, follow, user:1, 7244", "SPACE, twhin-user, user:1, 1710", "CALLER, mixer, gerät:é, 4879"})
    void whoIsServedIsPublished(Kind kind, String name, String asker, int place) {
        assertThat(of(kind, name, place).serves(kind, name, asker)).isFalse();
        assertThat(of(kind, name, place + 1).serves(kind, name, asker)).isTrue();
    }

    @Test
    void aLargerShareServesWhoWasServedAndSharesAreWhatTheySay() {
        int before = 0;
        for (int share : List.of(0, 1, 100, 2_500, 9_000, 10_000)) {
            Switches switches = of(Kind.SURFACE, "follow", share);
            Switches more = of(Kind.SURFACE, "follow", Math.min(10_000, share + 500));
            int served = 0;
            for (int i = 0; i < 20_000; i++) {
                if (switches.serves(Kind.SURFACE, "follow", "user:" + i)) {
                    served++;
                    assertThat(more.serves(Kind.SURFACE, "follow", "user:" + i)).isTrue();
                }
            }
            // Four deviations of a draw of 20,000.
            double deviation = Math.sqrt(20_000 * (share / 1e4) * (1 - share / 1e4));
            assertThat((double) served).isBetween(2.0 * share - 4 * deviation, 2.0 * share + 4 * deviation);
            assertThat(served).isGreaterThanOrEqualTo(before);
            before = served;
        }
    }

    @Test
    void whatIsNotNamedIsServedAndASharePastTheWholeIsRefused() {
        assertThat(Switches.NONE.serves(Kind.SURFACE, "follow", "user:1")).isTrue();
        assertThat(of(Kind.SURFACE, "follow", 0).serves(Kind.SPACE, "follow", "user:1"))
                .isTrue();
        assertThat(of(Kind.SURFACE, "follow", 0).serves(Kind.SURFACE, "search", "user:1"))
                .isTrue();
        assertThat(of(Kind.SURFACE, "follow", 0).concern(Kind.SURFACE)).isTrue();
        assertThat(of(Kind.SURFACE, "follow", 0).concern(Kind.CALLER)).isFalse();
        assertThatThrownBy(() -> of(Kind.SURFACE, "follow", 10_001))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a share must be 0 to 10000: 10001 of surface follow");
    }
}
