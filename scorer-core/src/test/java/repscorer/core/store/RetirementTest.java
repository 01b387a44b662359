package repscorer.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.ann.HnswParameters;
import repscorer.ann.exact.ExactIndex;
import repscorer.ann.hnsw.Quantization;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.Retention;
import repscorer.core.embedding.Space;
import repscorer.core.embedding.SpacePolicy;
import repscorer.core.embedding.ZeroVectors;
import repscorer.core.entity.EntityKind;
import repscorer.core.failure.ScorerException.Rejected;
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;

/** What a store keeps no longer, and what goes with it. */
class RetirementTest {

    private static final Instant START = Instant.parse("2026-11-24T00:00:00Z");

    @TempDir
    Path directory;

    private NotingDisk disk;

    @BeforeEach
    void begin() {
        disk = new NotingDisk(directory);
    }

    private static DenseSpace space(String name, String engine, Retention retention) {
        return new DenseSpace(
                name,
                "m",
                EntityKind.USER,
                2,
                Metric.L2,
                engine,
                HnswParameters.DEFAULT,
                Quantization.NONE,
                0.5,
                true,
                new SpacePolicy(ZeroVectors.REFUSE, retention));
    }

    private RepresentationStore open(Instant now, StoreOptions options, Space... spaces) {
        return RepresentationStore.open(
                directory.resolve("store"), List.of(spaces), options, Clock.fixed(now, ZoneOffset.UTC), disk, null);
    }

    private static List<String> names(RepresentationStore store) {
        return store.releases().stream().map(Release::name).toList();
    }

    @Test
    @DisplayName("the least that any space of a release keeps counts, of those that are declared")
    void theLeastThatASpaceKeepsCounts() throws IOException {
        StoreOptions options = new StoreOptions(4, 1 << 20, 1, 10);
        DenseSpace few = space("few", "exact", new Retention(OptionalInt.of(1), Optional.empty()));
        DenseSpace stores = space("stores", "exact", Retention.STORES);
        try (RepresentationStore store = open(START, options, few, stores)) {
            for (int i = 1; i <= 3; i++) {
                StoreFixture.publish(store, "r" + i, i, directory);
            }
            assertThat(names(store)).containsExactly("r3", "r2");
        }
        try (RepresentationStore store = open(START, options, stores)) {
            for (int i = 4; i <= 8; i++) {
                StoreFixture.publish(store, "r" + i, i, directory);
            }
            assertThat(names(store)).as("as many as the options say").containsExactly("r8", "r7", "r6", "r5", "r4");
        }
    }

    @Test
    @DisplayName("a release is kept to the last moment of its age, and after it only where it is live")
    void aReleaseIsKeptToTheLastMomentOfItsAge() throws IOException {
        DenseSpace aged = space("a", "exact", new Retention(OptionalInt.empty(), Optional.of(Duration.ofDays(30))));
        StoreOptions options = new StoreOptions(4, 1 << 20, 1, 10);
        try (RepresentationStore store = open(START, options, aged)) {
            StoreFixture.publish(store, "r1", 1, directory);
            StoreFixture.publish(store, "r2", 2, directory);
        }
        try (RepresentationStore store = open(START.plus(Duration.ofDays(30)), options, aged)) {
            store.retireAged();
            assertThat(names(store)).containsExactly("r2", "r1");
        }
        try (RepresentationStore store = open(START.plus(Duration.ofDays(30)).plusMillis(1), options, aged)) {
            store.retireAged();
            assertThat(names(store)).containsExactly("r2");
            assertThat(directory.resolve("store/releases")).isDirectoryNotContaining(path -> path.endsWith("r1"));
            assertThat(directory.resolve("store/incoming")).isEmptyDirectory();
        }
    }

    @Test
    @DisplayName("who looks at ages is there where a space has one, and as long as the store")
    void whoLooksAtAgesIsThereWhereASpaceHasOne() throws Exception {
        Set<Thread> before = keepers();
        StoreOptions options = new StoreOptions(1, 1 << 20, 1, 10);
        try (RepresentationStore store = open(START, options, space("a", "exact", Retention.STORES))) {
            assertThat(store.releases()).isEmpty();
            assertThat(keepers()).isSubsetOf(before);
        }
        Retention aged = new Retention(OptionalInt.empty(), Optional.of(Duration.ofDays(30)));
        Set<Thread> during;
        try (RepresentationStore store = open(START, options, space("a", "exact", aged))) {
            assertThat(store.releases()).isEmpty();
            during = keepers();
        }
        during.removeAll(before);
        assertThat(during).hasSize(1);
        during.iterator().next().join(20_000);
        assertThat(during).noneMatch(Thread::isAlive);
    }

    private static Set<Thread> keepers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("retention"))
                .collect(Collectors.toCollection(HashSet::new));
    }

    @Test
    @DisplayName(
            "the last ten rejected releases are listed beside those that are kept, and none of their files is there")
    void theLastTenRejectedAreListed() throws IOException {
        try (RepresentationStore store = RepresentationStore.open(
                directory.resolve("store"),
                List.of(StoreFixture.A),
                StoreFixture.OPTIONS,
                Clock.systemUTC(),
                disk,
                (space, file, before, progress) -> new ExactIndex(
                        DenseRows.copyOf(new float[][] {file.denseRows().row(0)}), space.metric()))) {
            for (int i = 10; i <= 21; i++) {
                String name = "r" + i;
                assertThatThrownBy(() -> StoreFixture.publish(store, name, 1, directory))
                        .isInstanceOf(Rejected.class);
            }
            assertThat(names(store))
                    .containsExactly("r21", "r20", "r19", "r18", "r17", "r16", "r15", "r14", "r13", "r12");
            assertThat(directory.resolve("store/releases/r11")).doesNotExist();
            assertThat(store.staged()).isEmpty();
            assertThat(directory.resolve("store/incoming")).isEmptyDirectory();
            assertThat(directory.resolve("store/releases/r12/a.emb")).doesNotExist();
        }
        try (RepresentationStore store = open(START, new StoreOptions(12, 1 << 20, 1, 10), StoreFixture.A)) {
            for (int i = 30; i <= 42; i++) {
                StoreFixture.publish(store, "r" + i, 1, directory);
            }
            assertThat(names(store)).as("others stay as the options say").hasSize(13 + 10);
        }
    }

    @Test
    @DisplayName("the log of a release that is kept no longer is closed, and at the end every log is")
    void logsAreClosed() throws IOException {
        try (RepresentationStore store = open(START, StoreFixture.OPTIONS, StoreFixture.A)) {
            for (int i = 1; i <= 3; i++) {
                StoreFixture.publish(store, "r" + i, i, directory);
                store.apply("r" + i, "a", "", List.of(StoreFixture.upsert(9, 9, 9)));
            }
            assertThat(disk.open())
                    .as("under the names that they were begun with")
                    .containsExactlyInAnyOrder(
                            "store/releases/r2/a.00000001.log.tmp", "store/releases/r3/a.00000001.log.tmp");
        }
        assertThat(disk.open()).isEmpty();
    }

    @Test
    @DisplayName("graphs go with the last base that has their rows")
    void graphsGoWithTheLastBase() throws IOException {
        StoreOptions options = new StoreOptions(1, 1 << 20, 1, 10, 1_000, 1);
        DenseSpace graph = space("a", "hnsw", Retention.STORES);
        try (RepresentationStore store = open(START, options, graph)) {
            StoreFixture.publish(store, "r1", 1, directory);
            Files.writeString(directory.resolve("store/indexes/left-by-another"), "");
            StoreFixture.publish(store, "r2", 1, directory); // the same rows
            String same = checksum(store);
            assertThat(graphs()).allMatch(name -> name.startsWith(same)).isNotEmpty();
            store.apply("r2", "a", "", List.of(StoreFixture.upsert(9, 9, 9)));
            store.compact("a", PublicationListener.NONE);
            String compacted = checksum(store);
            assertThat(graphs()).as("r1 has the rows too").anyMatch(name -> name.startsWith(same));
            store.apply("r2", "a", "", List.of(StoreFixture.upsert(8, 8, 8)));
            store.compact("a", PublicationListener.NONE);
            assertThat(graphs())
                    .noneMatch(name -> name.startsWith(compacted))
                    .anyMatch(name -> name.startsWith(checksum(store)))
                    .anyMatch(name -> name.startsWith(same));
            StoreFixture.publish(store, "r3", 3, directory);
            assertThat(graphs()).as("r1 is gone").noneMatch(name -> name.startsWith(same));
        }
    }

    private static String checksum(RepresentationStore store) {
        return store.current().space("a").orElseThrow().file().checksum();
    }

    private List<String> graphs() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("store/indexes"))) {
            return files.map(file -> String.valueOf(file.getFileName())).toList();
        }
    }

    @Test
    @DisplayName("a release that cannot be removed is kept no longer all the same")
    void aReleaseThatCannotBeRemoved() throws IOException {
        try (RepresentationStore store = open(START, StoreFixture.OPTIONS, StoreFixture.A)) {
            StoreFixture.publish(store, "r1", 1, directory);
            StoreFixture.publish(store, "r2", 2, directory);
            disk.failOnceAt("move store/releases/r1");
            StoreFixture.publish(store, "r3", 3, directory);
            assertThat(names(store)).containsExactly("r3", "r2");
            assertThat(directory.resolve("store/releases/r1")).exists();
        }
    }
}
