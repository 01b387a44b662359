package repscorer.core.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.ann.SearchOptions;
import repscorer.core.disk.Disk;
import repscorer.core.embedding.EmbeddingFile;

/** Three readers beside thirty publications and returns. */
class ReadersTest {

    @TempDir
    Path directory;

    /** Every reader sees ids, rows and versions of one release, whatever is published or rolled back meanwhile. */
    @Test
    void readersNeverSeeAMixOfReleases() throws Exception {
        RepresentationStore store = RepresentationStore.open(
                directory.resolve("store"),
                List.of(StoreFixture.A),
                new StoreOptions(2, 4 << 20, 2, 50),
                Clock.systemUTC(),
                Disk.LOCAL,
                null);
        StoreFixture.publish(store, "r0", 1, directory);
        AtomicBoolean done = new AtomicBoolean();
        try (ExecutorService readers = Executors.newFixedThreadPool(3)) {
            List<Future<Long>> seen = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                seen.add(readers.submit(() -> readUntil(done, store)));
            }
            for (int i = 1; i <= 25; i++) {
                StoreFixture.publish(store, "r" + i, i + 1, directory);
                if (i % 5 == 0) {
                    store.rollBack("r" + (i - 1));
                }
            }
            done.set(true);
            for (Future<Long> reader : seen) {
                assertThat(reader.get(10, TimeUnit.SECONDS)).isPositive();
            }
        }
        store.close();
    }

    private static long readUntil(AtomicBoolean done, RepresentationStore store) {
        long reads = 0;
        do {
            Snapshot snapshot = store.current();
            SpaceVersion space = snapshot.space("a").orElseThrow();
            float expected = Float.parseFloat(snapshot.release().substring(1)) + 1;
            EmbeddingFile file = space.file();
            for (int row = 0; row < file.count(); row++) {
                assertThat(file.denseRows().row(row)[0]).isEqualTo(expected);
            }
            assertThat(space.dense()
                            .orElseThrow()
                            .search(new float[] {expected, 1}, SearchOptions.of(1))
                            .ordinals())
                    .containsExactly(0);
            reads++;
        } while (!done.get());
        return reads;
    }
}
