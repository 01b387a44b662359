package repscorer.core.store;

import static java.lang.System.Logger.Level.INFO;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import repscorer.core.disk.AtomicFile;
import repscorer.core.disk.Disk;
import repscorer.core.embedding.ChosenRows;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.embedding.EmbeddingRows;
import repscorer.core.embedding.RewrittenFile;
import repscorer.core.embedding.Space;
import repscorer.core.embedding.ZeroVectors;
import repscorer.core.erasure.ErasedRows;
import repscorer.core.erasure.ErasedSubjects;
import repscorer.core.erasure.Sought;
import repscorer.core.failure.ScorerException.Conflict;
import repscorer.core.failure.ScorerException.Invalid;
import repscorer.core.failure.ScorerException.NotFound;
import repscorer.core.store.RepresentationStore.FileMaker;
import repscorer.core.store.RepresentationStore.Missing;

/** Takes the files of releases to come, checks them whole, and keeps them aside. Safe for concurrent use. */
final class Staging {

    /*
     * A release that is prepared stays where it was staged, beside a note of what was measured; its promotion is a publication of
     * those files, whose graphs are kept under their checksums and only read. So there is one way to go live, and one set of checks.
     * What it is to carry over is not copied before: it would be old by then.
     */

    private static final System.Logger LOG = System.getLogger(Staging.class.getName());

    /** Releases that wait at once; who makes up names has no other bound. */
    static final int RELEASES_MAX = 100;

    /** Of those so many are built and checked at once: each has its indexes in memory. */
    static final int PREPARED_MAX = 10;

    private final Disk disk;
    private final Layout layout;
    private final ReleaseCatalog catalog;
    private final StoreHealth health;
    private final long bytesMax;
    private final ErasedSubjects erased;
    private final AtomicLong incoming = new AtomicLong();
    private String held = ""; // the release that is being published, or empty; guarded by the catalogue's lock

    Staging(
            Disk disk,
            Layout layout,
            ReleaseCatalog catalog,
            StoreHealth health,
            long bytesMax,
            ErasedSubjects erased) {
        this.erased = erased;
        this.disk = disk;
        this.layout = layout;
        this.catalog = catalog;
        this.health = health;
        this.bytesMax = bytesMax;
    }

    /** From here on nothing is staged under the name; empty for none. */
    void hold(String release) {
        catalog.exclusively(() -> held = release);
    }

    String stage(String release, String space, InputStream body) {
        return stage(release, space, directory -> receive(body, Layout.file(directory, space)));
    }

    String stage(String release, String space, FileMaker maker) {
        Layout.checkRelease(release);
        Space declared = catalog.declared(space);
        Path directory = layout.incoming().resolve(Long.toString(incoming.incrementAndGet()));
        try {
            disk.createDirectories(directory);
            maker.make(directory);
            Path arrived = Layout.file(directory, space);
            if (declared.policy().zeroVectors() == ZeroVectors.DROP) {
                dropZeroVectors(arrived);
            }
            while (true) {
                long asked = erased.last();
                dropErased(declared, arrived);
                EmbeddingFile file = ReleaseChecks.open(disk, declared, arrived);
                ReleaseChecks.welcome(declared, file);
                if (keepAside(release, arrived, asked)) {
                    return file.checksum();
                }
            }
        } catch (IOException e) {
            throw health.failure("staging %s of release %s failed".formatted(space, release), e);
        } finally {
            health.discard(directory);
        }
    }

    private void receive(InputStream body, Path into) throws IOException {
        byte[] chunk = new byte[1 << 16];
        long received = 0;
        try (Disk.Output out = disk.create(into)) {
            int read;
            while ((read = readBody(body, chunk)) >= 0) {
                received += read;
                if (received > bytesMax) {
                    throw new Invalid(
                            "body-too-large",
                            "body",
                            "a staged file has at most %s bytes: %s has more".formatted(bytesMax, into.getFileName()));
                }
                out.writeFully(ByteBuffer.wrap(chunk, 0, read));
            }
            out.sync();
        }
    }

    private static int readBody(InputStream body, byte[] chunk) {
        try {
            return body.read(chunk);
        } catch (IOException e) {
            throw new Invalid("body-broken-off", "body", "the body could not be read to its end: " + e.getMessage());
        }
    }

    private void dropZeroVectors(Path arrived) throws IOException {
        EmbeddingFile file = ReleaseChecks.openVerified(disk, arrived);
        ChosenRows kept = nonZeroRows(file);
        if (kept.count() < file.count()) {
            LOG.log(INFO, "{0} zero vectors of {1} are dropped", file.count() - kept.count(), file.space());
            AtomicFile.write(disk, arrived, out -> RewrittenFile.write(file, kept, out));
        }
    }

    private static ChosenRows nonZeroRows(EmbeddingFile file) {
        int[] kept = IntStream.range(0, file.count())
                .filter(row -> !ReleaseChecks.isZero(file, row))
                .toArray();
        return new ChosenRows(EmbeddingRows.of(file), kept);
    }

    private void dropErased(Space declared, Path arrived) throws IOException {
        Sought sought = erased.all();
        if (!sought.isEmpty()) {
            EmbeddingFile file = ReleaseChecks.openVerified(disk, arrived);
            long count = ErasedRows.count(file, sought);
            if (count > 0) {
                LOG.log(INFO, "{0} rows and columns of erased subjects in {1} are dropped", count, file.space());
                boolean keepsEmpty = declared.policy().zeroVectors() == ZeroVectors.KEEP;
                AtomicFile.write(disk, arrived, out -> ErasedRows.write(file, sought, keepsEmpty, out));
            }
        }
    }

    /**
     * Takes erased subjects out of the files of a release that is to come; for whoever keeps others from staging it.
     *
     * @param replaced told the checksum of each file that another one took the place of
     */
    void erase(String release, Sought sought, Consumer<String> replaced) throws IOException {
        for (Path path : sought.isEmpty() ? List.<Path>of() : files(release)) {
            EmbeddingFile file = EmbeddingFile.open(path, disk.map(path));
            if (ErasedRows.count(file, sought) > 0) {
                catalog.exclusively(() -> {
                    unprepare(release);
                    return file;
                });
                boolean keepsEmpty = catalog.declared(file.space()).policy().zeroVectors() == ZeroVectors.KEEP;
                AtomicFile.write(disk, path, out -> ErasedRows.write(file, sought, keepsEmpty, out));
                replaced.accept(file.checksum());
            }
        }
    }

    /**
     * Has no release that is built and not live answer for erased subjects; what is staged stays for now.
     *
     * @return releases that are built no more, and what becomes of spaces that they lack
     */
    Map<String, Missing> hide(Sought sought) throws IOException {
        Map<String, Missing> unbuilt = new TreeMap<>();
        return catalog.exclusively(() -> {
            for (String release : names()) {
                for (Path path : disk.exists(layout.stagedManifest(release)) ? files(release) : List.<Path>of()) {
                    if (ErasedRows.count(EmbeddingFile.open(path, disk.map(path)), sought) > 0) {
                        catalog.staged(release)
                                .flatMap(each -> each.manifest().staged())
                                .ifPresent(missing -> unbuilt.put(release, missing));
                        unprepare(release);
                    }
                }
            }
            return unbuilt;
        });
    }

    /** The files that are staged for a release. */
    List<Path> files(String release) throws IOException {
        return disk.isDirectory(layout.staging(release))
                ? disk.list(layout.staging(release)).stream()
                        .filter(path -> path.toString().endsWith(EmbeddingFile.SUFFIX))
                        .toList()
                : List.of();
    }

    /** False where somebody was erased since the list was asked. */
    private boolean keepAside(String release, Path arrived, long asked) throws IOException {
        return catalog.exclusively(() -> {
            if (erased.last() != asked) {
                return false;
            }
            if (release.equals(held)) {
                throw new Conflict(
                        "publication-running", "release %s is being published; nothing was staged".formatted(release));
            }
            Path directory = layout.staging(release);
            if (!disk.exists(directory) && names().size() >= RELEASES_MAX) {
                throw new Conflict(
                        "too-many-staged",
                        "at most %s releases are staged at once; publish or discard one of them: %s"
                                .formatted(RELEASES_MAX, release));
            }
            disk.createDirectories(directory);
            unprepare(release);
            disk.move(arrived, directory.resolve(arrived.getFileName()));
            disk.syncDirectory(directory);
            disk.syncDirectory(layout.staging());
            return true;
        });
    }

    /** Throws where no other release may be built and wait. */
    void checkPrepared(String release) {
        long others = catalog.newestFirst().stream()
                .filter(each ->
                        each.manifest().staged().isPresent() && !each.name().equals(release))
                .count();
        if (others >= PREPARED_MAX) {
            throw new Conflict(
                    "too-many-staged",
                    "at most %s releases are built and wait at once; promote or discard one of them: %s"
                            .formatted(PREPARED_MAX, release));
        }
    }

    /** Under the catalogue's lock: what was built of a release is not what is staged for it any more */
    private void unprepare(String release) throws IOException {
        if (disk.exists(layout.stagedManifest(release))) {
            disk.delete(layout.stagedManifest(release));
            disk.syncDirectory(layout.staging(release));
        }
        if (catalog.staged(release).isPresent()) {
            catalog.remove(release);
        }
    }

    /** What is staged, by name. */
    List<Release.Staged> staged() {
        try {
            return catalog.exclusively(() -> {
                List<Release.Staged> staged = new ArrayList<>();
                for (String release : names()) {
                    SortedMap<String, Long> bytes = new TreeMap<>();
                    for (Path file : disk.list(layout.staging(release))) {
                        String name = String.valueOf(file.getFileName());
                        if (name.endsWith(EmbeddingFile.SUFFIX)) {
                            bytes.put(
                                    name.substring(0, name.length() - EmbeddingFile.SUFFIX.length()),
                                    disk.map(file).byteSize());
                        }
                    }
                    staged.add(new Release.Staged(release, bytes));
                }
                return staged;
            });
        } catch (IOException e) {
            throw health.failure("what is staged cannot be listed", e);
        }
    }

    List<String> names() throws IOException {
        return disk.isDirectory(layout.staging())
                ? disk.list(layout.staging()).stream()
                        .map(path -> String.valueOf(path.getFileName()))
                        .filter(Layout::isName)
                        .toList()
                : List.of();
    }

    /** Takes away what is staged under a name: all of it or nothing, whatever ends the process meanwhile. */
    void discard(String release) {
        Layout.checkRelease(release);
        Path taken = layout.incoming().resolve(Long.toString(incoming.incrementAndGet()));
        try {
            catalog.exclusively(() -> {
                if (release.equals(held)) {
                    throw new Conflict(
                            "publication-running", "release %s is being published; it stays".formatted(release));
                }
                if (!disk.exists(layout.staging(release))) {
                    throw new NotFound("nothing-staged", "nothing is staged for release %s".formatted(release));
                }
                disk.createDirectories(layout.incoming());
                disk.move(layout.staging(release), taken);
                disk.syncDirectory(layout.staging());
                if (catalog.staged(release).isPresent()) {
                    catalog.remove(release);
                }
                return taken;
            });
        } catch (IOException e) {
            throw health.failure("what is staged for release %s cannot be removed".formatted(release), e);
        }
        health.discard(taken);
    }
}
