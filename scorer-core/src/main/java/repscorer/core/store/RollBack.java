package repscorer.core.store;

import java.io.IOException;

/** Puts kept releases live again. Safe for concurrent use. */
final class RollBack {

    private final ReleaseCatalog catalog;
    private final StoreOpener opener;
    private final LivePointer pointer;
    private final StoreHealth health;

    RollBack(ReleaseCatalog catalog, StoreOpener opener, LivePointer pointer, StoreHealth health) {
        this.catalog = catalog;
        this.opener = opener;
        this.pointer = pointer;
        this.health = health;
    }

    Release to(String release) {
        if (opener.snapshot(release).isEmpty()) {
            throw catalog.notKept(release);
        }
        try {
            return catalog.exclusively(() -> {
                // It may have been retired since it was opened.
                if (catalog.find(release).flatMap(KeptRelease::snapshot).isEmpty()) {
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
}
