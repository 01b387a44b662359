package repscorer.core.store;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import repscorer.ann.BuildThreads;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.embedding.Space;
import repscorer.core.embedding.ZeroVectors;
import repscorer.core.failure.ScorerException;
import repscorer.core.failure.ScorerException.Conflict;
import repscorer.core.failure.ScorerException.Invalid;
import repscorer.core.failure.ScorerException.NotFound;
import repscorer.core.failure.ScorerException.NotReady;
import repscorer.core.failure.ScorerException.Rejected;
import repscorer.core.failure.ScorerException.Storage;
import repscorer.os.BackgroundThreads;

/**
 * Keeps releases on disk and one of them live. Readers take {@link #current()}: one volatile read, no lock. Writers
 * (stage, publish, roll back) take turns.
 *
 * <p>Safe for concurrent use. A publication that fails for whatever reason leaves the live release as it was. One store at a
 * time has a directory; another is refused.
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
     * Kept releases of an earlier process are opened when first asked for, by a roll-back or by name; those of this process
     * stay open and a roll-back to them is one rename and one swap.
     */

    private static final System.Logger LOG = System.getLogger(RepresentationStore.class.getName());

    /** Releases that failed a check are listed until as many newer ones failed. */
    private static final int REJECTED_KEPT = 10;

    /** How long those who build beside searches rest, in proportion to their work. */
    private static final double SERVING_REST = 0.3;

    /** Changes that a graph keeps searchable are folded when they are this part of the base. */
    private static final int FOLDED_PART = 4;

    /** So many are folded however large the base is. */
    private static final int GRAPHED_CHANGES_MAX = 100_000;

    /** After a compaction that failed. */
    private static final Duration COMPACTION_PAUSE = Duration.ofSeconds(30);

    /** How often releases are looked at that are too old to be kept. */
    private static final Duration RETENTION_PERIOD = Duration.ofMinutes(1);

    private final Layout layout;
    private final Map<String, Space> spaces;
    private final StoreOptions options;
    private final Clock clock;
    private final StoreFiles files;
    private final ExecutorService pool;
    private final CheckedIndexes indexes;
    private final IndexFiles indexFiles;

    private final Map<String, Manifest> manifests = new ConcurrentHashMap<>();
    private final Map<String, Snapshot> resident = new ConcurrentHashMap<>();
    private final AtomicLong incoming = new AtomicLong();
    private final ReentrantLock publishing = new ReentrantLock();
    private final ReentrantLock state = new ReentrantLock();
    private final ReentrantLock opening = new ReentrantLock();
    private volatile Snapshot live = Snapshot.EMPTY; // written under `state` only
    private final Map<String, Map<String, SpaceStream>> streams = new ConcurrentHashMap<>(); // by release, by space
    private final List<Finding> findings = new CopyOnWriteArrayList<>();
    private final ReentrantLock compacting = new ReentrantLock();
    private final ExecutorService compactor = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("compaction").factory());
    private final ExecutorService background = Executors.newCachedThreadPool(BackgroundThreads.named("background-"));
    private final AtomicBoolean compactionQueued = new AtomicBoolean();
    private volatile long compactionPausedUntil = System.nanoTime();
    private volatile Optional<String> readOnly = Optional.empty();
    private boolean pointerDoubtful; // whether LIVE may name another release on the device; guarded by `state`
    private volatile String published = ""; // the release that is being built, or empty
    private final ScheduledExecutorService keeper = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("retention").factory());
    private Closeable lock = () -> {}; // on the directory; written before anybody else sees the store

    private RepresentationStore(
            Path directory,
            Collection<Space> spaces,
            StoreOptions options,
            Clock clock,
            StoreFiles files,
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
        this.files = files;
        this.pool = Executors.newFixedThreadPool(options.buildThreads(), BackgroundThreads.named("index-build-"));
        this.indexFiles = new IndexFiles(layout.indexes());
        this.indexes = new CheckedIndexes(
                this.spaces,
                indexes == null ? Indexes.engines(this::buildThreads, indexFiles) : indexes,
                indexFiles,
                options.sampledRows());
    }

    /** All of them before there is anything to serve, then fewer that rest, so that searches have processors of their own. */
    private BuildThreads buildThreads() {
        return live.isEmpty()
                ? BuildThreads.of(pool, options.buildThreads())
                : new BuildThreads(pool, options.buildThreadsServing(), SERVING_REST);
    }

    /**
     * Opens a store, creates its directory where it is missing, and brings the release that was live back.
     *
     * @throws repscorer.core.failure.ScorerException.Conflict when another process has the directory
     * @throws repscorer.core.failure.ScorerException.Rejected when the live release's files are damaged and no older
     *     release can take its place
     * @throws repscorer.core.failure.ScorerException.Storage when the directory cannot be read or made
     */
    public static RepresentationStore open(Path directory, Collection<Space> spaces, StoreOptions options) {
        return open(directory, spaces, options, Clock.systemUTC(), StoreFiles.REAL, null);
    }

    /** The same on a file system of the caller's, so that faults can be tried. */
    public static RepresentationStore open(
            Path directory, Collection<Space> spaces, StoreOptions options, StoreFiles files) {
        return open(directory, spaces, options, Clock.systemUTC(), files, null);
    }

    static RepresentationStore open(
            Path directory,
            Collection<Space> spaces,
            StoreOptions options,
            Clock clock,
            StoreFiles files,
            @Nullable Indexes indexes) {
        RepresentationStore store = new RepresentationStore(directory, spaces, options, clock, files, indexes);
        try {
            files.createDirectories(directory);
            store.lock = files.lock(directory);
            store.reopen();
            store.keepRetention();
            return store;
        } catch (IOException e) {
            store.close();
            throw store.storage("the store cannot be opened", e);
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    private void keepRetention() {
        if (spaces.values().stream()
                .anyMatch(space -> space.policy().retention().age().isPresent())) {
            long seconds = RETENTION_PERIOD.toSeconds();
            keeper.scheduleWithFixedDelay(this::retireAged, seconds, seconds, TimeUnit.SECONDS);
        }
    }

    /** Removes releases whose time is over. */
    void retireAged() {
        state.lock();
        try {
            retire();
        } catch (RuntimeException e) {
            LOG.log(WARNING, "releases that are too old could not be removed: {0}", e.toString());
        } finally {
            state.unlock();
        }
    }

    private void reopen() throws IOException {
        files.createDirectories(layout.releases());
        files.createDirectories(layout.staging());
        files.deleteTree(layout.incoming());
        files.createDirectories(layout.incoming());
        files.syncDirectory(layout.root());
        Path parent = layout.root().toAbsolutePath().getParent();
        if (parent != null) {
            files.syncDirectory(parent);
        }
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
                Opened opened = load(manifest);
                if (!manifest.name().equals(wanted)) {
                    LOG.log(WARNING, "release {0} goes live in place of {1}", manifest.name(), wanted);
                }
                resident.put(manifest.name(), opened.snapshot());
                streams.put(manifest.name(), opened.streams());
                live = opened.snapshot();
                return;
            } catch (Rejected e) {
                found(new Finding(
                        Finding.Kind.DAMAGED,
                        layout.root()
                                .relativize(layout.release(manifest.name()))
                                .toString(),
                        "the release cannot be opened: " + e.getMessage()));
                damages.add("%s (%s)".formatted(manifest.name(), e.getMessage()));
            }
        }
        throw new Rejected("no-intact-release", "no release can be opened: " + String.join("; ", damages));
    }

    /** Answers what is damaged among them. */
    private List<String> readManifests() throws IOException {
        List<String> damages = new ArrayList<>();
        files.syncDirectory(layout.releases());
        for (Path directory : files.list(layout.releases())) {
            String name = String.valueOf(directory.getFileName());
            Path file = layout.manifest(name);
            if (!files.exists(file)) {
                LOG.log(INFO, "an unfinished publication is removed: {0}", name);
                files.syncDirectory(
                        directory); // its manifest may have been removed and not forced: it must not come back
                files.deleteTree(directory);
                continue;
            }
            try {
                Manifest manifest = Manifest.parse(files.read(file));
                files.syncDirectory(directory);
                if (!manifest.name().equals(name)) {
                    throw new IllegalArgumentException("it names another release, " + manifest.name());
                }
                manifests.put(name, manifest);
                tidy(directory, manifest);
            } catch (IllegalArgumentException e) {
                // Left on disk for an operator to look at; not a release until its manifest is whole again.
                found(new Finding(
                        Finding.Kind.DAMAGED,
                        layout.root().relativize(file).toString(),
                        "the manifest of release %s is damaged: %s".formatted(name, e.getMessage())));
                damages.add("%s (its manifest is damaged: %s)".formatted(name, e.getMessage()));
            }
        }
        return damages;
    }

    /** Removes what an interrupted compaction left. */
    private void tidy(Path directory, Manifest manifest) throws IOException {
        Set<String> named = new TreeSet<>();
        named.add(String.valueOf(layout.manifest(manifest.name()).getFileName()));
        manifest.versions().keySet().forEach(space -> named.add(manifest.fileOf(space)));
        for (Path path : files.list(directory)) {
            String name = String.valueOf(path.getFileName());
            if (!named.contains(name) && !name.endsWith(Layout.SEGMENT_SUFFIX)) {
                files.delete(path);
            }
        }
    }

    private Optional<String> readLive() throws IOException {
        if (!files.exists(layout.live())) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(
                    SealedText.read(files.read(layout.live())).get("release"));
        } catch (IllegalArgumentException e) {
            found(new Finding(
                    Finding.Kind.DAMAGED,
                    String.valueOf(layout.live().getFileName()),
                    "the newest release goes live: " + e.getMessage()));
            return Optional.empty();
        }
    }

    /** A release that answers requests, and what takes changes to its spaces. */
    private record Opened(Snapshot snapshot, Map<String, SpaceStream> streams) {}

    /** Opens a published release, builds its indexes and reads its logs. */
    private Opened load(Manifest manifest) {
        Map<String, EmbeddingFile> intact = new TreeMap<>();
        for (String name : manifest.versions().keySet()) {
            Space space = spaces.get(name);
            if (space == null) {
                LOG.log(INFO, "release {0} holds {1}, which is no longer declared", manifest.name(), name);
                continue;
            }
            Path path = layout.release(manifest.name()).resolve(manifest.fileOf(name));
            try {
                EmbeddingFile file = openChecked(space, path);
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
                found(new Finding(
                        Finding.Kind.DAMAGED,
                        layout.root().relativize(path).toString(),
                        String.valueOf(e.getMessage())));
            }
        }
        Map<String, SpaceVersion> versions = new TreeMap<>();
        Map<String, SpaceStream> streams = new TreeMap<>();
        intact.forEach((name, file) -> {
            Replayed replayed = replay(manifest, indexes.index(file, PublicationListener.NONE));
            versions.put(name, replayed.version());
            streams.put(name, replayed.stream());
        });
        return new Opened(new Snapshot(manifest.name(), versions), streams);
    }

    private record Replayed(SpaceVersion version, SpaceStream stream) {}

    /** A base with the changes that the log holds since. */
    private Replayed replay(Manifest manifest, SpaceVersion base) {
        String space = base.space().name();
        Manifest.Base folded = manifest.bases().get(space);
        Map<String, Long> highest = new HashMap<>(folded == null ? Map.of() : folded.highest());
        Delta delta = new Delta(base.file(), base.baseDense(), folded == null ? 0 : folded.sequence());
        try {
            LogReplay.Result log =
                    LogReplay.read(files, layout, manifest.name(), space, delta.sequence(), (sequence, each) -> {
                        delta.skipTo(sequence - 1);
                        delta.add(each.change());
                        each.change().number().ifPresent(n -> highest.merge(each.producer(), n, Math::max));
                    });
            delta.skipTo(log.sequence());
            log.findings().forEach(this::found);
            String published = manifest.versions().getOrDefault(space, "");
            SpaceStream stream = stream(manifest.name(), base.space(), log, delta, highest);
            try {
                stream.prove();
            } catch (IOException e) {
                // A full disk is no reason not to serve; the next change tries again.
                found(new Finding(
                        Finding.Kind.UNPROVEN,
                        layout.root()
                                .relativize(layout.release(manifest.name()))
                                .toString(),
                        "the log of %s could not be continued: %s".formatted(space, e.getMessage())));
            }
            stream.coverSoon();
            return new Replayed(base.with(published, delta.view()), stream);
        } catch (IOException e) {
            throw storage("the log of %s in release %s cannot be read".formatted(space, manifest.name()), e);
        }
    }

    private SpaceStream stream(
            String release, Space space, LogReplay.Result log, Delta delta, Map<String, Long> highest) {
        return new SpaceStream(
                space,
                new SpaceLog(files, layout, release, space.name(), log),
                delta,
                highest,
                view -> show(release, space.name(), view),
                background);
    }

    /** Makes changes visible in the release they were made to. */
    private void show(String release, String space, DeltaView view) {
        state.lock();
        try {
            Snapshot before = resident.get(release);
            if (before != null) {
                SpaceVersion version = before.space(space).orElseThrow();
                replaceResident(before.with(version.with(version.published(), view)));
            }
        } finally {
            state.unlock();
        }
    }

    private void replaceResident(Snapshot after) {
        resident.put(after.release(), after);
        if (live.release().equals(after.release())) {
            live = after;
        }
    }

    private void found(Finding finding) {
        LOG.log(WARNING, "{0}", finding);
        findings.add(finding);
    }

    /** What was found wrong with files since the store was opened. */
    public List<Finding> findings() {
        return List.copyOf(findings);
    }

    /** Why changes and publications are refused at present, where they are; tried anew with every one. */
    public Optional<String> readOnly() {
        return readOnly;
    }

    private EmbeddingFile openChecked(Space space, Path path) {
        EmbeddingFile file = openVerified(path);
        ReleaseChecks.fits(space, file);
        return file;
    }

    private EmbeddingFile openVerified(Path path) {
        EmbeddingFile file;
        try {
            file = EmbeddingFile.open(path, files.map(path));
        } catch (IOException e) {
            throw new Rejected(
                    "unreadable-embedding-file",
                    "the file cannot be read: %s (%s)".formatted(path.getFileName(), e),
                    e);
        }
        file.verify();
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
            Snapshot already = resident.get(release);
            return Optional.of(already != null ? already : keepOpen(load(manifest)));
        } finally {
            opening.unlock();
        }
    }

    /** Keeps a snapshot open unless its release was retired meanwhile. */
    private Snapshot keepOpen(Opened opened) {
        Snapshot snapshot = opened.snapshot();
        state.lock();
        try {
            if (manifests.containsKey(snapshot.release())) {
                resident.put(snapshot.release(), snapshot);
                streams.put(snapshot.release(), opened.streams());
            }
            return snapshot;
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
        return stage(release, space, directory -> receive(body, Layout.file(directory, space)));
    }

    /** Makes a space's file. */
    @FunctionalInterface
    public interface FileMaker {

        /** Writes {@code SPACE.emb} into a directory that is empty, and removed afterwards with all that is left in it. */
        void make(Path directory) throws IOException;
    }

    /**
     * The same for a file that is made here, out of rows that another tool wrote. What the maker throws comes through, and
     * nothing is staged then.
     */
    public String stage(String release, String space, FileMaker maker) {
        Layout.checkRelease(release);
        Space declared = spaces.get(space);
        if (declared == null) {
            throw new NotFound(
                    "unknown-space",
                    "the space is not declared: '%s'; declared are %s".formatted(space, spaces.keySet()));
        }
        Path directory = layout.incoming().resolve(Long.toString(incoming.incrementAndGet()));
        try {
            files.createDirectories(directory);
            maker.make(directory);
            Path arrived = Layout.file(directory, space);
            if (declared.policy().zeroVectors() == ZeroVectors.DROP) {
                dropZeroVectors(arrived);
            }
            EmbeddingFile file = openChecked(declared, arrived);
            ReleaseChecks.welcome(declared, file);
            keepAside(release, arrived);
            return file.checksum();
        } catch (IOException e) {
            throw storage("staging %s of release %s failed".formatted(space, release), e);
        } finally {
            discard(directory);
        }
    }

    private void dropZeroVectors(Path arrived) throws IOException {
        EmbeddingFile file = openVerified(arrived);
        NonZeroRows kept = NonZeroRows.of(file);
        if (kept.count() == file.count()) {
            return;
        }
        LOG.log(INFO, "{0} zero vectors of {1} are dropped", file.count() - kept.count(), file.space());
        Path shorter = arrived.resolveSibling(arrived.getFileName() + ".shorter");
        try (StoreFiles.Output out = files.create(shorter)) {
            EmbeddingFileWriter.rewrite(file, kept, out);
            out.sync();
        }
        files.move(shorter, arrived);
    }

    private void receive(InputStream body, Path into) throws IOException {
        byte[] chunk = new byte[1 << 16];
        long received = 0;
        try (StoreFiles.Output out = files.create(into)) {
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
                StoreFiles.writeFully(out, ByteBuffer.wrap(chunk, 0, read));
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

    private void keepAside(String release, Path arrived) throws IOException {
        state.lock();
        try {
            if (release.equals(published)) {
                throw new Conflict(
                        "publication-running", "release %s is being published; nothing was staged".formatted(release));
            }
            Path directory = layout.staging(release);
            files.createDirectories(directory);
            files.move(arrived, directory.resolve(arrived.getFileName()));
            files.syncDirectory(directory);
            files.syncDirectory(layout.staging());
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
        Map<String, EmbeddingFile> staged = inBackground(() -> openStaged(release, listener));
        Map<String, String> versions = new TreeMap<>();
        staged.forEach((space, file) -> versions.put(space, file.checksum()));
        Manifest existing = manifests.get(release);
        if (staged.isEmpty()) {
            return withoutFiles(release, existing);
        }
        if (existing != null && !existing.rejected()) {
            files.deleteTree(layout.staging(release));
            if (!existing.versions().equals(versions)) {
                throw new Conflict(
                        "release-exists",
                        "release %s exists with other versions: %s, staged were %s"
                                .formatted(release, new TreeMap<>(existing.versions()), versions));
            }
            return existing.toRelease(live.release());
        }
        ReleaseChecks.agree(spaces.values(), staged);

        Map<String, Double> checks = new TreeMap<>();
        Map<String, SpaceVersion> indexed = new TreeMap<>();
        List<String> failures = new ArrayList<>();
        inBackground(() -> {
            for (EmbeddingFile file : staged.values()) {
                SpaceVersion version = indexes.index(file, listener);
                indexes.measure(version, checks, failures, listener);
                CheckedIndexes.warm(version);
                indexed.put(file.space(), version);
            }
            return indexed;
        });
        if (!failures.isEmpty()) {
            throw reject(release, versions, checks, String.join("; ", failures));
        }
        return commit(release, indexed, versions, checks);
    }

    /** Has long work done by a thread that requests need not wait for, and waits for it. */
    private <T> T inBackground(Callable<T> work) throws IOException {
        Future<T> done = background.submit(work);
        try {
            return done.get();
        } catch (InterruptedException e) {
            done.cancel(true);
            Thread.currentThread().interrupt();
            throw new Rejected("interrupted", "interrupted while an index was built", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error failure) {
                throw failure;
            }
            throw new IllegalStateException(e);
        }
    }

    private Map<String, EmbeddingFile> openStaged(String release, PublicationListener listener) {
        Map<String, EmbeddingFile> staged = new TreeMap<>();
        int done = 0;
        for (Space space : spaces.values()) {
            Path path = Layout.file(layout.staging(release), space.name());
            if (files.exists(path)) {
                listener.progress("check " + space.name(), done, spaces.size());
                staged.put(space.name(), openChecked(space, path));
            }
            done++;
        }
        return staged;
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

    private Rejected reject(String release, Map<String, String> versions, Map<String, Double> checks, String reason)
            throws IOException {
        state.lock();
        try {
            Manifest manifest =
                    new Manifest(release, nextSequence(), clock.instant(), versions, checks, Optional.of(reason));
            files.deleteTree(layout.release(release));
            files.createDirectories(layout.release(release));
            files.replace(layout.manifest(release), manifest.toBytes());
            files.syncDirectory(layout.releases());
            manifests.put(release, manifest);
            discard(layout.staging(release));
            retire();
        } finally {
            state.unlock();
        }
        String code = reason.startsWith("recall") ? "recall-under-floor" : "index-incomplete";
        return new Rejected(code, "release %s is rejected: %s".formatted(release, reason));
    }

    private Release commit(
            String release, Map<String, SpaceVersion> indexed, Map<String, String> versions, Map<String, Double> checks)
            throws IOException {
        state.lock();
        try {
            Snapshot before = live;
            Path place = layout.release(release);
            Map<String, SpaceVersion> moved = new TreeMap<>();
            Map<String, SpaceStream> opened = new TreeMap<>();
            indexed.forEach((name, version) -> {
                EmbeddingFile file = version.file().movedTo(Layout.file(place, name));
                Delta delta = new Delta(file, version.baseDense(), 0);
                moved.put(name, version.movedTo(file).with(file.checksum(), delta.view()));
                opened.put(name, stream(release, version.space(), LogReplay.NOTHING, delta, Map.of()));
            });
            Snapshot after = new Snapshot(release, moved);
            Manifest manifest =
                    new Manifest(release, nextSequence(), clock.instant(), versions, checks, Optional.empty());
            try {
                files.deleteTree(place); // the record of an earlier rejection
                files.move(layout.staging(release), place);
                files.syncDirectory(layout.releases());
                files.replace(layout.manifest(release), manifest.toBytes());
                files.syncDirectory(place);
                pointLiveTo(release);
            } catch (IOException e) {
                if (undo(release, before)) {
                    throw e;
                }
                throw new IOException(
                        "%s; whether release %s is live after a restart is not known"
                                .formatted(e.getMessage(), release),
                        e);
            }
            manifests.put(release, manifest);
            resident.put(release, after);
            streams.put(release, opened);
            swap(before, after);
            readOnly = Optional.empty();
            retire();
            return manifest.toRelease(release);
        } finally {
            state.unlock();
        }
    }

    /**
     * Takes a failed commit back: the pointer first, then the manifest, then the files, each before the next is durable.
     * Answers whether it is certain that the release is none after a restart.
     */
    private boolean undo(String release, Snapshot before) {
        manifests.remove(release);
        try {
            if (!before.isEmpty()) {
                pointLiveTo(before.release());
            } else if (files.exists(layout.live())) {
                files.delete(layout.live());
                files.syncDirectory(layout.root());
                pointerDoubtful = false;
            }
            if (files.exists(layout.release(release))) {
                forgetManifest(release);
                if (!files.exists(layout.staging(release))) {
                    files.move(layout.release(release), layout.staging(release));
                }
            }
            return true;
        } catch (IOException e) {
            LOG.log(WARNING, "the failed publication of {0} left files behind: {1}", release, e.getMessage());
            return false;
        }
    }

    /** From then on a directory is no release, whatever is left in it; returns when that is durable. */
    private void forgetManifest(String release) throws IOException {
        files.delete(layout.manifest(release));
        files.syncDirectory(layout.release(release));
    }

    private void pointLiveTo(String release) throws IOException {
        pointerDoubtful = true;
        files.replace(layout.live(), SealedText.write(Map.of("release", release)));
        pointerDoubtful = false;
    }

    /** Points LIVE to another release, or back where that fails. */
    private void exchangeLive(String before, String after) throws IOException {
        try {
            pointLiveTo(after);
        } catch (IOException e) {
            try {
                pointLiveTo(before);
            } catch (IOException again) {
                LOG.log(WARNING, "LIVE could not be pointed back to {0}: {1}", before, again.getMessage());
                throw new IOException(
                        "%s; whether release %s or %s is live after a restart is not known"
                                .formatted(e.getMessage(), before, after),
                        e);
            }
            throw e;
        }
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

    /** Whether the retention of one of a release's spaces is over, with so many newer releases kept beside the live one. */
    private boolean isOver(Manifest manifest, int newer) {
        Instant now = clock.instant();
        return manifest.versions().keySet().stream()
                .flatMap(space -> Optional.ofNullable(spaces.get(space)).stream())
                .map(space -> space.policy().retention())
                .anyMatch(retention -> newer >= retention.releases().orElse(Integer.MAX_VALUE)
                        || retention
                                .age()
                                .filter(age -> manifest.publishedAt().plus(age).isBefore(now))
                                .isPresent());
    }

    /** Removes what is more than options and retention keep; the live release stays whatever its age. */
    private void retire() {
        String liveName = live.release();
        List<Manifest> old = new ArrayList<>();
        List<Manifest> others = complete().stream()
                .filter(manifest -> !manifest.name().equals(liveName))
                .toList();
        for (int newer = 0; newer < others.size(); newer++) {
            if (newer >= options.releasesKept() || isOver(others.get(newer), newer)) {
                old.add(others.get(newer));
            }
        }
        manifests.values().stream()
                .filter(Manifest::rejected)
                .sorted(Comparator.comparingLong(Manifest::sequence).reversed())
                .skip(REJECTED_KEPT)
                .forEach(old::add);
        for (Manifest manifest : old) {
            LOG.log(INFO, "release {0} is kept no longer", manifest.name());
            manifests.remove(manifest.name());
            resident.remove(manifest.name());
            streams.getOrDefault(manifest.name(), Map.of()).values().forEach(SpaceStream::close);
            streams.remove(manifest.name());
            try {
                forgetManifest(manifest.name());
                files.deleteTree(layout.release(manifest.name()));
            } catch (IOException e) {
                LOG.log(WARNING, "release {0} could not be removed: {1}", manifest.name(), e.getMessage());
            }
        }
        Set<String> checksums = new HashSet<>();
        for (Manifest manifest : manifests.values()) {
            manifest.versions().keySet().forEach(space -> checksums.add(manifest.checksumOf(space)));
        }
        indexFiles.retain(checksums);
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
        Snapshot opened = snapshot(release).orElseThrow(() -> notKept(release));
        state.lock();
        try {
            Manifest manifest = manifests.get(release);
            Snapshot target = resident.getOrDefault(release, opened);
            if (manifest == null) {
                throw notKept(release);
            }
            Snapshot before = live;
            if (before != target || pointerDoubtful) {
                exchangeLive(before.release(), release);
                swap(before, target);
            }
            return manifest.toRelease(release);
        } catch (IOException e) {
            throw storage("rolling back to release %s failed".formatted(release), e);
        } finally {
            state.unlock();
        }
    }

    /**
     * Changes a space of the live release. Answers when every change that was accepted is on the device and seen by all
     * requests that begin from then on. Changes belong to the release: they come and go with it.
     *
     * @param release the release that the caller means
     * @param producer who numbers the changes, 1 to 64 letters, digits, dots, hyphens and underscores; empty for nobody
     * @return one outcome for each change, in their order
     * @throws repscorer.core.failure.ScorerException.Conflict when another release is live
     * @throws repscorer.core.failure.ScorerException.NotFound when the space is not declared
     * @throws repscorer.core.failure.ScorerException.NotReady when the release lacks the space
     * @throws repscorer.core.failure.ScorerException.Storage when the disk is full or fails: none of the changes is visible
     */
    public List<Outcome> apply(String release, String space, String producer, List<Change> changes) {
        if (!producer.isEmpty() && !Layout.isName(producer)) {
            throw new Invalid(
                    "bad-producer",
                    "producer",
                    "a producer's name is 1 to 64 letters, digits, dots, hyphens and underscores: '%s'"
                            .formatted(producer));
        }
        SpaceStream stream = liveStream(release, space);
        try {
            List<Outcome> outcomes = stream.apply(producer, changes);
            readOnly = Optional.empty();
            if (stream.pending() >= foldedFrom(release, space, stream)) {
                compactSoon(space);
            }
            return outcomes;
        } catch (IOException e) {
            ScorerException failure = storage("changes to %s were not taken".formatted(space), e);
            readOnly = Optional.of(String.valueOf(failure.getMessage()));
            throw failure;
        }
    }

    /** How many changes are folded. Where a graph keeps searches fast meanwhile, it waits until they are a good part of the base. */
    private int foldedFrom(String release, String space, SpaceStream stream) {
        Snapshot snapshot = resident.get(release);
        if (!stream.hasGraph() || snapshot == null) {
            return options.compactionChanges();
        }
        int rows = snapshot.space(space).map(version -> version.file().count()).orElse(0);
        return rows < Indexes.HNSW_ROWS_MIN
                ? options.compactionChanges()
                : Math.max(options.compactionChanges(), Math.min(GRAPHED_CHANGES_MAX, rows / FOLDED_PART));
    }

    private SpaceStream liveStream(String release, String space) {
        if (!spaces.containsKey(space)) {
            throw new NotFound(
                    "unknown-space",
                    "the space is not declared: '%s'; declared are %s".formatted(space, spaces.keySet()));
        }
        String liveName = live.release();
        if (liveName.isEmpty()) {
            throw new NotReady("no-live-release", "no release is live yet: publish one first");
        }
        if (!liveName.equals(release)) {
            throw new Conflict(
                    "release-changed", "changes go to the live release, %s: '%s' is not".formatted(liveName, release));
        }
        SpaceStream stream = streams.getOrDefault(release, Map.of()).get(space);
        if (stream == null) {
            throw new NotReady("space-not-live", "release %s has no %s".formatted(release, space));
        }
        return stream;
    }

    private void compactSoon(String space) {
        if (System.nanoTime() - compactionPausedUntil < 0 || !compactionQueued.compareAndSet(false, true)) {
            return;
        }
        compactor.execute(() -> {
            try {
                compact(space, PublicationListener.NONE);
            } catch (RuntimeException e) {
                LOG.log(WARNING, "changes to {0} were not folded, and are kept: {1}", space, e.getMessage());
                compactionPausedUntil = System.nanoTime() + COMPACTION_PAUSE.toNanos();
            } finally {
                compactionQueued.set(false);
            }
        });
    }

    /**
     * Folds the changes to a space of the live release into a new base: written, checked and indexed beside the searches,
     * then exchanged in one step. Changes that come meanwhile are kept. A failure leaves everything as it was.
     *
     * @return whether there was anything to fold
     * @throws repscorer.core.failure.ScorerException.Rejected when the new index misses too many true neighbours
     * @throws repscorer.core.failure.ScorerException.Storage when the disk is full or fails
     */
    public boolean compact(String space, PublicationListener listener) {
        compacting.lock();
        try {
            // Read once: another release may go live at any moment, and its base is not to be taken for this one's.
            Snapshot snapshot = live;
            String release = snapshot.release();
            SpaceStream stream = liveStream(release, space);
            SpaceStream.Cut cut = stream.cut();
            if (cut.view().isEmpty()) {
                return false;
            }
            SpaceVersion before = snapshot.space(space).orElseThrow();
            if (!cut.view().isOver(before.file())) {
                throw new IllegalStateException("changes to %s lie over another base".formatted(space));
            }
            fold(release, before.with(before.published(), cut.view()), stream, cut, listener);
            return true;
        } catch (IOException e) {
            throw storage("folding changes to %s failed".formatted(space), e);
        } finally {
            compacting.unlock();
        }
    }

    private void fold(
            String release, SpaceVersion before, SpaceStream stream, SpaceStream.Cut cut, PublicationListener listener)
            throws IOException {
        String space = before.space().name();
        Path directory = layout.release(release);
        int number = nextNumber(directory, space);
        Path path = directory.resolve(Layout.fileName(space, number));
        listener.progress("fold " + space, 0, before.count());
        SpaceVersion indexed = inBackground(() -> foldInto(directory, path, before, listener));
        Manifest.Base base =
                new Manifest.Base(number, indexed.file().checksum(), cut.view().sequence(), cut.highest());
        stream.rebase(
                cut,
                indexed.file(),
                indexed.baseDense(),
                changes -> commitFold(release, indexed, before.published(), base, changes));
        // Nothing on disk needs these any more; who reads the old file goes on reading it.
        stream.forget(cut.lastSegment());
        discard(before.file().path());
    }

    private SpaceVersion foldInto(Path directory, Path path, SpaceVersion before, PublicationListener listener)
            throws IOException {
        FoldedRows rows = FoldedRows.of(before);
        Path temporary = directory.resolve(path.getFileName() + ".tmp");
        try {
            try (StoreFiles.Output out = files.create(temporary)) {
                EmbeddingFileWriter.rewrite(before.file(), rows, out);
                out.sync();
            }
            files.move(temporary, path);
            files.syncDirectory(directory);
        } finally {
            discard(temporary);
        }
        EmbeddingFile file = openChecked(before.space(), path);
        List<String> failures = new ArrayList<>();
        SpaceVersion indexed = indexes.indexFolded(file, before, rows, failures, listener);
        if (!failures.isEmpty()) {
            discard(path);
            throw new Rejected("recall-under-floor", "the folded base is refused: " + String.join("; ", failures));
        }
        CheckedIndexes.warm(indexed);
        return indexed;
    }

    private int nextNumber(Path directory, String space) throws IOException {
        int number = 1;
        for (Path path : files.list(directory)) {
            number = Math.max(number, 1 + Layout.fileNumber(path, space).orElse(0));
        }
        return number;
    }

    private void commitFold(
            String release, SpaceVersion indexed, String publishedVersion, Manifest.Base base, DeltaView changes)
            throws IOException {
        state.lock();
        try {
            Manifest manifest = manifests.get(release);
            Snapshot snapshot = resident.get(release);
            if (manifest == null || snapshot == null) {
                throw new IOException("release %s was removed meanwhile".formatted(release));
            }
            String space = indexed.space().name();
            Manifest folded = manifest.with(space, base);
            files.replace(layout.manifest(release), folded.toBytes());
            manifests.put(release, folded);
            replaceResident(snapshot.with(indexed.with(publishedVersion, changes)));
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
            files.deleteTree(path);
        } catch (IOException e) {
            LOG.log(WARNING, "{0} could not be removed: {1}", path, e.getMessage());
        }
    }

    private ScorerException storage(String what, IOException cause) {
        String message = String.valueOf(cause.getMessage());
        boolean full = message.contains("No space") || message.contains("quota");
        try {
            full |= files.usableBytes(layout.root()) == 0;
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
        keeper.shutdownNow();
        compactor.shutdownNow();
        background.shutdownNow();
        pool.shutdownNow();
        streams.values().forEach(each -> each.values().forEach(SpaceStream::close));
        try {
            lock.close();
        } catch (IOException e) {
            LOG.log(WARNING, "the lock on {0} is held until the process ends: {1}", layout.root(), e.getMessage());
        }
    }
}
