package repscorer.core.codes;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.util.Optional;
import java.util.zip.CRC32C;
import repscorer.codes.Codebook;
import repscorer.codes.CodedRows;
import repscorer.codes.CodesOptions;
import repscorer.parallel.Workers;
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;

/**
 * The codes of all rows of an embedding file, in its order, and what they lose. Immutable, safe for concurrent use.
 *
 * @param rows the codes, with their codebook
 */
public record RowCodes(CodedRows rows, CodesLoss loss) {

    /*
     * The file, little-endian
     *     0    int64   magic, "RSCCODES"
     *     8    int32   rows
     *     12   int32   bytes of the codebook
     *     16   float64 error
     *     24   float64 recall
     *     32   int32   CRC32C of the codes
     *     36   int32   CRC32C of the header up to here
     *     40   the codebook, which ends with a checksum of its own
     *     …    the codes
     */

    private static final long MAGIC = 0x5345444F43435352L;
    private static final int HEADER_BYTES = 40;
    private static final int CHUNK_BYTES = 1 << 26;

    /**
     * Learns a codebook and codes rows by it; the same rows and options give the same codes.
     *
     * @param before a codebook to code by in place of a new one, so that what clients have of it still serves
     * @return empty where the rows are too few to learn from
     * @throws IllegalArgumentException for rows that cannot be coded so; the message says why
     * @throws InterruptedException when the caller or a worker is interrupted
     */
    public static Optional<RowCodes> make(
            DenseRows rows, Metric metric, CodesOptions options, Optional<Codebook> before, Workers workers)
            throws InterruptedException {
        if (rows.count() < options.rowsMin()) {
            return Optional.empty();
        }
        Codebook codebook = before.isPresent() ? before.get() : Codebook.train(rows, options, workers);
        CodedRows coded = CodedRows.encode(codebook, rows, workers);
        return Optional.of(new RowCodes(coded, CodesLoss.measure(rows, coded, metric)));
    }

    /** Writes all of it. */
    public void save(WritableByteChannel out) throws IOException {
        byte[] codebook = rows.codebook().toBytes();
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        header.putLong(MAGIC)
                .putInt(rows.count())
                .putInt(codebook.length)
                .putDouble(loss.error())
                .putDouble(loss.recall())
                .putInt(crc(rows.codes()));
        header.putInt(crc(MemorySegment.ofArray(header.array()).asSlice(0, HEADER_BYTES - Integer.BYTES)));
        writeFully(out, header.flip());
        writeFully(out, ByteBuffer.wrap(codebook));
        long bytes = rows.codes().byteSize();
        for (long at = 0; at < bytes; at += CHUNK_BYTES) {
            writeFully(
                    out,
                    rows.codes().asSlice(at, Math.min(CHUNK_BYTES, bytes - at)).asByteBuffer());
        }
    }

    private static void writeFully(WritableByteChannel out, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }

    /**
     * Reads what {@link #save} wrote, and checks all of it.
     *
     * @param content kept and read, must not change
     * @param of the rows whose codes they are
     * @throws IOException when it is damaged, or belongs to other rows; the message says which
     */
    public static RowCodes open(MemorySegment content, DenseRows of) throws IOException {
        if (content.byteSize() < HEADER_BYTES) {
            throw new IOException("codes are cut short inside their header");
        }
        byte[] head = content.asSlice(0, HEADER_BYTES).toArray(ValueLayout.JAVA_BYTE);
        ByteBuffer header = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
        if (header.getLong() != MAGIC
                || header.getInt(HEADER_BYTES - Integer.BYTES)
                        != crc(MemorySegment.ofArray(head).asSlice(0, HEADER_BYTES - Integer.BYTES))) {
            throw new IOException("the header of codes is damaged");
        }
        int count = header.getInt();
        int bookBytes = header.getInt();
        CodesLoss loss = new CodesLoss(header.getDouble(), header.getDouble());
        if (bookBytes < 0 || bookBytes > content.byteSize() - HEADER_BYTES) {
            throw new IOException("codes are cut short inside their codebook");
        }
        try {
            Codebook codebook =
                    Codebook.parse(content.asSlice(HEADER_BYTES, bookBytes).toArray(ValueLayout.JAVA_BYTE));
            if (count != of.count() || codebook.dimension() != of.dimension()) {
                throw new IOException("codes are of %s rows of %s values, the file has %s of %s"
                        .formatted(count, codebook.dimension(), of.count(), of.dimension()));
            }
            MemorySegment codes = content.asSlice((long) HEADER_BYTES + bookBytes);
            CodedRows rows = CodedRows.of(codebook, codes, count);
            if (crc(codes) != header.getInt()) {
                throw new IOException("the checksum of codes differs");
            }
            return new RowCodes(rows, loss);
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static int crc(MemorySegment content) {
        CRC32C crc = new CRC32C();
        for (long at = 0; at < content.byteSize(); at += CHUNK_BYTES) {
            crc.update(content.asSlice(at, Math.min(CHUNK_BYTES, content.byteSize() - at))
                    .asByteBuffer());
        }
        return (int) crc.getValue();
    }
}
