package repscorer.core.plan;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import repscorer.ann.SparseSearchOptions;
import repscorer.ann.SparseSearchOptions.Ranking;
import repscorer.core.plan.ColumnPlan.Dense;
import repscorer.core.plan.ColumnPlan.Form;
import repscorer.core.plan.ColumnPlan.Sparse;
import repscorer.core.plan.ColumnPlan.Text;

/**
 * A number, switch or word that a column may set: the one table that files, overrides, checks, {@code GET /v1/surfaces} and
 * the documents go by. A new setting is a line here, a component of the column that it is for, and its place in
 * {@link ColumnBuilder#build}.
 */
public enum ColumnSetting {
    WEIGHT(
            Of.all(ColumnPlan::weight),
            new SettingType.Number(0, Limits.WEIGHT_MAX),
            1.0,
            "what the column weighs in the blend; 0 computes it without letting it count"),
    RETRIEVE(
            Of.searched(ColumnPlan::retrieve),
            new SettingType.Whole(0, Limits.RETRIEVE_MAX),
            200,
            "how many candidates its search brings; 0 leaves that to the other columns"),
    EF(
            Of.dense(column -> column.effort().ef()),
            new SettingType.Whole(1, Limits.EF_MAX),
            200,
            "the length of the graph search's candidate list"),
    RECALL_TARGET(
            Of.dense(column -> column.effort().recallTarget()),
            new SettingType.Number(0, Limits.RECALL_TARGET_MAX),
            0.0,
            "the share of the best to find, in place of `ef` where the index has learnt what that takes; 0 for none"),
    BUDGET_MS(
            Of.dense(column -> column.effort().budgetMillis()),
            new SettingType.Whole(0, Limits.BUDGET_MILLIS_MAX),
            0,
            "after so long the search answers with what was found; 0 for never"),
    CLUSTERS_SCANNED(
            Of.sparse(Sparse::clustersScanned),
            new SettingType.Whole(1, Limits.CLUSTERS_SCANNED_MAX),
            SparseSearchOptions.CLUSTERS_SCANNED_DEFAULT,
            "N: how many of the source's strongest clusters are read"),
    ITEMS_PER_CLUSTER(
            Of.sparse(Sparse::itemsPerCluster),
            new SettingType.Whole(1, Limits.ITEMS_PER_CLUSTER_MAX),
            SparseSearchOptions.ITEMS_PER_CLUSTER_DEFAULT,
            "M: how many items are read from the front of each cluster's list"),
    CANDIDATES_MAX(
            Of.sparse(Sparse::candidatesMax),
            new SettingType.Whole(1, Limits.CANDIDATES_MAX),
            SparseSearchOptions.CANDIDATES_MAX_DEFAULT,
            "X: how many of the items met are ranked, without `rescore`"),
    MATCHES(
            Of.text(Text::matches),
            new SettingType.Whole(0, Limits.MATCHES_MAX),
            20,
            "how many of the best texts of `sources` lend the other columns their vectors; 0 leaves those without"),
    SCORE_MIN(
            Of.searched(ColumnPlan::scoreMin),
            SettingType.Number.ANY,
            0.0,
            "Z: the least score to retrieve, by `ranking`; of a dense column by its space's metric, of a text column by BM25"),
    RANKING(
            Of.sparse(Sparse::ranking),
            new SettingType.Word<>(Ranking.class),
            Ranking.COSINE,
            "what items are ranked by"),
    RESCORE(
            Of.sparse(Sparse::rescore),
            new SettingType.Truth(),
            true,
            "whether items are ranked by their whole vectors, or by what was met of them"),
    EXACT(
            Of.vectors(ColumnPlan::exact),
            new SettingType.Truth(),
            false,
            "whether all items are ranked, whatever the search's other settings are");

    private final Of of;
    private final SettingType<?> type;
    private final Object standard;
    private final String meaning;

    <V> ColumnSetting(Of of, SettingType<V> type, V standard, String meaning) {
        this.of = of;
        this.type = type;
        this.standard = standard;
        this.meaning = meaning;
    }

    /** The settings of a form, in their order. */
    public static List<ColumnSetting> of(Form form) {
        return Arrays.stream(values())
                .filter(setting -> setting.forms().contains(form))
                .toList();
    }

    /** As files and overrides write it. */
    public String key() {
        return SettingType.Word.of(this);
    }

    public SettingType<?> type() {
        return type;
    }

    /** The value of a column of one of its forms that does not set it. */
    public Object standard(Form form) {
        // Sparse scores are never below 0, and dense ones may be.
        return this == SCORE_MIN && form == Form.DENSE ? Double.valueOf(Double.NEGATIVE_INFINITY) : standard;
    }

    /** Which columns have it. */
    public Set<Form> forms() {
        return of.forms;
    }

    /** Whether files must state it. */
    public boolean required() {
        return this == WEIGHT;
    }

    /** One line for documents. */
    public String meaning() {
        return meaning;
    }

    /** Its value in a column of one of its forms. */
    public Object get(ColumnPlan column) {
        return of.get.apply(column);
    }

    /**
     * Holds a value to the bounds.
     *
     * @throws IllegalArgumentException naming the setting, the bounds, the value and the place
     */
    void check(Object value, String place) {
        if (!type.allows(value)) {
            throw new IllegalArgumentException("%s must be %s: %s (%s)".formatted(key(), type.bounds(), value, place));
        }
    }

    /** The columns that have a setting, and where it is in them. */
    private record Of(Set<Form> forms, Function<ColumnPlan, Object> get) {

        static Of all(Function<ColumnPlan, Object> get) {
            return new Of(EnumSet.allOf(Form.class), get);
        }

        static Of searched(Function<ColumnPlan, Object> get) {
            return new Of(EnumSet.complementOf(EnumSet.of(Form.MODEL)), get);
        }

        static Of vectors(Function<ColumnPlan, Object> get) {
            return new Of(EnumSet.of(Form.DENSE, Form.SPARSE), get);
        }

        static Of dense(Function<Dense, Object> get) {
            return new Of(EnumSet.of(Form.DENSE), column -> get.apply((Dense) column));
        }

        static Of sparse(Function<Sparse, Object> get) {
            return new Of(EnumSet.of(Form.SPARSE), column -> get.apply((Sparse) column));
        }

        static Of text(Function<Text, Object> get) {
            return new Of(EnumSet.of(Form.TEXT), column -> get.apply((Text) column));
        }
    }
}
