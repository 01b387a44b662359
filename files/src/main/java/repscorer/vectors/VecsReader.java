package repscorer.vectors;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads records of a little-endian int32 dimension and that many values: float32, int32 or unsigned bytes. All have one
 * dimension. For one thread.
 */
public final class VecsReader {

    private static final int DIMENSION_MAX = 1 << 20;

    private final String file;
    private final InputStream in;
    private final String kind;
    private int records;
    private int dimension;
    private ByteBuffer record = ByteBuffer.allocate(0);

    /**
     * @param file named in complaints
     * @param kind {@code fvecs}, {@code ivecs} or {@code bvecs}
     */
    public VecsReader(String file, InputStream in, String kind) {
        this.file = file;
        this.in = in;
        this.kind = kind;
    }

    /**
     * The next record, as floats whatever the file holds; empty where it ends.
     *
     * @throws IOException when the file is cut short or malformed; the message names file and row
     */
    public Optional<float[]> next() throws IOException {
        if (!read()) {
            return Optional.empty();
        }
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
        return Optional.of(vector);
    }

    /** All records up to a limit, as whole numbers; of an {@code .ivecs} file. */
    public int[][] ordinals(int limit) throws IOException {
        List<int[]> all = new ArrayList<>();
        while (all.size() < limit && read()) {
            int[] ordinals = new int[dimension];
            record.asIntBuffer().get(ordinals);
            all.add(ordinals);
        }
        return all.toArray(new int[0][]);
    }

    /** Reads the next record's values; false where the file ends. */
    private boolean read() throws IOException {
        byte[] head = in.readNBytes(4);
        if (head.length == 0) {
            return false;
        }
        if (head.length < 4) {
            throw new IOException("%s: row %s is cut short".formatted(file, records + 1));
        }
        int size = little(head).getInt();
        if (size < 1 || size > DIMENSION_MAX || (records > 0 && size != dimension)) {
            throw new IOException("%s: row %s has dimension %s%s"
                    .formatted(
                            file,
                            records + 1,
                            size,
                            records > 0 ? ", row 1 has " + dimension : ", not 1 to " + DIMENSION_MAX));
        }
        dimension = size;
        int bytes = kind.equals("bvecs") ? size : 4 * size;
        byte[] values = in.readNBytes(bytes);
        if (values.length < bytes) {
            throw new IOException("%s: row %s is cut short".formatted(file, records + 1));
        }
        records++;
        record = little(values);
        return true;
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
