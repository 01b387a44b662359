package repscorer.core.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import repscorer.core.disk.Disk;
import repscorer.core.disk.ForwardingDisk;

/** Notes in which order files and names reach the device, and names go; fails once where a test says so. */
final class NotingDisk extends ForwardingDisk {

    private final Path root;
    private final List<String> noted = new CopyOnWriteArrayList<>();
    private volatile String failing = "nothing";

    /** @param root of the paths that are noted */
    NotingDisk(Path root) {
        super(Disk.LOCAL);
        this.root = root;
    }

    /** What was noted since the last time. */
    List<String> noted() {
        List<String> all = List.copyOf(noted);
        noted.clear();
        return all;
    }

    /** Fails the next time that something would be noted in words that begin so, and not again. */
    void failOnceAt(String words) {
        failing = words;
    }

    private String name(Path path) {
        return root.relativize(path.toAbsolutePath()).toString();
    }

    private void note(String what) throws IOException {
        if (what.startsWith(failing)) {
            failing = "nothing";
            throw new IOException("Input/output error");
        }
        noted.add(what);
    }

    @Override
    public Output create(Path file) throws IOException {
        return new ForwardingOutput(super.create(file)) {
            @Override
            public void sync() throws IOException {
                note("write " + name(file));
                super.sync();
            }
        };
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        note("sync " + name(directory));
        super.syncDirectory(directory);
    }

    @Override
    public void move(Path from, Path to) throws IOException {
        note("move " + name(from) + " to " + name(to));
        super.move(from, to);
    }

    @Override
    public void delete(Path path) throws IOException {
        if (exists(path)) {
            note("delete " + name(path));
        }
        super.delete(path);
    }
}
