package repscorer.text;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens text that may be packed: with gzip, told by the file's name or its first bytes, or with zstd. */
public final class TextFile {

    private static final int GZIP = 0x1F8B;
    private static final int ZSTD = 0x28B5;
    private static final int BUFFER = 1 << 16;

    private TextFile() {}

    /**
     * The text without a byte order mark.
     *
     * @throws IOException when the file cannot be read, is not packed as its name says, or is no text; the message tells what it is
     */
    public static InputStream open(Path file) throws IOException {
        BufferedInputStream bytes = new BufferedInputStream(Files.newInputStream(file), BUFFER);
        try {
            bytes.mark(2);
            byte[] head = bytes.readNBytes(2);
            bytes.reset();
            int magic = head.length < 2 ? 0 : (head[0] & 0xFF) << 8 | (head[1] & 0xFF);
            boolean named = file.getFileName().toString().endsWith(".gz");
            InputStream text =
                    magic == GZIP || named ? new GzipStream(bytes) : magic == ZSTD ? new ZstdInputStream(bytes) : bytes;
            return TextStart.skipMark(text);
        } catch (IOException e) {
            bytes.close();
            throw e;
        }
    }
}
