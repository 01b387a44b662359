package repscorer.benchmarks.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.benchmarks.reliability.Workload.ReleaseFiles;
import repscorer.testing.Seeds;

/** Short forms of the proofs {@code crash}, {@code faults} and {@code flips}. */
class ReliabilityTest {

    private static final int SEEDS = 60;
    private static final int FLIPS = 200;
    private static final int KILLS = 3;

    @TempDir
    static Path directory;

    @BeforeAll
    static void quiet() {
        Quiet.store();
    }

    @Test
    @DisplayName("S4: on a disk that fails, fills up and forgets nothing acknowledged is lost, in graphs either")
    void guaranteesHoldOnADiskThatFailsFillsUpAndForgets() throws IOException {
        RandomGenerator random = Seeds.random("faults");
        List<ReleaseFiles> files = FaultRun.releases(directory);
        int acknowledged = 0;
        int failed = 0;
        for (int i = 0; i < SEEDS; i++) {
            FaultRun.Result result = FaultRun.run(random.nextLong(1L << 40), files);
            assertThat(result.differences()).isEmpty();
            acknowledged += result.acknowledged();
            failed += result.failed();
        }
        assertThat(acknowledged).isGreaterThan(10 * SEEDS);
        assertThat(failed).isGreaterThan(SEEDS);
        assertThat(Workload.selfRecall()).isGreaterThanOrEqualTo(Workload.SELF_RECALL_MIN);
    }

    @Test
    @DisplayName("S4: a flipped bit is found, named and never served, in graphs and signals either")
    void flippedBitsAreFoundNamedAndNeverServed() throws IOException {
        RandomGenerator random = Seeds.random("flips");
        FlipRun run = new FlipRun(FaultRun.releases(directory));
        assertThat(run.kinds()).containsExactlyInAnyOrder("LIVE", "emb", "hnsw", "log", "manifest", "signals");
        for (int i = 0; i < FLIPS; i++) {
            assertThat(run.flip(random.nextLong(1L << 40))).isEmpty();
        }
    }

    @Test
    @DisplayName("S4: a process that is killed loses nothing acknowledged, no signal, release or backup either")
    void killedProcessesLoseNothingAcknowledged() throws Exception {
        long seed = Seeds.random("kills").nextLong(1L << 40);
        CrashRun.Result result =
                CrashRun.run(directory.resolve("crash"), KILLS, seed, new PrintStream(PrintStream.nullOutputStream()));
        assertThat(result.differences()).isEmpty();
        assertThat(result.acknowledged()).isPositive();
    }

    /** The oracle itself can tell: what it is there to find, it finds. */
    @Test
    void theOracleFindsWhatItIsThereFor() {
        Oracle oracle = new Oracle(1);
        oracle.begin("r", Map.of("a", 1L, "b", 2L));
        oracle.live("r");
        oracle.acknowledged("r", "a", 5);
        oracle.doubted("r", "b", 6);
        assertThat(oracle.compare("r", Map.of("a", 5L, "b", 2L))).isEmpty();
        assertThat(oracle.compare("r", Map.of("a", 1L, "b", 2L))).hasSize(1);
        assertThat(oracle.restarted("r", Map.of("r", Map.of("a", 5L, "b", 6L)))).isEmpty();
        assertThat(oracle.restarted("r", Map.of("r", Map.of("a", 5L, "b", 2L)))).hasSize(1);
        assertThat(oracle.restarted("x", Map.of("r", Map.of("a", 5L, "b", 2L)))).isNotEmpty();
        assertThat(oracle.restarted("x", Map.of("y", Map.of("a", 5L)))).isNotEmpty();
    }

    @Test
    @DisplayName("S4: the oracle misses a kept release that vanishes, and none that may go")
    void theOracleKnowsWhichReleasesStay() {
        Oracle oracle = new Oracle(1);
        for (String release : List.of("r1", "r2", "r3")) {
            oracle.begin(release, Map.of("a", 1L));
            oracle.live(release);
        }
        assertThat(oracle.stay()).containsExactly("r2", "r3");
        Map<String, Long> rows = Map.of("a", 1L);
        assertThat(oracle.gone(Set.of("r3"))).containsExactly("release r2 is gone");
        oracle.begin("r4", Map.of("a", 4L)); // never answered
        assertThat(oracle.restarted("r3", Map.of("r3", rows, "r2", rows, "r1", rows)))
                .isEmpty();
        assertThat(oracle.restarted("r3", Map.of("r3", rows))).containsExactly("release r2 is gone");
        oracle.begin("r5", Map.of("a", 5L));
        assertThat(oracle.restarted("r5", Map.of("r5", Map.of("a", 5L)))).containsExactly("release r3 is gone");
    }
}
