package repscorer.training.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import repscorer.core.blend.Normalizer;
import repscorer.core.entity.EntityKind;
import repscorer.training.plan.RelationPlan.Column;
import repscorer.training.plan.RelationPlan.Layout;
import repscorer.training.plan.RelationPlan.Separator;
import repscorer.yaml.ConfigException;

class TrainingPlanTest {

    private static final Path FILE = Path.of("p.yaml");

    private static final String SMALLEST = """
            name: small
            relations:
              - name: follow
                files: [f.tsv]
                head: user
                tail: user
            twhin:
              epochs: 3
            """;

    static Stream<Path> shipped() throws IOException {
        Path root = Path.of(System.getProperty("repscorer.root", "..")).toAbsolutePath();
        try (Stream<Path> files = Files.list(root.resolve("config/training"))) {
            return files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void everyShippedPlanIsValid(Path file) {
        TrainingPlan plan = TrainingPlan.read(file);
        assertThat(plan.name() + ".yaml").isEqualTo(file.getFileName().toString());
    }

    @Test
    void keysLeftOutHaveDefaults() {
        TrainingPlan plan = YamlFiles.parse(FILE, SMALLEST, TrainingPlan.class);
        assertThat(plan.seed()).isEqualTo(1);
        assertThat(plan.holdOut()).isEmpty();
        assertThat(plan.simclusters()).isEmpty();
        assertThat(plan.evaluation()).isEqualTo(EvaluationPlan.DEFAULT);
        assertThat(plan.twhin()).hasValueSatisfying(t -> {
            assertThat(t.epochs()).isEqualTo(3);
            assertThat(t.dimension()).isEqualTo(TwhinPlan.DEFAULT.dimension());
        });
        assertThat(plan.relations())
                .containsExactly(RelationPlan.of("follow", EntityKind.USER, EntityKind.USER, "f.tsv"));
    }

    @Test
    void everyKeyIsRead() {
        TrainingPlan plan = YamlFiles.parse(FILE, """
                name: full
                seed: 7
                threads: 3
                bad-rows-max: 0.25
                relations:
                  - name: follow
                    files: [a.gz, b.tsv]
                    valid: [v.tsv]
                    test: [t.tsv]
                    layout: edge
                    head: user
                    tail: user
                    weight: 2.5
                    columns: [head, ignore, tail, weight, time, type]
                    separator: whitespace
                    strip: "@"
                    comment: "%"
                    type: F
                    history: true
                  - {name: interest, files: [i.tsv], head: user, tail: topic}
                hold-out: {follow: 0.1}
                validation: {follow: 0.2}
                twhin:
                  dimension: 8
                  epochs: 2
                  learning-rate: 0.5
                  batch-size: 16
                  negatives-uniform: 3
                  negatives-prevalence: 4
                  negatives-weight: 5
                  comparator: dot
                  operator: complex-diagonal
                  loss: softmax
                  reciprocal: true
                  optimiser: adagrad
                  negatives: all
                  negatives-in-batch: true
                  margin: 2
                  regularisation-n3: 0.02
                  dropout: 0.3
                  initial: spectral
                  initial-scale: 0.5
                  smoothing: 2
                  validate-every: 4
                  validation-edges: 100
                  patience: 6
                  checkpoint-every: 7
                  scale: 1
                  regularisation: 0.01
                simclusters:
                  follow: follow
                  followers-min: 4
                  followers-sampled-max: 5
                  followees-max: 6
                  neighbours-max: 7
                  similarity-min: 0.2
                  communities: 9
                  epochs: 10
                  edge-weight: 11
                  social-proof-min: 2
                  interest-clusters-max: 13
                  producer-followers-min: 14
                  producer-clusters-max: 15
                  item-engagements-min: 16
                  item-clusters-max: 17
                  half-life: 8h
                  items: {interest: 1.5}
                evaluation:
                  users: 5
                  k: [1, 3]
                  retrieve: 9
                  similarity: log-cosine
                  normalizer: min-max
                  weights:
                    follow: {twhin: 2, simclusters: 1}
                """, TrainingPlan.class);
        assertThat(plan.relations().getFirst())
                .isEqualTo(new RelationPlan(
                        "follow",
                        List.of("a.gz", "b.tsv"),
                        List.of("v.tsv"),
                        List.of("t.tsv"),
                        EntityKind.USER,
                        EntityKind.USER,
                        2.5,
                        List.of(Column.HEAD, Column.IGNORE, Column.TAIL, Column.WEIGHT, Column.TIME, Column.TYPE),
                        Layout.EDGE,
                        Separator.WHITESPACE,
                        "@",
                        "%",
                        "F",
                        java.util.Optional.empty(),
                        RelationPlan.Repeats.ONCE,
                        false,
                        true));
        assertThat(plan.twhin())
                .contains(new TwhinPlan(
                        8,
                        2,
                        TwhinPlan.Operator.COMPLEX_DIAGONAL,
                        TwhinPlan.Comparator.DOT,
                        TwhinPlan.Loss.SOFTMAX,
                        true,
                        0.5,
                        TwhinPlan.Optimiser.ADAGRAD,
                        16,
                        TwhinPlan.Negatives.ALL,
                        3,
                        4,
                        true,
                        5,
                        1,
                        2,
                        0.01,
                        0.02,
                        0.3,
                        TwhinPlan.Initial.SPECTRAL,
                        0.5,
                        2,
                        4,
                        100,
                        6,
                        7,
                        1));
        assertThat(plan.simclusters().orElseThrow().halfLife()).isEqualTo(Duration.ofHours(8));
        assertThat(plan.simclusters().orElseThrow().items()).containsEntry("interest", 1.5);
        assertThat(plan.evaluation().normalizer()).isEqualTo(Normalizer.MIN_MAX);
        assertThat(plan.evaluation().weights("follow")).isEqualTo(new EvaluationPlan.Weights(2, 1, 1, 1, 1, 1));
        // What was read can be written, and read again.
        assertThat(YamlFiles.parse(FILE, YamlFiles.toJson(plan), TrainingPlan.class))
                .isEqualTo(plan);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    name: small             | name: Small Plan            | line 1: .*a plan is 1 to 64 lower-case letters.*'Small Plan'
                    name: small             | name: small\\nseeds: 3      | line 2: unknown key 'seeds'; known are .*seed.*
                    name: small             | name: small\\nseed: many    | line 2: seed: 'many' is not a whole number|
                    name: small             | name: small\\nname: other   | line 2: a key must not repeat: 'name'
                    name: small             | name: small\\nthreads: 0    | line 1: threads must be 1 to 1024: 0
                    name: small             | name: small\\nhold-out: {favorite: 0.1} | line 1: hold-out names an unknown relation: 'favorite'
                    name: small             | name: small\\nhold-out: {follow: 1.5}   | line 1: hold-out must be between 0 and 1: 1.5.*
                    epochs: 3               | epochs: 0                   | line 7: twhin: epochs must be 1 to 10000: 0
                    epochs: 3               | partitions: 0               | line 7: twhin: partitions must be 1 to 1024: 0
                    epochs: 3               | partitions: 2\\n  smoothing: 1 | line 7: twhin: partitions above 1 need drawn negatives.*: 2
                    epochs: 3               | epoch: 3                    | line 8: unknown key 'twhin.epoch'.*
                    epochs: 3               | epochs: 3.5                 | line 8: twhin.epochs.*
                    epochs: 3               | comparator: sphere          | line 8: twhin.comparator: 'sphere' is not one of cosine, dot
                    head: user              | head: User                  | line 5: relations\\[0\\].head: a kind is 1 to 32 lower-case.*'User'
                    files: [f.tsv]          | files: []                   | line 3: relations\\[0\\]: files must name at least one file.*
                    files: [f.tsv]          | weight: 1                   | line 3: .*files.*
                    files: [f.tsv]          | files: f.tsv                | line 4: relations\\[0\\].files: expects a list
                    tail: user              | tail: relation              | line 1: the kind 'relation' is taken.*
                    """)
    void aBrokenRuleIsNamedWithItsLine(String good, String bad, String expected) {
        String text = SMALLEST.replace(good.strip(), bad.strip().replace("\\n", "\n"));
        String pattern = expected.strip().replace("\\\\", "\\").replaceAll("\\|$", "");
        assertThatThrownBy(() -> YamlFiles.parse(FILE, text, TrainingPlan.class))
                .isInstanceOf(ConfigException.class)
                .message()
                .doesNotContain("\n")
                .matches("p\\.yaml " + pattern);
    }

    @Test
    void aRequiredKeyIsMissed() {
        assertThatThrownBy(() -> YamlFiles.parse(FILE, SMALLEST.replace("name: small\n", ""), TrainingPlan.class))
                .hasMessage("p.yaml line 1: a key is missing: 'name'");
    }

    @Test
    void aPlanThatLearnsNothingIsRefused() {
        assertThatThrownBy(() ->
                        YamlFiles.parse(FILE, SMALLEST.substring(0, SMALLEST.indexOf("twhin")), TrainingPlan.class))
                .hasMessageContaining("a plan needs twhin, simclusters or social");
    }

    @Test
    void simclustersMayFollowAnotherKindButItemsMustBeOfAThird() {
        String text = SMALLEST.replace("tail: user", "tail: topic") + "simclusters: {follow: follow%s}\n";
        YamlFiles.parse(FILE, text.formatted(""), TrainingPlan.class);
        assertThatThrownBy(() -> YamlFiles.parse(FILE, text.formatted(", items: {follow: 1}"), TrainingPlan.class))
                .hasMessageContaining(
                        "simclusters.items must lead from user to a kind that simclusters.follow does not join: 'follow'");
    }

    @Test
    void interestsNeedVectorsAndKnownRelations() {
        assertThatThrownBy(() ->
                        YamlFiles.parse(FILE, SMALLEST + "interests: {clusters: {like: 10}}\n", TrainingPlan.class))
                .hasMessageContaining("interests.clusters names an unknown relation: 'like'");
        assertThatThrownBy(() ->
                        YamlFiles.parse(FILE, SMALLEST + "interests: {clusters: {follow: 1}}\n", TrainingPlan.class))
                .hasMessageContaining("clusters must be 2 to 1000000: 1 (relation follow)");
        assertThatThrownBy(() -> YamlFiles.parse(
                        FILE,
                        SMALLEST.substring(0, SMALLEST.indexOf("twhin"))
                                + "simclusters: {follow: follow}\ninterests: {clusters: {follow: 10}}\n",
                        TrainingPlan.class))
                .hasMessageContaining("interests are made from the vectors of twhin, which the plan leaves out");
    }

    @Test
    void aTimeToHoldOutFromNeedsTimesAndStandsAlone() {
        String timed = SMALLEST.replace("tail: user", "tail: user\n    columns: [head, tail, time]");
        TrainingPlan plan = YamlFiles.parse(FILE, timed + "hold-out-from: 2012-07-06T00:00:00Z\n", TrainingPlan.class);
        assertThat(plan.holdOutFrom()).contains(java.time.Instant.parse("2012-07-06T00:00:00Z"));
        assertThat(YamlFiles.parse(FILE, YamlFiles.toJson(plan), TrainingPlan.class))
                .isEqualTo(plan);
        assertThatThrownBy(() ->
                        YamlFiles.parse(FILE, SMALLEST + "hold-out-from: 2012-07-06T00:00:00Z\n", TrainingPlan.class))
                .hasMessageContaining("hold-out-from needs a relation with times, and no hold-out");
        assertThatThrownBy(() -> YamlFiles.parse(
                        FILE,
                        timed + "hold-out: {follow: 0.1}\nhold-out-from: 2012-07-06T00:00:00Z\n",
                        TrainingPlan.class))
                .hasMessageContaining("hold-out-from needs a relation with times, and no hold-out");
        assertThatThrownBy(() -> YamlFiles.parse(FILE, timed + "hold-out-from: yesterday\n", TrainingPlan.class))
                .hasMessageContaining("'yesterday' is not a time such as 2012-07-06T00:00:00Z");
    }

    @Test
    void whatIsNoYamlHasALine() {
        assertThatThrownBy(() -> YamlFiles.parse(FILE, "name: small\nseed: [1\nthreads: }", TrainingPlan.class))
                .isInstanceOf(ConfigException.class)
                .message()
                .matches("p\\.yaml line \\d: is no YAML: .*");
        assertThatThrownBy(() -> YamlFiles.parse(FILE, "- a\n- b\n", TrainingPlan.class))
                .hasMessage("p.yaml line 1: the file must hold keys and values");
        assertThatThrownBy(() -> TrainingPlan.read(Path.of("nowhere.yaml")))
                .hasMessage("nowhere.yaml: the file does not exist");
    }

    @Test
    void columnsAndTypeGoTogether() {
        assertThatThrownBy(() -> YamlFiles.parse(
                        FILE, SMALLEST.replace("tail: user", "tail: user\n    type: RT"), TrainingPlan.class))
                .hasMessageContaining("type and a column of that name go together: relation follow");
        assertThatThrownBy(() -> YamlFiles.parse(
                        FILE,
                        SMALLEST.replace("tail: user", "tail: user\n    columns: [head, weight]"),
                        TrainingPlan.class))
                .hasMessageContaining("columns must hold head and tail");
    }
}
