package repscorer.core.plan;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import repscorer.ann.SparseSearchOptions.Mode;
import repscorer.ann.SparseSearchOptions.Ranking;
import repscorer.core.entity.EntityKind;
import repscorer.core.model.RankModel;
import repscorer.core.plan.ColumnPlan.Form;
import repscorer.core.similarity.Similarity;

/**
 * Makes a column step by step; a setting that is left out has its default, and the similarity is the cosine, of texts BM25. Not for several
 * threads.
 */
public final class ColumnBuilder {

    private final Form form;
    private final String name;
    private final Map<EntityKind, String> sources = new HashMap<>();
    private final Map<EntityKind, String> candidates = new HashMap<>();
    private final Map<ColumnSetting, Object> settings = new EnumMap<>(ColumnSetting.class);
    private Similarity similarity;
    private List<ColumnPlan.Translation> translations = List.of();
    private Optional<RankModel> model = Optional.empty();

    public ColumnBuilder(Form form, String name) {
        this.form = form;
        this.name = name;
        this.similarity = standard(form);
    }

    /** The similarity of a column that names none. */
    public static Similarity standard(Form form) {
        return form == Form.TEXT ? Similarity.BM25 : Similarity.COSINE;
    }

    ColumnBuilder(ColumnPlan column) {
        this(column.form(), column.name());
        sources.putAll(column.sources());
        candidates.putAll(column.candidates());
        similarity = column.similarity();
        ColumnSetting.of(form).forEach(setting -> settings.put(setting, setting.get(column)));
        if (column instanceof ColumnPlan.Dense dense) {
            translations = dense.translations();
        }
        if (column instanceof ColumnPlan.Model computed) {
            model = Optional.of(computed.model());
        }
    }

    /** The space that holds sources of a kind. */
    public ColumnBuilder source(EntityKind kind, String space) {
        sources.put(kind, space);
        return this;
    }

    /** The space that holds, and is searched for, candidates of a kind. */
    public ColumnBuilder candidate(EntityKind kind, String space) {
        candidates.put(kind, space);
        return this;
    }

    public ColumnBuilder similarity(Similarity similarity) {
        this.similarity = similarity;
        return this;
    }

    /** Relation vectors that are added to the sources of a dense column. */
    public ColumnBuilder translations(List<ColumnPlan.Translation> translations) {
        this.translations = translations;
        return this;
    }

    /** What computes a column of form model. */
    public ColumnBuilder model(RankModel model) {
        this.model = Optional.of(model);
        return this;
    }

    /** @throws IllegalArgumentException naming the setting, where the form has none such or the value is none of its values */
    public ColumnBuilder set(ColumnSetting setting, Object value) {
        String place = "column " + name;
        if (!setting.forms().contains(form)) {
            throw new IllegalArgumentException(
                    "%s is not for %s columns (%s)".formatted(setting.key(), SettingType.Word.of(form), place));
        }
        setting.check(value, place);
        settings.put(setting, value);
        return this;
    }

    /** @throws IllegalArgumentException where the similarity is not for the column's form */
    public ColumnPlan build() {
        return switch (form) {
            case DENSE ->
                new ColumnPlan.Dense(
                        name,
                        sources,
                        candidates,
                        similarity,
                        translations,
                        whole(ColumnSetting.RETRIEVE),
                        number(ColumnSetting.SCORE_MIN),
                        new ColumnPlan.Effort(
                                whole(ColumnSetting.EF),
                                number(ColumnSetting.RECALL_TARGET),
                                whole(ColumnSetting.BUDGET_MS),
                                truth(ColumnSetting.EXACT)),
                        number(ColumnSetting.WEIGHT));
            case SPARSE ->
                new ColumnPlan.Sparse(
                        name,
                        sources,
                        candidates,
                        similarity,
                        whole(ColumnSetting.RETRIEVE),
                        whole(ColumnSetting.CLUSTERS_SCANNED),
                        whole(ColumnSetting.ITEMS_PER_CLUSTER),
                        whole(ColumnSetting.CANDIDATES_MAX),
                        number(ColumnSetting.SCORE_MIN),
                        (Ranking) value(ColumnSetting.RANKING),
                        truth(ColumnSetting.EXACT)
                                ? Mode.EXACT
                                : truth(ColumnSetting.RESCORE) ? Mode.RESCORED : Mode.RELEASED,
                        number(ColumnSetting.WEIGHT));
            case TEXT ->
                new ColumnPlan.Text(
                        name,
                        sources,
                        candidates,
                        similarity,
                        whole(ColumnSetting.RETRIEVE),
                        number(ColumnSetting.SCORE_MIN),
                        whole(ColumnSetting.MATCHES),
                        number(ColumnSetting.WEIGHT));
            case MODEL ->
                new ColumnPlan.Model(
                        name,
                        model.orElseThrow(
                                () -> new IllegalArgumentException("a column of form model names a model: " + name)),
                        number(ColumnSetting.WEIGHT));
        };
    }

    private int whole(ColumnSetting setting) {
        return (int) value(setting);
    }

    private double number(ColumnSetting setting) {
        return (double) value(setting);
    }

    private boolean truth(ColumnSetting setting) {
        return (boolean) value(setting);
    }

    private Object value(ColumnSetting setting) {
        return settings.getOrDefault(setting, setting.standard(form));
    }
}
