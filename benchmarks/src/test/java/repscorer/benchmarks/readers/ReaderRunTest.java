package repscorer.benchmarks.readers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/prove readers} in short, and the oracles that it asks. */
class ReaderRunTest {

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path directory;

    @Test
    @DisplayName("V3 V4 V10: 400 damaged files lose no row in silence and make no value up")
    void damagedFiles() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (long seed = 1_000_001; seed <= 1_000_400; seed++) {
            ReaderRun.run(seed, directory).ifPresent(wrong::add);
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    @DisplayName("V5: damaged Parquet files are refused in a line, or imported as they were written")
    void damagedParquet() throws IOException {
        ParquetRun run = new ParquetRun(directory);
        List<String> wrong = new ArrayList<>();
        for (long seed = 1; seed <= 4; seed++) {
            run.run(seed).ifPresent(wrong::add);
        }
        assertThat(wrong).isEmpty();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void oraclesReadWhatIsGoodAndCountWhatIsBad() {
        Expected csv = TextOracle.separated(
                bytes(
                        "\uFEFF\"item:a \"\"b\",1,-2,.5,1e2\r\n7,\"[1, 2,3 4]\"\n7,1,2,3,4\nitem:8,1,2,3,4f\nuser:9,1,2,3,4"),
                false);
        assertThat(csv.rows).containsOnlyKeys("item:a \"b", "item:7");
        assertThat(csv.rows.get("item:a \"b")).containsExactly(1, -2, .5f, 100);
        assertThat(csv.rows.get("item:7")).containsExactly(1, 2, 3, 4);
        assertThat(csv.bad).isEqualTo(3);
        assertThat(TextOracle.separated(bytes("\"1\"x,2,3,4,5\n"), false).broken)
                .isTrue();
        Expected json = TextOracle.jsonLines(
                bytes(
                        "{\"id\":1,\"x\":[{\"id\":2}],\"vector\":[1,2,3,4]}\n{\"id\":2,\"vector\":[1,2,3,04]}\n{\"id\":3}{}\n"));
        assertThat(json.rows).containsOnlyKeys("item:1");
        assertThat(json.bad).isEqualTo(2);
        EdgeOracle edges = EdgeOracle.read(bytes("a\tb\t1\t5\na\tb\t2\t7\na\ta\t1\t5\na\tc\t-1\t5\n"));
        assertThat(edges.weights).containsOnlyKeys("a\tb");
        assertThat(edges.weights.get("a\tb")).isEqualTo(3);
        assertThat(edges.times.get("a\tb")).isEqualTo(7);
        assertThat(edges.bad).isEqualTo(2);
        byte[] records = {1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 7, 0, 0, 0};
        assertThat(MatrixOracle.records(records, bytes("item:1\nitem:2\n"), 'i').bad)
                .isEqualTo(2);
        assertThat(MatrixOracle.records(records, bytes("item:1\n"), 'i').broken).isTrue();
    }
}
