package repscorer.core.log;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A log of words, for tests. */
enum Words implements RecordFormat<String> {
    FORMAT;

    @Override
    public int byteSize(String each) {
        return Short.BYTES + each.getBytes(StandardCharsets.UTF_8).length;
    }

    @Override
    public void write(String each, ByteBuffer out) {
        byte[] bytes = each.getBytes(StandardCharsets.UTF_8);
        out.putShort((short) bytes.length).put(bytes);
    }

    @Override
    public String read(ByteBuffer in) {
        int length = in.getShort();
        if (length > in.remaining()) {
            throw new IllegalArgumentException("a word ends too early");
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
