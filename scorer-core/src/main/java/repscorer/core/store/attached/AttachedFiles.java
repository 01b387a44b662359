package repscorer.core.store.attached;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import repscorer.core.disk.AtomicFile;
import repscorer.core.disk.Disk;
import repscorer.core.failure.ScorerException.Conflict;
import repscorer.core.failure.ScorerException.Invalid;

/** What is attached to the release of one directory. Each file ends with a CRC-32C of all before, little-endian. */
public final class AttachedFiles {

    /** Ends their names, and no other file's. */
    public static final String SUFFIX = ".adapter";

    /** Attached to one release at most. */
    public static final int COUNT_MAX = 50;

    /** Of one of them. */
    public static final int BYTES_MAX = 1 << 28;

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,99}");

    private final Disk disk;
    private final Path directory;

    public AttachedFiles(Disk disk, Path directory) {
        this.disk = disk;
        this.directory = directory;
    }

    public static boolean isAttached(Path path) {
        return String.valueOf(path.getFileName()).endsWith(SUFFIX);
    }

    /** Whether the checksum at the end holds. */
    public static boolean isWhole(byte[] content) {
        int end = content.length - Integer.BYTES;
        if (end < 0) {
            return false;
        }
        CRC32C crc = new CRC32C();
        crc.update(content, 0, end);
        return ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).getInt(end) == (int) crc.getValue();
    }

    /** Those that are there, whole or not, by name; none where the directory is absent. */
    public SortedMap<String, byte[]> read() throws IOException {
        SortedMap<String, byte[]> read = new TreeMap<>();
        for (Path path : paths()) {
            String name = String.valueOf(path.getFileName());
            read.put(name.substring(0, name.length() - SUFFIX.length()), disk.read(path));
        }
        return read;
    }

    public List<Path> paths() throws IOException {
        List<Path> paths = new ArrayList<>();
        if (disk.isDirectory(directory)) {
            for (Path path : disk.list(directory)) {
                if (isAttached(path)) {
                    paths.add(path);
                }
            }
        }
        return paths;
    }

    /**
     * Writes one in place of any of its name.
     *
     * @throws Invalid for a name that is none
     * @throws Conflict where as many as can be are there
     * @throws IllegalArgumentException for content without its checksum
     */
    public void write(String name, byte[] content) throws IOException {
        if (!NAME.matcher(name).matches()) {
            throw new Invalid(
                    "bad-attachment-name",
                    "name",
                    "a name is 1 to 100 lower-case letters, digits and hyphens: '%s'".formatted(name));
        }
        if (!isWhole(content) || content.length > BYTES_MAX) {
            throw new IllegalArgumentException("what is attached ends with its checksum and has at most %s bytes: %s"
                    .formatted(BYTES_MAX, content.length));
        }
        Path path = path(name);
        if (!disk.exists(path) && paths().size() >= COUNT_MAX) {
            throw new Conflict(
                    "too-many-attached",
                    "a release has at most %s alignments; delete one of them first: %s".formatted(COUNT_MAX, name));
        }
        AtomicFile.write(disk, path, content);
    }

    /** Removes one; false where it is absent. */
    public boolean delete(String name) throws IOException {
        if (!NAME.matcher(name).matches() || !disk.exists(path(name))) {
            return false;
        }
        disk.delete(path(name));
        disk.syncDirectory(directory);
        return true;
    }

    /** Takes over what another directory has and this one lacks, whole files alone. */
    public void takeOver(AttachedFiles other) throws IOException {
        SortedMap<String, byte[]> all = other.read();
        all.keySet().removeAll(read().keySet());
        for (String name : all.keySet()) {
            byte[] content = all.get(name);
            if (content != null && isWhole(content)) {
                AtomicFile.write(disk, path(name), content);
            }
        }
    }

    private Path path(String name) {
        return directory.resolve(name + SUFFIX);
    }
}
