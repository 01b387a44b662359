package repscorer.benchmarks.versions;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import repscorer.benchmarks.proof.Proof;
import repscorer.benchmarks.proof.ProofData;
import repscorer.benchmarks.proof.ScratchDirectory;
import repscorer.core.align.Adapter;
import repscorer.core.align.AlignedRows;
import repscorer.core.align.Aligner;
import repscorer.core.align.Alignment;
import repscorer.core.align.Alignment.Fit;
import repscorer.core.align.AlignmentMethod;
import repscorer.core.align.AlignmentOptions;
import repscorer.core.align.Coordinates;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.training.graph.Graph;
import repscorer.training.graph.HoldOut;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.plan.TwhinPlan;
import repscorer.training.progress.TrainingProgress;
import repscorer.training.strategies.DenseVersion;
import repscorer.training.strategies.LinkRecall;
import repscorer.training.strategies.TwoVersions;
import repscorer.vector.Metric;
import repscorer.vector.VectorOps;

/**
 * A planted rotation is found again; and queries of a cold training find through an alignment, on the index of another cold training by the
 * same plan, nearly as many held-out edges as that training's own queries, at little cost.
 */
public final class AlignmentProof implements Proof {

    private static final double RESIDUAL_MOST = 1e-5;
    private static final double KEPT_LEAST = 0.97;
    private static final double MICROS_MOST = 2;
    private static final int[] DIMENSIONS = {64, 128, 256};
    private static final int BATCH = 32;
    private static final int USERS = 2_000;

    /** Of the training edges that each of two versions has, where edges have no times. */
    private static final double SHARE = 0.7;

    private static final Instant CUT = Instant.parse("2012-07-04T00:00:00Z");

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Override
    public String name() {
        return "alignment";
    }

    @Override
    public String claim() {
        return "a planted rotation is found to 1e-5; v2 queries on v1's index keep 97 % of its recall@10, 2 µs each (30 minutes)";
    }

    @Override
    public boolean holds(PrintStream out) throws Exception {
        return holds(out, 0);
    }

    /** @param cases epochs of each training, in place of the plans' own; 0 for those */
    @Override
    public boolean holds(PrintStream out, long cases) throws Exception {
        double residual = 0;
        double micros = 0;
        for (int d : DIMENSIONS) {
            Planted planted = planted(out, d);
            residual = Math.max(residual, planted.residual);
            micros = Math.max(micros, planted.micros);
        }
        double kept = Double.POSITIVE_INFINITY;
        for (String data : List.of("ego-twitter", "higgs")) {
            Optional<Path> folder = ProofData.folder(data.equals("higgs") ? "higgs-twitter" : data);
            if (folder.isEmpty()) {
                out.println("skipped: no " + data + " in " + ProofData.root() + " (set REPSCORER_DATA)");
            } else {
                kept = Math.min(kept, ofTrainings(out, data, folder.get(), cases));
            }
        }
        out.printf(
                Locale.ROOT,
                "residual of a planted rotation %.1e, at most %.2f µs of CPU a query of a batch of %d, %s of native recall@10 kept%n",
                residual,
                micros,
                BATCH,
                Double.isInfinite(kept) ? "nothing measured" : String.format(Locale.ROOT, "%.3f", kept));
        return residual < RESIDUAL_MOST && micros <= MICROS_MOST && kept >= KEPT_LEAST;
    }

    private record Planted(double residual, double micros) {}

    /** Rows, and the same rows turned; then with noise, so that every method has something to learn. */
    private static Planted planted(PrintStream out, int d) throws IOException {
        SplittableRandom random = new SplittableRandom(d);
        int n = 4_000;
        float[][] rows = new float[n][];
        for (int i = 0; i < n; i++) {
            rows[i] = unit(random, d);
        }
        float[][] turned = turned(rows, random);
        double residual;
        double slowest = 0;
        try (ScratchDirectory scratch = ScratchDirectory.create("repscorer-alignment")) {
            Adapter rotation = align(scratch.path(), rows, turned, AlignmentMethod.PROCRUSTES)
                    .forward();
            double squares = 0;
            for (int i = 0; i < n; i++) {
                squares += VectorOps.squaredL2(rotation.apply(rows[i]), turned[i]);
            }
            residual = Math.sqrt(squares / n);
            for (float[] row : turned) {
                for (int j = 0; j < d; j++) {
                    row[j] += (float) (0.3 / Math.sqrt(d) * random.nextGaussian());
                }
            }
            for (AlignmentMethod method : AlignmentMethod.values()) {
                Adapter adapter = align(scratch.path(), rows, turned, method).forward();
                double batch = micros(adapter, BATCH);
                out.printf(
                        Locale.ROOT,
                        "%4d dimensions, %-10s %,7d values: %.2f µs of CPU a query of a batch, %.2f µs alone%n",
                        d,
                        method.word(),
                        adapter.values(),
                        batch,
                        micros(adapter, 1));
                slowest = Math.max(slowest, batch);
            }
        }
        return new Planted(residual, slowest);
    }

    private static Alignment align(Path scratch, float[][] a, float[][] b, AlignmentMethod method) throws IOException {
        AlignmentOptions options = new AlignmentOptions(Optional.of(method), Optional.empty(), 4_000, 0.05, 1);
        return Aligner.align(
                "planted",
                new Coordinates("a", Optional.of("a"), new TreeMap<>()),
                List.of(AlignedRows.of(file(scratch, a), Metric.COSINE)),
                new Coordinates("b", Optional.of("b"), new TreeMap<>()),
                List.of(AlignedRows.of(file(scratch, b), Metric.COSINE)),
                options);
    }

    private static EmbeddingFile file(Path scratch, float[][] rows) throws IOException {
        EmbeddingFileWriter writer = EmbeddingFileWriter.dense("planted", "planted", EntityKind.USER, rows[0].length);
        for (int i = 0; i < rows.length; i++) {
            writer.add(EntityId.of(EntityKind.USER, Integer.toString(i)), rows[i]);
        }
        return EmbeddingFile.open(writer.writeTo(Files.createTempDirectory(scratch, "rows")));
    }

    private static float[] unit(SplittableRandom random, int d) {
        float[] row = new float[d];
        for (int i = 0; i < d; i++) {
            row[i] = (float) random.nextGaussian();
        }
        VectorOps.scale(row, 1 / VectorOps.norm(row));
        return row;
    }

    /** Turned in planes of two axes, by chance. */
    private static float[][] turned(float[][] rows, SplittableRandom random) {
        int d = rows[0].length;
        double[][] exact = new double[rows.length][d];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < d; j++) {
                exact[i][j] = rows[i][j];
            }
        }
        for (int turn = 0; turn < 8 * d; turn++) {
            int i = random.nextInt(d);
            int j = (i + 1 + random.nextInt(d - 1)) % d;
            double angle = 2 * Math.PI * random.nextDouble();
            for (double[] row : exact) {
                double x = row[i];
                double y = row[j];
                row[i] = Math.cos(angle) * x - Math.sin(angle) * y;
                row[j] = Math.sin(angle) * x + Math.cos(angle) * y;
            }
        }
        float[][] turned = new float[rows.length][d];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < d; j++) {
                turned[i][j] = (float) exact[i][j];
            }
        }
        return turned;
    }

    /** The least of some measurements, each long enough for the clock. */
    private static double micros(Adapter adapter, int batch) {
        Adapter.Mapping mapping = new Adapter.Mapping(adapter, batch);
        SplittableRandom random = new SplittableRandom(1);
        float[] rows = new float[batch * adapter.in()];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (float) random.nextGaussian();
        }
        float[] into = new float[batch * adapter.out()];
        double least = Double.POSITIVE_INFINITY;
        int times = 40_000 / batch;
        for (int round = 0; round < 20; round++) {
            long from = THREADS.getCurrentThreadCpuTime();
            for (int i = 0; i < times; i++) {
                mapping.apply(rows, batch, into);
            }
            least = Math.min(least, (THREADS.getCurrentThreadCpuTime() - from) / 1e3 / times / batch);
        }
        return least;
    }

    /**
     * Three cold trainings by one plan, each by another seed, none from another's rows: of older edges, of the next version's, and of those again.
     * Answers the least share of native recall that either older one's index keeps for the other's queries.
     */
    private static double ofTrainings(PrintStream out, String name, Path data, long epochs) throws IOException {
        Path file = Path.of(System.getProperty("repscorer.root", "")).resolve("config/training/" + name + ".yaml");
        TrainingPlan read = TrainingPlan.read(file);
        TrainingPlan plan = read.withModels(
                read.twhin().map(twhin -> epochs > 0 ? withEpochs(twhin, (int) epochs) : twhin),
                Optional.empty(),
                Optional.empty());
        boolean timed = plan.holdOutFrom().isPresent();
        TwoVersions versions = timed
                ? TwoVersions.byTime(plan, data, CUT, TrainingProgress.NONE)
                : TwoVersions.halves(plan, data, SHARE, TrainingProgress.NONE);
        Graph now = versions.now().training();
        DenseVersion older = train("older", plan, versions.old(), 1);
        DenseVersion newer = train("newer", plan, now, 2);
        double next = kept(
                out,
                "%s, the next version (%s edges %s; then %s %s; seeds 1 and 2)"
                        .formatted(
                                name,
                                versions.old().edges(),
                                timed ? "before " + CUT : "drawn",
                                now.edges(),
                                timed ? "before the hold-out" : "drawn anew"),
                plan,
                versions.now(),
                older,
                newer);
        double again = kept(
                out,
                "%s, the same %s edges (seeds 2 and 3)".formatted(name, now.edges()),
                plan,
                versions.now(),
                newer,
                train("again", plan, now, 3));
        return Math.min(next, again);
    }

    private static DenseVersion train(String name, TrainingPlan plan, Graph graph, long seed) throws IOException {
        return DenseVersion.train(
                name, graph, plan.twhin().orElseThrow(), seed, plan.threads(), Optional.empty(), TrainingProgress.NONE);
    }

    /** Answers the share that the method keeps which an alignment chooses of its own accord, by ids alone. */
    private static double kept(
            PrintStream out, String what, TrainingPlan plan, HoldOut.Split judged, DenseVersion v1, DenseVersion v2)
            throws IOException {
        String relation = plan.relations().getFirst().name();
        LinkRecall links = new LinkRecall(judged, List.of(v1.graph(), v2.graph()), relation, USERS, 1);
        double native1 = recall(links, v1, v1, UnaryOperator.identity());
        double native2 = recall(links, v2, v2, UnaryOperator.identity());
        double plain = recall(links, v2, v1, UnaryOperator.identity());
        out.printf(
                Locale.ROOT,
                "%s%n  recall@10 of %,d held-out edges of %s: %.4f by v1 on v1, %.4f by v2 on v2, %.4f by v2 on v1 as it is, %.3f of v1's%n",
                what,
                links.edges(),
                relation,
                native1,
                native2,
                plain,
                plain / native1);
        double kept = 0;
        try (ScratchDirectory scratch = ScratchDirectory.create("repscorer-alignment")) {
            for (Optional<AlignmentMethod> method :
                    List.of(Optional.of(AlignmentMethod.PROCRUSTES), Optional.<AlignmentMethod>empty())) {
                AlignmentOptions options = new AlignmentOptions(
                        method,
                        Optional.empty(),
                        AlignmentOptions.SAMPLE_DEFAULT,
                        AlignmentOptions.RECALL_MIN_LEAST,
                        1);
                Alignment alignment = v2.align(v1, scratch.path(), options);
                double mapped = recall(links, v2, v1, alignment.forward()::apply);
                Fit fit = alignment.kept();
                kept = mapped / native1;
                out.printf(
                        Locale.ROOT,
                        "  %-21s %.4f by v2 on v1, %.3f of v1's, %.3f of v2's; of held-out ids cosine %.3f, %.3f of the nearest 10; %.2f µs a query%n",
                        (method.isPresent() ? "" : "chosen: ") + fit.method().word(),
                        mapped,
                        kept,
                        mapped / native2,
                        fit.forward().cosine(),
                        fit.forward().recall(),
                        micros(alignment.forward(), BATCH));
            }
        }
        return kept;
    }

    private static double recall(LinkRecall links, DenseVersion asks, DenseVersion index, UnaryOperator<float[]> map) {
        float[] heads = asks.rows(links.relation().headEntities());
        float[] theta = asks.relation(links.relation().name());
        int d = asks.dimension();
        IntFunction<float[]> query = head -> {
            float[] row = new float[d];
            System.arraycopy(heads, head * d, row, 0, d);
            VectorOps.addScaled(row, 0, 1, theta, 0, d);
            return map.apply(row);
        };
        return links.recall(
                Alignment.NEIGHBORS, query, index.rows(links.relation().tailEntities()));
    }

    static TwhinPlan withEpochs(TwhinPlan p, int epochs) {
        return new TwhinPlan(
                p.dimension(),
                epochs,
                p.operator(),
                p.comparator(),
                p.loss(),
                p.reciprocal(),
                p.learningRate(),
                p.optimiser(),
                p.batchSize(),
                p.negatives(),
                p.negativesUniform(),
                p.negativesPrevalence(),
                p.negativesInBatch(),
                p.negativesWeight(),
                p.scale(),
                p.margin(),
                p.regularisation(),
                p.regularisationN3(),
                p.dropout(),
                p.initial(),
                p.initialScale(),
                p.smoothing(),
                p.validateEvery(),
                p.validationEdges(),
                p.patience(),
                p.checkpointEvery(),
                p.partitions());
    }
}
