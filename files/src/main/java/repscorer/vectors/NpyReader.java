package repscorer.vectors;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a two-dimensional NumPy array in row-major, little-endian order, a row at a time. For one thread. */
public final class NpyReader {

    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int HEADER_BYTES_MAX = 1 << 16;
    private static final int COLUMNS_MAX = 1 << 20;
    private static final Pattern TYPE = Pattern.compile("'descr'\\s*:\\s*'([^']*)'");
    private static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
    private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(\\s*(\\d+)\\s*,\\s*(\\d+)\\s*,?\\s*\\)");

    private final String file;
    private final InputStream in;
    private final String type;
    private final int valueBytes;
    private final int rows;
    private final int columns;
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
        String header = header();
        this.type = find(TYPE, header).group(1);
        this.valueBytes = switch (type) {
            case "|u1" -> 1;
            case "<f4", "<i4" -> 4;
            case "<f8", "<i8" -> 8;
            default ->
                throw new IOException(file + ": values must be u1, or little-endian f4, f8, i4 or i8: '" + type + "'");
        };
        if (find(ORDER, header).group(1).equals("True")) {
            throw new IOException(file + ": the array must be row-major, not in Fortran order");
        }
        Matcher shape = find(SHAPE, header);
        try {
            this.rows = Integer.parseInt(shape.group(1));
            this.columns = Integer.parseInt(shape.group(2));
            Math.multiplyExact(columns, valueBytes);
        } catch (NumberFormatException | ArithmeticException e) {
            throw new IOException(file + ": the array is too large: " + shape.group(), e);
        }
        if (columns > COLUMNS_MAX) {
            throw new IOException(file + ": rows have at most " + COLUMNS_MAX + " values: " + shape.group());
        }
        if (columns == 0) {
            throw new IOException(file + ": rows must not be empty: " + shape.group());
        }
    }

    private String header() throws IOException {
        byte[] start = in.readNBytes(8);
        for (int i = 0; i < MAGIC.length; i++) {
            if (start.length < 8 || start[i] != MAGIC[i]) {
                throw new IOException(file + ": not an .npy file");
            }
        }
        byte[] length = in.readNBytes(start[6] == 1 ? 2 : 4);
        long bytes = 0;
        for (int i = length.length - 1; i >= 0; i--) {
            bytes = bytes << 8 | (length[i] & 0xFF);
        }
        if (bytes > HEADER_BYTES_MAX) {
            throw new IOException(file + ": the header is too long: " + bytes + " bytes");
        }
        return new String(in.readNBytes((int) bytes), StandardCharsets.ISO_8859_1);
    }

    private Matcher find(Pattern pattern, String header) throws IOException {
        Matcher matcher = pattern.matcher(header);
        if (!matcher.find()) {
            throw new IOException(file + ": the header lacks " + pattern + ": " + header.strip());
        }
        return matcher;
    }

    /** How many rows the header claims. */
    public int rows() {
        return rows;
    }

    /**
     * The next row, as floats whatever the file holds; empty after the last one.
     *
     * @throws IOException when the file is cut short or goes on after the last row; the message names file and row
     */
    public Optional<float[]> next() throws IOException {
        if (next >= rows) {
            if (in.read() >= 0) {
                throw new IOException(file + ": more follows the " + rows + " rows that its header tells of");
            }
            return Optional.empty();
        }
        ByteBuffer row = row(next++);
        float[] vector = new float[columns];
        for (int i = 0; i < columns; i++) {
            vector[i] = switch (type) {
                case "|u1" -> row.get() & 0xFF;
                case "<f4" -> row.getFloat();
                case "<f8" -> (float) row.getDouble();
                case "<i4" -> row.getInt();
                default -> row.getLong();
            };
        }
        return Optional.of(vector);
    }

    /**
     * All rows up to a limit, as whole numbers.
     *
     * @throws IOException when the file is cut short or holds no whole numbers; the message names file and row
     */
    public int[][] ordinals(int limit) throws IOException {
        if (!type.equals("<i4") && !type.equals("<i8")) {
            throw new IOException(file + ": ordinals must be i4 or i8: '" + type + "'");
        }
        int[][] all = new int[Math.min(rows, limit)][];
        for (int r = 0; r < all.length; r++) {
            ByteBuffer row = row(r);
            int[] ordinals = new int[columns];
            for (int i = 0; i < columns; i++) {
                long ordinal = type.equals("<i4") ? row.getInt() : row.getLong();
                if (ordinal < Integer.MIN_VALUE || ordinal > Integer.MAX_VALUE) {
                    throw new IOException(file + ": record " + r + " holds " + ordinal + ", which is no ordinal");
                }
                ordinals[i] = (int) ordinal;
            }
            all[r] = ordinals;
        }
        return all;
    }

    private ByteBuffer row(int record) throws IOException {
        byte[] bytes = in.readNBytes(columns * valueBytes);
        if (bytes.length < columns * valueBytes) {
            throw new IOException(file + ": record " + record + " of " + rows + " is cut short");
        }
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
