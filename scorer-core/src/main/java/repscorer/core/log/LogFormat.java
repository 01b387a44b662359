package repscorer.core.log;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/** The bytes of a log segment. */
final class LogFormat {

    /*
     * Numbers are little-endian. A segment is a header, then groups; everything begins at a multiple of 8 bytes.
     *
     *   header   0   int64  magic, "REPSCLOG"
     *            8   int32  format version, 1
     *            12  int32  number of this segment
     *            16  int32  number of the segment before it, or 0; files with a number in between are no segments
     *            20  int32  0
     *            24  int64  where the segment before it ends: what stands behind that was never acknowledged
     *            32  int64  sequence of the first change in this segment
     *            40  int32  identity: CRC32C of owner (a release), name (a space) and number
     *            44  int32  CRC32C of the header up to here
     *   group    0   int32  magic, "GRUP"
     *            4   int32  bytes of the records
     *            8   int64  sequence of the first record; the others follow on
     *            16  int32  records
     *            20  int32  CRC32C of identity, the group's first 20 bytes, and the records
     *            24  the records, one after another, then zeros up to a multiple of 8
     *
     * A group is written when the one before it is on the device. So a whole group behind a broken one proves that the broken
     * one was whole once: that is damage, and a broken group with nothing behind it is a write that never ended.
     */

    static final int HEADER_BYTES = 48;
    static final int GROUP_HEADER_BYTES = 24;
    static final int VERSION = 1;

    private static final long MAGIC = 0x474f_4c43_5350_4552L;
    private static final int GROUP_MAGIC = 0x5055_5247;

    private LogFormat() {}

    /** The first bytes of a segment. */
    record Header(int number, int previous, long previousEnd, long firstSequence) {

        ByteBuffer toBytes(int identity) {
            ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            out.putLong(MAGIC).putInt(VERSION).putInt(number).putInt(previous).putInt(0);
            out.putLong(previousEnd).putLong(firstSequence).putInt(identity);
            CRC32C crc = new CRC32C();
            crc.update(out.array(), 0, HEADER_BYTES - Integer.BYTES);
            return out.putInt((int) crc.getValue()).flip();
        }

        /** Empty where the bytes are no header of this segment. */
        static Optional<Header> read(ByteBuffer in, int identity) {
            if (in.capacity() < HEADER_BYTES || in.getLong(0) != MAGIC || in.getInt(8) != VERSION) {
                return Optional.empty();
            }
            CRC32C crc = new CRC32C();
            crc.update(in.slice(0, HEADER_BYTES - Integer.BYTES));
            if (in.getInt(40) != identity || in.getInt(44) != (int) crc.getValue()) {
                return Optional.empty();
            }
            return Optional.of(new Header(in.getInt(12), in.getInt(16), in.getLong(24), in.getLong(32)));
        }
    }

    static int identity(String owner, String name, int number) {
        CRC32C crc = new CRC32C();
        crc.update((owner + "\n" + name + "\n" + number).getBytes(StandardCharsets.UTF_8));
        return (int) crc.getValue();
    }

    static ByteBuffer bytes(MemorySegment memory) {
        return memory.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** A group of records, ready to write. */
    static <R> ByteBuffer group(int identity, long firstSequence, List<R> records, RecordFormat<R> format) {
        int length = 0;
        for (R each : records) {
            length = Math.addExact(length, format.byteSize(each));
        }
        int padded = (GROUP_HEADER_BYTES + length + 7) & -8;
        ByteBuffer out = ByteBuffer.allocate(padded).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(GROUP_MAGIC).putInt(length).putLong(firstSequence).putInt(records.size());
        out.putInt(0);
        records.forEach(each -> format.write(each, out));
        out.putInt(20, crc(out, 0, length, identity));
        return out.position(0).limit(padded);
    }

    private static int crc(ByteBuffer bytes, int at, int length, int identity) {
        CRC32C crc = new CRC32C();
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            crc.update(identity >>> shift);
        }
        crc.update(bytes.slice(at, 20));
        crc.update(bytes.slice(at + GROUP_HEADER_BYTES, length));
        return (int) crc.getValue();
    }

    /** Where a whole group at {@code at} ends, or -1 where there is none. */
    static int groupEnd(ByteBuffer segment, int at, int identity) {
        if (at > segment.capacity() - GROUP_HEADER_BYTES || segment.getInt(at) != GROUP_MAGIC) {
            return -1;
        }
        int length = segment.getInt(at + 4);
        if (length < 0 || length > segment.capacity() - at - GROUP_HEADER_BYTES) {
            return -1;
        }
        int end = (at + GROUP_HEADER_BYTES + length + 7) & -8;
        if (end > segment.capacity() || segment.getInt(at + 20) != crc(segment, at, length, identity)) {
            return -1;
        }
        for (int i = at + GROUP_HEADER_BYTES + length; i < end; i++) {
            if (segment.get(i) != 0) {
                return -1;
            }
        }
        return end;
    }

    static long firstSequence(ByteBuffer segment, int at) {
        return segment.getLong(at + 8);
    }

    static int records(ByteBuffer segment, int at) {
        return segment.getInt(at + 16);
    }

    static ByteBuffer payload(ByteBuffer segment, int at) {
        return segment.slice(at + GROUP_HEADER_BYTES, segment.getInt(at + 4)).order(ByteOrder.LITTLE_ENDIAN);
    }
}
