package repscorer.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page of the architecture names classes that exist. */
class ArchitecturePageTest {

    private static final Path ROOT =
            Path.of(System.getProperty("repscorer.root", "..")).toAbsolutePath();

    private static final Pattern WAY = Pattern.compile("## The way of an? (\\w+)\n\n```\n(.*?)```", Pattern.DOTALL);
    private static final Pattern CODE = Pattern.compile("`([^`\n]+)`");
    private static final Pattern CLASS_NAME = Pattern.compile("\\b[A-Z][A-Za-z]*[a-z][A-Za-z]*\\b");

    @Test
    void everyClassOnTheWaysExists() throws IOException {
        Set<String> classes;
        try (Stream<Path> files = Files.walk(ROOT)) {
            classes = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".java"))
                    .map(name -> name.substring(0, name.length() - ".java".length()))
                    .collect(Collectors.toSet());
        }
        String page = Files.readString(ROOT.resolve("docs/architecture.md"));
        Set<String> ways = new TreeSet<>();
        Set<String> named = new TreeSet<>();
        WAY.matcher(page).results().forEach(way -> {
            ways.add(way.group(1));
            CLASS_NAME.matcher(way.group(2)).results().map(MatchResult::group).forEach(named::add);
        });
        CODE.matcher(page)
                .results()
                .flatMap(code -> CLASS_NAME.matcher(code.group(1)).results())
                .map(MatchResult::group)
                .forEach(named::add);
        assertThat(ways).contains("request", "publication", "upsert", "edge");
        assertThat(classes).containsAll(named);
        assertThat(named).hasSizeGreaterThan(50);
    }
}
