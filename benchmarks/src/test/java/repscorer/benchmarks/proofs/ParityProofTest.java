package repscorer.benchmarks.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The short form of {@code bin/prove parity}. */
class ParityProofTest {

    @Test
    void fortyCasesOfEveryAlgorithmEqualItsFormula() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        boolean holds = new ParityProof(40).holds(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        String report = bytes.toString(StandardCharsets.UTF_8);
        assertThat(holds).as(report).isTrue();
        assertThat(report).contains("0 of 720 cases of 18 algorithms differ");
    }
}
