package repscorer.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.answer.Provenance;
import repscorer.core.answer.ScoredCandidate;
import repscorer.core.answer.ScoredCandidates;
import repscorer.core.answer.WhyNot;
import repscorer.core.blend.BlendRecipe;
import repscorer.core.blend.Normalizer;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.entity.Snowflake;
import repscorer.core.failure.ScorerException.NotReady;
import repscorer.core.fixture.ReleaseBuilder;
import repscorer.core.fixture.ScorerBuilder;
import repscorer.core.fixture.Spaces;
import repscorer.core.plan.AttributePlan;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.plan.ColumnSetting;
import repscorer.core.plan.ScoringPlan;
import repscorer.core.query.CandidateQuery;
import repscorer.core.query.Source;
import repscorer.core.rule.Rule;
import repscorer.core.rule.Rule.Mode;
import repscorer.core.rule.RuleBook;
import repscorer.core.signal.Signal;
import repscorer.core.signal.SignalSource;
import repscorer.core.store.RepresentationStore;
import repscorer.vector.SparseVector;

/**
 * Rules that read a release: five tweets, better the smaller their number, an hour apart by their snowflake ids, by two
 * authors. Tweets 1 and 2 point the same way.
 */
class RulesTest {

    private static final EntityKind USER = EntityKind.USER;
    private static final EntityKind TWEET = EntityKind.TWEET;
    private static final long NOW = Instant.parse("2026-01-01T12:00:00Z").toEpochMilli();
    private static final EntityId READER = EntityId.of(USER, 1);
    private static final float[][] VECTORS = {{1, 0.05f}, {1, 0.06f}, {1, -0.5f}, {1, 0.9f}, {1, -1.2f}};

    @TempDir
    Path directory;

    private RepresentationStore store;

    /** Tweet n was written n hours ago. */
    private static EntityId tweet(int n) {
        return EntityId.of(TWEET, (NOW - n * 3_600_000L - Snowflake.EPOCH_MILLIS) << 22);
    }

    @BeforeEach
    void publish() throws IOException {
        store = ReleaseBuilder.open(
                directory.resolve("store"),
                Spaces.twhin("twhin-user", USER, 2),
                Spaces.twhin("twhin-tweet", TWEET, 2),
                Spaces.lookup("history-author", "history", USER, 50),
                Spaces.lookup("attribute-created", "attribute", TWEET, 1));
        Map<EntityId, float[]> tweets = new TreeMap<>();
        List<EntityId> columns = new ArrayList<>();
        for (int n = 1; n <= VECTORS.length; n++) {
            tweets.put(tweet(n), VECTORS[n - 1]);
            columns.add(tweet(n));
        }
        ReleaseBuilder.of(store, directory, "r1")
                .dense("twhin-user", Map.of(READER, new float[] {1, 0}))
                .dense("twhin-tweet", tweets)
                .sparse(
                        "history-author",
                        columns,
                        Map.of(
                                EntityId.of(USER, 8), new SparseVector(new int[] {0, 1, 3}, new float[] {1, 1, 1}),
                                EntityId.of(USER, 9), new SparseVector(new int[] {2}, new float[] {1})))
                .sparse(
                        "attribute-created",
                        List.of(EntityId.parse("time:hours")),
                        Map.of(tweet(5), new SparseVector(new int[] {0}, new float[] {NOW / 3_600_000f - 100})))
                .publish();
    }

    @AfterEach
    void close() {
        store.close();
    }

    private Scorer scorer(SignalSource signals, Rule... rules) {
        ScoringPlan plan = ScoringPlan.of("tweet", TWEET)
                .columns(ColumnPlan.dense("twhin")
                        .source(USER, "twhin-user")
                        .candidate(TWEET, "twhin-tweet")
                        .set(ColumnSetting.RETRIEVE, 100)
                        .set(ColumnSetting.EXACT, true)
                        .build())
                .blend(new BlendRecipe.Linear(Normalizer.NONE))
                .kDefault(10)
                .rules(new RuleBook(List.of(rules)))
                .attributes(new AttributePlan(
                        Map.of("author", new AttributePlan.Attribute(List.of(), List.of("history-author"))),
                        Set.of(TWEET),
                        List.of("attribute-created")))
                .build();
        return ScorerBuilder.of(store, plan).signals(signals).at(NOW).build();
    }

    private List<Integer> answered(SignalSource signals, Rule... rules) {
        return scorer(signals, rules)
                .candidates(CandidateQuery.of("tweet", Source.Entities.of(READER)))
                .candidates()
                .stream()
                .map(candidate -> number(candidate.id()))
                .toList();
    }

    private static int number(EntityId id) {
        for (int n = 1; n <= VECTORS.length; n++) {
            if (tweet(n).equals(id)) {
                return n;
            }
        }
        throw new AssertionError(id);
    }

    @Test
    void withoutRulesTheScoreRanks() {
        assertThat(answered(SignalSource.NONE)).containsExactly(1, 2, 3, 4, 5);
    }

    @Test
    void agesComeFromSpacesFirstThenFromSnowflakes() {
        assertThat(answered(
                        SignalSource.NONE,
                        new Rule.RemoveByAge("old", Mode.ON, Duration.ofMinutes(90), Duration.ofHours(99))))
                .as("5 is 100 hours old by the space, 5 by its id")
                .containsExactly(2, 3, 4);
        Rule.Decay decay = new Rule.Decay("fresh", Mode.ON, Duration.ofHours(1), 2);
        ScoredCandidate first = scorer(SignalSource.NONE, decay)
                .candidates(new CandidateQuery(
                        "tweet",
                        Source.Entities.of(READER),
                        Optional.empty(),
                        List.of(),
                        List.of(),
                        Optional.empty(),
                        Map.of(),
                        Optional.empty(),
                        true))
                .candidates()
                .getFirst();
        double cosine = 1 / Math.sqrt(1 + 0.05f * (double) 0.05f);
        assertThat(first.score()).isCloseTo(cosine - 1, within(1e-9));
        assertThat(first.rules())
                .singleElement()
                .satisfies(trace -> assertThat(trace.after() - trace.before()).isCloseTo(-1, within(1e-9)));
    }

    @Test
    void anAgeWindowWorksInsideTheSearchesSoThatAsManyAreLeft() {
        Rule.RemoveByAge old = new Rule.RemoveByAge("old", Mode.ON, Duration.ofMinutes(150), Duration.ofHours(99));
        CandidateQuery two = new CandidateQuery(
                "tweet",
                Source.Entities.of(READER),
                Optional.of(2),
                List.of(),
                List.of(),
                Optional.empty(),
                Map.of("columns.twhin.retrieve", "2"),
                Optional.empty(),
                false);
        assertThat(scorer(SignalSource.NONE, old).candidates(two).candidates())
                .as("1 and 2 are nearest, and too young")
                .extracting(candidate -> number(candidate.id()))
                .containsExactly(3, 4);
        assertThat(scorer(SignalSource.NONE, old.in(Mode.DRY_RUN))
                        .candidates(two)
                        .candidates())
                .extracting(candidate -> number(candidate.id()))
                .containsExactly(1, 2);
        WhyNot young = scorer(SignalSource.NONE, old).whyNot(two, tweet(1));
        assertThat(young.stage()).isEqualTo(WhyNot.Stage.EXCLUDED);
        assertThat(young.message()).contains("rule old");
        assertThat(young.setting()).contains("rules.old.mode");
    }

    @Test
    void tweetsOfBlockedAuthorsAndSeenTweetsAreRemovedByOneRead() {
        List<Set<String>> reads = new ArrayList<>();
        SignalSource signals = (user, types, budget) -> {
            reads.add(types);
            return new SignalSource.Answer.Found(
                    List.of(new Signal("block", EntityId.of(USER, 8), NOW), new Signal("seen", tweet(3), NOW)));
        };
        assertThat(answered(
                        signals,
                        new Rule.Remove("seen", Mode.ON, List.of(), List.of("seen"), Optional.empty()),
                        new Rule.Remove(
                                "blocked", Mode.ON, List.of(), List.of("block", "mute"), Optional.of("author"))))
                .containsExactly(5);
        assertThat(reads).containsExactly(Set.of("seen", "block", "mute"));
    }

    @Test
    void signalsThatCannotBeReadRemoveNothingWhereThatIsSaidAndAreNoticed() {
        SignalSource gone = (user, types, budget) -> new SignalSource.Answer.Unavailable("away", true);
        Rule.Remove seen =
                new Rule.Remove("seen", Mode.ON, List.of(), List.of("seen"), Optional.empty(), Rule.OnMissing.PASS);
        ScoredCandidates answer = scorer(gone, seen).candidates(CandidateQuery.of("tweet", Source.Entities.of(READER)));
        assertThat(answer.candidates()).hasSize(5);
        assertThat(answer.provenance().notices())
                .containsExactly(
                        new Provenance.Notice("", "TIMEOUT", "rules do not know the signals [seen] of user:1: away"));
    }

    @Test
    void onlyWhatWasSeenOftenEnoughWithinTheTimeIsRemoved() {
        long hour = 3_600_000;
        SignalSource signals = (user, types, budget) -> new SignalSource.Answer.Found(List.of(
                new Signal("seen", tweet(1), NOW),
                new Signal("shown", tweet(1), NOW - 23 * hour),
                new Signal("seen", tweet(1), NOW - 24 * hour),
                new Signal("seen", tweet(2), NOW),
                new Signal("seen", tweet(2), NOW - hour),
                new Signal("seen", tweet(2), NOW - 25 * hour),
                new Signal("other", tweet(2), NOW)));
        Rule.Remove often = new Rule.Remove(
                "often",
                Mode.ON,
                List.of(),
                List.of("seen", "shown"),
                Optional.empty(),
                Rule.OnMissing.REFUSE,
                Optional.of(new Rule.Frequency(3, Duration.ofDays(1))));
        assertThat(answered(signals, often)).containsExactly(2, 3, 4, 5);
        WhyNot why = scorer(signals, often).whyNot(CandidateQuery.of("tweet", Source.Entities.of(READER)), tweet(1));
        assertThat(why.stage()).isEqualTo(WhyNot.Stage.EXCLUDED);
        assertThat(why.setting()).contains("rules.often.mode");
    }

    @Test
    void aWorthIsReadFromTheReleaseAndWhatHasNoneIsLeftOut() {
        Rule.Worth hours = new Rule.Worth("hours", Mode.ON, "attribute-created", Optional.empty());
        ScoredCandidates answer = scorer(SignalSource.NONE, hours)
                .candidates(new CandidateQuery(
                        "tweet",
                        Source.Entities.of(READER),
                        Optional.empty(),
                        List.of(),
                        List.of(),
                        Optional.empty(),
                        Map.of(),
                        Optional.empty(),
                        true));
        double worth = NOW / 3_600_000f - 100;
        double cosine = 1 / Math.sqrt(1 + 1.2f * (double) 1.2f);
        assertThat(answer.candidates()).singleElement().satisfies(only -> {
            assertThat(number(only.id())).isEqualTo(5);
            assertThat(only.score()).isCloseTo(cosine * worth, within(1e-2));
            assertThat(only.rules()).singleElement().satisfies(trace -> {
                assertThat(trace.worth().orElseThrow()).isEqualTo(worth);
                assertThat(trace.before()).isCloseTo(cosine, within(1e-7));
                assertThat(trace.after()).isEqualTo(only.score());
            });
        });
        assertThat(answer.rules().getFirst().removedCount()).isEqualTo(4);
        WhyNot why = scorer(SignalSource.NONE, hours)
                .whyNot(CandidateQuery.of("tweet", Source.Entities.of(READER)), tweet(1));
        assertThat(why.stage()).isEqualTo(WhyNot.Stage.RULE);
        assertThat(why.setting()).contains("rules.hours.mode");
    }

    @Test
    @DisplayName("S6 a rule that protects people lets nobody through when its signals cannot be read")
    void blocksFailClosed() {
        for (boolean timedOut : new boolean[] {true, false}) {
            SignalSource gone = (user, types, budget) -> new SignalSource.Answer.Unavailable("away", timedOut);
            for (Optional<String> attribute : List.of(Optional.<String>empty(), Optional.of("author"))) {
                Rule.Remove blocked = new Rule.Remove("blocked", Mode.ON, List.of(), List.of("block"), attribute);
                assertThatThrownBy(() -> answered(gone, blocked))
                        .isInstanceOf(NotReady.class)
                        .hasMessage("rule blocked lets nobody through:"
                                + " rules do not know the signals [block] of user:1: away")
                        .extracting(e -> ((NotReady) e).code())
                        .isEqualTo("signals-unavailable");
                assertThat(answered(gone, blocked.in(Mode.DRY_RUN))).hasSize(5);
                assertThat(answered(gone, blocked.in(Mode.OFF))).hasSize(5);
            }
        }
    }

    @Test
    @DisplayName("S6 remove-all answers nobody and says so")
    void removeAllAnswersNobody() {
        SignalSource gone = (user, types, budget) -> new SignalSource.Answer.Unavailable("away", true);
        for (Optional<String> attribute : List.of(Optional.<String>empty(), Optional.of("author"))) {
            Rule.Remove blocked = new Rule.Remove(
                    "blocked", Mode.ON, List.of(), List.of("block"), attribute, Rule.OnMissing.REMOVE_ALL);
            CandidateQuery query = CandidateQuery.of("tweet", Source.Entities.of(READER));
            ScoredCandidates answer = scorer(gone, blocked).candidates(query);
            assertThat(answer.candidates()).isEmpty();
            assertThat(answer.shortfall().orElseThrow()).contains("rules removed 5");
            assertThat(answer.provenance().notices())
                    .contains(new Provenance.Notice("", "TIMEOUT", "rule blocked removes all that it cannot tell"));
            WhyNot whyNot = scorer(gone, blocked).whyNot(query, tweet(1));
            assertThat(whyNot.message()).contains("rule blocked");
            assertThat(answered(SignalSource.NONE, blocked)).hasSize(5);
        }
    }

    @Test
    void diversityReadsTheColumnsSpace() {
        assertThat(answered(SignalSource.NONE, new Rule.Diversify("mix", Mode.ON, 0.1, "twhin", 5)))
                .as("2 says what 1 said")
                .containsExactly(1, 5, 4, 3, 2);
    }

    @Test
    void capsReadTheInverseOfAHistory() {
        assertThat(answered(SignalSource.NONE, new Rule.Cap("two", Mode.ON, "author", 2)))
                .as("4 is the third of its author; 5 has none")
                .containsExactly(1, 2, 3, 5);
        assertThat(answered(SignalSource.NONE, new Rule.Cap("one", Mode.ON, Rule.SOURCE, 1)))
                .containsExactly(1);
    }

    @Test
    void aPinIsAnsweredWithoutBeingFound() {
        Rule.Pin pin = new Rule.Pin("pin", Mode.ON, tweet(5), 1);
        ScoredCandidates answer = scorer(SignalSource.NONE, pin)
                .candidates(new CandidateQuery(
                        "tweet",
                        Source.Entities.of(READER),
                        Optional.of(2),
                        List.of(),
                        List.of(),
                        Optional.empty(),
                        Map.of("columns.twhin.retrieve", "1"),
                        Optional.empty(),
                        false));
        assertThat(answer.candidates())
                .extracting(candidate -> number(candidate.id()))
                .containsExactly(5, 1);
        assertThat(answer.rules().getFirst().placed()).isEqualTo(1);
    }

    @Test
    void rulesAreHeldToThePlan() {
        assertRefused("no attribute is called 'language'", new Rule.Cap("x", Mode.ON, "language", 1));
        assertRefused("no column is called 'clusters'", new Rule.Diversify("x", Mode.ON, 1, "clusters", 5));
        assertRefused("a pin is of a kind that the surface answers", new Rule.Pin("x", Mode.ON, READER, 1));
        assertRefused(
                "must be a sparse space: twhin-user",
                new Rule.Remove("x", Mode.ON, List.of("twhin-user"), List.of(), Optional.empty()));
    }

    private void assertRefused(String why, Rule rule) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> scorer(SignalSource.NONE, rule))
                .withMessageContaining(why)
                .withMessageContaining("rule x of surface tweet");
    }
}
