package repscorer.core.embedding;

import static repscorer.core.embedding.FileFormat.FLOAT;
import static repscorer.core.embedding.FileFormat.INT;
import static repscorer.core.embedding.FileFormat.LONG;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.zip.CRC32C;
import repscorer.core.embedding.FileFormat.Section;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.IdTable;

/**
 * Reads a whole embedding file once and holds it to the format's rules. Complains by {@link IllegalArgumentException}, naming
 * the section or the row and the rule.
 */
final class FileVerifier {

    private final EmbeddingFile file;
    private final MemorySegment memory;
    private final Header header;
    private final Map<Section, MemorySegment> sections;

    FileVerifier(EmbeddingFile file, MemorySegment memory, Header header, Map<Section, MemorySegment> sections) {
        this.file = file;
        this.memory = memory;
        this.header = header;
        this.sections = sections;
    }

    void verify() {
        verifyChecksums();
        verifyIds();
        switch (header.form()) {
            case DENSE -> verifyDenseRows();
            case SPARSE -> {
                verifySparseRows();
                verifyLabels();
            }
            case TEXT -> file.texts().verify();
        }
    }

    private void verifyChecksums() {
        long end = header.byteSize();
        for (Header.Entry entry : header.sections()) {
            for (long at = end; at < entry.offset(); at++) {
                if (memory.get(ValueLayout.JAVA_BYTE, at) != 0) {
                    throw new IllegalArgumentException("bytes between sections must be zero: byte %s".formatted(at));
                }
            }
            if (crc(Sections.section(sections, entry.section())) != entry.crc()) {
                throw new IllegalArgumentException("the checksum of section %s differs"
                        .formatted(entry.section().words()));
            }
            end = entry.offset() + entry.length();
        }
    }

    private static int crc(MemorySegment segment) {
        CRC32C crc = new CRC32C();
        for (long at = 0; at < segment.byteSize(); at += EmbeddingFile.CHECKSUM_CHUNK_BYTES) {
            long length = Math.min(EmbeddingFile.CHECKSUM_CHUNK_BYTES, segment.byteSize() - at);
            crc.update(segment.asSlice(at, length).asByteBuffer());
        }
        return (int) crc.getValue();
    }

    private void verifyIds() {
        file.ids().verify();
        EntityId previous = null;
        for (int row = 0; row < header.count(); row++) {
            EntityId id = file.ids().id(row);
            if (!id.kind().equals(header.kind())) {
                throw new IllegalArgumentException(
                        "ids must be of kind %s: %s (row %s)".formatted(header.kind(), id, row));
            }
            if (previous != null && previous.compareTo(id) >= 0) {
                throw new IllegalArgumentException(
                        "rows must be sorted by id: %s after %s (row %s)".formatted(id, previous, row));
            }
            previous = id;
        }
        file.columns().ifPresent(IdTable::verify);
    }

    private void verifyDenseRows() {
        MemorySegment values = Sections.section(sections, Section.VALUES);
        MemorySegment norms = Sections.section(sections, Section.NORMS);
        int dimension = header.dimension();
        long at = 0;
        for (int row = 0; row < header.count(); row++) {
            double squares = 0;
            for (int i = 0; i < dimension; i++, at += Float.BYTES) {
                float value = values.get(FLOAT, at);
                if (!Float.isFinite(value)) {
                    throw new IllegalArgumentException("values must be finite: %s in column %s (row %s, %s)"
                            .formatted(value, i, row, file.ids().id(row)));
                }
                squares += (double) value * value;
            }
            float norm = norms.get(FLOAT, (long) row * Float.BYTES);
            float expected = FileFormat.norm(squares);
            if (!(Math.abs(norm - expected) <= 1e-5f * expected) || !Float.isFinite(norm)) {
                throw new IllegalArgumentException("the norm must be that of the row, %s: %s (row %s, %s)"
                        .formatted(expected, norm, row, file.ids().id(row)));
            }
        }
    }

    private void verifySparseRows() {
        MemorySegment offsets = Sections.section(sections, Section.OFFSETS);
        MemorySegment columnNumbers = Sections.section(sections, Section.COLUMNS);
        MemorySegment weights = Sections.section(sections, Section.WEIGHTS);
        long entries = columnNumbers.byteSize() / Integer.BYTES;
        long entry = 0;
        for (int row = 0; row < header.count(); row++) {
            long from = offsets.get(LONG, (long) row * Long.BYTES);
            long to = offsets.get(LONG, (row + 1L) * Long.BYTES);
            if (from != entry || to < from || to > entries) {
                throw new IllegalArgumentException(
                        "offsets must ascend from 0 to %s: %s to %s (row %s)".formatted(entries, from, to, row));
            }
            int previous = -1;
            for (; entry < to; entry++) {
                int column = columnNumbers.get(INT, entry * Integer.BYTES);
                float weight = weights.get(FLOAT, entry * Float.BYTES);
                if (column <= previous || column >= header.dimension()) {
                    throw new IllegalArgumentException("columns must ascend within 0 to %s: %s after %s (row %s, %s)"
                            .formatted(
                                    header.dimension() - 1,
                                    column,
                                    previous,
                                    row,
                                    file.ids().id(row)));
                }
                if (!(weight > 0) || weight == Float.POSITIVE_INFINITY) {
                    throw new IllegalArgumentException(
                            "weights must be positive and finite: %s in column %s (row %s, %s)"
                                    .formatted(weight, column, row, file.ids().id(row)));
                }
                previous = column;
            }
        }
        if (entry != entries) {
            throw new IllegalArgumentException("rows must cover all %s entries: %s".formatted(entries, entry));
        }
    }

    private void verifyLabels() {
        MemorySegment labels = Sections.section(sections, Section.LABELS);
        long textBytes = labels.byteSize() - (header.dimension() + 1L) * Long.BYTES;
        long previous = 0;
        for (int column = 0; column <= header.dimension(); column++) {
            long offset = labels.get(LONG, (long) column * Long.BYTES);
            if (offset < previous || offset > textBytes || offset - previous > FileFormat.STRING_BYTES_MAX) {
                throw new IllegalArgumentException("a label has 0 to %s bytes within %s: %s to %s (column %s)"
                        .formatted(FileFormat.STRING_BYTES_MAX, textBytes, previous, offset, column - 1));
            }
            previous = offset;
        }
        if (labels.get(LONG, 0) != 0 || previous != textBytes) {
            throw new IllegalArgumentException("labels must cover %s bytes: %s".formatted(textBytes, previous));
        }
    }
}
