package repscorer.api.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import repscorer.core.ColumnPlan;
import repscorer.core.ScoringPlan;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.Space;
import repscorer.core.embedding.SparseSpace;
import repscorer.core.experiment.Experiment;
import repscorer.training.yaml.ConfigException;

class ServiceConfigTest {

    @TempDir
    Path directory;

    @Test
    void everyShippedFileLoads() throws Exception {
        ServiceConfig config = ServiceConfig.load(ConfigFixture.shipped(), Map.of(), Map.of());

        assertThat(config.plans()).extracting(ScoringPlan::surface).containsExactly("follow", "search", "tweet");
        assertThat(config.spaces()).extracting(Space::name).hasSize(23).isSorted();
        assertThat(config.spaces().stream().filter(Space::required).map(Space::name))
                .containsExactly(
                        "simclusters-interest",
                        "simclusters-producer",
                        "simclusters-topic",
                        "twhin-topic",
                        "twhin-user");
        assertThat(config.experiments()).extracting(Experiment::name).containsExactly("follow-blend");
        try (Stream<Path> files = Files.list(ConfigFixture.shipped())) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .contains("scorer.yaml")
                    .allMatch(name -> List.of("scorer.yaml", "spaces", "surfaces", "experiments", "training", "demo")
                            .contains(name));
        }
    }

    @Test
    void shippedSpacesAreWhatTheyClaim() {
        Map<String, Space> spaces = new java.util.HashMap<>();
        ServiceConfig.load(ConfigFixture.shipped(), Map.of(), Map.of()).spaces().forEach(s -> spaces.put(s.name(), s));

        assertThat(spaces.get("twhin-user")).isInstanceOfSatisfying(DenseSpace.class, space -> {
            assertThat(space.dimension()).isEqualTo(64);
            assertThat(space.engine()).isEqualTo("hnsw");
        });
        assertThat(spaces.get("twhin-relation"))
                .isInstanceOfSatisfying(
                        DenseSpace.class, space -> assertThat(space.engine()).isEqualTo("exact"));
        assertThat(spaces.get("simclusters-interest"))
                .isInstanceOfSatisfying(
                        SparseSpace.class, space -> assertThat(space.indexed()).isTrue());
        assertThat(spaces.get("history-follow"))
                .isInstanceOfSatisfying(
                        SparseSpace.class, space -> assertThat(space.indexed()).isFalse());
    }

    @Test
    void aSurfacesFileBecomesItsPlan() {
        ScoringPlan follow = ServiceConfig.load(ConfigFixture.shipped(), Map.of(), Map.of())
                .plans()
                .getFirst();

        assertThat(follow.exclude()).containsExactly("history-follow");
        assertThat(follow.columns()).extracting(ColumnPlan::name).containsExactly("twhin", "simclusters");
        assertThat(follow.columns().getFirst())
                .isInstanceOfSatisfying(
                        ColumnPlan.Dense.class,
                        column -> assertThat(column.translations())
                                .singleElement()
                                .satisfies(t -> assertThat(t.relation()).isEqualTo("follow")));
    }

    /** Each line spoils one place of the shipped files; the message must name file, line, key and rule. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "surfaces/follow.yaml | user: twhin-user, | user: twhin-usr, | follow.yaml line 15: columns[0].sources.user: space 'twhin-usr' is not declared",
                "surfaces/follow.yaml | user: twhin-user, | user: history-follow, | columns[0].sources.user: must be a dense space: 'history-follow'",
                "surfaces/follow.yaml | topic: twhin-topic | topic: twhin-user | columns[0].sources.topic: space 'twhin-user' holds kind user, not topic",
                "surfaces/follow.yaml | form: dense | form: thick | follow.yaml line 14: columns[0].form: must be dense or sparse: 'thick'",
                "surfaces/follow.yaml | ef: 400 | ef: 20000 | follow.yaml line 21: columns[0].ef: must be 1 to 2000: 20000",
                "surfaces/follow.yaml | ef: 400 | rescore: true | columns[0].rescore: is for sparse columns only",
                "surfaces/follow.yaml | ef: 400 | eff: 200 | follow.yaml line 21: columns[0].eff: unknown key; known are",
                "surfaces/follow.yaml | weight: 0.5 | weight: -1 | weight must be 0 to 1000.0: -1.0 (column twhin)",
                "surfaces/follow.yaml | weight: 0.5 | weight: heavy | follow.yaml line 23: columns[0].weight: must be a number",
                "surfaces/follow.yaml | similarity: cosine | similarity: jaccard | column twhin is dense and cannot use jaccard",
                "surfaces/follow.yaml | similarity: cosine | similarity: cosign | columns[0].similarity: must be one of dot, cosine",
                "surfaces/follow.yaml | exclude: [history-follow] | exclude: [history-folow] | exclude[0]: space 'history-folow' is not declared",
                "surfaces/follow.yaml | normalizer: z-score | normalizer: zscore | follow.yaml line 10: blend.normalizer: must be one of none, min-max, z-score",
                "surfaces/follow.yaml | method: linear | method: magic | blend.method: must be one of linear, reciprocal-rank: 'magic'",
                "surfaces/follow.yaml | k-default: 20 | k-default: 0 | k-default must be 1 to 1000: 0",
                "surfaces/follow.yaml | k-default: 20 | k-default: 2.5 | follow.yaml line 5: k-default: must be a whole number",
                "surfaces/follow.yaml | surface: follow | surface: Follow | surface: must be 1 to 64 lower-case letters",
                "surfaces/tweet.yaml | surface: tweet | surface: follow | tweet.yaml line 3: surface: surface 'follow' is declared twice",
                "surfaces/follow.yaml | space: twhin-relation | space: simclusters-topic | must be a dense space: 'simclusters-topic'",
                "surfaces/follow.yaml | candidates: {user: simclusters-producer} | candidates: {user: history-follow} | columns[1]: spaces of one column share a model",
                "surfaces/follow.yaml | name: simclusters | name: twhin | column names must differ: 'twhin' twice",
                "surfaces/follow.yaml | columns: | columns: [ | follow.yaml line 12: not valid YAML: while parsing a flow node, expected the node content, but found '-'",
                "surfaces/follow.yaml | kinds: [user] | kinds: [User] | kinds[0]: a kind is 1 to 32 lower-case letters",
                "spaces/twhin.yaml | dimension: 64 | dimension: 0 | dimension must be 1 to 4096: 0 (space twhin-user)",
                "spaces/twhin.yaml | dimension: 64 | dimension: 64KB | twhin.yaml line 5: dimension: must be a whole number",
                "spaces/twhin.yaml | metric: cosine | metric: angle | metric: must be one of cosine, inner-product, l2: 'angle'",
                "spaces/twhin.yaml | engine: hnsw | engine: faiss | engine must be exact, hnsw or hnswlib: 'faiss'",
                "spaces/twhin.yaml | m: 16 | m: 1 | twhin.yaml line 9: hnsw: m must be 2 to 128: 1",
                "spaces/twhin.yaml | recall-min: 0.9 | recall-min: 1.5 | recall-min must be 0 to 1: 1.5",
                "spaces/twhin.yaml | metric: cosine | entries-max: 5 | twhin.yaml line 6: entries-max: is for sparse spaces only",
                "spaces/twhin.yaml | name: twhin-topic | name: twhin-user | spaces[1].name: space 'twhin-user' is declared twice",
                "spaces/twhin.yaml | model: twhin | model: | model: is missing",
                "spaces/simclusters.yaml | entries-max: 1000 | dimension: 3 | dimension: is for dense spaces only",
                "spaces/simclusters.yaml | kind: topic | kind: TOPIC | spaces[2].kind: a kind is 1 to 32",
                "experiments/follow-blend.yaml | surface: follow | surface: home | follow-blend.yaml line 4: surface: surface 'home' is not declared; declared are follow, search, tweet",
                "experiments/follow-blend.yaml | columns.simclusters.weight: 0.65 | columns.simclusters.weight: 7000 | line 17: variants[1].overrides.columns.simclusters.weight:",
                "experiments/follow-blend.yaml | columns.simclusters.weight: 0.65 | columns.simcluster.weight: 0.7 | variants[1].overrides.columns.simcluster.weight:",
                "experiments/follow-blend.yaml | to: 10000 | to: 10001 | buckets must be a range within 0 to 10000: 0 to 10001",
                "experiments/follow-blend.yaml | name: control | name: simclusters-heavier | variant names must differ",
                "experiments/follow-blend.yaml | weight: 50           # | weight: -5  # | weight must not be negative: -5 (variant control)",
                "experiments/follow-blend.yaml | enabled: true | enabled: maybe | enabled: must be true or false",
                "scorer.yaml | port: 8080 | port: 80800 | scorer.yaml line 5: port must be 0 to 65535: 80800",
                "scorer.yaml | port: 8080 | prt: 8080 | scorer.yaml line 5: prt: unknown key; known are address",
                "scorer.yaml | request-body-max: 2MiB | request-body-max: 2 | scorer.yaml line 10: limits.request-body-max: a size is a whole number with B, KiB, MiB or GiB",
                "scorer.yaml | budget: 300ms           # | budget: 300  # | upstream.budget: a duration is a whole number with ms, s, m or h",
                "scorer.yaml | k-max: 1000 | k-max: 5000 | scorer.yaml line 11: limits: k-max must be 1 to 1000: 5000"
            })
    void aMistakeIsNamedWithItsPlace(String file, String text, String by, String message) {
        ConfigFixture.copyTo(directory).edit(file, text, by == null ? "" : by);

        assertThatThrownBy(() -> new ConfigFixture(directory).load())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(directory.resolve(file).toString())
                .hasMessageContaining(message)
                .hasMessageNotContaining("\n");
    }

    @Test
    void aRepeatedKeyIsRefusedWithItsLine() {
        ConfigFixture config = ConfigFixture.copyTo(directory).edit("scorer.yaml", "port: 8080", "address: x");

        assertThatThrownBy(config::load).isInstanceOf(ConfigException.class).hasMessageContaining("scorer.yaml line 5");
    }

    @Test
    void overlappingExperimentsOfOneLayerAreRefused() throws Exception {
        ConfigFixture config = ConfigFixture.copyTo(directory);
        String other = Files.readString(directory.resolve("experiments/follow-blend.yaml"))
                .replace("experiment: follow-blend", "experiment: other");
        config.write("experiments/other.yaml", other);

        assertThatThrownBy(config::load)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("experiments/other.yaml");
    }

    @Test
    void aMissingDirectoryIsNamed() {
        assertThatThrownBy(() -> ServiceConfig.load(directory.resolve("nowhere"), Map.of(), Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("the configuration directory is missing")
                .hasMessageContaining("nowhere");
    }

    @Test
    void aDirectoryWithoutSpacesIsRefused() {
        assertThatThrownBy(() -> ServiceConfig.load(directory, Map.of(), Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("no space is declared");
    }

    @Test
    void aFileThatHoldsAListIsRefused() {
        ConfigFixture config = ConfigFixture.copyTo(directory).write("scorer.yaml", "- port\n");

        assertThatThrownBy(config::load).hasMessageContaining("the file must hold keys and values");
    }

    @Test
    void aFileThatIsNotTextIsRefused() throws Exception {
        ConfigFixture config = ConfigFixture.copyTo(directory);
        Files.write(directory.resolve("scorer.yaml"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});

        assertThatThrownBy(config::load).hasMessageContaining("not UTF-8");
    }
}
