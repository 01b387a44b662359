package repscorer.core.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import repscorer.core.disk.Disk;
import repscorer.core.log.LogFormat.Header;

/**
 * The bytes of a log never change their meaning: the golden files were written by the first version, and every later one reads
 * them.
 */
class LogFormatTest {

    private static final Path GOLDEN = Path.of("src/test/resources/golden/store/releases/r2");

    /** A record as the bytes that it is. */
    private static final RecordFormat<byte[]> RAW = new RecordFormat<>() {

        @Override
        public int byteSize(byte[] each) {
            return each.length;
        }

        @Override
        public void write(byte[] each, ByteBuffer out) {
            out.put(each);
        }

        @Override
        public byte[] read(ByteBuffer in) {
            byte[] bytes = new byte[in.remaining()];
            in.get(bytes);
            return bytes;
        }
    };

    private static ByteBuffer golden(String file) throws IOException {
        return ByteBuffer.wrap(Disk.LOCAL.read(GOLDEN.resolve(file))).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void theFirstVersionsHeaderIsReadAndWrittenAsItWas() throws IOException {
        ByteBuffer sparse = golden("sparse.00000001.log");
        int identity = LogFormat.identity("r2", "sparse", 1);
        Header header = Header.read(sparse, identity).orElseThrow();
        assertThat(header).isEqualTo(new Header(1, 0, 0, 1));
        assertThat(header.toBytes(identity)).isEqualTo(sparse.slice(0, LogFormat.HEADER_BYTES));
        ByteBuffer dense = golden("dense.00000002.log");
        assertThat(Header.read(dense, LogFormat.identity("r2", "dense", 2))).hasValue(new Header(2, 1, 136, 3));
        assertThat(Header.read(dense, LogFormat.identity("r1", "dense", 2)))
                .as("another release's")
                .isEmpty();
    }

    @Test
    void theFirstVersionsGroupsAreReadAndWrittenAsTheyWere() throws IOException {
        ByteBuffer bytes = golden("dense.00000002.log");
        int identity = LogFormat.identity("r2", "dense", 2);
        int at = LogFormat.HEADER_BYTES;
        int end = LogFormat.groupEnd(bytes, at, identity);
        assertThat(LogFormat.firstSequence(bytes, at)).isEqualTo(3);
        assertThat(LogFormat.records(bytes, at)).isEqualTo(2);
        assertThat(LogFormat.firstSequence(bytes, end)).isEqualTo(5);
        assertThat(LogFormat.records(bytes, end)).isEqualTo(1);
        assertThat(LogFormat.groupEnd(bytes, end, identity)).isEqualTo(bytes.capacity());
        byte[] record = RAW.read(LogFormat.payload(bytes, end));
        assertThat(LogFormat.group(identity, 5, List.of(record), RAW))
                .isEqualTo(bytes.slice(end, bytes.capacity() - end));
    }

    @Test
    void anyFlippedBitOfAGroupOrHeaderIsFound() throws IOException {
        ByteBuffer good = golden("sparse.00000001.log");
        int identity = LogFormat.identity("r2", "sparse", 1);
        for (int bit = 0; bit < good.capacity() * Byte.SIZE; bit++) {
            ByteBuffer bad = ByteBuffer.wrap(good.array().clone()).order(ByteOrder.LITTLE_ENDIAN);
            int at = bit / Byte.SIZE;
            bad.put(at, (byte) (bad.get(at) ^ 1 << bit % Byte.SIZE));
            assertThat(
                            at < LogFormat.HEADER_BYTES
                                    ? Header.read(bad, identity).isPresent()
                                    : LogFormat.groupEnd(bad, LogFormat.HEADER_BYTES, identity) >= 0)
                    .as("bit %s", bit)
                    .isFalse();
        }
    }

    @Test
    void aGroupThatIsCutShortIsNone() throws IOException {
        ByteBuffer good = golden("sparse.00000001.log");
        int identity = LogFormat.identity("r2", "sparse", 1);
        for (int size = LogFormat.HEADER_BYTES; size < good.capacity(); size++) {
            ByteBuffer cut = good.slice(0, size).order(ByteOrder.LITTLE_ENDIAN);
            assertThat(LogFormat.groupEnd(cut, LogFormat.HEADER_BYTES, identity))
                    .isEqualTo(-1);
        }
    }
}
