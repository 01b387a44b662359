package repscorer.decisions;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.disk.Disk;
import repscorer.core.disk.DiskFullException;
import repscorer.decisions.LogFile.Kind;
import repscorer.testing.Seeds;

class DecisionLogTest {

    private static final Instant TIME = Instant.parse("2026-11-29T20:15:00Z");
    private static final Duration SOON = Duration.ofSeconds(10);

    private final RandomGenerator random = Seeds.random("DecisionLogTest");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    /** The machine's disk, whose files do as they are told. */
    private static final class TriedDisk implements Disk {

        private volatile CountDownLatch open = new CountDownLatch(0);
        private final CountDownLatch reached = new CountDownLatch(1);
        private volatile boolean full;

        @Override
        public void createDirectories(Path path) throws IOException {
            LOCAL.createDirectories(path);
        }

        @Override
        public boolean exists(Path path) {
            return LOCAL.exists(path);
        }

        @Override
        public boolean isDirectory(Path path) {
            return LOCAL.isDirectory(path);
        }

        @Override
        public List<Path> list(Path path) throws IOException {
            return LOCAL.list(path);
        }

        @Override
        public Output create(Path file) throws IOException {
            Output out = LOCAL.create(file);
            return new Output() {
                @Override
                public void position(long position) throws IOException {
                    out.position(position);
                }

                @Override
                public void sync() throws IOException {
                    out.sync();
                }

                @Override
                public int write(ByteBuffer bytes) throws IOException {
                    reached.countDown();
                    try {
                        open.await();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                    if (full) {
                        throw new DiskFullException("No space left on device");
                    }
                    return out.write(bytes);
                }

                @Override
                public boolean isOpen() {
                    return out.isOpen();
                }

                @Override
                public void close() throws IOException {
                    out.close();
                }
            };
        }

        @Override
        public MemorySegment map(Path file) throws IOException {
            return LOCAL.map(file);
        }

        @Override
        public void syncDirectory(Path path) throws IOException {
            LOCAL.syncDirectory(path);
        }

        @Override
        public void move(Path from, Path to) throws IOException {
            LOCAL.move(from, to);
        }

        @Override
        public void delete(Path path) throws IOException {
            LOCAL.delete(path);
        }

        @Override
        public long usableBytes(Path path) throws IOException {
            return LOCAL.usableBytes(path);
        }

        @Override
        public Closeable lock(Path path) {
            return () -> {};
        }
    }

    private LogDirectory open(Disk disk, LogLimits limits, InstantSource time) throws IOException {
        return LogDirectory.open(directory, limits, disk, time);
    }

    private List<Decision> readAll() throws IOException {
        List<Decision> all = new ArrayList<>();
        try (JoinedDecisions read = Decisions.read(directory, Decisions.Window.of(Duration.ofDays(1)))) {
            while (read.hasNext()) {
                all.add(read.next().decision());
            }
        }
        return all;
    }

    @Test
    void whatIsOfferedIsReadInItsOrderAndFoundByItsId() throws Exception {
        List<Decision> decisions = new ArrayList<>();
        try (LogDirectory log = open(new TriedDisk(), LogLimits.DEFAULT, () -> TIME);
                DecisionLog writer = new DecisionLog(log, 1 << 20, List.of())) {
            for (int i = 0; i < 100; i++) {
                Decision decision = MadeUp.decision(random, TIME.plusMillis(i));
                decisions.add(decision);
                assertThat(writer.offer(100, () -> MadeUp.made(decision))).isTrue();
            }
            assertThat(writer.find(decisions.get(57).id())).contains(Kept.of(decisions.get(57)));
            assertThat(writer.find(MadeUp.id(random, TIME))).isEmpty();
            assertThat(writer.counts().written()).isEqualTo(100);
            assertThat(writer.counts().queuedBytes()).isZero();
            assertThat(log.plans().find(decisions.getFirst().plan()))
                    .hasValueSatisfying(text -> assertThat(text).isEqualTo("{}".getBytes(StandardCharsets.UTF_8)));
        }
        assertThat(readAll()).isEqualTo(decisions);
    }

    @Test
    void aDiskThatDoesNotAnswerDropsWhatIsTooMuchAndNobodyWaits() throws Exception {
        TriedDisk disk = new TriedDisk();
        CountDownLatch blocked = new CountDownLatch(1);
        disk.open = blocked;
        try (LogDirectory log = open(disk, LogLimits.DEFAULT, () -> TIME);
                DecisionLog writer = new DecisionLog(log, 10_000, List.of())) {
            Decision first = MadeUp.decision(random, TIME);
            assertThat(writer.offer(100, () -> MadeUp.made(first))).isTrue();
            assertThat(disk.reached.await(10, TimeUnit.SECONDS)).isTrue();
            int taken = 0;
            for (int i = 0; i < 1_000; i++) {
                Decision decision = MadeUp.decision(random, TIME);
                taken += writer.offer(100, () -> MadeUp.made(decision)) ? 1 : 0;
            }
            assertThat(taken).isEqualTo(99); // the first one is held until it is written
            assertThat(writer.counts().crowdedOut()).isEqualTo(901);
            blocked.countDown();
            assertThat(writer.flush(SOON)).isTrue();
            assertThat(writer.counts().written()).isEqualTo(100);
            assertThat(writer.counts().queuedBytes()).isZero();
        }
        assertThat(readAll()).hasSize(100);
    }

    @Test
    void aFullDiskLosesWhatComesMeanwhileAndIsTriedAgain() throws Exception {
        TriedDisk disk = new TriedDisk();
        disk.full = true;
        try (LogDirectory log = open(disk, LogLimits.DEFAULT, () -> TIME);
                DecisionLog writer = new DecisionLog(log, 10_000, List.of())) {
            writer.offer(100, () -> MadeUp.made(MadeUp.decision(random, TIME)));
            assertThat(writer.flush(SOON)).isTrue();
            assertThat(writer.counts().failed()).isEqualTo(1);
            disk.full = false;
            Decision later = MadeUp.decision(random, TIME);
            while (writer.counts().written() == 0) {
                writer.offer(100, () -> MadeUp.made(later));
                writer.flush(SOON);
            }
        }
        assertThat(readAll()).isNotEmpty();
    }

    @Test
    void aDecisionThatCannotBeMadeCostsNoOther() throws Exception {
        try (LogDirectory log = open(new TriedDisk(), LogLimits.DEFAULT, () -> TIME);
                DecisionLog writer = new DecisionLog(log, 10_000, List.of())) {
            writer.offer(100, () -> {
                throw new IllegalStateException("as it happens");
            });
            writer.offer(100, () -> MadeUp.made(MadeUp.decision(random, TIME)));
            writer.flush(SOON);
            assertThat(writer.counts().failed()).isEqualTo(1);
            assertThat(writer.counts().written()).isEqualTo(1);
        }
    }

    @Test
    void filesEndBySizeAndByAgeAndTheOldestGoFirst() throws Exception {
        AtomicLong now = new AtomicLong(TIME.toEpochMilli());
        LogLimits limits = new LogLimits(2_000, Duration.ofMinutes(1), 8_000);
        List<Decision> decisions = new ArrayList<>();
        try (LogDirectory log = open(new TriedDisk(), limits, () -> Instant.ofEpochMilli(now.get()));
                DecisionLog writer = new DecisionLog(log, 1 << 20, List.of())) {
            for (int i = 0; i < 90; i++) {
                Decision decision = MadeUp.decision(random, Instant.ofEpochMilli(now.get()));
                decisions.add(decision);
                writer.offer(100, () -> MadeUp.made(decision));
                assertThat(writer.flush(SOON)).isTrue();
                now.addAndGet(i == 45 ? 61_000 : 10);
            }
            assertThat(log.size()).isLessThan(8_000 + 3_000);
        }
        List<LogFile> files = LogFile.list(directory, Kind.DECISIONS);
        assertThat(files).hasSizeBetween(2, 6);
        List<Decision> kept = readAll();
        assertThat(kept).isEqualTo(decisions.subList(decisions.size() - kept.size(), decisions.size()));
    }

    @Test
    void anOldFileEndsThoughItIsSmall() throws Exception {
        AtomicLong now = new AtomicLong(TIME.toEpochMilli());
        try (LogDirectory log = open(new TriedDisk(), LogLimits.DEFAULT, () -> Instant.ofEpochMilli(now.get()));
                DecisionLog writer = new DecisionLog(log, 1 << 20, List.of())) {
            for (int i = 0; i < 3; i++) {
                Decision decision = MadeUp.decision(random, Instant.ofEpochMilli(now.get()));
                writer.offer(100, () -> MadeUp.made(decision));
                writer.flush(SOON);
                now.addAndGet(Duration.ofMinutes(40).toMillis());
            }
        }
        assertThat(LogFile.list(directory, Kind.DECISIONS)).hasSize(2);
    }

    @Test
    void plansGoWithTheLastFileThatUsedThem() throws Exception {
        AtomicLong now = new AtomicLong(TIME.toEpochMilli());
        LogLimits limits = new LogLimits(200, Duration.ofMinutes(1), 3_000);
        byte[] once = "{\"once\":1}".getBytes(StandardCharsets.UTF_8);
        try (LogDirectory log = open(new TriedDisk(), limits, () -> Instant.ofEpochMilli(now.get()));
                DecisionLog writer = new DecisionLog(log, 1 << 20, List.of())) {
            Decision other = MadeUp.decision(random, TIME);
            Decision decision = new Decision(
                    other.id(),
                    TIME,
                    "follow",
                    Optional.empty(),
                    List.of(),
                    "r",
                    java.util.Map.of(),
                    PlanFiles.digest(once),
                    "",
                    List.of(),
                    List.of(),
                    1);
            writer.offer(100, () -> new DecisionLog.Made(Kept.of(decision), once));
            writer.flush(SOON);
            assertThat(log.plans().find(PlanFiles.digest(once))).isPresent();
            String used = "";
            for (int i = 0; i < 25; i++) {
                Decision next = MadeUp.decision(random, Instant.ofEpochMilli(now.addAndGet(61_000)));
                used = next.plan();
                writer.offer(100, () -> MadeUp.made(next));
                writer.flush(SOON);
            }
            assertThat(log.plans().find(PlanFiles.digest(once))).isEmpty();
            assertThat(log.plans().find(used)).isPresent();
        }
    }

    @Test
    void aTornFileIsReadUpToTheTear() throws Exception {
        List<Decision> decisions = new ArrayList<>();
        try (LogDirectory log = open(new TriedDisk(), LogLimits.DEFAULT, () -> TIME);
                DecisionLog writer = new DecisionLog(log, 1 << 20, List.of())) {
            for (int i = 0; i < 30; i++) {
                Decision decision = MadeUp.decision(random, TIME.plusMillis(i));
                decisions.add(decision);
                writer.offer(100, () -> MadeUp.made(decision));
                if (i % 10 == 9) {
                    writer.flush(SOON); // a frame
                }
            }
        }
        Path file = LogFile.list(directory, Kind.DECISIONS).getFirst().path();
        byte[] whole = Files.readAllBytes(file);
        int before = 31;
        for (int length = whole.length; length >= 0; length -= 1 + random.nextInt(120)) {
            byte[] torn = java.util.Arrays.copyOf(whole, length);
            if (length > 50 && random.nextBoolean()) {
                random.nextBytes(torn); // what a device made up in its place
                System.arraycopy(whole, 0, torn, 0, length - 40);
            }
            Files.write(file, torn);
            List<Decision> read = readAll();
            assertThat(read).isEqualTo(decisions.subList(0, read.size())).hasSizeLessThanOrEqualTo(before);
            before = read.size();
        }
        assertThat(before).isZero();
    }

    @Test
    void sinksGetEveryLine() throws Exception {
        List<String> lines = new ArrayList<>();
        DecisionSink sink = new DecisionSink() {
            @Override
            public void put(String id, Optional<String> unit, byte[] line) {
                lines.add(id + unit + new String(line, StandardCharsets.UTF_8));
            }

            @Override
            public long dropped() {
                return 0;
            }

            @Override
            public void close() {
                lines.add("closed");
            }
        };
        Decision decision = MadeUp.decision(random, TIME);
        try (LogDirectory log = open(new TriedDisk(), LogLimits.DEFAULT, () -> TIME);
                DecisionLog writer = new DecisionLog(log, 1 << 20, List.of(sink))) {
            writer.offer(100, () -> MadeUp.made(decision));
        }
        DecisionEncoder encoder = new DecisionEncoder();
        encoder.add(Kept.of(decision));
        String line = new String(encoder.bytes(), 0, encoder.length(), StandardCharsets.UTF_8).strip();
        assertThat(lines).containsExactly(decision.id() + decision.unit() + line, "closed");
    }
}
