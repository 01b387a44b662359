package repscorer.core.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import repscorer.ann.SparseSearchOptions.Mode;
import repscorer.ann.SparseSearchOptions.Ranking;
import repscorer.core.blend.BlendRecipe;
import repscorer.core.blend.Normalizer;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.failure.ScorerException.Invalid;
import repscorer.core.rule.Rule;
import repscorer.core.rule.RuleBook;

class PlanOverridesTest {

    private static final ColumnPlan TWHIN = ColumnPlan.dense("twhin")
            .source(EntityKind.USER, "twhin-user")
            .candidate(EntityKind.USER, "twhin-user")
            .build();
    private static final ColumnPlan CLUSTERS = ColumnPlan.sparse("clusters")
            .source(EntityKind.USER, "clusters-user")
            .candidate(EntityKind.USER, "clusters-user")
            .set(ColumnSetting.WEIGHT, 0.5)
            .build();
    private static final ScoringPlan PLAN = ScoringPlan.of("follow", EntityKind.USER)
            .columns(TWHIN, CLUSTERS)
            .exclude(List.of("history-follow"))
            .build();

    private static ScoringPlan apply(Map<String, String> overrides) {
        return PlanOverrides.apply(PLAN, overrides, "overrides");
    }

    @Test
    void clustersAreSearchedExactlyOnRequest() {
        assertThat(apply(Map.of("columns.clusters.exact", "true")).columns().getLast())
                .isInstanceOfSatisfying(
                        ColumnPlan.Sparse.class,
                        column -> assertThat(column.mode()).isEqualTo(Mode.EXACT));
        assertThat(apply(Map.of("columns.clusters.rescore", "false")).columns().getLast())
                .isInstanceOfSatisfying(
                        ColumnPlan.Sparse.class,
                        column -> assertThat(column.mode()).isEqualTo(Mode.RELEASED));
    }

    @Test
    void changesEverySetting() {
        ScoringPlan plan = apply(Map.ofEntries(
                Map.entry("release", "r7"),
                Map.entry("columns.clusters.enabled", "false"),
                Map.entry("blend.method", "reciprocal-rank"),
                Map.entry("blend.rank-constant", "10"),
                Map.entry("columns.twhin.weight", "2.5"),
                Map.entry("columns.twhin.retrieve", "0"),
                Map.entry("columns.twhin.ef", "2000"),
                Map.entry("columns.twhin.recall-target", "0.95"),
                Map.entry("columns.twhin.budget-ms", "20"),
                Map.entry("columns.twhin.exact", "true"),
                Map.entry("columns.clusters.weight", "0"),
                Map.entry("columns.clusters.retrieve", "5000"),
                Map.entry("columns.clusters.clusters-scanned", "1"),
                Map.entry("columns.clusters.items-per-cluster", "10000"),
                Map.entry("columns.clusters.candidates-max", "7"),
                Map.entry("columns.clusters.rescore", "false")));
        assertThat(plan.blend()).isEqualTo(new BlendRecipe.ReciprocalRank(10));
        assertThat(plan.columns().getFirst())
                .isEqualTo(TWHIN.toBuilder()
                        .set(ColumnSetting.WEIGHT, 2.5)
                        .set(ColumnSetting.RETRIEVE, 0)
                        .set(ColumnSetting.EF, 2_000)
                        .set(ColumnSetting.RECALL_TARGET, 0.95)
                        .set(ColumnSetting.BUDGET_MS, 20)
                        .set(ColumnSetting.EXACT, true)
                        .build());
        assertThat(plan.columns().get(1))
                .isEqualTo(CLUSTERS.toBuilder()
                        .set(ColumnSetting.WEIGHT, 0.0)
                        .set(ColumnSetting.RETRIEVE, 5_000)
                        .set(ColumnSetting.CLUSTERS_SCANNED, 1)
                        .set(ColumnSetting.ITEMS_PER_CLUSTER, 10_000)
                        .set(ColumnSetting.CANDIDATES_MAX, 7)
                        .set(ColumnSetting.RESCORE, false)
                        .build());
        assertThat(plan.exclude()).isEqualTo(PLAN.exclude());
        assertThat(plan.disabled()).containsExactly("clusters");
        assertThat(PlanOverrides.apply(plan, Map.of("columns.clusters.enabled", "true"), "o")
                        .disabled())
                .isEmpty();
    }

    @Test
    void changesTheBlend() {
        assertThat(apply(Map.of("blend.normalizer", "l2")).blend()).isEqualTo(new BlendRecipe.Linear(Normalizer.L2));
        assertThat(apply(Map.of("blend.normalizer", "softmax")).blend())
                .isEqualTo(new BlendRecipe.Linear(Normalizer.SOFTMAX));
        assertThat(apply(Map.of("blend.method", "round-robin")).blend()).isEqualTo(new BlendRecipe.RoundRobin());
        assertThat(apply(Map.of("blend.method", "count-weighted")).blend())
                .isEqualTo(new BlendRecipe.CountWeighted(1, 3_000));
        assertThat(apply(Map.of("blend.method", "count-weighted", "blend.shrinkage", "0.25"))
                        .blend())
                .isEqualTo(new BlendRecipe.CountWeighted(0.25, 3_000));
    }

    @Test
    @DisplayName("S8: a dense score-min, and the ranking and score-min of a sparse column, go per request")
    void changesWhatOnlyFilesCould() {
        List<ColumnPlan> columns = apply(Map.of(
                        "columns.twhin.score-min", "-0.25",
                        "columns.clusters.score-min", "1e-3",
                        "columns.clusters.ranking", "exp-scaled-cosine"))
                .columns();
        assertThat(columns)
                .containsExactly(
                        TWHIN.toBuilder().set(ColumnSetting.SCORE_MIN, -0.25).build(),
                        CLUSTERS.toBuilder()
                                .set(ColumnSetting.SCORE_MIN, 0.001)
                                .set(ColumnSetting.RANKING, Ranking.EXP_SCALED_COSINE)
                                .build());
    }

    @Test
    @DisplayName("S8: the message for an unknown override lists the modes of rules, and the max of caps")
    void listsWhatRulesMaySet() {
        Rule.Cap cap = new Rule.Cap("one-per-kind", Rule.Mode.ON, Rule.KIND, 1);
        Rule.Pin pin = new Rule.Pin("first", Rule.Mode.ON, EntityId.of(EntityKind.USER, 1), 1);
        ScoringPlan plan = PLAN.with(new RuleBook(List.of(cap, pin)), AttributePlan.NONE);
        for (String key : List.of(
                "x", "columns.twhin.sharpness", "columns.other.ef", "rules.one-per-kind.min", "rules.first.max")) {
            assertThatThrownBy(() -> PlanOverrides.apply(plan, Map.of(key, "1"), "o"))
                    .isInstanceOfSatisfying(
                            Invalid.class, e -> assertThat(e.code()).isEqualTo("unknown-override"))
                    .hasMessageContaining("rules.one-per-kind.mode, rules.one-per-kind.max, rules.first.mode");
        }
    }

    @Test
    @DisplayName("S7: the max of a cap may be overridden")
    void changesTheMaxOfACap() {
        Rule.Cap cap = new Rule.Cap("one-per-kind", Rule.Mode.DRY_RUN, Rule.KIND, 1);
        ScoringPlan plan = PLAN.with(new RuleBook(List.of(cap)), AttributePlan.NONE);
        assertThat(PlanOverrides.apply(plan, Map.of("rules.one-per-kind.max", "4"), "o")
                        .rules()
                        .rules())
                .containsExactly(cap.max(4));
        assertThatThrownBy(() -> PlanOverrides.apply(plan, Map.of("rules.one-per-kind.max", "0"), "o"))
                .hasMessage("rules.one-per-kind.max must be 1 to 2147483647: 0");
    }

    @Test
    void changesTheModeOfRules() {
        Rule.Cap cap = new Rule.Cap("one-per-kind", Rule.Mode.ON, Rule.KIND, 1);
        ScoringPlan plan = PLAN.with(new RuleBook(List.of(cap)), AttributePlan.NONE);
        for (Rule.Mode mode : Rule.Mode.values()) {
            String word = mode.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
            assertThat(PlanOverrides.apply(plan, Map.of("rules.one-per-kind.mode", word), "o")
                            .rules()
                            .rules())
                    .containsExactly(cap.in(mode));
        }
        assertThatThrownBy(() -> PlanOverrides.apply(plan, Map.of("rules.other.mode", "off"), "o"))
                .hasMessageContaining("rules.one-per-kind.mode");
    }

    @Test
    void nothingChangesWithoutOverrides() {
        assertThat(apply(Map.of())).isEqualTo(PLAN);
        assertThat(apply(Map.of("release", "r1"))).isEqualTo(PLAN);
        assertThat(PlanOverrides.release(Map.of("release", "r1"))).hasValue("r1");
        assertThat(PlanOverrides.release(Map.of())).isEmpty();
    }

    @Test
    void aMethodKeepsItsSettingOrTakesTheDefault() {
        assertThat(apply(Map.of("blend.normalizer", "none")).blend())
                .isEqualTo(new BlendRecipe.Linear(Normalizer.NONE));
        ScoringPlan ranked = apply(Map.of("blend.method", "reciprocal-rank"));
        assertThat(ranked.blend()).isEqualTo(new BlendRecipe.ReciprocalRank(60));
        assertThat(PlanOverrides.apply(ranked, Map.of("blend.method", "linear"), "o")
                        .blend())
                .isEqualTo(new BlendRecipe.Linear(Normalizer.MIN_MAX));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "columns.twhin.weight | 1000.5 | columns.twhin.weight must be 0.0 to 1000.0: 1000.5",
                "columns.twhin.weight | NaN    | columns.twhin.weight must be a number from 0.0 to 1000.0: NaN",
                "columns.twhin.weight | much   | columns.twhin.weight must be a number from 0.0 to 1000.0: much",
                "columns.twhin.weight | 0x1p0  | columns.twhin.weight must be a number from 0.0 to 1000.0: 0x1p0",
                "columns.twhin.weight | 1f     | columns.twhin.weight must be a number from 0.0 to 1000.0: 1f",
                "columns.twhin.ef     | \u0661      | columns.twhin.ef must be a whole number from 1 to 2000: \u0661",
                "columns.twhin.score-min | Infinity | columns.twhin.score-min must be a number: Infinity",
                "columns.twhin.score-min | 1e999 | columns.twhin.score-min must be a number: 1e999",
                "columns.clusters.ranking | l2 | columns.clusters.ranking must be one of dot, cosine, log-cosine, cosine-no-source-norm, exp-scaled-cosine: l2",
                "columns.twhin.ef     | 0      | columns.twhin.ef must be 1 to 2000: 0",
                "columns.twhin.ef     | 2001   | columns.twhin.ef must be 1 to 2000: 2001",
                "columns.twhin.ef     | 1.5    | columns.twhin.ef must be a whole number from 1 to 2000: 1.5",
                "columns.twhin.recall-target | 1 | columns.twhin.recall-target must be 0.0 to 0.999: 1",
                "columns.twhin.budget-ms | 60001 | columns.twhin.budget-ms must be 0 to 60000: 60001",
                "columns.twhin.exact  | yes    | columns.twhin.exact must be one of true, false: yes",
                "columns.clusters.clusters-scanned | 501 | columns.clusters.clusters-scanned must be 1 to 500: 501",
                "blend.method         | median | blend.method must be one of linear, reciprocal-rank, round-robin, count-weighted: median",
                "blend.shrinkage      | 0.5 | blend.shrinkage goes with blend.method=count-weighted only: 0.5",
                "blend.rank-constant  | 5      | blend.rank-constant goes with blend.method=reciprocal-rank only: 5"
            })
    void namesTheBound(String key, String value, String message) {
        assertThatThrownBy(() -> apply(Map.of(key, value))).isInstanceOfSatisfying(Invalid.class, e -> {
            assertThat(e).hasMessage(message);
            assertThat(e.field()).isEqualTo("overrides." + key);
            assertThat(e.code()).isEqualTo("override-out-of-bounds");
        });
    }

    @ParameterizedTest
    @CsvSource({
        "columns.twhin.clusters-scanned",
        "columns.clusters.ef",
        "columns.other.weight",
        "columns.weight",
        "columns.",
        "blend",
        "x"
    })
    void listsTheKnownKeysForAnUnknownOne(String key) {
        assertThatThrownBy(() -> apply(Map.of(key, "1"))).isInstanceOfSatisfying(Invalid.class, e -> {
            assertThat(e.code()).isEqualTo("unknown-override");
            assertThat(e)
                    .hasMessageContaining("'" + key + "'")
                    .hasMessageContaining("columns.twhin.ef")
                    .hasMessageContaining("columns.clusters.rescore");
        });
    }
}
