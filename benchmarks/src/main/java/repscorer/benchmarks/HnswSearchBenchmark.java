package repscorer.benchmarks;

import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import repscorer.ann.BuildProgress;
import repscorer.ann.HnswParameters;
import repscorer.ann.Neighbors;
import repscorer.ann.SearchOptions;
import repscorer.ann.SearchStats;
import repscorer.ann.hnsw.HnswIndex;
import repscorer.ann.hnsw.Quantization;
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;

/**
 * One search of our own engine, and beside it the making of an answer of the same size: with {@code -prof gc} both allocate
 * the same number of bytes an operation, as a search allocates nothing beyond its answer.
 *
 * <pre>{@code
 * mvn -q -pl benchmarks -am package dependency:build-classpath -DskipTests -Dmdep.outputFile=target/classpath
 * java --add-modules jdk.incubator.vector -cp benchmarks/target/classes:$(cat benchmarks/target/classpath) \
 *     org.openjdk.jmh.Main HnswSearchBenchmark -prof gc
 * }</pre>
 *
 * The line to read is {@code gc.alloc.rate.norm}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsPrepend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 3, time = 2)
@SuppressWarnings("NullAway.Init") // JMH calls setUp first
public class HnswSearchBenchmark {

    private static final int ROWS = 20_000;
    private static final int DIMENSION = 128;
    private static final int CLUSTERS = 200;
    private static final int QUERIES = 1024;
    private static final double SPREAD = 0.3;
    private static final SearchOptions OPTIONS = SearchOptions.of(10);

    @Param
    Quantization codes;

    private HnswIndex index;
    private ExecutorService executor;
    private float[][] queries;
    private Neighbors answer;
    private int next;

    @Setup
    public void setUp() throws InterruptedException {
        SplittableRandom random = new SplittableRandom(1);
        float[][] centres = new float[CLUSTERS][];
        for (int i = 0; i < CLUSTERS; i++) {
            centres[i] = around(random, new float[DIMENSION], 1);
        }
        float[][] rows = new float[ROWS][];
        for (int i = 0; i < ROWS; i++) {
            rows[i] = around(random, centres[i % CLUSTERS], SPREAD);
        }
        queries = new float[QUERIES][];
        for (int i = 0; i < QUERIES; i++) {
            queries[i] = around(random, centres[random.nextInt(CLUSTERS)], SPREAD);
        }
        executor = Executors.newFixedThreadPool(2);
        index = HnswIndex.build(
                DenseRows.copyOf(rows), Metric.COSINE, HnswParameters.DEFAULT, codes, executor, 2, BuildProgress.NONE);
        answer = search();
    }

    private static float[] around(SplittableRandom random, float[] centre, double spread) {
        float[] row = centre.clone();
        for (int i = 0; i < row.length; i++) {
            row[i] += (float) (spread * random.nextGaussian());
        }
        return row;
    }

    @TearDown
    public void tearDown() {
        index.close();
        executor.shutdown();
    }

    @Benchmark
    public Neighbors search() {
        next = (next + 1) % QUERIES;
        return index.search(queries[next], OPTIONS);
    }

    @Benchmark
    public Neighbors answerAlone() {
        int[] ordinals = answer.ordinals().clone();
        float[] scores = answer.scores().clone();
        SearchStats stats =
                new SearchStats(answer.stats().plan(), answer.stats().scored(), OPTIONS.ef());
        return new Neighbors(ordinals, scores, stats);
    }
}
