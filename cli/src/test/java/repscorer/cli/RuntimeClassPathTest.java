package repscorer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What {@code serve} carries: the product and its libraries, and nothing to measure or to test with. */
class RuntimeClassPathTest {

    private static final Path ROOT =
            Path.of(System.getProperty("repscorer.root", "..")).toAbsolutePath().normalize();
    private static final List<String> ABSENT = List.of(
            "jvector", "jmh", "networkanalysis", "junit", "assertj", "archunit", "wiremock", "carpet", "xgboost");

    @Test
    void theServiceCarriesNoPeerAndNoOracle() throws IOException {
        Path file = Path.of("target", "runtime-class-path");
        assertThat(file).as("written by Maven before the tests").isRegularFile();
        List<Path> entries = Stream.of(Files.readString(file).strip().split(Pattern.quote(File.pathSeparator)))
                .map(Path::of)
                .toList();
        assertThat(modules(entries))
                .as("modules of the project")
                .containsExactlyInAnyOrder(
                        "ann-index", "scorer-core", "files", "experiments", "training", "clients", "scorer-api");
        assertThat(entries.stream().map(entry -> entry.getFileName().toString()))
                .as("libraries")
                .anyMatch(name -> name.startsWith("picocli"))
                .noneMatch(name -> ABSENT.stream().anyMatch(name::contains))
                .filteredOn(name -> name.contains("lucene"))
                .as("what texts need of Lucene, and no language of queries")
                .allMatch(name -> name.matches("lucene-(core|analysis-common)-[\\d.]+\\.jar"));
    }

    private static List<String> modules(List<Path> entries) {
        return entries.stream()
                .filter(entry -> entry.startsWith(ROOT))
                .map(entry -> ROOT.relativize(entry).getName(0).toString())
                .toList();
    }
}
