package repscorer.core.plan;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.experiment.Experiment;
import repscorer.core.experiment.Variant;
import repscorer.core.fixture.Spaces;
import repscorer.core.plan.EngagementPlan.Aggregate;
import repscorer.core.plan.EngagementPlan.SignalFeatures;
import repscorer.core.rule.Rule;
import repscorer.core.rule.RuleBook;
import repscorer.core.similarity.Similarity;

/** Each rule of plans is broken once; the message names the rule, the value and the place. */
class PlanChecksTest {

    private static final EntityKind USER = EntityKind.USER;
    private static final EntityKind TWEET = EntityKind.TWEET;

    private static final PlanChecks CHECKS = new PlanChecks(new DeclaredSpaces(List.of(
            Spaces.twhin("twhin-user", USER, 3),
            Spaces.twhin("twhin-tweet", TWEET, 3),
            Spaces.twhin("twhin-narrow", TWEET, 2),
            Spaces.twhin("twhin-relation", EntityKind.RELATION, 3),
            Spaces.clusters("clusters-user", USER, 9),
            Spaces.clusters("clusters-tweet", TWEET, 9),
            Spaces.clusters("clusters-stored", TWEET, 9, 0),
            Spaces.lookup("history", "history", USER, 9))));

    private static ColumnBuilder dense() {
        return ColumnPlan.dense("d").source(USER, "twhin-user").candidate(TWEET, "twhin-tweet");
    }

    private static ColumnBuilder sparse() {
        return ColumnPlan.sparse("c").source(USER, "clusters-user").candidate(TWEET, "clusters-tweet");
    }

    private static ScoringPlan plan(ColumnPlan... columns) {
        return ScoringPlan.of("s", TWEET).columns(columns).build();
    }

    private static void refused(ScoringPlan plan, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CHECKS.check(plan))
                .withMessage(message);
    }

    private static void refused(Rule rule, String message) {
        ScoringPlan plan = plan(dense().build());
        refused(plan.with(new RuleBook(List.of(rule)), AttributePlan.NONE), message);
    }

    private static void refused(UnaryOperator<ScoringPlan.Builder> change, String message) {
        refused(
                change.apply(plan(dense().build(), sparse().build()).toBuilder())
                        .build(),
                message);
    }

    @Test
    void aPlanThatKeepsTheRulesPasses() {
        ColumnPlan.Translation translation = new ColumnPlan.Translation(USER, TWEET, "twhin-relation", "like");
        ScoringPlan plan = ScoringPlan.of("s", TWEET)
                .columns(dense().translations(List.of(translation)).build(), sparse().build())
                .exclude(List.of("history"))
                .anchors(Map.of("d", "twhin-user"))
                .attributes(new AttributePlan(Map.of(), Set.of(TWEET), List.of("history")))
                .rules(new RuleBook(List.of(
                        new Rule.Remove("a", Rule.Mode.ON, List.of("history"), List.of(), Optional.empty()),
                        new Rule.Decay("b", Rule.Mode.ON, Duration.ofHours(1), 1),
                        new Rule.Cap("c", Rule.Mode.ON, Rule.SOURCE, 1))))
                .build();
        assertThatCode(() -> CHECKS.check(plan)).doesNotThrowAnyException();
    }

    @Test
    void spacesAreDeclaredAndFitTheColumn() {
        refused(
                plan(dense().candidate(TWEET, "nowhere").build()),
                "space 'nowhere' is not declared: column d of surface s; declared are [clusters-stored, clusters-tweet,"
                        + " clusters-user, history, twhin-narrow, twhin-relation, twhin-tweet, twhin-user]");
        refused(
                plan(dense().candidate(TWEET, "twhin-user").build()),
                "space twhin-user holds kind user, not tweet: column d of surface s");
        refused(
                plan(dense().candidate(TWEET, "clusters-tweet").build()),
                "space clusters-tweet is sparse: column d of surface s");
        refused(
                plan(dense().candidate(TWEET, "twhin-narrow").build()),
                "spaces of a column share their dimension: twhin-user has 3, twhin-narrow has 2: column d of surface s");
        refused(
                plan(sparse().source(USER, "history").build()),
                "spaces of a column share their model: history is of history, clusters-tweet of simclusters: column c of"
                        + " surface s");
        refused(
                plan(sparse().candidate(TWEET, "clusters-stored").build()),
                "a searched space has items-per-cluster above 0: space clusters-stored, column c of surface s");
        assertThatCode(() -> CHECKS.check(plan(sparse().candidate(TWEET, "clusters-stored")
                        .set(ColumnSetting.RETRIEVE, 0)
                        .build())))
                .doesNotThrowAnyException();
    }

    @Test
    void aColumnHasSidesAndEveryKindAColumn() {
        refused(
                plan(ColumnPlan.dense("d").candidate(TWEET, "twhin-tweet").build()),
                "a column has sources and candidates: column d of surface s");
        refused(
                ScoringPlan.of("s", TWEET, USER).columns(dense().build()).build(),
                "every kind needs a column with candidates of it: user (surface s)");
    }

    @Test
    void translationsAreRelationsOfTheModel() {
        refused(
                plan(dense().translations(List.of(new ColumnPlan.Translation(USER, TWEET, "twhin-user", "like")))
                        .build()),
                "space twhin-user holds kind user, not relation: column d of surface s");
    }

    /** Builders refuse such a value already; who makes a column without one is stopped here. */
    @Test
    void settingsKeepTheirBounds() {
        ColumnPlan.Dense column = (ColumnPlan.Dense) dense().build();
        for (ColumnPlan.Effort effort : List.of(
                new ColumnPlan.Effort(0, 0, 0, false),
                new ColumnPlan.Effort(1, 1, 0, false),
                new ColumnPlan.Effort(1, 0, -1, false))) {
            ColumnPlan.Dense changed = new ColumnPlan.Dense(
                    "d", column.sources(), column.candidates(), Similarity.COSINE, List.of(), 1, 0, effort, 1);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> CHECKS.check(plan(changed)))
                    .withMessageMatching(
                            "(ef must be 1 to 2000: 0|recall-target must be 0 to 0.999: 1.0|budget-ms must be 0 to 60000: -1)"
                                    + " \\(column d of surface s\\)");
        }
    }

    @Test
    void rulesNameAttributesColumnsAndSpacesThatThereAre() {
        Rule.Condition city = new Rule.Condition("city", Set.of("city:rome"));
        String unknown = "no attribute is called 'city': rule r of surface s; there are [kind, source]";
        refused(new Rule.RemoveWhere("r", Rule.Mode.ON, city, false), unknown);
        refused(new Rule.Boost("r", Rule.Mode.ON, city, 2, 0), unknown);
        refused(new Rule.Cap("r", Rule.Mode.ON, "city", 1), unknown);
        refused(new Rule.Quota("r", Rule.Mode.ON, city, 1), unknown);
        refused(new Rule.Remove("r", Rule.Mode.ON, List.of(), List.of("block"), Optional.of("city")), unknown);
        refused(
                new Rule.Remove("r", Rule.Mode.ON, List.of("twhin-user"), List.of(), Optional.empty()),
                "must be a sparse space: twhin-user (rule r of surface s)");
        refused(new Rule.Diversify("r", Rule.Mode.ON, 0.5, "x", 2), "no column is called 'x': rule r of surface s");
        refused(
                new Rule.Pin("r", Rule.Mode.ON, EntityId.of(USER, 1), 1),
                "a pin is of a kind that the surface answers: user:1 (rule r of surface s)");
        refused(
                new Rule.Worth("r", Rule.Mode.ON, "twhin-user", Optional.empty()),
                "must be a sparse space: twhin-user (rule r of surface s)");
        refused(
                new Rule.Worth("r", Rule.Mode.ON, "history", Optional.empty()),
                "what is multiplied by a worth is not below 0: blend linear by none, min-max or softmax, not z-score: rule r"
                        + " of surface s");
        String time = "a rule about age needs created, snowflake kinds or spaces: rule r of surface s";
        refused(new Rule.Decay("r", Rule.Mode.ON, Duration.ofHours(1), 1), time);
        refused(new Rule.RemoveByAge("r", Rule.Mode.ON, Duration.ZERO, Duration.ofHours(1)), time);
    }

    @Test
    @DisplayName("S21: a rule whose values nothing can have, and which would do nothing, is refused")
    void valuesOfRulesAreSuchAsThereAre() {
        refused(
                new Rule.RemoveWhere("r", Rule.Mode.ON, new Rule.Condition(Rule.SOURCE, Set.of("d", "dd")), false),
                "no column is called 'dd': rule r of surface s");
        refused(
                new Rule.Quota("r", Rule.Mode.ON, new Rule.Condition(Rule.KIND, Set.of("twet")), 1),
                "the surface answers kinds [tweet], not 'twet': rule r of surface s");
        Rule.Remove kinds = new Rule.Remove("r", Rule.Mode.ON, List.of("history"), List.of(), Optional.of(Rule.KIND));
        refused(kinds, "histories and signals hold entities, and the attribute 'kind' none: rule r of surface s");
        AttributePlan.Attribute history = new AttributePlan.Attribute(List.of("history"), List.of());
        RuleBook nobody = new RuleBook(
                List.of(new Rule.Boost("r", Rule.Mode.ON, new Rule.Condition("author", Set.of("1")), 2, 0)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CHECKS.check(plan(dense().build())
                        .with(nobody, new AttributePlan(Map.of("author", history), Set.of(), List.of()))))
                .withMessageContaining("'1'")
                .withMessageEndingWith("(rule r of surface s)");
    }

    @Test
    void whatIsLookedUpIsSparseAndAnchorsAreDense() {
        AttributePlan.Attribute dense = new AttributePlan.Attribute(List.of("twhin-user"), List.of());
        refused(plan -> plan.exclude(List.of("twhin-user")), "a history space is sparse: twhin-user (surface s)");
        refused(
                plan -> plan.attributes(new AttributePlan(Map.of("city", dense), Set.of(), List.of())),
                "must be a sparse space: twhin-user (attribute city of surface s)");
        refused(
                plan -> plan.attributes(new AttributePlan(Map.of(), Set.of(), List.of("twhin-user"))),
                "must be a sparse space: twhin-user (created of surface s)");
        refused(
                plan -> plan.anchors(Map.of("d", "history")),
                "anchors are dense and go with a dense column: anchors of column d of surface s");
        refused(
                plan -> plan.anchors(Map.of("c", "twhin-user")),
                "anchors are dense and go with a dense column: anchors of column c of surface s");
        refused(
                plan -> plan.anchors(Map.of("x", "twhin-user")),
                "no column is called 'x': anchors of column x of surface s");
        refused(
                plan -> plan.anchors(Map.of("d", "twhin-narrow")),
                "spaces of a column share their dimension: twhin-tweet has 3, twhin-narrow has 2: anchors of column d of"
                        + " surface s");
    }

    @Test
    void everyVariantIsTried() {
        Map<String, ScoringPlan> plans = Map.of("s", plan(dense().build()));
        Experiment bad = experiment("s", Map.of("columns.d.ef", "0"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CHECKS.check(bad, plans))
                .withMessage("columns.d.ef must be 1 to 2000: 0 (variant v of experiment e.columns.d.ef)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CHECKS.check(experiment("home", Map.of()), plans))
                .withMessage("experiment e names surface 'home'; declared are [s]");
        assertThatCode(() -> CHECKS.check(experiment("s", Map.of("columns.d.ef", "9")), plans))
                .doesNotThrowAnyException();
    }

    private static Experiment experiment(String surface, Map<String, String> overrides) {
        return new Experiment("e", surface, "l", "salt", 0, 1, List.of(new Variant("v", 1, overrides)), true);
    }

    @Test
    void featuresCompareSpacesThatFit() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CHECKS.check(new SignalFeatures(
                        "fav",
                        Comparison.of(Similarity.COSINE, "clusters-user", "twhin-tweet"),
                        List.of(Duration.ofDays(1)),
                        List.of(Aggregate.MAX),
                        1,
                        Duration.ofDays(1),
                        false)))
                .withMessageEndingWith("(features of signal fav)")
                .withMessageContaining("a dense and a sparse space cannot be compared: clusters-user and twhin-tweet");
    }
}
