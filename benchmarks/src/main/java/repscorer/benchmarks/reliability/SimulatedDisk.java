package repscorer.benchmarks.reliability;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import repscorer.core.disk.Disk;
import repscorer.core.disk.DiskFullException;

/**
 * A disk in memory that keeps apart what a process sees and what would be left after a power cut: contents survive a sync of
 * their file, names a sync of their directory. Not safe for concurrent use.
 */
public final class SimulatedDisk implements Disk {

    /*
     * Every write is remembered until it is synced. A power cut keeps any subset of the unsynced writes, each perhaps cut
     * short, and any subset of the unsynced changes of names; a rename is one change. A sync that fails forgets about half of
     * what it was to make durable, for good: the next sync of the same file succeeds without it, as kernels do.
     */

    private static final int SECTOR_BYTES = 512;

    private final SplittableRandom random;
    private final Directory root = new Directory();
    private List<NameChange> unsynced = new ArrayList<>();
    private double faults;
    private long operationsLeft = Long.MAX_VALUE;
    private boolean full;
    private int boot;

    private sealed interface Node {}

    private static final class Directory implements Node {
        TreeMap<String, Node> seen = new TreeMap<>();
        TreeMap<String, Node> durable = new TreeMap<>();
    }

    private static final class Content implements Node {
        byte[] seen = {};
        byte[] durable = {};
        final List<Write> unsynced = new ArrayList<>();
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Write(int at, byte[] bytes) {}

    /** A name taken away, a name given, or both in one. */
    private record NameChange(
            @Nullable Directory from,
            String oldName,
            @Nullable Directory to,
            String newName,
            @Nullable Node node) {}

    public SimulatedDisk(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /** Another disk with the same files. */
    public SimulatedDisk copy() {
        SimulatedDisk copy = new SimulatedDisk(0);
        fill(root, copy.root, false);
        return copy;
    }

    /** Another disk with the least that a power cut at this moment would leave. */
    public SimulatedDisk durable() {
        SimulatedDisk copy = new SimulatedDisk(0);
        fill(root, copy.root, true);
        return copy;
    }

    private static void fill(Directory from, Directory into, boolean durable) {
        (durable ? from.durable : from.seen).forEach((name, node) -> {
            switch (node) {
                case Directory directory -> {
                    Directory inner = new Directory();
                    fill(directory, inner, durable);
                    into.seen.put(name, inner);
                }
                case Content content -> {
                    Content bytes = new Content();
                    bytes.seen = (durable ? content.durable : content.seen).clone();
                    bytes.durable = bytes.seen;
                    into.seen.put(name, bytes);
                }
            }
        });
        into.durable = new TreeMap<>(into.seen);
    }

    /** From now on operations fail with this probability; 0 for none. */
    public void faults(double probability) {
        faults = probability;
    }

    /** Whether writes find no room. */
    public void full(boolean isFull) {
        full = isFull;
    }

    /** The power goes after so many operations more. */
    public void powerCutAfter(long operations) {
        operationsLeft = operations;
    }

    public boolean isDown() {
        return operationsLeft <= 0;
    }

    /** Comes back with what survived. Files that were open stay dead. */
    public void reboot() {
        boot++;
        operationsLeft = Long.MAX_VALUE;
        for (NameChange change : unsynced) {
            if (random.nextBoolean()) {
                apply(change, true);
            }
        }
        unsynced = new ArrayList<>();
        settle(root);
    }

    private void settle(Directory directory) {
        directory.seen = new TreeMap<>(directory.durable);
        for (Node node : directory.seen.values()) {
            switch (node) {
                case Directory inner -> settle(inner);
                case Content content -> {
                    for (Write write : content.unsynced) {
                        if (random.nextBoolean()) {
                            int kept = random.nextInt(3) == 0
                                    ? Math.min(
                                            write.bytes.length,
                                            SECTOR_BYTES * random.nextInt(1 + write.bytes.length / SECTOR_BYTES))
                                    : write.bytes.length;
                            content.durable = written(content.durable, write.at, Arrays.copyOf(write.bytes, kept));
                        }
                    }
                    content.unsynced.clear();
                    content.seen = content.durable.clone();
                }
            }
        }
    }

    private static byte[] written(byte[] content, int at, byte[] bytes) {
        byte[] result = Arrays.copyOf(content, Math.max(content.length, bytes.length == 0 ? 0 : at + bytes.length));
        System.arraycopy(bytes, 0, result, at > result.length ? 0 : at, bytes.length);
        return result;
    }

    private static void apply(NameChange change, boolean durable) {
        if (change.from != null) {
            (durable ? change.from.durable : change.from.seen).remove(change.oldName);
        }
        if (change.to != null && change.node != null) {
            (durable ? change.to.durable : change.to.seen).put(change.newName, change.node);
        }
    }

    private void change(
            @Nullable Directory from, String oldName, @Nullable Directory to, String newName, @Nullable Node node) {
        NameChange change = new NameChange(from, oldName, to, newName, node);
        apply(change, false);
        unsynced.add(change);
    }

    /** Counts an operation; throws when the power is out or, sometimes, a fault where one may be. */
    private void operation(String what) throws IOException {
        if (operationsLeft <= 0 || --operationsLeft <= 0) {
            throw new IOException("the machine is down");
        }
        if (faults > 0 && random.nextDouble() < faults) {
            throw random.nextBoolean()
                    ? new IOException("Input/output error: " + what)
                    : new DiskFullException("No space left on device");
        }
    }

    private @Nullable Node find(Path path) {
        Node node = root;
        for (Path name : path.toAbsolutePath().normalize()) {
            if (!(node instanceof Directory directory)) {
                return null;
            }
            node = directory.seen.get(name.toString());
        }
        return node;
    }

    private Directory parent(Path path) throws IOException {
        Path parent = path.toAbsolutePath().normalize().getParent();
        if (parent != null && find(parent) instanceof Directory directory) {
            return directory;
        }
        throw new NoSuchFileException(path.toString());
    }

    private Content content(Path path) throws IOException {
        if (find(path) instanceof Content content) {
            return content;
        }
        throw new NoSuchFileException(path.toString());
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        operation("mkdir");
        Directory at = root;
        for (Path name : directory.toAbsolutePath().normalize()) {
            Node next = at.seen.get(name.toString());
            if (next == null) {
                next = new Directory();
                change(null, "", at, name.toString(), next);
            }
            if (!(next instanceof Directory inner)) {
                throw new IOException("not a directory: " + directory);
            }
            at = inner;
        }
    }

    @Override
    public boolean exists(Path path) {
        return find(path) != null;
    }

    @Override
    public boolean isDirectory(Path path) {
        return find(path) instanceof Directory;
    }

    @Override
    public List<Path> list(Path directory) throws IOException {
        if (find(directory) instanceof Directory found) {
            return found.seen.keySet().stream().map(directory::resolve).toList();
        }
        throw new NoSuchFileException(directory.toString());
    }

    @Override
    public Output create(Path file) throws IOException {
        operation("create");
        if (full) {
            throw new DiskFullException("No space left on device");
        }
        Content content = new Content(); // a file that was there keeps its content until the name is synced
        change(null, "", parent(file), name(file), content);
        return new OpenFile(content);
    }

    @Override
    public MemorySegment map(Path file) throws IOException {
        byte[] bytes = content(file).seen;
        MemorySegment memory =
                Arena.ofAuto().allocate(Math.max(1, bytes.length), 64).asSlice(0, bytes.length);
        MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return memory.asReadOnly();
    }

    private void sync(Content content) throws IOException {
        try {
            operation("sync");
        } catch (IOException e) {
            if (!isDown()) {
                content.unsynced.removeIf(write -> random.nextBoolean());
            }
            throw e;
        }
        for (Write write : content.unsynced) {
            content.durable = written(content.durable, write.at, write.bytes);
        }
        content.unsynced.clear();
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        operation("sync of a directory");
        if (!(find(directory) instanceof Directory found)) {
            throw new NoSuchFileException(directory.toString());
        }
        for (Iterator<NameChange> each = unsynced.iterator(); each.hasNext(); ) {
            NameChange change = each.next();
            if (change.from == found || change.to == found) {
                apply(change, true);
                each.remove();
            }
        }
    }

    @Override
    public void move(Path from, Path to) throws IOException {
        operation("rename");
        Node node = find(from);
        if (node == null) {
            throw new NoSuchFileException(from.toString());
        }
        change(parent(from), name(from), parent(to), name(to), node);
    }

    @Override
    public void delete(Path path) throws IOException {
        operation("unlink");
        if (find(path) != null) {
            change(parent(path), name(path), null, "", null);
        }
    }

    /** A process of its own each time: who cuts the power holds nothing any more. */
    @Override
    public Closeable lock(Path directory) {
        return () -> {};
    }

    @Override
    public long usableBytes(Path directory) {
        return full ? 0 : 1L << 40;
    }

    /** Flips one bit of a file, as a failing device does. */
    public void flip(Path file, long bit) throws IOException {
        Content content = content(file);
        content.seen[(int) (bit / Byte.SIZE)] ^= (byte) (1 << (bit % Byte.SIZE));
        content.durable = content.seen.clone();
    }

    /** How long a file is. */
    public long size(Path file) throws IOException {
        return content(file).seen.length;
    }

    /** All files below a directory. */
    public List<Path> files(Path directory) throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path each : list(directory)) {
            if (isDirectory(each)) {
                found.addAll(files(each));
            } else {
                found.add(each);
            }
        }
        return found;
    }

    private final class OpenFile implements Output {

        private final Content content;
        private final int openedIn = boot;
        private int position;
        private boolean open = true;

        OpenFile(Content content) {
            this.content = content;
        }

        private void check() throws IOException {
            if (!open || openedIn != boot) {
                throw new IOException("the file is closed");
            }
        }

        @Override
        public int write(ByteBuffer bytes) throws IOException {
            check();
            int length = bytes.remaining();
            boolean fails = false;
            try {
                operation("write");
                if (full) {
                    throw new DiskFullException("No space left on device");
                }
            } catch (IOException e) {
                if (isDown() || length == 0) {
                    throw e;
                }
                fails = true;
            }
            int taken = fails || (faults > 0 && random.nextInt(4) == 0) ? 1 + random.nextInt(length) : length;
            byte[] copy = new byte[taken];
            bytes.get(copy);
            content.seen = written(content.seen, position, copy);
            content.unsynced.add(new Write(position, copy));
            position += taken;
            if (fails) {
                throw new DiskFullException("No space left on device");
            }
            return taken;
        }

        @Override
        public void sync() throws IOException {
            check();
            SimulatedDisk.this.sync(content);
        }

        @Override
        public void position(long newPosition) {
            position = (int) newPosition;
        }

        @Override
        public boolean isOpen() {
            return open;
        }

        @Override
        public void close() {
            open = false;
        }
    }
}
