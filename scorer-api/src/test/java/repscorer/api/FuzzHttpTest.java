package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.testing.fuzz.FuzzRun;

/** The short form of {@code bin/prove fuzz}: some hundred requests that nobody would write, of every kind of wrong. */
class FuzzHttpTest {

    private static final int REQUESTS = 1_200;

    private static final Pattern ROW = Pattern.compile("(?m)^\\| ([45][0-9 ,]+) \\|");

    @TempDir
    Path directory;

    /** The statuses of errors that the API's page tells of. */
    private static Set<Integer> documented() throws IOException {
        Set<Integer> documented = new TreeSet<>();
        Matcher row = ROW.matcher(Files.readString(TestService.configDirectory().resolveSibling("docs/api/README.md")));
        while (row.find()) {
            for (String status : row.group(1).split(",")) {
                documented.add(Integer.parseInt(status.strip()));
            }
        }
        return documented;
    }

    @Test
    void whateverIsAskedTheAnswerIsDocumentedAndWhatIsRefusedChangesNothing() throws Exception {
        String asked = System.getProperty("repscorer.seed", "");
        long seed = asked.isBlank() ? 1 : Long.parseLong(asked); // others are for bin/prove fuzz
        try (TestService service = TestService.start(directory, options -> options)) {
            FuzzRun.Report report = FuzzRun.prepare(new FuzzRun.Options(
                            service.running.uri(),
                            Http.TOKEN,
                            seed,
                            0,
                            REQUESTS,
                            2,
                            30_000,
                            documented(),
                            List.of(directory.toString())))
                    .run();
            assertThat(report.faults())
                    .as("the requests of seed %s: %s", seed, report.statuses())
                    .isEmpty();
            // What is asked comes somewhere: a run that the first check ends tells nothing.
            assertThat(report.asked()).isEqualTo(REQUESTS);
            assertThat(report.statuses()).containsKeys(200, 400, 401, 404);
            assertThat(report.answered()).hasSizeGreaterThan(15);
            assertThat(report.compared().keySet()).contains("releases", "rows", "config", "signals", "erasures");
        }
    }
}
