package repscorer.core.store;

import static java.lang.System.Logger.Level.WARNING;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import repscorer.core.disk.AtomicFile;
import repscorer.core.disk.Disk;
import repscorer.core.disk.UncertainWriteException;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.embedding.Space;
import repscorer.core.failure.ScorerException.Conflict;
import repscorer.core.failure.ScorerException.NotFound;
import repscorer.core.failure.ScorerException.Rejected;
import repscorer.core.store.CheckedIndexes.Flaw;
import repscorer.core.store.CheckedIndexes.Measured;
import repscorer.core.store.Release.IndexCheck;
import repscorer.core.store.RepresentationStore.Missing;

/**
 * Makes releases of what was staged: one at a time is checked and indexed, then put live in one step. Safe for concurrent use.
 */
final class Publisher {

    /*
     * A publication checks and indexes the staged files where they are, then commits: the staging directory is renamed to
     * its place among the releases, the manifest is written, LIVE is replaced, the reference is swapped. A crash before the
     * manifest leaves a directory that is no release and is removed at the next start; a crash before LIVE leaves a kept
     * release. Whoever reads a mapped file goes on reading it after a rename or removal.
     */

    private static final System.Logger LOG = System.getLogger(Publisher.class.getName());

    private final Disk disk;
    private final Layout layout;
    private final Map<String, Space> spaces;
    private final Clock clock;
    private final ReleaseCatalog catalog;
    private final LivePointer pointer;
    private final Staging staging;
    private final StoreOpener opener;
    private final CheckedIndexes indexes;
    private final Retirement retirement;
    private final Compactor compactor;
    private final BackgroundWork background;
    private final StoreHealth health;
    private final ReentrantLock publishing = new ReentrantLock();

    Publisher(
            Disk disk,
            Layout layout,
            Map<String, Space> spaces,
            Clock clock,
            ReleaseCatalog catalog,
            LivePointer pointer,
            Staging staging,
            StoreOpener opener,
            CheckedIndexes indexes,
            Retirement retirement,
            Compactor compactor,
            BackgroundWork background,
            StoreHealth health) {
        this.disk = disk;
        this.layout = layout;
        this.spaces = spaces;
        this.clock = clock;
        this.catalog = catalog;
        this.pointer = pointer;
        this.staging = staging;
        this.opener = opener;
        this.indexes = indexes;
        this.retirement = retirement;
        this.compactor = compactor;
        this.background = background;
        this.health = health;
    }

    Release publish(String release, Missing missing, PublicationListener listener) {
        Layout.checkRelease(release);
        publishing.lock();
        try {
            staging.hold(release);
            return publishHeld(release, missing, listener);
        } catch (IOException e) {
            throw health.failure("publishing release %s failed".formatted(release), e);
        } finally {
            staging.hold("");
            publishing.unlock();
            retirement.finish();
        }
    }

    private Release publishHeld(String release, Missing missing, PublicationListener listener) throws IOException {
        CarriedSpaces.discard(disk, layout.staging(release)); // what an attempt that failed left
        Map<String, EmbeddingFile> staged = background.await(() -> openStaged(release, listener));
        Map<String, String> versions = new TreeMap<>();
        staged.forEach((space, file) -> versions.put(space, file.checksum()));
        Optional<Manifest> existing = catalog.find(release).map(KeptRelease::manifest);
        if (staged.isEmpty()) {
            return withoutFiles(existing.orElseThrow(
                    () -> new NotFound("nothing-staged", "nothing is staged for release %s".formatted(release))));
        }
        if (existing.isPresent() && !existing.get().rejected()) {
            disk.deleteTree(layout.staging(release));
            if (!existing.get().isOf(versions)) {
                throw new Conflict(
                        "release-exists",
                        "release %s exists with other versions: %s, staged were %s"
                                .formatted(release, new TreeMap<>(existing.get().versions()), versions));
            }
            return existing.get().toRelease(catalog.live().release());
        }
        Snapshot live = catalog.live();
        Set<String> carried = carried(release, versions.keySet(), live, missing);
        Map<String, EmbeddingFile> files = new TreeMap<>(staged);
        carried.forEach(
                space -> files.put(space, live.space(space).orElseThrow().file()));
        ReleaseChecks.agree(spaces.values(), files);
        checkMissing(release, files.keySet(), live, missing);

        List<IndexCheck> checks = new ArrayList<>();
        List<Flaw> flaws = new ArrayList<>();
        Snapshot indexed = background.await(() -> index(release, staged, checks, flaws, listener));
        if (!flaws.isEmpty()) {
            throw reject(release, versions, checks, flaws);
        }
        Built built = new Built(indexed, versions, checks, live, carried);
        return carried.isEmpty()
                ? putLive(release, built, missing)
                : compactor.paused(() -> putLive(release, built, missing));
    }

    /**
     * A release that keeps all rules.
     *
     * @param live what was live when its spaces were counted
     * @param carried spaces that it takes over from that
     */
    private record Built(
            Snapshot indexed,
            Map<String, String> versions,
            List<IndexCheck> checks,
            Snapshot live,
            Set<String> carried) {}

    /** The spaces of the live release that one to come lacks. */
    private static Set<String> lacking(Set<String> held, Snapshot live) {
        Set<String> lacking = new TreeSet<>();
        live.spaces().forEach(version -> lacking.add(version.space().name()));
        lacking.removeAll(held);
        return lacking;
    }

    /** The spaces that a release takes over from the live one. */
    private static Set<String> carried(String release, Set<String> staged, Snapshot live, Missing missing) {
        Set<String> lacking = lacking(staged, live);
        if (missing.carried().contains(Missing.ALL)) {
            return lacking;
        }
        for (String space : missing.carried()) {
            if (!lacking.contains(space)) {
                throw new Conflict(
                        "nothing-to-carry",
                        "a space is carried over where the live release has it and the one to come lacks it: '%s' is %s"
                                .formatted(
                                        space,
                                        staged.contains(space)
                                                ? "staged for " + release
                                                : live.isEmpty()
                                                        ? "asked for, and no release is live"
                                                        : "not in " + live.release()));
            }
        }
        return missing.carried();
    }

    private static void checkMissing(String release, Set<String> held, Snapshot live, Missing missing) {
        Set<String> lacking = lacking(held, live);
        if (!lacking.isEmpty() && !missing.left()) {
            throw new Conflict(
                    "spaces-missing",
                    "release %s lacks spaces of the live release %s: %s; stage them, carry them over, or publish it as a partial one"
                            .formatted(release, live.release(), String.join(", ", lacking)));
        }
    }

    private Snapshot index(
            String release,
            Map<String, EmbeddingFile> staged,
            List<IndexCheck> checks,
            List<Flaw> flaws,
            PublicationListener listener) {
        Map<String, SpaceVersion> done = new TreeMap<>();
        for (EmbeddingFile file : staged.values()) {
            SpaceVersion version = indexes.index(file, listener);
            Measured measured = indexes.measure(version, listener);
            measured.check().ifPresent(checks::add);
            flaws.addAll(measured.flaws());
            CheckedIndexes.warm(version);
            done.put(version.space().name(), version);
        }
        return new Snapshot(release, done);
    }

    private Release putLive(String release, Built built, Missing missing) throws IOException {
        CarriedSpaces carried = new CarriedSpaces(disk, layout, opener, release);
        if (!built.carried().isEmpty()) {
            KeptRelease from = catalog.find(built.live().release()).orElseThrow(() -> changed(built));
            carried.begin(from, built.carried());
        }
        Snapshot joined = carried.with(built.indexed());
        background.await(joined::entities); // no request has to join them first
        carried.follow();
        return carried.still(() -> commit(release, built, carried, missing));
    }

    private static Conflict changed(Built built) {
        return new Conflict(
                "release-changed",
                "another release than %s went live meanwhile: publish again"
                        .formatted(built.live().release()));
    }

    private Map<String, EmbeddingFile> openStaged(String release, PublicationListener listener) {
        Map<String, EmbeddingFile> staged = new TreeMap<>();
        int done = 0;
        for (Space space : spaces.values()) {
            Path path = Layout.file(layout.staging(release), space.name());
            if (disk.exists(path)) {
                listener.progress("check " + space.name(), done, spaces.size());
                staged.put(space.name(), ReleaseChecks.open(disk, space, path));
            }
            done++;
        }
        return staged;
    }

    private Release withoutFiles(Manifest existing) {
        if (existing.rejected()) {
            throw new Rejected(
                    "release-rejected",
                    "release %s was rejected: %s"
                            .formatted(existing.name(), existing.rejection().orElse("")));
        }
        return existing.toRelease(catalog.live().release());
    }

    private Rejected reject(String release, Map<String, String> versions, List<IndexCheck> checks, List<Flaw> flaws)
            throws IOException {
        String reason = flaws.stream().map(Flaw::message).collect(Collectors.joining("; "));
        catalog.exclusively(() -> {
            Manifest manifest = new Manifest(
                    release, catalog.nextSequence(), clock.instant(), versions, checks, Optional.of(reason));
            retirement.takeAway(layout.release(release));
            disk.createDirectories(layout.release(release));
            AtomicFile.write(disk, layout.manifest(release), manifest.toBytes());
            disk.syncDirectory(layout.releases());
            catalog.put(KeptRelease.closed(manifest));
            try {
                retirement.takeAway(layout.staging(release));
            } catch (IOException e) {
                LOG.log(WARNING, "the rejected files of {0} stay staged: {1}", release, e.getMessage());
            }
            return retirement.takeOut();
        });
        return new Rejected(flaws.getFirst().rule().code(), "release %s is rejected: %s".formatted(release, reason));
    }

    private Release commit(String release, Built built, CarriedSpaces carried, Missing missing) throws IOException {
        Snapshot indexed = built.indexed();
        return catalog.exclusively(() -> {
            Snapshot before = catalog.live();
            if (!before.release().equals(built.live().release())) {
                if (!built.carried().isEmpty()) {
                    throw changed(built);
                }
                checkMissing(release, built.versions().keySet(), before, missing);
            }
            Path place = layout.release(release);
            Snapshot moved = indexed;
            for (SpaceVersion version : indexed.spaces()) {
                moved = moved.with(version.movedTo(version.file()
                        .movedTo(Layout.file(place, version.space().name()))));
            }
            Manifest manifest = carried.in(new Manifest(
                    release,
                    catalog.nextSequence(),
                    clock.instant(),
                    built.versions(),
                    built.checks(),
                    Optional.empty()));
            KeptRelease after = carried.in(opener.begin(manifest, moved));
            try {
                retirement.takeAway(place); // the record of an earlier rejection
                disk.move(layout.staging(release), place);
                disk.syncDirectory(layout.releases());
                AtomicFile.write(disk, layout.manifest(release), manifest.toBytes());
                pointer.pointTo(release);
            } catch (IOException e) {
                undo(release, before, e);
                throw e;
            }
            catalog.put(after);
            Release live = catalog.goLive(release);
            health.taken();
            retirement.takeOut();
            return live;
        });
    }

    /**
     * Takes a failed commit back: the pointer first, then the manifest, then the files, each before the next is durable.
     *
     * @throws UncertainWriteException when that fails too, so that the release may be one after a restart
     */
    private void undo(String release, Snapshot before, IOException failure) throws UncertainWriteException {
        catalog.remove(release);
        try {
            pointer.restore(before);
            if (disk.exists(layout.release(release))) {
                // From then on the directory is no release, whatever is left in it.
                disk.delete(layout.manifest(release));
                disk.syncDirectory(layout.release(release));
                if (!disk.exists(layout.staging(release))) {
                    disk.move(layout.release(release), layout.staging(release));
                }
            }
        } catch (IOException e) {
            LOG.log(WARNING, "the failed publication of {0} left files behind: {1}", release, e.getMessage());
            throw new UncertainWriteException(
                    "%s; whether release %s is live after a restart is not known"
                            .formatted(failure.getMessage(), release),
                    failure);
        }
    }
}
