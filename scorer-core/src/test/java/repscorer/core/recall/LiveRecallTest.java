package repscorer.core.recall;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.ann.HnswParameters;
import repscorer.ann.Neighbors;
import repscorer.ann.OrdinalFilter;
import repscorer.ann.SearchOptions;
import repscorer.core.answer.Provenance;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.store.PublicationListener;
import repscorer.core.store.RepresentationStore;
import repscorer.core.store.SpaceVersion;
import repscorer.core.store.StoreOptions;
import repscorer.testing.DroppedLinks;
import repscorer.vector.Metric;

class LiveRecallTest {

    private static final int ROWS = 5000;
    private static final int DIMENSION = 16;
    private static final DenseSpace SPACE = new DenseSpace(
            "twhin-user",
            "twhin",
            EntityKind.USER,
            DIMENSION,
            Metric.COSINE,
            "hnsw",
            new HnswParameters(8, 64, 1),
            .5,
            true);

    private static final SearchOptions OPTIONS = SearchOptions.of(50).withEf(100);

    @TempDir
    Path directory;

    private final Random random = new Random(5);

    private RepresentationStore open() {
        return RepresentationStore.open(
                directory.resolve("store"), List.of(SPACE), new StoreOptions(2, 4 << 20, 2, 50));
    }

    private float[] vector() {
        float[] vector = new float[DIMENSION];
        for (int i = 0; i < DIMENSION; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return vector;
    }

    private void publish(RepresentationStore store) throws IOException {
        EmbeddingFileWriter writer = EmbeddingFileWriter.dense("twhin-user", "twhin", EntityKind.USER, DIMENSION);
        for (int row = 0; row < ROWS; row++) {
            writer.add(EntityId.of(EntityKind.USER, row), vector());
        }
        byte[] file = Files.readAllBytes(writer.writeTo(Files.createDirectory(directory.resolve("rows"))));
        store.stage("r1", "twhin-user", new ByteArrayInputStream(file));
        store.publish("r1", PublicationListener.NONE);
    }

    private static SpaceVersion version(RepresentationStore store) {
        return store.current().space("twhin-user").orElseThrow();
    }

    private static Asked asked(String release) {
        return new Asked(release, List.of(new Provenance.Assigned("experiment", "variant")), Optional.of("user:1"));
    }

    /** Searches, and waits until that was answered again. */
    private void search(LiveRecall live, String release, SpaceVersion version, SearchOptions options)
            throws InterruptedException {
        float[] query = vector();
        long seen = live.sampled();
        live.searched(
                asked(release),
                version,
                query,
                options,
                version.dense().orElseThrow().search(query, options));
        for (int i = 0; i < 5000 && live.sampled() == seen; i++) {
            Thread.sleep(1);
        }
        assertThat(live.sampled()).isEqualTo(seen + 1);
    }

    @Test
    void droppedLinksRaiseOneAlarmWithinTwoThousandSearches() throws Exception {
        List<SpaceRecall> alarms = Collections.synchronizedList(new ArrayList<>());
        try (LiveRecall live = new LiveRecall(RecallOptions.DEFAULT, alarms::add, 0)) {
            try (RepresentationStore store = open()) {
                publish(store);
                for (int i = 0; i < 1000; i++) {
                    search(live, "r1", version(store), OPTIONS);
                }
            }
            assertThat(alarms).isEmpty();
            dropLinks();
            try (RepresentationStore store = open()) {
                for (int i = 0; i < 2000 && alarms.isEmpty(); i++) {
                    search(live, "r2", version(store), OPTIONS);
                }
                search(live, "r2", version(store), OPTIONS);
            }
            assertThat(alarms).singleElement().satisfies(alarm -> {
                assertThat(alarm.release()).isEqualTo("r2");
                assertThat(alarm.alarm().orElse("")).contains("where r1 had");
            });
            assertThat(live.all()).extracting(SpaceRecall::release).containsExactly("r1", "r2");
        }
    }

    @Test
    void filtersHaveBandsOfTheirOwnAndExactSearchesNeedNoLook() throws Exception {
        List<String> told = Collections.synchronizedList(new ArrayList<>());
        BitSet few = new BitSet();
        few.set(0, ROWS / 50);
        BitSet half = new BitSet();
        half.set(0, ROWS / 2);
        try (RepresentationStore store = open();
                LiveRecall live = new LiveRecall(RecallOptions.DEFAULT, alarm -> {}, 0)) {
            publish(store);
            live.tell((asked, missed) ->
                    told.add(asked.arms().getFirst().variant() + " " + (missed >= 0 && missed < .5)));
            search(live, "r1", version(store), OPTIONS);
            search(live, "r1", version(store), OPTIONS.withFilter(OrdinalFilter.allow(half)));
            search(live, "r1", version(store), OPTIONS.withFilter(OrdinalFilter.allow(few)));
            assertThat(live.all())
                    .extracting(recall -> recall.band().toString())
                    .containsExactly("90-100%", "10-90%", "1-10%");
            assertThat(live.all().getLast().mean()).as("so few are scanned").isEqualTo(1);
            Neighbors best = version(store).dense().orElseThrow().search(vector(), OPTIONS.exactly());
            live.searched(asked("r1"), version(store), vector(), OPTIONS.exactly(), best);
            search(live, "r1", version(store), OPTIONS);
            assertThat(live.sampled()).isEqualTo(4);
            assertThat(told).hasSizeGreaterThanOrEqualTo(3).containsOnly("variant true");
        }
    }

    @Test
    void whoDoesNotComeToItSkipsAndAShareOfNoneTakesNone() throws Exception {
        try (RepresentationStore store = open();
                LiveRecall busy = new LiveRecall(RecallOptions.DEFAULT, alarm -> {}, 1_000_000);
                LiveRecall off = new LiveRecall(new RecallOptions(0, 0, 0), alarm -> {})) {
            publish(store);
            Neighbors found = version(store).dense().orElseThrow().search(vector(), OPTIONS);
            for (int i = 0; i < 100; i++) {
                busy.searched(asked("r1"), version(store), vector(), OPTIONS, found);
                off.searched(asked("r1"), version(store), vector(), OPTIONS, found);
            }
            assertThat(busy.skipped()).isGreaterThanOrEqualTo(100 - LiveRecall.WAITING_MAX - 1);
            assertThat(off.sampled() + off.skipped()).isZero();
            assertThat(off.all()).isEmpty();
        }
    }

    private void dropLinks() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("store/indexes"))) {
            Path graph = assertThat(files.toList()).hasSize(1).actual().getFirst();
            Files.write(graph, DroppedLinks.of(Files.readAllBytes(graph), .2, 1));
        }
    }
}
