package repscorer.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.answer.Chance;
import repscorer.core.answer.ColumnScore;
import repscorer.core.answer.Provenance;
import repscorer.core.answer.ScoredCandidate;
import repscorer.core.answer.ScoredCandidates;
import repscorer.core.answer.WhyNot;
import repscorer.core.answer.WhyNot.Stage;
import repscorer.core.blend.BlendRecipe;
import repscorer.core.blend.Normalizer;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.experiment.Experiment;
import repscorer.core.experiment.Variant;
import repscorer.core.explore.Exploration;
import repscorer.core.explore.Exploration.Method;
import repscorer.core.failure.ScorerException.Invalid;
import repscorer.core.fixture.ReleaseBuilder;
import repscorer.core.fixture.ScorerBuilder;
import repscorer.core.fixture.Spaces;
import repscorer.core.interleave.Interleaving;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.plan.ColumnSetting;
import repscorer.core.plan.ScoringPlan;
import repscorer.core.query.CandidateQuery;
import repscorer.core.query.Source;
import repscorer.core.rule.Rule;
import repscorer.core.rule.Rule.Mode;
import repscorer.core.rule.RuleBook;
import repscorer.core.store.RepresentationStore;

/** Exploration and interleaving in answers: forty tweets, better the smaller their number by one column, the greater by the other. */
class ChanceInAnswersTest {

    private static final EntityKind USER = EntityKind.USER;
    private static final EntityKind TWEET = EntityKind.TWEET;
    private static final EntityId READER = EntityId.of(USER, 1);
    private static final int TWEETS = 40;
    private static final Exploration TAIL = new Exploration(Method.UNIFORM, 3, 20, 1);

    @TempDir
    Path directory;

    private RepresentationStore store;

    @BeforeEach
    void publish() throws IOException {
        store = ReleaseBuilder.open(
                directory.resolve("store"),
                Spaces.twhin("twhin-user", USER, 2),
                Spaces.twhin("twhin-tweet", TWEET, 2),
                Spaces.twhin("other-user", USER, 2),
                Spaces.twhin("other-tweet", TWEET, 2));
        Map<EntityId, float[]> falling = new TreeMap<>();
        Map<EntityId, float[]> rising = new TreeMap<>();
        for (int n = 1; n <= TWEETS; n++) {
            falling.put(tweet(n), new float[] {1, n / 40f});
            rising.put(tweet(n), new float[] {1, (TWEETS + 1 - n) / 40f});
        }
        Map<EntityId, float[]> reader = Map.of(READER, new float[] {1, 0});
        ReleaseBuilder.of(store, directory, "r1")
                .dense("twhin-user", reader)
                .dense("twhin-tweet", falling)
                .dense("other-user", reader)
                .dense("other-tweet", rising)
                .publish();
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static EntityId tweet(int n) {
        return EntityId.of(TWEET, n);
    }

    private static ColumnPlan column(String name, double weight) {
        return ColumnPlan.dense(name)
                .source(USER, name + "-user")
                .candidate(TWEET, name + "-tweet")
                .set(ColumnSetting.RETRIEVE, 100)
                .set(ColumnSetting.EXACT, true)
                .set(ColumnSetting.WEIGHT, weight)
                .build();
    }

    private Scorer scorer(Exploration exploration, List<Rule> rules, Experiment... experiments) {
        ScoringPlan plan = ScoringPlan.of("tweet", TWEET)
                .columns(column("twhin", 1), column("other", 0))
                .blend(new BlendRecipe.Linear(Normalizer.NONE))
                .kDefault(10)
                .rules(new RuleBook(rules))
                .exploration(exploration)
                .build();
        return ScorerBuilder.of(store, plan).experiments(experiments).build();
    }

    private static CandidateQuery query(Map<String, String> overrides) {
        CandidateQuery query = CandidateQuery.of("tweet", Source.Entities.of(READER));
        for (Map.Entry<String, String> each : overrides.entrySet()) {
            query = query.withOverride(each.getKey(), each.getValue());
        }
        return query;
    }

    private static CandidateQuery query(String seed) {
        return query(Map.of("seed", seed));
    }

    private static CandidateQuery explained(CandidateQuery query, Optional<String> unit) {
        return new CandidateQuery(
                query.surface(),
                query.source(),
                query.k(),
                query.kinds(),
                query.excludeIds(),
                query.excludeHistories(),
                query.overrides(),
                unit,
                true);
    }

    private static List<Integer> numbers(ScoredCandidates answer) {
        return answer.candidates().stream()
                .map(candidate -> Integer.parseInt(candidate.id().value()))
                .toList();
    }

    @Test
    void withoutExplorationChanceHasNoPart() {
        ScoredCandidates answer = scorer(Exploration.NONE, List.of()).candidates(query(Map.of()));
        assertThat(answer.chance()).isEmpty();
        assertThat(numbers(answer)).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
        assertThat(answer.candidates())
                .allMatch(candidate ->
                        candidate.propensity() == 1 && candidate.team().isEmpty() && candidate.credit() == 0);
    }

    @Test
    void theTailIsDrawnAndTheDecisionsIdDrawsItAgain() {
        Scorer scorer = scorer(TAIL, List.of());
        Set<Integer> seen = new HashSet<>();
        for (int i = 0; i < 40; i++) {
            ScoredCandidates answer = scorer.candidates(query(Map.of()));
            assertThat(numbers(answer)).startsWith(1, 2, 3).hasSize(10).doesNotHaveDuplicates();
            assertThat(answer.chance())
                    .contains(new Chance(answer.provenance().decisionId(), Optional.of("uniform"), Optional.empty()));
            for (int rank = 0; rank < 10; rank++) {
                assertThat(answer.candidates().get(rank).propensity())
                        .isCloseTo(rank < 3 ? 1 : 1.0 / (23 - rank), within(1e-15));
            }
            seen.addAll(numbers(answer));
            ScoredCandidates again = scorer.candidates(query(answer.provenance().decisionId()));
            assertThat(again.candidates()).isEqualTo(answer.candidates());
        }
        assertThat(seen).as("the window is 4 to 23").hasSizeGreaterThan(15).allMatch(n -> n <= 23);
    }

    @Test
    void rulesHold() {
        List<Rule> rules = List.of(
                new Rule.RemoveWhere("no-5", Mode.ON, new Rule.Condition(Rule.KIND, Set.of("tweet")), true),
                new Rule.Pin("first", Mode.ON, tweet(30), 5),
                new Rule.Pin("gone", Mode.DRY_RUN, tweet(31), 6));
        Scorer scorer = scorer(new Exploration(Method.SOFTMAX, 0, 40, 1), rules);
        for (int i = 0; i < 20; i++) {
            ScoredCandidates answer = scorer.candidates(query("s" + i));
            assertThat(numbers(answer).get(4)).isEqualTo(30);
            assertThat(answer.candidates().get(4).propensity()).isEqualTo(1);
        }
    }

    @Test
    void experimentsAndRequestsTurnItOnAndOff() {
        Experiment explores = new Experiment(
                "explores",
                "tweet",
                "l",
                "s",
                0,
                10_000,
                List.of(new Variant("softmax", 1, Map.of("explore.method", "softmax", "explore.temperature", "1000"))),
                true);
        Scorer scorer = scorer(Exploration.NONE, List.of(), explores);
        CandidateQuery ofUnit = explained(query("s"), Optional.of("user:1"));
        ScoredCandidates explored = scorer.candidates(ofUnit);
        assertThat(explored.chance()).contains(new Chance("s", Optional.of("softmax"), Optional.empty()));
        assertThat(numbers(explored)).isNotEqualTo(List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
        assertThat(scorer.candidates(ofUnit.withOverride("explore.method", "none"))
                        .chance())
                .isEmpty();
        assertThat(numbers(scorer.candidates(query("s")))).startsWith(1, 2, 3);
        assertThatThrownBy(() -> scorer.candidates(query(Map.of("explore.window", "5"))))
                .isInstanceOf(Invalid.class)
                .hasMessageContaining("explore.method");
        assertThatThrownBy(() -> scorer.candidates(query(Map.of("explore.method", "greedy"))))
                .hasMessageContaining("none, uniform, softmax");
        assertThatThrownBy(
                        () -> scorer.candidates(query(Map.of("explore.method", "uniform", "explore.window", "1001"))))
                .hasMessageContaining("2 to 1000");
        assertThatThrownBy(() -> scorer.candidates(query(""))).hasMessageContaining("1 to 256");
    }

    @Test
    void whyNotSpeaksOfTheAnswerThatTheSeedDrew() {
        Scorer scorer = scorer(TAIL, List.of());
        for (String seed : List.of("a", "b", "c")) {
            List<Integer> answered = numbers(scorer.candidates(query(seed)));
            for (int n : List.of(1, 4, 5, 6, 7, 8, 9, 10, 15, 23, 24, 40)) {
                WhyNot whyNot = scorer.whyNot(query(seed), tweet(n));
                Stage expected = answered.contains(n) ? Stage.ANSWERED : n <= 10 ? Stage.CHANCE : Stage.RANK;
                assertThat(whyNot.stage()).as("tweet %s of %s", n, answered).isEqualTo(expected);
                if (expected == Stage.CHANCE) {
                    assertThat(whyNot.by()).contains("explore");
                    assertThat(whyNot.remedy()).containsExactly(Map.entry("explore.method", "none"));
                    assertThat(whyNot.message()).contains("without exploration it has rank " + n);
                } else if (expected == Stage.RANK) {
                    int k = Integer.parseInt(whyNot.remedy().getOrDefault("k", "0"));
                    assertThat(numbers(scorer.candidates(query(seed).withK(k)))).endsWith(n);
                }
            }
        }
    }

    private static Experiment interleaved(Interleaving.Method method) {
        return new Experiment(
                "mix",
                "tweet",
                "l",
                "s",
                0,
                10_000,
                List.of(
                        new Variant("control", 0, Map.of()),
                        new Variant("rising", 0, Map.of("columns.twhin.weight", "0", "columns.other.weight", "1")),
                        new Variant(
                                "both",
                                1,
                                Map.of(),
                                Optional.of(new Interleaving(method, List.of("control", "rising"))))),
                true);
    }

    @Test
    void twoVariantsShareAnAnswerAndEachExplainsItsOwn() {
        Scorer scorer = scorer(TAIL, List.of(), interleaved(Interleaving.Method.TEAM_DRAFT));
        for (int i = 0; i < 10; i++) {
            ScoredCandidates answer = scorer.candidates(explained(query("s" + i), Optional.of("user:1")));
            assertThat(answer.chance())
                    .contains(new Chance(
                            "s" + i,
                            Optional.empty(),
                            Optional.of(new Chance.Interleaved(
                                    "mix", "both", "team-draft", List.of("control", "rising")))));
            assertThat(answer.provenance().assignments()).containsExactly(new Provenance.Assigned("mix", "both"));
            assertThat(answer.provenance().plans()).containsKeys("control/twhin/tweet", "rising/other/tweet");
            assertThat(numbers(answer)).containsExactlyInAnyOrder(1, 2, 3, 4, 5, 36, 37, 38, 39, 40);
            for (ScoredCandidate candidate : answer.candidates()) {
                boolean rising = Integer.parseInt(candidate.id().value()) > 20;
                assertThat(candidate.team()).contains(rising ? "rising" : "control");
                assertThat(candidate.credit()).isEqualTo(1);
                ColumnScore.Present counted =
                        (ColumnScore.Present) candidate.columns().get(rising ? 1 : 0);
                assertThat(counted.weight()).isEqualTo(1);
                assertThat(candidate.score()).isEqualTo(counted.contribution());
            }
            // Two captains: the first of each round is drawn, the second is certain.
            for (int rank = 0; rank < 10; rank++) {
                assertThat(answer.candidates().get(rank).propensity()).isEqualTo(rank % 2 == 0 ? .5 : 1);
            }
        }
    }

    @Test
    void optimisedInterleavingCreditsByRanks() {
        Scorer scorer = scorer(Exploration.NONE, List.of(), interleaved(Interleaving.Method.OPTIMISED));
        ScoredCandidates answer = scorer.candidates(explained(query("s"), Optional.of("user:1")));
        for (ScoredCandidate candidate : answer.candidates().subList(0, 8)) {
            int number = Integer.parseInt(candidate.id().value());
            int rank = number > 20 ? TWEETS - number : number - 1;
            assertThat(candidate.credit()).isEqualTo(8 - rank);
            assertThat(candidate.team()).contains(number > 20 ? "rising" : "control");
        }
        assertThat(answer.candidates().subList(8, 10))
                .allMatch(candidate -> candidate.team().isEmpty() && candidate.credit() == 0);
    }

    @Test
    void whyNotSpeaksOfBothPlans() {
        Scorer scorer = scorer(Exploration.NONE, List.of(), interleaved(Interleaving.Method.TEAM_DRAFT));
        CandidateQuery query = explained(query("s"), Optional.of("user:1"));
        WhyNot answered = scorer.whyNot(query, tweet(40));
        assertThat(answered.stage()).isEqualTo(Stage.ANSWERED);
        assertThat(answered.message()).contains("brought by rising from its rank 1");
        WhyNot after = scorer.whyNot(query, tweet(8));
        assertThat(after.stage()).isEqualTo(Stage.CHANCE);
        assertThat(after.by()).contains("interleave");
        assertThat(after.message()).startsWith("control: rank 8");
        WhyNot below = scorer.whyNot(query, tweet(14));
        assertThat(below.stage()).isEqualTo(Stage.RANK);
        int k = Integer.parseInt(below.remedy().getOrDefault("k", "0"));
        assertThat(numbers(scorer.candidates(query.withK(k)))).contains(14);
        assertThat(numbers(scorer.candidates(query.withK(k - 1)))).doesNotContain(14);
    }

    @Test
    void anAnswerInterleavesTwoPlansAndNoMore() {
        Experiment other = new Experiment(
                "other-mix",
                "tweet",
                "m",
                "s",
                0,
                10_000,
                List.of(
                        new Variant("a", 0, Map.of()),
                        new Variant("b", 0, Map.of("columns.other.weight", "1")),
                        new Variant(
                                "c",
                                1,
                                Map.of(),
                                Optional.of(new Interleaving(Interleaving.Method.TEAM_DRAFT, List.of("a", "b"))))),
                true);
        ScoredCandidates answer = scorer(
                        Exploration.NONE, List.of(), interleaved(Interleaving.Method.TEAM_DRAFT), other)
                .candidates(explained(query("s"), Optional.of("user:1")));
        assertThat(answer.provenance().notices())
                .singleElement()
                .satisfies(notice -> assertThat(notice.reason()).isEqualTo("EXPERIMENTS_CONTRADICT"));
        assertThat(numbers(answer)).containsExactlyInAnyOrder(1, 2, 3, 4, 5, 36, 37, 38, 39, 40);
    }

    @Test
    void whatCannotBeInterleavedIsRefused() {
        Interleaving mix = new Interleaving(Interleaving.Method.TEAM_DRAFT, List.of("a", "b"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Interleaving(Interleaving.Method.TEAM_DRAFT, List.of("a", "a")))
                .withMessageContaining("differ");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Variant("mix", 1, Map.of("optimal", "true"), Optional.of(mix)));
        List<Map<String, String>> refused =
                List.of(Map.of("release", "r1"), Map.of("explore.method", "softmax"), Map.of("seed", "x"));
        for (Map<String, String> overrides : refused) {
            Experiment experiment = new Experiment(
                    "mix",
                    "tweet",
                    "l",
                    "s",
                    0,
                    10_000,
                    List.of(
                            new Variant("a", 0, Map.of()),
                            new Variant("b", 0, overrides),
                            new Variant("mix", 1, Map.of(), Optional.of(mix))),
                    true);
            assertThatIllegalArgumentException()
                    .as("%s", overrides)
                    .isThrownBy(() -> scorer(Exploration.NONE, List.of(), experiment));
        }
        List<Variant> variants = new ArrayList<>(List.of(new Variant("a", 1, Map.of())));
        variants.add(new Variant("mix", 1, Map.of(), Optional.of(mix)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Experiment("mix", "tweet", "l", "s", 0, 10_000, variants, true))
                .withMessageContaining("'b'");
    }
}
