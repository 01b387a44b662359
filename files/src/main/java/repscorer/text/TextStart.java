package repscorer.text;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;

/** The head of a text file: a byte order mark is no part of its first row. */
public final class TextStart {

    private TextStart() {}

    /**
     * The text without the mark.
     *
     * @throws IOException when the mark is that of UTF-16
     */
    public static InputStream skipMark(InputStream in) throws IOException {
        byte[] head = in.readNBytes(3);
        int first = head.length < 2 ? 0 : (head[0] & 0xFF) << 8 | (head[1] & 0xFF);
        if (first == 0xFEFF || first == 0xFFFE) {
            throw new IOException("its text is UTF-16; write it as UTF-8");
        }
        PushbackInputStream whole = new PushbackInputStream(in, 3);
        if (head.length < 3 || first != 0xEFBB || (head[2] & 0xFF) != 0xBF) {
            whole.unread(head);
        }
        return whole;
    }
}
