package repscorer.core.disk;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/** A disk over another one, for those that change some of its operations. What is made of several operations asks this disk's. */
public class ForwardingDisk implements Disk {

    private final Disk disk;

    protected ForwardingDisk(Disk disk) {
        this.disk = disk;
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        disk.createDirectories(directory);
    }

    @Override
    public boolean exists(Path path) {
        return disk.exists(path);
    }

    @Override
    public boolean isDirectory(Path path) {
        return disk.isDirectory(path);
    }

    @Override
    public List<Path> list(Path directory) throws IOException {
        return disk.list(directory);
    }

    @Override
    public Output create(Path file) throws IOException {
        return disk.create(file);
    }

    @Override
    public MemorySegment map(Path file) throws IOException {
        return disk.map(file);
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        disk.syncDirectory(directory);
    }

    @Override
    public void move(Path from, Path to) throws IOException {
        disk.move(from, to);
    }

    @Override
    public void delete(Path path) throws IOException {
        disk.delete(path);
    }

    @Override
    public long usableBytes(Path directory) throws IOException {
        return disk.usableBytes(directory);
    }

    @Override
    public Closeable lock(Path directory) throws IOException {
        return disk.lock(directory);
    }

    /** An output over another one. */
    public static class ForwardingOutput implements Output {

        private final Output out;

        protected ForwardingOutput(Output out) {
            this.out = out;
        }

        @Override
        public int write(ByteBuffer bytes) throws IOException {
            return out.write(bytes);
        }

        @Override
        public void position(long position) throws IOException {
            out.position(position);
        }

        @Override
        public void sync() throws IOException {
            out.sync();
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
}
