package repscorer.core.align;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.disk.Disk;
import repscorer.core.embedding.Space;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.failure.Finding;
import repscorer.core.failure.ScorerException.Conflict;
import repscorer.core.failure.ScorerException.Invalid;
import repscorer.core.failure.ScorerException.NotFound;
import repscorer.core.fixture.ReleaseBuilder;
import repscorer.core.fixture.Spaces;
import repscorer.core.store.PublicationListener;
import repscorer.core.store.RepresentationStore;
import repscorer.core.store.RepresentationStore.Missing;
import repscorer.core.store.Snapshot;
import repscorer.core.store.StoreArchive;
import repscorer.core.store.StoreOptions;
import repscorer.testing.Seeds;

/** What becomes of alignments as releases come and go, and of rows that need one. */
class ReleaseAlignmentsTest {

    private static final EntityKind USER = new EntityKind("user");
    private static final EntityKind TWEET = new EntityKind("tweet");
    private static final int D = 8;
    private static final int ROWS = 400;
    private static final List<Space> SPACES = List.of(
            Spaces.twhin("twhin-user", USER, D),
            Spaces.twhin("twhin-tweet", TWEET, D),
            Spaces.twhin("twhin-relation", EntityKind.RELATION, D));

    @TempDir
    Path directory;

    private final RandomGenerator random = Seeds.random("ReleaseAlignmentsTest");
    private final Map<EntityId, float[]> first = rows();
    private final Map<EntityId, float[]> second = turned(first);
    private RepresentationStore store;
    private ReleaseAlignments alignments;

    @BeforeEach
    void publish() throws IOException {
        open();
        release("v1", "t1", first).publish();
        release("v2", "t2", second).publish();
    }

    private void open() {
        store = RepresentationStore.open(directory.resolve("store"), SPACES, new StoreOptions(2, 1 << 20, 5, 10));
        alignments = new ReleaseAlignments(store);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    @DisplayName("a row of the older version becomes the newer one's row, and back, after a restart too")
    void rowsOfTheOlderVersionAreUnderstood() {
        EntityId id = first.keySet().iterator().next();
        String version = snapshot("v1").space("twhin-user").orElseThrow().version();
        assertThatExceptionOfType(Conflict.class)
                .isThrownBy(() -> alignments.toRelease(snapshot("v2"), "twhin", "t1", row(first, id)))
                .withMessage(
                        "rows of version t1 cannot be compared with those of release v2: no alignment of twhin from"
                                + " there is kept with it")
                .satisfies(refused -> assertThat(refused.code()).isEqualTo("not-aligned"));

        Alignment kept =
                alignments.align(snapshot("v1"), snapshot("v2"), options()).getFirst();
        assertThat(kept.model()).isEqualTo("twhin");
        assertThat(kept.shared()).isEqualTo(2 * ROWS);
        for (int restarts = 0; restarts < 2; restarts++) {
            for (String name : List.of("t1", version, version + "+12")) {
                assertThat(alignments.toRelease(snapshot("v2"), "twhin", name, row(first, id)))
                        .containsExactly(row(second, id), Offset.offset(1e-4f));
            }
            Adapter back =
                    alignments.fromRelease(snapshot("v2"), "twhin", version).orElseThrow();
            assertThat(back.apply(row(second, id))).containsExactly(row(first, id), Offset.offset(1e-4f));
            assertThat(alignments.of(snapshot("v2")).values())
                    .singleElement()
                    .satisfies(read -> assertThat(read.fits()).isEqualTo(kept.fits()));
            assertThat(alignments.of(snapshot("v1"))).isEmpty();
            store.close();
            open();
        }
    }

    @Test
    void itsOwnVersionNeedsNoAlignment() {
        float[] row = row(second, EntityId.of(USER, "0"));
        Snapshot live = snapshot("v2");
        String version = live.space("twhin-tweet").orElseThrow().version();
        for (String own : List.of("t2", version, version + "+3")) {
            assertThat(alignments.toRelease(live, "twhin", own, row)).isSameAs(row);
            assertThat(alignments.fromRelease(live, "twhin", own)).isEmpty();
        }
        assertThatExceptionOfType(Conflict.class)
                .isThrownBy(() -> alignments.fromRelease(live, "twhin", "t0"))
                .satisfies(refused -> assertThat(refused.code()).isEqualTo("not-aligned"));
    }

    @Test
    void whatIsAlikeOrUnknownIsRefused() {
        assertThatExceptionOfType(Conflict.class)
                .isThrownBy(() -> alignments.align(snapshot("v2"), snapshot("v2"), options()))
                .satisfies(refused -> assertThat(refused.code()).isEqualTo("nothing-to-align"));
        AlignmentOptions other = new AlignmentOptions(
                Optional.empty(), Optional.of("twhin-usr"), 500, 0.2, AlignmentOptions.SEED_DEFAULT);
        assertThatExceptionOfType(Invalid.class)
                .isThrownBy(() -> alignments.align(snapshot("v1"), snapshot("v2"), other))
                .withMessage("no dense space is called 'twhin-usr'");
        assertThatExceptionOfType(NotFound.class)
                .isThrownBy(() -> alignments.delete(snapshot("v2"), "twhin-0123"))
                .withMessage("release v2 has no alignment 'twhin-0123'");
        alignments.align(snapshot("v1"), snapshot("v2"), options());
        assertThatExceptionOfType(Invalid.class)
                .isThrownBy(() -> alignments.toRelease(snapshot("v2"), "twhin", "t1", new float[D + 1]))
                .withMessage("dimension differs: the version that the source names has 8 values, got 9");
    }

    @Test
    void oneThatIsDeletedIsGone() {
        alignments.align(snapshot("v1"), snapshot("v2"), options());
        String name = alignments.of(snapshot("v2")).keySet().iterator().next();
        alignments.delete(snapshot("v2"), name);
        assertThat(alignments.of(snapshot("v2"))).isEmpty();
        assertThat(store.attached("v2")).isEmpty();
    }

    @Test
    @DisplayName(
            "fitted while it is staged, it goes live with its release; one of files that were replaced is passed over")
    void itGoesLiveWithItsRelease() throws IOException {
        Map<EntityId, float[]> third = turned(first);
        release("v3", "t3", third);
        store.prepare("v3", Missing.REFUSED, PublicationListener.NONE);
        alignments.align(snapshot("v2"), snapshot("v3"), options());
        assertThat(alignments.of(snapshot("v3"))).hasSize(1);
        store.promote("v3", Optional.empty(), PublicationListener.NONE);
        EntityId id = EntityId.of(TWEET, "7");
        assertThat(alignments.toRelease(store.current(), "twhin", "t2", row(second, id)))
                .containsExactly(row(third, id), Offset.offset(1e-4f));

        release("v4", "t4", turned(first));
        store.prepare("v4", Missing.REFUSED, PublicationListener.NONE);
        alignments.align(snapshot("v3"), snapshot("v4"), options());
        release("v4", "t5", turned(first)).publish();
        assertThat(store.attached("v4")).hasSize(1);
        assertThat(alignments.of(store.current())).isEmpty();
        assertThatExceptionOfType(Conflict.class)
                .isThrownBy(() -> alignments.toRelease(store.current(), "twhin", "t3", row(third, id)));
    }

    @Test
    @DisplayName("a release that takes the model's spaces over takes its alignments over")
    void carriedSpacesBringTheirAlignments() throws IOException {
        alignments.align(snapshot("v1"), snapshot("v2"), options());
        ReleaseBuilder.of(store, Files.createTempDirectory(directory, "v3"), "v3")
                .write("twhin-relation", List.of(), Map.of(), writer -> {
                    writer.property("training", "t2");
                    writer.add(EntityId.of(EntityKind.RELATION, "like"), new float[] {1, 0, 0, 0, 0, 0, 0, 0});
                });
        store.publish("v3", new Missing(false, Set.of(Missing.ALL)), PublicationListener.NONE);
        EntityId id = EntityId.of(USER, "3");
        assertThat(alignments.toRelease(store.current(), "twhin", "t1", row(first, id)))
                .containsExactly(row(second, id), Offset.offset(1e-4f));
    }

    @Test
    @DisplayName("a damaged one is passed over, verified as damaged, and copied by a backup all the same")
    void aDamagedOneIsPassedOver() throws IOException {
        alignments.align(snapshot("v1"), snapshot("v2"), options());
        String name = store.attached("v2").firstKey();
        Path copy = directory.resolve("copy");
        assertThat(StoreArchive.copy(directory.resolve("store"), copy, Disk.LOCAL)
                        .findings())
                .isEmpty();
        assertThat(copy.resolve("releases/v2/" + name + ".adapter")).exists();

        Path file = directory.resolve("store/releases/v2/" + name + ".adapter");
        store.close();
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
        open();
        assertThat(alignments.of(snapshot("v2"))).isEmpty();
        assertThat(StoreArchive.verify(directory.resolve("store"), Disk.LOCAL).findings())
                .extracting(Finding::file)
                .containsExactly("releases/v2/" + name + ".adapter");
    }

    @Test
    @DisplayName("a file that is cut off anywhere, or has a bit turned, is no alignment")
    void everyDamageIsSeen() {
        Alignment kept =
                alignments.align(snapshot("v1"), snapshot("v2"), options()).getFirst();
        byte[] whole = AlignmentFile.toBytes(kept);
        assertThat(AlignmentFile.toBytes(AlignmentFile.parse(whole))).isEqualTo(whole);
        for (int tries = 0; tries < 300; tries++) {
            byte[] turned = whole.clone();
            turned[random.nextInt(whole.length)] ^= (byte) (1 << random.nextInt(8));
            byte[] cut = java.util.Arrays.copyOf(whole, random.nextInt(whole.length));
            for (byte[] bad : List.of(turned, cut)) {
                assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> AlignmentFile.parse(bad));
            }
        }
    }

    private static AlignmentOptions options() {
        return new AlignmentOptions(Optional.of(AlignmentMethod.PROCRUSTES), Optional.empty(), 600, 0.9, 3);
    }

    private Snapshot snapshot(String release) {
        return store.snapshot(release).orElseThrow();
    }

    private ReleaseBuilder release(String name, String training, Map<EntityId, float[]> rows) throws IOException {
        ReleaseBuilder builder = ReleaseBuilder.of(store, Files.createTempDirectory(directory, name), name);
        for (Space space : SPACES) {
            builder.write(space.name(), List.of(), Map.of(), writer -> {
                writer.property("training", training);
                rows.forEach((id, row) -> {
                    if (id.kind().equals(space.kind())) {
                        writer.add(id, row);
                    }
                });
            });
        }
        return builder;
    }

    private Map<EntityId, float[]> rows() {
        Map<EntityId, float[]> rows = new HashMap<>();
        for (int i = 0; i < ROWS; i++) {
            rows.put(EntityId.of(USER, Integer.toString(i)), unit());
            rows.put(EntityId.of(TWEET, Integer.toString(i)), unit());
        }
        rows.put(EntityId.of(EntityKind.RELATION, "like"), unit());
        return rows;
    }

    private float[] unit() {
        float[] row = new float[D];
        double squares = 0;
        for (int i = 0; i < D; i++) {
            row[i] = (float) random.nextGaussian();
            squares += row[i] * row[i];
        }
        for (int i = 0; i < D; i++) {
            row[i] /= (float) Math.sqrt(squares);
        }
        return row;
    }

    /** The same rows after some turns in planes of two axes. */
    private Map<EntityId, float[]> turned(Map<EntityId, float[]> rows) {
        Map<EntityId, float[]> turned = new HashMap<>();
        rows.forEach((id, row) -> turned.put(id, row.clone()));
        for (int turn = 0; turn < 30; turn++) {
            int i = random.nextInt(D);
            int j = (i + 1 + random.nextInt(D - 1)) % D;
            double angle = 2 * Math.PI * random.nextDouble();
            turned.values().forEach(row -> {
                double x = row[i];
                double y = row[j];
                row[i] = (float) (Math.cos(angle) * x - Math.sin(angle) * y);
                row[j] = (float) (Math.sin(angle) * x + Math.cos(angle) * y);
            });
        }
        return turned;
    }

    private static float[] row(Map<EntityId, float[]> rows, EntityId id) {
        return java.util.Objects.requireNonNull(rows.get(id));
    }
}
