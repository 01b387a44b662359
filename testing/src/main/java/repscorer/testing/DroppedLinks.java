package repscorer.testing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/** A file of a graph without some of its links, and with checksums that are right again: an index that is broken in silence. */
public final class DroppedLinks {

    /*
     * Of the format (see the product's HnswFile) this knows: m at 24, the header's CRC at 12, a row for each section from 96 on
     * (offset 8, length 8, CRC 4), the lowest links in the first section with 2m places for each row, the upper ones in the third
     * with m; a list ends at its first negative place.
     */

    private static final int HEADER = 4096;
    private static final int CRC_AT = 12;
    private static final int M_AT = 24;
    private static final int SECTIONS_AT = 96;
    private static final int SECTION_BYTES = 20;

    private DroppedLinks() {}

    /** The graph's file that was written last, anywhere below a directory. */
    public static Path newestGraph(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(each -> each.toString().endsWith(".hnsw"))
                    .max(Comparator.comparingLong(each -> each.toFile().lastModified()))
                    .orElseThrow(() -> new IllegalStateException("no graph below " + directory));
        }
    }

    /** @param share of the links that are dropped, 0 to 1 */
    public static byte[] of(byte[] file, double share, long seed) {
        ByteBuffer copy = ByteBuffer.wrap(Arrays.copyOf(file, file.length)).order(ByteOrder.LITTLE_ENDIAN);
        int m = copy.getInt(M_AT);
        SplittableRandom random = new SplittableRandom(seed);
        drop(copy, 0, 2 * m, share, random);
        drop(copy, 2, m, share, random);
        copy.putInt(CRC_AT, 0);
        copy.putInt(CRC_AT, crc(copy, 0, HEADER));
        return copy.array();
    }

    private static void drop(ByteBuffer file, int section, int places, double share, SplittableRandom random) {
        int row = SECTIONS_AT + SECTION_BYTES * section;
        int offset = Math.toIntExact(file.getLong(row));
        int length = Math.toIntExact(file.getLong(row + 8));
        for (int list = offset; list < offset + length; list += 4 * places) {
            int kept = 0;
            int read = 0;
            for (; read < places && file.getInt(list + 4 * read) >= 0; read++) {
                if (random.nextDouble() >= share) {
                    file.putInt(list + 4 * kept++, file.getInt(list + 4 * read));
                }
            }
            for (int place = kept; place < read; place++) {
                file.putInt(list + 4 * place, -1);
            }
        }
        file.putInt(row + 16, crc(file, offset, length));
    }

    private static int crc(ByteBuffer file, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(file.array(), offset, length);
        return (int) crc.getValue();
    }
}
