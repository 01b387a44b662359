package repscorer.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import repscorer.ann.SearchOptions;
import repscorer.ann.exact.ExactIndex;
import repscorer.benchmarks.engines.BenchVectors;
import repscorer.benchmarks.engines.BuildSettings;
import repscorer.benchmarks.engines.EngineUnavailableException;
import repscorer.benchmarks.engines.Engines;
import repscorer.benchmarks.engines.MeasuredEngine;
import repscorer.benchmarks.vectors.VectorFiles;
import repscorer.vector.DenseRows;
import tools.jackson.databind.json.JsonMapper;

/**
 * Recall against throughput of the dense engines: builds each over a file of vectors and searches a file of queries up a
 * ladder of ef, on one thread.
 *
 * <p>Each engine has a process of its own. They are built one after the other and warmed up; then they take turns: at
 * each step of the ladder every engine answers all queries before the next step, and the whole ladder is climbed several
 * times. A turn begins with a pass that is not counted, which brings back to the caches what the others drove out.
 * Throughput is queries per CPU second of the searching thread, p50 and p99 are wall time; of each the median pass counts.
 */
public final class AnnBench {

    /** The engines' names. */
    public static final List<String> ENGINES = Engines.names();

    /** M and efConstruction of every engine. */
    private static final int M = 16;

    private static final int EF_CONSTRUCTION = 200;

    /** Of the rows held out. */
    private static final long SEED = 42;

    private final AnnBenchOptions options;

    public AnnBench(AnnBenchOptions options) {
        this.options = options;
    }

    /**
     * Measures, prints a table for each engine and one of all, and writes the JSON file where one was asked for. An engine
     * whose driver cannot be built is left out with a line, unless it was asked for by name.
     *
     * @throws IOException when a file cannot be read or written, or an engine fails; the message names it
     * @throws EngineUnavailableException when an engine asked for cannot be measured here
     * @throws IllegalArgumentException when the files do not belong together
     */
    public AnnBenchResults run(PrintStream out) throws IOException, InterruptedException {
        float[][] rows = VectorFiles.vectors(options.base(), options.rowsMax());
        float[][] queries;
        if (options.queries().isPresent()) {
            queries = VectorFiles.vectors(options.queries().get(), Integer.MAX_VALUE);
        } else {
            Collections.shuffle(Arrays.asList(rows), new SplittableRandom(SEED));
            int heldOut = Math.min(options.heldOut(), rows.length);
            queries = Arrays.copyOf(rows, heldOut);
            rows = Arrays.copyOfRange(rows, heldOut, rows.length);
        }
        check(rows, queries);
        print(
                out,
                "%s rows of %s values, %s queries, %s, k = %s, M = %s, efConstruction = %s",
                rows.length,
                rows[0].length,
                queries.length,
                options.metric(),
                options.k(),
                M,
                EF_CONSTRUCTION);
        int[][] truth = truth(rows, queries, out);
        List<Contender> contenders = new ArrayList<>();
        try (BenchVectors vectors = BenchVectors.write(rows, queries)) {
            startAll(contenders, truth, out);
            build(contenders, vectors, out);
            warmUp(contenders);
            climb(contenders, out);
        } finally {
            contenders.forEach(Contender::close);
        }
        AnnBenchResults results =
                new AnnBenchResults(contenders.stream().map(Contender::results).toList());
        AnnBenchReport.print(results, options.k(), out);
        Optional<Path> json = options.json();
        if (json.isPresent()) {
            new JsonMapper().writerWithDefaultPrettyPrinter().writeValue(json.get(), results);
        }
        return results;
    }

    private void check(float[][] rows, float[][] queries) {
        Path asked = options.queries().orElse(options.base());
        if (rows.length == 0 || queries.length == 0) {
            throw new IllegalArgumentException("no vectors in " + (rows.length == 0 ? options.base() : asked));
        }
        if (rows[0].length != queries[0].length) {
            throw new IllegalArgumentException("dimension differs: %s has %s, %s has %s"
                    .formatted(options.base(), rows[0].length, asked, queries[0].length));
        }
        if (options.k() > rows.length) {
            throw new IllegalArgumentException(
                    "k must be at most the number of rows, %s: %s".formatted(rows.length, options.k()));
        }
    }

    private int[][] truth(float[][] rows, float[][] queries, PrintStream out) throws IOException {
        int k = options.k();
        Optional<Path> file = options.truth();
        if (file.isEmpty() || options.rowsMax() <= rows.length || options.heldOut() > 0) {
            print(out, "true neighbours by a scan of every row");
            int[][] truth = new int[queries.length][];
            try (ExactIndex exact = new ExactIndex(DenseRows.copyOf(rows), options.metric())) {
                Arrays.setAll(
                        truth,
                        q -> exact.search(queries[q], SearchOptions.of(k)).ordinals());
            }
            return truth;
        }
        int[][] truth = VectorFiles.ordinals(file.get(), Integer.MAX_VALUE);
        if (truth.length != queries.length) {
            throw new IllegalArgumentException("%s has %s records, %s has %s"
                    .formatted(file.get(), truth.length, options.queries().orElse(options.base()), queries.length));
        }
        for (int q = 0; q < truth.length; q++) {
            if (truth[q].length < k) {
                throw new IllegalArgumentException(
                        "%s: record %s has %s neighbours, k = %s".formatted(file.get(), q, truth[q].length, k));
            }
            for (int i = 0; i < k; i++) {
                if (truth[q][i] < 0 || truth[q][i] >= rows.length) {
                    throw new IllegalArgumentException(
                            "%s: record %s names row %s of %s".formatted(file.get(), q, truth[q][i], rows.length));
                }
            }
        }
        return truth;
    }

    private void startAll(List<Contender> contenders, int[][] truth, PrintStream out)
            throws IOException, InterruptedException {
        List<String> wanted = options.engines().isEmpty() ? ENGINES : options.engines();
        for (String name : wanted) {
            try {
                contenders.add(new Contender(Engines.start(name), options, truth));
            } catch (EngineUnavailableException e) {
                if (!options.engines().isEmpty()) {
                    throw e;
                }
                print(out, "left out: %s", String.valueOf(e.getMessage()));
            }
        }
    }

    private void build(List<Contender> contenders, BenchVectors vectors, PrintStream out) throws IOException {
        BuildSettings settings = new BuildSettings(M, EF_CONSTRUCTION, options.threads());
        for (Contender contender : contenders) {
            MeasuredEngine.Built built = contender.build(vectors, settings);
            print(
                    out,
                    "%-12s %s: built in %.1f CPU seconds (%.1f s, %s threads allowed)",
                    contender.name(),
                    contender.version(),
                    built.cpuNanos() / 1e9,
                    built.wallNanos() / 1e9,
                    options.threads());
        }
    }

    private void warmUp(List<Contender> contenders) throws IOException {
        for (Contender contender : contenders) {
            contender.warmUp();
        }
    }

    private void climb(List<Contender> contenders, PrintStream out) throws IOException {
        for (int round = 0; round < options.rounds(); round++) {
            for (int step = 0; step < options.ladder().size(); step++) {
                for (Contender contender : contenders) {
                    contender.turn(step);
                }
            }
            print(out, "round %s of %s", round + 1, options.rounds());
        }
    }

    static int hits(int[][] found, int[][] truth, int k) {
        int hits = 0;
        for (int q = 0; q < found.length; q++) {
            Set<Integer> wanted = new TreeSet<>();
            for (int i = 0; i < Math.min(k, truth[q].length); i++) {
                wanted.add(truth[q][i]);
            }
            for (int ordinal : found[q]) {
                if (wanted.remove(ordinal)) {
                    hits++;
                }
            }
        }
        return hits;
    }

    @SuppressWarnings("AnnotateFormatMethod") // private, and every format is a literal a few lines away
    private static void print(PrintStream out, String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
    }
}
