package repscorer.benchmarks.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.benchmarks.reliability.Workload.ReleaseFiles;
import repscorer.testing.Seeds;

/** Short forms of the proofs {@code crash}, {@code faults} and {@code flips}. */
class ReliabilityTest {

    private static final int SEEDS = 60;
    private static final int FLIPS = 300;
    private static final int KILLS = 3;

    @TempDir
    static Path directory;

    @BeforeAll
    static void quiet() {
        Quiet.store();
    }

    @Test
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
    }

    @Test
    void flippedBitsAreFoundNamedAndNeverServed() throws IOException {
        RandomGenerator random = Seeds.random("flips");
        FlipRun run = new FlipRun(FaultRun.releases(directory));
        assertThat(run.kinds()).containsExactlyInAnyOrder("LIVE", "emb", "hnsw", "log", "manifest", "signals");
        for (int i = 0; i < FLIPS; i++) {
            assertThat(run.flip(random.nextLong(1L << 40))).isEmpty();
        }
    }

    @Test
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
        Oracle oracle = new Oracle();
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
}
