package repscorer.core.embedding;

import static repscorer.core.embedding.FileFormat.FIXED_BYTES;
import static repscorer.core.embedding.FileFormat.HEADER_BYTES_MAX;
import static repscorer.core.embedding.FileFormat.STRING_BYTES_MAX;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import repscorer.core.embedding.EmbeddingFile.Form;
import repscorer.core.embedding.FileFormat.Section;
import repscorer.core.entity.EntityKind;
import repscorer.digest.Sha256;

/**
 * The first bytes of an embedding file: what is in it, and where. Holds the checksum of every section, so that its own
 * digest stands for the whole content.
 *
 * @param sections as many as the form has, in the order of the file
 */
record Header(
        String space,
        String model,
        EntityKind kind,
        Form form,
        int count,
        int dimension,
        TreeMap<String, String> properties,
        List<Entry> sections,
        long fileBytes) {

    /** Where a section is and the CRC32C of its bytes. */
    record Entry(Section section, int crc, long offset, long length) {}

    /** How long the header is with these words in it; the sections' places do not change it. */
    int byteSize() {
        return byteSize(sections.size());
    }

    /** The same with so many sections. */
    int byteSize(int sectionCount) {
        int size = FIXED_BYTES + sized(space) + sized(model) + sized(kind.name()) + Integer.BYTES;
        for (Map.Entry<String, String> property : properties.entrySet()) {
            size += sized(property.getKey()) + sized(property.getValue());
        }
        return size + sectionCount * FileFormat.SECTION_ENTRY_BYTES;
    }

    byte[] toBytes() {
        ByteBuffer out = ByteBuffer.allocate(byteSize()).order(ByteOrder.LITTLE_ENDIAN);
        out.putLong(FileFormat.MAGIC).putInt(FileFormat.VERSION).putInt(out.capacity());
        out.putLong(fileBytes).putInt(FileFormat.code(form)).putInt(dimension).putLong(count);
        out.putInt(properties.size()).putInt(sections.size());
        put(out, space);
        put(out, model);
        put(out, kind.name());
        properties.forEach((key, value) -> {
            put(out, key);
            put(out, value);
        });
        for (Entry entry : sections) {
            out.putInt(entry.section.code)
                    .putInt(entry.crc)
                    .putLong(entry.offset)
                    .putLong(entry.length);
        }
        out.putInt(crc(out.array(), out.position()));
        return out.array();
    }

    /**
     * Reads a header whose length and checksum are already known to be right.
     *
     * @throws IllegalArgumentException naming the rule that it breaks
     */
    static Header parse(byte[] bytes) {
        try {
            return parse(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("the header ends too early", e);
        }
    }

    private static Header parse(ByteBuffer in) {
        in.position(16);
        long fileBytes = in.getLong();
        Form form = FileFormat.form(in.getInt());
        int dimension = in.getInt();
        long count = in.getLong();
        int propertyCount = in.getInt();
        int sectionCount = in.getInt();
        int dimensionMax = form == Form.DENSE ? DenseSpace.DIMENSION_MAX : FileFormat.COUNT_MAX;
        int dimensionMin = form == Form.DENSE ? 1 : 0;
        if (dimension < dimensionMin || dimension > dimensionMax) {
            throw new IllegalArgumentException(
                    "the dimension is %s to %s: %s".formatted(dimensionMin, dimensionMax, dimension));
        }
        if (count < 0 || count > FileFormat.COUNT_MAX) {
            throw new IllegalArgumentException("the count is 0 to %s: %s".formatted(FileFormat.COUNT_MAX, count));
        }
        if (propertyCount < 0 || propertyCount > FileFormat.PROPERTIES_MAX) {
            throw new IllegalArgumentException(
                    "a file has 0 to %s properties: %s".formatted(FileFormat.PROPERTIES_MAX, propertyCount));
        }
        boolean timed = sectionCount == FileFormat.sections(form, true).length;
        Section[] expected = FileFormat.sections(form, timed);
        if (sectionCount != expected.length) {
            throw new IllegalArgumentException(
                    "a %s file has %s sections: %s".formatted(form, expected.length, sectionCount));
        }
        String space = string(in);
        String model = string(in);
        Space.checkName("space", space);
        Space.checkName("model", model);
        EntityKind kind = new EntityKind(string(in));
        TreeMap<String, String> properties = new TreeMap<>();
        for (int i = 0; i < propertyCount; i++) {
            String key = string(in);
            if (!properties.isEmpty() && properties.lastKey().compareTo(key) >= 0) {
                throw new IllegalArgumentException(
                        "properties must ascend: '%s' after '%s'".formatted(key, properties.lastKey()));
            }
            properties.put(key, string(in));
        }
        List<Entry> sections = new ArrayList<>();
        for (Section section : expected) {
            int code = in.getInt();
            if (code != section.code) {
                throw new IllegalArgumentException(
                        "section %s has code %s: %s".formatted(section.words(), section.code, code));
            }
            sections.add(new Entry(section, in.getInt(), in.getLong(), in.getLong()));
        }
        if (in.remaining() != Integer.BYTES) {
            throw new IllegalArgumentException(
                    "the header has %s bytes too many".formatted(in.remaining() - Integer.BYTES));
        }
        return new Header(
                space, model, kind, form, (int) count, dimension, properties, List.copyOf(sections), fileBytes);
    }

    /** The first 16 hexadecimal digits of the SHA-256 of a header. */
    static String digest(byte[] header) {
        return Sha256.hex(header, 8);
    }

    static int crc(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    static boolean lengthIsPossible(int headerBytes) {
        return headerBytes >= FIXED_BYTES + Integer.BYTES && headerBytes <= HEADER_BYTES_MAX;
    }

    private static int sized(String text) {
        return Integer.BYTES + text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static void put(ByteBuffer out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.putInt(bytes.length).put(bytes);
    }

    private static String string(ByteBuffer in) {
        int length = in.getInt();
        if (length < 0 || length > STRING_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "a word of the header has 0 to %s bytes: %s".formatted(STRING_BYTES_MAX, length));
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
