package repscorer.benchmarks;

import java.util.SplittableRandom;
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
import org.openjdk.jmh.annotations.Warmup;
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;
import repscorer.vector.VectorOps;

/**
 * The kernels against a plain loop, over two arrays in the first-level cache and over rows off the heap.
 *
 * <pre>{@code
 * mvn -q -pl benchmarks -am package dependency:build-classpath -DskipTests -Dmdep.outputFile=target/classpath
 * java --add-modules jdk.incubator.vector -cp benchmarks/target/classes:$(cat benchmarks/target/classpath) \
 *     org.openjdk.jmh.Main VectorOpsBenchmark
 * }</pre>
 *
 * Add {@code -jvmArgsAppend -Drepscorer.kernels=scalar} for the scalar twin.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsPrepend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@SuppressWarnings("NullAway.Init") // JMH calls setUp first
public class VectorOpsBenchmark {

    @Param({"64", "128", "256"})
    int dimension;

    private float[] a;
    private float[] b;
    private DenseRows rows;

    @Setup
    public void setUp() {
        SplittableRandom random = new SplittableRandom(1);
        a = new float[dimension];
        b = new float[dimension];
        for (int i = 0; i < dimension; i++) {
            a[i] = (float) random.nextDouble(-1, 1);
            b[i] = (float) random.nextDouble(-1, 1);
        }
        rows = DenseRows.copyOf(new float[][] {b});
    }

    @Benchmark
    public float dot() {
        return VectorOps.dot(a, b);
    }

    @Benchmark
    public float dotPlainLoop() {
        float sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    @Benchmark
    public float dotOffHeap() {
        return rows.score(Metric.INNER_PRODUCT, a, 1, 0);
    }

    @Benchmark
    public float squaredL2() {
        return VectorOps.squaredL2(a, b);
    }

    @Benchmark
    public float squaredL2PlainLoop() {
        float sum = 0;
        for (int i = 0; i < a.length; i++) {
            float d = a[i] - b[i];
            sum += d * d;
        }
        return sum;
    }
}
