package repscorer.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.failure.ScorerException.Conflict;
import repscorer.core.failure.ScorerException.NotFound;
import repscorer.core.failure.ScorerException.NotReady;
import repscorer.core.store.ReleaseCatalog.KeptRelease;

class ReleaseCatalogTest {

    @TempDir
    Path directory;

    private static KeptRelease release(String name, long sequence, Optional<String> rejection) {
        Manifest manifest = new Manifest(name, sequence, Instant.EPOCH, Map.of(), List.of(), rejection);
        return rejection.isPresent()
                ? KeptRelease.closed(manifest)
                : KeptRelease.open(manifest, new Snapshot(name, Map.of()), Map.of());
    }

    @Test
    @DisplayName("the catalogue is changed under its lock alone, which the next one gets")
    void theCatalogueIsChangedUnderItsLockAlone() throws Exception {
        ReleaseCatalog catalog = new ReleaseCatalog(Map.of());
        KeptRelease first = release("r1", 3, Optional.empty());
        catalog.exclusively(() -> {
            catalog.put(first);
            return catalog.goLive("r1");
        });
        List<ThrowingCallable> steps = List.of(
                () -> catalog.put(first),
                () -> catalog.remove("r1"),
                () -> catalog.goLive("r1"),
                () -> catalog.nextSequence());
        for (ThrowingCallable step : steps) {
            assertThatIllegalStateException().isThrownBy(step).withMessage("the catalogue is changed under its lock");
        }
        assertThat(catalog.find("r1")).containsSame(first);
        assertThat(CompletableFuture.supplyAsync(() -> catalog.exclusively(catalog::nextSequence))
                        .get(20, TimeUnit.SECONDS))
                .isEqualTo(4);
        assertThat(catalog.exclusively(catalog::nextSequence))
                .as("what was given once is given no more")
                .isEqualTo(5);
    }

    @Test
    @DisplayName("releases are told newest first, and those that may go live without the rejected ones")
    void releasesAreToldNewestFirst() {
        ReleaseCatalog catalog = new ReleaseCatalog(Map.of());
        catalog.exclusively(() -> {
            catalog.put(release("r2", 7, Optional.empty()));
            catalog.put(release("r1", 8, Optional.of("too bad")));
            catalog.put(release("r3", 5, Optional.empty()));
            return catalog;
        });
        assertThat(catalog.newestFirst()).extracting(KeptRelease::name).containsExactly("r1", "r2", "r3");
        assertThat(catalog.complete()).extracting(KeptRelease::name).containsExactly("r2", "r3");
        assertThatThrownBy(() -> catalog.exclusively(() -> catalog.goLive("r4")))
                .isInstanceOf(NotFound.class)
                .hasMessage("release 'r4' is not kept; kept are [r2, r3]");
    }

    @Test
    @DisplayName("changes go to a space that is declared, of the release that is live, where that has it")
    void changesGoToTheLiveRelease() throws Exception {
        try (RepresentationStore store = RepresentationStore.open(
                directory.resolve("store"),
                List.of(StoreFixture.A, StoreFixture.space("c", "exact")),
                StoreFixture.OPTIONS)) {
            List<Change> change = List.of(StoreFixture.upsert(9, 9, 9));
            assertThatThrownBy(() -> store.apply("r1", "x", "", change))
                    .isInstanceOf(NotFound.class)
                    .hasMessage("the space is not declared: 'x'; declared are [a, c]");
            assertThatThrownBy(() -> store.apply("r1", "a", "", change))
                    .isInstanceOf(NotReady.class)
                    .hasMessage("no release is live yet: publish one first");
            StoreFixture.publish(store, "r1", 1, directory);
            assertThatThrownBy(() -> store.apply("r2", "a", "", change))
                    .isInstanceOf(Conflict.class)
                    .hasMessage("changes go to the live release, r1: 'r2' is not");
        }
    }
}
