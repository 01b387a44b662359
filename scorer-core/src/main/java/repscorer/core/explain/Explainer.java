package repscorer.core.explain;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import repscorer.core.answer.ColumnScore;
import repscorer.core.answer.ScoredCandidate.Anchor;
import repscorer.core.answer.ScoredCandidate.FeaturePart;
import repscorer.core.answer.ScoredCandidate.ModelParts;
import repscorer.core.answer.ScoredCandidate.Reason;
import repscorer.core.answer.ScoredCandidate.SharedCluster;
import repscorer.core.answer.ScoredCandidate.SharedTerm;
import repscorer.core.blend.Blend;
import repscorer.core.entity.EntityKind;
import repscorer.core.model.Margin;
import repscorer.core.model.RankModel;
import repscorer.core.pair.ScoreTable;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.plan.ScoringPlan;
import repscorer.core.request.RequestTrace;
import repscorer.core.source.QueryVector;
import repscorer.core.store.SpaceVersion;
import repscorer.core.text.TermPart;
import repscorer.core.text.TextQuery;
import repscorer.vector.SparseVector;

/**
 * Says of one candidate what each column added, which clusters it shares with the source and which anchors it is near to.
 * For one request and one thread.
 */
public final class Explainer {

    /** Shared clusters told per column, strongest first. */
    static final int SHARED_CLUSTERS_MAX = 10;

    /** Anchors told per column, nearest first. */
    static final int ANCHORS_MAX = 3;

    private final ScoreTable table;
    private final Blend blend;
    private final Map<String, String> anchorSpaces;
    private final RequestTrace trace;
    private final Map<String, NearestAnchors> anchors = new HashMap<>(); // by column and kind
    private final Map<String, Map<Integer, Cluster>> clusters = new HashMap<>(); // by column
    private final SharedColumns both = new SharedColumns(SHARED_CLUSTERS_MAX);
    private final Reasons reasons;

    public Explainer(ScoreTable table, Blend blend, ScoringPlan plan, RequestTrace trace) {
        this(table, blend, plan.anchors(), new Reasons(table, plan.reasons(), trace), trace);
    }

    /** One that tells no anchors and no reasons. */
    Explainer(ScoreTable table, Blend blend, RequestTrace trace) {
        this(table, blend, Map.of(), new Reasons(table, Map.of(), trace), trace);
    }

    private Explainer(
            ScoreTable table, Blend blend, Map<String, String> anchorSpaces, Reasons reasons, RequestTrace trace) {
        this.table = table;
        this.blend = blend;
        this.anchorSpaces = anchorSpaces;
        this.reasons = reasons;
        this.trace = trace;
    }

    public List<ColumnScore> columns(int candidate) {
        List<ColumnScore> scores = new ArrayList<>();
        for (int c = 0; c < table.columns().size(); c++) {
            String name = table.columns().get(c).name();
            double raw = table.value(c, candidate);
            if (Double.isNaN(raw)) {
                scores.add(new ColumnScore.Missing(name, table.reason(c, candidate)));
            } else {
                int rank = blend.rank(c, candidate);
                scores.add(new ColumnScore.Present(
                        name,
                        raw,
                        blend.normalized(c, candidate),
                        blend.weight(c, candidate),
                        blend.contribution(c, candidate),
                        rank == 0 ? Optional.empty() : Optional.of(rank)));
            }
        }
        return scores;
    }

    /** The anchors nearest to a candidate, in every dense column that has some. O(anchors · dimension) the first time. */
    public List<Anchor> anchors(int candidate) {
        List<Anchor> found = new ArrayList<>();
        EntityKind kind = table.candidates().kind(candidate);
        for (int c = 0; c < table.columns().size(); c++) {
            ColumnPlan column = table.columns().get(c);
            String space = anchorSpaces.get(column.name());
            if (space != null
                    && table.sources().get(c) instanceof QueryVector.Dense source
                    && !Double.isNaN(table.value(c, candidate))) {
                SpaceVersion own =
                        trace.space(column.candidates().getOrDefault(kind, "")).orElseThrow();
                int ordinal = table.ordinal(c, candidate);
                float[] query =
                        source.byKind().getOrDefault(kind, new float[own.file().dimension()]);
                trace.space(space)
                        .ifPresent(version -> found.addAll(anchors.computeIfAbsent(
                                        column.name() + "/" + kind,
                                        each -> new NearestAnchors(column.name(), own, version, query))
                                .of(ordinal)));
            }
        }
        return found;
    }

    public List<SharedCluster> sharedClusters(int candidate) {
        EntityKind kind = table.candidates().kind(candidate);
        List<SharedCluster> shared = new ArrayList<>();
        for (int c = 0; c < table.columns().size(); c++) {
            ColumnPlan plan = table.columns().get(c);
            String space = plan.candidates().get(kind);
            if (space != null
                    && table.sources().get(c) instanceof QueryVector.Sparse source
                    && !Double.isNaN(table.value(c, candidate))) {
                SpaceVersion version = trace.space(space).orElseThrow();
                SparseVector row = version.sparse(table.ordinal(c, candidate));
                shared.addAll(sharedClusters(plan.name(), version, source.vector(), row));
            }
        }
        return shared;
    }

    /** What the plan says to people of what a candidate shares with the source. */
    public List<Reason> reasons(int candidate) {
        return reasons.of(candidate);
    }

    /** The words that a candidate's texts share with the source. */
    public List<SharedTerm> terms(int candidate) {
        List<SharedTerm> terms = new ArrayList<>();
        for (int c = 0; c < table.columns().size(); c++) {
            if (table.sources().get(c) instanceof QueryVector.Text text && !Double.isNaN(table.value(c, candidate))) {
                ColumnPlan plan = table.columns().get(c);
                EntityKind kind = table.candidates().kind(candidate);
                SpaceVersion version =
                        trace.space(plan.candidates().getOrDefault(kind, "")).orElseThrow();
                TextQuery query = Objects.requireNonNull(text.byKind().get(kind), "a score has its words");
                for (TermPart part : version.parts(query, table.ordinal(c, candidate))) {
                    terms.add(new SharedTerm(plan.name(), part.term(), part.times(), part.documents(), part.part()));
                }
            }
        }
        return terms;
    }

    /** What made the probability of each column that a model computes. */
    public List<ModelParts> models(int candidate) {
        List<ModelParts> models = new ArrayList<>();
        for (int c = 0; c < table.columns().size(); c++) {
            if (table.columns().get(c) instanceof ColumnPlan.Model column && !Double.isNaN(table.value(c, candidate))) {
                RankModel model = column.model();
                float[] row = table.features(c, candidate);
                Margin.Parts parts = model.margin().parts(row);
                List<FeaturePart> features = new ArrayList<>();
                for (int f = 0; f < row.length; f++) {
                    features.add(new FeaturePart(
                            model.features().get(f).text(),
                            Float.isNaN(row[f]) ? OptionalDouble.empty() : OptionalDouble.of(row[f]),
                            parts.of()[f]));
                }
                models.add(new ModelParts(
                        column.name(), model.name(), model.margin().of(row), parts.base(), features));
            }
        }
        return models;
    }

    private List<SharedCluster> sharedClusters(String column, SpaceVersion version, SparseVector a, SparseVector b) {
        both.of(a, b);
        Map<Integer, Cluster> known = clusters.computeIfAbsent(column, each -> new HashMap<>());
        List<SharedCluster> told = new ArrayList<>(both.told());
        for (int rank = 0; rank < both.told(); rank++) {
            Cluster cluster = known.computeIfAbsent(both.column(rank), each -> Cluster.of(version, each));
            told.add(new SharedCluster(column, cluster.name, cluster.label, both.share(rank)));
        }
        return told;
    }

    /** What a column of a sparse space is called: candidates mostly share the same ones with a source. */
    private record Cluster(String name, String label) {

        static Cluster of(SpaceVersion version, int column) {
            String name = version.columnId(column).toString();
            return new Cluster(name, version.file().columnLabel(column).orElse(name));
        }
    }
}
