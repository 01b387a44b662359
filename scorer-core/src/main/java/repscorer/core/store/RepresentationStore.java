package repscorer.core.store;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import repscorer.ann.BuildProgress;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.embedding.Space;
import repscorer.core.failure.ScorerException;
import repscorer.core.failure.ScorerException.Conflict;
import repscorer.core.failure.ScorerException.Invalid;
import repscorer.core.failure.ScorerException.NotFound;
import repscorer.core.failure.ScorerException.Rejected;
import repscorer.core.failure.ScorerException.Storage;

/**
 * Keeps releases on disk and one of them live. Readers take {@link #current()}: one volatile read, no lock. Writers
 * (stage, publish, roll back) take turns.
 *
 * <p>Safe for concurrent use. A publication that fails for whatever reason leaves the live release as it was. One process
 * at a time may use a directory.
 */
public final class RepresentationStore implements AutoCloseable {

    /*
     * A publication checks and indexes the staged files where they are, then commits: the staging directory is renamed to
     * its place among the releases, the manifest is written, LIVE is replaced, the reference is swapped. A crash before the
     * manifest leaves a directory that is no release and is removed at the next start; a crash before LIVE leaves a kept
     * release. Whoever reads a mapped file goes on reading it after a rename or removal.
     *
     * Two locks: `publishing` lets one publication build at a time; `state` guards the short steps that change files or
     * lists, so that a roll-back never waits for a build.
     *
     * Graphs have no file of their own, so a start builds the live release's graphs anew. Kept releases of an earlier
     * process are opened when first asked for, by a roll-back or by name; those of this process stay open and a roll-back
     * to them is one rename and one swap.
     */

    private static final System.Logger LOG = System.getLogger(RepresentationStore.class.getName());

    /** Releases that failed a check are listed until as many newer ones failed. */
    private static final int REJECTED_KEPT = 10;

    private final Layout layout;
    private final Map<String, Space> spaces;
    private final StoreOptions options;
    private final Clock clock;
    private final Disk disk;
    private final ExecutorService pool;
    private final Indexes indexes;

    private final Map<String, Manifest> manifests = new ConcurrentHashMap<>();
    private final Map<String, Snapshot> resident = new ConcurrentHashMap<>();
    private final AtomicLong incoming = new AtomicLong();
    private final ReentrantLock publishing = new ReentrantLock();
    private final ReentrantLock state = new ReentrantLock();
    private final ReentrantLock opening = new ReentrantLock();
    private volatile Snapshot live = Snapshot.EMPTY; // written under `state` only
    private volatile String published = ""; // the release that is being built, or empty

    private RepresentationStore(
            Path directory,
            Collection<Space> spaces,
            StoreOptions options,
            Clock clock,
            Disk disk,
            @Nullable Indexes indexes) {
        this.layout = new Layout(directory);
        this.spaces = new TreeMap<>();
        for (Space space : spaces) {
            if (this.spaces.put(space.name(), space) != null) {
                throw new IllegalArgumentException("space names must differ: '%s' twice".formatted(space.name()));
            }
        }
        this.options = options;
        this.clock = clock;
        this.disk = disk;
        this.pool = Executors.newFixedThreadPool(
                options.buildThreads(),
                Thread.ofPlatform().daemon().name("index-build-", 0).factory());
        this.indexes = indexes == null ? Indexes.engines(pool, options.buildThreads()) : indexes;
    }

    /**
     * Opens a store, creates its directory where it is missing, and brings the release that was live back.
     *
     * @throws repscorer.core.failure.ScorerException.Rejected when the live release's files are damaged and no older
     *     release can take its place
     * @throws repscorer.core.failure.ScorerException.Storage when the directory cannot be read or made
     */
    public static RepresentationStore open(Path directory, Collection<Space> spaces, StoreOptions options) {
        return open(directory, spaces, options, Clock.systemUTC(), Disk.REAL, null);
    }

    static RepresentationStore open(
            Path directory,
            Collection<Space> spaces,
            StoreOptions options,
            Clock clock,
            Disk disk,
            @Nullable Indexes indexes) {
        RepresentationStore store = new RepresentationStore(directory, spaces, options, clock, disk, indexes);
        try {
            store.reopen();
            return store;
        } catch (IOException e) {
            store.close();
            throw store.storage("the store cannot be opened", e);
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    private void reopen() throws IOException {
        disk.createDirectories(layout.releases());
        disk.createDirectories(layout.staging());
        disk.deleteTree(layout.incoming());
        disk.createDirectories(layout.incoming());
        List<String> damages = readManifests();
        List<Manifest> complete = complete();
        if (complete.isEmpty() && damages.isEmpty()) {
            return;
        }
        String wanted =
                readLive().orElse(complete.isEmpty() ? "" : complete.getFirst().name());
        List<Manifest> order = new ArrayList<>(complete);
        order.sort(Comparator.comparing((Manifest manifest) -> !manifest.name().equals(wanted)));
        for (Manifest manifest : order) {
            try {
                Snapshot snapshot = load(manifest);
                if (!manifest.name().equals(wanted)) {
                    LOG.log(WARNING, "release {0} goes live in place of {1}", manifest.name(), wanted);
                }
                resident.put(manifest.name(), snapshot);
                live = snapshot;
                return;
            } catch (Rejected e) {
                LOG.log(WARNING, "release {0} cannot be opened: {1}", manifest.name(), e.getMessage());
                damages.add("%s (%s)".formatted(manifest.name(), e.getMessage()));
            }
        }
        throw new Rejected("no-intact-release", "no release can be opened: " + String.join("; ", damages));
    }

    /** Answers what is damaged among them. */
    private List<String> readManifests() throws IOException {
        List<String> damages = new ArrayList<>();
        List<Path> directories;
        try (Stream<Path> list = Files.list(layout.releases())) {
            directories = list.sorted().toList();
        }
        for (Path directory : directories) {
            String name = String.valueOf(directory.getFileName());
            Path file = layout.manifest(name);
            if (!Files.exists(file)) {
                LOG.log(INFO, "an unfinished publication is removed: {0}", name);
                disk.deleteTree(directory);
                continue;
            }
            try {
                Manifest manifest = Manifest.parse(Files.readAllBytes(file));
                if (!manifest.name().equals(name)) {
                    throw new IllegalArgumentException("it names another release, " + manifest.name());
                }
                manifests.put(name, manifest);
            } catch (IllegalArgumentException e) {
                // Left on disk for an operator to look at; not a release until its manifest is whole again.
                LOG.log(WARNING, "the manifest of release {0} is damaged: {1}", name, e.getMessage());
                damages.add("%s (its manifest is damaged: %s)".formatted(name, e.getMessage()));
            }
        }
        return damages;
    }

    private Optional<String> readLive() throws IOException {
        if (!Files.exists(layout.live())) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(
                    SealedText.read(Files.readAllBytes(layout.live())).get("release"));
        } catch (IllegalArgumentException e) {
            LOG.log(WARNING, "the file LIVE is damaged, so the newest release goes live: {0}", e.getMessage());
            return Optional.empty();
        }
    }

    /** Opens a published release and builds its indexes. */
    private Snapshot load(Manifest manifest) {
        Map<String, EmbeddingFile> files = new TreeMap<>();
        for (Map.Entry<String, String> version : manifest.versions().entrySet()) {
            Space space = spaces.get(version.getKey());
            if (space == null) {
                LOG.log(INFO, "release {0} holds {1}, which is no longer declared", manifest.name(), version.getKey());
                continue;
            }
            EmbeddingFile file = openChecked(space, Layout.file(layout.release(manifest.name()), space.name()));
            if (!file.checksum().equals(version.getValue())) {
                throw new Rejected(
                        "corrupt-embedding-file",
                        "%s is not the file that was published: checksum %s instead of %s"
                                .formatted(file.path().getFileName(), file.checksum(), version.getValue()));
            }
            files.put(space.name(), file);
        }
        Map<String, SpaceVersion> versions = new TreeMap<>();
        files.forEach((name, file) -> versions.put(name, index(file, PublicationListener.NONE)));
        return new Snapshot(manifest.name(), versions);
    }

    private static EmbeddingFile openChecked(Space space, Path path) {
        EmbeddingFile file = EmbeddingFile.open(path);
        file.verify();
        ReleaseChecks.fits(space, file);
        return file;
    }

    /** The declared spaces, in the order of their names. */
    public List<Space> spaces() {
        return List.copyOf(spaces.values());
    }

    /** The declared space of a name. */
    public Optional<Space> space(String name) {
        return Optional.ofNullable(spaces.get(name));
    }

    /** What is live now; {@link Snapshot#EMPTY} before the first publication. */
    public Snapshot current() {
        return live;
    }

    /**
     * The live or a kept release by name. A release kept from an earlier process is opened and indexed by the first call.
     *
     * @throws repscorer.core.failure.ScorerException.Rejected when its files are damaged
     */
    public Optional<Snapshot> snapshot(String release) {
        Snapshot open = resident.get(release);
        if (open != null) {
            return Optional.of(open);
        }
        Manifest manifest = manifests.get(release);
        if (manifest == null || manifest.rejected()) {
            return Optional.empty();
        }
        opening.lock();
        try {
            Snapshot opened = resident.get(release);
            if (opened == null) {
                opened = load(manifest);
                keepOpen(opened);
            }
            return Optional.of(opened);
        } finally {
            opening.unlock();
        }
    }

    /** Keeps a snapshot open unless its release was retired meanwhile. */
    private void keepOpen(Snapshot snapshot) {
        state.lock();
        try {
            if (manifests.containsKey(snapshot.release())) {
                resident.put(snapshot.release(), snapshot);
            }
        } finally {
            state.unlock();
        }
    }

    /** Live, kept and rejected releases, newest first. */
    public List<Release> releases() {
        String liveName = live.release();
        return manifests.values().stream()
                .sorted(Comparator.comparingLong(Manifest::sequence).reversed())
                .map(manifest -> manifest.toRelease(liveName))
                .toList();
    }

    private List<Manifest> complete() {
        return manifests.values().stream()
                .filter(manifest -> !manifest.rejected())
                .sorted(Comparator.comparingLong(Manifest::sequence).reversed())
                .toList();
    }

    /**
     * Takes one space's file of a release to come, checks it whole, and keeps it aside. Staging the same space again
     * replaces the file.
     *
     * @return the file's version (checksum)
     * @throws repscorer.core.failure.ScorerException.NotFound for an undeclared space
     * @throws repscorer.core.failure.ScorerException.Invalid for a bad release name, a body over the limit, or one that
     *     breaks off
     * @throws repscorer.core.failure.ScorerException.Conflict while the release is being published
     * @throws repscorer.core.failure.ScorerException.Rejected for a damaged file or one that does not fit the space
     *     (space, model, kind, form, dimension, entries per row)
     * @throws repscorer.core.failure.ScorerException.Storage when the disk is full
     */
    public String stage(String release, String space, InputStream body) {
        Layout.checkRelease(release);
        Space declared = spaces.get(space);
        if (declared == null) {
            throw new NotFound(
                    "unknown-space",
                    "the space is not declared: '%s'; declared are %s".formatted(space, spaces.keySet()));
        }
        Path directory = layout.incoming().resolve(Long.toString(incoming.incrementAndGet()));
        try {
            disk.createDirectories(directory);
            Path arrived = Layout.file(directory, space);
            receive(body, arrived);
            EmbeddingFile file = openChecked(declared, arrived);
            keepAside(release, arrived);
            return file.checksum();
        } catch (IOException e) {
            throw storage("staging %s of release %s failed".formatted(space, release), e);
        } finally {
            discard(directory);
        }
    }

    private void receive(InputStream body, Path into) throws IOException {
        byte[] chunk = new byte[1 << 16];
        long received = 0;
        try (OutputStream out = disk.create(into)) {
            int read;
            while ((read = readBody(body, chunk)) >= 0) {
                received += read;
                if (received > options.stagedBytesMax()) {
                    throw new Invalid(
                            "body-too-large",
                            "body",
                            "a staged file has at most %d bytes: %s has more"
                                    .formatted(options.stagedBytesMax(), into.getFileName()));
                }
                out.write(chunk, 0, read);
            }
        }
        disk.sync(into);
    }

    private static int readBody(InputStream body, byte[] chunk) {
        try {
            return body.read(chunk);
        } catch (IOException e) {
            throw new Invalid("body-broken-off", "body", "the body could not be read to its end: " + e.getMessage());
        }
    }

    private void keepAside(String release, Path arrived) throws IOException {
        state.lock();
        try {
            if (release.equals(published)) {
                throw new Conflict(
                        "publication-running", "release %s is being published; nothing was staged".formatted(release));
            }
            Path directory = layout.staging(release);
            disk.createDirectories(directory);
            disk.move(arrived, directory.resolve(arrived.getFileName()));
            disk.syncDirectory(directory);
            disk.syncDirectory(layout.staging());
        } finally {
            state.unlock();
        }
    }

    /**
     * Builds the indexes of a staged release, checks them and puts it live in one step.
     *
     * <p>Publishing a release that exists with equal versions changes nothing and answers what is there; so does
     * publishing one that exists when nothing is staged, which makes a lost answer safe to ask for again.
     *
     * @throws repscorer.core.failure.ScorerException.NotFound when nothing is staged under the name
     * @throws repscorer.core.failure.ScorerException.Conflict when the name exists with other versions
     * @throws repscorer.core.failure.ScorerException.Rejected when a required space is missing, the spaces of a model
     *     disagree, or recall is under the space's floor
     */
    public Release publish(String release, PublicationListener listener) {
        Layout.checkRelease(release);
        publishing.lock();
        try {
            hold(release);
            return publishHeld(release, listener);
        } catch (IOException e) {
            throw storage("publishing release %s failed".formatted(release), e);
        } finally {
            hold("");
            publishing.unlock();
        }
    }

    /** From here on nothing is staged under the name. */
    private void hold(String release) {
        state.lock();
        try {
            published = release;
        } finally {
            state.unlock();
        }
    }

    private Release publishHeld(String release, PublicationListener listener) throws IOException {
        Map<String, EmbeddingFile> files = openStaged(release, listener);
        Map<String, String> versions = new TreeMap<>();
        files.forEach((space, file) -> versions.put(space, file.checksum()));
        Manifest existing = manifests.get(release);
        if (files.isEmpty()) {
            return withoutFiles(release, existing);
        }
        if (existing != null && !existing.rejected()) {
            disk.deleteTree(layout.staging(release));
            if (!existing.versions().equals(versions)) {
                throw new Conflict(
                        "release-exists",
                        "release %s exists with other versions: %s, staged were %s"
                                .formatted(release, new TreeMap<>(existing.versions()), versions));
            }
            return existing.toRelease(live.release());
        }
        ReleaseChecks.agree(spaces.values(), files);

        Map<String, Double> checks = new TreeMap<>();
        Map<String, SpaceVersion> indexed = new TreeMap<>();
        List<String> failures = new ArrayList<>();
        for (EmbeddingFile file : files.values()) {
            SpaceVersion version = index(file, listener);
            measure(version, checks, failures, listener);
            indexed.put(file.space(), version);
        }
        if (!failures.isEmpty()) {
            throw reject(release, versions, checks, String.join("; ", failures));
        }
        return commit(release, indexed, versions, checks);
    }

    private Map<String, EmbeddingFile> openStaged(String release, PublicationListener listener) {
        Map<String, EmbeddingFile> files = new TreeMap<>();
        int done = 0;
        for (Space space : spaces.values()) {
            Path path = Layout.file(layout.staging(release), space.name());
            if (Files.exists(path)) {
                listener.progress("check " + space.name(), done, spaces.size());
                files.put(space.name(), openChecked(space, path));
            }
            done++;
        }
        return files;
    }

    private Release withoutFiles(String release, @Nullable Manifest existing) {
        if (existing == null) {
            throw new NotFound("nothing-staged", "nothing is staged for release %s".formatted(release));
        }
        if (existing.rejected()) {
            throw new Rejected(
                    "release-rejected",
                    "release %s was rejected: %s"
                            .formatted(release, existing.rejection().orElse("")));
        }
        return existing.toRelease(live.release());
    }

    private SpaceVersion index(EmbeddingFile file, PublicationListener listener) {
        Space space = spaces.get(file.space());
        if (space == null) {
            throw new IllegalStateException("only declared spaces are opened: " + file.space());
        }
        String step = "index " + space.name();
        BuildProgress progress = (done, total) -> listener.progress(step, done, total);
        listener.progress(step, 0, file.count());
        try {
            SpaceVersion version = indexes.build(space, file, progress);
            listener.progress(step, file.count(), file.count());
            return version;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Rejected("interrupted", "building the index of %s was interrupted".formatted(space.name()), e);
        }
    }

    /** Asks engines that approximate how much they miss; a scan misses nothing and is not asked. */
    private void measure(
            SpaceVersion version, Map<String, Double> checks, List<String> failures, PublicationListener listener) {
        if (!(version.space() instanceof DenseSpace space) || version.dense().isEmpty()) {
            return;
        }
        if (version.dense().orElseThrow().engine().equals("exact")) {
            return;
        }
        listener.progress("recall " + space.name(), 0, options.sampledRows());
        double recall =
                RecallGate.recall(version.dense().orElseThrow(), version.file().denseRows(), options.sampledRows());
        listener.progress("recall " + space.name(), options.sampledRows(), options.sampledRows());
        checks.put("recall@%d of %s".formatted(RecallGate.K, space.name()), recall);
        if (recall < space.recallMin()) {
            failures.add(String.format(
                    Locale.ROOT,
                    "recall@%d of %s must be at least %s: %.4f",
                    RecallGate.K,
                    space.name(),
                    space.recallMin(),
                    recall));
        }
    }

    private Rejected reject(String release, Map<String, String> versions, Map<String, Double> checks, String reason)
            throws IOException {
        state.lock();
        try {
            Manifest manifest =
                    new Manifest(release, nextSequence(), clock.instant(), versions, checks, Optional.of(reason));
            disk.deleteTree(layout.release(release));
            disk.createDirectories(layout.release(release));
            disk.replace(layout.manifest(release), manifest.toBytes());
            disk.syncDirectory(layout.releases());
            manifests.put(release, manifest);
            discard(layout.staging(release));
            retire();
        } finally {
            state.unlock();
        }
        return new Rejected("recall-under-floor", "release %s is rejected: %s".formatted(release, reason));
    }

    private Release commit(
            String release, Map<String, SpaceVersion> indexed, Map<String, String> versions, Map<String, Double> checks)
            throws IOException {
        state.lock();
        try {
            Snapshot before = live;
            Path place = layout.release(release);
            Map<String, SpaceVersion> moved = new TreeMap<>();
            indexed.forEach((name, version) -> moved.put(
                    name,
                    new SpaceVersion(
                            version.space(),
                            version.file().movedTo(Layout.file(place, name)),
                            version.dense(),
                            version.sparse())));
            Snapshot after = new Snapshot(release, moved);
            Manifest manifest =
                    new Manifest(release, nextSequence(), clock.instant(), versions, checks, Optional.empty());
            try {
                disk.deleteTree(place); // the record of an earlier rejection
                disk.move(layout.staging(release), place);
                disk.syncDirectory(layout.releases());
                disk.replace(layout.manifest(release), manifest.toBytes());
                disk.syncDirectory(place);
                pointLiveTo(release);
            } catch (IOException e) {
                undo(release, before);
                throw e;
            }
            manifests.put(release, manifest);
            resident.put(release, after);
            swap(before, after);
            retire();
            return manifest.toRelease(release);
        } finally {
            state.unlock();
        }
    }

    /** Puts the files of a failed commit back to where they were, as far as the disk still lets us. */
    private void undo(String release, Snapshot before) {
        manifests.remove(release);
        try {
            Files.deleteIfExists(layout.manifest(release));
            if (Files.exists(layout.release(release)) && !Files.exists(layout.staging(release))) {
                disk.move(layout.release(release), layout.staging(release));
            }
            if (before.isEmpty()) {
                Files.deleteIfExists(layout.live());
            } else {
                pointLiveTo(before.release());
            }
        } catch (IOException e) {
            LOG.log(WARNING, "the failed publication of {0} left files behind: {1}", release, e.getMessage());
        }
    }

    private void pointLiveTo(String release) throws IOException {
        disk.replace(layout.live(), SealedText.write(Map.of("release", release)));
    }

    private void swap(Snapshot before, Snapshot after) {
        if (live != before) {
            throw new IllegalStateException("the live release changed outside its lock: " + live.release());
        }
        live = after;
        LOG.log(INFO, "release {0} is live", after.release());
    }

    private long nextSequence() {
        return 1
                + manifests.values().stream()
                        .mapToLong(Manifest::sequence)
                        .max()
                        .orElse(0);
    }

    /** Removes what is more than the options keep; the live release stays whatever its age. */
    private void retire() {
        String liveName = live.release();
        List<Manifest> old = new ArrayList<>();
        complete().stream()
                .filter(manifest -> !manifest.name().equals(liveName))
                .skip(options.releasesKept())
                .forEach(old::add);
        manifests.values().stream()
                .filter(Manifest::rejected)
                .sorted(Comparator.comparingLong(Manifest::sequence).reversed())
                .skip(REJECTED_KEPT)
                .forEach(old::add);
        for (Manifest manifest : old) {
            manifests.remove(manifest.name());
            resident.remove(manifest.name());
            discard(layout.release(manifest.name()));
        }
    }

    /**
     * Puts a kept release live again: at once where it is open in this process, after indexing where it was kept from an
     * earlier one.
     *
     * @throws repscorer.core.failure.ScorerException.NotFound when it is not kept
     * @throws repscorer.core.failure.ScorerException.Rejected when its files are damaged
     * @throws repscorer.core.failure.ScorerException.Storage when the disk refuses; the live release stays
     */
    public Release rollBack(String release) {
        Snapshot target = snapshot(release).orElseThrow(() -> notKept(release));
        state.lock();
        try {
            Manifest manifest = manifests.get(release);
            if (manifest == null) {
                throw notKept(release);
            }
            Snapshot before = live;
            if (before != target) {
                pointLiveTo(release);
                swap(before, target);
            }
            return manifest.toRelease(release);
        } catch (IOException e) {
            throw storage("rolling back to release %s failed".formatted(release), e);
        } finally {
            state.unlock();
        }
    }

    private NotFound notKept(String release) {
        List<String> kept = complete().stream().map(Manifest::name).toList();
        return new NotFound("release-not-kept", "release '%s' is not kept; kept are %s".formatted(release, kept));
    }

    private void discard(Path path) {
        try {
            disk.deleteTree(path);
        } catch (IOException e) {
            LOG.log(WARNING, "{0} could not be removed: {1}", path, e.getMessage());
        }
    }

    private ScorerException storage(String what, IOException cause) {
        String message = String.valueOf(cause.getMessage());
        boolean full = message.contains("No space") || message.contains("quota");
        try {
            full |= disk.usableBytes(layout.root()) == 0;
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
        return full
                ? new Storage("storage-full", "%s: the disk is full (%s)".formatted(what, message), cause)
                : new Storage("storage-failed", "%s: %s".formatted(what, cause), cause);
    }

    /** Ends the build threads. Snapshots stay usable as long as somebody holds them. */
    @Override
    public void close() {
        pool.shutdownNow();
    }
}
