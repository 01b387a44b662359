package repscorer.core.embedding;

import static repscorer.core.embedding.FileFormat.INT;
import static repscorer.core.embedding.FileFormat.LONG;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import repscorer.core.embedding.FileFormat.Section;
import repscorer.core.failure.ScorerException;
import repscorer.core.failure.ScorerException.Rejected;

/** Finds header and sections in the bytes of an embedding file. */
final class FileLayout {

    static final String CORRUPT = "corrupt-embedding-file";

    private FileLayout() {}

    /** The header of a file, whose length and checksum are right. */
    static byte[] headerBytes(Path path, MemorySegment memory) {
        if (memory.byteSize() < Long.BYTES || memory.get(LONG, 0) != FileFormat.MAGIC) {
            throw new Rejected(
                    "not-an-embedding-file",
                    "an embedding file begins with REPSCEMB: %s does not".formatted(path.getFileName()));
        }
        if (memory.byteSize() < FileFormat.FIXED_BYTES) {
            throw corrupt(path, "cut short inside the header: %s bytes".formatted(memory.byteSize()));
        }
        int version = memory.get(INT, 8);
        if (version != FileFormat.VERSION) {
            throw new Rejected(
                    "unknown-format-version",
                    "this release reads format version %s: %s has %s"
                            .formatted(FileFormat.VERSION, path.getFileName(), version));
        }
        int length = memory.get(INT, 12);
        if (!Header.lengthIsPossible(length)) {
            throw corrupt(path, "a header has at most %s bytes: %s".formatted(FileFormat.HEADER_BYTES_MAX, length));
        }
        if (length > memory.byteSize()) {
            throw corrupt(
                    path, "cut short inside the header: %s of %s bytes are there".formatted(memory.byteSize(), length));
        }
        byte[] bytes = memory.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
        if (Header.crc(bytes, length - Integer.BYTES) != memory.get(INT, length - Integer.BYTES)) {
            throw corrupt(path, "the header's checksum differs");
        }
        return bytes;
    }

    /** The sections of a file, which lie where the header says and nowhere else. */
    static Map<Section, MemorySegment> sections(Path path, MemorySegment memory, Header header, int headerLength) {
        Map<Section, MemorySegment> sections = new EnumMap<>(Section.class);
        long end = headerLength;
        for (Header.Entry entry : header.sections()) {
            String name = entry.section().words();
            if (entry.offset() != FileFormat.aligned(end)) {
                throw corrupt(
                        path,
                        "section %s must begin at %s: %s".formatted(name, FileFormat.aligned(end), entry.offset()));
            }
            if (entry.length() < 0 || entry.length() > header.fileBytes() - entry.offset()) {
                throw corrupt(
                        path,
                        "section %s must end within %s bytes: %s bytes at %s"
                                .formatted(name, header.fileBytes(), entry.length(), entry.offset()));
            }
            sections.put(entry.section(), memory.asSlice(entry.offset(), entry.length()));
            end = entry.offset() + entry.length();
        }
        if (end != header.fileBytes()) {
            throw corrupt(
                    path, "the last section must end the file: %s of %s bytes".formatted(end, header.fileBytes()));
        }
        return sections;
    }

    static ScorerException corrupt(Path path, String rule) {
        return new Rejected(CORRUPT, "%s: %s".formatted(path.getFileName(), rule));
    }
}
