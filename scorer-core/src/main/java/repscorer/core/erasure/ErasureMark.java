package repscorer.core.erasure;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import repscorer.core.disk.AtomicFile;
import repscorer.core.disk.Disk;
import repscorer.core.disk.SealedText;

/**
 * Up to which erasure a store holds nothing of anybody that was erased: a small file in it. A store that is brought back from a
 * backup has none, so that all erasures are carried out in it anew. Safe for concurrent use.
 */
public final class ErasureMark {

    private static final String LIST = "list";
    private static final String THROUGH = "through";

    private final Disk disk;
    private final Path file;
    private final ErasedSubjects subjects;
    private volatile long through;

    /** Before it is read nothing is done yet. */
    public ErasureMark(Disk disk, Path file, ErasedSubjects subjects) {
        this.disk = disk;
        this.file = file;
        this.subjects = subjects;
    }

    /** Reads the file; a damaged one, or one that counts by another list, is as none: all is done anew. */
    public void read() throws IOException {
        if (disk.exists(file)) {
            try {
                Map<String, String> entries = SealedText.read(disk.read(file));
                boolean same = subjects.identity().equals(entries.get(LIST));
                through = same ? Long.parseLong(entries.getOrDefault(THROUGH, "0")) : 0;
            } catch (IllegalArgumentException e) {
                through = 0;
            }
        }
    }

    public ErasedSubjects subjects() {
        return subjects;
    }

    /** Who may still be in the store. */
    public Sought pending() {
        return subjects.since(through);
    }

    /** The same but for those up to an erasure that was carried out where it is asked. */
    public Sought pendingAfter(long number) {
        return subjects.since(Math.max(number, through));
    }

    public long through() {
        return through;
    }

    /** Notes that nothing is left of anybody up to an erasure. */
    public void carriedOut(long number) throws IOException {
        if (number > through) {
            Map<String, String> entries =
                    new TreeMap<>(Map.of(LIST, subjects.identity(), THROUGH, Long.toString(number)));
            AtomicFile.write(disk, file, SealedText.write(entries));
            through = number;
        }
    }
}
