package repscorer.core.log;

import java.nio.ByteBuffer;

/** How one kind of record stands in a log: little-endian, as many bytes as it says. */
public interface RecordFormat<R> {

    int byteSize(R each);

    void write(R each, ByteBuffer out);

    /** @throws IllegalArgumentException when the bytes are no record */
    R read(ByteBuffer in);
}
