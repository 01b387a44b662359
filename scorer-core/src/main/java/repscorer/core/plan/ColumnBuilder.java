package repscorer.core.plan;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import repscorer.ann.SparseSearchOptions.Mode;
import repscorer.ann.SparseSearchOptions.Ranking;
import repscorer.core.entity.EntityKind;
import repscorer.core.plan.ColumnPlan.Form;
import repscorer.core.similarity.Similarity;

/**
 * Makes a column step by step; what is left out has the default of {@link ColumnSetting}, and the similarity is the cosine.
 * Not for several threads.
 *
 * @param <B> the builder itself
 */
public abstract sealed class ColumnBuilder<B extends ColumnBuilder<B>> {

    final String name;
    final Map<EntityKind, String> sources = new HashMap<>();
    final Map<EntityKind, String> candidates = new HashMap<>();
    Similarity similarity = Similarity.COSINE;
    double weight;
    int retrieve;
    boolean exact;

    private ColumnBuilder(String name) {
        this.name = name;
    }

    /** After the fields of both classes have been initialized, which would undo it. */
    void setAll(Form form) {
        ColumnSetting.of(form).forEach(setting -> setting.set(this, setting.standard()));
    }

    void setAll(ColumnPlan column) {
        sources.putAll(column.sources());
        candidates.putAll(column.candidates());
        similarity = column.similarity();
        ColumnSetting.of(column.form()).forEach(setting -> setting.set(this, setting.get(column)));
    }

    /** A column of a form. */
    public static ColumnBuilder<?> of(Form form, String name) {
        return switch (form) {
            case DENSE -> new Dense(name);
            case SPARSE -> new Sparse(name);
        };
    }

    /** @throws IllegalArgumentException where the similarity is not for the column's form */
    public abstract ColumnPlan build();

    /** The space that holds sources of a kind. */
    public B source(EntityKind kind, String space) {
        sources.put(kind, space);
        return self();
    }

    /** The space that holds candidates of a kind. */
    public B candidate(EntityKind kind, String space) {
        candidates.put(kind, space);
        return self();
    }

    public B sources(Map<EntityKind, String> spaces) {
        sources.putAll(spaces);
        return self();
    }

    public B candidates(Map<EntityKind, String> spaces) {
        candidates.putAll(spaces);
        return self();
    }

    public B similarity(Similarity similarity) {
        this.similarity = similarity;
        return self();
    }

    public B weight(double weight) {
        this.weight = weight;
        return self();
    }

    public B retrieve(int retrieve) {
        this.retrieve = retrieve;
        return self();
    }

    public B exact(boolean exact) {
        this.exact = exact;
        return self();
    }

    @SuppressWarnings("unchecked") // each builder names itself
    private B self() {
        return (B) this;
    }

    /** Makes a dense column. */
    public static final class Dense extends ColumnBuilder<Dense> {

        private List<ColumnPlan.Translation> translations = List.of();
        private int ef;
        private double recallTarget;
        private int budgetMillis;

        Dense(String name) {
            super(name);
            setAll(Form.DENSE);
        }

        Dense(ColumnPlan.Dense column) {
            super(column.name());
            setAll(column);
            translations = column.translations();
        }

        public Dense translations(List<ColumnPlan.Translation> translations) {
            this.translations = translations;
            return this;
        }

        public Dense ef(int ef) {
            this.ef = ef;
            return this;
        }

        public Dense recallTarget(double recallTarget) {
            this.recallTarget = recallTarget;
            return this;
        }

        public Dense budgetMillis(int budgetMillis) {
            this.budgetMillis = budgetMillis;
            return this;
        }

        @Override
        public ColumnPlan.Dense build() {
            ColumnPlan.Effort effort = new ColumnPlan.Effort(ef, recallTarget, budgetMillis, exact);
            return new ColumnPlan.Dense(name, sources, candidates, similarity, translations, retrieve, effort, weight);
        }
    }

    /** Makes a sparse column. */
    public static final class Sparse extends ColumnBuilder<Sparse> {

        private int clustersScanned;
        private int itemsPerCluster;
        private int candidatesMax;
        private double scoreMin;
        private Ranking ranking = Ranking.COSINE;
        private boolean rescore;

        Sparse(String name) {
            super(name);
            setAll(Form.SPARSE);
        }

        Sparse(ColumnPlan.Sparse column) {
            super(column.name());
            setAll(column);
        }

        public Sparse clustersScanned(int clustersScanned) {
            this.clustersScanned = clustersScanned;
            return this;
        }

        public Sparse itemsPerCluster(int itemsPerCluster) {
            this.itemsPerCluster = itemsPerCluster;
            return this;
        }

        public Sparse candidatesMax(int candidatesMax) {
            this.candidatesMax = candidatesMax;
            return this;
        }

        public Sparse scoreMin(double scoreMin) {
            this.scoreMin = scoreMin;
            return this;
        }

        public Sparse ranking(Ranking ranking) {
            this.ranking = ranking;
            return this;
        }

        /** Exact search scores everything anew, whatever is said here. */
        public Sparse rescore(boolean rescore) {
            this.rescore = rescore;
            return this;
        }

        @Override
        public ColumnPlan.Sparse build() {
            return new ColumnPlan.Sparse(
                    name,
                    sources,
                    candidates,
                    similarity,
                    retrieve,
                    clustersScanned,
                    itemsPerCluster,
                    candidatesMax,
                    scoreMin,
                    ranking,
                    exact ? Mode.EXACT : rescore ? Mode.RESCORED : Mode.RELEASED,
                    weight);
        }
    }
}
