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
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import repscorer.core.disk.AtomicFile;
import repscorer.core.disk.Disk;
import repscorer.core.disk.UncertainWriteException;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.embedding.Space;
import repscorer.core.erasure.ErasedSubjects;
import repscorer.core.failure.ScorerException.Conflict;
import repscorer.core.failure.ScorerException.NotFound;
import repscorer.core.failure.ScorerException.Rejected;
import repscorer.core.store.CheckedIndexes.Flaw;
import repscorer.core.store.CheckedIndexes.Measured;
import repscorer.core.store.Release.IndexCheck;
import repscorer.core.store.ReleaseCatalog.KeptRelease;
import repscorer.core.store.RepresentationStore.Missing;
import repscorer.core.store.SpaceStream.Step;
import repscorer.core.store.gate.Verdict;

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
    private final ErasedSubjects erased;
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
            StoreHealth health,
            ErasedSubjects erased) {
        this.erased = erased;
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
        return held(release, () -> publishHeld(new Attempt(release, missing, true, listener)));
    }

    /** All of a publication but the last step. */
    Release prepare(String release, Missing missing, PublicationListener listener) {
        return held(release, () -> publishHeld(new Attempt(release, missing, false, listener)));
    }

    Release promote(String release, Optional<Missing> missing, PublicationListener listener) {
        return held(release, () -> {
            Manifest found = catalog.find(release)
                    .map(KeptRelease::manifest)
                    .filter(each -> !each.rejected())
                    .orElseThrow(() -> new NotFound(
                            "release-not-staged",
                            "release '%s' was not built to be promoted: publish it, or stage its publication first"
                                    .formatted(release)));
            Missing asked = missing.or(found::staged).orElse(Missing.REFUSED);
            return publishHeld(new Attempt(release, asked, true, listener));
        });
    }

    /** Runs a step that no publication runs beside. */
    <T> T quietly(Step<T> step) throws IOException {
        publishing.lock();
        try {
            return step.run();
        } finally {
            publishing.unlock();
        }
    }

    private Release held(String release, Step<Release> publication) {
        Layout.checkRelease(release);
        publishing.lock();
        try {
            staging.hold(release);
            return publication.run();
        } catch (IOException e) {
            throw health.failure("publishing release %s failed".formatted(release), e);
        } finally {
            staging.hold("");
            publishing.unlock();
            retirement.finish();
        }
    }

    /** One publication, and what is known of it where it fails. */
    private static final class Attempt {
        final String release;
        final Missing missing;
        final boolean live;
        final PublicationListener listener;
        final Map<String, String> versions = new TreeMap<>();
        final List<IndexCheck> checks = new ArrayList<>();
        Verdict verdict = Verdict.NONE;
        boolean hopeless; // nothing that is added would mend its files
        long erasures; // up to which nobody that was erased is in its files

        Attempt(String release, Missing missing, boolean live, PublicationListener listener) {
            this.release = release;
            this.missing = missing;
            this.live = live;
            this.listener = listener;
        }
    }

    private Release publishHeld(Attempt attempt) throws IOException {
        String release = attempt.release;
        CarriedSpaces.discard(disk, layout.staging(release)); // what an attempt that failed left
        attempt.erasures = erased.last();
        staging.erase(release, erased.all(), retirement::forgetBase);
        Optional<Manifest> existing = catalog.find(release).map(KeptRelease::manifest);
        Optional<Manifest> published = existing.filter(Manifest::published);
        Step<Map<String, EmbeddingFile>> opening = () -> background.await(
                () -> ReleaseChecks.openStaged(disk, layout, spaces.values(), release, attempt.listener));
        Map<String, EmbeddingFile> staged = published.isPresent() ? opening.run() : listed(attempt, opening);
        staged.forEach((space, file) -> attempt.versions.put(space, file.checksum()));
        if (staged.isEmpty()) {
            return withoutFiles(existing.orElseThrow(
                    () -> new NotFound("nothing-staged", "nothing is staged for release %s".formatted(release))));
        }
        if (published.isPresent()) {
            disk.deleteTree(layout.staging(release));
            if (!published.get().isOf(attempt.versions)) {
                throw new Conflict(
                        "release-exists",
                        "release %s exists with other versions: %s, staged were %s"
                                .formatted(
                                        release, new TreeMap<>(published.get().versions()), attempt.versions));
            }
            return published.get().toRelease(catalog.live().release());
        }
        return listed(attempt, () -> build(attempt, staged));
    }

    private Release build(Attempt attempt, Map<String, EmbeddingFile> staged) throws IOException {
        String release = attempt.release;
        Snapshot live = catalog.live();
        Set<String> carried = ReleaseChecks.carried(release, attempt.versions.keySet(), live, attempt.missing);
        Map<String, EmbeddingFile> files = new TreeMap<>(staged);
        carried.forEach(
                space -> files.put(space, live.space(space).orElseThrow().file()));
        ReleaseChecks.agree(spaces.values(), files);
        ReleaseChecks.missing(release, files.keySet(), live, attempt.missing);
        if (!attempt.live) {
            staging.checkPrepared(release);
        }

        List<Flaw> flaws = new ArrayList<>();
        Snapshot indexed = background.await(() -> index(release, staged, attempt.checks, flaws, attempt.listener));
        if (!flaws.isEmpty()) {
            attempt.hopeless = true;
            throw new Rejected(
                    flaws.getFirst().rule().code(),
                    flaws.stream().map(Flaw::message).collect(Collectors.joining("; ")));
        }
        judge(attempt, live, indexed, carried);
        if (!attempt.live) {
            background.await(indexed::entities);
            return keepStaged(attempt, indexed);
        }
        Built built = new Built(indexed, live, carried);
        return carried.isEmpty() ? putLive(attempt, built) : compactor.paused(() -> putLive(attempt, built));
    }

    /** Has a release answer who names it, where its files were staged; one whose promotion failed is what it was. */
    private Release keepStaged(Attempt attempt, Snapshot indexed) throws IOException {
        return catalog.exclusively(() -> {
            ReleaseChecks.nobodyErased(attempt.release, attempt.erasures, erased);
            Manifest manifest = catalog.staged(attempt.release)
                    .filter(each -> attempt.live)
                    .map(KeptRelease::manifest)
                    .orElseGet(() -> manifest(attempt, Optional.empty()).withStaged(attempt.missing))
                    .with(attempt.verdict);
            AtomicFile.write(disk, layout.stagedManifest(attempt.release), manifest.toBytes());
            catalog.put(KeptRelease.open(manifest, indexed, Map.of()));
            health.taken();
            return manifest.toRelease(catalog.live().release());
        });
    }

    private Manifest manifest(Attempt attempt, Optional<String> rejection) {
        return new Manifest(
                        attempt.release,
                        catalog.nextSequence(),
                        clock.instant(),
                        attempt.versions,
                        attempt.checks,
                        rejection)
                .with(attempt.verdict);
    }

    /** Whether it may go live; where it may not, it stays built and staged, to be looked at. */
    private void judge(Attempt attempt, Snapshot live, Snapshot indexed, Set<String> carried) throws IOException {
        Snapshot next = ReleaseChecks.with(indexed, live, carried);
        attempt.verdict = background.await(() -> attempt.listener.judge(live, next, attempt.checks));
        if (attempt.live && !attempt.verdict.mayGoLive()) {
            staging.checkPrepared(attempt.release);
            keepStaged(attempt, indexed);
            throw ReleaseChecks.gatesFailed(attempt.release, attempt.verdict);
        }
    }

    /**
     * A release that keeps all rules.
     *
     * @param live what was live when its spaces were counted
     * @param carried spaces that it takes over from that
     */
    private record Built(Snapshot indexed, Snapshot live, Set<String> carried) {}

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

    private Release putLive(Attempt attempt, Built built) throws IOException {
        CarriedSpaces carried = new CarriedSpaces(disk, layout, opener, attempt.release, built.indexed);
        if (!built.carried().isEmpty()) {
            KeptRelease from =
                    catalog.find(built.live().release()).orElseThrow(() -> ReleaseChecks.changed(built.live()));
            carried.begin(from, built.carried());
        }
        Snapshot joined = carried.with(built.indexed());
        background.await(joined::entities); // no request has to join them first
        carried.follow();
        return carried.still(() -> commit(attempt, built, carried));
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

    /** Runs a step of a publication; where it fails, the release is listed as rejected and why. */
    private <T> T listed(Attempt attempt, Step<T> step) throws IOException {
        try {
            return step.run();
        } catch (Rejected e) {
            reject(attempt, String.valueOf(e.getMessage()));
            throw attempt.hopeless
                    ? new Rejected(e.code(), "release %s is rejected: %s".formatted(attempt.release, e.getMessage()))
                    : e;
        } catch (Conflict e) {
            reject(attempt, String.valueOf(e.getMessage()));
            throw e;
        } catch (IOException e) {
            listOnly(attempt, String.valueOf(e.getMessage()));
            throw e;
        }
    }

    private void reject(Attempt attempt, String reason) throws IOException {
        try {
            catalog.exclusively(() -> {
                listOrKeep(attempt, reason, true);
                return retirement.takeOut();
            });
        } catch (IOException e) {
            if (attempt.hopeless) {
                throw e;
            }
            LOG.log(WARNING, "why {0} is rejected could not be written: {1}", attempt.release, e.getMessage());
            listOnly(attempt, reason);
        }
    }

    /** A disk that failed is not written to again: the list has it until the next start. */
    private void listOnly(Attempt attempt, String reason) {
        try {
            catalog.exclusively(() -> {
                listOrKeep(attempt, reason, false);
                return attempt;
            });
        } catch (IOException e) {
            throw new IllegalStateException("nothing is written", e);
        }
    }

    /** Under the catalogue's lock. What is staged stays, to be mended, unless that is hopeless. */
    private void listOrKeep(Attempt attempt, String reason, boolean writes) throws IOException {
        String release = attempt.release;
        Optional<KeptRelease> staged = catalog.staged(release);
        if (staged.isPresent() && !attempt.hopeless) {
            // It may still be looked at, and be promoted once what its promotion lacked is there.
            Manifest manifest = staged.get().manifest().withRejection(reason);
            if (writes) {
                AtomicFile.write(disk, layout.stagedManifest(release), manifest.toBytes());
            }
            catalog.put(new KeptRelease(
                    manifest, staged.get().snapshot(), staged.get().streams()));
            return;
        }
        Manifest manifest = manifest(attempt, Optional.of(reason));
        if (writes) {
            retirement.takeAway(layout.release(release));
            disk.createDirectories(layout.release(release));
            AtomicFile.write(disk, layout.manifest(release), manifest.toBytes());
            disk.syncDirectory(layout.releases());
        }
        catalog.put(KeptRelease.closed(manifest));
        if (attempt.hopeless) {
            try {
                retirement.takeAway(layout.staging(release));
            } catch (IOException e) {
                LOG.log(WARNING, "the rejected files of {0} stay staged: {1}", release, e.getMessage());
            }
        }
    }

    private Release commit(Attempt attempt, Built built, CarriedSpaces carried) throws IOException {
        String release = attempt.release;
        Snapshot indexed = built.indexed();
        return catalog.exclusively(() -> {
            Snapshot before = catalog.live();
            ReleaseChecks.nobodyErased(release, attempt.erasures, erased);
            if (!before.release().equals(built.live().release())) {
                if (!built.carried().isEmpty()) {
                    throw ReleaseChecks.changed(built.live());
                }
                ReleaseChecks.missing(release, attempt.versions.keySet(), before, attempt.missing);
            }
            Path place = layout.release(release);
            Snapshot moved = indexed;
            for (SpaceVersion version : indexed.spaces()) {
                moved = moved.with(version.movedTo(version.file()
                        .movedTo(Layout.file(place, version.space().name()))));
            }
            Manifest manifest = carried.in(manifest(attempt, Optional.empty()));
            KeptRelease after = carried.in(opener.begin(manifest, moved, carried.columns()));
            Optional<KeptRelease> staged = catalog.staged(release);
            try {
                retirement.takeAway(place); // the record of an earlier rejection
                disk.move(layout.staging(release), place);
                disk.syncDirectory(layout.releases());
                AtomicFile.write(disk, layout.manifest(release), manifest.toBytes());
                pointer.pointTo(release);
            } catch (IOException e) {
                undo(release, before, e);
                staged.ifPresent(catalog::put); // its files are where they were
                throw e;
            }
            health.discard(place.resolve(layout.stagedManifest(release).getFileName()));
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
