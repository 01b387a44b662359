package repscorer.benchmarks.engines;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.lucene.codecs.Codec;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.codecs.lucene104.Lucene104HnswScalarQuantizedVectorsFormat;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.AcceptDocs;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopKnnCollector;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.util.VectorUtil;
import org.apache.lucene.util.Version;
import org.apache.lucene.util.quantization.QuantizedByteVectorValues.ScalarEncoding;
import org.jspecify.annotations.Nullable;
import repscorer.vector.Metric;

/**
 * Lucene's HNSW graph, asked at its leaf without the queries above: one segment in mapped files, so that no merge is
 * counted and none is left to do. Quantised, the graph is walked over one byte a value, and the best are scored anew by their
 * float32 rows. Built by one thread whatever is asked, as more would make more segments.
 */
final class LuceneEngine implements Engine {

    private static final String FIELD = "vector";
    private static final double BUFFER_MEGABYTES = 1900;
    private static final int RESCORED_MIN = 30;
    private static final int RESCORED_PER_K = 3;
    private static final int GRAPH_AT_ANY_SIZE = 0;

    private final boolean quantises;
    private VectorSimilarityFunction similarity = VectorSimilarityFunction.EUCLIDEAN;
    private boolean scales;
    private @Nullable Path folder;
    private @Nullable DirectoryReader reader;
    private @Nullable LeafReader leaf;
    private @Nullable FloatVectorValues values;

    LuceneEngine(boolean quantises) {
        this.quantises = quantises;
    }

    @Override
    public String version() {
        return "Lucene " + Version.LATEST;
    }

    @Override
    public void build(float[][] rows, Metric metric, BuildSettings settings) throws IOException {
        UnitVectors.scale(rows, metric);
        scales = metric == Metric.COSINE;
        similarity = switch (metric) {
            case COSINE -> VectorSimilarityFunction.DOT_PRODUCT;
            case INNER_PRODUCT -> VectorSimilarityFunction.MAXIMUM_INNER_PRODUCT;
            case L2 -> VectorSimilarityFunction.EUCLIDEAN;
        };
        folder = Files.createTempDirectory("ann-bench-lucene");
        MMapDirectory directory = new MMapDirectory(folder);
        IndexWriterConfig config = new IndexWriterConfig()
                .setCodec(codec(settings))
                .setRAMBufferSizeMB(BUFFER_MEGABYTES)
                .setUseCompoundFile(false)
                .setMergePolicy(NoMergePolicy.INSTANCE);
        config.setRAMPerThreadHardLimitMB((int) BUFFER_MEGABYTES);
        try (IndexWriter writer = new IndexWriter(directory, config)) {
            for (float[] row : rows) {
                Document document = new Document();
                document.add(new KnnFloatVectorField(FIELD, row, similarity));
                writer.addDocument(document);
            }
        }
        reader = DirectoryReader.open(directory);
        if (reader.leaves().size() != 1) {
            throw new IllegalStateException("lucene made " + reader.leaves().size() + " segments; take fewer rows");
        }
        leaf = reader.leaves().getFirst().reader();
        values = Objects.requireNonNull(leaf.getFloatVectorValues(FIELD), "the index lacks its vectors");
    }

    private Codec codec(BuildSettings settings) {
        KnnVectorsFormat format = quantises
                ? new Lucene104HnswScalarQuantizedVectorsFormat(
                        ScalarEncoding.UNSIGNED_BYTE,
                        settings.m(),
                        settings.efConstruction(),
                        1,
                        null,
                        GRAPH_AT_ANY_SIZE)
                : new Lucene99HnswVectorsFormat(settings.m(), settings.efConstruction(), 1, null, GRAPH_AT_ANY_SIZE);
        return new Lucene104Codec() {
            @Override
            public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
                return format;
            }
        };
    }

    @Override
    public int[] search(float[] query, int k, int ef) throws IOException {
        float[] scaled = query;
        if (scales) {
            scaled = new float[query.length];
            UnitVectors.scale(query, scaled);
        }
        LeafReader searched = Objects.requireNonNull(leaf, "build first");
        TopKnnCollector collector = new TopKnnCollector(Math.max(k, ef), Integer.MAX_VALUE);
        searched.searchNearestVectors(FIELD, scaled, collector, AcceptDocs.fromLiveDocs(null, searched.maxDoc()));
        ScoreDoc[] found = collector.topDocs().scoreDocs;
        int n = Math.min(found.length, quantises ? Math.max(RESCORED_MIN, RESCORED_PER_K * k) : k);
        return quantises ? best(found, n, k, scaled) : ordinals(found, n);
    }

    /** The best {@code k} of the first {@code n} by their float32 rows. */
    private int[] best(ScoreDoc[] found, int n, int k, float[] query) throws IOException {
        FloatVectorValues rows = Objects.requireNonNull(values, "build first");
        long[] byScore = new long[n];
        for (int i = 0; i < n; i++) {
            float[] row = rows.vectorValue(found[i].doc);
            float score = similarity == VectorSimilarityFunction.EUCLIDEAN
                    ? -VectorUtil.squareDistance(query, row)
                    : VectorUtil.dotProduct(query, row);
            byScore[i] = (long) sortable(-score) << Integer.SIZE | found[i].doc;
        }
        java.util.Arrays.sort(byScore);
        int[] ordinals = new int[Math.min(k, n)];
        for (int i = 0; i < ordinals.length; i++) {
            ordinals[i] = (int) byScore[i];
        }
        return ordinals;
    }

    /** Bits that are in the order of the floats. */
    private static int sortable(float value) {
        int bits = Float.floatToIntBits(value);
        return bits ^ (bits >> 31 & Integer.MAX_VALUE);
    }

    private static int[] ordinals(ScoreDoc[] found, int n) {
        int[] ordinals = new int[n];
        for (int i = 0; i < n; i++) {
            ordinals[i] = found[i].doc;
        }
        return ordinals;
    }

    @Override
    public long bytes() {
        try (Stream<Path> files = Files.list(Objects.requireNonNull(folder, "build first"))) {
            long sum = 0;
            for (Path file : files.toList()) {
                sum += Files.size(file);
            }
            return sum;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        if (reader != null) {
            reader.close();
            reader.directory().close();
        }
        if (folder != null) {
            List<Path> deepestFirst;
            try (Stream<Path> entries = Files.walk(folder)) {
                deepestFirst = entries.sorted(Comparator.reverseOrder()).toList();
            }
            for (Path entry : deepestFirst) {
                Files.deleteIfExists(entry);
            }
        }
    }
}
