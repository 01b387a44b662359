package repscorer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import repscorer.testing.CommandRun;

@DisplayName("Issue 17: what a service will take is told before there is one")
class PlanCommandTest {

    private static final Path CONFIG =
            Path.of(System.getProperty("repscorer.root", "..")).resolve("config");

    private static CommandRun plan(Object... args) {
        return CommandRun.of(
                given -> Main.run(List.of(), given),
                Stream.concat(Stream.of("plan", "--config", CONFIG), Stream.of(args))
                        .toArray());
    }

    @Test
    void spacesReleasesAndChangesAreToldOf() {
        CommandRun plan = plan(
                "--rows",
                "twhin-user=100m",
                "--rows",
                "simclusters-interest=1.5k",
                "--entries",
                "simclusters-interest=20",
                "--changes",
                "twhin-user=500",
                "--no-time");
        assertThat(plan.exit()).as(plan.err()).isZero();
        assertThat(plan.out())
                .containsPattern("twhin-user +100,000,000 +\\d+\\.\\d GiB +\\d+\\.\\d GiB +\\d+\\.\\d GiB +- +-\\R")
                .containsPattern("simclusters-interest +1,500 ")
                .containsPattern("a release: \\d+\\.\\d GiB on disk, \\d+\\.\\d GiB of memory")
                .contains("while the next is published")
                .containsPattern(
                        "twhin-user: 500 changes a second make a log of \\S+ MiB until they are compacted, every 20.0 s")
                .containsPattern("store.compaction-changes of [\\d,]+ makes it 95.4 MiB")
                .containsPattern("left out, for want of --rows: .*twhin-tweet");
    }

    @Test
    void timeIsToldBySomeRowsThatAreBuilt() {
        assertThat(plan("--rows", "twhin-user=2000").out()).containsPattern("twhin-user +2,000 .* \\d+\\.\\d s\\R");
    }

    @Test
    void mistakesAreNamed() {
        plan().assertMistake("--rows");
        plan("--rows", "nowhere=5").assertMistake("no space is called 'nowhere'");
        plan("--rows", "twhin-user=many").assertMistake("--rows twhin-user is a number such as");
        plan("--rows", "twhin-user=0").assertMistake("a space has 1 to 2147483639 rows: 0 (space twhin-user)");
        plan("--rows", "twhin-user=3b").assertMistake("a space has 1 to 2147483639 rows");
        plan("--rows", "twhin-user=5", "--entries", "simclusters-interest=3")
                .assertMistake("--rows is missing for space simclusters-interest");
    }
}
