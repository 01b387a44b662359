package repscorer.benchmarks.engines;

import io.github.jbellis.jvector.graph.GraphIndexBuilder;
import io.github.jbellis.jvector.graph.GraphSearcher;
import io.github.jbellis.jvector.graph.ImmutableGraphIndex;
import io.github.jbellis.jvector.graph.ListRandomAccessVectorValues;
import io.github.jbellis.jvector.graph.SearchResult;
import io.github.jbellis.jvector.graph.similarity.BuildScoreProvider;
import io.github.jbellis.jvector.graph.similarity.DefaultSearchScoreProvider;
import io.github.jbellis.jvector.util.Bits;
import io.github.jbellis.jvector.vector.VectorSimilarityFunction;
import io.github.jbellis.jvector.vector.VectorizationProvider;
import io.github.jbellis.jvector.vector.types.VectorFloat;
import io.github.jbellis.jvector.vector.types.VectorTypeSupport;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ForkJoinPool;
import org.jspecify.annotations.Nullable;
import repscorer.vector.Metric;

/**
 * JVector's graph on the heap over float32 vectors, with a hierarchy and as many links on each level as an HNSW graph of M;
 * the overflow and alpha are those of its own examples.
 */
final class JVectorEngine implements Engine {

    private static final float NEIGHBOR_OVERFLOW = 1.2f;
    private static final float ALPHA = 1.2f;

    private final VectorTypeSupport types = VectorizationProvider.getInstance().getVectorTypeSupport();

    private VectorSimilarityFunction similarity = VectorSimilarityFunction.EUCLIDEAN;
    private @Nullable ListRandomAccessVectorValues values;
    private @Nullable ImmutableGraphIndex graph;
    private @Nullable GraphSearcher searcher;
    private boolean scales;

    @Override
    public String version() {
        return "JVector " + Versions.of(VectorFloat.class) + ", "
                + VectorizationProvider.getInstance().getClass().getSimpleName();
    }

    @Override
    public void build(float[][] rows, Metric metric, BuildSettings settings) throws IOException {
        UnitVectors.scale(rows, metric);
        scales = metric == Metric.COSINE;
        similarity = metric == Metric.L2 ? VectorSimilarityFunction.EUCLIDEAN : VectorSimilarityFunction.DOT_PRODUCT;
        int dimension = rows[0].length;
        List<VectorFloat<?>> vectors = Arrays.stream(rows)
                .<VectorFloat<?>>map(types::createFloatVector)
                .toList();
        values = new ListRandomAccessVectorValues(vectors, dimension);
        try (ForkJoinPool pool = new ForkJoinPool(settings.threads());
                GraphIndexBuilder builder = new GraphIndexBuilder(
                        BuildScoreProvider.randomAccessScoreProvider(values, similarity),
                        dimension,
                        List.of(2 * settings.m(), settings.m()),
                        settings.efConstruction(),
                        NEIGHBOR_OVERFLOW,
                        ALPHA,
                        true,
                        true,
                        pool,
                        pool)) {
            graph = builder.build(values);
        }
        searcher = new GraphSearcher(graph);
    }

    @Override
    public int[] search(float[] query, int k, int ef) {
        float[] scaled = query;
        if (scales) {
            scaled = new float[query.length];
            UnitVectors.scale(query, scaled);
        }
        DefaultSearchScoreProvider scores = DefaultSearchScoreProvider.exact(
                types.createFloatVector(scaled), similarity, Objects.requireNonNull(values, "build first"));
        SearchResult.NodeScore[] nodes = Objects.requireNonNull(searcher, "build first")
                .search(scores, k, Math.max(k, ef), 0f, 0f, Bits.ALL)
                .getNodes();
        int[] ordinals = new int[nodes.length];
        for (int i = 0; i < ordinals.length; i++) {
            ordinals[i] = nodes[i].node;
        }
        return ordinals;
    }

    @Override
    public long bytes() {
        ListRandomAccessVectorValues rows = Objects.requireNonNull(values, "build first");
        return Objects.requireNonNull(graph, "build first").ramBytesUsed() + 4L * rows.size() * rows.dimension();
    }

    @Override
    public void close() throws IOException {
        if (searcher != null) {
            searcher.close();
        }
    }
}
