package repscorer.core.store;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import repscorer.ann.BuildThreads;
import repscorer.core.disk.Disk;
import repscorer.core.embedding.Space;
import repscorer.core.erasure.ErasedSubjects;
import repscorer.core.erasure.ErasureMark;
import repscorer.core.failure.Finding;
import repscorer.core.store.index.IndexFiles;
import repscorer.core.store.index.Indexes;

/**
 * Keeps releases on disk and one of them live. Readers take {@link #current()}: one volatile read, no lock. Writers
 * (stage, publish, roll back) take turns.
 *
 * <p>Safe for concurrent use. A publication that fails for whatever reason leaves the live release as it was. One store at a
 * time has a directory; another is refused.
 */
public final class RepresentationStore implements AutoCloseable {

    /*
     * Each verb is a class: Staging, Publisher, KeptReleases, Retirement, Compactor, StoreOpener, and SpaceStream for changes. What
     * they share is the catalogue. Two locks: the publisher's lets one publication build at a time; the catalogue's guards the
     * short steps that change files or the catalogue, so that neither a roll-back nor an upsert ever waits for a build.
     *
     * Kept releases of an earlier process are opened when first asked for, by a roll-back or by name; those of this process
     * stay open and a roll-back to them is one rename and one swap.
     */

    private final Layout layout;
    private final Map<String, Space> spaces = new TreeMap<>();
    private final BackgroundWork background;
    private final ReleaseCatalog catalog = new ReleaseCatalog(spaces);
    private final StoreHealth health;
    private final StoreOpener opener;
    private final Staging staging;
    private final Publisher publisher;
    private final KeptReleases kept;
    private final Retirement retirement;
    private final Compactor compactor;
    private final StoreErasure erasure;
    private Closeable lock = () -> {}; // on the directory; written before anybody else sees the store

    private RepresentationStore(
            Path directory,
            Collection<Space> declared,
            StoreOptions options,
            Clock clock,
            Disk disk,
            @Nullable Indexes engines,
            ErasedSubjects erased) {
        for (Space space : declared) {
            if (spaces.put(space.name(), space) != null) {
                throw new IllegalArgumentException("space names must differ: '%s' twice".formatted(space.name()));
            }
        }
        this.layout = new Layout(directory);
        this.background = new BackgroundWork(options);
        this.health = new StoreHealth(disk, layout);
        LivePointer pointer = new LivePointer(disk, layout);
        IndexFiles files = new IndexFiles(disk, layout.indexes(), health::found);
        Supplier<BuildThreads> builders =
                () -> background.builders(!catalog.live().isEmpty());
        CheckedIndexes indexes = CheckedIndexes.of(spaces, options, engines, files, builders);
        ErasureMark mark = new ErasureMark(disk, layout.erased(), erased);
        this.opener = new StoreOpener(disk, layout, spaces, catalog, pointer, indexes, background, health, mark, clock);
        this.staging = new Staging(disk, layout, catalog, health, options.stagedBytesMax(), erased);
        this.retirement = new Retirement(disk, layout, spaces, options.releasesKept(), clock, catalog, files);
        this.compactor = new Compactor(disk, layout, options, catalog, indexes, retirement, background, health, clock);
        this.publisher = new Publisher(
                disk,
                layout,
                spaces,
                clock,
                catalog,
                pointer,
                staging,
                opener,
                indexes,
                retirement,
                compactor,
                background,
                health,
                erased);
        this.erasure = new StoreErasure(
                disk, layout, catalog, opener, staging, publisher, compactor, retirement, health, mark);
        this.kept = new KeptReleases(disk, layout, catalog, opener, pointer, retirement, health);
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
        return open(directory, spaces, options, Disk.LOCAL);
    }

    /** The same on a disk of the caller's, so that faults can be tried. */
    public static RepresentationStore open(Path directory, Collection<Space> spaces, StoreOptions options, Disk disk) {
        return open(directory, spaces, options, disk, ErasedSubjects.none());
    }

    /** The same where subjects were erased: whatever the files hold, they are not there. */
    public static RepresentationStore open(
            Path directory, Collection<Space> spaces, StoreOptions options, Disk disk, ErasedSubjects erased) {
        return new RepresentationStore(directory, spaces, options, Clock.systemUTC(), disk, null, erased).opened(disk);
    }

    static RepresentationStore open(
            Path directory,
            Collection<Space> spaces,
            StoreOptions options,
            Clock clock,
            Disk disk,
            @Nullable Indexes engines) {
        return new RepresentationStore(directory, spaces, options, clock, disk, engines, ErasedSubjects.none())
                .opened(disk);
    }

    private RepresentationStore opened(Disk disk) {
        try {
            disk.createDirectories(layout.root());
            lock = disk.lock(layout.root());
            erasure.mark().read();
            opener.open();
            erasure.hideStaged();
            retirement.keepUp();
            return this;
        } catch (IOException e) {
            close();
            throw health.failure("the store cannot be opened", e);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Removes releases whose time is over, as happens every minute. */
    void retireAged() {
        retirement.retire();
    }

    /** What was found wrong with files since the store was opened. */
    public List<Finding> findings() {
        return health.findings();
    }

    /** Why changes and publications are refused at present, where they are; tried anew with every one. */
    public Optional<String> readOnly() {
        return health.readOnly();
    }

    /** By space, why its changes could not be compacted at the last try; a space is not there where that went well. */
    public Map<String, String> uncompacted() {
        return health.uncompacted();
    }

    /** Takes erased subjects out of it. */
    public StoreErasure erasure() {
        return erasure;
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
        return catalog.live();
    }

    /**
     * The live, a kept or a staged release by name. One of an earlier process is opened and indexed by the first call. Spaces that
     * a staged release is to carry over are read from the live one.
     *
     * @throws repscorer.core.failure.ScorerException.Conflict when a staged release does not fit what it is to carry over
     * @throws repscorer.core.failure.ScorerException.Rejected when its files are damaged
     */
    public Optional<Snapshot> snapshot(String release) {
        return opener.snapshot(release);
    }

    /**
     * The same of a release that somebody names. Throws as {@link #snapshot}.
     *
     * @throws repscorer.core.failure.ScorerException.NotFound where it is none of these
     */
    public Snapshot named(String release) {
        return opener.named(release);
    }

    /** Live, kept, staged and rejected releases, newest first. */
    public List<Release> releases() {
        String live = catalog.live().release();
        return catalog.newestFirst().stream()
                .map(each -> each.manifest().toRelease(live))
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
        return staging.stage(release, space, body);
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
        return staging.stage(release, space, maker);
    }

    /** What waits to be published, by name; what was refused waits too, until it is mended or discarded. */
    public List<Release.Staged> staged() {
        return staging.staged();
    }

    /**
     * Takes away what is staged under a name.
     *
     * @throws repscorer.core.failure.ScorerException.NotFound when nothing is
     * @throws repscorer.core.failure.ScorerException.Conflict while the release is being published
     * @throws repscorer.core.failure.ScorerException.Storage when the disk fails
     */
    public void discardStaged(String release) {
        staging.discard(release);
    }

    /**
     * What becomes of spaces that the live release has and one to come lacks.
     *
     * @param left whether it may go live without them
     * @param carried those that are carried over from the live release, with all their changes; {@link #ALL} stands for every
     *     one that is missing
     */
    public record Missing(boolean left, Set<String> carried) {

        public static final String ALL = "*";

        /** None may be missing. */
        public static final Missing REFUSED = new Missing(false, Set.of());

        /** They are gone with the release that is live. */
        public static final Missing LEFT = new Missing(true, Set.of());

        public Missing {
            carried = Set.copyOf(carried);
        }
    }

    /** {@link #publish(String, Missing, PublicationListener)} of a release that lacks no space of the live one. */
    public Release publish(String release, PublicationListener listener) {
        return publish(release, Missing.REFUSED, listener);
    }

    /**
     * Builds the indexes of a staged release, checks them and puts it live in one step.
     *
     * <p>Publishing a release that exists with equal versions changes nothing and answers what is there; so does
     * publishing one that exists when nothing is staged, which makes a lost answer safe to ask for again.
     *
     * @param missing what becomes of spaces that the live release has and nobody staged
     * @throws repscorer.core.failure.ScorerException.NotFound when nothing is staged under the name
     * @throws repscorer.core.failure.ScorerException.Conflict when the name exists with other versions, files of a model name
     *     different trainings, spaces of the live release are missing, or another release went live beside it
     * @throws repscorer.core.failure.ScorerException.Rejected when a required space is missing, the spaces of a model
     *     disagree, or recall is under the space's floor
     */
    public Release publish(String release, Missing missing, PublicationListener listener) {
        return publisher.publish(release, missing, listener);
    }

    /**
     * Does all that {@link #publish} does but putting it live: the release is then {@link Release.State#STAGED} and answers who
     * names it, over restarts too, until it is promoted, discarded or another file is staged for it. Throws as that does.
     *
     * @throws repscorer.core.failure.ScorerException.Conflict also when as many as can be are built and wait
     */
    public Release prepare(String release, Missing missing, PublicationListener listener) {
        return publisher.prepare(release, missing, listener);
    }

    /**
     * Puts a release live that was {@linkplain #prepare prepared}, by the same checks as a publication: its indexes are read and
     * measured anew, and it is held against what is live by now. One that is or was live already is answered as it is.
     *
     * @param missing what becomes of spaces that the live release has; as it was said to {@code prepare} where empty
     * @throws repscorer.core.failure.ScorerException.NotFound when no such release was prepared
     */
    public Release promote(String release, Optional<Missing> missing, PublicationListener listener) {
        return publisher.promote(release, missing, listener);
    }

    /**
     * Keeps the live or a kept release whatever its age and however many come after it, over restarts too, or no longer.
     *
     * @throws repscorer.core.failure.ScorerException.NotFound when it is not kept
     * @throws repscorer.core.failure.ScorerException.Conflict when as many as can be are pinned
     */
    public Release pin(String release, boolean pinned) {
        return kept.pin(release, pinned);
    }

    /**
     * Deletes a kept release with its changes, the record of a rejected one, or one that is built and staged. Who still reads it
     * reads on.
     *
     * @throws repscorer.core.failure.ScorerException.NotFound when there is none
     * @throws repscorer.core.failure.ScorerException.Conflict for one that is live or pinned
     */
    public void delete(String release) {
        if (catalog.staged(release).isPresent()) {
            staging.discard(release);
        } else {
            kept.delete(release);
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
        return kept.rollBack(release);
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
        Layout.checkProducer(producer);
        SpaceStream stream = catalog.liveStream(release, space);
        try {
            List<Outcome> outcomes = stream.apply(producer, changes).orElseThrow(() -> catalog.changed(release));
            health.taken();
            compactor.compactIfDue(release, space, stream);
            return outcomes;
        } catch (IOException e) {
            throw health.refused("changes to %s were not taken".formatted(space), e);
        }
    }

    /** The highest number that each producer of changes to a space of the live release had accepted. Throws as {@link #apply}. */
    public Map<String, Long> highest(String release, String space) {
        return catalog.liveStream(release, space).highest();
    }

    /**
     * Compacts the changes to a space of the live release and its base into a new base: written, checked and indexed beside the searches,
     * then exchanged in one step. Changes that come meanwhile are kept. A failure leaves everything as it was.
     *
     * @return whether there was anything to compact
     * @throws repscorer.core.failure.ScorerException.Rejected when the new index misses too many true neighbours
     * @throws repscorer.core.failure.ScorerException.Storage when the disk is full or fails
     */
    public boolean compact(String space, PublicationListener listener) {
        return compactor.compact(space, listener);
    }

    /**
     * Keeps a file beside those of a release that is live, kept or staged, in place of any of its name. It goes where the release
     * goes, and with it.
     *
     * @param content ends with its CRC-32C, see {@link repscorer.core.store.attached.AttachedFiles}
     * @throws repscorer.core.failure.ScorerException.NotFound when there is no such release
     * @throws repscorer.core.failure.ScorerException.Storage when the disk is full or fails
     */
    public void attach(String release, String name, byte[] content) {
        kept.attach(release, name, content);
    }

    /** Removes what is attached under a name; false where nothing is. Throws as {@link #attach}. */
    public boolean detach(String release, String name) {
        return kept.detach(release, name);
    }

    /** What is attached to a release, by name, read from the disk, whole or not. Throws as {@link #attach}. */
    public SortedMap<String, byte[]> attached(String release) {
        return kept.read(release);
    }

    /** Ends the build threads. Snapshots stay usable as long as somebody holds them. */
    @Override
    public void close() {
        retirement.close();
        compactor.close();
        background.close();
        catalog.newestFirst().forEach(each -> each.streams().values().forEach(SpaceStream::close));
        health.release(lock);
    }
}
