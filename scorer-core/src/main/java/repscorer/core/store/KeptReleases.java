package repscorer.core.store;

import static java.lang.System.Logger.Level.INFO;

import java.io.IOException;
import java.nio.file.Path;
import java.util.SortedMap;
import repscorer.core.disk.AtomicFile;
import repscorer.core.disk.Disk;
import repscorer.core.failure.ScorerException.Conflict;
import repscorer.core.failure.ScorerException.NotFound;
import repscorer.core.store.ReleaseCatalog.KeptRelease;
import repscorer.core.store.attached.AttachedFiles;

/** What is done to releases that are kept: put live again, pinned, deleted. Safe for concurrent use. */
final class KeptReleases {

    private static final System.Logger LOG = System.getLogger(KeptReleases.class.getName());

    /** Pinned at once at most: nothing else bounds what they hold. */
    static final int PINNED_MAX = 20;

    private final Disk disk;
    private final Layout layout;
    private final ReleaseCatalog catalog;
    private final StoreOpener opener;
    private final LivePointer pointer;
    private final Retirement retirement;
    private final StoreHealth health;

    KeptReleases(
            Disk disk,
            Layout layout,
            ReleaseCatalog catalog,
            StoreOpener opener,
            LivePointer pointer,
            Retirement retirement,
            StoreHealth health) {
        this.disk = disk;
        this.layout = layout;
        this.catalog = catalog;
        this.opener = opener;
        this.pointer = pointer;
        this.retirement = retirement;
        this.health = health;
    }

    Release rollBack(String release) {
        published(release); // one that is staged goes live by its promotion, which checks it
        if (opener.snapshot(release).isEmpty()) {
            throw catalog.notKept(release);
        }
        try {
            return catalog.exclusively(() -> {
                // It may have been retired since it was opened.
                if (published(release).snapshot().isEmpty()) {
                    throw catalog.notKept(release);
                }
                String before = catalog.live().release();
                if (!before.equals(release) || pointer.doubtful()) {
                    pointer.exchange(before, release);
                }
                return catalog.goLive(release);
            });
        } catch (IOException e) {
            throw health.failure("rolling back to release %s failed".formatted(release), e);
        }
    }

    Release pin(String release, boolean pinned) {
        try {
            return catalog.exclusively(() -> {
                KeptRelease kept = published(release);
                Manifest manifest = kept.manifest();
                if (manifest.pinned() != pinned) {
                    checkRoom(release, pinned);
                    manifest = manifest.withPinned(pinned);
                    AtomicFile.write(disk, layout.manifest(release), manifest.toBytes());
                    catalog.put(new KeptRelease(manifest, kept.snapshot(), kept.streams()));
                    LOG.log(INFO, "release {0} is {1}", release, pinned ? "pinned" : "pinned no longer");
                }
                return manifest.toRelease(catalog.live().release());
            });
        } catch (IOException e) {
            throw health.failure("pinning release %s failed".formatted(release), e);
        }
    }

    private void checkRoom(String release, boolean pinned) {
        long others = catalog.complete().stream()
                .filter(each -> each.manifest().pinned())
                .count();
        if (pinned && others >= PINNED_MAX) {
            throw new Conflict(
                    "too-many-pinned",
                    "at most %s releases are pinned at once; unpin one of them first: %s"
                            .formatted(PINNED_MAX, release));
        }
    }

    /** Deletes a release that is kept, or the record of one that was rejected. */
    void delete(String release) {
        try {
            catalog.exclusively(() -> {
                KeptRelease kept = catalog.find(release)
                        .orElseThrow(() -> new NotFound(
                                "unknown-release", "there is no release '%s' to delete".formatted(release)));
                if (catalog.live().release().equals(release)) {
                    throw new Conflict(
                            "release-live",
                            "the live release cannot be deleted; put another one live first: %s".formatted(release));
                }
                if (kept.manifest().pinned()) {
                    throw new Conflict(
                            "release-pinned",
                            "a pinned release cannot be deleted; unpin it first: %s".formatted(release));
                }
                retirement.takeOut(kept);
                LOG.log(INFO, "release {0} is deleted", release);
                return kept;
            });
        } catch (IOException e) {
            throw health.failure("deleting release %s failed".formatted(release), e);
        } finally {
            retirement.finish();
        }
    }

    /** Keeps a file beside a release's own. */
    void attach(String release, String name, byte[] content) {
        try {
            catalog.exclusively(() -> {
                attached(release).write(name, content);
                return name;
            });
        } catch (IOException e) {
            throw health.refused("%s was not attached to release %s".formatted(name, release), e);
        }
        health.taken();
    }

    /** False where nothing of the name is attached. */
    boolean detach(String release, String name) {
        try {
            return catalog.exclusively(() -> attached(release).delete(name));
        } catch (IOException e) {
            throw health.failure("%s cannot be taken from release %s".formatted(name, release), e);
        }
    }

    SortedMap<String, byte[]> read(String release) {
        try {
            return catalog.exclusively(() -> attached(release).read());
        } catch (IOException e) {
            throw health.failure("what is attached to release %s cannot be read".formatted(release), e);
        }
    }

    /** Under the catalogue's lock: where a release is does not change meanwhile. */
    private AttachedFiles attached(String release) {
        KeptRelease kept = catalog.find(release)
                .filter(each -> !each.manifest().rejected())
                .orElseThrow(() -> catalog.notKept(release));
        Path directory = kept.manifest().staged().isPresent() ? layout.staging(release) : layout.release(release);
        return new AttachedFiles(disk, directory);
    }

    private KeptRelease published(String release) {
        return catalog.find(release)
                .filter(each -> each.manifest().published())
                .orElseThrow(() -> catalog.notKept(release));
    }
}
