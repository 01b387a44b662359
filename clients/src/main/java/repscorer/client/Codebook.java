package repscorer.client;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * Decodes the codes of a space's rows. Immutable, safe for concurrent use; to be kept for as long as answers name its checksum.
 *
 * <p>The bytes are those of the service's {@code GET /v1/spaces/{space}/codebook}.
 */
public final class Codebook {

    private static final int MAGIC = 0x42435352;
    private static final int FORMAT = 1;
    private static final int FLOAT16 = 0;
    private static final int FACTOR = 1;
    private static final int SHARED = 2;
    private static final int TURNED = 4;
    private static final int FIXED_BYTES = 32;
    private static final int CHECKSUM_BYTES = 8;

    private final String checksum;
    private final int method;
    private final int dimension;
    private final int units;
    private final int bits;
    private final boolean factor;
    private final int[] from;
    private final int[] width;
    private final int[] tableAt;
    private final float[] table;
    private final float[] mean;

    /** The rotation transposed; empty where rows are not turned. */
    private final float[] back;

    /** @throws IllegalArgumentException when the bytes are damaged, or are no codebook */
    public Codebook(byte[] content) {
        int end = content.length - Integer.BYTES;
        ByteBuffer bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        CRC32C crc = new CRC32C();
        crc.update(content, 0, Math.max(0, end));
        if (end < FIXED_BYTES
                || bytes.getInt() != MAGIC
                || bytes.getInt() != FORMAT
                || bytes.getInt(end) != (int) crc.getValue()) {
            throw new IllegalArgumentException("it is no codebook of format " + FORMAT + ", or damaged");
        }
        try {
            method = bytes.getInt();
            dimension = bytes.getInt();
            units = bytes.getInt();
            bits = bytes.getInt();
            int flags = bytes.getInt();
            float scale = bytes.getFloat();
            factor = (flags & FACTOR) != 0;
            int entries = method == FLOAT16 ? 0 : 1 << bits;
            from = new int[units];
            width = new int[units];
            tableAt = new int[units];
            int values = 0;
            for (int s = 0; s < units; s++) {
                from[s] = bytes.getInt();
                width[s] = bytes.getInt();
                tableAt[s] = (flags & SHARED) != 0 ? 0 : values;
                values += entries * width[s];
            }
            table = new float[(flags & SHARED) != 0 ? entries : values];
            for (int i = 0; i < table.length; i++) {
                table[i] = scale * Float.float16ToFloat(bytes.getShort());
            }
            mean = new float[dimension];
            bytes.asFloatBuffer().get(mean);
            bytes.position(bytes.position() + Float.BYTES * dimension);
            back = new float[(flags & TURNED) != 0 ? dimension * dimension : 0];
            for (int i = 0; i < back.length; i++) {
                back[i % dimension * dimension + i / dimension] = bytes.getFloat();
            }
            checksum = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(content), 0, CHECKSUM_BYTES);
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("the codebook ends before its last value", e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** What answers name it by. */
    public String checksum() {
        return checksum;
    }

    /** Values of a row. */
    public int dimension() {
        return dimension;
    }

    /** Bytes of a code. */
    public int rowBytes() {
        return unitBytes() + (factor ? Short.BYTES : 0);
    }

    private int unitBytes() {
        return Math.ceilDiv(units * bits, Byte.SIZE);
    }

    /**
     * Decodes rows whose codes lie one after the other.
     *
     * @param at of the first code's first byte
     * @param into takes rows × dimension values from {@code intoAt} on
     */
    public void decode(byte[] codes, int at, int rows, float[] into, int intoAt) {
        float[] sum = back.length > 0 ? new float[dimension] : into;
        for (int row = 0; row < rows; row++) {
            int rowAt = intoAt + row * dimension;
            int sumAt = back.length > 0 ? 0 : rowAt;
            sum(codes, at + row * rowBytes(), sum, sumAt);
            if (back.length > 0) {
                System.arraycopy(mean, 0, into, rowAt, dimension);
                for (int i = 0; i < dimension; i++) {
                    add(into, rowAt, sum[i], back, i * dimension, dimension);
                }
            } else {
                add(into, rowAt, 1, mean, 0, dimension);
            }
        }
    }

    private void sum(byte[] codes, int at, float[] sum, int sumAt) {
        for (int j = 0; j < dimension; j++) {
            sum[sumAt + j] = method == FLOAT16 ? half(codes, at + 2 * j) : 0;
        }
        if (method == FLOAT16) {
            return;
        }
        for (int s = 0; s < units; s++) {
            int entry = tableAt[s] + code(codes, at, s) * width[s];
            add(sum, sumAt + from[s], 1, table, entry, width[s]);
        }
        if (factor) {
            float scale = half(codes, at + unitBytes());
            for (int j = 0; j < dimension; j++) {
                sum[sumAt + j] *= scale;
            }
        }
    }

    private static void add(float[] y, int yAt, float scale, float[] x, int xAt, int n) {
        for (int i = 0; i < n; i++) {
            y[yAt + i] += scale * x[xAt + i];
        }
    }

    private static float half(byte[] bytes, int at) {
        return Float.float16ToFloat((short) (bytes[at] & 0xff | bytes[at + 1] << Byte.SIZE));
    }

    private int code(byte[] codes, int at, int unit) {
        int bit = unit * bits;
        int place = at + (bit >> 3);
        int shift = bit & 7;
        int value = codes[place] & 0xff;
        if (shift + bits > Byte.SIZE) {
            value |= (codes[place + 1] & 0xff) << Byte.SIZE;
        }
        return value >> shift & (1 << bits) - 1;
    }
}
