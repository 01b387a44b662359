package repscorer.benchmarks.parsers;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import java.util.zip.GZIPOutputStream;
import repscorer.ann.BuildProgress;
import repscorer.ann.HnswParameters;
import repscorer.ann.hnsw.HnswIndex;
import repscorer.ann.hnsw.Quantization;
import repscorer.benchmarks.proof.ScratchDirectory;
import repscorer.codes.Codebook;
import repscorer.codes.CodesMethod;
import repscorer.codes.CodesOptions;
import repscorer.codes.Rotation;
import repscorer.core.disk.SealedText;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.parallel.Workers;
import repscorer.testing.Seeds;
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;
import repscorer.vector.SparseVector;

/** Small valid inputs of each parser. */
final class ParserSeeds {

    private static final int ROWS = 24;
    private static final int DIMENSION = 8;

    private static final DenseRows DENSE = DenseRows.copyOf(vectors());

    private ParserSeeds() {}

    /** Those that the graphs are of. */
    static DenseRows rows() {
        return DENSE;
    }

    private static float[][] vectors() {
        RandomGenerator random = Seeds.fixed(7);
        float[][] rows = new float[ROWS][DIMENSION];
        for (float[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                row[i] = (float) random.nextGaussian();
            }
        }
        return rows;
    }

    static List<byte[]> of(ParserTarget target) throws IOException, InterruptedException {
        return switch (target) {
            case ROWS_JSONL ->
                texts("{\"id\":\"user:1\",\"vector\":[0.5,-1e-3]}\n{\"id\":\"user:2\",\"vector\":[1,2]}\n");
            case ENTRIES_JSONL ->
                texts(
                        "{\"id\":\"user:1\",\"entries\":{\"cluster:3\":0.5}}\n{\"id\":\"user:2\",\"entries\":{\"tag:a\":1}}\n");
            case ROWS_CSV -> texts("id,vector\nuser:1,\"[0.5,1]\"\n", "id,a,b\nuser:1,0.5,1\nuser:2,\"2\",3\n");
            case ROWS_TSV -> texts("id\tvector\nuser:1\t[0.5,1]\n", "id\tx0\tx1\nuser:1\t1\t2\n");
            case ROWS_NPY -> List.of(npy("<f4", 4), npy("<f8", 8));
            case ROWS_FVECS -> List.of(vecs(Float.BYTES, true));
            case ROWS_IVECS -> List.of(vecs(Integer.BYTES, false));
            case ROWS_BVECS -> List.of(vecs(1, false));
            case GZIP -> List.of(gzip());
            case TEXT -> texts("jazz é 🙂");
            case NUMBER -> texts("0.5", "-1e-3", "3.4028235e38");
            case ID -> texts("user:12", "topic:rock/pop");
            case SEALED_TEXT -> List.of(SealedText.write(Map.of("release", "one", "space.a", "1")));
            case KEPT_PLAN -> texts("{}", "{\"plan\":{\"surface\":\"follow\",\"columns\":[]},\"optimal\":{}}");
            case CODEBOOK -> List.of(codebook(CodesMethod.PQ, 2, 4), codebook(CodesMethod.FLOAT16, 0, 16));
            case ALIGNMENT -> texts("format=1\n");
            case GRAPH -> List.of(graph(Quantization.NONE));
            case EMBEDDINGS -> List.of(embeddings(dense()), embeddings(sparse()), embeddings(named()));
        };
    }

    private static List<byte[]> texts(String... texts) {
        return List.of(texts).stream()
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    private static byte[] npy(String type, int width) {
        String header = "{'descr': '%s', 'fortran_order': False, 'shape': (1, 2), }".formatted(type);
        String padded = header + " ".repeat(117 - header.length()) + "\n";
        byte[] ids = "user:1\n\n".getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(ids.length + 10 + padded.length() + 2 * width)
                .order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(ids)
                .put((byte) 0x93)
                .put("NUMPY".getBytes(StandardCharsets.US_ASCII))
                .put((byte) 1)
                .put((byte) 0);
        bytes.putShort((short) padded.length()).put(padded.getBytes(StandardCharsets.US_ASCII));
        for (int i = 1; i <= 2; i++) {
            if (width == Float.BYTES) {
                bytes.putFloat(i);
            } else {
                bytes.putDouble(i);
            }
        }
        return bytes.array();
    }

    private static byte[] vecs(int width, boolean floats) {
        byte[] ids = "user:1\nuser:2\n\n".getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(ids.length + 2 * (4 + 3 * width)).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(ids);
        for (int row = 1; row <= 2; row++) {
            bytes.putInt(3);
            for (int i = 1; i <= 3; i++) {
                if (floats) {
                    bytes.putFloat(row * i);
                } else if (width == 1) {
                    bytes.put((byte) (row * i));
                } else {
                    bytes.putInt(row * i);
                }
            }
        }
        return bytes.array();
    }

    private static byte[] gzip() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write("some text, some text".getBytes(StandardCharsets.UTF_8));
        }
        return packed.toByteArray();
    }

    private static byte[] codebook(CodesMethod method, int m, int bits) throws InterruptedException {
        return Codebook.train(
                        DENSE,
                        new CodesOptions(method, m, bits, Rotation.NONE, 1, ROWS),
                        Workers.withCaller(1, "seeds"))
                .toBytes();
    }

    private static byte[] graph(Quantization quantization) throws IOException, InterruptedException {
        try (ExecutorService pool = Executors.newSingleThreadExecutor();
                ScratchDirectory scratch = ScratchDirectory.create("repscorer-seeds")) {
            Path file = scratch.path().resolve("graph.hnsw");
            HnswIndex.build(
                            DENSE,
                            Metric.COSINE,
                            new HnswParameters(4, 16, 1),
                            quantization,
                            pool,
                            1,
                            BuildProgress.NONE)
                    .save(file);
            return Files.readAllBytes(file);
        }
    }

    private static EmbeddingFileWriter dense() {
        EmbeddingFileWriter dense = EmbeddingFileWriter.dense("fuzzed", "fuzz", EntityKind.USER, DIMENSION);
        float[][] rows = vectors();
        for (int i = 0; i < 3; i++) {
            dense.add(EntityId.of(EntityKind.USER, i + 1), rows[i]);
        }
        return dense;
    }

    private static EmbeddingFileWriter sparse() {
        EmbeddingFileWriter sparse = EmbeddingFileWriter.sparse(
                "fuzzed",
                "fuzz",
                EntityKind.USER,
                List.of(EntityId.parse("cluster:0"), EntityId.parse("cluster:1")),
                Map.of(0, "jazz"));
        sparse.add(EntityId.of(EntityKind.USER, 1), new SparseVector(new int[] {0, 1}, new float[] {1, 0.5f}));
        return sparse;
    }

    private static EmbeddingFileWriter named() {
        EmbeddingFileWriter named = EmbeddingFileWriter.texts("fuzzed", "fuzz", EntityKind.TOPIC);
        named.add(EntityId.of(EntityKind.TOPIC, "jazz"), "Jazz music");
        return named;
    }

    private static byte[] embeddings(EmbeddingFileWriter writer) throws IOException {
        try (ScratchDirectory scratch = ScratchDirectory.create("repscorer-seeds")) {
            return Files.readAllBytes(writer.writeTo(scratch.path()));
        }
    }
}
