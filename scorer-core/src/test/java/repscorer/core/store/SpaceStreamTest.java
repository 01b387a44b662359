package repscorer.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.embedding.Embedding;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.embedding.Space;
import repscorer.core.embedding.SparseSpace;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.log.LogPlace;
import repscorer.core.log.LogReplay;
import repscorer.core.log.RecordLog;
import repscorer.core.store.Outcome.Accepted;
import repscorer.core.store.Outcome.Duplicate;
import repscorer.core.store.delta.Delta;
import repscorer.core.store.delta.DeltaView;

/** Changes to one space of four rows, by itself. */
@Timeout(60)
@SuppressWarnings("NullAway.Init")
class SpaceStreamTest {

    /** So many changes are covered by a graph, and so many more again. */
    private static final int COVERED = 8;

    private static final EntityId GONE = EntityId.of(EntityKind.USER, 2);

    @TempDir
    Path directory;

    private final List<DeltaView> shown = new ArrayList<>();
    private final BackgroundWork background = new BackgroundWork(new StoreOptions(1, 1 << 20, 1, 10, 5, COVERED));
    private boolean live = true;
    private NotingDisk disk;
    private EmbeddingFile base;
    private LogPlace place;
    private Delta delta;
    private SpaceStream stream;

    @BeforeEach
    void begin() throws IOException {
        disk = new NotingDisk(directory);
        Path written = StoreFixture.rows(StoreFixture.A, 1, 4).writeTo(directory);
        base = EmbeddingFile.open(written, disk.map(written));
        place = new LogPlace(directory, directory, "r1", "a");
        stream = stream(StoreFixture.A, Map.of("p", 5L));
    }

    @AfterEach
    void end() {
        background.close();
        stream.close();
    }

    private SpaceStream stream(Space space, Map<String, Long> highest) {
        delta = new Delta(base, Optional.empty(), 0);
        RecordLog<ChangeRecord> log = new RecordLog<>(disk, place, ChangeRecord.FORMAT, LogReplay.Result.nothing());
        return new SpaceStream(
                space,
                log,
                delta,
                highest,
                shown::add,
                background,
                () -> live,
                InstantSource.system(),
                Optional.empty());
    }

    private static Change numbered(int id, long number) {
        return new Change.Upsert(
                EntityId.of(EntityKind.USER, id), new Embedding.Dense(new float[] {id, id}), OptionalLong.of(number));
    }

    /** Has each step done by a thread of its own, which none keeps from going on. */
    private static <T> T elsewhere(Callable<T> step) throws Exception {
        FutureTask<T> task = new FutureTask<>(step);
        Thread.ofPlatform().daemon().start(task);
        return task.get(20, TimeUnit.SECONDS);
    }

    private List<Outcome> apply(Change... changes) throws Exception {
        return elsewhere(() -> stream.apply("p", List.of(changes)).orElseThrow());
    }

    @Test
    @DisplayName("each change is answered by itself, and those that are taken are counted, written and shown at once")
    void eachChangeIsAnsweredByItself() throws Exception {
        disk.noted();
        List<Outcome> outcomes = apply(
                numbered(5, 5),
                numbered(6, 6),
                StoreFixture.upsert(7, 1, 2, 3),
                numbered(8, 6),
                new Change.Delete(GONE, OptionalLong.empty()));
        assertThat(outcomes.subList(0, 2)).containsExactly(new Duplicate(5), new Accepted(1));
        assertThat(outcomes.get(2)).isInstanceOf(Outcome.Refused.class);
        assertThat(outcomes.subList(3, 5)).containsExactly(new Duplicate(6), new Accepted(2));
        assertThat(shown).singleElement().satisfies(view -> {
            assertThat(view.count()).isEqualTo(2);
            assertThat(view.isDeletion(0)).isFalse();
            assertThat(view.isDeletion(1)).isTrue();
        });
        assertThat(stream.pending()).isEqualTo(2);
        assertThat(disk.noted()).startsWith("write a.00000001.log.tmp");
        assertThat(apply(numbered(9, 6))).containsExactly(new Duplicate(6));
        assertThat(shown).as("nothing was taken").hasSize(1);
        assertThat(disk.noted()).isEmpty();
        LogReplay.Result<ChangeRecord> read = LogReplay.read(disk, place, ChangeRecord.FORMAT, 0, (sequence, each) -> {
            assertThat(each.producer()).isEqualTo("p");
        });
        assertThat(read.sequence()).isEqualTo(2);
    }

    @Test
    @DisplayName("a number is so low that others can follow, and no number is asked of nobody")
    void aNumberIsSoLowThatOthersCanFollow() throws Exception {
        assertThat(apply(numbered(5, Change.NUMBER_MAX + 1)))
                .containsExactly(
                        new Outcome.Refused(
                                "bad-sequence",
                                "a sequence number is at most 4611686018427387903, so that others can follow: 4611686018427387904"));
        assertThat(apply(numbered(5, Change.NUMBER_MAX))).containsExactly(new Accepted(1));
        assertThat(apply(numbered(5, Change.NUMBER_MAX))).containsExactly(new Duplicate(Change.NUMBER_MAX));
        assertThat(apply(StoreFixture.upsert(5, 5, 5))).containsExactly(new Accepted(2));
    }

    @Test
    @DisplayName("a space has at most a thousand producers, of whom each goes on")
    void aSpaceHasAtMostAThousandProducers() throws Exception {
        Map<String, Long> highest = new HashMap<>(Map.of("p", 5L));
        for (int i = 1; i < 1_000; i++) {
            highest.put("p" + i, 1L);
        }
        stream = stream(StoreFixture.A, highest);
        assertThat(elsewhere(() -> stream.apply("more", List.of(numbered(5, 1))))
                        .orElseThrow())
                .containsExactly(new Outcome.Refused("too-many-producers", "a space has at most 1000 producers"));
        assertThat(apply(numbered(5, 6))).containsExactly(new Accepted(1));
        assertThat(stream.cut().highest()).hasSize(1_000).containsEntry("p", 6L);
    }

    @Test
    @DisplayName("where another release went live meanwhile nothing is taken")
    void whereAnotherReleaseIsLiveNothingIsTaken() throws Exception {
        live = false;
        disk.noted();
        assertThat(elsewhere(() -> stream.apply("p", List.of(numbered(5, 6))))).isEmpty();
        assertThat(shown).isEmpty();
        assertThat(disk.noted()).isEmpty();
        live = true;
        assertThat(apply(numbered(5, 6))).containsExactly(new Accepted(1));
    }

    @Test
    @DisplayName("what the disk refuses is neither shown nor counted, and its number is not used up")
    void whatTheDiskRefusesIsNotUsedUp() throws Exception {
        disk.failAt("write a.");
        assertThatThrownBy(() -> stream.apply("p", List.of(numbered(5, 6)))).isInstanceOf(IOException.class);
        assertThat(shown).isEmpty();
        disk.mend();
        assertThat(apply(numbered(5, 6))).containsExactly(new Accepted(1));
    }

    @Test
    @DisplayName("what was read and not proven is written again, once")
    void whatIsNotProvenIsWrittenAgain() throws Exception {
        apply(numbered(5, 6));
        stream.close();
        Delta read = new Delta(base, Optional.empty(), 0);
        LogReplay.Result<ChangeRecord> replayed = LogReplay.read(
                disk,
                place,
                ChangeRecord.FORMAT,
                0,
                (sequence, each) -> SpaceStream.add(each.change(), read, Optional.empty()));
        assertThat(read.count()).isEqualTo(1);
        stream = new SpaceStream(
                StoreFixture.A,
                new RecordLog<>(disk, place, ChangeRecord.FORMAT, replayed),
                read,
                Map.of(),
                shown::add,
                background,
                () -> true,
                InstantSource.system(),
                Optional.empty());
        disk.noted();
        elsewhere(() -> {
            stream.prove();
            return stream;
        });
        assertThat(disk.noted()).startsWith("write a.00000002.log.tmp");
        elsewhere(() -> {
            stream.prove();
            return stream;
        });
        assertThat(disk.noted()).isEmpty();
        assertThat(apply(numbered(6, 7))).containsExactly(new Accepted(2));
    }

    @Test
    @DisplayName("a graph follows changes from as many on as it is worth, a little behind, where the space has one")
    void aGraphFollows() throws Exception {
        assertThat(stream.hasGraph()).as("a scan").isFalse();
        assertThat(stream(new SparseSpace("a", "m", EntityKind.USER, 3, 10, false), Map.of())
                        .hasGraph())
                .isFalse();
        stream = stream(StoreFixture.space("a", "hnsw"), Map.of());
        assertThat(stream.hasGraph()).isTrue();
        for (int round = 1; round <= 3; round++) {
            for (int i = 1; i < COVERED; i++) {
                apply(StoreFixture.upsert(100 * round + i, i, round));
            }
            assertThat(delta.uncovered()).isEqualTo(COVERED - 1);
            apply(StoreFixture.upsert(100 * round + COVERED, 0, round));
            while (delta.uncovered() > 0) {
                Thread.sleep(1);
            }
        }
        assertThat(stream.pending()).isEqualTo(3 * COVERED);
    }

    @Test
    @DisplayName("a graph follows from the first call on that brings as many as it is worth")
    void aGraphFollowsAtOnce() throws Exception {
        stream.close();
        stream = stream(StoreFixture.space("a", "hnsw"), Map.of());
        Change[] changes = new Change[COVERED];
        for (int i = 0; i < COVERED; i++) {
            changes[i] = StoreFixture.upsert(100 + i, i, 1);
        }
        apply(changes);
        long end = System.nanoTime() + 20_000_000_000L;
        while (delta.uncovered() > 0 && System.nanoTime() < end) {
            Thread.sleep(1);
        }
        assertThat(delta.uncovered()).isZero();
    }

    @Test
    @DisplayName("a space that is scanned is covered by no graph, and changes are taken where nothing can be built")
    void changesAreTakenWhereNothingCanBeBuilt() throws Exception {
        for (int i = 1; i <= 2 * COVERED; i++) {
            apply(StoreFixture.upsert(100 + i, i, i));
        }
        assertThat(delta.uncovered()).isEqualTo(2 * COVERED);
        stream.close();
        disk.deleteTree(place.segments(disk).firstEntry().getValue());
        stream = stream(StoreFixture.space("a", "hnsw"), Map.of());
        background.close();
        for (int i = 1; i <= 2 * COVERED; i++) {
            assertThat(apply(StoreFixture.upsert(100 + i, i, i))).containsExactly(new Accepted(i));
        }
        assertThat(delta.uncovered()).isEqualTo(2 * COVERED);
    }

    @Test
    @DisplayName("changes that came since a cut are kept on the base that holds those before, with their numbers")
    void changesGoOnOverANewBase() throws Exception {
        stream = stream(StoreFixture.space("a", "hnsw"), Map.of());
        apply(numbered(5, 1), numbered(6, 2));
        SpaceStream.Cut cut = elsewhere(stream::cut);
        assertThat(cut.view().count()).isEqualTo(2);
        assertThat(cut.lastSegment()).isEqualTo(1);
        assertThat(cut.highest()).containsExactly(Map.entry("p", 2L));
        for (int i = 0; i < COVERED; i++) {
            apply(numbered(7 + i, 3 + i));
        }
        Path written = StoreFixture.rows(StoreFixture.A, 1, 6).writeTo(directory);
        EmbeddingFile next = EmbeddingFile.open(written, disk.map(written));
        List<DeltaView> known = new ArrayList<>();
        elsewhere(() -> {
            stream.rebase(cut, next, Optional.empty(), known::add);
            return stream;
        });
        assertThat(known).singleElement().satisfies(changes -> {
            assertThat(changes.isOver(next)).isTrue();
            assertThat(changes.count()).isEqualTo(COVERED);
            assertThat(changes.sequence()).isEqualTo(2 + COVERED);
            assertThat(Objects.requireNonNull(changes.graph()).covered())
                    .as("linked before they are seen")
                    .isEqualTo(COVERED);
        });
        assertThat(stream.pending()).isEqualTo(COVERED);
        assertThat(apply(numbered(99, 11))).containsExactly(new Accepted(3 + COVERED));
        assertThat(shown.getLast().isOver(next)).isTrue();
        elsewhere(() -> {
            stream.forget(cut.lastSegment());
            return stream;
        });
        assertThat(place.segments(disk)).containsOnlyKeys(2);
        apply(numbered(99, 12));
        assertThat(place.segments(disk)).containsOnlyKeys(2);
        assertThatThrownBy(() -> stream.rebase(stream.cut(), base, Optional.empty(), changes -> {
                    throw new IOException("Input/output error");
                }))
                .isInstanceOf(IOException.class);
        assertThat(stream.pending()).as("nothing changed").isEqualTo(COVERED + 2);
        Delta few = new Delta(next, Optional.empty(), 0);
        few.upsert(GONE, new Embedding.Dense(new float[] {1, 1}));
        stream.cover(few);
        assertThat(few.uncovered()).as("too few for a graph").isEqualTo(1);
        apply(numbered(99, 13));
    }

    @Test
    @DisplayName("a step that is to be still has no change taken beside it, and answers what it comes to")
    void aStepIsStill() throws Exception {
        List<Thread> waiting = new ArrayList<>();
        assertThat(elsewhere(() -> stream.still(() -> {
                    waiting.add(Thread.ofPlatform().daemon().start(() -> {
                        try {
                            stream.apply("p", List.of(numbered(5, 6)));
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    }));
                    while (waiting.getFirst().getState() != Thread.State.WAITING) {
                        Thread.onSpinWait();
                    }
                    return stream.pending();
                })))
                .isZero();
        waiting.getFirst().join();
        assertThat(stream.pending()).isEqualTo(1);
    }

    @Test
    @DisplayName("a stream that is closed leaves no file open, and goes on in a new one")
    void aClosedStreamLeavesNoFileOpen() throws Exception {
        apply(numbered(5, 6));
        assertThat(disk.open()).hasSize(1);
        elsewhere(() -> {
            stream.close();
            return stream;
        });
        assertThat(disk.open()).isEmpty();
        assertThat(apply(numbered(6, 7))).containsExactly(new Accepted(2));
        assertThat(place.segments(disk)).containsOnlyKeys(1, 2);
    }
}
