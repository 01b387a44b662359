package repscorer.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import repscorer.benchmarks.proofs.Proofs;
import repscorer.testing.CommandRun;

/** What a person at a shell sees of {@code bench} and {@code prove}, beside the commands of the service. */
class CommandsTest {

    private static CommandRun run(Object... args) {
        return CommandRun.of(given -> repscorer.cli.Main.run(Main.commands(), given), args);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bench", "bench ann", "bench scoring", "bench requests", "prove"})
    void everyCommandHasHelp(String command) {
        CommandRun asked = run((command + " --help").split(" "));
        assertThat(asked.exit()).isZero();
        assertThat(asked.out()).contains("Usage: repscorer " + command).contains("--help");
        assertThat(run(("help " + command.split(" ")[0]).split(" ")).exit()).isZero();
    }

    @Test
    void theHelpListsThemBetweenTheOtherCommandsAndItself() {
        CommandRun asked = run("--help");
        assertThat(asked.exit()).isZero();
        assertThat(asked.out())
                .containsSubsequence("  demo ", "  serve ", "  query ", "  bench ", "  prove ", "  help ");
    }

    @Test
    void usersMistakesAreOneLineAndExitCodeTwo() {
        run("prove", "nothing").assertMistake("demo-start");
        run("prove", "soak", "--limit", "minute=2").assertMistake("warm-up-s");
        run("prove", "soak", "--limit", "minutes=-2").assertMistake("minutes=-2");
        run("prove", "gate", "--limit", "minutes=2").assertMistake("gate");
        run("bench", "ann", "--base", "/nowhere", "--queries", "x", "--metric", "l2")
                .assertMistake("no such file");
        run("bench", "ann", "--base", "/nowhere", "--metric", "l2").assertMistake("--queries");
        run("bench", "requests", "--exclude", "9", "--scores", "9").assertMistake("--scores");
        run("bench", "requests", "--engines", "vespa").assertMistake("opensearch");
        run("bench", "scoring", "--rows", "x").assertMistake("--rows");
    }

    @Test
    void proofsAreListedByNameAndClaim() {
        CommandRun listed = run("prove");
        assertThat(listed.exit()).isZero();
        assertThat(listed.out().lines()).hasSameSizeAs(Proofs.all());
        assertThat(Proofs.all()).allSatisfy(proof -> assertThat(listed.out()).contains(proof.name(), proof.claim()));
        assertThat(Proofs.all().stream().map(proof -> proof.name())).doesNotHaveDuplicates();
    }
}
