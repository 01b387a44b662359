package repscorer.vectors;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands ahead of a NumPy array of two dimensions.
 *
 * @param type of a value: {@code f}, {@code i} or {@code u} for float, signed and unsigned, and its bytes
 * @param columnMajor whether the values of a column stand together, as Fortran has them
 */
record NpyHeader(String type, ByteOrder order, boolean columnMajor, int rows, int columns) {

    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int HEADER_BYTES_MAX = 1 << 16;
    private static final int SHOWN = 128;
    private static final int COLUMNS_MAX = 1 << 20;
    private static final Pattern ENTRY = Pattern.compile(
            "\\G\\s*'(descr|fortran_order|shape)'\\s*:\\s*('[^']*'|True|False|\\([^)]*\\))\\s*(,|(?=}))");
    private static final Pattern TWO = Pattern.compile("\\(\\s*(\\d+)\\s*,\\s*(\\d+)\\s*,?\\s*\\)");
    private static final Pattern NUMBERS = Pattern.compile("[<>|=](f[248]|[iu][1248])");

    /** @param file named in complaints */
    static NpyHeader read(String file, InputStream in) throws IOException {
        Map<String, String> entries = entries(file, text(file, in));
        String type = entries.getOrDefault("descr", "").replace("'", "");
        String shape = entries.getOrDefault("shape", "");
        if (!NUMBERS.matcher(type).matches()) {
            throw new IOException(
                    file + ": values must be floats of 2, 4 or 8 bytes, or whole numbers: '" + shown(type) + "'");
        }
        Matcher two = TWO.matcher(shape);
        if (!two.matches()) {
            throw new IOException(
                    file + ": the array must have two dimensions, rows and values: its shape is " + shown(shape));
        }
        NpyHeader parsed;
        try {
            parsed = new NpyHeader(
                    type.substring(1),
                    type.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN,
                    entries.getOrDefault("fortran_order", "").equals("True"),
                    Integer.parseInt(two.group(1)),
                    Integer.parseInt(two.group(2)));
        } catch (NumberFormatException e) {
            throw new IOException(file + ": the array is too large: " + shape, e);
        }
        if (parsed.columns > COLUMNS_MAX) {
            throw new IOException(file + ": rows have at most " + COLUMNS_MAX + " values: " + shape);
        }
        if (parsed.columns == 0) {
            throw new IOException(file + ": rows must not be empty: " + shape);
        }
        return parsed;
    }

    private static String text(String file, InputStream in) throws IOException {
        byte[] start = in.readNBytes(8);
        if (start.length < 8 || !Arrays.equals(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new IOException(file + ": not an .npy file");
        }
        if (start[6] < 1 || start[6] > 3 || start[7] != 0) {
            throw new IOException(
                    "%s: its version must be 1.0, 2.0 or 3.0: %s.%s".formatted(file, start[6] & 0xFF, start[7] & 0xFF));
        }
        byte[] length = in.readNBytes(start[6] == 1 ? 2 : 4);
        long bytes = 0;
        for (int i = length.length - 1; i >= 0; i--) {
            bytes = bytes << 8 | (length[i] & 0xFF);
        }
        if (bytes > HEADER_BYTES_MAX) {
            throw new IOException(file + ": the header is too long: " + bytes + " bytes");
        }
        byte[] header = in.readNBytes((int) bytes);
        if (header.length < bytes) {
            throw new IOException(file + ": the header is cut short");
        }
        return new String(header, StandardCharsets.ISO_8859_1);
    }

    /** The dictionary that a header is, with its three keys and no more. */
    private static Map<String, String> entries(String file, String header) throws IOException {
        String text = header.strip();
        Map<String, String> entries = new HashMap<>();
        int end = text.startsWith("{") ? 1 : 0;
        for (Matcher entry = ENTRY.matcher(text).region(end, text.length());
                end > 0 && entry.find();
                end = entry.end()) {
            entries.put(entry.group(1), entry.group(2));
        }
        if (entries.size() != 3 || !text.substring(end).strip().equals("}")) {
            throw new IOException(
                    file + ": the header must be a dictionary of 'descr', 'fortran_order' and 'shape': " + shown(text));
        }
        return entries;
    }

    /** What a person can read of it, on a line. */
    private static String shown(String text) {
        String plain = text.replaceAll("[^ -~]", "?");
        return plain.length() <= SHOWN ? plain : plain.substring(0, SHOWN) + "...";
    }

    int valueBytes() {
        return type.charAt(1) - '0';
    }
}
