package repscorer.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import repscorer.benchmarks.requests.RequestsBench;
import repscorer.benchmarks.requests.RequestsOptions;
import repscorer.cli.Home;
import repscorer.cli.console.UserError;
import repscorer.vector.Metric;

/** {@code repscorer bench}: measurements; each kind a command of its own. */
@Command(
        name = "bench",
        description = "Measures recall, throughput and latency.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {BenchCommand.Ann.class, BenchCommand.Scoring.class, BenchCommand.Requests.class})
final class BenchCommand {

    /** {@code repscorer bench ann}: recall against throughput of the dense engines. */
    @Command(
            name = "ann",
            description =
                    "Builds each dense engine over a file of vectors and prints recall against queries per CPU second.",
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "Files: .fvecs, .bvecs, .npy for vectors, .ivecs or .npy for the truth; .gz of each too; .emb of a release."
            })
    static final class Ann implements Callable<Integer> {

        @Option(names = "--base", required = true, paramLabel = "FILE", description = "The vectors to index.")
        @SuppressWarnings("NullAway.Init") // picocli sets it
        private Path base;

        @ArgGroup(multiplicity = "1")
        @SuppressWarnings("NullAway.Init") // picocli sets it
        private Asked asked;

        @Option(names = "--truth", paramLabel = "FILE", description = "True neighbours; found by a scan where absent.")
        private @Nullable Path truth;

        @Option(names = "--metric", required = true, description = "cosine, inner-product or l2.")
        @SuppressWarnings("NullAway.Init") // picocli sets it
        private String metric;

        @Option(
                names = {"-k", "--k"},
                defaultValue = "10",
                description = "Neighbours a search (default 10).")
        private int k;

        @Option(
                names = "--engines",
                split = ",",
                paramLabel = "NAME",
                description = "Out of ${COMPLETION-CANDIDATES}; all that can be measured here without it.",
                completionCandidates = EngineNames.class)
        private @Nullable List<String> engines;

        @Option(
                names = "--ef",
                split = ",",
                paramLabel = "N",
                description = "The ladder of candidate list lengths; each engine climbs a default one past recall .99.")
        private @Nullable List<Integer> efs;

        @Option(names = "--threads", defaultValue = "2", description = "Building threads (default 2).")
        private int threads;

        @Option(names = "--limit", paramLabel = "ROWS", description = "Take only the first rows of the base.")
        private int limit = Integer.MAX_VALUE;

        @Option(
                names = "--warm-up",
                paramLabel = "SECONDS",
                defaultValue = "10",
                description = "Each engine searches before it is measured (default 10).")
        private double warmUpSeconds;

        @Option(
                names = "--rounds",
                paramLabel = "N",
                defaultValue = "5",
                description = "Climbs of the ladder (default 5).")
        private int rounds;

        @Option(
                names = "--measure",
                paramLabel = "SECONDS",
                defaultValue = "0.2",
                description = "At each ef of each round, at least (default 0.2).")
        private double measureSeconds;

        @Option(names = "--json", paramLabel = "FILE", description = "Write the results there as JSON.")
        private @Nullable Path json;

        @Override
        public Integer call() throws Exception {
            Home.requireFile("--base", base);
            if (asked.queries != null) {
                Home.requireFile("--queries", asked.queries);
            } else if (asked.heldOut < 1) {
                throw new UserError("--hold-out must be at least 1: " + asked.heldOut);
            }
            if (truth != null) {
                Home.requireFile("--truth", truth);
            }
            new AnnBench(new AnnBenchOptions(
                            base,
                            Optional.ofNullable(asked.queries),
                            asked.heldOut,
                            Optional.ofNullable(truth),
                            metric(metric),
                            k,
                            engines == null ? List.of() : engines,
                            efs == null ? List.of() : efs,
                            threads,
                            limit,
                            warmUpSeconds,
                            rounds,
                            measureSeconds,
                            Optional.ofNullable(json)))
                    .run(System.out);
            return 0;
        }

        /** What is searched for. */
        static final class Asked {

            @Option(
                    names = "--queries",
                    required = true,
                    paramLabel = "FILE",
                    description = "The vectors to search for.")
            private @Nullable Path queries;

            @Option(
                    names = "--hold-out",
                    required = true,
                    paramLabel = "N",
                    description = "Search for N rows of the base, drawn by chance, and index the others.")
            private int heldOut;
        }

        /** For the help. */
        static final class EngineNames extends ArrayList<String> {
            EngineNames() {
                super(AnnBench.ENGINES);
            }
        }

        private static Metric metric(String name) {
            return switch (name.toLowerCase(Locale.ROOT)) {
                case "cosine" -> Metric.COSINE;
                case "inner-product", "ip", "dot" -> Metric.INNER_PRODUCT;
                case "l2" -> Metric.L2;
                default -> throw new UserError("--metric must be cosine, inner-product or l2: '" + name + "'");
            };
        }
    }

    /** {@code repscorer bench scoring}: pairs a CPU second. */
    @Command(
            name = "scoring",
            description =
                    "Scores lists of made-up candidates and prints pairs a CPU second and bytes allocated a pair, beside Lucene's"
                            + " vector utilities and plain loops.",
            mixinStandardHelpOptions = true)
    static final class Scoring implements Callable<Integer> {

        @Option(
                names = "--rows",
                paramLabel = "N",
                defaultValue = "100000",
                description = "Rows a space (default 100000).")
        private int rows;

        @Option(
                names = "--dimension",
                paramLabel = "N",
                defaultValue = "128",
                description = "Of dense rows (default 128).")
        private int dimension;

        @Option(
                names = "--entries",
                paramLabel = "N",
                defaultValue = "50",
                description = "Of sparse rows (default 50).")
        private int entries;

        @Option(
                names = "--measure",
                paramLabel = "SECONDS",
                defaultValue = "3",
                description = "CPU time to warm each method up, and again to measure it (default 3).")
        private double seconds;

        @Override
        public Integer call() throws Exception {
            ScoringBench bench;
            try {
                bench = new ScoringBench(rows, dimension, entries, seconds);
            } catch (IllegalArgumentException e) {
                throw new UserError(String.valueOf(e.getMessage()));
            }
            bench.run(System.out);
            return 0;
        }
    }

    /** {@code repscorer bench requests}: a whole service under load. */
    @Command(
            name = "requests",
            description =
                    "Serves a store and asks it: requests per CPU second of the server, bytes allocated each, p50 and p99, and the"
                            + " share of each stage.",
            mixinStandardHelpOptions = true)
    static final class Requests implements Callable<Integer> {

        @Option(
                names = "--data",
                paramLabel = "DIR",
                description = "As serve takes it; without it, the demo's is made.")
        private @Nullable Path data;

        @Option(names = "--config", paramLabel = "DIR", description = "Its configuration (default: the project's).")
        private @Nullable Path config;

        @Option(names = "--surface", defaultValue = "follow", description = "Default follow.")
        @SuppressWarnings("NullAway.Init") // picocli sets it
        private String surface;

        @Option(
                names = "--sources",
                defaultValue = "user",
                paramLabel = "KIND",
                description = "Who asks (default user).")
        @SuppressWarnings("NullAway.Init") // picocli sets it
        private String sources;

        @Option(
                names = {"-k", "--k"},
                defaultValue = "50",
                description = "Candidates asked for (default 50).")
        private int k;

        @Option(
                names = "--scores",
                defaultValue = "0",
                paramLabel = "N",
                description = "Ask for scores of N candidates, not for candidates.")
        private int scores;

        @Option(
                names = "--exclude",
                defaultValue = "0",
                paramLabel = "N",
                description = "Exclude N ids with each request, and compare with requests that exclude none.")
        private int excluded;

        @Option(names = "--explain", description = "Ask for explanations as well.")
        private boolean explain;

        @Option(
                names = "--engines",
                split = ",",
                paramLabel = "NAME",
                description =
                        "ours, and opensearch to have it do the same job on the same rows in turn (default ours).")
        private @Nullable List<String> engines;

        @Option(names = "--callers", defaultValue = "4", description = "Of the closed loop (default 4).")
        private int callers;

        @Option(
                names = "--rate",
                defaultValue = "0",
                paramLabel = "N",
                description = "Then an open loop of N requests a second.")
        private double rate;

        @Option(names = "--seconds", defaultValue = "10", description = "A round takes (default 10).")
        private double seconds;

        @Option(names = "--rounds", defaultValue = "3", description = "Default 3.")
        private int rounds;

        @Option(names = "--profile", description = "Tell the twenty methods in which most samples lie.")
        private boolean profile;

        @Override
        public Integer call() throws Exception {
            Path root = Path.of(System.getProperty("repscorer.root", "")).toAbsolutePath();
            new RequestsBench(new RequestsOptions(
                            config == null ? root.resolve("config") : config,
                            Optional.ofNullable(data),
                            surface,
                            sources,
                            k,
                            scores,
                            excluded,
                            explain,
                            engines == null ? List.of() : engines,
                            callers,
                            rate,
                            seconds,
                            rounds,
                            profile))
                    .run(root, System.out);
            return 0;
        }
    }
}
