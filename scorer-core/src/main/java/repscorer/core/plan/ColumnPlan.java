package repscorer.core.plan;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import repscorer.ann.SearchOptions;
import repscorer.ann.SparseSearchOptions.Mode;
import repscorer.ann.SparseSearchOptions.Ranking;
import repscorer.core.entity.EntityKind;
import repscorer.core.model.RankModel;
import repscorer.core.similarity.Similarity;

/**
 * One score column of a plan: where the source's and the candidates' embeddings are looked up, how the two are compared,
 * how candidates are found, and what the column weighs.
 */
public sealed interface ColumnPlan {

    String name();

    /** The space that holds a source of a kind. */
    Map<EntityKind, String> sources();

    /** The space that holds, and is searched for, candidates of a kind. */
    Map<EntityKind, String> candidates();

    Similarity similarity();

    /** 0 to 1,000; 0 computes the column without letting it count. */
    double weight();

    /** How many candidates the index is asked for; 0 leaves retrieval to the other columns. */
    int retrieve();

    /** The least score to retrieve, by the measure that the search ranks by. */
    double scoreMin();

    /** Whether all items are ranked, whatever the search's other settings are. */
    boolean exact();

    default Form form() {
        return switch (this) {
            case Dense dense -> Form.DENSE;
            case Sparse sparse -> Form.SPARSE;
            case Text text -> Form.TEXT;
            case Model model -> Form.MODEL;
        };
    }

    /** A builder of this column with other values. */
    default ColumnBuilder toBuilder() {
        return new ColumnBuilder(this);
    }

    static ColumnBuilder dense(String name) {
        return new ColumnBuilder(Form.DENSE, name);
    }

    static ColumnBuilder sparse(String name) {
        return new ColumnBuilder(Form.SPARSE, name);
    }

    static ColumnBuilder text(String name) {
        return new ColumnBuilder(Form.TEXT, name);
    }

    static ColumnBuilder model(String name, RankModel model) {
        return new ColumnBuilder(Form.MODEL, name).model(model);
    }

    /** What a column compares. */
    enum Form {
        DENSE,
        SPARSE,
        TEXT,
        MODEL
    }

    /**
     * Compared by dense vectors.
     *
     * @param translations relation vectors that are added to the source, the θ_r of TwHIN
     * @param retrieve how many candidates the index is asked for; 0 leaves retrieval to the other columns
     * @param scoreMin the least score to retrieve, by the space's metric
     * @param effort of that search
     */
    record Dense(
            String name,
            Map<EntityKind, String> sources,
            Map<EntityKind, String> candidates,
            Similarity similarity,
            List<Translation> translations,
            int retrieve,
            double scoreMin,
            Effort effort,
            double weight)
            implements ColumnPlan {

        public Dense {
            sources = Map.copyOf(sources);
            candidates = Map.copyOf(candidates);
            translations = List.copyOf(translations);
            if (!similarity.dense()) {
                throw new IllegalArgumentException(
                        "column %s is dense and cannot use %s".formatted(name, similarity.wireName()));
            }
        }

        @Override
        public boolean exact() {
            return effort.exact();
        }
    }

    /**
     * How far a dense search goes.
     *
     * @param ef the candidate list's length
     * @param recallTarget the share of the best to find, 0 to below 1, in place of ef where the index has learnt what that
     *     takes; 0 for none
     * @param budgetMillis after so long it answers with what was found; 0 for never
     * @param exact scan every row instead
     */
    record Effort(int ef, double recallTarget, int budgetMillis, boolean exact) {

        /** When a search that starts now is to end, in terms of {@link System#nanoTime}. */
        public long deadlineNanos() {
            return budgetMillis == 0
                    ? SearchOptions.NO_DEADLINE
                    : System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(budgetMillis);
        }
    }

    /**
     * Compared by sparse vectors.
     *
     * @param retrieve how many candidates the index is asked for; 0 leaves retrieval to the other columns
     * @param clustersScanned N
     * @param itemsPerCluster M
     * @param candidatesMax X, without rescoring
     * @param scoreMin Z; the least score to retrieve
     * @param mode which items are ranked, and by what
     */
    record Sparse(
            String name,
            Map<EntityKind, String> sources,
            Map<EntityKind, String> candidates,
            Similarity similarity,
            int retrieve,
            int clustersScanned,
            int itemsPerCluster,
            int candidatesMax,
            double scoreMin,
            Ranking ranking,
            Mode mode,
            double weight)
            implements ColumnPlan {

        public Sparse {
            sources = Map.copyOf(sources);
            candidates = Map.copyOf(candidates);
            if (!similarity.sparse()) {
                throw new IllegalArgumentException(
                        "column %s is sparse and cannot use %s".formatted(name, similarity.wireName()));
            }
        }

        /** Whether items are ranked by their exact score. */
        public boolean rescore() {
            return mode != Mode.RELEASED;
        }

        @Override
        public boolean exact() {
            return mode == Mode.EXACT;
        }
    }

    /**
     * Compared by words. Takes part where a request's source is a text.
     *
     * @param sources where the text is looked for to make vectors of it: the best texts there lend the other columns theirs
     * @param retrieve how many candidates the index is asked for; 0 leaves retrieval to the other columns
     * @param scoreMin the least score to retrieve
     * @param matches how many of the best texts of all sources lend their vectors
     */
    record Text(
            String name,
            Map<EntityKind, String> sources,
            Map<EntityKind, String> candidates,
            Similarity similarity,
            int retrieve,
            double scoreMin,
            int matches,
            double weight)
            implements ColumnPlan {

        public Text {
            sources = Map.copyOf(sources);
            candidates = Map.copyOf(candidates);
            if (!similarity.text()) {
                throw new IllegalArgumentException(
                        "column %s is of texts and cannot use %s".formatted(name, similarity.wireName()));
            }
        }

        /** All texts are ranked, always. */
        @Override
        public boolean exact() {
            return true;
        }
    }

    /**
     * Computed by a model of what other columns and the plan's facts say of a candidate. It has no spaces of its own and retrieves nothing.
     */
    record Model(String name, RankModel model, double weight) implements ColumnPlan {

        @Override
        public Map<EntityKind, String> sources() {
            return Map.of();
        }

        @Override
        public Map<EntityKind, String> candidates() {
            return Map.of();
        }

        @Override
        public Similarity similarity() {
            return Similarity.DOT; // higher is closer; nothing is compared
        }

        @Override
        public int retrieve() {
            return 0;
        }

        @Override
        public double scoreMin() {
            return 0;
        }

        @Override
        public boolean exact() {
            return true;
        }
    }

    /**
     * A relation vector to add to the source before comparing.
     *
     * @param space where relation vectors are, a dense space
     * @param relation the relation's value, such as {@code follow}: the id is {@code relation:follow}
     */
    record Translation(EntityKind from, EntityKind to, String space, String relation) {}
}
