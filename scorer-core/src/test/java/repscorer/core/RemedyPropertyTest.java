package repscorer.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.ann.HnswParameters;
import repscorer.ann.SparseSearchOptions.Ranking;
import repscorer.core.answer.ScoredCandidate;
import repscorer.core.answer.WhyNot;
import repscorer.core.answer.WhyNot.Stage;
import repscorer.core.blend.BlendRecipe;
import repscorer.core.blend.Normalizer;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.Embedding;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.fixture.ReleaseBuilder;
import repscorer.core.fixture.ScorerBuilder;
import repscorer.core.fixture.Spaces;
import repscorer.core.plan.AttributePlan;
import repscorer.core.plan.ColumnBuilder;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.plan.ColumnSetting;
import repscorer.core.plan.ScoringPlan;
import repscorer.core.query.CandidateQuery;
import repscorer.core.query.Source;
import repscorer.core.rule.Rule;
import repscorer.core.rule.Rule.Condition;
import repscorer.core.rule.Rule.Mode;
import repscorer.core.rule.RuleBook;
import repscorer.core.store.Change;
import repscorer.core.store.RepresentationStore;
import repscorer.testing.Seeds;
import repscorer.vector.Metric;
import repscorer.vector.SparseVector;

/**
 * Sends back every setting that a why-not names, over random releases, plans and requests: it is taken, it does what was said, and
 * the next smaller value does not. The oracle is the service's own answer to the changed request.
 */
class RemedyPropertyTest {

    private static final EntityKind USER = EntityKind.USER;
    private static final EntityKind TWEET = EntityKind.TWEET;
    private static final int CLUSTERS = 8;
    private static final long NOW = 1_700_000_000_000L;

    @TempDir
    Path directory;

    private static final Set<String> SORTS = Set.of("k", "retrieve", "score-min", "items-per-cluster", "rules.few.max");

    private final Set<String> sorts = new TreeSet<>();
    private int named;
    private int remedies;
    private int together;

    /** A release of so many tweets, some of them streamed in. */
    private RepresentationStore release(String name, int rows, String engine, RandomGenerator random)
            throws IOException {
        RepresentationStore store = ReleaseBuilder.open(
                directory.resolve(name),
                new DenseSpace(
                        "twhin-user", "twhin", USER, 4, Metric.COSINE, "exact", HnswParameters.DEFAULT, 0, false),
                new DenseSpace(
                        "twhin-tweet", "twhin", TWEET, 4, Metric.COSINE, engine, HnswParameters.DEFAULT, 0, false),
                Spaces.clusters("clusters-user", USER, 9, 0),
                Spaces.clusters("clusters-tweet", TWEET, 9, 1 + random.nextInt(rows)),
                Spaces.lookup("history", "history", USER, 50),
                Spaces.lookup("author", "attribute", TWEET, 1),
                Spaces.lookup("created", "attribute", TWEET, 1));
        Map<EntityId, float[]> dense = new TreeMap<>();
        Map<EntityId, SparseVector> sparse = new TreeMap<>();
        Map<EntityId, SparseVector> authors = new TreeMap<>();
        Map<EntityId, SparseVector> created = new TreeMap<>();
        Map<EntityId, SparseVector> history = new TreeMap<>();
        List<EntityId> users = new ArrayList<>();
        for (int i = 1; i <= 20; i++) {
            users.add(EntityId.of(USER, i));
            dense.put(EntityId.of(USER, i), vector(random));
            sparse.put(EntityId.of(USER, i), clusters(random));
        }
        List<EntityId> tweets = new ArrayList<>();
        for (int i = 1; i <= rows; i++) {
            EntityId id = EntityId.of(TWEET, i);
            tweets.add(id);
            if (i % 9 > 0) {
                dense.put(id, vector(random));
            }
            if (i % 8 > 0) {
                sparse.put(id, clusters(random));
            }
            authors.put(id, new SparseVector(new int[] {random.nextInt(6)}, new float[] {1}));
            float hours = NOW / 3_600_000 - random.nextInt(100);
            created.put(id, new SparseVector(new int[] {0}, new float[] {hours}));
        }
        for (EntityId user : users) {
            history.put(user, new SparseVector(new int[] {random.nextInt(rows)}, new float[] {1}));
        }
        List<EntityId> columns = ReleaseBuilder.columns("cluster", CLUSTERS);
        ReleaseBuilder.of(store, directory, "r1")
                .dense("twhin-user", dense)
                .dense("twhin-tweet", dense)
                .sparse("clusters-user", columns, sparse)
                .sparse("clusters-tweet", columns, sparse)
                .sparse("history", tweets, history)
                .sparse("author", users, authors)
                .sparse("created", List.of(EntityId.parse("hour:0")), created)
                .publish();
        List<Change> changes = new ArrayList<>();
        for (int i = rows + 1; i <= rows + rows / 10; i++) {
            changes.add(new Change.Upsert(
                    EntityId.of(TWEET, i), new Embedding.Dense(vector(random)), java.util.OptionalLong.empty()));
        }
        store.apply("r1", "twhin-tweet", "", changes);
        return store;
    }

    private static float[] vector(RandomGenerator random) {
        float[] values = new float[4];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static SparseVector clusters(RandomGenerator random) {
        Map<Integer, Float> weights = new TreeMap<>();
        for (int i = 0; i < 1 + random.nextInt(4); i++) {
            weights.put(random.nextInt(CLUSTERS), 0.1f + random.nextFloat());
        }
        int[] columns = weights.keySet().stream().mapToInt(Integer::intValue).toArray();
        float[] values = new float[columns.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = weights.getOrDefault(columns[i], 0f);
        }
        return new SparseVector(columns, values);
    }

    private static ScoringPlan plan(int rows, RandomGenerator random) {
        ColumnBuilder dense = ColumnPlan.dense("twhin")
                .source(USER, "twhin-user")
                .candidate(TWEET, "twhin-tweet")
                .set(ColumnSetting.RETRIEVE, random.nextInt(5) == 0 ? 0 : 1 + random.nextInt(rows / 3))
                .set(ColumnSetting.EF, 1 + random.nextInt(50));
        if (random.nextInt(3) == 0) {
            dense.set(ColumnSetting.SCORE_MIN, random.nextDouble(-1, 1));
        }
        ColumnBuilder sparse = ColumnPlan.sparse("clusters")
                .source(USER, "clusters-user")
                .candidate(TWEET, "clusters-tweet")
                .set(ColumnSetting.RETRIEVE, 1 + random.nextInt(rows / 3))
                .set(ColumnSetting.CLUSTERS_SCANNED, 1 + random.nextInt(2))
                .set(ColumnSetting.ITEMS_PER_CLUSTER, 1 + random.nextInt(rows / 3))
                .set(ColumnSetting.CANDIDATES_MAX, 1 + random.nextInt(rows / 3))
                .set(ColumnSetting.RANKING, Ranking.values()[random.nextInt(Ranking.values().length)])
                .set(ColumnSetting.RESCORE, random.nextInt(3) > 0)
                .set(ColumnSetting.WEIGHT, 0.5);
        if (random.nextInt(4) == 0) {
            sparse.set(ColumnSetting.EXACT, true);
        }
        if (random.nextInt(3) == 0) {
            sparse.set(ColumnSetting.SCORE_MIN, random.nextDouble());
        }
        List<BlendRecipe> recipes = List.of(
                new BlendRecipe.Linear(Normalizer.Z_SCORE),
                new BlendRecipe.Linear(Normalizer.FIXED),
                new BlendRecipe.Linear(Normalizer.NONE),
                new BlendRecipe.ReciprocalRank(60),
                new BlendRecipe.RoundRobin());
        return ScoringPlan.of("s", TWEET)
                .columns(dense.build(), sparse.build())
                .blend(recipes.get(random.nextInt(recipes.size())))
                .exclude(random.nextBoolean() ? List.of("history") : List.of())
                .rules(new RuleBook(rules(random)))
                .attributes(new AttributePlan(
                        Map.of("author", new AttributePlan.Attribute(List.of("author"), List.of())),
                        Set.of(),
                        List.of("created")))
                .build();
    }

    private static List<Rule> rules(RandomGenerator random) {
        List<Rule> all = List.of(
                new Rule.Remove("seen", Mode.ON, List.of("history"), List.of(), Optional.empty()),
                new Rule.RemoveWhere("not-1", Mode.ON, new Condition("author", Set.of("user:1")), false),
                new Rule.RemoveByAge("fresh", Mode.ON, Duration.ZERO, Duration.ofHours(80)),
                new Rule.Boost("up-2", Mode.ON, new Condition("author", Set.of("user:2")), 1.5, 0.1),
                new Rule.Decay("old", Mode.ON, Duration.ofHours(24), 0.5),
                new Rule.Cap("few", Mode.ON, "author", 1 + random.nextInt(3)),
                new Rule.Diversify("apart", Mode.ON, 0.5, "twhin", 30),
                new Rule.Cap("fewer", Mode.ON, Rule.SOURCE, 2 + random.nextInt(6)),
                new Rule.Quota("some-3", Mode.ON, new Condition("author", Set.of("user:3")), 2));
        List<Rule> rules = new ArrayList<>();
        for (Rule rule : all) {
            if (random.nextInt(3) == 0) {
                rules.add(rule);
            }
        }
        return rules;
    }

    @Test
    @DisplayName(
            "S7: every setting that why-not names works when it is sent back, is the least, and together they have it answered")
    void whatIsNamedWorksAndIsTheLeast() throws IOException {
        RandomGenerator random = Seeds.random("RemedyPropertyTest");
        // What a few releases have asked by chance may lack a sort; more of them have it.
        for (int release = 0; release < 6 || (release < 40 && !askedEnough()); release++) {
            int rows = 30 + random.nextInt(60);
            try (RepresentationStore store = release("small-" + release, rows, "exact", random)) {
                for (int i = 0; i < 30; i++) {
                    check(store, rows, random, true);
                }
            }
        }
        assertThat(sorts)
                .as("settings of many sorts are named")
                .containsAll(SORTS)
                .hasSizeGreaterThan(7);
        assertThat(named).isGreaterThan(70);
        assertThat(remedies).isGreaterThan(35);
        assertThat(together).as("remedies of several settings").isGreaterThan(4);
    }

    private boolean askedEnough() {
        return sorts.containsAll(SORTS) && sorts.size() > 7 && named > 70 && remedies > 35 && together > 4;
    }

    @Test
    @DisplayName("S7: the same where a graph is searched, which misses some")
    void whatIsNamedWorksOnGraphs() throws IOException {
        RandomGenerator random = Seeds.random("RemedyPropertyTest.graph");
        try (RepresentationStore store = release("graph", 6_000, "hnsw", random)) {
            for (int i = 0; i < 15; i++) {
                check(store, 300, random, false);
            }
        }
        assertThat(named).isGreaterThan(4);
    }

    private void check(RepresentationStore store, int rows, RandomGenerator random, boolean leastOfAll) {
        ScoringPlan plan = plan(rows, random);
        Scorer scorer = ScorerBuilder.of(store, plan).at(NOW).build();
        EntityId asked = EntityId.of(TWEET, 1 + random.nextInt(rows + rows / 10));
        CandidateQuery query = CandidateQuery.of("s", Source.Entities.of(EntityId.of(USER, 1 + random.nextInt(20))))
                .withK(1 + random.nextInt(8));
        WhyNot whyNot = scorer.whyNot(query, asked);
        String about = "%s of %s for %s".formatted(whyNot, plan, query);
        assertThat(answers(scorer, query, asked)).as(about).isEqualTo(whyNot.stage() == Stage.ANSWERED);
        if (whyNot.needed().isPresent()) {
            named++;
            checkNeeded(scorer, query, asked, whyNot, about);
            if (leastOfAll && whyNot.stage() == Stage.RETRIEVAL) {
                checkLeastOfColumns(scorer, plan, query, asked, whyNot, random);
            }
        }
        int kMax = query.k().orElseThrow() + 1;
        WhyNot bounded = scorer.whyNot(query, asked, kMax);
        if (bounded.stage() == Stage.RANK && bounded.needed().isPresent()) {
            assertThat(Integer.parseInt(bounded.needed().get())).as(about).isLessThanOrEqualTo(kMax);
        }
        assertThat(Integer.parseInt(bounded.remedy().getOrDefault("k", "1")))
                .as(about)
                .isLessThanOrEqualTo(kMax);
        if (!whyNot.remedy().isEmpty()) {
            remedies++;
            together += whyNot.remedy().size() > 1 ? 1 : 0;
            CandidateQuery changed = query;
            for (Map.Entry<String, String> setting : whyNot.remedy().entrySet()) {
                changed = with(changed, setting.getKey(), setting.getValue());
            }
            assertThat(answers(scorer, changed, asked)).as(about).isTrue();
        }
    }

    private static boolean answers(Scorer scorer, CandidateQuery query, EntityId asked) {
        return scorer.candidates(query).candidates().stream()
                .map(ScoredCandidate::id)
                .anyMatch(asked::equals);
    }

    private static CandidateQuery with(CandidateQuery query, String setting, String value) {
        return setting.equals("k") ? query.withK(Integer.parseInt(value)) : query.withOverride(setting, value);
    }

    private void checkNeeded(Scorer scorer, CandidateQuery query, EntityId asked, WhyNot whyNot, String about) {
        String setting = whyNot.setting().orElseThrow();
        String needed = whyNot.needed().orElseThrow();
        String key = setting.substring(setting.lastIndexOf('.') + 1);
        sorts.add(setting.startsWith("rules.") ? setting : key);
        assertThat(loses(scorer, with(query, setting, needed), asked, whyNot))
                .as("%s=%s: %s", setting, needed, about)
                .isFalse();
        String less = switch (key) {
            case "mode", "exact" -> whyNot.value().orElseThrow();
            case "score-min" -> String.valueOf((double) Math.nextUp((float) Double.parseDouble(needed)));
            default -> String.valueOf(Integer.parseInt(needed) - 1);
        };
        assertThat(loses(scorer, with(query, setting, less), asked, whyNot))
                .as("%s=%s: %s", setting, less, about)
                .isTrue();
    }

    /** Whether the same stage, and in it the same rule or history, loses a candidate still. */
    private static boolean loses(Scorer scorer, CandidateQuery query, EntityId asked, WhyNot before) {
        WhyNot now = scorer.whyNot(query, asked);
        boolean same = now.stage() == before.stage()
                && (before.stage() == Stage.RETRIEVAL || now.by().equals(before.by()));
        return before.stage() == Stage.RANK ? !answers(scorer, query, asked) : same;
    }

    /** No column finds it with a smaller number of candidates than the one that is named. */
    private static void checkLeastOfColumns(
            Scorer scorer,
            ScoringPlan plan,
            CandidateQuery query,
            EntityId asked,
            WhyNot whyNot,
            RandomGenerator random) {
        String setting = whyNot.setting().orElseThrow();
        if (setting.endsWith(".score-min")) {
            return; // costs nothing, and goes first
        }
        int end = setting.endsWith(".exact")
                ? 100
                : Integer.parseInt(whyNot.needed().orElseThrow());
        for (ColumnPlan column : plan.columns()) {
            for (int less = end - 1; less > column.retrieve(); less -= 1 + random.nextInt(1 + end / 2)) {
                String other = "columns.%s.retrieve".formatted(column.name());
                assertThat(scorer.whyNot(query.withOverride(other, String.valueOf(less)), asked)
                                .stage())
                        .as("%s=%s where %s said %s", other, less, whyNot, plan)
                        .isEqualTo(Stage.RETRIEVAL);
            }
        }
    }
}
