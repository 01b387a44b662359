package repscorer.api.changes;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import repscorer.core.log.RecordFormat;

/** How a change stands in the log: nine texts in the order of its components, each behind its length. */
final class ChangeFormat implements RecordFormat<Change> {

    static final ChangeFormat INSTANCE = new ChangeFormat();

    /** In place of the length of a text that is not there. */
    private static final int ABSENT = -1;

    private ChangeFormat() {}

    private static String[] texts(Change each) {
        return new String[] {
            each.at().toString(), each.author(), each.reason(), each.subject().name(), each.name(), each.part()
        };
    }

    private static Iterable<Optional<String>> options(Change each) {
        return java.util.List.of(each.before(), each.after(), each.refusal());
    }

    @Override
    public int byteSize(Change each) {
        int bytes = 0;
        for (String text : texts(each)) {
            bytes += Integer.BYTES + utf8(text).length;
        }
        for (Optional<String> text : options(each)) {
            bytes += Integer.BYTES + text.map(there -> utf8(there).length).orElse(0);
        }
        return bytes;
    }

    @Override
    public void write(Change each, ByteBuffer out) {
        for (String text : texts(each)) {
            write(text, out);
        }
        for (Optional<String> text : options(each)) {
            if (text.isPresent()) {
                write(text.get(), out);
            } else {
                out.putInt(ABSENT);
            }
        }
    }

    private static void write(String text, ByteBuffer out) {
        byte[] bytes = utf8(text);
        out.putInt(bytes.length).put(bytes);
    }

    @Override
    public Change read(ByteBuffer in) {
        try {
            return new Change(
                    Instant.parse(text(in).orElse("")),
                    text(in).orElse(""),
                    text(in).orElse(""),
                    Change.Subject.valueOf(text(in).orElse("")),
                    text(in).orElse(""),
                    text(in).orElse(""),
                    text(in),
                    text(in),
                    text(in));
        } catch (BufferUnderflowException | DateTimeException e) {
            throw new IllegalArgumentException("no change can be read: " + e, e);
        }
    }

    private static Optional<String> text(ByteBuffer in) {
        int length = in.getInt();
        if (length == ABSENT) {
            return Optional.empty();
        }
        if (length < 0 || length > in.remaining()) {
            throw new IllegalArgumentException("a text of a change is longer than the change: " + length);
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return Optional.of(new String(bytes, StandardCharsets.UTF_8));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
