package repscorer.core.embedding;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import repscorer.core.embedding.FileFormat.Section;
import repscorer.core.entity.IdTable;

/** Takes sections out of a file and holds them to their sizes. */
final class Sections {

    private Sections() {}

    static IdTable idTable(Map<Section, MemorySegment> sections, Section section, int count) {
        IdTable table = IdTable.of(section(sections, section));
        if (table.count() != count) {
            throw new IllegalArgumentException(
                    "section %s must hold %s ids: %s".formatted(section.words(), count, table.count()));
        }
        return table;
    }

    static MemorySegment sized(Map<Section, MemorySegment> sections, Section section, long bytes) {
        MemorySegment segment = section(sections, section);
        if (segment.byteSize() != bytes) {
            throw new IllegalArgumentException(
                    "section %s must have %s bytes: %s".formatted(section.words(), bytes, segment.byteSize()));
        }
        return segment;
    }

    static MemorySegment section(Map<Section, MemorySegment> sections, Section section) {
        MemorySegment segment = sections.get(section);
        if (segment == null) {
            throw new IllegalStateException("section %s is not in this form".formatted(section.words()));
        }
        return segment;
    }
}
