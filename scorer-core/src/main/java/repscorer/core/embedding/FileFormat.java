package repscorer.core.embedding;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/** The numbers that {@link EmbeddingFileWriter} writes and {@link EmbeddingFile} reads. */
final class FileFormat {

    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** "REPSCEMB" in ASCII, read as a little-endian number. */
    static final long MAGIC = 0x424d_4543_5350_4552L;

    static final int VERSION = 1;
    static final int DENSE_CODE = 0;
    static final int SPARSE_CODE = 1;
    static final int TEXT_CODE = 2;
    static final int ALIGNMENT = 64;

    /** Magic, version, header bytes, file bytes, form, dimension, count, properties, sections. */
    static final int FIXED_BYTES = 48;

    static final int SECTION_ENTRY_BYTES = 24;
    static final int HEADER_BYTES_MAX = 1 << 21;
    static final int STRING_BYTES_MAX = 4_096;
    static final int PROPERTIES_MAX = 128;
    static final int COUNT_MAX = Integer.MAX_VALUE - 8;

    private FileFormat() {}

    /** The parts of a file; codes never change their meaning. */
    enum Section {
        IDS(1),
        VALUES(2),
        NORMS(3),
        OFFSETS(4),
        COLUMNS(5),
        WEIGHTS(6),
        COLUMN_IDS(7),
        LABELS(8),
        TIMES(9),
        TEXT_OFFSETS(10),
        TEXTS(11);

        final int code;

        Section(int code) {
            this.code = code;
        }

        /** The name in messages. */
        String words() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
        }
    }

    /** The sections of a form, in the order of the file. @param timed whether its rows say when they were made */
    static Section[] sections(EmbeddingFile.Form form, boolean timed) {
        Section[] all = Arrays.copyOf(sections(form), sections(form).length + 1);
        all[all.length - 1] = Section.TIMES;
        return timed ? all : sections(form);
    }

    private static Section[] sections(EmbeddingFile.Form form) {
        return switch (form) {
            case DENSE -> new Section[] {Section.IDS, Section.VALUES, Section.NORMS};
            case SPARSE ->
                new Section[] {
                    Section.IDS, Section.OFFSETS, Section.COLUMNS, Section.WEIGHTS, Section.COLUMN_IDS, Section.LABELS
                };
            case TEXT -> new Section[] {Section.IDS, Section.TEXT_OFFSETS, Section.TEXTS};
        };
    }

    static int code(EmbeddingFile.Form form) {
        return switch (form) {
            case DENSE -> DENSE_CODE;
            case SPARSE -> SPARSE_CODE;
            case TEXT -> TEXT_CODE;
        };
    }

    /** @throws IllegalArgumentException where no form has the code */
    static EmbeddingFile.Form form(int code) {
        return switch (code) {
            case DENSE_CODE -> EmbeddingFile.Form.DENSE;
            case SPARSE_CODE -> EmbeddingFile.Form.SPARSE;
            case TEXT_CODE -> EmbeddingFile.Form.TEXT;
            default -> throw new IllegalArgumentException("the form is 0 (dense), 1 (sparse) or 2 (text): " + code);
        };
    }

    static long aligned(long position) {
        return (position + ALIGNMENT - 1) & -ALIGNMENT;
    }

    /** The Euclidean norm as it stands in the norms section. */
    static float norm(double squares) {
        return (float) Math.sqrt(squares);
    }
}
