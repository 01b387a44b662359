package repscorer.benchmarks.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import repscorer.vector.Metric;

/** What a measured process and the bench say to each other. */
class EngineServerTest {

    private static final float[][] ROWS = {{1, 0}, {0, 1}, {0.9f, 0.1f}};
    private static final float[][] QUERIES = {{1, 0}, {0, 2}};

    @Test
    void greetsBuildsAndAnswersEveryQuery() throws Exception {
        try (BenchVectors vectors = BenchVectors.write(ROWS, QUERIES)) {
            String said =
                    serve("build l2 2 16 200 1\n%s\n%s\npass 2 10\n".formatted(vectors.rows(), vectors.queries()));
            List<String> lines = said.lines().toList();
            assertThat(lines).hasSize(6);
            assertThat(lines.get(0)).startsWith("engine our scan");
            assertThat(lines.get(1)).matches("built \\d+ \\d+ \\d+");
            assertThat(lines.get(2)).matches("pass \\d+");
            assertThat(lines.get(3)).matches("\\d+ \\d+");
            assertThat(lines.subList(4, 6)).containsExactly("0 2", "1 2");
        }
    }

    @Test
    void unknownWordsAreRefused() {
        assertThatThrownBy(() -> serve("search 1\n")).hasMessage("unknown command: search 1");
        assertThatThrownBy(() -> serve("build l3 2 16 200 1\n")).hasMessage("unknown metric: l3");
    }

    @Test
    void aProcessThatFailsIsNamedWithItsReason() throws Exception {
        try (BenchVectors vectors = BenchVectors.write(ROWS, new float[][] {{0, 0}});
                MeasuredEngine engine = Engines.start("exact")) {
            engine.build(vectors, Metric.COSINE, new BuildSettings(16, 200, 1));
            assertThatThrownBy(() -> engine.pass(1, 1))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("exact: IllegalArgumentException: a query under COSINE must not be zero");
            assertThatThrownBy(() -> engine.pass(1, 1))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("exact ended");
        }
    }

    private static String serve(String commands) throws Exception {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        try (PrintStream out = new PrintStream(said, false, StandardCharsets.UTF_8);
                EngineServer server = new EngineServer(
                        () -> JavaEngines.create("exact"), new BufferedReader(new StringReader(commands)), out)) {
            server.run();
        }
        return said.toString(StandardCharsets.UTF_8);
    }
}
