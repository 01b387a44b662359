package repscorer.benchmarks.engines;

import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.Executor;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.FeatureField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopScoreDocCollectorManager;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.apache.lucene.util.Version;

/**
 * Lucene's way to rank by an inner product of sparse vectors: a feature for each column, a disjunction of linear queries, whose
 * blocks know their greatest weights. Rows are divided by their lengths, so that it ranks by cosine. A feature's weight keeps
 * nine significant bits. One segment, in memory, for one thread.
 */
public final class LuceneSparse implements Closeable {

    private static final String FIELD = "clusters";
    private static final float QUERY_WEIGHT_MAX = 64; // a linear query takes no more

    private final Directory directory;
    private final DirectoryReader reader;
    private final IndexSearcher searcher;

    private LuceneSparse(Directory directory, DirectoryReader reader) {
        this.directory = directory;
        this.reader = reader;
        searcher = new IndexSearcher(reader, (Executor) null);
        searcher.setQueryCache(null);
    }

    public static String version() {
        return "Lucene " + Version.LATEST;
    }

    /** Row r has the columns {@code columns[r]}, ascending, with the weights {@code weights[r]}, above 0. */
    public static LuceneSparse build(int[][] columns, float[][] weights) throws IOException {
        Directory directory = new ByteBuffersDirectory();
        try (IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig())) {
            for (int row = 0; row < columns.length; row++) {
                double length = length(weights[row]);
                Document document = new Document();
                for (int i = 0; i < columns[row].length; i++) {
                    float share = (float) Math.max(Float.MIN_NORMAL, weights[row][i] / length);
                    document.add(new FeatureField(FIELD, Integer.toString(columns[row][i]), share));
                }
                writer.addDocument(document);
            }
            writer.forceMerge(1);
        }
        return new LuceneSparse(directory, DirectoryReader.open(directory));
    }

    /** The ordinals of the best {@code k} rows. */
    public int[] search(int[] columns, float[] weights, int k) throws IOException {
        float greatest = 0;
        for (float weight : weights) {
            greatest = Math.max(greatest, weight);
        }
        BooleanQuery.Builder query = new BooleanQuery.Builder();
        for (int i = 0; i < columns.length; i++) {
            float weight = Math.max(Float.MIN_NORMAL, weights[i] / greatest * QUERY_WEIGHT_MAX);
            query.add(FeatureField.newLinearQuery(FIELD, Integer.toString(columns[i]), weight), Occur.SHOULD);
        }
        ScoreDoc[] found = searcher.search(query.build(), new TopScoreDocCollectorManager(k, 1)).scoreDocs;
        int[] ordinals = new int[found.length];
        for (int i = 0; i < found.length; i++) {
            ordinals[i] = found[i].doc; // one segment: documents are numbered as they came
        }
        return ordinals;
    }

    private static double length(float[] weights) {
        double squares = 0;
        for (float weight : weights) {
            squares += (double) weight * weight;
        }
        return Math.sqrt(squares);
    }

    @Override
    public void close() throws IOException {
        reader.close();
        directory.close();
    }
}
