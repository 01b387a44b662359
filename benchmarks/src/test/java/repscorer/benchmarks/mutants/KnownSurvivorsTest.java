package repscorer.benchmarks.mutants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a report of mutants and a page of survivors come to. */
class KnownSurvivorsTest {

    @TempDir
    Path directory;

    private static String mutation(boolean detected, String in, String method, String description) {
        return """
                <mutation detected='%s' status='%s' numberOfTestsRun='1'><sourceFile>A.java</sourceFile>\
                <mutatedClass>repscorer.x.%s</mutatedClass><mutatedMethod>%s</mutatedMethod>\
                <methodDescription>()V</methodDescription><lineNumber>7</lineNumber><mutator>M</mutator>\
                <indexes><index>1</index></indexes><blocks><block>0</block></blocks><killingTest/>\
                <description>%s</description></mutation>
                """.formatted(detected, detected ? "KILLED" : "SURVIVED", in, method, description);
    }

    private List<Mutant> report(String... mutations) throws IOException {
        Path file = Files.writeString(
                directory.resolve("mutations.xml"),
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<mutations>\n" + String.join("", mutations)
                        + "</mutations>\n");
        return Mutant.read(file);
    }

    private KnownSurvivors page(String... rows) throws IOException {
        return KnownSurvivors.read(Files.writeString(
                directory.resolve("mutants.md"),
                "# Mutants\n\n| place | change | most | reason |\n|---|---|---|---|\n" + String.join("\n", rows)
                        + "\n"));
    }

    @Test
    @DisplayName("S13: a survivor without a reason is told, and a row that says more than there is")
    void whatHasNoReasonIsToldAndWhatIsOutdated() throws IOException {
        List<Mutant> mutants = report(
                mutation(true, "A", "run", "negated conditional"),
                mutation(false, "A", "run", "negated conditional"),
                mutation(false, "A", "run", "negated conditional"),
                mutation(false, "A$B", "get", "replaced return value with null for repscorer/x/A$B::get"),
                mutation(false, "C", "go", "removed call to repscorer/x/C::prefetch"));
        assertThat(mutants.get(3))
                .isEqualTo(new Mutant("A$B", "get", 7, "replaced return value with null", false))
                .hasToString("A$B#get line 7: replaced return value with null");
        assertThat(mutants.getFirst().killed()).isTrue();

        KnownSurvivors all = page(
                "| `A#run` | negated conditional | 2 | equal |",
                "| `A$B#*` | `replaced return value*` | 1 | cached |",
                "| `C#go` | * | 1 | a prefetch |",
                "| `Elsewhere#go` | * | 9 | was not mutated |");
        assertThat(all.unexplained(mutants)).isEmpty();
        assertThat(all.outdated(mutants)).isEmpty();

        KnownSurvivors some = page(
                "| `A#run` | negated conditional | 1 | equal |",
                "| `C#go` | removed call to repscorer/x/C::prefetch | 3 | a prefetch |",
                "| `A$B#got` | * | 1 | another |");
        assertThat(some.unexplained(mutants)).containsExactly(mutants.get(2), mutants.get(3));
        assertThat(some.outdated(mutants))
                .containsExactly(
                        "C#go: removed call to repscorer/x/C::prefetch, listed 3 times, lives 1 times",
                        "A$B#got: *, listed 1 times, lives 0 times");
    }

    @Test
    void aRowWithoutANumberOrAReasonIsRefused() {
        assertThatThrownBy(() -> page("| `A#run` | negated conditional | 0 | equal |"))
                .hasMessageStartingWith("a survivor has a place, a change, a number and a reason: | `A#run`");
        assertThatThrownBy(() -> page("| `A#run` | negated conditional | 1 |  |"))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> page("| `A#run` | negated conditional |")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> {
                    Files.writeString(directory.resolve("mutations.xml"), "<mutations>");
                    Mutant.read(directory.resolve("mutations.xml"));
                })
                .hasMessageStartingWith("not a report of mutants: ");
    }

    @Test
    @DisplayName("S13: the page is about classes that there are, and the packages to mutate have classes and tests")
    void thePageIsAboutClassesThatThereAre() throws IOException {
        Path root = Path.of(System.getProperty("repscorer.root", "..")).toAbsolutePath();
        KnownSurvivors.read(root.resolve("docs/mutants.md"));
        for (String line : Files.readAllLines(root.resolve("docs/mutants.md"))) {
            if (line.startsWith("| `")) {
                String name = line.substring(3).replaceFirst("[$#].*", "") + ".java";
                assertThat(MutatedPackage.all().stream().anyMatch(each -> has(root, each, "main", name)))
                        .as(name)
                        .isTrue();
            }
        }
        assertThat(MutatedPackage.all()).hasSize(7).allSatisfy(each -> {
            assertThat(has(root, each, "main", "package-info.java")).isTrue();
            assertThat(root.resolve(each.module())
                            .resolve("src/test/java")
                            .resolve(each.name().replace('.', '/')))
                    .isDirectory();
            assertThat(each.command(directory)).contains("mutants", each.module(), "-DtargetClasses=" + each.classes());
        });
    }

    private static boolean has(Path root, MutatedPackage each, String kind, String name) {
        Path directory = root.resolve(each.module())
                .resolve("src/%s/java".formatted(kind))
                .resolve(each.name().replace('.', '/'));
        try (Stream<Path> files = Files.walk(directory)) {
            return files.anyMatch(file -> file.endsWith(name));
        } catch (IOException e) {
            return false;
        }
    }
}
