package repscorer.benchmarks.proofs;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import repscorer.ann.DenseIndex;
import repscorer.ann.HnswParameters;
import repscorer.ann.SearchOptions;
import repscorer.ann.hnsw.Quantization;
import repscorer.benchmarks.proof.Proof;
import repscorer.benchmarks.proof.ScratchDirectory;
import repscorer.benchmarks.reliability.Quiet;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.failure.ScorerException.Rejected;
import repscorer.core.store.PublicationListener;
import repscorer.core.store.RepresentationStore;
import repscorer.core.store.StoreOptions;
import repscorer.testing.AwkwardVectors;
import repscorer.testing.BruteForce;
import repscorer.vector.Metric;

/** What publication measures of an index is what brute force in double precision finds, or the release is refused with what helps. */
final class GateProof implements Proof {

    private static final int ROWS = 6_000;
    private static final int DIMENSION = 32;
    private static final int K = 10;
    private static final int QUERIES = 1_000;
    private static final double DIFFERENCE_MAX = 0.01;
    private static final double RECALL_MIN = 0.9;
    private static final List<Quantization> CODES =
            List.of(Quantization.NONE, Quantization.INT8, Quantization.INT8_FLOAT16, Quantization.INT8_ONLY);
    private static final List<String> REMEDIES = List.of(
            "codes: none", "codes: int8", "subtract their mean", "raise m and ef-construction", "engine: exact");

    /** Scores in double precision that are closer, in parts of what was added up, are equal. */
    private static final double ROUNDING = 1e-12;

    @Override
    public String name() {
        return "gate";
    }

    @Override
    public String claim() {
        return "recall as publication measures it is within a point of brute force in double precision on ten awkward sets, or the release is refused with the remedy named";
    }

    @Override
    public boolean holds(PrintStream out) throws Exception {
        return holds(out, ROWS);
    }

    /** @param rows of each set */
    @Override
    public boolean holds(PrintStream out, long rows) throws Exception {
        Quiet.store();
        int published = 0;
        int refused = 0;
        int failed = 0;
        double worst = 0;
        try (ScratchDirectory scratch = ScratchDirectory.create("repscorer-gate")) {
            for (AwkwardVectors set : AwkwardVectors.values()) {
                float[][] vectors = set.rows(new SplittableRandom(7), Math.toIntExact(rows), DIMENSION);
                for (Metric metric : Metric.values()) {
                    double[] last = worstOfTheBest(vectors, metric);
                    for (Quantization codes : CODES) {
                        Outcome outcome = publish(vectors, metric, codes, last, scratch.path());
                        boolean holds = outcome.holds();
                        out.printf("%s%s, %s, %s: %s%n", holds ? "" : "FAILS ", set, metric, codes, outcome);
                        published += outcome.refusal().isEmpty() ? 1 : 0;
                        refused += outcome.refusal().isEmpty() ? 0 : 1;
                        failed += holds ? 0 : 1;
                        worst = Math.max(worst, outcome.difference());
                    }
                }
            }
        }
        out.printf(
                Locale.ROOT,
                "%s of %s releases were published, their measured recall@%s within %.4f of brute force (at most %s); %s were refused; %s failed%n",
                published,
                published + refused,
                K,
                worst,
                DIFFERENCE_MAX,
                refused,
                failed);
        return failed == 0;
    }

    /**
     * @param told what publication measured; NaN where it refused
     * @param found what brute force finds
     * @param refusal empty where the release was published
     */
    private record Outcome(double told, double found, String refusal) {

        double difference() {
            return refusal.isEmpty() ? Math.abs(told - found) : 0;
        }

        boolean holds() {
            return refusal.isEmpty()
                    ? difference() <= DIFFERENCE_MAX
                    : REMEDIES.stream().anyMatch(refusal::contains);
        }

        @Override
        public String toString() {
            return refusal.isEmpty() ? String.format(Locale.ROOT, "%.4f, brute force %.4f", told, found) : refusal;
        }
    }

    private static Outcome publish(float[][] vectors, Metric metric, Quantization codes, double[] last, Path scratch)
            throws IOException {
        DenseSpace space = new DenseSpace(
                "s", "m", EntityKind.USER, DIMENSION, metric, "hnsw", HnswParameters.DEFAULT, codes, RECALL_MIN, true);
        Path directory = Files.createTempDirectory(scratch, "store");
        StoreOptions options = new StoreOptions(1, 1L << 30, 2, QUERIES);
        EmbeddingFileWriter writer = EmbeddingFileWriter.dense("s", "m", EntityKind.USER, DIMENSION);
        for (int i = 0; i < vectors.length; i++) {
            writer.add(EntityId.of(EntityKind.USER, i), vectors[i]);
        }
        try (RepresentationStore store = RepresentationStore.open(directory.resolve("store"), List.of(space), options);
                InputStream in = Files.newInputStream(writer.writeTo(directory))) {
            store.stage("r", "s", in);
            store.publish("r", PublicationListener.NONE);
            double told =
                    store.releases().getFirst().checks().getFirst().recall().orElseThrow();
            DenseIndex index = store.current().space("s").orElseThrow().dense().orElseThrow();
            return new Outcome(told, recall(index, vectors, metric, last), "");
        } catch (Rejected e) {
            return new Outcome(Double.NaN, Double.NaN, String.valueOf(e.getMessage()));
        }
    }

    private static int query(int number, int rows) {
        return (int) ((long) number * rows / QUERIES);
    }

    /** By query the score of the tenth best row. */
    private static double[] worstOfTheBest(float[][] vectors, Metric metric) {
        BruteForce.Dense similarity = BruteForce.Dense.valueOf(metric.name());
        return IntStream.range(0, QUERIES)
                .parallel()
                .mapToDouble(number -> {
                    float[] query = vectors[query(number, vectors.length)];
                    double[] scores = Arrays.stream(vectors)
                            .mapToDouble(row -> BruteForce.score(similarity, query, row))
                            .toArray();
                    Arrays.sort(scores);
                    return scores[scores.length - K];
                })
                .toArray();
    }

    /** Rows that score as well as the tenth are as good as it. */
    private static double recall(DenseIndex index, float[][] vectors, Metric metric, double[] last) {
        BruteForce.Dense similarity = BruteForce.Dense.valueOf(metric.name());
        int hits = 0;
        for (int number = 0; number < QUERIES; number++) {
            float[] query = vectors[query(number, vectors.length)];
            double norm = Math.sqrt(BruteForce.dot(query, query));
            for (int row : index.search(query, SearchOptions.of(K)).ordinals()) {
                double addedUp = switch (metric) {
                    case COSINE -> 1;
                    case INNER_PRODUCT -> norm * Math.sqrt(BruteForce.dot(vectors[row], vectors[row]));
                    case L2 -> Math.abs(last[number]);
                };
                hits += BruteForce.score(similarity, query, vectors[row]) >= last[number] - ROUNDING * addedUp ? 1 : 0;
            }
        }
        return (double) hits / (QUERIES * K);
    }
}
