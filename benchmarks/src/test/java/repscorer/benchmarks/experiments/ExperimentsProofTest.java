package repscorer.benchmarks.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import repscorer.benchmarks.proof.ProofData;

/** The proofs with fewer runs, for every build. */
@DisplayName("Issue 19: the analysis against known truths")
class ExperimentsProofTest {

    private static final int RUNS = 40;

    @Test
    void theAnalysisFindsWhatSimulatorsKnow() {
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        boolean holds = new ExperimentsProof().holds(new PrintStream(told, true, StandardCharsets.UTF_8), RUNS);
        String text = told.toString(StandardCharsets.UTF_8);
        System.out.println(text);
        assertThat(holds).as(text).isTrue();
        assertThat(text.lines()).last().isEqualTo("all hold");
    }

    @Test
    void theOpenBanditDataIsEstimatedAsByPlainSums() throws IOException {
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        boolean holds = new OffPolicyProof().holds(new PrintStream(told, true, StandardCharsets.UTF_8));
        String text = told.toString(StandardCharsets.UTF_8);
        System.out.println(text);
        assertThat(holds).as(text).isTrue();
        if (ProofData.folder("external/open-bandit").isPresent()) {
            assertThat(text)
                    .contains(
                            "truth 0.00460 ± 0.00068",
                            "weighted 0.00301 ± 0.00077",
                            "self-normalised 0.00319",
                            "effective sample 656");
        }
    }
}
