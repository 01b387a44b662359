package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Holds docs/metrics.md, the dashboard and the alerts to what a running service tells, and to the names in its sources. */
class MetricsPageTest {

    private static final Path ROOT = TestService.configDirectory().resolve("..").normalize();
    private static final Path OBSERVABILITY = TestService.configDirectory().resolve("observability");
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `([a-z_0-9]+)` \\| (counter|gauge|histogram|summary) \\| ([^|]*)\\|");
    private static final Pattern WORD = Pattern.compile("`([^`]+)`");

    /** A meter's name in the sources; one that ends with a dot goes on at run time. */
    private static final Pattern METER = Pattern.compile("\"(repscorer\\.[a-z.]+)\"");

    /** A name that a query reads, and what it asks of its labels. */
    private static final Pattern SERIES = Pattern.compile(
            "\\b((?:repscorer|http_server|jvm|process|system|disk|logback)_[a-z0-9_]+)(?:\\{([^}]*)})?");

    private static final Pattern LABEL = Pattern.compile("([a-z]+)\\s*(?:=~|!~|!=|=)");

    /** Labels that every series has once Prometheus has read it. */
    private static final Set<String> EVERYWHERE = Set.of("application", "instance", "job");

    private static final Map<String, Documented> DOCUMENTED = new TreeMap<>();

    /** The label names of each family that a service tells, by its name. */
    private static final Map<String, Set<String>> TOLD = new TreeMap<>();

    private static final Map<String, String> TYPES = new TreeMap<>();

    private record Documented(String type, Set<String> labels) {}

    @TempDir
    static Path directory;

    @BeforeAll
    static void read() throws IOException, InterruptedException {
        String page = Files.readString(ROOT.resolve("docs/metrics.md"));
        Matcher row = ROW.matcher(page);
        while (row.find()) {
            Set<String> labels = WORD.matcher(row.group(3))
                    .results()
                    .map(word -> word.group(1))
                    .collect(Collectors.toCollection(TreeSet::new));
            assertThat(DOCUMENTED.put(row.group(1), new Documented(row.group(2), labels)))
                    .as("twice: " + row.group(1))
                    .isNull();
        }
        try (TestService service =
                TestService.start(directory, options -> options.withSetting("decisions.log", "decisions"))) {
            service.publish("one", 1);
            work(service);
            told(exposition(service));
        }
    }

    /** What has most metrics told that come up with their first use. */
    private static void work(TestService service) {
        Http.Answer put = service.http.send(
                "PUT",
                "/v1/experiments/guarded?reason=x",
                java.net.http.HttpRequest.BodyPublishers.ofString("""
                        experiment: guarded
                        surface: follow
                        layer: guarded
                        enabled: true
                        variants: [{name: a, weight: 1}, {name: b, weight: 1}]
                        guard-rails: {empty-rate: 0.1}
                        """),
                List.of("Content-Type", "application/yaml", "Authorization", "Bearer " + Http.TOKEN));
        assertThat(put.status()).as(put.text()).isEqualTo(200);
        for (String body : List.of(
                "{'surface':'follow','source':{'id':'user:1'},'unit':'u'}",
                "{'surface':'follow','source':{'id':'user:41'},'filters':{'kinds':['tweet']}}",
                "{'surface':'follow','source':{'id':'user:1'},'k':0}")) {
            service.http.post("/v1/candidates", body.replace('\'', '"'));
        }
        service.http.post(
                "/v1/scores",
                "{'surface':'follow','source':{'id':'user:1'},'candidates':['user:999']}".replace('\'', '"'));
        service.http.send(
                "POST",
                "/v1/candidates",
                java.net.http.HttpRequest.BodyPublishers.ofString("{}"),
                List.of("Content-Type", "application/json", "X-Request-Deadline-Ms", "none"));
    }

    /** What it tells once there was a collection, whose metrics come with it. */
    private static String exposition(TestService service) throws InterruptedException {
        System.gc();
        String text = "";
        for (int i = 0; i < 100 && !text.contains("jvm_gc_pause_seconds_sum"); i++) {
            text = service.http.get("/actuator/prometheus").text();
            Thread.sleep(50);
        }
        return text;
    }

    private static void told(String exposition) {
        for (String line : exposition.split("\n")) {
            if (line.startsWith("# TYPE ")) {
                String[] words = line.split(" ");
                TYPES.put(words[2], words[3]);
            } else if (!line.startsWith("#")) {
                String name = line.split("[{ ]", 2)[0];
                assertThat(TYPES).as(line).containsKey(family(name));
                Set<String> labels = TOLD.computeIfAbsent(family(name), each -> new TreeSet<>());
                Pattern.compile("([a-z]+)=\"").matcher(line).results().forEach(label -> labels.add(label.group(1)));
            }
        }
        TOLD.values().forEach(labels -> labels.removeAll(Set.of("application", "le", "quantile")));
    }

    /** The family that a series belongs to: {@code x_bucket}, {@code x_count} and {@code x_sum} are of {@code x}. */
    private static String family(String name) {
        String shorter = name.replaceFirst("_(bucket|count|sum)$", "");
        return TYPES.containsKey(name) || !TYPES.containsKey(shorter) ? name : shorter;
    }

    @Test
    void thePageListsWhatTheServiceTellsWithItsTypesAndLabels() {
        List<String> wrong = new ArrayList<>();
        int ours = 0;
        String page = read(ROOT.resolve("docs/metrics.md"));
        for (Map.Entry<String, String> type : TYPES.entrySet()) {
            String name = type.getKey();
            String of = name.replaceFirst("_max$", "");
            if (name.endsWith("_max") && TYPES.containsKey(of)) {
                continue; // of a timer, as the page says
            }
            Documented documented = DOCUMENTED.get(name);
            if (documented == null) {
                boolean others = !name.startsWith("repscorer_")
                        && matches(Pattern.compile("`([a-z_]+_)`"), page).stream()
                                .anyMatch(name::startsWith);
                if (!others) {
                    wrong.add(name + " is not on the page");
                }
                continue;
            }
            ours++;
            Set<String> labels = TOLD.getOrDefault(name, documented.labels);
            if (!documented.type.equals(type.getValue()) || !documented.labels.equals(labels)) {
                wrong.add("%s is a %s by %s".formatted(name, type.getValue(), labels));
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(ours)
                .as("most of them were told; recall is once a search was answered again")
                .isGreaterThan(25);
    }

    @Test
    void everyMeterOfTheSourcesIsOnThePageAndNoOther() throws IOException {
        Set<String> lacking = new TreeSet<>();
        Set<String> unknown = new TreeSet<>(DOCUMENTED.keySet());
        unknown.removeIf(name -> !name.startsWith("repscorer_"));
        for (String meter : meters()) {
            String name = meter.replace('.', '_');
            // What a type and a unit add; a name that goes on at run time has several.
            Pattern full =
                    Pattern.compile(name.endsWith("_") ? name + "[a-z_]+" : name + "(_bytes)?(_seconds)?(_total)?");
            if (DOCUMENTED.keySet().stream()
                    .noneMatch(each -> full.matcher(each).matches())) {
                lacking.add(meter);
            }
            unknown.removeIf(each -> full.matcher(each).matches());
        }
        assertThat(lacking).as("not on the page").isEmpty();
        assertThat(unknown).as("on the page alone").isEmpty();
    }

    private static Set<String> meters() throws IOException {
        try (Stream<Path> sources = Files.walk(ROOT.resolve("scorer-api/src/main/java"))) {
            return sources.filter(path -> path.toString().endsWith(".java"))
                    // Headers of records that were put aside, and the beginning of our packages.
                    .filter(path -> !path.endsWith("DeadLetters.java") && !path.endsWith("QueryInterceptor.java"))
                    .flatMap(path -> METER.matcher(read(path)).results())
                    .map(found -> found.group(1))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static String read(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theDashboardAndTheAlertsReadWhatThereIs() throws IOException {
        List<String> queries = new ArrayList<>();
        JsonNode dashboard = JsonMapper.shared().readTree(read(OBSERVABILITY.resolve("grafana-dashboard.json")));
        dashboard.findValuesAsString("expr").forEach(queries::add);
        JsonNode alerts = new YAMLMapper().readTree(read(OBSERVABILITY.resolve("prometheus-alerts.yaml")));
        alerts.findValuesAsString("expr").forEach(queries::add);
        Set<String> shown = new TreeSet<>();
        for (String query : queries) {
            Set<String> labels = new TreeSet<>(EVERYWHERE);
            List<MatchResult> series = SERIES.matcher(query).results().toList();
            assertThat(series).as(query).isNotEmpty();
            for (MatchResult each : series) {
                Set<String> own = new TreeSet<>(EVERYWHERE);
                own.addAll(labels(each.group(1)));
                shown.add(documented(each.group(1)));
                if (each.group(2) != null) {
                    assertThat(own).as(query).containsAll(matches(LABEL, each.group(2)));
                }
                labels.addAll(own);
            }
            for (String by : matches(Pattern.compile("(?:by|on) \\(([^)]*)\\)"), query)) {
                assertThat(labels).as(query).containsAll(Arrays.asList(by.split(", ")));
            }
        }
        Set<String> hidden = new TreeSet<>(DOCUMENTED.keySet());
        hidden.removeAll(shown);
        assertThat(hidden).as("neither on the dashboard nor in an alert").isEmpty();
    }

    /** The family of a series that a query reads, which is on the page or was told. */
    private static String documented(String series) {
        String shorter = series.replaceFirst("_(bucket|count|sum|max)$", "");
        String name = DOCUMENTED.containsKey(series) || TYPES.containsKey(series) ? series : shorter;
        assertThat(DOCUMENTED.containsKey(name) || TYPES.containsKey(name))
                .as("no metric is called " + series)
                .isTrue();
        if (series.endsWith("_bucket")) {
            assertThat(Objects.requireNonNull(DOCUMENTED.get(name)).type)
                    .as(series)
                    .isEqualTo("histogram");
        }
        return name;
    }

    private static Set<String> labels(String series) {
        String name = documented(series);
        Documented documented = DOCUMENTED.get(name);
        Set<String> labels = new TreeSet<>(documented == null ? TOLD.getOrDefault(name, Set.of()) : documented.labels);
        if (series.endsWith("_bucket")) {
            labels.add("le");
        }
        return labels;
    }

    private static List<String> matches(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(found -> found.group(1)).toList();
    }

    @Test
    void thePageNamesEveryAlert() {
        JsonNode alerts = new YAMLMapper().readTree(read(OBSERVABILITY.resolve("prometheus-alerts.yaml")));
        String page = read(ROOT.resolve("docs/metrics.md"));
        Set<String> listed = new TreeSet<>(matches(Pattern.compile("(?m)^\\| `(Scorer\\w+)` \\|"), page));
        assertThat(listed).isEqualTo(new TreeSet<>(alerts.findValuesAsString("alert")));
    }

    @Test
    void theAlertsGoOffWhenTheyShouldAndNotBefore() throws Exception {
        Path promtool = Stream.of(
                        Objects.requireNonNullElse(System.getenv("PATH"), "").split(":"))
                .map(folder -> Path.of(folder, "promtool"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
        assumeTrue(promtool != null, "there is no promtool on the path: alerts were not run");
        Path rules = OBSERVABILITY.resolve("prometheus-alerts.yaml").toAbsolutePath();
        String cases = read(Path.of("src/test/resources/repscorer/api/alert-cases.yaml"));
        Path file = Files.writeString(directory.resolve("alert-cases.yaml"), cases.replace("RULES", rules.toString()));
        for (String[] command :
                new String[][] {{"check", "rules", rules.toString()}, {"test", "rules", file.toString()}}) {
            Path output = directory.resolve(command[0]);
            Process process = new ProcessBuilder(promtool.toString(), command[0], command[1], command[2])
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(read(output)).isZero();
        }
        JsonNode alerts = new YAMLMapper().readTree(read(rules));
        assertThat(new YAMLMapper().readTree(cases).findValuesAsString("alertname"))
                .as("each has a case")
                .containsAll(alerts.findValuesAsString("alert"));
    }
}
