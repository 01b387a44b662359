package repscorer.core.embedding;

import static repscorer.core.embedding.FileFormat.LONG;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/** Texts of a file by row, where they lie. Safe for concurrent use. */
public final class TextRows {

    private final MemorySegment offsets;
    private final MemorySegment texts;
    private final int count;

    private TextRows(MemorySegment offsets, MemorySegment texts, int count) {
        this.offsets = offsets;
        this.texts = texts;
        this.count = count;
    }

    /** @throws IllegalArgumentException where the last offset is not the end of the texts */
    static TextRows of(MemorySegment offsets, MemorySegment texts, int count) {
        long end = offsets.get(LONG, (long) count * Long.BYTES);
        if (end != texts.byteSize()) {
            throw new IllegalArgumentException(
                    "the last offset must be the number of bytes %s: %s".formatted(texts.byteSize(), end));
        }
        return new TextRows(offsets, texts, count);
    }

    /** As it stands in files: what is no text of Unicode, such as half a surrogate pair, becomes a question mark. */
    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    public int count() {
        return count;
    }

    /** @throws IndexOutOfBoundsException when there is no such row */
    public String text(int row) {
        long from = offsets.get(LONG, (long) row * Long.BYTES);
        long to = offsets.get(LONG, (row + 1L) * Long.BYTES);
        return new String(texts.asSlice(from, to - from).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    }

    /** How many bytes a row's text has. */
    public long bytes(int row) {
        return offsets.get(LONG, (row + 1L) * Long.BYTES) - offsets.get(LONG, (long) row * Long.BYTES);
    }

    /** @throws IllegalArgumentException naming the row whose place or length breaks the format's rules */
    void verify() {
        long end = 0;
        for (int row = 0; row < count; row++) {
            long from = offsets.get(LONG, (long) row * Long.BYTES);
            long to = offsets.get(LONG, (row + 1L) * Long.BYTES);
            if (from != end || to < from || to > texts.byteSize() || to - from > Embedding.Text.BYTES_MAX) {
                throw new IllegalArgumentException("a text has 0 to %s bytes within %s: %s to %s (row %s)"
                        .formatted(Embedding.Text.BYTES_MAX, texts.byteSize(), from, to, row));
            }
            end = to;
        }
    }
}
