package repscorer.core;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import repscorer.core.ScoredCandidate.SharedCluster;
import repscorer.core.blend.Blend;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.entity.EntityId;
import repscorer.core.store.SpaceVersion;
import repscorer.vector.SparseVector;

/** Says of one candidate what each column added and which clusters it shares with the source. */
final class Explainer {

    /** Shared clusters told per column, strongest first. */
    static final int SHARED_CLUSTERS_MAX = 10;

    private Explainer() {}

    static List<ColumnScore> columns(ScoreTable table, Blend blend, int candidate) {
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

    static List<SharedCluster> sharedClusters(ScoreTable table, int candidate) {
        EntityId id = table.ids().get(candidate);
        List<SharedCluster> shared = new ArrayList<>();
        for (int c = 0; c < table.columns().size(); c++) {
            ColumnPlan plan = table.columns().get(c);
            String space = plan.candidates().get(id.kind());
            if (space != null
                    && table.sources().get(c) instanceof ColumnSource.Sparse source
                    && !Double.isNaN(table.value(c, candidate))) {
                SpaceVersion version = table.trail().space(space).orElseThrow();
                SparseVector row = version.sparse(version.ordinal(id).orElseThrow());
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
