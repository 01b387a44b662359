package repscorer.codes;

import java.lang.foreign.MemorySegment;
import java.lang.ref.SoftReference;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import repscorer.digest.Sha256;
import repscorer.parallel.Workers;
import repscorer.vector.DenseRows;

/**
 * What makes rows of one dimension into codes of equal length, and codes into rows again. Immutable, safe for concurrent use; what encodes
 * and decodes has memory of its own, for one thread each.
 */
public final class Codebook {

    /*
     * Every method but float16 decodes by one formula: the entries that a row's units name are added up, each at its place; the sum is
     * multiplied by the row's factor, where it has one, turned back, and the mean is added. Methods differ in their tables and in how they
     * choose the units: pq has parts that do not overlap, residual tables as wide as a row (or as a group of 16 units), int8 and rabitq
     * tables one value wide, the same one for all units of rabitq.
     *
     * The bytes, little-endian
     *     0    int32   magic, "RSCB"
     *     4    int32   format, 1
     *     8    int32   method: 0 float16, 1 int8, 2 pq, 3 residual, 4 rabitq
     *     12   int32   dimension d
     *     16   int32   units m
     *     20   int32   bits of a unit, b
     *     24   int32   flags: 1 a row has a factor, float16, behind its units; 2 all units share a table; 4 there is a rotation
     *     28   float32 what values of tables are multiplied by, a power of two
     *     32   m × (int32 first place, int32 width)
     *     …    float16 values of the tables: unit after unit, 2^b entries each; nothing for float16
     *     …    float32 × d the mean
     *     …    float32 × d × d the rotation R, row-major, where there is one: rows are coded as (x - mean) R
     *     …    int32   CRC32C of all before
     */

    static final int MAGIC = 0x42435352;
    private static final int FORMAT = 1;
    private static final int FIXED_BYTES = 32;
    private static final int FACTOR = 1;
    private static final int SHARED = 2;
    private static final int TURNED = 4;

    /** Of the greatest value of tables as it is stored: far from what float16 holds at either end. */
    private static final int STORED_EXPONENT = 10;

    private static final int CHECKSUM_BYTES = 8;

    private final CodesMethod method;
    private final int dimension;
    private final int bits;
    private final boolean factor;
    private final Tables tables;
    private final float unit;
    private final float[] mean;
    private final float[] rotation;
    private final float[] back;
    private final String checksum;

    /** Made when rows are first encoded, and shared; far larger than the tables, and given up where memory is short. */
    private SoftReference<ResidualSearch[]> searches = new SoftReference<>(null);

    private Codebook(
            CodesMethod method,
            int dimension,
            int bits,
            boolean factor,
            Tables tables,
            float unit,
            float[] mean,
            float[] rotation) {
        this.method = method;
        this.dimension = dimension;
        this.bits = bits;
        this.factor = factor;
        this.tables = tables;
        this.unit = unit;
        this.mean = mean;
        this.rotation = rotation;
        this.back = Rotations.transposed(rotation, dimension);
        this.checksum = digest(toBytes());
    }

    /** Rounds the tables to what is stored of them, so that a codebook codes as it does when it was read again. */
    static Codebook of(
            CodesMethod method,
            int dimension,
            int bits,
            boolean factor,
            Tables tables,
            float[] mean,
            float[] rotation) {
        float[] values = tables.values();
        float most = 0;
        for (float value : values) {
            most = Math.max(most, Math.abs(value));
        }
        float unit = most == 0 ? 1 : (float) Math.scalb(1.0, Math.max(-126, Math.getExponent(most) - STORED_EXPONENT));
        for (int i = 0; i < values.length; i++) {
            values[i] = unit * Float.float16ToFloat(Float.floatToFloat16(values[i] / unit));
        }
        return new Codebook(method, dimension, bits, factor, tables, unit, mean, rotation);
    }

    /**
     * Learns a codebook from rows. The same rows, options and kernels give the same to the bit, on any number of threads.
     *
     * @throws IllegalArgumentException for rows that have too many or too few values or are too few, or a value that is not finite
     * @throws InterruptedException when the caller or a worker is interrupted
     */
    public static Codebook train(DenseRows rows, CodesOptions options, Workers workers) throws InterruptedException {
        return CodebookTrainer.train(rows, options, workers);
    }

    public CodesMethod method() {
        return method;
    }

    public int dimension() {
        return dimension;
    }

    /** Units of a code. */
    public int units() {
        return tables.units();
    }

    /** Bits of a unit. */
    public int bits() {
        return bits;
    }

    /** Bytes of a row's code. */
    public int rowBytes() {
        return unitBytes() + (factor ? Short.BYTES : 0);
    }

    /** How many times fewer bytes a code has than the row in float32. */
    public double ratio() {
        return (double) Float.BYTES * dimension / rowBytes();
    }

    /** Names it: equal codebooks have equal checksums. */
    public String checksum() {
        return checksum;
    }

    /** To encode by one thread. */
    public Encoder encoder() {
        return Encoder.of(this);
    }

    /** To decode by one thread. */
    public Decoder decoder() {
        return new Decoder(this);
    }

    /** Inner products of one query with rows by their codes, for one thread. */
    public DotTable dotTable() {
        return new DotTable(this);
    }

    int unitBytes() {
        return Bits.bytes(tables.units(), bits);
    }

    boolean hasFactor() {
        return factor;
    }

    Tables tables() {
        return tables;
    }

    float[] mean() {
        return mean;
    }

    /** Empty where rows are not turned. */
    float[] rotation() {
        return rotation;
    }

    /** The rotation transposed. */
    float[] back() {
        return back;
    }

    synchronized ResidualSearch[] residualSearches() {
        ResidualSearch[] known = searches.get();
        if (known == null) {
            known = ResidualEncoder.searches(tables);
            searches = new SoftReference<>(known);
        }
        return known;
    }

    int code(MemorySegment codes, long at, int unitNumber) {
        return Bits.get(codes, at, unitNumber, bits);
    }

    /** All of it, as {@link #parse} reads it. */
    public byte[] toBytes() {
        int values = method == CodesMethod.FLOAT16 ? 0 : tables.values().length;
        long length = FIXED_BYTES
                + 2L * Integer.BYTES * tables.units()
                + (long) Short.BYTES * values
                + (long) Float.BYTES * (mean.length + rotation.length)
                + Integer.BYTES;
        byte[] content = new byte[Math.toIntExact(length)];
        ByteBuffer bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(MAGIC)
                .putInt(FORMAT)
                .putInt(method.ordinal())
                .putInt(dimension)
                .putInt(tables.units())
                .putInt(bits)
                .putInt((factor ? FACTOR : 0) | (tables.shared() ? SHARED : 0) | (rotation.length > 0 ? TURNED : 0))
                .putFloat(unit);
        for (int s = 0; s < tables.units(); s++) {
            bytes.putInt(tables.from(s)).putInt(tables.width(s));
        }
        for (int i = 0; i < values; i++) {
            bytes.putShort(Float.floatToFloat16(tables.values()[i] / unit));
        }
        bytes.asFloatBuffer().put(mean).put(rotation);
        bytes.position(content.length - Integer.BYTES);
        bytes.putInt(crc(content));
        return content;
    }

    /** @throws IllegalArgumentException when the bytes are damaged, or are no codebook */
    public static Codebook parse(byte[] content) {
        ByteBuffer bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        if (content.length < FIXED_BYTES + Integer.BYTES || bytes.getInt() != MAGIC || bytes.getInt() != FORMAT) {
            throw new IllegalArgumentException("it is no codebook of format " + FORMAT);
        }
        if (bytes.getInt(content.length - Integer.BYTES) != crc(content)) {
            throw new IllegalArgumentException("the codebook's checksum differs");
        }
        int number = bytes.getInt();
        int dimension = bytes.getInt();
        int m = bytes.getInt();
        int bits = bytes.getInt();
        int flags = bytes.getInt();
        float unit = bytes.getFloat();
        CodesMethod[] methods = CodesMethod.values();
        if (number < 0 || number >= methods.length || dimension < 1 || m < 1 || bits < 1 || bits > Short.SIZE) {
            throw new IllegalArgumentException("the codebook's header holds what none has");
        }
        try {
            CodesMethod method = methods[number];
            int[] from = new int[Math.min(m, content.length)];
            int[] width = new int[from.length];
            int values = 0;
            int entries = method == CodesMethod.FLOAT16 ? 0 : 1 << bits;
            for (int s = 0; s < from.length; s++) {
                from[s] = bytes.getInt();
                width[s] = bytes.getInt();
                if (from[s] < 0 || width[s] < 1 || width[s] > dimension - from[s]) {
                    throw new IllegalArgumentException("a unit of the codebook leaves the row: " + s);
                }
                values = (flags & SHARED) != 0 ? entries : Math.addExact(values, Math.multiplyExact(entries, width[s]));
            }
            if ((long) Short.BYTES * values > bytes.remaining()) {
                throw new IllegalArgumentException("the codebook ends before its last value");
            }
            float[] table = new float[values];
            for (int i = 0; i < values; i++) {
                table[i] = unit * Float.float16ToFloat(bytes.getShort());
            }
            float[] mean = floats(bytes, dimension);
            float[] rotation = (flags & TURNED) != 0 ? floats(bytes, (long) dimension * dimension) : new float[0];
            if (bytes.remaining() != Integer.BYTES) {
                throw new IllegalArgumentException("the codebook goes on after its last value");
            }
            Tables tables = new Tables(from, width, table, entries, (flags & SHARED) != 0);
            return new Codebook(method, dimension, bits, (flags & FACTOR) != 0, tables, unit, mean, rotation);
        } catch (BufferUnderflowException | ArithmeticException e) {
            throw new IllegalArgumentException("the codebook ends before its last value", e);
        }
    }

    private static float[] floats(ByteBuffer bytes, long count) {
        if (Float.BYTES * count > bytes.remaining()) {
            throw new IllegalArgumentException("the codebook ends before its last value");
        }
        float[] values = new float[(int) count];
        bytes.asFloatBuffer().get(values);
        bytes.position(bytes.position() + Float.BYTES * values.length);
        return values;
    }

    private static int crc(byte[] content) {
        CRC32C crc = new CRC32C();
        crc.update(content, 0, content.length - Integer.BYTES);
        return (int) crc.getValue();
    }

    private static String digest(byte[] content) {
        return Sha256.hex(content, CHECKSUM_BYTES);
    }
}
