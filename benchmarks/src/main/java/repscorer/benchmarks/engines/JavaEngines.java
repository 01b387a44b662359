package repscorer.benchmarks.engines;

import com.github.jelmerk.hnswlib.core.hnsw.HnswIndex;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import repscorer.ann.BuildProgress;
import repscorer.ann.exact.ExactIndex;
import repscorer.ann.hnsw.Quantization;
import repscorer.ann.hnswlib.HnswlibIndex;

/** The engines in Java by their names. */
final class JavaEngines {

    static final String EXACT = "exact";

    private static final Map<String, Supplier<Engine>> ENGINES = engines();

    private JavaEngines() {}

    static Iterable<String> names() {
        return ENGINES.keySet();
    }

    /** @throws IllegalArgumentException when there is no such engine */
    static Engine create(String name) {
        Supplier<Engine> engine = ENGINES.get(name);
        if (engine == null) {
            throw new IllegalArgumentException("no engine " + name + " in Java; there are " + ENGINES.keySet());
        }
        return engine.get();
    }

    private static Map<String, Supplier<Engine>> engines() {
        Map<String, Supplier<Engine>> engines = new LinkedHashMap<>();
        for (Quantization codes : Quantization.values()) {
            engines.put(name(codes), () -> hnsw(codes));
        }
        engines.put("hnswlib", JavaEngines::hnswlib);
        engines.put("jvector", JVectorEngine::new);
        engines.put("lucene", () -> new LuceneEngine(false));
        engines.put("lucene/int8", () -> new LuceneEngine(true));
        engines.put(EXACT, JavaEngines::exact);
        return engines;
    }

    private static String name(Quantization codes) {
        return codes == Quantization.NONE
                ? "hnsw"
                : "hnsw/" + codes.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static Engine hnsw(Quantization codes) {
        return new DenseIndexEngine(
                "ours",
                (rows, metric, parameters, executor, threads) -> repscorer.ann.hnsw.HnswIndex.build(
                        rows, metric, parameters, codes, executor, threads, BuildProgress.NONE));
    }

    private static Engine hnswlib() {
        String version = Versions.of(HnswIndex.class);
        return new DenseIndexEngine(
                "hnswlib-java " + version + " with our distances",
                (rows, metric, parameters, executor, threads) ->
                        HnswlibIndex.build(rows, metric, parameters, executor, threads, BuildProgress.NONE));
    }

    private static Engine exact() {
        return new DenseIndexEngine(
                "our scan", (rows, metric, parameters, executor, threads) -> new ExactIndex(rows, metric));
    }
}
