package repscorer.ann.hnsw;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.CRC32C;
import repscorer.ann.HnswParameters;
import repscorer.os.OffHeap;
import repscorer.vector.ByteRows;
import repscorer.vector.DenseRows;
import repscorer.vector.HalfRows;
import repscorer.vector.Metric;

/** An index in a file: everything but the float32 rows. */
final class HnswFile {

    /*
     * Little-endian. A header of one page, then the sections, each from a multiple of 4,096 on:
     *
     *   magic 8 | format 4 | header's CRC 4 | metric, codes, m, efConstruction 4 each | seed 8 | count, dimension, in graph,
     *   entry, repaired, outside 4 each | rows' CRC 4 | per section: offset 8 (0 for an empty one), length 8, CRC 4
     *
     * CRCs are CRC32C, the header's with zeros in its own place. The rows' CRC is of all norms and of every 64th row: it tells
     * other rows at once, while the rows' own file checks itself. Sections are mapped to be checked, and then copied to
     * memory that a shorter file cannot take away and that lies on huge pages.
     */

    private static final long MAGIC = 0x3157_534E_4853_5052L; // "RPSHNSW1"
    private static final int FORMAT = 2;

    /** Added where codes are of directions that lie close together, which are compared by their distance. */
    private static final int FORMAT_MOVED = 1;

    /** Added where rows are copies of others. */
    private static final int FORMAT_COPIES = 2;

    private static final int FORMAT_MAX = FORMAT + FORMAT_MOVED + FORMAT_COPIES;

    private static final int PAGE = 4096;
    private static final int HEADER_CRC_AT = 12;
    private static final int SECTIONS_AT = 96;
    private static final int SECTION_BYTES = 20;
    private static final int ROWS_PER_SAMPLE = 64;
    private static final int CHUNK = 1 << 24;

    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private enum Section {
        LINKS,
        UPPER_AT,
        UPPER,
        OUTSIDE,
        CODES,
        SCALES,
        TERMS,
        CALIBRATION,
        HALVES,
        COPIES
    }

    private HnswFile() {}

    /** Writes from the channel's position on, to the end of the last section. */
    static void write(WritableByteChannel channel, HnswIndex index) throws IOException {
        Graph graph = index.graph();
        MemorySegment[] sections = new MemorySegment[Section.values().length];
        sections[Section.LINKS.ordinal()] = graph.links;
        sections[Section.UPPER_AT.ordinal()] = graph.upperAt;
        sections[Section.UPPER.ordinal()] = graph.upper;
        sections[Section.OUTSIDE.ordinal()] = segment(index.outside());
        MemorySegment none = MemorySegment.NULL;
        boolean coded = index.scorer() instanceof QuantizedScorer;
        QuantizedScorer scorer = coded ? (QuantizedScorer) index.scorer() : null;
        sections[Section.CODES.ordinal()] =
                scorer == null ? none : scorer.codes().values();
        sections[Section.SCALES.ordinal()] = scorer == null ? none : scales(scorer);
        sections[Section.TERMS.ordinal()] = scorer == null ? none : scorer.terms();
        sections[Section.CALIBRATION.ordinal()] = calibration(index.calibration());
        HalfRows halves = index.halves();
        sections[Section.HALVES.ordinal()] = halves == null ? none : halves.values();
        sections[Section.COPIES.ordinal()] = copies(index);
        ByteBuffer header = ByteBuffer.allocate(PAGE).order(ByteOrder.LITTLE_ENDIAN);
        HnswParameters parameters = index.parameters();
        boolean moved = scorer != null && scorer.moved() && index.metric() == Metric.COSINE;
        int format = FORMAT + (moved ? FORMAT_MOVED : 0) + (index.copies().isEmpty() ? 0 : FORMAT_COPIES);
        header.putLong(MAGIC).putInt(format).putInt(0);
        header.putInt(index.metric().ordinal()).putInt(index.quantization().ordinal());
        header.putInt(parameters.m()).putInt(parameters.efConstruction()).putLong(parameters.seed());
        header.putInt(index.count()).putInt(index.dimension()).putInt(index.inGraph());
        header.putInt(graph.entry()).putInt(index.repaired()).putInt(index.outside().length);
        header.putInt(crc(index.rows()));
        long at = PAGE;
        for (int i = 0; i < sections.length; i++) {
            header.putLong(SECTIONS_AT + SECTION_BYTES * i, sections[i].byteSize() == 0 ? 0 : at);
            header.putLong(SECTIONS_AT + SECTION_BYTES * i + 8, sections[i].byteSize());
            header.putInt(SECTIONS_AT + SECTION_BYTES * i + 16, crc(sections[i]));
            at = Math.ceilDiv(at + sections[i].byteSize(), PAGE) * PAGE;
        }
        header.putInt(HEADER_CRC_AT, crc(MemorySegment.ofArray(header.array())));
        write(channel, MemorySegment.ofArray(header.array()));
        long written = PAGE;
        for (int i = 0; i < sections.length; i++) {
            if (sections[i].byteSize() > 0) {
                long offset = header.getLong(SECTIONS_AT + SECTION_BYTES * i);
                write(channel, MemorySegment.ofArray(new byte[(int) (offset - written)]));
                write(channel, sections[i]);
                written = offset + sections[i].byteSize();
            }
        }
    }

    static HnswIndex read(Path file, DenseRows rows) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                Arena mapping = Arena.ofShared()) {
            MemorySegment mapped = channel.map(MapMode.READ_ONLY, 0, channel.size(), mapping);
            return read(file, mapped, rows);
        }
    }

    static HnswIndex read(Path file, MemorySegment mapped, DenseRows rows) throws IOException {
        if (mapped.byteSize() < PAGE) {
            throw damaged(file, "it ends inside the header, after %s bytes".formatted(mapped.byteSize()));
        }
        ByteBuffer header = ByteBuffer.allocate(PAGE).order(ByteOrder.LITTLE_ENDIAN);
        MemorySegment.copy(mapped, 0, MemorySegment.ofArray(header.array()), 0, PAGE);
        if (header.getLong(0) != MAGIC) {
            throw damaged(file, "it does not start as an index file does");
        }
        int expected = header.getInt(HEADER_CRC_AT);
        header.putInt(HEADER_CRC_AT, 0);
        int actual = crc(MemorySegment.ofArray(header.array()));
        if (actual != expected) {
            throw damaged(
                    file, String.format(Locale.ROOT, "the header's checksum is %08x, not %08x", actual, expected));
        }
        int format = header.getInt(8);
        if (format < FORMAT || format > FORMAT_MAX) {
            throw new IOException("index file %s has format %s, and this version reads %s to %s"
                    .formatted(file, format, FORMAT, FORMAT_MAX));
        }
        boolean moved = ((format - FORMAT) & FORMAT_MOVED) != 0;
        header.position(16);
        Metric metric = Metric.values()[header.getInt()];
        Quantization quantization = Quantization.values()[header.getInt()];
        HnswParameters parameters = new HnswParameters(header.getInt(), header.getInt(), header.getLong());
        int count = header.getInt();
        int dimension = header.getInt();
        int inGraph = header.getInt();
        int entry = header.getInt();
        int repaired = header.getInt();
        int outsideCount = header.getInt();
        if (count != rows.count() || dimension != rows.dimension() || header.getInt() != crc(rows)) {
            throw new IOException(
                    "index file %s belongs to other rows: it was built over %s of dimension %s, these are %s of %s"
                            .formatted(file, count, dimension, rows.count(), rows.dimension()));
        }
        Arena arena = Arena.ofAuto();
        MemorySegment[] sections = new MemorySegment[Section.values().length];
        for (Section section : Section.values()) {
            sections[section.ordinal()] = section(file, mapped, header, section, arena);
        }
        checkGaps(file, mapped, header);
        Graph graph = Graph.of(
                parameters.m(),
                count,
                parameters.seed(),
                sections[Section.LINKS.ordinal()],
                sections[Section.UPPER_AT.ordinal()],
                sections[Section.UPPER.ordinal()],
                entry);
        RowScorer scorer = switch (quantization) {
            case NONE -> new FloatScorer(rows, metric);
            case INT8, INT8_ONLY, INT8_FLOAT16 -> {
                float[] scales = sections[Section.SCALES.ordinal()].toArray(FLOAT);
                float[] middle = new float[dimension];
                float[] step = new float[dimension];
                System.arraycopy(scales, 0, middle, 0, dimension);
                System.arraycopy(scales, dimension, step, 0, dimension);
                yield QuantizedScorer.of(
                        ByteRows.of(sections[Section.CODES.ordinal()], count, dimension),
                        metric,
                        metric == Metric.L2 || moved,
                        middle,
                        step,
                        sections[Section.TERMS.ordinal()]);
            }
        };
        int[] outside = sections[Section.OUTSIDE.ordinal()].toArray(INT);
        if (outside.length != outsideCount) {
            throw damaged(file, "it names %s rows outside the graph, not %s".formatted(outside.length, outsideCount));
        }
        HalfRows halves = quantization == Quantization.INT8_FLOAT16
                ? HalfRows.of(sections[Section.HALVES.ordinal()], metric, count, dimension)
                : null;
        return new HnswIndex(
                rows,
                parameters,
                quantization,
                graph,
                copies(file, sections[Section.COPIES.ordinal()], graph),
                scorer,
                halves,
                inGraph,
                outside,
                repaired,
                calibration(sections[Section.CALIBRATION.ordinal()]));
    }

    private static MemorySegment section(
            Path file, MemorySegment mapped, ByteBuffer header, Section section, Arena arena) throws IOException {
        int at = SECTIONS_AT + SECTION_BYTES * section.ordinal();
        long offset = header.getLong(at);
        long length = header.getLong(at + 8);
        if (offset < 0 || length < 0 || offset > mapped.byteSize() - length) {
            throw damaged(file, "it ends before its section %s does".formatted(section));
        }
        MemorySegment copy = OffHeap.allocate(length, arena);
        MemorySegment.copy(mapped, offset, copy, 0, length);
        int crc = crc(copy);
        if (crc != header.getInt(at + 16)) {
            throw damaged(
                    file,
                    String.format(
                            Locale.ROOT,
                            "the checksum of its section %s is %08x, not %08x",
                            section,
                            crc,
                            header.getInt(at + 16)));
        }
        return copy;
    }

    private static IOException damaged(Path file, String what) {
        return new IOException("index file " + file + " is damaged: " + what);
    }

    private static MemorySegment scales(QuantizedScorer scorer) {
        int dimension = scorer.middle().length;
        float[] scales = new float[2 * dimension];
        System.arraycopy(scorer.middle(), 0, scales, 0, dimension);
        System.arraycopy(scorer.step(), 0, scales, dimension, dimension);
        return segment(scales);
    }

    /* Slacks by k and ef, recalls by ef, then the codes' loss; each part's length before it. */
    private static MemorySegment calibration(Calibration calibration) {
        int efs = Calibration.EFS.length;
        float[][] slacks = calibration.slacks();
        float[] values = new float[2 + slacks.length * efs + calibration.recalls().length + 5];
        int at = 0;
        values[at++] = slacks.length;
        values[at++] = calibration.recalls().length;
        for (float[] row : slacks) {
            System.arraycopy(row, 0, values, at, efs);
            at += efs;
        }
        System.arraycopy(calibration.recalls(), 0, values, at, calibration.recalls().length);
        at += calibration.recalls().length;
        QuantizationLoss loss = calibration.loss();
        values[at++] = loss.queries();
        values[at++] = loss.errorP99();
        values[at++] = loss.recall();
        values[at++] = loss.recallReranked();
        values[at] = loss.rerankedPerK();
        return segment(values);
    }

    private static Calibration calibration(MemorySegment section) {
        float[] values = section.toArray(FLOAT);
        int efs = Calibration.EFS.length;
        int at = 2;
        float[][] slacks = new float[(int) values[0]][efs];
        for (float[] row : slacks) {
            System.arraycopy(values, at, row, 0, efs);
            at += efs;
        }
        float[] recalls = new float[(int) values[1]];
        System.arraycopy(values, at, recalls, 0, recalls.length);
        at += recalls.length;
        QuantizationLoss loss = new QuantizationLoss(
                (int) values[at], values[at + 1], values[at + 2], values[at + 3], (int) values[at + 4]);
        return new Calibration(slacks, recalls, loss);
    }

    /* By row its node, where there are copies. */
    private static MemorySegment copies(HnswIndex index) {
        int[] nodes = new int[index.copies().isEmpty() ? 0 : index.count()];
        Arrays.setAll(nodes, index.copies()::node);
        return segment(nodes);
    }

    private static Copies copies(Path file, MemorySegment section, Graph graph) throws IOException {
        int[] nodes = section.toArray(INT);
        if (nodes.length == 0) {
            return new Copies(graph.capacity);
        }
        if (nodes.length != graph.capacity) {
            throw damaged(file, "it names %s rows' nodes, not %s".formatted(nodes.length, graph.capacity));
        }
        return Copies.of(nodes);
    }

    private static MemorySegment segment(float[] values) {
        MemorySegment segment = MemorySegment.ofArray(new byte[4 * values.length]);
        MemorySegment.copy(values, 0, segment, FLOAT, 0, values.length);
        return segment;
    }

    private static MemorySegment segment(int[] values) {
        MemorySegment segment = MemorySegment.ofArray(new byte[4 * values.length]);
        MemorySegment.copy(values, 0, segment, INT, 0, values.length);
        return segment;
    }

    private static void write(WritableByteChannel channel, MemorySegment segment) throws IOException {
        for (long from = 0; from < segment.byteSize(); from += CHUNK) {
            ByteBuffer chunk = segment.asSlice(from, Math.min(CHUNK, segment.byteSize() - from))
                    .asByteBuffer();
            while (chunk.hasRemaining()) {
                channel.write(chunk);
            }
        }
    }

    /** Throws where something stands between sections or behind them, which no checksum covers. */
    private static void checkGaps(Path file, MemorySegment mapped, ByteBuffer header) throws IOException {
        long at = PAGE;
        for (Section section : Section.values()) {
            int entry = SECTIONS_AT + SECTION_BYTES * section.ordinal();
            long length = header.getLong(entry + 8);
            if (length > 0) {
                long offset = header.getLong(entry);
                for (; at < offset; at++) {
                    if (mapped.get(ValueLayout.JAVA_BYTE, at) != 0) {
                        throw damaged(file, "there is something before its section %s".formatted(section));
                    }
                }
                at = offset + length;
            }
        }
        if (at < mapped.byteSize()) {
            throw damaged(file, "it ends %s bytes after its last section".formatted(mapped.byteSize() - at));
        }
    }

    private static int crc(MemorySegment segment) {
        CRC32C crc = new CRC32C();
        for (long from = 0; from < segment.byteSize(); from += CHUNK) {
            crc.update(segment.asSlice(from, Math.min(CHUNK, segment.byteSize() - from))
                    .asByteBuffer());
        }
        return (int) crc.getValue();
    }

    private static int crc(DenseRows rows) {
        CRC32C crc = new CRC32C();
        ByteBuffer bytes =
                ByteBuffer.allocate(4 * Math.max(1, rows.dimension())).order(ByteOrder.LITTLE_ENDIAN);
        float[] values = new float[rows.dimension()];
        for (int row = 0; row < rows.count(); row++) {
            bytes.clear().putFloat(rows.norm(row));
            crc.update(bytes.flip());
            if (row % ROWS_PER_SAMPLE == 0) {
                rows.copyRow(row, values);
                bytes.clear().asFloatBuffer().put(values);
                crc.update(bytes.limit(4 * values.length));
            }
        }
        return (int) crc.getValue();
    }
}
