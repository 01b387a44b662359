package repscorer.benchmarks.readers;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads matrices whose ids stand apart: as NumPy writes them, and records that begin with their size. */
final class MatrixOracle {

    private static final Pattern HEADER = Pattern.compile(
            "\\{'descr': '([<>=|])([fiu])4', 'fortran_order': (True|False), 'shape': \\(([0-9]{1,9}), ([0-9]{1,9})\\), }\\s*");

    private MatrixOracle() {}

    private static Expected rows(byte[] ids, List<float[]> rows) {
        Optional<String> text = TextOracle.start(ids);
        List<String> names = text.map(TextOracle::lines).orElse(List.of());
        if (text.isEmpty() || names.size() != rows.size()) {
            return Expected.broken();
        }
        Expected expected = new Expected();
        for (int i = 0; i < rows.size(); i++) {
            byte[] id = names.get(i).getBytes(StandardCharsets.ISO_8859_1);
            expected.row(Expected.utf8(id).map(String::strip), Optional.of(rows.get(i)));
        }
        return expected;
    }

    /** None where the header is not as NumPy writes it: then it may be refused, or be read as if it were. */
    static Optional<Expected> npy(byte[] file, byte[] ids) {
        ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        String magic = new String(file, 0, Math.min(8, file.length), StandardCharsets.ISO_8859_1);
        if (!magic.equals("\u0093NUMPY\u0001\u0000") || file.length < 10) {
            return magic.startsWith("\u0093NUMPY") ? Optional.empty() : Optional.of(Expected.broken());
        }
        int end = 10 + (in.getShort(8) & 0xFFFF);
        if (end > file.length) {
            return Optional.of(Expected.broken());
        }
        Matcher header = HEADER.matcher(new String(file, 10, end - 10, StandardCharsets.ISO_8859_1));
        if (!header.matches()) {
            return Optional.empty();
        }
        long rows = Long.parseLong(header.group(4));
        long columns = Long.parseLong(header.group(5));
        boolean turned = header.group(3).equals("True");
        in.order(header.group(1).equals(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        if (columns == 0 || rows * columns * 4 != file.length - end) {
            return Optional.of(Expected.broken());
        }
        List<float[]> values = new ArrayList<>();
        for (int r = 0; r < rows; r++) {
            float[] row = new float[(int) columns];
            for (int i = 0; i < columns; i++) {
                int at = (int) (end + 4 * (turned ? i * rows + r : r * columns + i));
                row[i] = switch (header.group(2)) {
                    case "f" -> in.getFloat(at);
                    case "i" -> in.getInt(at);
                    default -> in.getInt(at) & 0xFFFF_FFFFL;
                };
            }
            values.add(row);
        }
        return Optional.of(rows(ids, values));
    }

    /** @param kind of values: f of floats, i of whole numbers, b of bytes */
    static Expected records(byte[] file, byte[] ids, char kind) {
        ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        List<float[]> rows = new ArrayList<>();
        int first = 0;
        int valueBytes = kind == 'b' ? 1 : 4;
        while (in.hasRemaining()) {
            int size = in.remaining() < 4 ? -1 : in.getInt();
            boolean whole = size > 0 && (first == 0 || first == size);
            if (!whole || (long) size * valueBytes > in.remaining()) {
                return Expected.broken();
            }
            first = size;
            float[] row = new float[size];
            boolean tiny = true;
            for (int i = 0; i < size; i++) {
                row[i] = kind == 'f' ? in.getFloat() : kind == 'i' ? in.getInt() : in.get() & 0xFF;
                tiny &= Math.abs(row[i]) < Float.MIN_NORMAL;
            }
            boolean zero = true;
            for (float value : row) {
                zero &= value == 0;
            }
            rows.add(kind == 'f' && tiny && !zero ? new float[size + 1] : row); // as whole numbers look: a bad row
        }
        return rows(ids, rows);
    }
}
