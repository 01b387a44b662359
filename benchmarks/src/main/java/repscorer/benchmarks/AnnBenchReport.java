package repscorer.benchmarks;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** The results for a person at a screen: a table for each engine and one to compare them. */
final class AnnBenchReport {

    /** Whose throughput is 1.0 in the comparison: the first of these that was measured, else the first engine. */
    private static final List<String> YARDSTICKS = List.of("hnswlib-cpp", "hnswlib");

    private static final List<String> RECALLS = List.of("0.90", "0.95", "0.99");

    private AnnBenchReport() {}

    static void print(AnnBenchResults results, int k, PrintStream out) {
        for (AnnBenchResults.Engine engine : results.engines()) {
            line(out, "%n%s", engine.engine());
            line(out, "  %6s %10s %12s %10s %10s", "ef", "recall@" + k, "qps (CPU)", "p50 us", "p99 us");
            for (AnnBenchResults.Point point : engine.curve()) {
                line(
                        out,
                        "  %6s %10.4f %12.0f %10.0f %10.0f",
                        point.ef() == 0 ? "-" : point.ef(),
                        point.recall(),
                        point.qps(),
                        point.p50Micros(),
                        point.p99Micros());
            }
        }
        AnnBenchResults.Engine yardstick = yardstick(results.engines());
        line(out, "%nqueries per CPU second at recall@%s, and how many times %s that is", k, yardstick.engine());
        line(
                out,
                "%-12s %16s %16s %16s %12s %14s",
                "engine",
                RECALLS.get(0),
                RECALLS.get(1),
                RECALLS.get(2),
                "build CPU s",
                "bytes a vector");
        for (AnnBenchResults.Engine engine : results.engines()) {
            line(
                    out,
                    "%-12s %16s %16s %16s %12.1f %14.0f",
                    engine.engine(),
                    cell(engine, yardstick, RECALLS.get(0)),
                    cell(engine, yardstick, RECALLS.get(1)),
                    cell(engine, yardstick, RECALLS.get(2)),
                    engine.buildCpuSeconds(),
                    engine.bytesPerVector());
        }
    }

    private static AnnBenchResults.Engine yardstick(List<AnnBenchResults.Engine> engines) {
        for (String name : YARDSTICKS) {
            for (AnnBenchResults.Engine engine : engines) {
                if (engine.engine().equals(name)) {
                    return engine;
                }
            }
        }
        return engines.getFirst();
    }

    private static String cell(AnnBenchResults.Engine engine, AnnBenchResults.Engine yardstick, String recall) {
        Double qps = engine.at().get(recall);
        Double peer = yardstick.at().get(recall);
        if (qps == null) {
            return "never";
        }
        return peer == null
                ? String.format(Locale.ROOT, "%.0f", qps)
                : String.format(Locale.ROOT, "%.0f (%.2f)", qps, qps / peer);
    }

    @SuppressWarnings("AnnotateFormatMethod") // private, and every format is a literal a few lines away
    private static void line(PrintStream out, String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
    }
}
