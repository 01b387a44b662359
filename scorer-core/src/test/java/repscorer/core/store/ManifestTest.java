package repscorer.core.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import repscorer.core.store.Release.IndexCheck;
import repscorer.core.store.gate.GateResult;
import repscorer.core.store.gate.Verdict;

/** What a manifest says after spaces were compacted or carried over. */
class ManifestTest {

    private static final Manifest.Base BASE = new Manifest.Base(
            3, "base", 7, Map.of("p", 5L, "q", 9L), Optional.of(Instant.parse("2026-01-01T00:00:00Z")));

    private static IndexCheck check(String space, double recall) {
        return new IndexCheck(space, OptionalDouble.of(recall), OptionalInt.of(0));
    }

    private static Manifest manifest(String name, String... spaces) {
        Map<String, String> versions = new TreeMap<>();
        for (String space : spaces) {
            versions.put(space, name + "-" + space);
        }
        return new Manifest(
                name,
                1,
                Instant.EPOCH,
                versions,
                List.of(spaces).stream().map(space -> check(space, 0.5)).toList(),
                Optional.empty());
    }

    private static void assertIsReadAsWritten(Manifest manifest) {
        assertThat(Manifest.parse(manifest.toBytes())).isEqualTo(manifest);
    }

    @Test
    @DisplayName("a compacted space has its new base and what was measured of that, others have what they had")
    void aCompactedSpaceHasItsNewBase() {
        Manifest compacted = manifest("r1", "a", "b").with("b", BASE, Optional.of(check("b", 0.75)));
        assertThat(compacted.checks()).containsExactly(check("a", 0.5), check("b", 0.75));
        assertThat(compacted.fileOf("b")).isEqualTo("b.3.emb");
        assertThat(compacted.fileOf("a")).isEqualTo("a.emb");
        assertThat(compacted.checksumOf("b")).isEqualTo("base");
        assertThat(compacted.checksumOf("a")).isEqualTo("r1-a");
        assertIsReadAsWritten(compacted);
        Manifest scanned = compacted.with("b", BASE, Optional.empty());
        assertThat(scanned.checks()).containsExactly(check("a", 0.5));
        assertIsReadAsWritten(scanned);
    }

    @Test
    @DisplayName("a carried space has the version and the checks of the release that it came from, and is told apart")
    void aCarriedSpaceHasTheVersionItCameWith() {
        Manifest carrying = manifest("r2", "a").withCarried("b", BASE, manifest("r1", "a", "b"));
        assertThat(carrying.versions()).isEqualTo(Map.of("a", "r2-a", "b", "r1-b"));
        assertThat(carrying.carried()).isEqualTo(Map.of("b", "r1"));
        assertThat(carrying.checks()).containsExactly(check("a", 0.5), check("b", 0.5));
        assertIsReadAsWritten(carrying);
        assertThat(carrying.isOf(Map.of("a", "r2-a"))).isTrue();
        assertThat(carrying.isOf(Map.of("a", "r2-a", "b", "r1-b"))).isTrue();
        assertThat(carrying.isOf(Map.of("a", "r2-a", "b", "other"))).isFalse();
        assertThat(carrying.isOf(Map.of("b", "r1-b"))).isFalse();
        assertThat(manifest("r1", "a", "b").isOf(Map.of("a", "r1-a"))).isFalse();
    }

    @Test
    @DisplayName("what a release was held to is read as it was written, and stays whatever becomes of its spaces")
    void aVerdictIsKept() {
        Verdict verdict = new Verdict(
                List.of(
                        GateResult.atLeast("coverage", "a", 0.25, 0.5),
                        new GateResult("count", "b", 1.5, 0.5, 10),
                        GateResult.atMost("unreachable", "a", 0, 0)),
                Optional.of(new Verdict.Forced("maria", "ids were = dealt anew", Instant.ofEpochSecond(9))));
        Manifest judged = manifest("r1", "a", "b").with(verdict);
        assertIsReadAsWritten(judged);
        assertThat(judged.with("b", BASE, Optional.empty()).verdict()).isEqualTo(verdict);
        assertThat(judged.withRejection("why").withPinned(true).verdict()).isEqualTo(verdict);
        assertThat(verdict.mayGoLive()).isTrue();
        assertThat(new Verdict(verdict.gates(), Optional.empty()).mayGoLive()).isFalse();
        assertThat(verdict.words()).isEqualTo("coverage of a must be at least 0.5: 0.2500");
        assertThat(new Verdict(verdict.gates().subList(1, 3), verdict.forced()).forced())
                .as("nobody had to")
                .isEmpty();
    }
}
