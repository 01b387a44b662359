package repscorer.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import repscorer.wire.ReleaseBody;

class DemoTest {

    private static ReleaseBody release(Map<String, Double> checks) {
        return new ReleaseBody(
                "r1", "LIVE", "2026-11-28T00:00:00Z", Map.of("a", "1", "b", "2"), checks, null, null, null, null, null);
    }

    @DisplayName("S12: unreachable rows are counts, not shares")
    @Test
    void theLeastRecallIsTakenOfRecallsOnly() {
        assertThat(Demo.published(release(Map.of(
                        ReleaseBody.recallOf(10, "a"),
                        0.9995,
                        ReleaseBody.recallOf(10, "b"),
                        0.987,
                        "unreachable of a",
                        0.0,
                        "unreachable of b",
                        0.0))))
                .isEqualTo(
                        "release r1 is live: 2 spaces; every graph index found at least 98.7% of the true ten nearest");
        assertThat(Demo.published(release(Map.of()))).isEqualTo("release r1 is live: 2 spaces");
    }

    @Test
    @DisplayName("S22: a token of the environment is named and not printed; one of the demo's own is printed")
    void aTokenFromOutsideIsNotPrinted() {
        assertThat(Demo.tokenLine(Optional.of("secret-of-the-environment"), "secret-of-the-environment"))
                .doesNotContain("secret")
                .contains("REPSCORER_ADMIN_TOKEN");
        assertThat(Demo.tokenLine(Optional.empty(), "made-for-this-run")).endsWith(": made-for-this-run");
    }
}
