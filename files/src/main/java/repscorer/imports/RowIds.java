package repscorer.imports;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import repscorer.text.GzipStream;
import repscorer.text.Lines;
import repscorer.text.TextStart;
import repscorer.text.Utf8;

/** The ids of a matrix's rows in their order, as bytes: what is no text is told with its row. For one thread. */
public final class RowIds {

    static final int ID_BYTES_MAX = 1 << 10;

    private final long bytesMax;
    private byte[] pool = new byte[1 << 12];
    private int[] ends = new int[1 << 8];
    private int count;

    /** @param bytesMax of all ids together */
    RowIds(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** An eighth of the heap: as many as rows can be kept of, and more. */
    static RowIds empty() {
        return new RowIds(Math.min(1 << 30, Runtime.getRuntime().maxMemory() / 8));
    }

    /** One id a line of a file, which may be packed. */
    static RowIds of(Path file) throws IOException {
        RowIds ids = empty();
        String name = String.valueOf(file.getFileName());
        try (InputStream raw = Files.newInputStream(file);
                InputStream in = name.endsWith(".gz") ? new GzipStream(raw) : raw) {
            Lines lines = new Lines(TextStart.skipMark(in), ID_BYTES_MAX);
            while (lines.next()) {
                ids.add(lines.bytes());
            }
        } catch (java.nio.file.FileSystemException e) {
            throw e;
        } catch (IOException e) {
            throw new UnreadableRowsException(name, e);
        }
        return ids;
    }

    /**
     * Ids ahead of a matrix, ended by an empty line.
     *
     * @throws IllegalArgumentException when no empty line ends them
     */
    static RowIds ahead(InputStream bytes) throws IOException {
        RowIds ids = empty();
        byte[] line = new byte[ID_BYTES_MAX + 1];
        int length = 0;
        while (true) {
            int read = bytes.read();
            if (read < 0 || length > ID_BYTES_MAX) {
                throw new IllegalArgumentException(
                        "ids come ahead of the rows, one a line of at most %s bytes, ended by an empty line: %s read"
                                .formatted(ID_BYTES_MAX, ids.count()));
            }
            if (read != '\n') {
                line[length++] = (byte) read;
                continue;
            }
            int from = ids.count == 0 && startsWithMark(line, length) ? 3 : 0;
            byte[] id = Arrays.copyOfRange(line, from, length);
            length = 0;
            if (isBlank(id)) {
                return ids;
            }
            ids.add(id);
        }
    }

    private static boolean startsWithMark(byte[] line, int length) {
        return length >= 3 && line[0] == (byte) 0xEF && line[1] == (byte) 0xBB && line[2] == (byte) 0xBF;
    }

    private static boolean isBlank(byte[] line) {
        for (byte b : line) {
            if (b < 0 || b > ' ') {
                return false;
            }
        }
        return true;
    }

    void add(byte[] id) {
        long end = (count == 0 ? 0 : ends[count - 1]) + (long) id.length;
        if (end + 4L * count > bytesMax) {
            throw new IllegalArgumentException(
                    "the ids take more than %s MiB, which is what this process has for them: row %s; give it more with -Xmx"
                            .formatted(bytesMax >> 20, count + 1));
        }
        if (end > pool.length) {
            pool = Arrays.copyOf(pool, (int) Math.max(end, Math.min(2L * pool.length, bytesMax)));
        }
        if (count == ends.length) {
            ends = Arrays.copyOf(ends, 2 * count);
        }
        System.arraycopy(id, 0, pool, (int) end - id.length, id.length);
        ends[count++] = (int) end;
    }

    int count() {
        return count;
    }

    /**
     * @param row counted from 0
     * @throws IllegalArgumentException when the id is no UTF-8
     */
    String text(int row) {
        return Utf8.text(Arrays.copyOfRange(pool, row == 0 ? 0 : ends[row - 1], ends[row]))
                .strip();
    }
}
