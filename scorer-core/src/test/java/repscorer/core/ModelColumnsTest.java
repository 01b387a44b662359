package repscorer.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import repscorer.core.answer.ColumnScore;
import repscorer.core.answer.MissingReason;
import repscorer.core.answer.Provenance;
import repscorer.core.answer.ScoredCandidate;
import repscorer.core.answer.ScoredCandidate.FeaturePart;
import repscorer.core.answer.ScoredCandidate.ModelParts;
import repscorer.core.answer.ScoredCandidates;
import repscorer.core.answer.ScoredList;
import repscorer.core.answer.WhyNot;
import repscorer.core.blend.BlendRecipe;
import repscorer.core.blend.Calibration;
import repscorer.core.blend.Normalizer;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.failure.ScorerException;
import repscorer.core.fixture.ReleaseBuilder;
import repscorer.core.fixture.ScorerBuilder;
import repscorer.core.fixture.Spaces;
import repscorer.core.model.LinearMargin;
import repscorer.core.model.Margin;
import repscorer.core.model.ModelFeature;
import repscorer.core.model.RankModel;
import repscorer.core.model.TreeMargin;
import repscorer.core.model.TreeMargin.Node;
import repscorer.core.plan.AttributePlan;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.plan.ColumnSetting;
import repscorer.core.plan.Comparison;
import repscorer.core.plan.EngagementPlan;
import repscorer.core.plan.EngagementPlan.Aggregate;
import repscorer.core.plan.EngagementPlan.SignalFeatures;
import repscorer.core.plan.ModelChecks;
import repscorer.core.plan.ScoringPlan;
import repscorer.core.query.CandidateQuery;
import repscorer.core.query.ScoreQuery;
import repscorer.core.query.Source;
import repscorer.core.signal.Signal;
import repscorer.core.signal.SignalSource;
import repscorer.core.similarity.Similarity;
import repscorer.core.store.RepresentationStore;
import repscorer.testing.Seeds;
import repscorer.vector.SparseVector;

/** Columns that a model computes, through whole requests, beside what its formula says of features that were laid by hand. */
class ModelColumnsTest {

    private static final EntityKind TWEET = EntityKind.TWEET;
    private static final EntityKind USER = EntityKind.USER;
    private static final EntityId ANN = EntityId.parse("user:ann");
    private static final EntityId UNKNOWN = EntityId.parse("tweet:none");
    private static final int TWEETS = 200;
    private static final long NOW = 472_222 * 3_600_000L; // a whole hour
    private static final long HOUR = 3_600_000;

    private static final List<String> FEATURES = List.of(
            "column:twhin",
            "column:other",
            "age",
            "attribute:topic=topic:1",
            "popularity:history",
            "engagement:fav-7d-max");

    @TempDir
    Path directory;

    private RepresentationStore store;
    private final RandomGenerator random = Seeds.random("ModelColumnsTest");
    private final Map<EntityId, float[]> vectors = new TreeMap<>();
    private final Map<EntityId, SparseVector> topics = new HashMap<>();
    private final Map<EntityId, SparseVector> created = new HashMap<>();
    private final Map<EntityId, Integer> likers = new HashMap<>();
    private final EntityId liked = EntityId.of(TWEET, 3);

    @BeforeEach
    void publish() throws IOException {
        List<EntityId> tweets = new ArrayList<>();
        vectors.put(ANN, vector());
        Map<EntityId, SparseVector> histories = new HashMap<>();
        for (int i = 0; i < TWEETS; i++) {
            EntityId tweet = EntityId.of(TWEET, i);
            tweets.add(tweet);
            vectors.put(tweet, vector());
            if (i % 3 != 0) {
                topics.put(tweet, new SparseVector(new int[] {i % 2}, new float[] {1}));
            }
            if (i % 4 != 0) {
                created.put(tweet, new SparseVector(new int[] {0}, new float[] {NOW / HOUR - i}));
            }
            if (i < TWEETS / 2) {
                likers.put(tweet, 0);
            }
        }
        for (int user = 0; user < 30; user++) {
            int[] columns = random.ints(0, TWEETS / 2)
                    .distinct()
                    .limit(1 + random.nextInt(20))
                    .sorted()
                    .toArray();
            for (int column : columns) {
                likers.merge(EntityId.of(TWEET, column), 1, Integer::sum);
            }
            float[] ones = new float[columns.length];
            Arrays.fill(ones, 1);
            histories.put(EntityId.of(USER, user), new SparseVector(columns, ones));
        }
        store = ReleaseBuilder.open(
                directory.resolve("store"),
                Spaces.twhin("twhin-user", USER, 4),
                Spaces.twhin("twhin-tweet", TWEET, 4),
                Spaces.lookup("topics", "attribute", TWEET, 2),
                Spaces.lookup("created", "attribute", TWEET, 1),
                Spaces.lookup("history", "history", USER, TWEETS));
        ReleaseBuilder.of(store, Files.createDirectories(directory.resolve("files")), "r1")
                .dense("twhin-user", vectors)
                .dense("twhin-tweet", vectors)
                .sparse("topics", ReleaseBuilder.columns("topic", 2), topics)
                .sparse("created", List.of(EntityId.parse("hours:created")), created)
                .sparse("history", tweets.subList(0, TWEETS / 2), histories)
                .publish();
    }

    @AfterEach
    void close() {
        store.close();
    }

    private float[] vector() {
        float[] vector = new float[4];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return vector;
    }

    private static ColumnPlan dense(String name, Similarity similarity, int retrieve) {
        return ColumnPlan.dense(name)
                .source(USER, "twhin-user")
                .candidate(TWEET, "twhin-tweet")
                .similarity(similarity)
                .set(ColumnSetting.RETRIEVE, retrieve)
                .build();
    }

    private static RankModel model(Margin margin, List<String> features) {
        return new RankModel(
                "click",
                features.stream().map(ModelFeature::parse).toList(),
                margin,
                new Calibration(List.of(new Calibration.Point(-4, .01), new Calibration.Point(4, .9))),
                new RankModel.Spread(.3, .2));
    }

    private static LinearMargin linear() {
        return new LinearMargin(
                -.25,
                List.of(
                        new LinearMargin.Term(false, .1, .5, .75, -.3),
                        new LinearMargin.Term(false, 0, 2, -.5, .2),
                        new LinearMargin.Term(true, 3, 1, -.25, .1),
                        new LinearMargin.Term(false, .5, .5, .4, -.05),
                        new LinearMargin.Term(true, 1, .5, .3, -.4),
                        new LinearMargin.Term(false, 0, .5, .35, -.15)));
    }

    private static TreeMargin trees() {
        return new TreeMargin(
                .1,
                FEATURES.size(),
                List.of(
                        List.of(
                                new Node(0, .2f, 1, true, 10),
                                new Node(2, 50, 3, false, 6),
                                new Node(3, .5f, 5, true, 4),
                                Node.leaf(-.7f, 2),
                                Node.leaf(.1f, 4),
                                Node.leaf(.4f, 1),
                                Node.leaf(1.2f, 3)),
                        List.of(
                                new Node(4, 3, 1, true, 9),
                                new Node(5, .3f, 3, false, 4),
                                Node.leaf(.6f, 5),
                                Node.leaf(-.2f, 3),
                                Node.leaf(.35f, 1))));
    }

    private static ScoringPlan plan(ColumnPlan model, int retrieve) {
        return ScoringPlan.of("feed", TWEET)
                .columns(dense("twhin", Similarity.COSINE, retrieve), dense("other", Similarity.DOT, 0), model)
                .blend(new BlendRecipe.Linear(Normalizer.NONE))
                .kDefault(TWEETS)
                .attributes(new AttributePlan(
                        Map.of("topic", new AttributePlan.Attribute(List.of("topics"), List.of())),
                        Set.of(),
                        List.of("created")))
                .build();
    }

    private static ColumnPlan column(Margin margin) {
        return ColumnPlan.model("click", model(margin, FEATURES))
                .set(ColumnSetting.WEIGHT, 2.0)
                .build();
    }

    private static EngagementPlan engagement() {
        return new EngagementPlan(
                List.of(new SignalFeatures(
                        "fav",
                        Comparison.of(Similarity.COSINE, "twhin-tweet", "twhin-tweet"),
                        List.of(Duration.ofDays(7)),
                        List.of(Aggregate.MAX),
                        3,
                        Duration.ofHours(36),
                        false)),
                false);
    }

    private ScorerBuilder scorer(ScoringPlan plan) {
        return ScorerBuilder.of(store, plan)
                .engagement(engagement())
                .signals((user, types, budget) ->
                        new SignalSource.Answer.Found(List.of(new Signal("fav", liked, NOW - HOUR))))
                .at(NOW);
    }

    private static CandidateQuery query(EntityId... sources) {
        return new CandidateQuery(
                "feed",
                new Source.Entities(Arrays.stream(sources)
                        .map(source -> new Source.Weighted(source, 1))
                        .toList()),
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty(),
                Map.of(),
                Optional.empty(),
                true);
    }

    private double cosine(EntityId a, EntityId b) {
        return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
    }

    private double dot(EntityId a, EntityId b) {
        float[] x = Objects.requireNonNull(vectors.get(a));
        float[] y = Objects.requireNonNull(vectors.get(b));
        double sum = 0;
        for (int i = 0; i < 4; i++) {
            sum += (double) x[i] * y[i];
        }
        return sum;
    }

    /** The features of a tweet as they were laid. */
    private double[] expected(EntityId tweet) {
        int number = Integer.parseInt(tweet.value());
        return new double[] {
            cosine(ANN, tweet),
            dot(ANN, tweet),
            created.containsKey(tweet) ? number : Double.NaN,
            topics.containsKey(tweet) ? number % 2 : Double.NaN,
            likers.containsKey(tweet) ? likers.get(tweet) : Double.NaN,
            Math.max(0, cosine(liked, tweet))
        };
    }

    private static double calibrated(double margin) {
        assertThat(margin).isBetween(-4.0, 4.0);
        return .01 + (margin + 4) / 8 * .89;
    }

    private static double sum(ModelParts parts) {
        return parts.base()
                + parts.features().stream().mapToDouble(FeaturePart::part).sum();
    }

    private static ColumnScore.Present score(ScoredCandidate candidate) {
        return (ColumnScore.Present) candidate.columns().get(2);
    }

    @Test
    void everyFeatureIsReadAndTheProbabilityIsTheColumnsRawValue() {
        for (Margin margin : List.of(linear(), trees())) {
            ScoredCandidates answer =
                    scorer(plan(column(margin), TWEETS)).build().candidates(query(ANN));
            assertThat(answer.candidates()).hasSize(TWEETS);
            for (ScoredCandidate candidate : answer.candidates()) {
                double[] features = expected(candidate.id());
                ModelParts parts = candidate.models().getFirst();
                assertThat(parts.column()).isEqualTo("click");
                assertThat(parts.features()).extracting(FeaturePart::feature).isEqualTo(FEATURES);
                float[] row = new float[features.length];
                for (int f = 0; f < features.length; f++) {
                    row[f] = (float) features[f];
                    assertThat(parts.features().get(f).value().orElse(Double.NaN))
                            .as("%s of %s", FEATURES.get(f), candidate.id())
                            .isCloseTo(features[f], within(1e-4));
                }
                assertThat(sum(parts)).isCloseTo(parts.margin(), within(1e-9));
                assertThat(score(candidate).raw()).isCloseTo(calibrated(parts.margin()), within(1e-9));
                if (margin instanceof LinearMargin) {
                    assertThat(parts.margin()).isCloseTo(margin.of(row), within(1e-4));
                }
                double blended = candidate.columns().stream()
                        .mapToDouble(each -> ((ColumnScore.Present) each).contribution())
                        .sum();
                assertThat(candidate.score()).isCloseTo(blended, within(1e-9));
                assertThat(score(candidate).contribution())
                        .isCloseTo(2 * score(candidate).raw(), within(1e-9));
            }
        }
    }

    @Test
    void aModelSaysNothingOfWhomNoColumnKnowsAndEverythingIsToldWhy() {
        Scorer scorer = scorer(plan(column(linear()), TWEETS)).build();
        EntityId known = EntityId.of(TWEET, 7);
        ScoredList list = scorer.scores(new ScoreQuery.BySurface(
                "feed", Source.Entities.of(ANN), List.of(known, UNKNOWN), Map.of(), Optional.empty(), Map.of(), true));
        ScoredList.Entry.Scored scored =
                (ScoredList.Entry.Scored) list.entries().get(0);
        assertThat(scored.columns()).hasSize(3).allMatch(each -> each instanceof ColumnScore.Present);
        assertThat(list.entries().get(1))
                .isEqualTo(new ScoredList.Entry.Missing(UNKNOWN, MissingReason.NO_EMBEDDING_CANDIDATE));
    }

    @Test
    void whatIsSwitchedOffIsMissingAndNotZero() {
        Scorer scorer = scorer(plan(column(linear()), TWEETS)).build();
        CandidateQuery without = query(ANN).withOverride("columns.other.enabled", "false");
        ScoredCandidate candidate = scorer.candidates(without).candidates().getFirst();
        FeaturePart other = candidate.models().getFirst().features().get(1);
        assertThat(other.value()).isEmpty();
        assertThat(other.part()).isEqualTo(.2);
        ScoredCandidate off = scorer.candidates(query(ANN).withOverride("columns.click.enabled", "false"))
                .candidates()
                .getFirst();
        assertThat(off.columns().get(2)).isEqualTo(new ColumnScore.Missing("click", MissingReason.DISABLED));
        assertThat(off.models()).isEmpty();
        assertThatThrownBy(() -> scorer.candidates(query(ANN)
                        .withOverride("columns.other.enabled", "false")
                        .withOverride("columns.twhin.enabled", "false")))
                .isInstanceOf(ScorerException.Invalid.class)
                .hasMessageContaining("leaves no column enabled");
    }

    @Test
    void theWeightOfAModelIsOverriddenAsThatOfAnyColumnAndNothingElseIs() {
        Scorer scorer = scorer(plan(column(linear()), TWEETS)).build();
        ScoredCandidate heavy = scorer.candidates(query(ANN).withOverride("columns.click.weight", "100"))
                .candidates()
                .getFirst();
        assertThat(score(heavy).weight()).isEqualTo(100);
        assertThatThrownBy(() -> scorer.candidates(query(ANN).withOverride("columns.click.retrieve", "1")))
                .isInstanceOf(ScorerException.Invalid.class)
                .hasMessageContaining("no setting is called 'columns.click.retrieve'");
    }

    @Test
    void whyNotNamesTheSearchThatLostACandidateAndNoSearchOfAModel() {
        Scorer scorer = scorer(plan(column(linear()), 5).toBuilder().kDefault(5).build())
                .build();
        Set<EntityId> answered = Set.copyOf(scorer.candidates(query(ANN)).candidates().stream()
                .map(ScoredCandidate::id)
                .toList());
        EntityId lost = vectors.keySet().stream()
                .filter(id -> id.kind().equals(TWEET) && !answered.contains(id))
                .findFirst()
                .orElseThrow();
        WhyNot why = scorer.whyNot(query(ANN), lost);
        assertThat(why.stage()).isEqualTo(WhyNot.Stage.RETRIEVAL);
        assertThat(why.setting()).contains("columns.twhin.retrieve");
        assertThat(why.searches()).extracting(WhyNot.Search::column).containsExactly("twhin", "other");
        assertThat(scorer.whyNot(query(ANN), UNKNOWN).message()).doesNotContain("click");
    }

    @Test
    void engagementThatIsNotKnownIsMissingAndSaid() {
        Scorer scorer = ScorerBuilder.of(store, plan(column(linear()), TWEETS))
                .engagement(engagement())
                .signals((user, types, budget) -> new SignalSource.Answer.Unavailable("slow", true))
                .at(NOW)
                .build();
        ScoredCandidates answer = scorer.candidates(query(ANN));
        assertThat(answer.candidates()
                        .getFirst()
                        .models()
                        .getFirst()
                        .features()
                        .get(5)
                        .value())
                .isEmpty();
        assertThat(answer.provenance().notices())
                .extracting(Provenance.Notice::reason)
                .contains("TIMEOUT");
        ScoredCandidates ofTwo =
                scorer(plan(column(linear()), TWEETS)).build().candidates(query(ANN, EntityId.of(USER, 1)));
        assertThat(ofTwo.provenance().notices())
                .extracting(Provenance.Notice::message)
                .contains("features of engagement are missing: the source is not one entity");
    }

    @Test
    void whereAModelCountsTheBestOfAllAreNotSought() {
        Scorer scorer = scorer(plan(column(linear()), 10)).build();
        ScoredCandidates answer = scorer.candidates(query(ANN).withOverride("optimal", "true"));
        assertThat(answer.ranked().plan()).isEqualTo("union");
        assertThat(answer.provenance().notices())
                .extracting(Provenance.Notice::reason)
                .contains("NOT_OPTIMAL");
        ScoredCandidates weightless =
                scorer.candidates(query(ANN).withOverride("optimal", "true").withOverride("columns.click.weight", "0"));
        assertThat(weightless.ranked().optimal()).isTrue();
        assertThat(weightless.candidates()).allMatch(each -> each.models().size() == 1);
    }

    @Test
    void onTheFixedScaleAProbabilityIsHeldAgainstThoseOfItsTraining() {
        ScoringPlan plan = plan(column(linear()), TWEETS).toBuilder()
                .blend(new BlendRecipe.Linear(Normalizer.FIXED))
                .build();
        ScoredCandidate candidate =
                scorer(plan).build().candidates(query(ANN)).candidates().getFirst();
        assertThat(score(candidate).normalized()).isCloseTo((score(candidate).raw() - .3) / .2, within(1e-9));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "column:none | its columns that no model computes are [other, twhin]",
                "column:click | its columns that no model computes are [other, twhin]",
                "attribute:author=user:1 | its attributes are [topic]",
                "engagement:fav-1d-max | its features of engagement are [fav-7d-max]",
                "popularity:twhin-user | the space is not sparse",
                "popularity:nowhere | space 'nowhere' is not declared"
            })
    void aModelThatReadsWhatThePlanLacksIsRefused(String feature, String complaint) {
        ColumnPlan column = ColumnPlan.model(
                        "click",
                        model(new LinearMargin(0, List.of(new LinearMargin.Term(false, 0, 1, 1, 0))), List.of(feature)))
                .build();
        assertThatThrownBy(() -> scorer(plan(column, 5)).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(complaint)
                .hasMessageContaining("column click of surface feed");
    }

    @Test
    void aModelOfAgesNeedsToBeToldThem() {
        ColumnPlan column = ColumnPlan.model(
                        "click",
                        model(new LinearMargin(0, List.of(new LinearMargin.Term(false, 0, 1, 1, 0))), List.of("age")))
                .build();
        ScoringPlan plan =
                plan(column, 5).toBuilder().attributes(AttributePlan.NONE).build();
        assertThatThrownBy(() -> scorer(plan).build()).hasMessageContaining("reads age, which the plan lacks");
        assertThatThrownBy(() -> ScoringPlan.of("feed", TWEET).columns(column).build())
                .as("a model alone has nothing to go by")
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatAReleaseLacksOfAModelIsToldUnlessItCountsForNothing() {
        ScoringPlan plan = plan(column(linear()), 5);
        assertThat(ModelChecks.lacking(plan, space -> true)).isEmpty();
        for (String space : List.of("twhin-user", "twhin-tweet", "topics", "created", "history")) {
            assertThat(ModelChecks.lacking(plan, each -> !each.equals(space)))
                    .as(space)
                    .hasValueSatisfying(why -> assertThat(why)
                            .contains(
                                    "model click reads ",
                                    " of space %s,".formatted(space),
                                    "column click of surface feed"));
        }
        ScoringPlan off = plan.toBuilder().disabled(Set.of("click")).build();
        assertThat(ModelChecks.lacking(off, space -> false)).isEmpty();
    }
}
