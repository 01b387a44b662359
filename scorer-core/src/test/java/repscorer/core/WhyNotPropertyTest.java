package repscorer.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.answer.ColumnScore;
import repscorer.core.answer.RuleTrace;
import repscorer.core.answer.ScoredCandidate;
import repscorer.core.answer.WhyNot;
import repscorer.core.blend.BlendRecipe;
import repscorer.core.blend.Normalizer;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.fixture.ReleaseBuilder;
import repscorer.core.fixture.ScorerBuilder;
import repscorer.core.fixture.Spaces;
import repscorer.core.plan.AttributePlan;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.plan.ColumnSetting;
import repscorer.core.plan.ScoringPlan;
import repscorer.core.query.CandidateQuery;
import repscorer.core.query.Source;
import repscorer.core.rule.Effect;
import repscorer.core.rule.Rule;
import repscorer.core.rule.Rule.Mode;
import repscorer.core.rule.RuleBook;
import repscorer.core.store.RepresentationStore;
import repscorer.testing.Seeds;
import repscorer.vector.SparseVector;

/**
 * Why-not against a brute force that walks every stage over plain maps and writes down where each candidate is lost; 1,000
 * random plans and requests. Values that are said to keep a candidate are tried.
 */
class WhyNotPropertyTest {

    private static final int CASES = 1_000;
    private static final int CLUSTERS = 6;
    private static final EntityKind USER = EntityKind.USER;
    private static final EntityKind TWEET = EntityKind.TWEET;

    @TempDir
    static Path directory;

    private static RepresentationStore store;
    private static final Map<EntityId, float[]> DENSE = new TreeMap<>();
    private static final Map<EntityId, Map<Integer, Float>> SPARSE = new TreeMap<>();
    private static final Map<EntityId, EntityId> AUTHOR = new TreeMap<>();
    private static final Map<EntityId, Set<EntityId>> FOLLOWS = new TreeMap<>();
    private static final List<EntityId> ALL = new ArrayList<>();

    /** Those with one form of embedding only, whom some stages lose more easily. */
    private static final List<EntityId> ONE_FORM = new ArrayList<>();

    @BeforeAll
    static void publish() throws IOException {
        RandomGenerator random = Seeds.random("WhyNotPropertyTest.release");
        store = ReleaseBuilder.open(
                directory.resolve("store"),
                Spaces.twhin("twhin-user", USER, 4),
                Spaces.twhin("twhin-tweet", TWEET, 4),
                Spaces.clusters("clusters-user", USER, 9),
                Spaces.clusters("clusters-tweet", TWEET, 9),
                Spaces.lookup("history-follow", "history", USER, 50),
                Spaces.lookup("attribute-author", "attribute", TWEET, 1));
        for (int i = 1; i <= 30; i++) {
            for (EntityId id : List.of(EntityId.of(USER, i), EntityId.of(TWEET, i))) {
                ALL.add(id);
                boolean denseOnly = i % 10 == 7;
                boolean sparseOnly = i % 10 == 3;
                if (denseOnly || sparseOnly) {
                    ONE_FORM.add(id);
                }
                if (!sparseOnly && (denseOnly || random.nextInt(10) > 0)) {
                    DENSE.put(id, new float[] {gaussian(random), gaussian(random), gaussian(random), gaussian(random)});
                }
                if (!denseOnly && (sparseOnly || random.nextInt(10) > 0)) {
                    Map<Integer, Float> clusters = new TreeMap<>();
                    for (int c = 0; c < 1 + random.nextInt(3); c++) {
                        clusters.put(random.nextInt(CLUSTERS), 0.1f + random.nextFloat());
                    }
                    SPARSE.put(id, clusters);
                }
            }
            if (random.nextInt(5) > 0) {
                AUTHOR.put(EntityId.of(TWEET, i), EntityId.of(USER, 1 + random.nextInt(6)));
            }
            Set<EntityId> follows = new TreeSet<>();
            for (int f = 0; f < random.nextInt(5); f++) {
                follows.add(EntityId.of(USER, 1 + random.nextInt(30)));
            }
            FOLLOWS.put(EntityId.of(USER, i), follows);
        }
        ALL.add(EntityId.of(USER, 99));
        ALL.add(EntityId.parse("topic:jazz"));
        write();
    }

    private static float gaussian(RandomGenerator random) {
        return (float) random.nextGaussian();
    }

    private static void write() throws IOException {
        List<EntityId> users = new ArrayList<>();
        for (int i = 1; i <= 30; i++) {
            users.add(EntityId.of(USER, i));
        }
        List<EntityId> clusters = ReleaseBuilder.columns("cluster", CLUSTERS);
        Map<EntityId, SparseVector> sparse = new TreeMap<>();
        SPARSE.forEach((id, weights) -> sparse.put(id, vector(weights)));
        Map<EntityId, SparseVector> follows = new TreeMap<>();
        FOLLOWS.forEach((id, followed) -> follows.put(id, ones(users, followed)));
        Map<EntityId, SparseVector> authors = new TreeMap<>();
        AUTHOR.forEach((tweet, author) -> authors.put(tweet, ones(users, Set.of(author))));
        ReleaseBuilder.of(store, directory, "r1")
                .dense("twhin-user", DENSE)
                .dense("twhin-tweet", DENSE)
                .sparse("clusters-user", clusters, sparse)
                .sparse("clusters-tweet", clusters, sparse)
                .sparse("history-follow", users, follows)
                .sparse("attribute-author", users, authors)
                .publish();
    }

    private static SparseVector vector(Map<Integer, Float> weights) {
        int[] columns =
                weights.keySet().stream().mapToInt(Integer::intValue).sorted().toArray();
        float[] values = new float[columns.length];
        for (int i = 0; i < columns.length; i++) {
            values[i] = weights.getOrDefault(columns[i], 0f);
        }
        return new SparseVector(columns, values);
    }

    private static SparseVector ones(List<EntityId> columns, Set<EntityId> ids) {
        Map<Integer, Float> weights = new TreeMap<>();
        ids.forEach(id -> weights.put(columns.indexOf(id), 1f));
        return vector(weights);
    }

    @AfterAll
    static void close() {
        store.close();
    }

    /** One random request and plan. */
    private record Case(ScoringPlan plan, EntityId source, List<EntityId> excluded, int k, EntityId asked) {

        ColumnPlan.Dense dense() {
            return (ColumnPlan.Dense) plan.columns().get(0);
        }

        ColumnPlan.Sparse sparse() {
            return (ColumnPlan.Sparse) plan.columns().get(1);
        }

        CandidateQuery query() {
            return query(k, Map.of());
        }

        CandidateQuery query(int otherK, Map<String, String> overrides) {
            return new CandidateQuery(
                    "s",
                    Source.Entities.of(source),
                    Optional.of(otherK),
                    List.of(),
                    excluded,
                    Optional.empty(),
                    overrides,
                    Optional.empty(),
                    true);
        }

        Scorer scorer() {
            return scorer(plan);
        }

        static Scorer scorer(ScoringPlan plan) {
            return ScorerBuilder.of(store, plan).build();
        }
    }

    private static Case draw(RandomGenerator random) {
        double denseWeight = random.nextInt(3) == 0 ? 0 : 1;
        ColumnPlan dense = ColumnPlan.dense("twhin")
                .source(USER, "twhin-user")
                .source(TWEET, "twhin-tweet")
                .candidate(USER, "twhin-user")
                .candidate(TWEET, "twhin-tweet")
                .set(ColumnSetting.RETRIEVE, 1 + random.nextInt(20))
                .set(ColumnSetting.WEIGHT, denseWeight)
                .build();
        ColumnPlan sparse = ColumnPlan.sparse("clusters")
                .source(USER, "clusters-user")
                .source(TWEET, "clusters-tweet")
                .candidate(USER, "clusters-user")
                .candidate(TWEET, "clusters-tweet")
                .set(ColumnSetting.RETRIEVE, 1 + random.nextInt(20))
                .set(ColumnSetting.CLUSTERS_SCANNED, 1 + random.nextInt(4))
                .set(ColumnSetting.ITEMS_PER_CLUSTER, 1 + random.nextInt(12))
                .set(ColumnSetting.WEIGHT, 0.5)
                .build();
        List<BlendRecipe> recipes = List.of(
                new BlendRecipe.Linear(Normalizer.NONE),
                new BlendRecipe.Linear(Normalizer.MIN_MAX),
                new BlendRecipe.Linear(Normalizer.Z_SCORE));
        List<Rule> rules = new ArrayList<>();
        if (random.nextInt(3) == 0) {
            rules.add(new Rule.Remove("followed", Mode.ON, List.of("history-follow"), List.of(), Optional.empty()));
        }
        if (random.nextInt(3) == 0) {
            rules.add(new Rule.Remove(
                    "by-followed", Mode.ON, List.of("history-follow"), List.of(), Optional.of("author")));
        }
        if (random.nextInt(3) == 0) {
            rules.add(new Rule.RemoveWhere(
                    "not-1", Mode.ON, new Rule.Condition("author", Set.of("user:1", "user:2")), false));
        }
        if (random.nextInt(3) == 0) {
            rules.add(
                    new Rule.Boost("up-3", Mode.ON, new Rule.Condition("author", Set.of("user:3", "user:4")), 2, 0.25));
        }
        if (random.nextBoolean()) {
            rules.add(new Rule.Cap("few", Mode.ON, "author", 1 + random.nextInt(2)));
        }
        AttributePlan attributes = new AttributePlan(
                Map.of("author", new AttributePlan.Attribute(List.of("attribute-author"), List.of())),
                Set.of(),
                List.of());
        EntityKind[] kinds = random.nextInt(5) == 0 ? new EntityKind[] {USER} : new EntityKind[] {USER, TWEET};
        ScoringPlan plan = ScoringPlan.of("s", kinds)
                .columns(dense, sparse)
                .blend(recipes.get(random.nextInt(3)))
                .exclude(random.nextBoolean() ? List.of("history-follow") : List.of())
                .kDefault(10)
                .rules(new RuleBook(rules))
                .attributes(attributes)
                .build();
        EntityId source;
        do {
            source = EntityId.of(USER, 1 + random.nextInt(30));
        } while (!DENSE.containsKey(source) && !SPARSE.containsKey(source));
        List<EntityId> excluded = new ArrayList<>();
        for (int i = 0; i < random.nextInt(4); i++) {
            excluded.add(ALL.get(random.nextInt(ALL.size())));
        }
        List<EntityId> among = random.nextInt(4) == 0 ? ONE_FORM : ALL;
        EntityId asked = among.get(random.nextInt(among.size()));
        return new Case(plan, source, excluded, 1 + random.nextInt(12), asked);
    }

    /** Where a candidate is lost, by brute force. */
    private record Truth(WhyNot.Stage stage, String by, int rank, boolean close) {}

    private static Truth truth(Case c) {
        EntityId id = c.asked;
        if (!c.plan.kinds().contains(id.kind())) {
            return new Truth(WhyNot.Stage.KIND, "", 0, false);
        }
        Map<EntityId, String> left = new HashMap<>();
        c.excluded.forEach(each -> left.putIfAbsent(each, "filters.excludeIds"));
        left.putIfAbsent(c.source, "source");
        Set<EntityId> follows = FOLLOWS.getOrDefault(c.source, Set.of());
        if (!c.plan.exclude().isEmpty()) {
            follows.forEach(each -> left.putIfAbsent(each, "history-follow"));
        }
        boolean followed =
                c.plan.rules().rules().stream().anyMatch(rule -> rule.name().equals("followed"));
        if (followed) {
            follows.forEach(each -> left.putIfAbsent(each, "followed"));
        }
        if (left.containsKey(id)) {
            return new Truth(WhyNot.Stage.EXCLUDED, left.getOrDefault(id, ""), 0, false);
        }
        boolean comparable = (DENSE.containsKey(c.source) && DENSE.containsKey(id))
                || (SPARSE.containsKey(c.source) && SPARSE.containsKey(id));
        if (!comparable) {
            return new Truth(WhyNot.Stage.EMBEDDING, "", 0, false);
        }
        boolean[] close = {false};
        Set<EntityId> union = new TreeSet<>();
        for (EntityKind kind : c.plan.kinds()) {
            union.addAll(denseBest(c, kind, left.keySet(), close));
            union.addAll(sparseBest(c, kind, left.keySet(), close));
        }
        if (!union.contains(id)) {
            return new Truth(WhyNot.Stage.RETRIEVAL, "", 0, close[0]);
        }
        Map<EntityId, Double> scores = blended(c, List.copyOf(union));
        if (!scores.containsKey(id)) {
            return new Truth(WhyNot.Stage.BLEND, "", 0, close[0]);
        }
        return ruled(c, scores, follows, close);
    }

    private static Truth ruled(Case c, Map<EntityId, Double> scores, Set<EntityId> follows, boolean[] close) {
        List<EntityId> list = ranked(scores, close);
        for (Rule rule : c.plan.rules().rules()) {
            List<EntityId> kept = new ArrayList<>();
            Map<EntityId, Integer> seen = new HashMap<>();
            for (EntityId each : list) {
                EntityId author = AUTHOR.get(each);
                boolean stays = switch (rule) {
                    case Rule.Remove remove ->
                        !remove.name().equals("by-followed") || author == null || !follows.contains(author);
                    case Rule.RemoveWhere where ->
                        author == null || !where.where().values().contains(author.toString());
                    case Rule.Cap cap -> author == null || seen.merge(author, 1, Integer::sum) <= cap.max();
                    case Rule.Boost boost -> {
                        if (author != null && boost.where().values().contains(author.toString())) {
                            double score = scores.getOrDefault(each, 0.0);
                            scores.put(each, (score >= 0 ? score * 2 : score / 2) + 0.25);
                        }
                        yield true;
                    }
                    default -> throw new AssertionError(rule);
                };
                if (stays) {
                    kept.add(each);
                } else if (each.equals(c.asked)) {
                    return new Truth(WhyNot.Stage.RULE, rule.name(), 0, close[0]);
                }
            }
            scores.keySet().retainAll(kept);
            list = rule instanceof Rule.Boost ? ranked(scores, close) : kept;
        }
        int rank = list.indexOf(c.asked) + 1;
        return new Truth(rank > c.k ? WhyNot.Stage.RANK : WhyNot.Stage.ANSWERED, "", rank, close[0]);
    }

    private static List<EntityId> ranked(Map<EntityId, Double> scores, boolean[] close) {
        List<EntityId> list = new ArrayList<>(scores.keySet());
        list.sort(Comparator.comparingDouble((EntityId each) -> -scores.getOrDefault(each, 0.0))
                .thenComparing(Comparator.naturalOrder()));
        for (int i = 1; i < list.size(); i++) {
            double gap = scores.getOrDefault(list.get(i - 1), 0.0) - scores.getOrDefault(list.get(i), 0.0);
            close[0] |= gap < 1e-9;
        }
        return list;
    }

    private static double denseCosine(EntityId a, EntityId b) {
        float[] x = DENSE.getOrDefault(a, new float[4]);
        float[] y = DENSE.getOrDefault(b, new float[4]);
        double dot = 0;
        double xx = 0;
        double yy = 0;
        for (int i = 0; i < 4; i++) {
            dot += (double) x[i] * y[i];
            xx += (double) x[i] * x[i];
            yy += (double) y[i] * y[i];
        }
        return dot / Math.sqrt(xx * yy);
    }

    private static double sparseCosine(EntityId a, EntityId b) {
        Map<Integer, Float> x = SPARSE.getOrDefault(a, Map.of());
        Map<Integer, Float> y = SPARSE.getOrDefault(b, Map.of());
        double dot = 0;
        for (Map.Entry<Integer, Float> entry : x.entrySet()) {
            dot += (double) entry.getValue() * y.getOrDefault(entry.getKey(), 0f);
        }
        double xx = x.values().stream().mapToDouble(w -> (double) w * w).sum();
        double yy = y.values().stream().mapToDouble(w -> (double) w * w).sum();
        return dot / Math.sqrt(xx * yy);
    }

    private static List<EntityId> denseBest(Case c, EntityKind kind, Set<EntityId> left, boolean[] close) {
        if (!DENSE.containsKey(c.source)) {
            return List.of();
        }
        Map<EntityId, Double> scores = new HashMap<>();
        DENSE.keySet().stream()
                .filter(each -> each.kind().equals(kind) && !left.contains(each))
                .forEach(each -> scores.put(each, denseCosine(c.source, each)));
        return cut(scores, Math.max(c.k, c.dense().retrieve()), close);
    }

    private static List<EntityId> sparseBest(Case c, EntityKind kind, Set<EntityId> left, boolean[] close) {
        List<Map.Entry<Integer, Float>> strongest =
                new ArrayList<>(SPARSE.getOrDefault(c.source, Map.of()).entrySet());
        strongest.sort(Collections.reverseOrder(Map.Entry.comparingByValue()));
        Map<EntityId, Double> met = new HashMap<>();
        for (Map.Entry<Integer, Float> cluster :
                strongest.subList(0, Math.min(strongest.size(), c.sparse().clustersScanned()))) {
            SPARSE.entrySet().stream()
                    .filter(row ->
                            row.getKey().kind().equals(kind) && row.getValue().containsKey(cluster.getKey()))
                    .sorted(Comparator.comparingDouble(row -> -row.getValue().getOrDefault(cluster.getKey(), 0f)))
                    .limit(c.sparse().itemsPerCluster())
                    .map(Map.Entry::getKey)
                    .filter(each -> !left.contains(each))
                    .forEach(each -> met.put(each, sparseCosine(c.source, each)));
        }
        return cut(met, Math.max(c.k, c.sparse().retrieve()), close);
    }

    private static List<EntityId> cut(Map<EntityId, Double> scores, int count, boolean[] close) {
        List<EntityId> list = new ArrayList<>(scores.keySet());
        list.sort(Comparator.comparingDouble((EntityId each) -> -scores.getOrDefault(each, 0.0))
                .thenComparing(Comparator.naturalOrder()));
        if (list.size() > count) {
            double gap = scores.getOrDefault(list.get(count - 1), 0.0) - scores.getOrDefault(list.get(count), 0.0);
            close[0] |= gap < 1e-6;
        }
        return list.subList(0, Math.min(count, list.size()));
    }

    private static Map<EntityId, Double> blended(Case c, List<EntityId> ids) {
        double[] weights = {c.dense().weight(), c.sparse().weight()};
        double[][] raw = new double[2][ids.size()];
        for (int i = 0; i < ids.size(); i++) {
            boolean d = DENSE.containsKey(c.source) && DENSE.containsKey(ids.get(i));
            boolean s = SPARSE.containsKey(c.source) && SPARSE.containsKey(ids.get(i));
            raw[0][i] = d ? denseCosine(c.source, ids.get(i)) : Double.NaN;
            raw[1][i] = s ? sparseCosine(c.source, ids.get(i)) : Double.NaN;
        }
        Normalizer normalizer = ((BlendRecipe.Linear) c.plan.blend()).normalizer();
        for (double[] column : raw) {
            normalize(normalizer, column);
        }
        Map<EntityId, Double> scores = new TreeMap<>();
        for (int i = 0; i < ids.size(); i++) {
            double has = 0;
            double sum = 0;
            for (int column = 0; column < 2; column++) {
                if (!Double.isNaN(raw[column][i])) {
                    has += weights[column];
                    sum += weights[column] * raw[column][i];
                }
            }
            if (has > 0) {
                scores.put(ids.get(i), sum * (weights[0] + weights[1]) / has);
            }
        }
        return scores;
    }

    private static void normalize(Normalizer normalizer, double[] column) {
        double[] there =
                java.util.Arrays.stream(column).filter(x -> !Double.isNaN(x)).toArray();
        double min = java.util.Arrays.stream(there).min().orElse(0);
        double max = java.util.Arrays.stream(there).max().orElse(0);
        double mean = java.util.Arrays.stream(there).average().orElse(0);
        double sigma = Math.sqrt(java.util.Arrays.stream(there)
                .map(x -> (x - mean) * (x - mean))
                .average()
                .orElse(0));
        for (int i = 0; i < column.length; i++) {
            column[i] = switch (normalizer) {
                case NONE -> column[i];
                case MIN_MAX -> Double.isNaN(column[i]) ? Double.NaN : max > min ? (column[i] - min) / (max - min) : 1;
                default -> Double.isNaN(column[i]) ? Double.NaN : max > min ? (column[i] - mean) / sigma : 0;
            };
        }
    }

    @Test
    void agreesWithAnInstrumentedBruteForce() {
        RandomGenerator random = Seeds.random("WhyNotPropertyTest.cases");
        Map<WhyNot.Stage, Integer> stages = new TreeMap<>();
        Map<String, Integer> settings = new TreeMap<>();
        int done = 0;
        for (int drawn = 0; done < CASES; drawn++) {
            assertThat(drawn).as("most cases are no close calls").isLessThan(20 * CASES);
            Case c = draw(random);
            Truth truth = truth(c);
            if (truth.close) {
                continue; // ties within rounding: either order is right
            }
            done++;
            WhyNot whyNot = c.scorer().whyNot(c.query(), c.asked);
            assertThat(whyNot.stage()).as("%s of %s", whyNot, c).isEqualTo(truth.stage);
            assertThat(whyNot.rank().orElse(0)).as("%s of %s", whyNot, c).isEqualTo(truth.rank);
            if (!truth.by.isEmpty()) {
                assertThat(whyNot.by()).as("%s of %s", whyNot, c).contains(truth.by);
            }
            stages.merge(whyNot.stage(), 1, Integer::sum);
            whyNot.setting().ifPresent(setting -> settings.merge(setting, 1, Integer::sum));
            tryWhatIsNeeded(c, whyNot);
        }
        assertThat(stages.keySet())
                .as("every stage occurs, but for chance, which these plans leave nothing to")
                .isEqualTo(EnumSet.complementOf(EnumSet.of(WhyNot.Stage.CHANCE)));
        assertThat(settings)
                .as("settings of every sort are named")
                .containsKeys(
                        "k",
                        "columns.twhin.retrieve",
                        "columns.clusters.items-per-cluster",
                        "rules.few.max",
                        "rules.not-1.mode");
    }

    /** Turns the one setting to the value needed: the stage must not lose the candidate any more. */
    private static void tryWhatIsNeeded(Case c, WhyNot whyNot) {
        if (whyNot.needed().isEmpty()) {
            return;
        }
        String setting = whyNot.setting().orElseThrow();
        String needed = whyNot.needed().get();
        if (setting.startsWith("columns.") || setting.endsWith(".mode")) {
            WhyNot again = c.scorer().whyNot(c.query(c.k, Map.of(setting, needed)), c.asked);
            assertThat(again.stage() == whyNot.stage() && again.by().equals(whyNot.by()))
                    .as("%s=%s of %s still says %s", setting, needed, c, again)
                    .isFalse();
        } else if (setting.endsWith(".max")) {
            List<Rule> rules = new ArrayList<>(c.plan.rules().rules());
            rules.removeLast();
            rules.add(new Rule.Cap("few", Mode.ON, "author", Integer.parseInt(needed)));
            ScoringPlan wider = c.plan.with(new RuleBook(rules), c.plan.attributes());
            assertThat(Case.scorer(wider).whyNot(c.query(), c.asked).stage()).isNotEqualTo(WhyNot.Stage.RULE);
            rules.removeLast();
            rules.add(new Rule.Cap("few", Mode.ON, "author", Integer.parseInt(needed) - 1));
            ScoringPlan narrower = c.plan.with(new RuleBook(rules), c.plan.attributes());
            assertThat(Case.scorer(narrower).whyNot(c.query(), c.asked).stage()).isEqualTo(WhyNot.Stage.RULE);
        } else if (Integer.parseInt(needed)
                <= Math.min(c.dense().retrieve(), c.sparse().retrieve())) {
            // A greater k makes the searches bring more, which moves statistics; not so up to what they bring anyway.
            int k = Integer.parseInt(needed);
            assertThat(c.scorer().whyNot(c.query(k, Map.of()), c.asked).stage()).isEqualTo(WhyNot.Stage.ANSWERED);
        }
    }

    @Test
    void contributionsAndRulesSumToTheScore() {
        RandomGenerator random = Seeds.random("WhyNotPropertyTest.sums");
        int seen = 0;
        for (int round = 0; round < 300; round++) {
            Case c = draw(random);
            for (ScoredCandidate candidate : c.scorer().candidates(c.query()).candidates()) {
                double sum = 0;
                for (ColumnScore column : candidate.columns()) {
                    sum += column instanceof ColumnScore.Present present ? present.contribution() : 0;
                }
                for (RuleTrace trace : candidate.rules()) {
                    sum += trace.change() == Effect.Change.SCORED && trace.applied()
                            ? trace.after() - trace.before()
                            : 0;
                }
                assertThat(candidate.score()).isCloseTo(sum, within(1e-9));
                seen++;
            }
        }
        assertThat(seen).isPositive();
    }
}
