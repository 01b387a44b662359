package repscorer.core.store;

import static java.lang.System.Logger.Level.WARNING;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import repscorer.core.disk.Disk;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.erasure.ErasedRows;
import repscorer.core.erasure.ErasureMark;
import repscorer.core.erasure.Sought;
import repscorer.core.failure.ScorerException;
import repscorer.core.failure.ScorerException.NotReady;
import repscorer.core.log.LogPlace;
import repscorer.core.log.LogReplay;
import repscorer.core.store.ReleaseCatalog.KeptRelease;
import repscorer.core.store.RepresentationStore.Missing;

/**
 * Takes erased subjects out of a store: out of sight first, in one write for each space that has them, then out of every file. Safe
 * for concurrent use.
 */
public final class StoreErasure {

    /*
     * Embedding files are mapped and never change, so a row that is to be gone is a file that is written anew. Of releases that
     * are or were live that is a compaction of the space, whether it is live or not: base and log go, another base comes, the index is
     * carried on, and answers for all others stay. Files that are only staged are written anew where they lie.
     *
     * Whoever is erased is written down before anything here is called. So a release that is built, staged or opened meanwhile asks the
     * list again at its last step, under the catalogue's lock.
     */

    private static final System.Logger LOG = System.getLogger(StoreErasure.class.getName());
    private static final int ATTEMPTS = 5;

    private final Disk disk;
    private final Layout layout;
    private final ReleaseCatalog catalog;
    private final StoreOpener opener;
    private final Staging staging;
    private final Publisher publisher;
    private final Compactor compactor;
    private final Retirement retirement;
    private final StoreHealth health;
    private final ErasureMark mark;
    private final Map<String, Missing> unbuilt = new ConcurrentHashMap<>(); // staged releases to be built again

    /** Told what became of a place. */
    @FunctionalInterface
    public interface Notes {
        void note(String place, String words) throws IOException;
    }

    /**
     * A place that was looked through.
     *
     * @param files that are there
     * @param found rows, columns and records of somebody who is sought
     */
    public record Looked(String place, long files, long found) {}

    StoreErasure(
            Disk disk,
            Layout layout,
            ReleaseCatalog catalog,
            StoreOpener opener,
            Staging staging,
            Publisher publisher,
            Compactor compactor,
            Retirement retirement,
            StoreHealth health,
            ErasureMark mark) {
        this.disk = disk;
        this.layout = layout;
        this.catalog = catalog;
        this.opener = opener;
        this.staging = staging;
        this.publisher = publisher;
        this.compactor = compactor;
        this.retirement = retirement;
        this.health = health;
        this.mark = mark;
    }

    /** Up to which erasure nothing is left in the store. */
    public ErasureMark mark() {
        return mark;
    }

    /**
     * Has every release answer as if they had never been there. On return that is on the device.
     *
     * @param number of the erasure
     * @throws repscorer.core.failure.ScorerException.Storage when the disk is full or fails; it may be called again
     */
    public void hide(Sought sought, long number) {
        try {
            Sought nobody = mark.subjects().since(mark.subjects().last());
            for (KeptRelease each : catalog.exclusively(catalog::newestFirst)) {
                for (SpaceStream stream : each.streams().values()) {
                    try {
                        stream.erase(before -> before < number ? sought : nobody, number);
                    } catch (IOException e) {
                        if (catalog.find(each.name()).isPresent()) {
                            throw e;
                        }
                    }
                }
            }
            unbuilt.putAll(staging.hide(sought));
        } catch (IOException e) {
            throw health.failure("subjects were not erased", e);
        }
    }

    /** The same when a store is opened, of whoever may still be in what is staged. */
    void hideStaged() throws IOException {
        Sought pending = mark.pending();
        if (!pending.isEmpty()) {
            unbuilt.putAll(staging.hide(pending));
        }
    }

    /**
     * Writes every file anew that holds something of those who are hidden. Takes as long as compacting these spaces; nothing is published
     * meanwhile. What was done before a crash is not done again.
     *
     * @throws ScorerException where a file cannot be read or written anew; all others may be
     */
    public void rewrite(Sought sought, PublicationListener listener, Notes notes) {
        try {
            publisher.quietly(() -> {
                for (String release : staging.names()) {
                    staged(release, sought, notes);
                }
                for (KeptRelease each : catalog.newestFirst()) {
                    if (each.manifest().published()) {
                        release(each.name(), sought, listener, notes);
                    }
                }
                retirement.finish();
                unknown(sought);
                return sought;
            });
            build(listener);
        } catch (IOException e) {
            throw health.failure("erased subjects are still in files", e);
        }
    }

    /** A release whose manifest is damaged is none, and may be one again; nobody can take anything out of it. */
    private void unknown(Sought sought) throws IOException {
        for (Path directory : disk.list(layout.releases())) {
            String name = String.valueOf(directory.getFileName());
            if (catalog.find(name).isEmpty()
                    && look(directory, sought, new HashSet<>()).found() > 0) {
                throw new NotReady(
                        "release-damaged",
                        "release %s is damaged and holds erased subjects: mend it and start again, or remove it"
                                .formatted(name));
            }
        }
    }

    private void staged(String release, Sought sought, Notes notes) throws IOException {
        List<String> replaced = new ArrayList<>();
        staging.hold(release);
        try {
            staging.erase(release, sought, replaced::add);
        } finally {
            staging.hold("");
        }
        replaced.forEach(retirement::forgetBase);
        notes.note("staged release " + release, written(replaced.size()));
    }

    private static String written(int files) {
        return files == 0 ? "nothing there" : files == 1 ? "1 file written anew" : files + " files written anew";
    }

    private void release(String name, Sought sought, PublicationListener listener, Notes notes) throws IOException {
        int done = 0;
        Optional<KeptRelease> kept = catalog.find(name);
        Set<String> spaces =
                kept.map(each -> each.manifest().versions().keySet()).orElse(Set.of());
        for (String space : spaces) {
            if (holds(name, space, sought) && opener.snapshot(name).isPresent()) {
                compactor.rewrite(name, space, sought, listener);
                notes.note("release " + name, written(++done) + ", going on");
            }
        }
        compactor.paused(() -> catalog.exclusively(() -> {
            Optional<KeptRelease> now = catalog.find(name);
            if (now.isPresent()) {
                opener.tidy(layout.release(name), now.get().manifest());
                disk.syncDirectory(layout.release(name));
            }
            return now;
        }));
        notes.note("release " + name, written(done));
    }

    private boolean holds(String release, String space, Sought sought) throws IOException {
        Optional<KeptRelease> kept = catalog.find(release);
        if (kept.isEmpty()) {
            return false;
        }
        Path path = layout.release(release).resolve(kept.get().manifest().fileOf(space));
        EmbeddingFile file = EmbeddingFile.open(path, disk.map(path));
        // A log may hold records of theirs that no row shows, or a part of one that was never acknowledged.
        return ErasedRows.count(file, sought) > 0
                || ((sought.mayHave(file.kind()) || file.columns().isPresent())
                        && !layout.log(release, space).segments(disk).isEmpty());
    }

    /** Releases that were built and staged are built again; one that cannot be waits to be. */
    private void build(PublicationListener listener) {
        for (Map.Entry<String, Missing> each : unbuilt.entrySet()) {
            try {
                publisher.prepare(each.getKey(), each.getValue(), listener);
            } catch (ScorerException e) {
                LOG.log(WARNING, "release {0} is staged, and is to be built again: {1}", each.getKey(), e.getMessage());
            }
            unbuilt.remove(each.getKey());
        }
    }

    /**
     * Looks for somebody in every file of the store: every id, column and record. O(bytes).
     *
     * @throws IOException when a file cannot be read
     */
    public List<Looked> look(Sought sought) throws IOException {
        List<Looked> looked = new ArrayList<>();
        Set<String> checksums = new HashSet<>();
        for (Path parent : List.of(layout.releases(), layout.staging(), layout.incoming())) {
            for (Path directory : disk.isDirectory(parent) ? disk.list(parent) : List.<Path>of()) {
                looked.add(look(directory, sought, checksums));
            }
        }
        long derived = 0;
        long stray = 0;
        for (Path path : disk.isDirectory(layout.indexes()) ? disk.list(layout.indexes()) : List.<Path>of()) {
            derived++;
            String name = String.valueOf(path.getFileName());
            stray += checksums.contains(name.substring(0, Math.max(0, name.indexOf('-')))) ? 0 : 1;
        }
        looked.add(new Looked("indexes, of rows that are in no file", derived, stray));
        return looked;
    }

    private Looked look(Path directory, Sought sought, Set<String> checksums) throws IOException {
        String place = layout.root().relativize(directory).toString();
        for (int attempt = 1; ; attempt++) {
            try {
                long files = 0;
                long[] found = {0};
                Set<String> logs = new HashSet<>();
                for (Path path : disk.isDirectory(directory) ? disk.list(directory) : List.<Path>of()) {
                    String name = String.valueOf(path.getFileName());
                    files++;
                    if (name.endsWith(EmbeddingFile.SUFFIX)) {
                        EmbeddingFile file = EmbeddingFile.open(path, disk.map(path));
                        checksums.add(file.checksum());
                        found[0] += ErasedRows.count(file, sought);
                    } else if (name.endsWith(LogPlace.SUFFIX)) {
                        logs.add(name.substring(0, name.indexOf('.')));
                    }
                }
                String owner = String.valueOf(directory.getFileName());
                for (String space : logs) {
                    LogReplay.read(
                            disk,
                            new LogPlace(layout.root(), directory, owner, space),
                            ChangeRecord.FORMAT,
                            0,
                            (sequence, each) ->
                                    found[0] += (sought.has(each.change().id()) ? 1 : 0)
                                            + each.names().stream()
                                                    .filter(sought::has)
                                                    .count());
                }
                return new Looked(place, files, found[0]);
            } catch (NoSuchFileException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }
}
