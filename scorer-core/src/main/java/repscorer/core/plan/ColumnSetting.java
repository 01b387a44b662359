package repscorer.core.plan;

import static repscorer.core.plan.ColumnPlan.Form.DENSE;
import static repscorer.core.plan.ColumnPlan.Form.SPARSE;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import repscorer.ann.SparseSearchOptions;
import repscorer.ann.SparseSearchOptions.Ranking;
import repscorer.core.plan.ColumnPlan.Form;

/**
 * A number, switch or word that a column may set: the one table that files, overrides, checks, {@code GET /v1/surfaces} and
 * the documents go by. A new setting is a line here and a field of the column that it is for.
 */
public enum ColumnSetting {
    WEIGHT(
            "weight",
            new SettingType.Number(0, Limits.WEIGHT_MAX),
            1.0,
            both(ColumnPlan::weight, ColumnBuilder::weight),
            "what the column weighs in the blend; 0 computes it without letting it count"),
    RETRIEVE(
            "retrieve",
            new SettingType.Whole(0, Limits.RETRIEVE_MAX),
            200,
            both(ColumnPlan::retrieve, ColumnBuilder::retrieve),
            "how many candidates its search brings; 0 leaves that to the other columns"),
    EF(
            "ef",
            new SettingType.Whole(1, Limits.EF_MAX),
            200,
            dense(column -> column.effort().ef(), ColumnBuilder.Dense::ef),
            "the length of the graph search's candidate list"),
    RECALL_TARGET(
            "recall-target",
            new SettingType.Number(0, Limits.RECALL_TARGET_MAX),
            0.0,
            dense(column -> column.effort().recallTarget(), ColumnBuilder.Dense::recallTarget),
            "the share of the best to find, in place of `ef` where the index has learnt what that takes; 0 for none"),
    BUDGET_MS(
            "budget-ms",
            new SettingType.Whole(0, Limits.BUDGET_MILLIS_MAX),
            0,
            dense(column -> column.effort().budgetMillis(), ColumnBuilder.Dense::budgetMillis),
            "after so long the search answers with what was found; 0 for never"),
    CLUSTERS_SCANNED(
            "clusters-scanned",
            new SettingType.Whole(1, Limits.CLUSTERS_SCANNED_MAX),
            SparseSearchOptions.CLUSTERS_SCANNED_DEFAULT,
            sparse(ColumnPlan.Sparse::clustersScanned, ColumnBuilder.Sparse::clustersScanned),
            "N: how many of the source's strongest clusters are read"),
    ITEMS_PER_CLUSTER(
            "items-per-cluster",
            new SettingType.Whole(1, Limits.ITEMS_PER_CLUSTER_MAX),
            SparseSearchOptions.ITEMS_PER_CLUSTER_DEFAULT,
            sparse(ColumnPlan.Sparse::itemsPerCluster, ColumnBuilder.Sparse::itemsPerCluster),
            "M: how many items are read from the front of each cluster's list"),
    CANDIDATES_MAX(
            "candidates-max",
            new SettingType.Whole(1, Limits.CANDIDATES_MAX),
            SparseSearchOptions.CANDIDATES_MAX_DEFAULT,
            sparse(ColumnPlan.Sparse::candidatesMax, ColumnBuilder.Sparse::candidatesMax),
            "X: how many of the items met are ranked, without `rescore`"),
    SCORE_MIN(
            "score-min",
            SettingType.Number.ANY,
            0.0,
            sparse(ColumnPlan.Sparse::scoreMin, ColumnBuilder.Sparse::scoreMin),
            "Z: the least score to retrieve"),
    RANKING(
            "ranking",
            new SettingType.Word<>(Ranking.class),
            Ranking.COSINE,
            sparse(ColumnPlan.Sparse::ranking, ColumnBuilder.Sparse::ranking),
            "what items are ranked by"),
    RESCORE(
            "rescore",
            new SettingType.Truth(),
            true,
            sparse(ColumnPlan.Sparse::rescore, ColumnBuilder.Sparse::rescore),
            "whether items are ranked by their whole vectors, or by what was met of them"),
    EXACT(
            "exact",
            new SettingType.Truth(),
            false,
            both(ColumnPlan::exact, ColumnBuilder::exact),
            "whether all items are ranked, whatever the search's other settings are");

    private static final Set<ColumnSetting> FILES_ONLY = EnumSet.of(SCORE_MIN, RANKING);

    private final String key;
    private final SettingType<?> type;
    private final Object standard;
    private final Access<?> access;
    private final String meaning;

    <V> ColumnSetting(String key, SettingType<V> type, V standard, Access<V> access, String meaning) {
        this.key = key;
        this.type = type;
        this.standard = standard;
        this.access = access;
        this.meaning = meaning;
    }

    /** The settings of a form, in their order. */
    public static List<ColumnSetting> of(Form form) {
        return Arrays.stream(values())
                .filter(setting -> setting.forms().contains(form))
                .toList();
    }

    /** The setting of a form that has a key. */
    public static Optional<ColumnSetting> find(Form form, String key) {
        return of(form).stream().filter(setting -> setting.key.equals(key)).findFirst();
    }

    /** As files and overrides write it. */
    public String key() {
        return key;
    }

    public SettingType<?> type() {
        return type;
    }

    /** The value of a column that does not set it. */
    public Object standard() {
        return standard;
    }

    /** Which columns have it. */
    public Set<Form> forms() {
        return access.forms;
    }

    /** Whether files must state it. */
    public boolean required() {
        return this == WEIGHT;
    }

    /** Whether experiments and requests may change it. */
    public boolean overridable() {
        return !FILES_ONLY.contains(this);
    }

    /** One line for documents. */
    public String meaning() {
        return meaning;
    }

    /** Its value in a column of one of its forms. */
    public Object get(ColumnPlan column) {
        return access.get.apply(column);
    }

    /** Sets it. The value is of the setting's type; the bounds are the caller's to keep. */
    @SuppressWarnings("unchecked") // an access is made together with the type of its values
    public void set(ColumnBuilder<?> column, Object value) {
        ((Access<Object>) access).set.accept(column, value);
    }

    /** The column with another value. */
    public ColumnPlan with(ColumnPlan column, Object value) {
        ColumnBuilder<?> builder = column.toBuilder();
        set(builder, value);
        return builder.build();
    }

    /**
     * Holds a value to the bounds.
     *
     * @throws IllegalArgumentException naming the setting, the bounds, the value and the place
     */
    @SuppressWarnings("unchecked") // as above
    void check(Object value, String place) {
        if (!((SettingType<Object>) type).allows(value)) {
            throw new IllegalArgumentException("%s must be %s: %s (%s)".formatted(key, type.bounds(), value, place));
        }
    }

    /** How a setting is read from a column and told to a builder. */
    private record Access<V>(Set<Form> forms, Function<ColumnPlan, V> get, BiConsumer<ColumnBuilder<?>, V> set) {}

    private static <V> Access<V> both(Function<ColumnPlan, V> get, BiConsumer<ColumnBuilder<?>, V> set) {
        return new Access<>(EnumSet.of(DENSE, SPARSE), get, set);
    }

    private static <V> Access<V> dense(Function<ColumnPlan.Dense, V> get, BiConsumer<ColumnBuilder.Dense, V> set) {
        return new Access<>(
                EnumSet.of(DENSE),
                column -> get.apply((ColumnPlan.Dense) column),
                (builder, value) -> set.accept((ColumnBuilder.Dense) builder, value));
    }

    private static <V> Access<V> sparse(Function<ColumnPlan.Sparse, V> get, BiConsumer<ColumnBuilder.Sparse, V> set) {
        return new Access<>(
                EnumSet.of(SPARSE),
                column -> get.apply((ColumnPlan.Sparse) column),
                (builder, value) -> set.accept((ColumnBuilder.Sparse) builder, value));
    }
}
