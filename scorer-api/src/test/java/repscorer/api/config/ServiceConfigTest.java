package repscorer.api.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import repscorer.core.embedding.Aging;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.EngagementRule;
import repscorer.core.embedding.Retention;
import repscorer.core.embedding.Space;
import repscorer.core.embedding.SpacePolicy;
import repscorer.core.embedding.SparseSpace;
import repscorer.core.embedding.ZeroVectors;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.experiment.Bucketing;
import repscorer.core.experiment.Eligibility;
import repscorer.core.experiment.Experiment;
import repscorer.core.experiment.HoldOuts;
import repscorer.core.experiment.Schedule;
import repscorer.core.experiment.Variant;
import repscorer.core.plan.AttributePlan;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.plan.EngagementPlan.SignalFeatures;
import repscorer.core.plan.ScoringPlan;
import repscorer.core.rule.Rule;
import repscorer.core.rule.Rule.Mode;
import repscorer.yaml.ConfigException;

class ServiceConfigTest {

    @TempDir
    Path directory;

    @Test
    void everyShippedFileLoads() throws Exception {
        ServiceConfig config = ServiceConfig.load(ConfigFixture.shipped(), Map.of(), Map.of());

        assertThat(config.plans()).extracting(ScoringPlan::surface).containsExactly("ads", "follow", "search", "tweet");
        assertThat(config.spaces()).extracting(Space::name).hasSize(38).isSorted();
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
                    .allMatch(name -> List.of(
                                    "scorer.yaml",
                                    "signals.yaml",
                                    "spaces",
                                    "surfaces",
                                    "experiments",
                                    "training",
                                    "models",
                                    "ranking",
                                    "demo",
                                    "observability")
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
    void aSpacesPolicyIsReadFromTheFileOrFromTheSpaceItself() {
        ConfigFixture fixture = ConfigFixture.copyTo(directory)
                .edit(
                        "spaces/twhin.yaml",
                        "zero-vectors: refuse ",
                        "retention: {releases: 2, age: 30d}\nzero-vectors: drop ")
                .edit("spaces/twhin.yaml", "kind: tweet}", "kind: tweet, zero-vectors: refuse, retention: {age: 7d}}");
        Map<String, SpacePolicy> policies = new java.util.HashMap<>();
        fixture.load().spaces().forEach(space -> policies.put(space.name(), space.policy()));

        assertThat(policies.get("twhin-user"))
                .isEqualTo(new SpacePolicy(
                        ZeroVectors.DROP, new Retention(OptionalInt.of(2), Optional.of(Duration.ofDays(30)))));
        assertThat(policies.get("twhin-tweet"))
                .isEqualTo(new SpacePolicy(
                        ZeroVectors.REFUSE, new Retention(OptionalInt.empty(), Optional.of(Duration.ofDays(7)))));
        assertThat(policies.get("simclusters-topic")).isEqualTo(SpacePolicy.KEEPING);
    }

    @Test
    void howVectorsAreMadeFromEngagementsIsReadFromTheSpace() {
        ConfigFixture fixture = ConfigFixture.copyTo(directory)
                .edit(
                        "spaces/simclusters.yaml",
                        "simclusters-tweet, kind: tweet}",
                        "simclusters-tweet, kind: tweet, half-life: 8h, time-to-live: 48h,"
                                + " engagements: {of: simclusters-interest, kinds: {favorite: 1, view: 0}}}");
        Map<String, Optional<EngagementRule>> rules = new java.util.HashMap<>();
        fixture.load()
                .spaces()
                .forEach(space -> rules.put(space.name(), space.policy().engagements()));

        assertThat(rules.get("simclusters-tweet"))
                .contains(
                        new EngagementRule("simclusters-interest", Map.of("favorite", 1f, "view", 0f), 8, 50, 100_000));
        assertThat(rules.get("simclusters-interest")).isEmpty();
    }

    @Test
    void howVectorsGrowOldIsReadFromTheFileOrFromTheSpaceItself() {
        ConfigFixture fixture = ConfigFixture.copyTo(directory)
                .edit("spaces/twhin.yaml", "zero-vectors: refuse ", "half-life: 8h\nzero-vectors: refuse ")
                .edit("spaces/twhin.yaml", "kind: tweet}", "kind: tweet, half-life: 1h, time-to-live: 48h}");
        Map<String, Aging> agings = new java.util.HashMap<>();
        fixture.load()
                .spaces()
                .forEach(space -> agings.put(space.name(), space.policy().aging()));

        assertThat(agings.get("twhin-user")).isEqualTo(new Aging(Optional.of(Duration.ofHours(8)), Optional.empty()));
        assertThat(agings.get("twhin-tweet"))
                .isEqualTo(new Aging(Optional.of(Duration.ofHours(1)), Optional.of(Duration.ofHours(48))));
        assertThat(agings.get("simclusters-topic")).isEqualTo(Aging.NONE);
    }

    @Test
    @DisplayName(
            "S18: spaces of one's own, of any kind, need features: [] beside them or no signals.yaml; an attribute of the own row")
    void spacesOfOnesOwn() throws Exception {
        Path own = directory.resolve("own");
        ConfigFixture fixture = new ConfigFixture(own)
                .write("spaces/recipes.yaml", """
                        model: kitchen
                        form: dense
                        dimension: 4
                        metric: cosine
                        zero-vectors: refuse
                        spaces:
                          - {name: kitchen-recipe, kind: recipe, engine: exact}
                        """)
                .write("spaces/languages.yaml", """
                        model: words
                        form: sparse
                        entries-max: 10
                        items-per-cluster: 0
                        spaces:
                          - {name: recipe-language, kind: recipe}
                        """)
                .write("surfaces/recipes.yaml", """
                        surface: recipes
                        kinds: [recipe]
                        k-default: 10
                        blend: {method: linear, normalizer: none}
                        columns:
                          - name: kitchen
                            form: dense
                            sources: {recipe: kitchen-recipe}
                            candidates: {recipe: kitchen-recipe}
                            similarity: cosine
                            retrieve: 10
                            weight: 1
                        attributes:
                          language: {spaces: [recipe-language]}
                        rules:
                          - {name: english, rule: remove-where, attribute: language, values: ["language:en"], keep: true}
                        """);
        assertThat(fixture.load().signals()).isEqualTo(SignalSettings.NONE);

        String shipped = Files.readString(ConfigFixture.shipped().resolve("signals.yaml"));
        fixture.write("signals.yaml", shipped);
        assertThatThrownBy(fixture::load).hasMessageContaining("simclusters-tweet");
        fixture.write("signals.yaml", shipped.substring(0, shipped.indexOf("\nfeatures:")) + "\nfeatures: []\n");
        ServiceConfig config = fixture.load();

        assertThat(config.spaces()).extracting(space -> space.kind().name()).containsOnly("recipe");
        assertThat(config.signals().types()).isNotEmpty();
        assertThat(config.plans().getFirst().rules().rules()).hasSize(1);
    }

    @Test
    void aSurfacesFileBecomesItsPlan() {
        ScoringPlan follow = ServiceConfig.load(ConfigFixture.shipped(), Map.of(), Map.of())
                .plans()
                .get(1);

        assertThat(follow.exclude()).containsExactly("history-follow");
        assertThat(follow.columns())
                .extracting(ColumnPlan::name)
                .containsExactly("twhin", "simclusters", "mutual", "near-popularity", "reciprocity");
        assertThat(follow.columns().getFirst())
                .isInstanceOfSatisfying(
                        ColumnPlan.Dense.class,
                        column -> assertThat(column.translations())
                                .singleElement()
                                .satisfies(t -> assertThat(t.relation()).isEqualTo("follow")));
    }

    @Test
    void everyRuleIsRead() {
        ConfigFixture fixture = ConfigFixture.copyTo(directory)
                .edit("surfaces/follow.yaml", "  - {name: not-blocked, rule: remove, signals: [block, mute]}\n", """
                          - {name: a, rule: remove, histories: [history-follow], signals: [block], attribute: city}
                          - {name: a2, rule: remove, signals: [block], times: 1, within: 12h}
                          - {name: b, rule: remove-where, attribute: kind, values: [user], keep: true, mode: off}
                          - {name: c, rule: remove-by-age, min-age: 1h, max-age: 30d, mode: dry-run}
                          - {name: d, rule: boost, attribute: city, values: ["city:rome"], multiply: 1.5, add: 0.1}
                          - {name: e, rule: decay, half-life: 8h, weight: 0.5}
                          - {name: e2, rule: worth, space: history-follow, otherwise: 0.2}
                          - {name: e3, rule: floor, score-min: 0.01}
                          - {name: f, rule: cap, attribute: source, max: 3}
                          - {name: g, rule: diversify, lambda: 0.7, column: twhin}
                          - {name: h, rule: quota, attribute: city, values: ["city:rome"], min: 2}
                          - {name: i, rule: pin, id: "user:7", position: 2}
                        attributes:
                          city: {spaces: [history-follow], inverse-of: [history-author]}
                        created: {snowflake: [user], spaces: [history-reply]}
                        """)
                .edit("surfaces/follow.yaml", "normalizer: z-score", "normalizer: none");

        ScoringPlan follow = fixture.load().plans().get(1);

        Rule.Condition rome = new Rule.Condition("city", Set.of("city:rome"));
        assertThat(follow.rules().rules())
                .containsExactly(
                        new Rule.Remove("a", Mode.ON, List.of("history-follow"), List.of("block"), Optional.of("city")),
                        new Rule.Remove(
                                "a2",
                                Mode.ON,
                                List.of(),
                                List.of("block"),
                                Optional.empty(),
                                Rule.OnMissing.REFUSE,
                                Optional.of(new Rule.Frequency(1, Duration.ofHours(12)))),
                        new Rule.RemoveWhere("b", Mode.OFF, new Rule.Condition("kind", Set.of("user")), true),
                        new Rule.RemoveByAge("c", Mode.DRY_RUN, Duration.ofHours(1), Duration.ofDays(30)),
                        new Rule.Boost("d", Mode.ON, rome, 1.5, 0.1),
                        new Rule.Decay("e", Mode.ON, Duration.ofHours(8), 0.5),
                        new Rule.Worth("e2", Mode.ON, "history-follow", Optional.of(0.2)),
                        new Rule.Floor("e3", Mode.ON, 0.01),
                        new Rule.Cap("f", Mode.ON, "source", 3),
                        new Rule.Diversify("g", Mode.ON, 0.7, "twhin", 100),
                        new Rule.Quota("h", Mode.ON, rome, 2),
                        new Rule.Pin("i", Mode.ON, EntityId.parse("user:7"), 2));
        assertThat(follow.attributes())
                .isEqualTo(new AttributePlan(
                        Map.of(
                                "city",
                                new AttributePlan.Attribute(List.of("history-follow"), List.of("history-author"))),
                        Set.of(EntityKind.USER),
                        List.of("history-reply")));
        assertThat(follow.anchors()).isEqualTo(Map.of("twhin", "twhin-topic"));
    }

    @Test
    void theShippedSignalsMakeTheReferencesFeatures() {
        SignalSettings signals =
                ServiceConfig.load(ConfigFixture.shipped(), Map.of(), Map.of()).signals();

        assertThat(signals.types()).hasSize(17);
        assertThat(signals.upstream()).isEmpty();
        assertThat(signals.engagement().signals().stream().flatMap(features -> features.names().stream()))
                .hasSize(58);
        assertThat(signals.engagement().signals().stream()
                        .filter(SignalFeatures::emptyInReference)
                        .flatMap(features -> features.names().stream()))
                .as("empty in the reference")
                .hasSize(12)
                .allMatch(name -> name.startsWith("block-") || name.startsWith("mute-"));
    }

    @Test
    @DisplayName("S21 a signal that nobody declared stands in no rule")
    void aMisspeltSignalIsRefused() {
        ConfigFixture fixture = ConfigFixture.copyTo(directory)
                .edit("surfaces/follow.yaml", "signals: [block, mute]", "signals: [blok, mute]");
        assertThatThrownBy(fixture::load)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("follow.yaml line ")
                .hasMessageContaining(
                        "rules[0].signals[0]: no signal is called 'blok'; declared in signals.yaml are [ad-seen, block,")
                .hasMessageContaining("seen");
    }

    @Test
    void aRuleThatAsksForMoreSignalsOfAnEntityThanAreKeptIsRefused() {
        ConfigFixture fixture =
                ConfigFixture.copyTo(directory).edit("surfaces/ads.yaml", "times: 3, within", "times: 21, within");
        assertThatThrownBy(fixture::load)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("ads.yaml line ")
                .hasMessageContaining("rules[3].times: 20 of one entity are kept at most, and 21 are asked for:"
                        + " raise repeats-max in signals.yaml");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "experiments/x.yml",
                "surfaces/follow.yaml.bak",
                "spaces/README.md",
                "surfaces/old/follow.yaml",
                "experiment/x.yaml",
                "signals.yml",
                "surface.yaml"
            })
    @DisplayName("S21 a file that nobody would read is refused")
    void aFileThatIsNotReadIsRefused(String file) {
        ConfigFixture fixture = ConfigFixture.copyTo(directory).write(file, "{}\n");
        assertThatThrownBy(fixture::load)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(directory.resolve(file.replaceAll("(old|experiment)/.*", "$1"))
                        + " is not read by the service; ");
    }

    @Test
    @DisplayName("S21 hidden files are other programs' and are not read")
    void hiddenFilesAreNotRead() {
        ConfigFixture fixture = ConfigFixture.copyTo(directory)
                .write("surfaces/._follow.yaml", "\u0000\u0005")
                .write(".DS_Store", "x")
                .write("experiments/.x.yaml.swp", "x");
        assertThat(fixture.load().plans()).hasSize(4);
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
                "surfaces/follow.yaml | form: dense | form: thick | follow.yaml line 14: columns[0].form: must be dense, sparse, text or model: 'thick'",
                "surfaces/follow.yaml | ef: 400 | ef: 20000 | follow.yaml line 21: columns[0].ef: must be 1 to 2000: 20000",
                "surfaces/follow.yaml | ef: 400 | rescore: true | columns[0].rescore: is for sparse columns only",
                "surfaces/follow.yaml | ef: 400 | eff: 200 | follow.yaml line 21: columns[0].eff: unknown key; known are",
                "surfaces/follow.yaml | weight: 0.5 | weight: -1 | weight must be 0 to 1000.0: -1.0 (column twhin)",
                "surfaces/follow.yaml | weight: 0.5 | weight: heavy | follow.yaml line 25: columns[0].weight: must be a number",
                "surfaces/follow.yaml | similarity: cosine | similarity: jaccard | column twhin is dense and cannot use jaccard",
                "surfaces/follow.yaml | similarity: cosine | similarity: cosign | columns[0].similarity: must be one of dot, cosine",
                "surfaces/follow.yaml | exclude: [history-follow] | exclude: [history-folow] | exclude[0]: space 'history-folow' is not declared",
                "surfaces/follow.yaml | normalizer: z-score | normalizer: zscore | follow.yaml line 10: blend.normalizer: must be one of none, min-max, z-score, l2, softmax",
                "surfaces/follow.yaml | method: linear | method: magic | blend.method: must be one of linear, reciprocal-rank, round-robin, count-weighted: 'magic'",
                "surfaces/follow.yaml | normalizer: z-score | shrinkage: 0.5 | blend.shrinkage: is for method count-weighted only",
                "surfaces/follow.yaml | method: linear | method: round-robin | blend.normalizer: is for method linear only",
                "surfaces/follow.yaml | anchors: twhin-topic | anchors: simclusters-topic | columns[0].anchors: must be a dense space: 'simclusters-topic'",
                "surfaces/follow.yaml | rule: remove, signals: [block, mute] | rule: erase, signals: [block, mute] | rules[0].rule: must be one of remove, remove-where, remove-by-age, boost, decay, worth, floor, cap, diversify, quota, pin: 'erase'",
                "surfaces/follow.yaml | rule: remove, signals: [block, mute] | rule: remove | histories or signals must be named (rule not-blocked)",
                "surfaces/follow.yaml | signals: [block, mute] | signals: [block, fav] | rules[0].signals[1]: signal 'fav' is about kind tweet and the surface answers [user]: name the attribute",
                "surfaces/tweet.yaml | signals: [block, mute], attribute: author | signals: [block, mute] | rules[1].signals[0]: signal 'block' is about kind user and the surface answers [tweet]: name the attribute",
                "surfaces/follow.yaml | signals: [block, mute] | signals: [block], max: 3 | rules[0].max: is not for rule remove",
                "surfaces/follow.yaml | signals: [block, mute] | signals: [block], on-missing: ignore | rules[0].on-missing: must be one of refuse, remove-all, pass: 'ignore'",
                "surfaces/follow.yaml | signals: [block, mute] | histories: [history-follow], on-missing: pass | rules[0].on-missing: is for rules that read signals only",
                "surfaces/tweet.yaml | name: not-by-blocked | name: not-seen | rule names must differ: 'not-seen' twice",
                "surfaces/tweet.yaml | rule: cap, attribute: author, max: 3 | rule: cap, attribute: author | rules[3].max: is missing",
                "surfaces/tweet.yaml | rule: cap, attribute: author, max: 3 | rule: remove, signals: [seen] | rules that remove come first",
                "surfaces/tweet.yaml | half-life: 24h | half-life: fast | rules[2].half-life: ",
                "surfaces/tweet.yaml | [history-author]} | [twhin-user]} | attributes.author.inverse-of[0]: must be a sparse space: 'twhin-user'",
                "signals.yaml | {name: fav, kind: tweet, age-max: 30d} | {name: fav, kind: tweet} | signals.yaml line 16: types[0].age-max: is missing",
                "signals.yaml | [fav, retweet, | [poke, retweet, | features[0].signals[0]: no signal is called 'poke'; declared are [fav,",
                "signals.yaml | signals: [follow] | signals: [fav] | features[1].signals[0]: is about kind tweet; space 'simclusters-producer' holds kind user",
                "signals.yaml | signals: [block, mute] | signals: [follow] | feature names must differ: 'follow-7d-max' twice",
                "signals.yaml | windows: [7d, 30d] | windows: [] | a window and an aggregate are needed: signal follow",
                "signals.yaml | aggregates: [max, mean] | aggregates: [median] | features[0].aggregates[0]: must be one of max, mean, last, decayed: 'median'",
                "signals.yaml | kept-for: 5s | kept: 5s | upstream.kept: unknown key",
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
                "spaces/twhin.yaml | engine: hnsw | engine: faiss | engine: must be exact, hnsw or hnswlib: 'faiss'",
                "spaces/twhin.yaml | kind: relation, engine: exact | kind: relation, engine: annoy | spaces[6].engine: must be exact, hnsw or hnswlib: 'annoy'",
                "spaces/twhin.yaml | zero-vectors: refuse | zero-vectors: keep | twhin.yaml line 13: zero-vectors: must be refuse or drop, for a zero vector has no cosine: 'keep'",
                "spaces/twhin.yaml | zero-vectors: refuse | zero-vectors: ignore | zero-vectors: must be one of refuse, drop, keep: 'ignore'",
                "spaces/twhin.yaml | metric: cosine | retention: {releases: -1} | twhin.yaml line 6: retention: retention.releases must not be negative: -1",
                "spaces/simclusters.yaml | kind: topic | kind: topic, retention: {age: 0s} | spaces[2].retention: retention.age must be above zero: PT0S",
                "surfaces/follow.yaml | space: twhin-relation | space: twhin-relations | follow.yaml line",
                "spaces/twhin.yaml | m: 16 | m: 1 | twhin.yaml line 9: hnsw: m must be 2 to 128: 1",
                "scorer.yaml | sources: 1000 | sources: 5 | sources must be 20 to 100000: 5",
                "scorer.yaml | recall-min: 0.9 | recall-min: 90 | recall-min must be 0 to 1: 90.0",
                "spaces/twhin.yaml | metric: cosine | half-life: 0s | twhin.yaml line 6: half-life: must be 1s to 36500d: PT0S",
                "spaces/twhin.yaml | metric: cosine | half-life: often | twhin.yaml line 6: half-life: a duration is a whole number with",
                "spaces/simclusters.yaml | kind: topic | kind: topic, time-to-live: 36501d | spaces[2].time-to-live: must be 1s to 36500d: PT876024H",
                "spaces/twhin.yaml | kind: tweet} | kind: tweet, half-life: 8h, codes: {method: int8}} | half-life: is not for a space with codes: they are of rows as they were written",
                "spaces/simclusters.yaml | simclusters-tweet, kind: tweet} | simclusters-tweet, kind: tweet, engagements: {of: simclusters-interest, kinds: {favorite: 1}}} | spaces[4].engagements: vectors from engagements have a half-life and a time-to-live",
                "spaces/simclusters.yaml | simclusters-tweet, kind: tweet} | simclusters-tweet, kind: tweet, half-life: 8h, time-to-live: 48h, engagements: {kinds: {favorite: 1}}} | spaces[4].engagements.of: is missing",
                "spaces/simclusters.yaml | simclusters-tweet, kind: tweet} | simclusters-tweet, kind: tweet, half-life: 8h, time-to-live: 48h, engagements: {of: simclusters-interest}} | spaces[4].engagements.kinds: is missing",
                "spaces/simclusters.yaml | simclusters-tweet, kind: tweet} | simclusters-tweet, kind: tweet, half-life: 8h, time-to-live: 48h, engagements: {of: simclusters-interest, kinds: {favorite: -1}}} | the weight of an engagement is 0 to 1000000.0: -1.0 for favorite",
                "spaces/simclusters.yaml | simclusters-tweet, kind: tweet} | simclusters-tweet, kind: tweet, half-life: 8h, time-to-live: 48h, engagements: {of: simclusters-interest, kinds: {favorite: 1}, floor: 101}} | floor must be 1 to 100: 101",
                "spaces/simclusters.yaml | simclusters-tweet, kind: tweet} | simclusters-tweet, kind: tweet, half-life: 8h, time-to-live: 48h, engagements: {of: simclusters-interest, kinds: {favorite: 1}, items-max: 0}} | items-max must be at least 1: 0",
                "spaces/simclusters.yaml | simclusters-tweet, kind: tweet} | simclusters-tweet, kind: tweet, half-life: 8h, time-to-live: 48h, engagements: {of: twhin-user, kinds: {favorite: 1}}} | spaces[4].engagements.of: must be another sparse space of model simclusters, not from engagements itself: 'twhin-user'",
                "spaces/simclusters.yaml | simclusters-tweet, kind: tweet} | simclusters-tweet, kind: tweet, half-life: 8h, time-to-live: 48h, engagements: {of: history-like, kinds: {favorite: 1}}} | spaces[4].engagements.of: must be another sparse space of model simclusters, not from engagements itself: 'history-like'",
                "spaces/twhin.yaml | recall-min: 0.9 | recall-min: 1.5 | recall-min must be 0 to 1: 1.5",
                "spaces/twhin.yaml | metric: cosine | codes: {method: vq} | codes.method: must be one of float16, int8, pq, residual, rabitq: 'vq'",
                "spaces/twhin.yaml | metric: cosine | codes: {m: 8} | codes.method: is missing",
                "spaces/twhin.yaml | metric: cosine | codes: {method: pq, m: 65} | m of pq must be at most the dimension, 64: 65",
                "spaces/twhin.yaml | metric: cosine | codes: {method: pq, bits: 9} | codes: bits of pq must be 4 to 8: 9",
                "spaces/twhin.yaml | metric: cosine | codes: {method: int8, rotation: random} | codes: rows of int8 are not turned: random",
                "spaces/simclusters.yaml | entries-max: 1000 | codes: {method: int8} | codes: is for dense spaces only",
                "spaces/twhin.yaml | metric: cosine | entries-max: 5 | twhin.yaml line 6: entries-max: is for sparse spaces only",
                "spaces/twhin.yaml | name: twhin-topic | name: twhin-user | spaces[1].name: space 'twhin-user' is declared twice",
                "spaces/twhin.yaml | model: twhin | model: | model: is missing",
                "spaces/simclusters.yaml | entries-max: 1000 | dimension: 3 | dimension: is for dense spaces only",
                "spaces/simclusters.yaml | kind: topic | kind: TOPIC | spaces[2].kind: a kind is 1 to 32",
                "experiments/follow-blend.yaml | surface: follow | surface: home | follow-blend.yaml line 4: surface: surface 'home' is not declared; declared are ads, follow, search, tweet",
                "experiments/follow-blend.yaml | columns.simclusters.weight: 0.65 | columns.simclusters.weight: 7000 | line 17: variants[1].overrides.columns.simclusters.weight:",
                "experiments/follow-blend.yaml | columns.simclusters.weight: 0.65 | columns.simcluster.weight: 0.7 | variants[1].overrides.columns.simcluster.weight:",
                "experiments/follow-blend.yaml | to: 10000 | to: 10001 | buckets must be a range within 0 to 10000: 0 to 10001",
                "experiments/follow-blend.yaml | name: control | name: simclusters-heavier | variant names must differ",
                "experiments/follow-blend.yaml | weight: 50           # | weight: -5  # | weight must not be negative: -5 (variant control)",
                "experiments/follow-blend.yaml | weight: 50           # | interleave: {method: team-draft, of: [a, a]} # | variants[0].interleave: two variants are interleaved that differ: [a, a]",
                "experiments/follow-blend.yaml | weight: 50           # | interleave: {method: best, of: [a, b]} # | variants[0].interleave.method: must be one of team-draft, optimised: 'best'",
                "experiments/follow-blend.yaml | weight: 50           # | interleave: {method: optimised} # | variants[0].interleave.of: is missing",
                "surfaces/follow.yaml | k-default: 20 | explore: {method: greedy} | explore.method: must be one of none, uniform, softmax: 'greedy'",
                "surfaces/follow.yaml | k-default: 20 | explore: {method: uniform, window: 1} | explore.window: must be 2 to 1000: 1",
                "surfaces/follow.yaml | k-default: 20 | explore: {temperature: 0} | explore.temperature: must be 0.001 to 1000.0: 0.0",
                "experiments/follow-blend.yaml | enabled: true | enabled: maybe | enabled: must be true or false",
                "experiments/follow-blend.yaml | enabled: true | bucketing: theirs | bucketing: must be one of ours, growthbook-1, growthbook-2, unleash, openfeature: 'theirs'",
                "experiments/follow-blend.yaml | enabled: true | ramp: [{at: 2026-01-01T00:00:00Z}] | line 8: ramp[0].share: is missing",
                "experiments/follow-blend.yaml | enabled: true | ramp: [{at: 2026-01-01T00:00:00Z, share: 1.5}] | ramp[0].share: a share must be 0 to 1, with four decimals at most: 1.5",
                "experiments/follow-blend.yaml | enabled: true | ramp: [{at: soon, share: 1}] | ramp[0].at: ",
                "experiments/follow-blend.yaml | enabled: true | ramp: [{at: 2026-01-01T00:00:00Z, share: 1, weights: {a: 1}}] | ramp must name variants: 'a' at",
                "experiments/follow-blend.yaml | enabled: true | start: 2026-01-01 | start: ",
                "experiments/follow-blend.yaml | enabled: true | source-kinds: [Users] | source-kinds[0]: ",
                "scorer.yaml | port: 8080 | port: 80800 | scorer.yaml line 5: port must be 0 to 65535: 80800",
                "scorer.yaml | port: 8080 | prt: 8080 | scorer.yaml line 5: prt: unknown key; known are address",
                "scorer.yaml | request-body-max: 4MiB | request-body-max: 2 | scorer.yaml line 12: limits.request-body-max: a size is a whole number with B, KiB, MiB or GiB",
                "scorer.yaml | budget: 300ms           # | budget: 300  # | upstream.budget: a duration is a whole number with ms, s, m or h",
                "scorer.yaml | k-max: 1000 | k-max: 5000 | scorer.yaml line 13: limits: k-max must be 1 to 1000: 5000"
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
    void anExperimentsScheduleBucketingAndForcedUnitsAreRead() {
        ServiceConfig config = ConfigFixture.copyTo(directory)
                .write("layers.yaml", """
                    hold-out: {share: 0.015, salt: h}
                    layers:
                      - {name: blend, hold-out: {share: 0.1}}
                      - {name: other}
                    """)
                .write("experiments/follow-blend.yaml", """
                    experiment: follow-blend
                    surface: follow
                    layer: blend
                    bucketing: growthbook-2
                    salt: seed
                    start: 2026-01-01T00:00:00Z
                    end: 2026-02-01T00:00:00Z
                    ramp: [{at: 2026-01-01T00:00:00Z, share: 0.29}]
                    source-kinds: [user, vector]
                    context: {country: [de, at]}
                    enabled: true
                    variants:
                      - {name: a, weight: 1, forced: ["user:1", qa]}
                      - {name: b, weight: 2}
                    """)
                .load();

        assertThat(config.experiments())
                .containsExactly(new Experiment(
                        "follow-blend",
                        "follow",
                        "blend",
                        "seed",
                        Bucketing.GROWTHBOOK_2,
                        0,
                        10_000,
                        List.of(new Variant("a", 1, Map.of()), new Variant("b", 2, Map.of())),
                        true,
                        new Schedule(
                                Optional.of(Instant.parse("2026-01-01T00:00:00Z")),
                                Optional.of(Instant.parse("2026-02-01T00:00:00Z")),
                                List.of(new Schedule.Step(Instant.parse("2026-01-01T00:00:00Z"), 2_900, Map.of()))),
                        new Eligibility(Set.of("user", "vector"), Map.of("country", Set.of("de", "at"))),
                        Map.of("user:1", "a", "qa", "a")));
        assertThat(config.holdOuts())
                .isEqualTo(new HoldOuts(
                        new HoldOuts.HoldOut(150, "h"),
                        Map.of(
                                "blend",
                                new HoldOuts.HoldOut(1_000, "blend"),
                                "other",
                                new HoldOuts.HoldOut(0, "other"))));
    }

    @Test
    void whatLayersAndForcedUnitsMustNotBeIsNamedWithItsPlace() {
        ConfigFixture config = ConfigFixture.copyTo(directory).write("layers.yaml", "layers:\n  - {name: rules}\n");
        assertThatThrownBy(config::load)
                .hasMessageContaining(
                        "follow-blend.yaml line 5: layer: layer 'blend' is not declared; declared in layers.yaml are"
                                + " [rules]");
        config.write("layers.yaml", "layers:\n  - {name: blend}\n  - {name: blend}\n");
        assertThatThrownBy(config::load)
                .hasMessageContaining("layers.yaml line 3: layers[1].name: layer 'blend' is declared twice");
        config.write("layers.yaml", "hold-out: {share: 0.00001}\n");
        assertThatThrownBy(config::load)
                .hasMessageContaining("layers.yaml line 1: hold-out.share: a share must be 0 to 1, with four decimals");
        config.write("layers.yaml", "").write("experiments/follow-blend.yaml", """
            experiment: follow-blend
            surface: follow
            layer: blend
            variants:
              - {name: a, weight: 1, forced: [qa]}
              - {name: b, weight: 1, forced: [qa]}
            """);
        assertThatThrownBy(config::load)
                .hasMessageContaining("follow-blend.yaml line 6: variants[1].forced: unit 'qa' is forced into 'a' too");
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
