package repscorer.core.embedding;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import repscorer.core.disk.Disk;

/** Writes numbers little-endian to a file, counts bytes and keeps the checksum of the section under way. */
final class SectionOutput {

    private static final int CHUNK_BYTES = 1 << 30;

    private final Disk.Output channel;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 18).order(ByteOrder.LITTLE_ENDIAN);
    private final CRC32C crc = new CRC32C();
    private long position;

    SectionOutput(Disk.Output channel) {
        this.channel = channel;
    }

    long position() {
        return position;
    }

    /** Fills up with zeros to a multiple of the alignment and begins a checksum. */
    void beginSection() throws IOException {
        padTo(FileFormat.aligned(position));
        flush();
        crc.reset();
    }

    /** Flushes and answers the checksum since the section began. */
    int endSection() throws IOException {
        flush();
        return (int) crc.getValue();
    }

    void padTo(long target) throws IOException {
        while (position < target) {
            room(1).put((byte) 0);
            position++;
        }
    }

    void writeLong(long value) throws IOException {
        room(Long.BYTES).putLong(value);
        position += Long.BYTES;
    }

    void writeInt(int value) throws IOException {
        room(Integer.BYTES).putInt(value);
        position += Integer.BYTES;
    }

    void writeFloat(float value) throws IOException {
        room(Float.BYTES).putFloat(value);
        position += Float.BYTES;
    }

    void writeBytes(byte[] bytes) throws IOException {
        room(bytes.length).put(bytes);
        position += bytes.length;
    }

    void write(MemorySegment segment) throws IOException {
        flush();
        for (long at = 0; at < segment.byteSize(); at += CHUNK_BYTES) {
            long length = Math.min(CHUNK_BYTES, segment.byteSize() - at);
            ByteBuffer chunk = segment.asSlice(at, length).asByteBuffer();
            crc.update(chunk.duplicate());
            channel.writeFully(chunk);
            position += length;
        }
    }

    void flush() throws IOException {
        buffer.flip();
        crc.update(buffer.duplicate());
        channel.writeFully(buffer);
        buffer.clear();
    }

    private ByteBuffer room(int bytes) throws IOException {
        if (buffer.remaining() < bytes) {
            flush();
        }
        return buffer;
    }
}
