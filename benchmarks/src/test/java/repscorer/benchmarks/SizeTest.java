package repscorer.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The rules of size: how long a file may be, and how full a package. CONTRIBUTING.md says them, and names what may be longer. */
class SizeTest {

    private static final int LINES_MAX = 450;
    private static final int TYPES_MAX = 30;

    private static final Path ROOT =
            Path.of(System.getProperty("repscorer.root", "..")).toAbsolutePath();

    private static final List<String> MODULES = List.of(
            "ann-index",
            "scorer-core",
            "files",
            "experiments",
            "training",
            "clients",
            "scorer-api",
            "stores",
            "cli",
            "benchmarks",
            "testing");

    /** A record for every body of the contract: who writes one by hand looks for all of them in one place. */
    private static final Path WIRE = Path.of("clients/src/main/java/repscorer/wire");

    private static final Pattern MAY_BE_LONGER = Pattern.compile("^- `(\\w+\\.java)`: \\S.*$", Pattern.MULTILINE);

    /** Lines by file; a file's types stand in one of their own. */
    private static final Map<Path, Long> SOURCES = new HashMap<>();

    @BeforeAll
    static void read() throws IOException {
        for (String module : MODULES) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
                for (Path file : files.filter(path -> path.toString().endsWith(".java"))
                        .filter(path -> !path.endsWith("package-info.java"))
                        .toList()) {
                    try (Stream<String> lines = Files.lines(file)) {
                        SOURCES.put(file, lines.count());
                    }
                }
            }
        }
        assertThat(SOURCES).hasSizeGreaterThan(100);
    }

    @Test
    void noFileIsLongerThanTheRuleButThoseWithAReason() throws IOException {
        Set<String> longer = MAY_BE_LONGER
                .matcher(Files.readString(ROOT.resolve("CONTRIBUTING.md")))
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toSet());
        assertThat(SOURCES).allSatisfy((file, lines) -> {
            if (!longer.contains(file.getFileName().toString())) {
                assertThat(lines).as("lines of %s", ROOT.relativize(file)).isLessThanOrEqualTo(LINES_MAX);
            } else {
                assertThat(lines)
                        .as("%s has a reason that it needs no more", file)
                        .isGreaterThan(LINES_MAX);
            }
        });
    }

    @Test
    void noPackageHasMoreTypesThanTheRule() {
        Map<Path, Long> types = SOURCES.keySet().stream()
                .collect(Collectors.groupingBy(
                        file -> ROOT.relativize(file.getParent()), TreeMap::new, Collectors.counting()));
        types.remove(WIRE);
        assertThat(types)
                .allSatisfy((folder, count) ->
                        assertThat(count).as("types in %s", folder).isLessThanOrEqualTo(TYPES_MAX));
    }
}
