package repscorer.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.jerolba.carpet.CarpetWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableReaderTest {

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    /** A row of a Parquet file. */
    public record Row(
            String decision,
            @Nullable String candidate,
            @Nullable Double value,
            long at,
            boolean more) {}

    private static List<String> read(Path file, Set<String> optional, String... columns) throws IOException {
        List<String> rows = new ArrayList<>();
        try (ImportInput input = ImportInput.of(file, Optional.empty())) {
            new TableReader(ImportFormat.ofName(file.getFileName().toString()), List.of(columns), optional)
                    .read(input, new TableSink() {
                        @Override
                        public void row(long row, @Nullable String[] cells) {
                            rows.add(row + Arrays.toString(cells));
                        }

                        @Override
                        public void bad(long row, String rule) {
                            rows.add(row + " " + rule);
                        }
                    });
        }
        return rows;
    }

    @Test
    void allFormatsGiveTheSameCells() throws IOException {
        Path csv = Files.writeString(directory.resolve("a.csv"), """
                at,candidate,"decision",value
                7,user:ü,"a ""b"", c",2.5
                8,,d
                """);
        Path tsv = Files.writeString(
                directory.resolve("a.tsv"), "candidate\tat\tvalue\tdecision\nuser:ü\t7\t2.5\ta \"b\", c\n\t8\t\td\n");
        Path jsonl = Files.writeString(directory.resolve("a.jsonl"), """
                {"decision":"a \\"b\\", c","candidate":"user:ü","value":2.5,"at":7,"more":{"a":[1]}}
                {"decision":"d","at":8,"candidate":null}
                """);
        Path parquet = directory.resolve("a.parquet");
        try (CarpetWriter<Row> writer = new CarpetWriter<>(Files.newOutputStream(parquet), Row.class)) {
            writer.write(new Row("a \"b\", c", "user:ü", 2.5, 7, true));
            writer.write(new Row("d", null, null, 8, false));
        }
        for (Path file : List.of(csv, tsv, jsonl, parquet)) {
            assertThat(read(file, Set.of("time"), "decision", "candidate", "value", "at", "time"))
                    .as(file.toString())
                    .containsExactly("1[a \"b\", c, user:ü, 2.5, 7, null]", "2[d, null, null, 8, null]");
        }
        for (Path file : List.of(csv, tsv, parquet)) {
            assertThatThrownBy(() -> read(file, Set.of(), "decision", "time"))
                    .hasMessageContaining(file.getFileName() + " has no column 'time'; there are [");
        }
    }

    @Test
    void badRowsAreTold() throws IOException {
        Path jsonl = Files.writeString(directory.resolve("b.jsonl"), "[]\n{\"a\":[1]}\n\n{\"a\":\"1\"}\n{\n");
        List<String> rows = read(jsonl, Set.of(), "a");
        assertThat(rows).hasSize(4);
        assertThat(rows.get(1)).isEqualTo("2 a is neither text nor number");
        assertThat(rows.get(2)).isEqualTo("4[1]");
        assertThatThrownBy(() -> read(Files.writeString(directory.resolve("c.csv"), ""), Set.of(), "a"))
                .hasMessageContaining("a first line names the columns");
        assertThatThrownBy(() -> new TableReader(ImportFormat.NPY, List.of(), Set.of()))
                .hasMessageContaining("a table is parquet, jsonl, csv or tsv");
    }
}
