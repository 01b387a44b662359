package repscorer.core.store;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import repscorer.core.disk.Disk;
import repscorer.core.embedding.Space;
import repscorer.core.store.ReleaseCatalog.KeptRelease;
import repscorer.core.store.index.IndexFiles;

/** Removes what a store keeps no longer. Safe for concurrent use. */
final class Retirement implements AutoCloseable {

    /*
     * Deleting a tree may take long, and upserts wait for the catalogue's lock. So a tree goes in two steps: under the lock it
     * is renamed to where nothing is kept and a start removes all; without the lock, once that name is durable, it is deleted.
     * A crash before the name is durable leaves the tree whole where it was.
     */

    private static final System.Logger LOG = System.getLogger(Retirement.class.getName());

    /** How often releases are looked at that are too old to be kept. */
    private static final Duration PERIOD = Duration.ofMinutes(1);

    /** Releases that failed a check are listed until as many newer ones failed. */
    private static final int REJECTED_KEPT = 10;

    private final Disk disk;
    private final Layout layout;
    private final Map<String, Space> spaces;
    private final int releasesKept;
    private final Clock clock;
    private final ReleaseCatalog catalog;
    private final IndexFiles indexFiles;
    private final ScheduledExecutorService keeper = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("retention").factory());
    private final AtomicLong count = new AtomicLong();
    private final Queue<Taken> taken = new ConcurrentLinkedQueue<>();
    private final Queue<KeptRelease> retired = new ConcurrentLinkedQueue<>();

    /** A tree that was taken from a directory. */
    private record Taken(Path from, Path tree) {}

    Retirement(
            Disk disk,
            Layout layout,
            Map<String, Space> spaces,
            int releasesKept,
            Clock clock,
            ReleaseCatalog catalog,
            IndexFiles indexFiles) {
        this.disk = disk;
        this.layout = layout;
        this.spaces = spaces;
        this.releasesKept = releasesKept;
        this.clock = clock;
        this.catalog = catalog;
        this.indexFiles = indexFiles;
    }

    /** From now on removes releases as their time is over. */
    void keepUp() {
        if (spaces.values().stream()
                .anyMatch(space -> space.policy().retention().age().isPresent())) {
            long seconds = PERIOD.toSeconds();
            keeper.scheduleWithFixedDelay(this::retire, seconds, seconds, TimeUnit.SECONDS);
        }
    }

    /** Removes releases whose time is over. */
    void retire() {
        try {
            catalog.exclusively(this::takeOut);
            finish();
        } catch (RuntimeException e) {
            LOG.log(WARNING, "releases that are too old could not be removed: {0}", e.toString());
        }
    }

    /** Under the catalogue's lock: takes a tree away, whatever is in it; does nothing where it is absent. */
    void takeAway(Path tree) throws IOException {
        if (disk.exists(tree)) {
            Path parent = Objects.requireNonNull(tree.getParent());
            Path place = layout.taken(count.incrementAndGet());
            disk.move(tree, place);
            taken.add(new Taken(parent, place));
        }
    }

    /**
     * Under the catalogue's lock: takes out what is more than options and retention keep; the live release and those that are
     * pinned stay whatever their age, and count for none of the others.
     */
    List<KeptRelease> takeOut() {
        List<KeptRelease> old = old();
        for (KeptRelease release : old) {
            LOG.log(INFO, "release {0} is kept no longer", release.name());
            forget(release);
            try {
                takeAway(layout.release(release.name()));
            } catch (IOException e) {
                LOG.log(WARNING, "release {0} could not be removed: {1}", release.name(), e.getMessage());
            }
        }
        return old;
    }

    /** Under the catalogue's lock: takes out one that is not live, or changes nothing where that fails. */
    void takeOut(KeptRelease release) throws IOException {
        takeAway(layout.release(release.name()));
        forget(release);
    }

    private void forget(KeptRelease release) {
        catalog.remove(release.name());
        retired.add(release);
    }

    /** Without the catalogue's lock: ends what was taken out, and deletes what was taken away. */
    void finish() {
        for (KeptRelease release; (release = retired.poll()) != null; ) {
            release.streams().values().forEach(SpaceStream::close);
        }
        for (Taken each; (each = taken.poll()) != null; ) {
            try {
                disk.syncDirectory(each.from());
                disk.deleteTree(each.tree());
            } catch (IOException e) {
                LOG.log(WARNING, "{0} is removed at the next start: {1}", each.tree(), e.getMessage());
            }
        }
        indexFiles.retain(checksums());
    }

    /** Deletes the graphs of a base that a compaction replaced, unless another release has it too. */
    void forgetBase(String checksum) {
        if (!checksums().contains(checksum)) {
            indexFiles.forget(checksum);
        }
    }

    private Set<String> checksums() {
        Set<String> checksums = new HashSet<>();
        for (KeptRelease release : catalog.newestFirst()) {
            Manifest manifest = release.manifest();
            manifest.versions().keySet().forEach(space -> checksums.add(manifest.checksumOf(space)));
        }
        return checksums;
    }

    private List<KeptRelease> old() {
        String live = catalog.live().release();
        List<KeptRelease> old = new ArrayList<>();
        List<KeptRelease> others = catalog.complete().stream()
                .filter(each -> !each.name().equals(live) && !each.manifest().pinned())
                .toList();
        for (int newer = 0; newer < others.size(); newer++) {
            if (newer >= releasesKept || isOver(others.get(newer).manifest(), newer)) {
                old.add(others.get(newer));
            }
        }
        catalog.newestFirst().stream()
                .filter(each -> each.manifest().rejected())
                .skip(REJECTED_KEPT)
                .forEach(old::add);
        return old;
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

    @Override
    public void close() {
        keeper.shutdownNow();
    }
}
