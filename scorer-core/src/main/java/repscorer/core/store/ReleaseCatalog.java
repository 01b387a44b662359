package repscorer.core.store;

import static java.lang.System.Logger.Level.INFO;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import repscorer.core.embedding.Space;
import repscorer.core.failure.ScorerException.Conflict;
import repscorer.core.failure.ScorerException.NotFound;
import repscorer.core.failure.ScorerException.NotReady;
import repscorer.core.store.delta.DeltaView;

/**
 * Every release that a store knows of, and which of them is live. Reads take no lock; whoever changes it, or files that it is
 * made from, has it {@link #exclusively}, for short steps only: upserts wait for it.
 */
final class ReleaseCatalog {

    private static final System.Logger LOG = System.getLogger(ReleaseCatalog.class.getName());

    private final Map<String, Space> spaces;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, KeptRelease> releases = new ConcurrentHashMap<>();
    private volatile Snapshot live =
            Snapshot.EMPTY; // the live release's snapshot in `releases`; written under the lock

    private long lastSequence; // guarded by the lock

    /**
     * A release that a store knows of.
     *
     * @param snapshot what answers requests, where the release is open in this process
     * @param streams what takes changes, by space; none where it is not open
     */
    record KeptRelease(Manifest manifest, Optional<Snapshot> snapshot, Map<String, SpaceStream> streams) {

        KeptRelease {
            streams = Map.copyOf(streams);
        }

        /** One that nobody has asked for yet, or that was rejected. */
        static KeptRelease closed(Manifest manifest) {
            return new KeptRelease(manifest, Optional.empty(), Map.of());
        }

        static KeptRelease open(Manifest manifest, Snapshot snapshot, Map<String, SpaceStream> streams) {
            return new KeptRelease(manifest, Optional.of(snapshot), streams);
        }

        /** The same release with other changes, or on another base. */
        KeptRelease with(Manifest changedManifest, Snapshot changed) {
            return new KeptRelease(changedManifest, Optional.of(changed), streams);
        }

        String name() {
            return manifest.name();
        }
    }

    /** @param spaces that are declared, by name */
    ReleaseCatalog(Map<String, Space> spaces) {
        this.spaces = spaces;
    }

    /** A step that nothing else changes the catalogue beside. */
    @FunctionalInterface
    interface Step<T, E extends Exception> {
        T run() throws E;
    }

    <T, E extends Exception> T exclusively(Step<T, E> step) throws E {
        lock.lock();
        try {
            return step.run();
        } finally {
            lock.unlock();
        }
    }

    /** What is live now; {@link Snapshot#EMPTY} before the first publication. */
    Snapshot live() {
        return live;
    }

    Optional<KeptRelease> find(String release) {
        return Optional.ofNullable(releases.get(release));
    }

    /** One that was built and checked and never live. */
    Optional<KeptRelease> staged(String release) {
        return find(release).filter(each -> each.manifest().staged().isPresent());
    }

    /** All of them, newest first. */
    List<KeptRelease> newestFirst() {
        return releases.values().stream()
                .sorted(Comparator.comparingLong(
                                (KeptRelease each) -> each.manifest().sequence())
                        .reversed())
                .toList();
    }

    /** Those that may go live at once, newest first. */
    List<KeptRelease> complete() {
        return newestFirst().stream()
                .filter(each -> each.manifest().published())
                .toList();
    }

    NotFound notKept(String release) {
        List<String> kept = complete().stream().map(KeptRelease::name).toList();
        return new NotFound("release-not-kept", "release '%s' is not kept; kept are %s".formatted(release, kept));
    }

    Space declared(String space) {
        Space declared = spaces.get(space);
        if (declared == null) {
            throw new NotFound(
                    "unknown-space",
                    "the space is not declared: '%s'; declared are %s".formatted(space, spaces.keySet()));
        }
        return declared;
    }

    /** What to throw at who means a release that is not live. */
    Conflict changed(String release) {
        return new Conflict(
                "release-changed",
                "changes go to the live release, %s: '%s' is not".formatted(live.release(), release));
    }

    /** What takes changes to a space of the live release, which is to be the one that is named. */
    SpaceStream liveStream(String release, String space) {
        String declared = declared(space).name();
        String liveName = live.release();
        if (liveName.isEmpty()) {
            throw new NotReady("no-live-release", "no release is live yet: publish one first");
        }
        if (!liveName.equals(release)) {
            throw changed(release);
        }
        SpaceStream stream =
                find(release).map(kept -> kept.streams().get(declared)).orElse(null);
        if (stream == null) {
            throw new NotReady("space-not-live", "release %s has no %s".formatted(release, space));
        }
        return stream;
    }

    /** One more than any release has or was given: one whose publication is uncertain may come up after a restart. */
    long nextSequence() {
        checkHeld();
        for (KeptRelease each : releases.values()) {
            lastSequence = Math.max(lastSequence, each.manifest().sequence());
        }
        return ++lastSequence;
    }

    /** Puts a release in, or what became of it; who holds an older snapshot goes on reading it. */
    void put(KeptRelease release) {
        checkHeld();
        releases.put(release.name(), release);
        if (live.release().equals(release.name())) {
            live = release.snapshot().orElseThrow();
        }
    }

    /** Takes a release out that is not live. */
    void remove(String release) {
        checkHeld();
        releases.remove(release);
    }

    /** Has a release that is open answer from now on. */
    Release goLive(String release) {
        checkHeld();
        KeptRelease kept = releases.get(release);
        if (kept == null) {
            throw notKept(release);
        }
        Snapshot snapshot = kept.snapshot().orElseThrow();
        if (live != snapshot) {
            live = snapshot;
            LOG.log(INFO, "release {0} is live", release);
        }
        return kept.manifest().toRelease(release);
    }

    /** Makes changes visible in the release they were made to. */
    void show(String release, String space, DeltaView changes) {
        exclusively(() -> {
            Optional<KeptRelease> kept = find(release);
            kept.flatMap(KeptRelease::snapshot).ifPresent(before -> {
                SpaceVersion version = before.space(space).orElseThrow();
                put(kept.get().with(kept.get().manifest(), before.with(version.with(version.published(), changes))));
            });
            return kept;
        });
    }

    private void checkHeld() {
        if (!lock.isHeldByCurrentThread()) {
            throw new IllegalStateException("the catalogue is changed under its lock");
        }
    }
}
