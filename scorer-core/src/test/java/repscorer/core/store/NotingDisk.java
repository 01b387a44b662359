package repscorer.core.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import repscorer.core.disk.Disk;
import repscorer.core.disk.ForwardingDisk;

/** Notes in which order files and names reach the device, and names go; fails where a test says so. */
final class NotingDisk extends ForwardingDisk {

    private final Path root;
    private final List<String> noted = new CopyOnWriteArrayList<>();
    private final Set<String> open = ConcurrentHashMap.newKeySet();
    private volatile String failing = "nothing";
    private volatile boolean once;

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

    /** Files that are written to and not closed yet. */
    Set<String> open() {
        return Set.copyOf(open);
    }

    /** Fails the next time that something would be noted in words that begin so, and not again. */
    void failOnceAt(String words) {
        failAt(words);
        once = true;
    }

    /** The same until it is mended. */
    void failAt(String words) {
        once = false;
        failing = words;
    }

    void mend() {
        failing = "nothing";
    }

    private String name(Path path) {
        return root.relativize(path.toAbsolutePath()).toString();
    }

    private void note(String what) throws IOException {
        if (what.startsWith(failing)) {
            if (once) {
                mend();
            }
            throw new IOException("Input/output error");
        }
        noted.add(what);
    }

    @Override
    public Output create(Path file) throws IOException {
        Output out = super.create(file);
        open.add(name(file));
        return new ForwardingOutput(out) {
            @Override
            public void sync() throws IOException {
                note("write " + name(file));
                super.sync();
            }

            @Override
            public void close() throws IOException {
                super.close();
                open.remove(name(file));
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
