package repscorer.core.explain;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
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
    private final Map<String, double[]> sourceAnchors = new HashMap<>();

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
        List<Anchor> anchors = new ArrayList<>();
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
                        .ifPresent(version -> anchors.addAll(nearest(key, column.name(), version, vector, query)));
            }
        }
        return anchors;
    }

    private List<Anchor> nearest(String key, String column, SpaceVersion version, float[] candidate, float[] source) {
        double[] near = cosines(candidate, version);
        double[] toSource = sourceAnchors.computeIfAbsent(key, each -> cosines(source, version));
        return IntStream.range(0, near.length)
                .filter(i -> version.live(i) && !Double.isNaN(near[i]))
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -near[i]).thenComparing(version::id))
                .limit(ANCHORS_MAX)
                .map(i -> new Anchor(column, version.id(i), near[i], Double.isNaN(toSource[i]) ? 0 : toSource[i]))
                .toList();
    }

    private static double[] cosines(float[] vector, SpaceVersion version) {
        RowPairs pairs = RowPairs.dense(new DensePairs(Similarity.COSINE, vector), version);
        double[] cosines = new double[version.ordinalsEnd()];
        for (int i = 0; i < cosines.length; i++) {
            cosines[i] = version.live(i) ? pairs.score(i) : Double.NaN;
        }
        return cosines;
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

    /** A cluster both have. */
    private record Product(int column, double value) {}

    private static List<SharedCluster> sharedClusters(
            String column, EmbeddingFile file, SparseVector a, SparseVector b) {
        List<Product> products = new ArrayList<>();
        double dot = 0;
        int i = 0;
        int j = 0;
        while (i < a.size() && j < b.size()) {
            int difference = Integer.compare(a.columns()[i], b.columns()[j]);
            if (difference == 0) {
                Product product = new Product(a.columns()[i], (double) a.weights()[i] * b.weights()[j]);
                products.add(product);
                dot += product.value;
            }
            i += difference <= 0 ? 1 : 0;
            j += difference >= 0 ? 1 : 0;
        }
        double total = dot;
        products.sort(Comparator.comparingDouble(Product::value).reversed().thenComparingInt(Product::column));
        return products.stream()
                .limit(SHARED_CLUSTERS_MAX)
                .map(product -> {
                    String cluster =
                            file.columns().orElseThrow().id(product.column).toString();
                    String label = file.columnLabel(product.column).orElse(cluster);
                    return new SharedCluster(column, cluster, label, total == 0 ? 0 : product.value / total);
                })
                .toList();
    }
}
