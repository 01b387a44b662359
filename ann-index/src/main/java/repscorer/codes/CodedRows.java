package repscorer.codes;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import repscorer.os.OffHeap;
import repscorer.parallel.Workers;
import repscorer.vector.DenseRows;

/** The codes of rows, one after the other, with the codebook that decodes them. Immutable, safe for concurrent use. */
public final class CodedRows {

    private static final int CHUNK_ROWS = 256;

    private final Codebook codebook;
    private final MemorySegment codes;
    private final int count;

    private CodedRows(Codebook codebook, MemorySegment codes, int count) {
        this.codebook = codebook;
        this.codes = codes;
        this.count = count;
    }

    /**
     * Codes in memory that the caller keeps alive and unchanged.
     *
     * @throws IllegalArgumentException when the segment has another size
     */
    public static CodedRows of(Codebook codebook, MemorySegment codes, int count) {
        if (codes.byteSize() != (long) count * codebook.rowBytes()) {
            throw new IllegalArgumentException("%s codes of %s bytes need %s bytes: %s"
                    .formatted(count, codebook.rowBytes(), (long) count * codebook.rowBytes(), codes.byteSize()));
        }
        return new CodedRows(codebook, codes.asReadOnly(), count);
    }

    /**
     * Encodes rows off the heap, each by one thread; the memory is freed when the result becomes unreachable.
     *
     * @throws IllegalArgumentException for rows of another dimension, or a value that is not finite
     * @throws InterruptedException when the caller or a worker is interrupted
     */
    public static CodedRows encode(Codebook codebook, DenseRows rows, Workers workers) throws InterruptedException {
        int d = codebook.dimension();
        if (rows.dimension() != d) {
            throw new IllegalArgumentException("the codebook is for dimension %s: %s".formatted(d, rows.dimension()));
        }
        MemorySegment codes = OffHeap.allocate((long) rows.count() * codebook.rowBytes(), Arena.ofAuto());
        Encoder[] encoders = new Encoder[workers.count()];
        float[][] values = new float[workers.count()][CHUNK_ROWS * d];
        float[][] row = new float[workers.count()][d];
        workers.run(Math.ceilDiv(rows.count(), CHUNK_ROWS), (chunk, worker) -> {
            if (encoders[worker] == null) {
                encoders[worker] = codebook.encoder();
            }
            int from = chunk * CHUNK_ROWS;
            int n = Math.min(CHUNK_ROWS, rows.count() - from);
            for (int i = 0; i < n; i++) {
                rows.copyRow(from + i, row[worker]);
                System.arraycopy(row[worker], 0, values[worker], i * d, d);
            }
            encoders[worker].encode(values[worker], n, codes, (long) from * codebook.rowBytes());
        });
        return of(codebook, codes, rows.count());
    }

    public Codebook codebook() {
        return codebook;
    }

    public int count() {
        return count;
    }

    /** The memory itself, read-only. */
    public MemorySegment codes() {
        return codes;
    }

    /**
     * Copies a row's code.
     *
     * @throws IndexOutOfBoundsException when there is no such row
     */
    public void copyCode(int ordinal, MemorySegment into, long at) {
        Objects.checkIndex(ordinal, count);
        int bytes = codebook.rowBytes();
        MemorySegment.copy(codes, (long) ordinal * bytes, into, at, bytes);
    }

    /** Some rows decoded, off the heap; for a look at what codes cost. */
    public DenseRows decoded(int[] ordinals) {
        int d = codebook.dimension();
        Decoder decoder = codebook.decoder();
        float[][] rows = new float[ordinals.length][d];
        for (int i = 0; i < ordinals.length; i++) {
            Objects.checkIndex(ordinals[i], count);
            decoder.decode(codes, (long) ordinals[i] * codebook.rowBytes(), 1, rows[i], 0);
        }
        return DenseRows.copyOf(rows);
    }
}
