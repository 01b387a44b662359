package repscorer.core.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;

/** A file that does what another does, for tests to change. */
class ForwardingOutput implements StoreFiles.Output {

    private final StoreFiles.Output out;

    ForwardingOutput(StoreFiles.Output out) {
        this.out = out;
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
        return out.write(bytes);
    }

    @Override
    public void sync() throws IOException {
        out.sync();
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        return out.read(into);
    }

    @Override
    public long position() throws IOException {
        return out.position();
    }

    @Override
    public SeekableByteChannel position(long position) throws IOException {
        out.position(position);
        return this;
    }

    @Override
    public long size() throws IOException {
        return out.size();
    }

    @Override
    public SeekableByteChannel truncate(long size) throws IOException {
        out.truncate(size);
        return this;
    }

    @Override
    public boolean isOpen() {
        return out.isOpen();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
