package repscorer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import repscorer.api.config.ServiceConfig;
import repscorer.core.failure.ScorerException.Invalid;
import repscorer.core.plan.PlanOverrides;
import repscorer.core.plan.ScoringPlan;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.plan.YamlFiles;
import repscorer.yaml.ConfigException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Holds docs/reference.md to the readers of the files, from outside: each is given the page's own examples, changed in one place.
 * Readers tell the keys they know, refuse what is out of bounds, and make the same of a default that is stated.
 */
@DisplayName("Issue 15: a reference page of every key")
class ReferencePageTest {

    private static final YAMLMapper YAML = new YAMLMapper();
    private static final Pattern INTERVAL =
            Pattern.compile("(above )?(-?[\\d.]+)([A-Za-z]*) to (below )?(-?[\\d.]+)([A-Za-z]*)");
    private static final Pattern HALF = Pattern.compile("(above|at least) (-?[\\d.]+)([A-Za-z]*)");
    private static final Pattern WORDS = Pattern.compile("[a-z0-9-]+(, [a-z0-9-]+)+");

    /** A key that another form, rule or method has. */
    private static final Pattern OF_OTHERS = Pattern.compile("is (not )?for (rule|rules|method|dense|sparse|text)\\b");

    private static final Map<String, Long> UNITS = Map.of(
            "ms",
            1L,
            "s",
            1_000L,
            "m",
            60_000L,
            "h",
            3_600_000L,
            "d",
            86_400_000L,
            "B",
            1L,
            "KiB",
            1L << 10,
            "MiB",
            1L << 20,
            "GiB",
            1L << 30);

    @TempDir
    Path directory;

    /** A row of a table. */
    private record Row(String key, String values, String standard) {

        /** The path of the place it is in. */
        String place() {
            int dot = key.lastIndexOf('.');
            return dot < 0 ? "" : key.substring(0, dot);
        }

        String leaf() {
            return key.substring(key.lastIndexOf('.') + 1);
        }

        boolean isChosen() {
            return leaf().equals(leaf().toUpperCase(java.util.Locale.ROOT));
        }
    }

    /** What the page says of one kind of file. */
    private record Section(String file, List<Row> rows, Map<String, ObjectNode> examples) {}

    private static Path root() {
        return Path.of(System.getProperty("repscorer.root", ".."));
    }

    private static Map<String, Section> sections() {
        try {
            Map<String, Section> sections = new LinkedHashMap<>();
            String page = Files.readString(root().resolve("docs/reference.md"));
            for (String part : page.split("\n## ")) {
                Matcher title = Pattern.compile(".*`(\\S+\\.yaml)`")
                        .matcher(part.lines().findFirst().orElse(""));
                if (!title.matches()) {
                    continue;
                }
                List<Row> rows = new ArrayList<>();
                part.lines()
                        .map(line -> line.split(" \\| ", -1))
                        .filter(cells -> cells.length == 4 && cells[0].startsWith("| `"))
                        .forEach(cells -> rows.add(new Row(cells[0].replaceAll("[|` ]", ""), cells[1], cells[2])));
                Map<String, ObjectNode> examples = new LinkedHashMap<>();
                Matcher block = Pattern.compile("```yaml\n# (\\S+)\n(.*?)```", Pattern.DOTALL)
                        .matcher(part);
                while (block.find()) {
                    examples.put(block.group(1), (ObjectNode) YAML.readTree(block.group(2)));
                }
                sections.put(title.group(1), new Section(title.group(1), rows, examples));
            }
            return sections;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a reader makes of a file, or why it refuses it. */
    private record Read(Optional<Object> value, String refusal) {}

    /** A file before a change in one place, and what a reader makes of it after that. */
    private record Changed(String file, ObjectNode before, ObjectNode place, Read after) {}

    private final Map<String, Section> sections = sections();

    private Section section(String file) {
        return Optional.ofNullable(sections.get(file)).orElseThrow();
    }

    private ObjectNode service() {
        return Optional.ofNullable(section("scorer.yaml").examples.get("scorer.yaml"))
                .orElseThrow();
    }

    /** The examples are one configuration. */
    @BeforeEach
    void write() throws IOException {
        for (Section section : sections.values()) {
            for (Map.Entry<String, ObjectNode> example : section.examples.entrySet()) {
                if (!example.getKey().startsWith("training/")
                        && !example.getKey().startsWith("demo/")) {
                    Path path = directory.resolve(example.getKey());
                    Files.createDirectories(path.getParent());
                    Files.writeString(path, YAML.writeValueAsString(example.getValue()));
                }
            }
        }
    }

    private Read read(String file, ObjectNode tree) {
        try {
            if (file.startsWith("training/")) {
                return ok(YamlFiles.parse(Path.of(file), YAML.writeValueAsString(tree), TrainingPlan.class));
            }
            if (file.startsWith("demo/")) {
                return ok(questions(file, YAML.writeValueAsString(tree)));
            }
            Path path = directory.resolve(file);
            String before = Files.readString(path);
            try {
                Files.writeString(path, YAML.writeValueAsString(tree));
                return ok(ServiceConfig.load(directory, Map.of(), Map.of()));
            } finally {
                Files.writeString(path, before);
            }
        } catch (ConfigException e) {
            return new Read(Optional.empty(), String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Read ok(Object value) {
        return new Read(Optional.of(value), "");
    }

    @SuppressWarnings("unchecked") // a record of another package's own
    private static Object questions(String file, String text) {
        try {
            Class<?> type = Class.forName("repscorer.cli.demo.Questions");
            return YamlFiles.parse(Path.of(file), text, (Class<? extends Record>) type);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    /** The places of a path in a tree, such as every element of {@code columns[]}. */
    private static List<ObjectNode> places(ObjectNode tree, String path) {
        List<JsonNode> nodes = List.of(tree);
        for (String step : path.isEmpty() ? new String[0] : path.split("\\.")) {
            List<JsonNode> next = new ArrayList<>();
            for (JsonNode node : nodes) {
                if (step.equals(step.toUpperCase(java.util.Locale.ROOT)) && node instanceof ObjectNode chosen) {
                    chosen.forEach(next::add);
                    continue;
                }
                JsonNode below = node.path(step.replace("[]", ""));
                if (below instanceof ArrayNode list) {
                    list.forEach(next::add);
                } else if (below.isObject()) {
                    next.add(below);
                }
            }
            nodes = next;
        }
        return nodes.stream()
                .filter(ObjectNode.class::isInstance)
                .map(ObjectNode.class::cast)
                .toList();
    }

    private interface Change {

        void apply(ObjectNode place);
    }

    private List<Read> reads(Section section, String path, Change change) {
        return changed(section, path, change).stream().map(Changed::after).toList();
    }

    /** What the readers make of a change at each of the places of a path, one after the other. */
    private List<Changed> changed(Section section, String path, Change change) {
        List<Changed> reads = new ArrayList<>();
        section.examples.forEach((file, example) -> {
            for (int i = 0; i < places(example, path).size(); i++) {
                Changed read = changed(file, example, path, i, change);
                // A key of another method: the place is made to have that method.
                Matcher method = Pattern.compile("is for method (\\S+) only").matcher(read.after.refusal);
                if (method.find()) {
                    ObjectNode other = example.deepCopy();
                    places(other, path).get(i).removeAll().put("method", method.group(1));
                    read = changed(file, other, path, i, change);
                }
                reads.add(read);
            }
        });
        assertThat(reads).as("an example of %s has %s", section.file, path).isNotEmpty();
        return reads;
    }

    private Changed changed(String file, ObjectNode example, String path, int place, Change change) {
        ObjectNode before = example.deepCopy();
        ObjectNode after = example.deepCopy();
        change.apply(places(after, path).get(place));
        return new Changed(file, before, places(before, path).get(place), read(file, after));
    }

    private List<Read> with(Section section, Row row, JsonNode value) {
        return stated(section, row, value).stream().map(Changed::after).toList();
    }

    private List<Changed> stated(Section section, Row row, JsonNode value) {
        String key = row.isChosen() ? chosen(section, row) : row.leaf();
        return changed(section, row.place(), place -> place.set(key, value));
    }

    private static String chosen(Section section, Row row) {
        return section.examples.values().stream()
                .flatMap(example -> places(example, row.place()).stream())
                .flatMap(place -> place.propertyNames().stream())
                .findFirst()
                .orElseThrow(() -> new AssertionError("no example has " + row.key));
    }

    private static JsonNode scalar(String text) {
        return YAML.readTree(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "scorer.yaml",
                "spaces/*.yaml",
                "surfaces/*.yaml",
                "signals.yaml",
                "layers.yaml",
                "switches.yaml",
                "tenants.yaml",
                "experiments/*.yaml",
                "shadows/*.yaml",
                "training/*.yaml",
                "demo/*.yaml"
            })
    void thePageAndTheReadersKnowTheSameKeysBoundsAndDefaults(String file) {
        Section section = section(file);
        section.examples.forEach((name, example) ->
                assertThat(read(name, example).refusal).as(name).isEmpty());
        checkKeys(section);
        for (Row row : section.rows) {
            checkDefault(section, row);
            checkValues(section, row);
        }
    }

    private void checkKeys(Section section) {
        Map<String, Set<String>> byPlace = new LinkedHashMap<>();
        for (Row row : section.rows) {
            String place = "";
            for (String step : row.key.split("\\.")) {
                byPlace.computeIfAbsent(place, each -> new TreeSet<>()).add(step.replace("[]", ""));
                place = place.isEmpty() ? step : place + "." + step;
            }
        }
        byPlace.forEach((place, keys) -> {
            if (keys.stream().anyMatch(key -> key.equals(key.toUpperCase(java.util.Locale.ROOT)))) {
                return; // the file chooses
            }
            for (Read read : reads(section, place, at -> at.put("zzz-unknown", 1))) {
                Matcher known = Pattern.compile("known are (.*)$").matcher(read.refusal);
                assertThat(known.find())
                        .as("%s %s: %s", section.file, place, read)
                        .isTrue();
                assertThat(new TreeSet<>(List.of(known.group(1).split(", "))))
                        .as("the keys of %s in %s, and those in docs/reference.md", place, section.file)
                        .isEqualTo(keys);
            }
        });
    }

    private void checkDefault(Section section, Row row) {
        String about = "%s of %s by default: %s".formatted(row.key, section.file, row.standard);
        if (row.isChosen() || row.standard.startsWith("as ")) {
            return;
        }
        List<Read> without = reads(section, row.place(), place -> place.remove(row.leaf()));
        if (row.standard.equals("required")) {
            assertThat(without).as(about).anyMatch(read -> read.refusal.contains("missing"));
            return;
        }
        assertThat(without).as(about).anyMatch(read -> read.value.isPresent());
        if (row.standard.equals("none")) {
            return;
        }
        List<Changed> stated = stated(section, row, scalar(row.standard));
        int same = 0;
        for (Changed each : stated) {
            each.place.remove(row.leaf());
            Read left = read(each.file, each.before);
            if (each.after.value.isPresent() && left.value.isPresent()) {
                assertThat(each.after).as(about).isEqualTo(left);
                same++;
            }
        }
        assertThat(same).as(about + ": " + stated).isPositive();
    }

    private void checkValues(Section section, Row row) {
        Matcher interval = INTERVAL.matcher(row.values);
        Matcher half = HALF.matcher(row.values);
        if (interval.matches()) {
            checkEnd(section, row, interval.group(2), interval.group(3), interval.group(1) == null, -1);
            checkEnd(section, row, interval.group(5), interval.group(6), interval.group(4) == null, 1);
        } else if (half.matches()) {
            checkEnd(section, row, half.group(2), half.group(3), half.group(1).equals("at least"), -1);
        } else if (WORDS.matcher(row.values).matches()) {
            List<String> words = List.of(row.values.split(", "));
            words.forEach(word -> takes(section, row, scalar("\"" + word + "\"")));
            List<Read> refused = refuses(section, row, scalar("zzz"));
            for (Read read : refused) {
                Matcher told = Pattern.compile("one of ([a-z0-9, -]+)").matcher(read.refusal);
                if (told.find()) {
                    assertThat(told.group(1)).as(row.key).isEqualTo(row.values);
                } else {
                    assertThat(read.refusal).as(row.key).contains(words);
                }
            }
        } else if (row.values.equals("true or false")) {
            takes(section, row, scalar("true"));
            takes(section, row, scalar("false"));
            refuses(section, row, scalar("perhaps"));
        } else if (row.values.equals("a whole number")) {
            takes(section, row, scalar("3"));
            refuses(section, row, scalar("3.5"));
        } else if (row.values.equals("a number")) {
            takes(section, row, scalar("0.25"));
            refuses(section, row, scalar("much"));
        } else if (row.values.startsWith("a list of")) {
            refuses(section, row, scalar("{a: b}"));
            List<String> words =
                    Arrays.asList(row.values.substring("a list of ".length()).split(", "));
            if (words.size() > 1 && words.stream().allMatch(word -> word.matches("[a-z-]+"))) {
                refuses(section, row, scalar("[zzz]"))
                        .forEach(read ->
                                assertThat(read.refusal).as(row.key).contains("one of " + String.join(", ", words)));
            }
        } else if (row.values.equals("text") || row.values.startsWith("a name")) {
            refuses(section, row, scalar("{a: b}"));
        }
    }

    /** The end itself is taken where it belongs to the interval; a step further is refused. */
    private void checkEnd(Section section, Row row, String end, String unit, boolean belongs, int sign) {
        boolean whole = !unit.isEmpty() || isWhole(section, row);
        Function<Double, JsonNode> value = number -> {
            if (unit.isEmpty()) {
                return whole ? scalar(String.valueOf(number.longValue())) : scalar(String.valueOf(number));
            }
            String smallest = Character.isUpperCase(unit.charAt(0)) ? "B" : "ms";
            return scalar(number.longValue() + smallest);
        };
        double number = Double.parseDouble(end) * UNITS.getOrDefault(unit, 1L);
        double step = whole ? 1 : 1e-6;
        if (belongs) {
            takes(section, row, value.apply(number));
            refuses(section, row, value.apply(number + sign * step));
        } else {
            refuses(section, row, value.apply(number));
            takes(section, row, value.apply(number - sign * step));
        }
    }

    private boolean isWhole(Section section, Row row) {
        return with(section, row, scalar("2.5")).stream().anyMatch(read -> read.refusal.contains("whole number"));
    }

    private void takes(Section section, Row row, JsonNode value) {
        assertThat(with(section, row, value))
                .as("%s of %s takes %s", row.key, section.file, value)
                .anyMatch(read -> read.value.isPresent() || !isOfTheValue(read, row));
    }

    /** Whether a refusal says that the value is none of the key's, and not that it does not go with another key's. */
    private static boolean isOfTheValue(Read read, Row row) {
        return Stream.of(row.leaf() + ": must be", row.leaf() + " must be", "is not one of")
                        .anyMatch(read.refusal::contains)
                || OF_OTHERS.matcher(read.refusal).find();
    }

    private static boolean named(Read read, Row row) {
        return row.isChosen() || read.refusal.contains(row.leaf()) || read.refusal.contains(row.place());
    }

    private List<Read> refuses(Section section, Row row, JsonNode value) {
        List<Read> reads = with(section, row, value);
        assertThat(reads)
                .as("%s of %s refuses %s", row.key, section.file, value)
                .allMatch(read -> read.value.isEmpty());
        List<Read> own = reads.stream()
                .filter(read ->
                        named(read, row) && !OF_OTHERS.matcher(read.refusal).find())
                .toList();
        assertThat(own)
                .as("%s of %s names itself: %s", row.key, section.file, reads)
                .isNotEmpty();
        return own;
    }

    @Test
    void theEnvironmentHasTheVariablesOfThePage() throws IOException {
        Set<String> known = new LinkedHashSet<>();
        try {
            ServiceConfig.load(directory, Map.of("REPSCORER_ZZZ", "1"), Map.of());
        } catch (ConfigException e) {
            Matcher told = Pattern.compile("known are (.*)$").matcher(String.valueOf(e.getMessage()));
            assertThat(told.find()).isTrue();
            known.addAll(List.of(told.group(1).split(", ")));
        }
        Set<String> expected = new TreeSet<>();
        for (Row row : section("scorer.yaml").rows) {
            if (row.key.contains(".SPACE.")) {
                continue; // no variable can be named after what a file chooses
            }
            expected.add(
                    "REPSCORER_" + row.key.toUpperCase(java.util.Locale.ROOT).replaceAll("[.-]", "_"));
        }
        Matcher named = Pattern.compile("^\\| `(REPSCORER_\\w+)` \\|", Pattern.MULTILINE)
                .matcher(Files.readString(root().resolve("docs/reference.md")));
        while (named.find()) {
            expected.add(named.group(1));
        }
        assertThat(known).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void requestsMayOverrideWhatThePageSays() throws IOException {
        Read read = read("scorer.yaml", service());
        ScoringPlan plan = ((ServiceConfig) read.value.orElseThrow()).plans().getFirst();
        Set<String> known = new TreeSet<>();
        try {
            PlanOverrides.apply(plan, Map.of("zzz", "1"), "overrides");
        } catch (Invalid e) {
            String list = String.valueOf(e.getMessage()).replaceAll(".*there are ", "");
            for (String key : list.split(", ")) {
                known.add(key.replaceAll("^(columns|rules)\\.[^.]+\\.", "$1.NAME."));
            }
        }
        Set<String> expected = new TreeSet<>();
        String page = Files.readString(root().resolve("docs/reference.md"));
        String table = page.substring(page.indexOf("| override | values |"), page.indexOf("## Signals"));
        Matcher keys = Pattern.compile("`([a-zA-Z.-]+)`")
                .matcher(table.lines().map(line -> line.split(" \\| ")[0]).reduce("", (a, b) -> a + "\n" + b));
        while (keys.find()) {
            expected.add(keys.group(1));
        }
        assertThat(expected.remove("columns.NAME.SETTING")).isTrue();
        boolean settings = false;
        for (Row row : section("surfaces/*.yaml").rows) {
            settings |= row.key.equals("columns[].weight");
            if (settings && row.key.startsWith("columns[].")) {
                expected.add("columns.NAME." + row.leaf());
            }
        }
        assertThat(known).isEqualTo(expected);
    }
}
