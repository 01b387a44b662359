package repscorer.core.store;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import repscorer.core.disk.Disk;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.embedding.NewColumns;
import repscorer.core.embedding.Space;
import repscorer.core.engagement.EngagedItems;
import repscorer.core.erasure.ErasureMark;
import repscorer.core.failure.Finding;
import repscorer.core.failure.ScorerException.NotFound;
import repscorer.core.failure.ScorerException.Rejected;
import repscorer.core.log.LogPlace;
import repscorer.core.log.LogReplay;
import repscorer.core.log.RecordLog;
import repscorer.core.store.ReleaseCatalog.KeptRelease;
import repscorer.core.store.RepresentationStore.Missing;
import repscorer.core.store.attached.AttachedFiles;
import repscorer.core.store.delta.Delta;

/**
 * Brings releases back from disk: the live one when the store opens, kept ones of an earlier process when they are first asked
 * for. Safe for concurrent use.
 */
final class StoreOpener {

    private static final System.Logger LOG = System.getLogger(StoreOpener.class.getName());

    private final Disk disk;
    private final Layout layout;
    private final Map<String, Space> spaces;
    private final ReleaseCatalog catalog;
    private final LivePointer pointer;
    private final CheckedIndexes indexes;
    private final BackgroundWork background;
    private final StoreHealth health;
    private final ErasureMark erased;
    private final InstantSource time;
    private final ReentrantLock opening = new ReentrantLock();
    private volatile WeakReference<Joined> lastJoined = new WeakReference<>(null); // it holds a release that was live

    /** A staged release with what it is to carry over from the live one. */
    private record Joined(Snapshot opened, Snapshot live, Snapshot joined) {}

    StoreOpener(
            Disk disk,
            Layout layout,
            Map<String, Space> spaces,
            ReleaseCatalog catalog,
            LivePointer pointer,
            CheckedIndexes indexes,
            BackgroundWork background,
            StoreHealth health,
            ErasureMark erased,
            InstantSource time) {
        this.erased = erased;
        this.time = time;
        this.disk = disk;
        this.layout = layout;
        this.spaces = spaces;
        this.catalog = catalog;
        this.pointer = pointer;
        this.indexes = indexes;
        this.background = background;
        this.health = health;
    }

    /** Fills the catalogue; the release that was live is live again, or where it is damaged the newest intact one. */
    void open() throws IOException {
        prepareDirectories();
        List<String> damages = readManifests();
        readStaged();
        List<KeptRelease> complete = catalog.complete();
        if (complete.isEmpty() && damages.isEmpty()) {
            return;
        }
        String wanted =
                readLive().orElse(complete.isEmpty() ? "" : complete.getFirst().name());
        List<KeptRelease> order = new ArrayList<>(complete);
        order.sort(Comparator.comparing((KeptRelease each) -> !each.name().equals(wanted)));
        for (KeptRelease each : order) {
            try {
                KeptRelease opened = load(each.manifest());
                if (!each.name().equals(wanted)) {
                    LOG.log(WARNING, "release {0} goes live in place of {1}", each.name(), wanted);
                }
                catalog.exclusively(() -> {
                    catalog.put(opened);
                    return catalog.goLive(opened.name());
                });
                return;
            } catch (Rejected e) {
                health.found(
                        Finding.Kind.DAMAGED,
                        layout.release(each.name()),
                        "the release cannot be opened: " + e.getMessage());
                damages.add("%s (%s)".formatted(each.name(), e.getMessage()));
            }
        }
        throw new Rejected("no-intact-release", "no release can be opened: " + String.join("; ", damages));
    }

    private void prepareDirectories() throws IOException {
        disk.createDirectories(layout.releases());
        disk.createDirectories(layout.staging());
        // What was taken away must not come back with a part of it missing.
        disk.syncDirectory(layout.releases());
        disk.syncDirectory(layout.staging());
        disk.deleteTree(layout.incoming());
        disk.createDirectories(layout.incoming());
        disk.syncDirectory(layout.root());
        Path parent = layout.root().toAbsolutePath().getParent();
        if (parent != null) {
            disk.syncDirectory(parent);
        }
    }

    /** Answers what is damaged among them. */
    private List<String> readManifests() throws IOException {
        List<String> damages = new ArrayList<>();
        for (Path directory : disk.list(layout.releases())) {
            String name = String.valueOf(directory.getFileName());
            Path file = layout.manifest(name);
            if (!disk.exists(file)) {
                LOG.log(INFO, "an unfinished publication is removed: {0}", name);
                // Its manifest may have been removed and not forced: it must not come back.
                disk.syncDirectory(directory);
                disk.deleteTree(directory);
                continue;
            }
            try {
                Manifest manifest = Manifest.parse(disk.read(file));
                disk.syncDirectory(directory);
                if (!manifest.name().equals(name)) {
                    throw new IllegalArgumentException("it names another release, " + manifest.name());
                }
                catalog.exclusively(() -> {
                    catalog.put(KeptRelease.closed(manifest));
                    return manifest;
                });
                tidy(directory, manifest);
            } catch (IllegalArgumentException e) {
                // Left on disk for an operator to look at; not a release until its manifest is whole again.
                health.found(
                        Finding.Kind.DAMAGED,
                        file,
                        "the manifest of release %s is damaged: %s".formatted(name, e.getMessage()));
                damages.add("%s (its manifest is damaged: %s)".formatted(name, e.getMessage()));
            }
        }
        return damages;
    }

    /** Those that were built and checked and wait to be promoted. */
    private void readStaged() throws IOException {
        for (Path directory : disk.list(layout.staging())) {
            String name = String.valueOf(directory.getFileName());
            Path file = layout.stagedManifest(name);
            if (!disk.exists(file)) {
                continue;
            }
            try {
                Manifest manifest = Manifest.parse(disk.read(file));
                if (manifest.name().equals(name)
                        && catalog.find(name)
                                .filter(each -> each.manifest().published())
                                .isEmpty()) {
                    catalog.exclusively(() -> {
                        catalog.put(KeptRelease.closed(manifest));
                        return manifest;
                    });
                }
            } catch (IllegalArgumentException e) {
                health.found(
                        Finding.Kind.DAMAGED,
                        file,
                        "release %s is staged and has to be built again: %s".formatted(name, e.getMessage()));
            }
        }
    }

    /** Removes what an interrupted compaction left; where none runs. */
    void tidy(Path directory, Manifest manifest) throws IOException {
        Set<String> named = new TreeSet<>();
        named.add(String.valueOf(layout.manifest(manifest.name()).getFileName()));
        manifest.versions().keySet().forEach(space -> named.add(manifest.fileOf(space)));
        for (Path path : disk.list(directory)) {
            String name = String.valueOf(path.getFileName());
            if (!named.contains(name) && !name.endsWith(LogPlace.SUFFIX) && !AttachedFiles.isAttached(path)) {
                disk.delete(path);
            }
        }
    }

    private Optional<String> readLive() throws IOException {
        try {
            return pointer.read();
        } catch (IllegalArgumentException e) {
            health.found(Finding.Kind.DAMAGED, layout.live(), "the newest release goes live: " + e.getMessage());
            return Optional.empty();
        }
    }

    /** A release that is live, kept or staged, opened and indexed by the first call; with what a staged one is to carry over. */
    Optional<Snapshot> snapshot(String release) {
        return opened(release).map(this::joined);
    }

    /** The same of one that somebody names. */
    Snapshot named(String release) {
        return snapshot(release)
                .orElseThrow(() -> new NotFound(
                        "unknown-release", "release '%s' is neither live, kept nor staged".formatted(release)));
    }

    private Snapshot joined(Snapshot opened) {
        Missing missing = catalog.staged(opened.release())
                .flatMap(each -> each.manifest().staged())
                .orElse(Missing.REFUSED);
        Snapshot live = catalog.live();
        if (missing.carried().isEmpty() || live.isEmpty()) {
            return opened;
        }
        Joined known = lastJoined.get();
        if (known == null || known.opened != opened || known.live != live) {
            known = new Joined(opened, live, join(opened, live, missing));
            lastJoined = new WeakReference<>(known);
        }
        return known.joined;
    }

    /** With spaces of the live release as they are now, which is what a promotion would do. */
    private Snapshot join(Snapshot opened, Snapshot live, Missing missing) {
        Snapshot joined = opened;
        for (SpaceVersion version : live.spaces()) {
            String space = version.space().name();
            boolean wanted =
                    missing.carried().contains(Missing.ALL) || missing.carried().contains(space);
            if (wanted && opened.space(space).isEmpty()) {
                joined = joined.with(version);
            }
        }
        Map<String, EmbeddingFile> files = new TreeMap<>();
        joined.spaces().forEach(version -> files.put(version.space().name(), version.file()));
        ReleaseChecks.agree(spaces.values(), files);
        return joined;
    }

    private Optional<Snapshot> opened(String release) {
        Optional<Snapshot> open = catalog.find(release).flatMap(KeptRelease::snapshot);
        if (open.isPresent()) {
            return open;
        }
        opening.lock();
        try {
            Optional<KeptRelease> kept = catalog.find(release);
            if (kept.isEmpty()
                    || kept.get().manifest().rejected()
                    || kept.get().snapshot().isPresent()) {
                return kept.flatMap(KeptRelease::snapshot);
            }
            return keepOpen(load(kept.get().manifest())).snapshot();
        } catch (IOException e) {
            throw health.failure("release %s cannot be opened".formatted(release), e);
        } finally {
            opening.unlock();
        }
    }

    /** Keeps a release open unless it was retired meanwhile. */
    private KeptRelease keepOpen(KeptRelease opened) throws IOException {
        return catalog.exclusively(() -> {
            // Its manifest may have been written anew meanwhile, as a pin does.
            catalog.find(opened.name())
                    .map(KeptRelease::manifest)
                    .filter(now -> now.sequence() == opened.manifest().sequence())
                    .ifPresent(now -> catalog.put(new KeptRelease(now, opened.snapshot(), opened.streams())));
            for (SpaceStream stream : opened.streams().values()) {
                stream.erase(erased::pendingAfter, erased.subjects().last()); // who was erased since its log was read
            }
            return catalog.find(opened.name()).orElse(opened);
        });
    }

    /** Opens a published release, builds its indexes and reads its logs. */
    private KeptRelease load(Manifest manifest) {
        boolean staged = manifest.staged().isPresent();
        Path directory = staged ? layout.staging(manifest.name()) : layout.release(manifest.name());
        Map<String, EmbeddingFile> intact = new TreeMap<>();
        for (String name : manifest.versions().keySet()) {
            Space space = spaces.get(name);
            if (space == null) {
                LOG.log(INFO, "release {0} holds {1}, which is no longer declared", manifest.name(), name);
                continue;
            }
            Path path = directory.resolve(manifest.fileOf(name));
            try {
                EmbeddingFile file = ReleaseChecks.open(disk, space, path);
                if (!file.checksum().equals(manifest.checksumOf(name))) {
                    throw new Rejected(
                            "corrupt-embedding-file",
                            "%s is not the file that was published: checksum %s instead of %s"
                                    .formatted(path.getFileName(), file.checksum(), manifest.checksumOf(name)));
                }
                intact.put(name, file);
            } catch (Rejected e) {
                if (space.required()) {
                    throw e;
                }
                health.found(Finding.Kind.DAMAGED, path, String.valueOf(e.getMessage()));
            }
        }
        Map<String, SpaceVersion> versions = new TreeMap<>();
        Map<String, SpaceStream> streams = new TreeMap<>();
        Map<String, NewColumns> columns = staged ? Map.of() : NewColumns.bySpace(intact.values());
        intact.forEach((name, file) -> {
            SpaceVersion base = indexes.index(file, PublicationListener.NONE)
                    .since(manifest.since(name).toEpochMilli());
            if (staged) {
                versions.put(name, base);
                return;
            }
            base.sortTimes();
            Replayed replayed = replay(manifest, base, columns.getOrDefault(name, NewColumns.of(file)));
            versions.put(name, replayed.version());
            streams.put(name, replayed.stream());
        });
        columns.values().forEach(NewColumns::fillGaps);
        Snapshot snapshot = new Snapshot(manifest.name(), versions);
        snapshot.entities(); // no request has to join them first
        return KeptRelease.open(manifest, snapshot, streams);
    }

    private record Replayed(SpaceVersion version, SpaceStream stream) {}

    /** A base with the changes that the log holds since. */
    private Replayed replay(Manifest manifest, SpaceVersion base, NewColumns columns) {
        String space = base.space().name();
        Manifest.Base compacted = manifest.bases().get(space);
        Map<String, Long> highest = new HashMap<>(compacted == null ? Map.of() : compacted.highest());
        Delta delta = new Delta(base.file(), base.baseDense(), compacted == null ? 0 : compacted.sequence(), columns);
        Optional<EngagedItems> items = items(base.space());
        try {
            LogReplay.Result<ChangeRecord> log = LogReplay.read(
                    disk,
                    layout.log(manifest.name(), space),
                    ChangeRecord.FORMAT,
                    delta.sequence(),
                    (sequence, each) -> {
                        delta.skipTo(sequence - 1);
                        each.teach(columns);
                        SpaceStream.add(each.change(), delta, items);
                        each.change().number().ifPresent(n -> highest.merge(each.producer(), n, Math::max));
                    });
            delta.skipTo(log.sequence());
            log.findings().forEach(health::found);
            SpaceStream stream = stream(
                    manifest.name(), base.space(), log(manifest.name(), base.space(), log), delta, highest, items);
            try {
                stream.prove();
            } catch (IOException e) {
                // A full disk is no reason not to serve; the next change tries again.
                health.found(
                        Finding.Kind.UNPROVEN,
                        layout.release(manifest.name()),
                        "the log of %s could not be continued: %s".formatted(space, e.getMessage()));
            }
            stream.erase(erased::pendingAfter, erased.subjects().last()); // before anybody sees it
            stream.coverSoon();
            return new Replayed(base.with(manifest.versions().getOrDefault(space, ""), delta.view()), stream);
        } catch (IOException e) {
            throw health.failure("the log of %s in release %s cannot be read".formatted(space, manifest.name()), e);
        }
    }

    /**
     * A release that was never open before: without changes.
     *
     * @param columns by space, what changes name beyond those of the files
     */
    KeptRelease begin(Manifest manifest, Snapshot published, Map<String, NewColumns> columns) {
        Snapshot snapshot = published;
        Map<String, SpaceStream> streams = new TreeMap<>();
        for (SpaceVersion version : published.spaces()) {
            Space space = version.space();
            NewColumns beyond = columns.getOrDefault(space.name(), NewColumns.of(version.file()));
            Delta delta = new Delta(version.file(), version.baseDense(), 0, beyond);
            SpaceVersion begun = version.with(version.file().checksum(), delta.view());
            snapshot = snapshot.with(begun.since(manifest.publishedAt().toEpochMilli()));
            RecordLog<ChangeRecord> log = log(manifest.name(), space, LogReplay.Result.nothing());
            streams.put(space.name(), stream(manifest.name(), space, log, delta, Map.of(), items(space)));
        }
        return KeptRelease.open(manifest, snapshot, streams);
    }

    private RecordLog<ChangeRecord> log(String release, Space space, LogReplay.Result<ChangeRecord> replayed) {
        return new RecordLog<>(disk, layout.log(release, space.name()), ChangeRecord.FORMAT, replayed);
    }

    /** What takes changes to a space of a release. */
    SpaceStream stream(
            String release,
            Space space,
            RecordLog<ChangeRecord> log,
            Delta delta,
            Map<String, Long> highest,
            Optional<EngagedItems> items) {
        return new SpaceStream(
                space,
                log,
                delta,
                highest,
                changes -> catalog.show(release, space.name(), changes),
                background,
                () -> catalog.live().release().equals(release),
                time,
                items.map(these -> new SpaceStream.Engaged(
                        these,
                        () -> catalog.find(release)
                                .flatMap(KeptRelease::snapshot)
                                .orElse(Snapshot.EMPTY))));
    }

    /** What engagements with a space's entities come to, where its vectors are made from those. */
    static Optional<EngagedItems> items(Space space) {
        return space.policy()
                .engagements()
                .map(rule -> new EngagedItems(rule, space.policy().aging()));
    }
}
