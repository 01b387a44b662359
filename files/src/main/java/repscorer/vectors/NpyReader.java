package repscorer.vectors;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import repscorer.text.Numbers;

/**
 * Reads a two-dimensional NumPy array of numbers, a row at a time. One in Fortran order is read whole at its first row, and may
 * take a quarter of the heap. For one thread.
 */
public final class NpyReader {

    private final String file;
    private final InputStream in;
    private final NpyHeader header;
    private ByteBuffer[] columns = {};
    private int next;

    /**
     * Reads the header.
     *
     * @param file named in complaints
     * @throws IOException when it is no such array, or one of other values; the message names the file
     */
    public NpyReader(String file, InputStream in) throws IOException {
        this.file = file;
        this.in = in;
        this.header = NpyHeader.read(file, in);
    }

    /** How many rows the header claims. */
    public int rows() {
        return header.rows();
    }

    /**
     * The next row, as floats whatever the file holds; empty after the last one.
     *
     * @throws IOException when the file is cut short or goes on after the last row; the message names file and row
     * @throws ArithmeticException when a value is more than float32 holds; the row is passed over
     */
    public Optional<float[]> next() throws IOException {
        if (next >= header.rows()) {
            requireEnd();
            return Optional.empty();
        }
        if (header.columnMajor() && next == 0) {
            readColumns();
        }
        int row = next++;
        float[] vector = new float[header.columns()];
        ByteBuffer values = header.columnMajor() ? ByteBuffer.allocate(0) : row(row);
        for (int i = 0; i < vector.length; i++) {
            vector[i] = header.columnMajor() ? value(columns[i], row) : value(values, i);
        }
        return Optional.of(vector);
    }

    private void requireEnd() throws IOException {
        if (in.read() >= 0) {
            throw new IOException(file + ": more follows the " + header.rows() + " rows that its header tells of");
        }
    }

    private void readColumns() throws IOException {
        long bytes = (long) header.rows() * header.columns() * header.valueBytes();
        long bytesMax = Math.min(Integer.MAX_VALUE, Runtime.getRuntime().maxMemory() / 4);
        if (bytes > bytesMax) {
            throw new IOException(
                    "%s: it is in Fortran order, and to turn it takes %s MiB, more than the %s there are for it; save a copy made by numpy.ascontiguousarray"
                            .formatted(file, bytes >> 20, bytesMax >> 20));
        }
        columns = new ByteBuffer[header.columns()];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = read(header.rows(), "column " + (i + 1) + " of " + columns.length);
        }
    }

    private ByteBuffer row(int row) throws IOException {
        return read(header.columns(), "row " + (row + 1) + " of " + header.rows());
    }

    private ByteBuffer read(int values, String what) throws IOException {
        byte[] bytes = in.readNBytes(values * header.valueBytes());
        if (bytes.length < values * header.valueBytes()) {
            throw new IOException(file + ": " + what + " is cut short");
        }
        return ByteBuffer.wrap(bytes).order(header.order());
    }

    private float value(ByteBuffer values, int i) {
        return switch (header.type()) {
            case "f2" -> Float.float16ToFloat(values.getShort(2 * i));
            case "f4" -> values.getFloat(4 * i);
            case "f8" -> Numbers.float32(values.getDouble(8 * i));
            case "u8" -> Numbers.unsigned(values.getLong(8 * i));
            default -> whole(values, i);
        };
    }

    private long whole(ByteBuffer values, int i) {
        return switch (header.type()) {
            case "i1" -> values.get(i);
            case "u1" -> values.get(i) & 0xFF;
            case "i2" -> values.getShort(2 * i);
            case "u2" -> values.getShort(2 * i) & 0xFFFF;
            case "i4" -> values.getInt(4 * i);
            case "u4" -> values.getInt(4 * i) & 0xFFFF_FFFFL;
            default -> values.getLong(8 * i);
        };
    }

    /**
     * All rows up to a limit, as whole numbers.
     *
     * @throws IOException when the file is cut short or holds no whole numbers; the message names file and row
     */
    public int[][] ordinals(int limit) throws IOException {
        if (!header.type().matches("i[48]") || header.columnMajor()) {
            throw new IOException(file + ": ordinals must be i4 or i8, in C order: '" + header.type() + "'");
        }
        int[][] all = new int[Math.min(header.rows(), limit)][];
        for (int r = 0; r < all.length; r++) {
            ByteBuffer row = row(r);
            int[] ordinals = new int[header.columns()];
            for (int i = 0; i < ordinals.length; i++) {
                long ordinal = whole(row, i);
                if (ordinal < Integer.MIN_VALUE || ordinal > Integer.MAX_VALUE) {
                    throw new IOException(file + ": row " + (r + 1) + " holds " + ordinal + ", which is no ordinal");
                }
                ordinals[i] = (int) ordinal;
            }
            all[r] = ordinals;
        }
        return all;
    }
}
