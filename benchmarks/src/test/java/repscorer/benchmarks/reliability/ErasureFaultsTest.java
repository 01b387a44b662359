package repscorer.benchmarks.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.ann.HnswParameters;
import repscorer.core.disk.Disk;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.Embedding;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.erasure.ErasedSubjects;
import repscorer.core.erasure.Erasure;
import repscorer.core.erasure.ErasureMark;
import repscorer.core.failure.ScorerException;
import repscorer.core.signal.Signal;
import repscorer.core.signal.SignalLimits;
import repscorer.core.signal.SignalPush;
import repscorer.core.signal.SignalStore;
import repscorer.core.signal.SignalType;
import repscorer.core.store.Change;
import repscorer.core.store.PublicationListener;
import repscorer.core.store.RepresentationStore;
import repscorer.core.store.StoreOptions;
import repscorer.testing.Seeds;
import repscorer.vector.Metric;

/** Erasures on a disk that fails and machines that go down in the middle. */
class ErasureFaultsTest {

    private static final int SEEDS = 25;
    private static final Path STORE = Path.of("/store");
    private static final Path LIST = Path.of("/erasures");
    private static final EntityId SUBJECT = EntityId.parse("user:planted-7c1d9e");
    private static final float[] VECTOR = {0.123456789f, -0.987654321f};
    private static final DenseSpace SPACE =
            new DenseSpace("a", "m", EntityKind.USER, 2, Metric.L2, "hnsw", HnswParameters.DEFAULT, 0.5, true);
    private static final StoreOptions OPTIONS = new StoreOptions(3, 1 << 20, 1, 10, 1_000, 5);

    @TempDir
    Path scratch;

    /** What a start opens. */
    private record Started(ErasedSubjects subjects, RepresentationStore store, SignalStore signals)
            implements AutoCloseable {

        static Started on(Disk disk) throws IOException {
            ErasedSubjects subjects = ErasedSubjects.open(disk, LIST);
            RepresentationStore store = RepresentationStore.open(STORE, List.of(SPACE), OPTIONS, disk, subjects);
            try {
                SignalStore signals = SignalStore.open(
                        disk,
                        STORE.resolve("signals"),
                        Path.of("/signals.tsv"),
                        List.of(new SignalType("block", EntityKind.USER, 100, Duration.ofDays(999))),
                        SignalLimits.ofUsers(100),
                        InstantSource.system());
                signals.asking(subjects);
                signals.hide(store.erasure().mark().pending());
                return new Started(subjects, store, signals);
            } catch (ScorerException e) {
                store.close();
                throw e;
            }
        }

        boolean answers() {
            return store.current().space("a").orElseThrow().embedding(SUBJECT).isPresent()
                    || store.named("r1")
                            .space("a")
                            .orElseThrow()
                            .embedding(SUBJECT)
                            .isPresent();
        }

        void carryOut() throws IOException {
            ErasureMark mark = store.erasure().mark();
            long last = subjects.last();
            store.erasure().rewrite(mark.pending(), PublicationListener.NONE, (place, words) -> {});
            signals.erase(mark.pending());
            mark.carriedOut(last);
        }

        @Override
        public void close() {
            signals.close();
            store.close();
        }
    }

    private byte[] file() throws IOException {
        EmbeddingFileWriter writer = EmbeddingFileWriter.dense("a", "m", EntityKind.USER, 2);
        for (int row = 1; row <= 20; row++) {
            writer.add(EntityId.of(EntityKind.USER, row), new float[] {row, 1});
        }
        writer.add(SUBJECT, VECTOR);
        return Files.readAllBytes(writer.writeTo(Files.createTempDirectory(scratch, "file")));
    }

    private static void fill(Started started, byte[] file) {
        for (String release : List.of("r1", "r2", "r3")) {
            started.store().stage(release, "a", new ByteArrayInputStream(file));
            if (!release.equals("r3")) {
                started.store().publish(release, PublicationListener.NONE);
            }
        }
        started.store()
                .apply(
                        "r2",
                        "a",
                        "",
                        List.of(new Change.Upsert(SUBJECT, new Embedding.Dense(VECTOR), OptionalLong.empty())));
        long now = System.currentTimeMillis();
        started.signals()
                .push(List.of(
                        new SignalPush(SUBJECT, new Signal("block", EntityId.of(EntityKind.USER, 3), now - 5), false)));
    }

    /** Files that hold the subject's name or row, on a disk as a power cut at this moment would leave it. */
    private static List<Path> planted(Disk disk, Path from) throws IOException {
        byte[] row = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(VECTOR[0])
                .putFloat(VECTOR[1])
                .array();
        List<Path> found = new ArrayList<>();
        for (Path path : disk.isDirectory(from) ? disk.list(from) : List.<Path>of()) {
            if (disk.isDirectory(path)) {
                found.addAll(planted(disk, path));
            } else {
                String content = new String(disk.read(path), StandardCharsets.ISO_8859_1);
                if (content.contains("planted-7c1d9e")
                        || content.contains(new String(row, StandardCharsets.ISO_8859_1))) {
                    found.add(path);
                }
            }
        }
        return found;
    }

    @Test
    @DisplayName("whenever the power goes, who was erased stays out of sight, and no file has them in the end")
    void powerCuts() throws IOException {
        byte[] file = file();
        SplittableRandom random =
                new SplittableRandom(Seeds.random("ErasureFaultsTest").nextLong());
        int cuts = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            SimulatedDisk disk = new SimulatedDisk(random.nextLong());
            try (Started started = Started.on(disk)) {
                fill(started, file);
            }
            assertThat(planted(disk.durable(), Path.of("/"))).hasSizeGreaterThan(4);
            boolean erased = false;
            boolean done = false;
            for (int boot = 0; !done && boot < 30; boot++) {
                try (Started started = Started.on(disk)) {
                    boolean known = started.subjects().last() > 0;
                    assertThat(known || !erased)
                            .as("seed %s, boot %s: what was answered", seed, boot)
                            .isTrue();
                    assertThat(known && started.answers())
                            .as("seed %s, boot %s", seed, boot)
                            .isFalse();
                    disk.powerCutAfter(1 + random.nextInt(40 * (boot + 1)));
                    disk.faults(random.nextInt(3) == 0 ? 0.03 : 0);
                    if (started.subjects().last() == 0) {
                        Erasure erasure = started.subjects()
                                .add(List.of(SUBJECT.toString()), Set.of("user"), "t", "asked", Instant.now());
                        started.store()
                                .erasure()
                                .hide(started.subjects().of(erasure).known(List.of(SUBJECT)), erasure.number());
                        started.signals().hide(started.subjects().of(erasure));
                        erased = true;
                        assertThat(started.answers()).isFalse();
                    }
                    started.carryOut();
                    done = !disk.isDown();
                } catch (ScorerException.Storage | IOException e) {
                    done = false; // it goes on at the next start
                }
                disk.faults(0);
                if (disk.isDown()) {
                    cuts++;
                    disk.reboot();
                }
                disk.powerCutAfter(Long.MAX_VALUE);
            }
            assertThat(done).as("seed %s", seed).isTrue();
            assertThat(planted(disk.durable(), Path.of("/")))
                    .as("seed %s", seed)
                    .isEmpty();
            try (Started started = Started.on(disk)) {
                assertThat(started.answers()).isFalse();
                assertThat(started.store().current().space("a").orElseThrow().count())
                        .isEqualTo(20);
                assertThat(started.store().findings()).isEmpty();
            }
        }
        assertThat(cuts).as("the power went in the middle").isGreaterThan(SEEDS / 2);
    }
}
