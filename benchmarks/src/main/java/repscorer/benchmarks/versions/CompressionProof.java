package repscorer.benchmarks.versions;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.IntFunction;
import repscorer.benchmarks.proof.Proof;
import repscorer.benchmarks.proof.ProofData;
import repscorer.benchmarks.proof.ScratchDirectory;
import repscorer.benchmarks.vectors.VectorFiles;
import repscorer.codes.Codebook;
import repscorer.codes.CodedRows;
import repscorer.codes.CodesMethod;
import repscorer.codes.CodesOptions;
import repscorer.codes.Encoder;
import repscorer.core.codes.CodesLoss;
import repscorer.parallel.Workers;
import repscorer.training.evaluate.ServedProbe;
import repscorer.training.graph.EdgeReader;
import repscorer.training.graph.HoldOut;
import repscorer.training.graph.Relation;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.plan.TwhinPlan;
import repscorer.training.progress.TrainingProgress;
import repscorer.training.strategies.DenseVersion;
import repscorer.training.strategies.LinkRecall;
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;
import repscorer.vector.VectorOps;

/**
 * What codes of rows cost and save at 4 to 32 times fewer bytes: error beside FAISS's, nearest rows, links and labels that are still found, and
 * the bytes and time of a batch get.
 */
public final class CompressionProof implements Proof {

    private static final int K = 50;
    private static final int USERS = 1_000;
    private static final int BATCH = 10_000;
    private static final double LOSS_MOST = 0.01;
    private static final double OPQ_SHARE_MOST = 0.8;
    private static final double BYTES_SHARE_MOST = 0.1;
    private static final double TIME_SHARE_MOST = 0.25;
    private static final double ENCODED_LEAST = 200_000;
    private static final int[] RATIOS = {4, 8, 16, 20, 32};

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Override
    public String name() {
        return "compression";
    }

    @Override
    public String claim() {
        return "codes of a twentieth keep 99 % of links and labels found, of a 32nd lose a fifth less than FAISS's OPQ (40 minutes)";
    }

    @Override
    public boolean holds(PrintStream out) throws Exception {
        return holds(out, 0);
    }

    /** @param cases epochs of the training in place of the plan's own, and a tenth of the photographs' rows; 0 for all of both */
    @Override
    public boolean holds(PrintStream out, long cases) throws Exception {
        Optional<Path> links = ProofData.folder("ego-twitter");
        Optional<Path> photographs = ProofData.folder("ann/sift200k");
        if (links.isEmpty() || photographs.isEmpty()) {
            out.println("skipped: no ego-twitter or ann/sift200k in " + ProofData.root() + " (set REPSCORER_DATA)");
            return true;
        }
        try (Workers workers = Workers.withCaller(Runtime.getRuntime().availableProcessors(), "codes-");
                ScratchDirectory scratch = ScratchDirectory.create("repscorer-compression")) {
            double encoded = speeds(out);
            float[][] pictures = VectorFiles.vectors(
                    photographs.get().resolve("base.bvecs.gz"), cases > 0 ? 20_000 : Integer.MAX_VALUE);
            double picturesShare =
                    beside(out, "sift200k", scratch.path(), pictures, List.of(pictures[0].length / 8), workers);
            Served served = new Served(links.get(), cases);
            double embeddingsShare = beside(
                    out, "ego-twitter", scratch.path(), served.users(), bytes(served.users()[0].length), workers);
            double kept = served.tell(out, workers);
            BatchGet.Both get = BatchGet.measure(
                    scratch.path(),
                    served.users(),
                    "{method: residual, m: %s}".formatted(Integer.toString(units(served.users()[0].length, 20))),
                    BATCH);
            double bytesShare = (double) get.codes().bytes() / get.numbers().bytes();
            double timeShare = get.codes().millis() / get.numbers().millis();
            out.printf(
                    Locale.ROOT,
                    "a batch get of %,d rows: %,d bytes and %.1f ms as numbers, %,d and %.1f by codes, and a codebook of %,d once%n",
                    BATCH,
                    get.numbers().bytes(),
                    get.numbers().millis(),
                    get.codes().bytes(),
                    get.codes().millis(),
                    get.codebookBytes());
            out.printf(
                    Locale.ROOT,
                    "at 20x %.2f %% lost of recall@%d or PR-AUC; at 32x %.3f (sift200k) and %.3f (ego-twitter) of OPQ's error; "
                            + "batch get %.3f of the bytes, %.3f of the time; %,.0f rows encoded a CPU second%n",
                    100 * kept,
                    K,
                    picturesShare,
                    embeddingsShare,
                    bytesShare,
                    timeShare,
                    encoded);
            return kept <= LOSS_MOST
                    && holds(picturesShare)
                    && bytesShare <= BYTES_SHARE_MOST
                    && timeShare <= TIME_SHARE_MOST
                    && encoded >= ENCODED_LEAST;
        }
    }

    /** Where FAISS is missing there is nothing to hold to. */
    private static boolean holds(double share) {
        return Double.isNaN(share) || share <= OPQ_SHARE_MOST;
    }

    private static int units(int dimension, int ratio) {
        return Math.max(1, Float.BYTES * dimension / ratio);
    }

    private static List<Integer> bytes(int dimension) {
        TreeSet<Integer> bytes = new TreeSet<>();
        for (int ratio : RATIOS) {
            if (units(dimension, ratio) <= dimension) {
                bytes.add(units(dimension, ratio));
            }
        }
        return List.copyOf(bytes);
    }

    /** Rows of 128 values that are encoded in a second of one thread's CPU time: the least of the methods that are to be quick. */
    private static double speeds(PrintStream out) throws InterruptedException {
        int d = 128;
        int n = 4_096;
        SplittableRandom random = new SplittableRandom(1);
        float[][] rows = new float[n][d];
        float[] flat = new float[n * d];
        for (int i = 0; i < n * d; i++) {
            flat[i] = (float) random.nextGaussian();
            rows[i / d][i % d] = flat[i];
        }
        double least = Double.POSITIVE_INFINITY;
        List<CodesOptions> all = List.of(
                CodesOptions.of(CodesMethod.FLOAT16),
                CodesOptions.of(CodesMethod.INT8),
                CodesOptions.of(CodesMethod.PQ, 16, 8),
                CodesOptions.of(CodesMethod.PQ, 32, 8),
                CodesOptions.of(CodesMethod.RABITQ, 0, 1),
                CodesOptions.of(CodesMethod.RABITQ, 0, 4),
                CodesOptions.of(CodesMethod.RABITQ, 0, 8),
                CodesOptions.of(CodesMethod.RESIDUAL, 16, 8));
        for (CodesOptions options : all) {
            Codebook codebook;
            try (Workers workers = Workers.withCaller(1, "speed-")) {
                codebook = Codebook.train(DenseRows.copyOf(Arrays.copyOf(rows, 1_024)), options, workers);
            }
            Encoder encoder = codebook.encoder();
            MemorySegment into = MemorySegment.ofArray(new byte[n * codebook.rowBytes()]);
            boolean slow = options.method() == CodesMethod.RESIDUAL;
            double best = 0;
            for (int round = 0; round < (slow ? 3 : 40); round++) {
                long from = THREADS.getCurrentThreadCpuTime();
                encoder.encode(flat, n, into, 0);
                best = Math.max(best, n * 1e9 / (THREADS.getCurrentThreadCpuTime() - from));
            }
            out.printf(
                    Locale.ROOT,
                    "%-8s %d bits, %3d bytes a row of 128 values: %,.0f rows encoded a CPU second%n",
                    options.method(),
                    codebook.bits(),
                    codebook.rowBytes(),
                    best);
            least = slow ? least : Math.min(least, best);
        }
        return least;
    }

    /** Errors beside FAISS's on the same rows: answers our share of OPQ's at the fewest bytes, NaN where that is missing. */
    private static double beside(
            PrintStream out, String name, Path scratch, float[][] rows, List<Integer> bytes, Workers workers)
            throws IOException, InterruptedException {
        FaissOpq.Outcome opq = FaissOpq.measure(Files.createDirectories(scratch.resolve(name)), rows, bytes);
        if (!opq.missing().isEmpty()) {
            out.println(name + ": " + opq.missing());
        }
        DenseRows dense = DenseRows.copyOf(rows);
        double last = Double.NaN;
        for (int m : bytes.reversed()) {
            double ours = squaredError(rows, coded(dense, CodesOptions.of(CodesMethod.RESIDUAL, m, 8), workers));
            double parts = squaredError(rows, coded(dense, CodesOptions.of(CodesMethod.PQ, m, 8), workers));
            double theirs = opq.squaredErrors().getOrDefault(m, Double.NaN);
            last = ours / theirs;
            out.printf(
                    Locale.ROOT,
                    "%s, %,d rows, %d bytes: mean squared error %.5g residual, %.5g pq, %.5g FAISS OPQ; residual %.3f of that%n",
                    name,
                    rows.length,
                    m,
                    ours,
                    parts,
                    theirs,
                    last);
        }
        return last;
    }

    private static CodedRows coded(DenseRows rows, CodesOptions options, Workers workers) throws InterruptedException {
        return CodedRows.encode(Codebook.train(rows, options, workers), rows, workers);
    }

    private static float[] decoded(CodedRows rows) {
        float[] values = new float[rows.count() * rows.codebook().dimension()];
        rows.codebook().decoder().decode(rows.codes(), 0, rows.count(), values, 0);
        return values;
    }

    private static double squaredError(float[][] rows, CodedRows coded) {
        float[] values = decoded(coded);
        int d = rows[0].length;
        double sum = 0;
        for (int i = 0; i < rows.length; i++) {
            sum += VectorOps.squaredL2(rows[i], 0, values, i * d, d);
        }
        return sum / rows.length;
    }

    /** Users of a real graph, learnt, and what links and labels they tell. */
    private static final class Served {

        private final LinkRecall links;
        private final DenseVersion version;
        private final float[] flat;
        private final float[][] users;
        private final ServedProbe probe;

        Served(Path data, long epochs) throws IOException {
            Path file = Path.of(System.getProperty("repscorer.root", "")).resolve("config/training/ego-twitter.yaml");
            TrainingPlan read = TrainingPlan.read(file);
            TrainingPlan plan = read.withModels(
                    read.twhin().map(twhin -> epochs > 0 ? AlignmentProof.withEpochs(twhin, (int) epochs) : twhin),
                    Optional.empty(),
                    Optional.empty());
            HoldOut.Split split = HoldOut.split(EdgeReader.read(plan, data, TrainingProgress.NONE), plan);
            TwhinPlan twhin = plan.twhin().orElseThrow();
            version = DenseVersion.train(
                    "served", split.training(), twhin, 1, plan.threads(), Optional.empty(), TrainingProgress.NONE);
            String relation = plan.relations().getFirst().name();
            links = new LinkRecall(split, relation, USERS, 1);
            flat = version.rows(links.relation().headEntities().kind());
            int d = version.dimension();
            users = new float[flat.length / d][];
            Arrays.setAll(users, row -> Arrays.copyOfRange(flat, row * d, (row + 1) * d));
            String named = plan.evaluation().probe();
            Relation probed = split.training()
                    .relation(named.isEmpty() ? relation : named)
                    .orElseThrow();
            probe = ServedProbe.train(probed, row -> users[row], 1);
        }

        float[][] users() {
            return users;
        }

        private double recall(float[] rows) {
            float[] theta = version.relation(links.relation().name());
            int d = version.dimension();
            IntFunction<float[]> query = head -> {
                float[] row = Arrays.copyOfRange(rows, head * d, (head + 1) * d);
                VectorOps.addScaled(row, 0, 1, theta, 0, d);
                return row;
            };
            return links.recall(K, query, rows);
        }

        private double area(float[] rows) {
            int d = version.dimension();
            return probe.served(row -> Arrays.copyOfRange(rows, row * d, (row + 1) * d));
        }

        /** Prints the table, and answers the greater share that is lost at 20x. */
        double tell(PrintStream out, Workers workers) throws InterruptedException {
            double links32 = recall(flat);
            double area32 = area(flat);
            int d = version.dimension();
            DenseRows dense = DenseRows.copyOf(users);
            out.printf(
                    Locale.ROOT,
                    "float32: %d bytes, follow recall@%d %.4f, probe's PR-AUC %.4f%n",
                    4 * d,
                    K,
                    links32,
                    area32);
            List<CodesOptions> tried = new ArrayList<>(List.of(
                    CodesOptions.of(CodesMethod.FLOAT16),
                    CodesOptions.of(CodesMethod.INT8),
                    CodesOptions.of(CodesMethod.RABITQ, 0, 8),
                    CodesOptions.of(CodesMethod.RABITQ, 0, 4),
                    CodesOptions.of(CodesMethod.RABITQ, 0, 2),
                    CodesOptions.of(CodesMethod.RABITQ, 0, 1)));
            double lost = 0;
            for (int ratio : RATIOS) {
                tried.add(CodesOptions.of(CodesMethod.PQ, units(d, ratio), 8));
                if (ratio > 4) {
                    tried.add(CodesOptions.of(CodesMethod.RESIDUAL, units(d, ratio), 8));
                }
            }
            for (CodesOptions options : tried) {
                CodedRows coded = coded(dense, options, workers);
                CodesLoss loss = CodesLoss.measure(dense, coded, Metric.COSINE);
                float[] rows = decoded(coded);
                double found = recall(rows);
                double area = area(rows);
                out.printf(
                        Locale.ROOT,
                        "%-8s %5.1fx, %3d bytes: error %.5f, recall@%d %.3f; follow recall@%d %.4f (%+.2f %%), PR-AUC %.4f (%+.2f %%)%n",
                        options.method(),
                        coded.codebook().ratio(),
                        coded.codebook().rowBytes(),
                        loss.error(),
                        CodesLoss.NEIGHBORS,
                        loss.recall(),
                        K,
                        found,
                        100 * (found / links32 - 1),
                        area,
                        100 * (area / area32 - 1));
                if (options.method() == CodesMethod.RESIDUAL && options.m() == units(d, 20)) {
                    lost = Math.max(1 - found / links32, 1 - area / area32);
                }
            }
            return lost;
        }
    }
}
