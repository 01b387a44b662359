package repscorer.core.store;

import static java.lang.System.Logger.Level.WARNING;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import repscorer.core.disk.AtomicFile;
import repscorer.core.disk.Disk;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.embedding.RewrittenFile;
import repscorer.core.entity.EntityId;
import repscorer.core.erasure.ErasedRows;
import repscorer.core.erasure.Sought;
import repscorer.core.failure.ScorerException.NotReady;
import repscorer.core.failure.ScorerException.Rejected;
import repscorer.core.failure.ScorerException.Storage;
import repscorer.core.store.CheckedIndexes.Flaw;
import repscorer.core.store.ReleaseCatalog.KeptRelease;
import repscorer.core.store.delta.DeltaView;

/**
 * Writes the changes to a space and its base into a new base, checks and indexes it beside searches, and exchanges it in one
 * step: one space at a time, others wait their turn. Safe for concurrent use.
 */
final class Compactor implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Compactor.class.getName());

    /** Changes that a graph keeps searchable are compacted when they are this part of the base. */
    private static final int COMPACTED_PART = 4;

    /** So many are compacted however large the base is. */
    private static final int GRAPHED_CHANGES_MAX = 100_000;

    /** After one of a space that failed, until it is tried again. */
    private static final Duration PAUSE = Duration.ofSeconds(30);

    private final Disk disk;
    private final Layout layout;
    private final StoreOptions options;
    private final ReleaseCatalog catalog;
    private final CheckedIndexes indexes;
    private final Retirement retirement;
    private final BackgroundWork background;
    private final StoreHealth health;
    private final InstantSource time;
    private final ReentrantLock compacting = new ReentrantLock();
    private final ExecutorService compactions = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("compaction").factory());
    private final Set<String> queued = ConcurrentHashMap.newKeySet(); // spaces
    private final Map<String, Long> pausedUntil = new ConcurrentHashMap<>(); // by space

    Compactor(
            Disk disk,
            Layout layout,
            StoreOptions options,
            ReleaseCatalog catalog,
            CheckedIndexes indexes,
            Retirement retirement,
            BackgroundWork background,
            StoreHealth health,
            InstantSource time) {
        this.time = time;
        this.disk = disk;
        this.layout = layout;
        this.options = options;
        this.catalog = catalog;
        this.indexes = indexes;
        this.retirement = retirement;
        this.background = background;
        this.health = health;
    }

    /** Compacts a space in the background, where so many changes came that it is worth it. */
    void compactIfDue(String release, String space, SpaceStream stream) {
        Long paused = pausedUntil.get(space);
        if (stream.pending() < changesMin(release, space, stream)
                || (paused != null && System.nanoTime() - paused < 0)
                || !queued.add(space)) {
            return;
        }
        try {
            compactions.execute(() -> {
                try {
                    compact(space, PublicationListener.NONE);
                } catch (RuntimeException e) {
                    LOG.log(WARNING, "changes to {0} were not compacted, and are kept: {1}", space, e.getMessage());
                    pausedUntil.put(space, System.nanoTime() + PAUSE.toNanos());
                } finally {
                    queued.remove(space);
                }
            });
        } catch (RejectedExecutionException e) {
            queued.remove(space); // the store is closed
        }
    }

    /**
     * How many changes are compacted. Where a graph keeps searches fast meanwhile, it waits until they are a good part of the
     * base.
     */
    private int changesMin(String release, String space, SpaceStream stream) {
        Optional<Snapshot> snapshot = catalog.find(release).flatMap(KeptRelease::snapshot);
        if (!stream.hasGraph() || snapshot.isEmpty()) {
            return options.compactionChanges();
        }
        int rows = snapshot.get()
                .space(space)
                .map(version -> version.file().count())
                .orElse(0);
        return rows < options.graphRowsMin()
                ? options.compactionChanges()
                : Math.max(options.compactionChanges(), Math.min(GRAPHED_CHANGES_MAX, rows / COMPACTED_PART));
    }

    /** Runs a step that no compaction runs beside. */
    <T> T paused(SpaceStream.Step<T> step) throws IOException {
        compacting.lock();
        try {
            return step.run();
        } finally {
            compacting.unlock();
        }
    }

    boolean compact(String space, PublicationListener listener) {
        compacting.lock();
        try {
            // Read once: another release may go live at any moment, and its base is not to be taken for this one's.
            Snapshot snapshot = catalog.live();
            String release = snapshot.release();
            SpaceStream stream = catalog.liveStream(release, space);
            SpaceStream.Cut cut = stream.cutForBase();
            SpaceVersion before = snapshot.space(space).orElseThrow();
            if (cut.view().isEmpty()
                    && cut.quiet() == 0
                    && before.at(time.millis()).expired() == 0) {
                health.compacted(space);
                return false;
            }
            try {
                compact(snapshot, space, stream, cut, Optional.empty(), listener);
            } catch (RuntimeException e) {
                health.notCompacted(space, e);
                throw e;
            }
            health.compacted(space);
            return true;
        } catch (IOException e) {
            Storage failure = health.failure("compacting changes to %s failed".formatted(space), e);
            health.notCompacted(space, failure);
            throw failure;
        } finally {
            compacting.unlock();
        }
    }

    /**
     * Writes a space of a release that is open, live or not, into a new base, whether anything changed or not: neither its files
     * nor its log hold anything of what was deleted then.
     *
     * @param erased who is taken out of the columns too
     */
    void rewrite(String release, String space, Sought erased, PublicationListener listener) throws IOException {
        compacting.lock();
        try {
            KeptRelease kept = catalog.find(release).orElseThrow(() -> catalog.notKept(release));
            SpaceStream stream = kept.streams().get(space);
            if (stream == null) {
                throw new NotReady(
                        "space-not-open",
                        "%s of release %s cannot be opened: declare it, mend it, or delete the release"
                                .formatted(space, release));
            }
            compact(kept.snapshot().orElseThrow(), space, stream, stream.cutForBase(), Optional.of(erased), listener);
            catalog.find(release)
                    .flatMap(KeptRelease::snapshot)
                    .flatMap(snapshot -> snapshot.space(space))
                    .ifPresent(now -> now.delta().columns().learn(now.file()));
        } finally {
            compacting.unlock();
        }
    }

    private void compact(
            Snapshot snapshot,
            String space,
            SpaceStream stream,
            SpaceStream.Cut cut,
            Optional<Sought> erased,
            PublicationListener listener)
            throws IOException {
        String release = snapshot.release();
        SpaceVersion found = snapshot.space(space).orElseThrow();
        if (!cut.view().isOver(found.file())) {
            throw new IllegalStateException("changes to %s lie over another base".formatted(space));
        }
        SpaceVersion before = found.with(found.published(), cut.view());
        Path directory = layout.release(release);
        int number = nextNumber(directory, space);
        Path path = directory.resolve(Layout.fileName(space, number));
        listener.progress("compact " + space, 0, before.count());
        CheckedIndexes.Indexed written = background.await(() -> write(path, before, erased, listener));
        SpaceVersion indexed = written.version();
        snapshot.with(indexed).entities(); // joined before requests see the new base
        stream.restate(); // before the log that says more is let go
        Optional<Instant> since = catalog.find(release)
                .flatMap(kept -> Optional.ofNullable(kept.manifest().bases().get(space)))
                .flatMap(Manifest.Base::since);
        Manifest.Base base =
                new Manifest.Base(number, indexed.file().checksum(), cut.view().sequence(), cut.highest(), since);
        stream.rebase(
                cut, indexed.file(), indexed.baseDense(), changes -> commit(release, written, before, base, changes));
        // Nothing on disk needs these any more; who reads the old file goes on reading it.
        stream.forget(cut.lastSegment());
        health.discard(before.file().path());
        retirement.forgetBase(before.file().checksum());
    }

    private CheckedIndexes.Indexed write(
            Path path, SpaceVersion before, Optional<Sought> erased, PublicationListener listener) throws IOException {
        CompactedRows rows = CompactedRows.of(before, time.millis());
        List<EntityId> columns = before.newColumns();
        AtomicFile.write(disk, path, out -> {
            if (erased.isPresent()) {
                ErasedRows.write(before.file(), columns, rows, erased.get(), out);
            } else {
                RewrittenFile.write(before.file(), columns, rows, out);
            }
        });
        EmbeddingFile file = ReleaseChecks.open(disk, before.space(), path);
        CheckedIndexes.Indexed indexed = indexes.indexCompacted(file, before, rows, listener);
        List<Flaw> flaws = indexed.measured().flaws();
        if (!flaws.isEmpty()) {
            health.discard(path);
            throw new Rejected(
                    "recall-under-floor",
                    "the compacted base is refused: "
                            + flaws.stream().map(Flaw::message).collect(Collectors.joining("; ")));
        }
        CheckedIndexes.warm(indexed.version());
        return indexed;
    }

    private int nextNumber(Path directory, String space) throws IOException {
        int number = 1;
        for (Path path : disk.list(directory)) {
            number = Math.max(number, 1 + Layout.fileNumber(path, space).orElse(0));
        }
        return number;
    }

    private void commit(
            String release, CheckedIndexes.Indexed written, SpaceVersion before, Manifest.Base base, DeltaView changes)
            throws IOException {
        SpaceVersion indexed = written.version();
        catalog.exclusively(() -> {
            KeptRelease kept = catalog.find(release)
                    .filter(each -> each.snapshot().isPresent())
                    .orElseThrow(() -> new IOException("release %s was removed meanwhile".formatted(release)));
            Manifest compacted = kept.manifest()
                    .with(indexed.space().name(), base, written.measured().check());
            AtomicFile.write(disk, layout.manifest(release), compacted.toBytes());
            Snapshot snapshot = kept.snapshot()
                    .orElseThrow()
                    .with(indexed.since(before.sinceMillis()).with(before.published(), changes));
            catalog.put(kept.with(compacted, snapshot));
            return snapshot;
        });
    }

    @Override
    public void close() {
        compactions.shutdownNow();
    }
}
