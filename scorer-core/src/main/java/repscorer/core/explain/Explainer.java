package repscorer.core.explain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import repscorer.core.answer.ColumnScore;
import repscorer.core.answer.ScoredCandidate.Anchor;
import repscorer.core.answer.ScoredCandidate.SharedCluster;
import repscorer.core.blend.Blend;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.entity.EntityKind;
import repscorer.core.pair.RowPairs;
import repscorer.core.pair.ScoreTable;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.request.RequestTrace;
import repscorer.core.similarity.DensePairs;
import repscorer.core.similarity.Similarity;
import repscorer.core.source.QueryVector;
import repscorer.core.store.SpaceVersion;
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
    private final Map<String, Anchors> anchors = new HashMap<>(); // by column and kind
    private final Map<String, Map<Integer, Cluster>> clusters = new HashMap<>(); // by column

    public Explainer(ScoreTable table, Blend blend, Map<String, String> anchorSpaces, RequestTrace trace) {
        this.table = table;
        this.blend = blend;
        this.anchorSpaces = anchorSpaces;
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

    /** The anchors nearest to a candidate, in every dense column that has some. O(anchors · dimension). */
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
                float[] vector = own.dense(table.ordinal(c, candidate));
                float[] query = source.byKind().getOrDefault(kind, new float[vector.length]);
                String key = column.name() + "/" + kind;
                trace.space(space)
                        .ifPresent(version -> found.addAll(nearest(key, column.name(), version, vector, query)));
            }
        }
        return found;
    }

    private List<Anchor> nearest(String key, String column, SpaceVersion version, float[] candidate, float[] source) {
        Anchors known = anchors.computeIfAbsent(key, each -> Anchors.of(version, source));
        known.near(candidate);
        FewBest best = known.best;
        List<Anchor> nearest = new ArrayList<>(best.size());
        for (int rank = 0; rank < best.size(); rank++) {
            int i = best.item(rank);
            double toSource = known.toSource[i];
            nearest.add(new Anchor(column, version.id(i), best.value(rank), Double.isNaN(toSource) ? 0 : toSource));
        }
        return nearest;
    }

    /** The anchors of one column, and how near they are to the source. */
    private static final class Anchors {

        private final SpaceVersion version;
        private final int[] ordinals; // all; -1 for a row that is not live
        private final double[] toSource;
        private final double[] cosines; // to the candidate at hand
        private final FewBest best;

        private Anchors(SpaceVersion version) {
            this.version = version;
            this.ordinals = new int[version.ordinalsEnd()];
            Arrays.setAll(ordinals, i -> version.live(i) ? i : -1);
            this.toSource = new double[ordinals.length];
            this.cosines = new double[ordinals.length];
            this.best = new FewBest(ANCHORS_MAX, (a, b) -> version.id(a).compareTo(version.id(b)));
        }

        static Anchors of(SpaceVersion version, float[] source) {
            Anchors anchors = new Anchors(version);
            anchors.cosines(source, anchors.toSource);
            return anchors;
        }

        private void cosines(float[] vector, double[] into) {
            RowPairs.dense(new DensePairs(Similarity.COSINE, vector), version).score(ordinals, ordinals.length, into);
        }

        void near(float[] candidate) {
            cosines(candidate, cosines);
            best.clear();
            for (int i = 0; i < cosines.length; i++) {
                best.offer(i, cosines[i]);
            }
        }
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
                shared.addAll(sharedClusters(plan.name(), version.file(), source.vector(), row));
            }
        }
        return shared;
    }

    private List<SharedCluster> sharedClusters(String column, EmbeddingFile file, SparseVector a, SparseVector b) {
        FewBest best = new FewBest(SHARED_CLUSTERS_MAX, Integer::compare);
        double total = 0;
        int i = 0;
        int j = 0;
        while (i < a.size() && j < b.size()) {
            int difference = Integer.compare(a.columns()[i], b.columns()[j]);
            if (difference == 0) {
                double product = (double) a.weights()[i] * b.weights()[j];
                best.offer(a.columns()[i], product);
                total += product;
            }
            i += difference <= 0 ? 1 : 0;
            j += difference >= 0 ? 1 : 0;
        }
        Map<Integer, Cluster> known = clusters.computeIfAbsent(column, each -> new HashMap<>());
        List<SharedCluster> shared = new ArrayList<>(best.size());
        for (int rank = 0; rank < best.size(); rank++) {
            Cluster cluster = known.computeIfAbsent(best.item(rank), each -> Cluster.of(file, each));
            shared.add(
                    new SharedCluster(column, cluster.name, cluster.label, total == 0 ? 0 : best.value(rank) / total));
        }
        return shared;
    }

    /** What a column of a sparse space is called: candidates mostly share the same ones with a source. */
    private record Cluster(String name, String label) {

        static Cluster of(EmbeddingFile file, int column) {
            String name = file.columns().orElseThrow().id(column).toString();
            return new Cluster(name, file.columnLabel(column).orElse(name));
        }
    }
}
