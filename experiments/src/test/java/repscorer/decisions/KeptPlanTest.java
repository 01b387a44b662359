package repscorer.decisions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import repscorer.core.blend.BlendRecipe;
import repscorer.core.blend.Calibration;
import repscorer.core.blend.Normalizer;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.model.LinearMargin;
import repscorer.core.model.ModelFeature;
import repscorer.core.model.RankModel;
import repscorer.core.plan.AttributePlan;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.plan.ColumnSetting;
import repscorer.core.plan.ExactTopKOptions;
import repscorer.core.plan.ReasonPlan;
import repscorer.core.plan.ScoringPlan;
import repscorer.core.rule.Rule;
import repscorer.core.rule.Rule.Mode;
import repscorer.core.rule.RuleBook;
import repscorer.core.similarity.Similarity;

class KeptPlanTest {

    private static final Rule.Condition NEWS = new Rule.Condition("author", Set.of("user:1", "user:2", "a"));

    private static final List<Rule> RULES = List.of(
            new Rule.Remove(
                    "muted",
                    Mode.ON,
                    List.of("history-mute"),
                    List.of("seen"),
                    Optional.of("author"),
                    Rule.OnMissing.PASS,
                    Optional.of(new Rule.Frequency(3, Duration.ofDays(1)))),
            new Rule.RemoveWhere("where", Mode.DRY_RUN, NEWS, true),
            new Rule.RemoveByAge("age", Mode.ON, Duration.ofMillis(1_500), Duration.ofDays(7)),
            new Rule.Boost("boost", Mode.OFF, NEWS, 1.5, -.25),
            new Rule.Decay("decay", Mode.ON, Duration.ofHours(8), 2),
            new Rule.Worth("worth", Mode.ON, "bids", Optional.of(.5)),
            new Rule.Floor("floor", Mode.ON, .01),
            new Rule.Cap("cap", Mode.ON, "author", 2),
            new Rule.Diversify("mmr", Mode.ON, .7, "twhin", 50),
            new Rule.Quota("quota", Mode.ON, NEWS, 1),
            new Rule.Pin("pin", Mode.ON, new EntityId(EntityKind.TWEET, "1:2"), 3));

    private static final List<BlendRecipe> BLENDS = List.of(
            new BlendRecipe.Linear(Normalizer.Z_SCORE),
            new BlendRecipe.ReciprocalRank(60),
            new BlendRecipe.RoundRobin(),
            new BlendRecipe.CountWeighted(.5, 3_000));

    private static final RankModel MODEL = new RankModel(
            "click",
            List.of(new ModelFeature.Column("twhin")),
            new LinearMargin(0, List.of(new LinearMargin.Term(false, 0, 1, 1, 0))),
            new Calibration(List.of(new Calibration.Point(0, .5))),
            new RankModel.Spread(.5, .1));

    private static ScoringPlan plan(BlendRecipe blend) {
        ColumnPlan dense = ColumnPlan.dense("twhin")
                .source(EntityKind.USER, "twhin-user")
                .candidate(EntityKind.USER, "twhin-user")
                .candidate(EntityKind.TWEET, "twhin-tweet")
                .translations(List.of(new ColumnPlan.Translation(EntityKind.USER, EntityKind.USER, "rel", "follow")))
                .set(ColumnSetting.WEIGHT, .1 + .2)
                .build();
        ColumnPlan sparse = ColumnPlan.sparse("simclusters")
                .source(EntityKind.USER, "in")
                .candidate(EntityKind.USER, "known")
                .similarity(Similarity.FUZZY_JACCARD)
                .build();
        ColumnPlan text = ColumnPlan.text("words")
                .source(EntityKind.TOPIC, "names-topic")
                .candidate(EntityKind.TWEET, "texts-tweet")
                .build();
        return ScoringPlan.of("follow", EntityKind.USER, EntityKind.TWEET)
                .columns(dense, sparse, text, ColumnPlan.model("click", MODEL).build())
                .disabled(Set.of("simclusters"))
                .optional(Set.of("simclusters"))
                .blend(blend)
                .exclude(List.of("history-follow"))
                .rules(new RuleBook(RULES))
                .attributes(new AttributePlan(
                        Map.of("author", new AttributePlan.Attribute(List.of("a", "b"), List.of("c"))),
                        Set.of(EntityKind.TWEET, EntityKind.TOPIC, EntityKind.USER),
                        List.of("created")))
                .anchors(Map.of("twhin", "twhin-topic"))
                .reasons(Map.of("simclusters", new ReasonPlan("both like {shared}", Optional.of("names-topic"))))
                .build();
    }

    @Test
    void aTextIsThePlanAgain() {
        for (BlendRecipe blend : BLENDS) {
            KeptPlan plan =
                    new KeptPlan(plan(blend), new ExactTopKOptions(true, Duration.ofMillis(75)), Optional.empty());
            byte[] text = plan.toBytes();
            assertThat(KeptPlan.of(text, List.of(MODEL))).isEqualTo(plan);
            assertThat(KeptPlan.of(text, List.of(MODEL)).toBytes()).isEqualTo(text);
            assertThat(new String(text, StandardCharsets.UTF_8)).contains("\"click " + MODEL.digest() + "\"");
            assertThatThrownBy(() -> KeptPlan.of(text))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("no model of now is this one: 'click " + MODEL.digest());
        }
    }

    @Test
    void aPlanThatWasKeptBeforeThereWereReasonsIsRead() {
        ScoringPlan plan = plan(BLENDS.getFirst()).toBuilder()
                .optional(Set.of())
                .reasons(Map.of())
                .rules(new RuleBook(
                        List.of(new Rule.Remove("muted", Mode.ON, List.of(), List.of("seen"), Optional.empty()))))
                .build();
        KeptPlan kept = new KeptPlan(plan, ExactTopKOptions.DEFAULT, Optional.empty());
        String text = new String(kept.toBytes(), StandardCharsets.UTF_8);
        String before = text.replace("\"reasons\":{},", "")
                .replace("\"optional\":[],", "")
                .replace(",\"frequency\":null", "");
        assertThat(before).doesNotContain("reasons").doesNotContain("optional").doesNotContain("frequency");
        assertThat(KeptPlan.of(before.getBytes(StandardCharsets.UTF_8), List.of(MODEL)))
                .isEqualTo(kept);
    }

    @Test
    void setsAndMapsHaveOneOrderHoweverTheyCame() {
        String text = new String(
                new KeptPlan(plan(BLENDS.getFirst()), ExactTopKOptions.DEFAULT, Optional.empty()).toBytes(),
                StandardCharsets.UTF_8);
        assertThat(text)
                .contains("\"snowflakes\":[\"topic\",\"tweet\",\"user\"]")
                .contains("\"values\":[\"a\",\"user:1\",\"user:2\"]")
                .contains("\"candidates\":{\"tweet\":\"twhin-tweet\",\"user\":\"twhin-user\"}")
                .contains("\"weight\":0.30000000000000004");
    }

    @Test
    void everyKindThereIsWasTried() {
        assertThat(names(RULES)).isEqualTo(names(Rule.class));
        assertThat(names(BLENDS)).isEqualTo(names(BlendRecipe.class));
        assertThat(names(plan(BLENDS.getFirst()).columns())).isEqualTo(names(ColumnPlan.class));
    }

    private static Set<String> names(List<?> tried) {
        Set<String> names = new TreeSet<>();
        tried.forEach(each -> names.add(each.getClass().getSimpleName()));
        return names;
    }

    private static Set<String> names(Class<?> sealed) {
        Set<String> names = new TreeSet<>();
        Arrays.stream(sealed.getPermittedSubclasses()).forEach(each -> names.add(each.getSimpleName()));
        return names;
    }

    @Test
    void whatIsNoPlanIsRefused() {
        for (String bad : List.of("", "{}", "{\"plan\":null}", "[]", "{\"plan\":{\"surface\":\"follow\"}}")) {
            assertThatThrownBy(() -> KeptPlan.of(bad.getBytes(StandardCharsets.UTF_8)))
                    .as(bad)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
