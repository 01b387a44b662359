package repscorer.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Records of a little-endian int32 dimension and that many values: float32, int32 or unsigned bytes. */
final class VecsReader {

    private static final int DIMENSION_MAX = 1 << 20;

    private final Path file;
    private final InputStream in;
    private final String kind;
    private int records;
    private int dimension;
    private ByteBuffer record = ByteBuffer.allocate(0);

    VecsReader(Path file, InputStream in, String kind) {
        this.file = file;
        this.in = in;
        this.kind = kind;
    }

    float[][] vectors(int limit) throws IOException {
        List<float[]> vectors = new ArrayList<>();
        while (vectors.size() < limit && next()) {
            float[] vector = new float[dimension];
            switch (kind) {
                case "bvecs" -> {
                    for (int i = 0; i < dimension; i++) {
                        vector[i] = record.get() & 0xFF;
                    }
                }
                case "ivecs" -> {
                    for (int i = 0; i < dimension; i++) {
                        vector[i] = record.getInt();
                    }
                }
                default -> record.asFloatBuffer().get(vector);
            }
            vectors.add(vector);
        }
        return vectors.toArray(new float[0][]);
    }

    int[][] ordinals(int limit) throws IOException {
        List<int[]> all = new ArrayList<>();
        while (all.size() < limit && next()) {
            int[] ordinals = new int[dimension];
            record.asIntBuffer().get(ordinals);
            all.add(ordinals);
        }
        return all.toArray(new int[0][]);
    }

    /** Reads the next record's values; false where the file ends. */
    private boolean next() throws IOException {
        byte[] head = in.readNBytes(4);
        if (head.length == 0) {
            return false;
        }
        if (head.length < 4) {
            throw new IOException("%s: record %d is cut short".formatted(file, records));
        }
        int size = little(head).getInt();
        if (size < 1 || size > DIMENSION_MAX || (records > 0 && size != dimension)) {
            throw new IOException("%s: record %d has dimension %d%s"
                    .formatted(
                            file,
                            records,
                            size,
                            records > 0 ? ", record 0 has " + dimension : ", not 1 to " + DIMENSION_MAX));
        }
        dimension = size;
        int bytes = kind.equals("bvecs") ? size : 4 * size;
        byte[] values = in.readNBytes(bytes);
        if (values.length < bytes) {
            throw new IOException("%s: record %d is cut short".formatted(file, records));
        }
        records++;
        record = little(values);
        return true;
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
