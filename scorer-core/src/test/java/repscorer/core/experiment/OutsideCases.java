package repscorer.core.experiment;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.function.Executable;
import org.opentest4j.TestAbortedException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Other projects' own cases, which are read where the data is and never copied. */
final class OutsideCases {

    private OutsideCases() {}

    /** A file below {@code external}, or empty with one printed line. */
    static Optional<JsonNode> read(String file) {
        String named = System.getenv("REPSCORER_DATA");
        Path root = Path.of(System.getProperty("repscorer.root", ".."))
                .toAbsolutePath()
                .normalize();
        Path data =
                named != null ? Path.of(named) : root.resolveSibling("shared").resolve("data");
        Path path = data.resolve("external").resolve(file);
        if (Files.isRegularFile(path)) {
            return Optional.of(JsonMapper.shared().readTree(path));
        }
        System.out.printf("SKIPPED: no data in %s; REPSCORER_DATA names another place%n", path);
        return Optional.empty();
    }

    /** What stands for the cases where there are none, so that a report tells it. */
    static Stream<DynamicNode> skipped(String file) {
        return Stream.of(DynamicTest.dynamicTest(file, () -> {
            throw new TestAbortedException("no data: external/" + file);
        }));
    }

    static DynamicNode test(String name, Executable executable) {
        return DynamicTest.dynamicTest(name, executable);
    }

    static List<JsonNode> list(JsonNode array) {
        return array.valueStream().toList();
    }
}
