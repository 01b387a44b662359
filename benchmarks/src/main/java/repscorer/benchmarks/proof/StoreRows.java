package repscorer.benchmarks.proof;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import repscorer.ann.HnswParameters;
import repscorer.benchmarks.vectors.VectorFiles;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.store.RepresentationStore;
import repscorer.vector.Metric;

/** The space, rows and queries that proofs of the store serve: SIFT descriptors where they are, else rows made in their shape. */
public record StoreRows(float[][] rows, float[][] queries, String origin) {

    public static final int DIMENSION = 128;
    public static final DenseSpace SPACE = space("hnsw");

    private static final int QUERIES = 1_000;
    private static final int CLUSTERS = 2_000;

    public static DenseSpace space(String engine) {
        return new DenseSpace(
                "users",
                "m",
                EntityKind.USER,
                DIMENSION,
                Metric.COSINE,
                engine,
                HnswParameters.DEFAULT,
                engine.equals("exact") ? 0 : 0.9,
                true);
    }

    public static StoreRows load(int count) throws IOException {
        Optional<Path> sift = ProofData.folder("ann/sift200k");
        if (sift.isPresent() && count <= 200_000) {
            return new StoreRows(
                    VectorFiles.vectors(sift.get().resolve("base.bvecs.gz"), count),
                    VectorFiles.vectors(sift.get().resolve("query.bvecs.gz"), QUERIES),
                    "SIFT");
        }
        SplittableRandom random = new SplittableRandom(3);
        float[][] centres = new float[CLUSTERS][];
        Arrays.setAll(centres, c -> around(random, new float[DIMENSION], 1));
        float[][] rows = new float[count][];
        Arrays.setAll(rows, r -> around(random, centres[random.nextInt(CLUSTERS)], 0.7));
        float[][] queries = new float[QUERIES][];
        Arrays.setAll(queries, q -> around(random, centres[random.nextInt(CLUSTERS)], 0.7));
        return new StoreRows(rows, queries, "made-up");
    }

    /** A row near another one. */
    public static float[] around(SplittableRandom random, float[] centre, double spread) {
        float[] row = new float[DIMENSION];
        for (int i = 0; i < DIMENSION; i++) {
            // Of four even numbers the sum is near enough to a normal one.
            double noise = random.nextDouble() + random.nextDouble() + random.nextDouble() + random.nextDouble() - 2;
            row[i] = centre[i] + (float) (spread * Math.sqrt(3) * noise);
        }
        return row;
    }

    /** Stages the first rows of these as entities {@code user:offset} and on. */
    public void stage(RepresentationStore store, String release, int count, int offset, Path scratch)
            throws IOException {
        EmbeddingFileWriter writer = EmbeddingFileWriter.dense(SPACE.name(), SPACE.model(), EntityKind.USER, DIMENSION);
        for (int i = 0; i < count; i++) {
            writer.add(EntityId.of(EntityKind.USER, (long) offset + i), rows[i]);
        }
        Path file = writer.writeTo(scratch);
        try (InputStream in = Files.newInputStream(file)) {
            store.stage(release, SPACE.name(), in);
        }
        Files.delete(file);
    }
}
