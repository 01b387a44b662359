package repscorer.text;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** The head of a text file: a byte order mark is no part of its first row, and what is no text is known by what it begins with. */
public final class TextStart {

    private static final int HEAD = 8;

    /** What files of a format begin with, as far as no text does. */
    private record Magic(byte[] bytes, String what) {

        static Magic of(String hex, String what) {
            return new Magic(HexFormat.of().parseHex(hex), what);
        }

        boolean begins(byte[] head) {
            return Arrays.equals(bytes, Arrays.copyOf(head, bytes.length)) && head.length >= bytes.length;
        }
    }

    private static final List<Magic> FORMATS = List.of(
            Magic.of("feff", "its text is UTF-16; write it as UTF-8"),
            Magic.of("fffe", "its text is UTF-16; write it as UTF-8"),
            Magic.of("0000feff", "its text is UTF-32; write it as UTF-8"),
            Magic.of("504b0304", "it is a zip archive; unpack it, or pack it with gzip"),
            Magic.of("28b52ffd", "it is packed with zstd; unpack it, or pack it with gzip"),
            Magic.of("1f8b08", "it is packed with gzip; let its name end in .gz"),
            Magic.of("fd377a585a00", "it is packed with xz; unpack it, or pack it with gzip"),
            Magic.of("377abcaf271c", "it is a 7z archive; unpack it, or pack it with gzip"),
            Magic.of("04224d18", "it is packed with lz4; unpack it, or pack it with gzip"),
            Magic.of("5041523115", "it is Parquet"),
            Magic.of("4152524f57310000", "it is Arrow"),
            Magic.of("4f626a01", "it is Avro"),
            Magic.of("934e554d5059", "it is NumPy's .npy"),
            Magic.of("894844460d0a1a0a", "it is HDF5"));

    private static final Magic BZIP2 = Magic.of("425a68", "it is packed with bzip2; unpack it, or pack it with gzip");

    /** Stands in each block of bzip2 behind the level. */
    private static final byte[] BZIP2_BLOCK = {0x31, 0x41, 0x59, 0x26};

    private TextStart() {}

    /**
     * The text without the mark.
     *
     * @throws IOException when it begins as what is no UTF-8 text does, with what it is
     */
    public static InputStream skipMark(InputStream in) throws IOException {
        byte[] head = in.readNBytes(HEAD);
        for (Magic format : FORMATS) {
            if (format.begins(head)) {
                throw new NoTextException(format.what);
            }
        }
        if (BZIP2.begins(head) && head.length == HEAD && Arrays.equals(head, 4, HEAD, BZIP2_BLOCK, 0, HEAD - 4)) {
            throw new NoTextException(BZIP2.what);
        }
        if (everyOtherIsNul(head)) {
            throw new NoTextException("its text is UTF-16; write it as UTF-8");
        }
        boolean marked = head.length >= 3 && head[0] == (byte) 0xEF && head[1] == (byte) 0xBB && head[2] == (byte) 0xBF;
        PushbackInputStream whole = new PushbackInputStream(in, HEAD);
        whole.unread(head, marked ? 3 : 0, head.length - (marked ? 3 : 0));
        return whole;
    }

    /** As letters of ASCII are in UTF-16 without a mark. */
    private static boolean everyOtherIsNul(byte[] head) {
        int first = head.length > 0 && head[0] == 0 ? 0 : 1;
        boolean every = head.length >= 4;
        for (int i = 0; i < head.length; i++) {
            every &= (head[i] == 0) == (i % 2 == first);
        }
        return every;
    }
}
