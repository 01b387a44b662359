package repscorer.stores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSegmentsTest {

    @TempDir
    Path directory;

    private static Segment of(String text) {
        return new Segment(Optional.of(text), Map.of());
    }

    @Test
    void whatWasPutIsThereAgainWithItsTypes() throws IOException {
        Path file = directory.resolve("segments");
        Segment whole = new Segment(
                Optional.of("a line\nand \"another\" ☃"),
                Map.of(
                        "text",
                        "1",
                        "int",
                        Integer.MIN_VALUE,
                        "long",
                        Long.MAX_VALUE,
                        "float",
                        Float.MIN_VALUE,
                        "double",
                        Double.NEGATIVE_INFINITY,
                        "truth",
                        true,
                        "uuid",
                        UUID.randomUUID(),
                        "list",
                        List.of("a", 1, 2L, List.of(1.5))));
        try (FileSegments segments = FileSegments.open(file)) {
            segments.put(Map.of("a", of("first"), "b", Segment.NONE, "c", of("gone")));
            segments.put(Map.of("a", whole));
            segments.remove(List.of("c", "never there"));
        }
        try (FileSegments segments = FileSegments.open(file)) {
            assertThat(segments.get(List.of("a", "b", "c"))).isEqualTo(Map.of("a", whole, "b", Segment.NONE));
            assertThat(segments.ids(segment -> segment.text().isEmpty(), 9)).containsExactly("b");
            assertThat(segments.ids(any -> true, 1)).hasSize(1);
        }
    }

    @Test
    void aLineThatACrashCutOffIsLeftOutAndAnythingElseThatIsNoneIsTold() throws IOException {
        Path file = directory.resolve("segments");
        try (FileSegments segments = FileSegments.open(file)) {
            segments.put(Map.of("a", of("whole")));
        }
        long whole = Files.size(file);
        Files.writeString(file, "{\"id\":\"b\",\"te", StandardOpenOption.APPEND);
        try (FileSegments segments = FileSegments.open(file)) {
            assertThat(segments.get(List.of("a", "b"))).containsOnlyKeys("a");
            assertThat(Files.size(file)).isEqualTo(whole);
            segments.put(Map.of("b", of("after")));
        }
        try (FileSegments segments = FileSegments.open(file)) {
            assertThat(segments.get(List.of("a", "b"))).containsOnlyKeys("a", "b");
        }
        Files.writeString(file, "{\"id\":\"c\",\"metadata\":{\"k\":{\"int\":\"x\"}}}\n", StandardOpenOption.APPEND);
        assertThatThrownBy(() -> FileSegments.open(file))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(file + ", line 3: ");
    }

    @Test
    void oneOpensAFileAtATime() throws IOException {
        Path file = directory.resolve("segments");
        try (FileSegments segments = FileSegments.open(file)) {
            segments.put(Map.of("a", of("kept")));
            assertThatThrownBy(() -> FileSegments.open(file))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("is open already");
        }
        try (FileSegments again = FileSegments.open(file)) {
            assertThat(again.get(List.of("a"))).hasSize(1);
        }
    }

    @Test
    void aFileThatIsMostlyWasteIsWrittenAnew() throws IOException {
        Path file = directory.resolve("segments");
        try (FileSegments segments = FileSegments.open(file)) {
            for (int round = 0; round < 4; round++) {
                int number = round;
                segments.put(IntStream.range(0, 500)
                        .boxed()
                        .collect(Collectors.toMap(i -> "s" + i, i -> of("round " + number))));
            }
        }
        try (FileSegments segments = FileSegments.open(file)) {
            assertThat(Files.readAllLines(file)).hasSize(500);
            segments.put(Map.of("s0", of("last")));
        }
        try (FileSegments segments = FileSegments.open(file)) {
            assertThat(segments.get(List.of("s0", "s499"))).isEqualTo(Map.of("s0", of("last"), "s499", of("round 3")));
        }
    }

    @Test
    void metadataOfOtherTypesIsRefusedByName() {
        assertThatThrownBy(() -> new Segment(Optional.empty(), Map.of("when", java.time.Instant.EPOCH)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'when' is java.time.Instant");
    }
}
