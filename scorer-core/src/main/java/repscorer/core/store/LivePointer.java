package repscorer.core.store;

import static java.lang.System.Logger.Level.WARNING;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import repscorer.core.disk.AtomicFile;
import repscorer.core.disk.Disk;
import repscorer.core.disk.SealedText;
import repscorer.core.disk.UncertainWriteException;

/** The file that names the live release. Written under the catalogue's lock only. */
final class LivePointer {

    private static final System.Logger LOG = System.getLogger(LivePointer.class.getName());
    private static final String RELEASE = "release";

    private final Disk disk;
    private final Layout layout;
    private boolean doubtful; // whether it may name another release on the device

    LivePointer(Disk disk, Layout layout) {
        this.disk = disk;
        this.layout = layout;
    }

    /**
     * The release that it names.
     *
     * @throws IllegalArgumentException when the file is damaged
     */
    Optional<String> read() throws IOException {
        return disk.exists(layout.live())
                ? Optional.ofNullable(SealedText.read(disk.read(layout.live())).get(RELEASE))
                : Optional.empty();
    }

    static byte[] content(String release) {
        return SealedText.write(Map.of(RELEASE, release));
    }

    boolean doubtful() {
        return doubtful;
    }

    void pointTo(String release) throws IOException {
        doubtful = true;
        AtomicFile.write(disk, layout.live(), content(release));
        doubtful = false;
    }

    /** Points it to another release, or back where that fails. */
    void exchange(String before, String after) throws IOException {
        try {
            pointTo(after);
        } catch (IOException e) {
            try {
                pointTo(before);
            } catch (IOException again) {
                LOG.log(WARNING, "LIVE could not be pointed back to {0}: {1}", before, again.getMessage());
                throw new UncertainWriteException(
                        "%s; whether release %s or %s is live after a restart is not known"
                                .formatted(e.getMessage(), before, after),
                        e);
            }
            throw e;
        }
    }

    /** Points it back to what was live, which may be nothing. */
    void restore(Snapshot before) throws IOException {
        if (!before.isEmpty()) {
            pointTo(before.release());
        } else if (disk.exists(layout.live())) {
            disk.delete(layout.live());
            disk.syncDirectory(layout.root());
            doubtful = false;
        }
    }
}
