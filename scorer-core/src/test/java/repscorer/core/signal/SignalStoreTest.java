package repscorer.core.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.disk.Disk;
import repscorer.core.disk.DiskFullException;
import repscorer.core.disk.ForwardingDisk;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.erasure.ErasedSubjects;
import repscorer.core.erasure.Erasure;
import repscorer.core.failure.Finding;
import repscorer.core.failure.ScorerException.Overloaded;
import repscorer.core.failure.ScorerException.Storage;
import repscorer.testing.Seeds;

class SignalStoreTest {

    private static final long NOW = 1_700_000_000_000L;
    private static final EntityId ANN = EntityId.parse("user:ann");
    private static final List<SignalType> TYPES = List.of(
            new SignalType("fav", EntityKind.TWEET, 3, Duration.ofDays(30)),
            new SignalType("block", EntityKind.USER, 100, Duration.ofDays(36_500)),
            new SignalType("shown", EntityKind.TWEET, 5, Duration.ofDays(1), 3));

    @TempDir
    Path directory;

    private long now = NOW;

    private SignalStore open(Disk disk, int usersMax, long signalsMax) {
        return SignalStore.open(
                disk,
                directory.resolve("signals"),
                directory.resolve("signals.tsv"),
                TYPES,
                new SignalLimits(usersMax, signalsMax, 10_000),
                () -> Instant.ofEpochMilli(now));
    }

    private SignalStore open() {
        return open(Disk.LOCAL, 100, 100_000);
    }

    private static SignalPush undo(String user, String type, String entity) {
        return new SignalPush(EntityId.parse(user), new Signal(type, EntityId.parse(entity), NOW), true);
    }

    private List<Path> segments() throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("signals"))) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static SignalPush push(String user, String type, String entity, long at) {
        return new SignalPush(EntityId.parse(user), new Signal(type, EntityId.parse(entity), at), false);
    }

    private static List<Signal> read(SignalStore store, EntityId user, String... types) {
        SignalSource.Answer answer = store.read(user, Set.of(types), Duration.ZERO);
        assertThat(answer).isInstanceOf(SignalSource.Answer.Found.class);
        return ((SignalSource.Answer.Found) answer).signals();
    }

    @Test
    void theLatestOfEachTypeAreKeptLatestFirst() {
        try (SignalStore store = open()) {
            for (int i = 1; i <= 5; i++) {
                store.push(List.of(push("user:ann", "fav", "tweet:" + i, NOW - 10 + i)));
            }
            store.push(
                    List.of(push("user:ann", "fav", "tweet:3", NOW), push("user:ann", "block", "user:bob", NOW - 6)));
            assertThat(read(store, ANN, "fav"))
                    .extracting(signal -> signal.entity().value())
                    .containsExactly("3", "5", "4");
            assertThat(read(store, ANN, "fav", "block"))
                    .extracting(signal -> signal.entity().value())
                    .containsExactly("3", "5", "4", "bob");
            store.push(List.of(push("user:ann", "fav", "tweet:3", NOW - 9)));
            assertThat(read(store, ANN, "fav").getFirst().atMillis())
                    .as("an older one changes nothing")
                    .isEqualTo(NOW);
            assertThat(read(store, EntityId.parse("user:nobody"), "fav")).isEmpty();
        }
    }

    @Test
    void whatIsUndoneOrTooOldIsForgotten() {
        try (SignalStore store = open()) {
            store.push(List.of(push("user:ann", "block", "user:bob", NOW - 5)));
            store.push(List.of(new SignalPush(ANN, new Signal("block", EntityId.parse("user:bob"), NOW), true)));
            assertThat(read(store, ANN, "block")).isEmpty();
            store.push(List.of(
                    push("user:ann", "fav", "tweet:1", NOW - Duration.ofDays(31).toMillis())));
            assertThat(read(store, ANN, "fav")).isEmpty();
        }
    }

    @Test
    void aBadPushChangesNothing() {
        try (SignalStore store = open()) {
            SignalPush good = push("user:ann", "fav", "tweet:1", NOW);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> store.push(List.of(good, push("user:ann", "poke", "user:bob", NOW))))
                    .withMessage("no signal is called 'poke'; there are [block, fav, shown]");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> store.push(List.of(good, push("user:ann", "fav", "user:bob", NOW))))
                    .withMessage("signal fav is about kind tweet: user:bob");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> store.push(List.of(good, push("user:ann", "fav", "tweet:2", NOW + 3_600_000))))
                    .withMessageStartingWith("a signal's time is not before 1970 and not in the future");
            List<SignalPush> crowd = new ArrayList<>();
            for (int i = 0; i < 101; i++) {
                crowd.add(push("user:" + i, "fav", "tweet:1", NOW));
            }
            assertThatThrownBy(() -> store.push(crowd)).hasMessage("at most 100 users have signals");
            assertThat(store.users()).isZero();
            assertThat(read(store, ANN, "fav")).isEmpty();
        }
    }

    @Test
    void theLogBringsEverythingBackAndATornEndIsDropped() throws IOException {
        RandomGenerator random = Seeds.random("SignalStoreTest");
        Map<String, List<Signal>> before = new TreeMap<>();
        try (SignalStore store = open()) {
            for (int i = 0; i < 500; i++) {
                Signal signal = new Signal(
                        "fav", EntityId.of(EntityKind.TWEET, random.nextInt(40)), NOW - random.nextInt(1_000_000));
                store.push(List.of(new SignalPush(
                        EntityId.of(EntityKind.USER, random.nextInt(9)), signal, random.nextInt(5) == 0)));
            }
            before.putAll(favs(store));
        }
        Files.write(segments().getLast(), new byte[] {'G', 'R', 'U', 'P', 9}, StandardOpenOption.APPEND);
        try (SignalStore again = open()) {
            assertThat(favs(again)).isEqualTo(before);
            assertThat(again.findings()).extracting(Finding::kind).containsExactly(Finding.Kind.TORN);
        }
    }

    private static Map<String, List<Signal>> favs(SignalStore store) {
        Map<String, List<Signal>> favs = new TreeMap<>();
        for (int u = 0; u < 9; u++) {
            favs.put("user:" + u, read(store, EntityId.of(EntityKind.USER, u), "fav"));
        }
        return favs;
    }

    @Test
    void linesOfTheEarlierFormComeIntoTheLogAndBadOnesAreNamed() throws IOException {
        Path lines = directory.resolve("signals.tsv");
        Files.writeString(lines, """
                1699999990000\tuser:ann\tfav\ttweet:1\t+
                1699999991000\tuser:ann\tfav\ttweet:2\t+
                16999999911699999992000\tuser:ann\tfav\ttweet:3\t+
                hello
                1699999993000\tuser:ann\tfav\ttweet:1\t-
                1699999994000\tuser:ann\tblock\tuser:b""");
        for (int start = 0; start < 2; start++) {
            try (SignalStore store = open()) {
                assertThat(read(store, ANN, "fav", "block"))
                        .extracting(signal -> signal.entity().value())
                        .containsExactly("2");
                assertThat(store.findings())
                        .extracting(Finding::toString)
                        .containsExactlyElementsOf(
                                start > 0
                                        ? List.of()
                                        : List.of(
                                                "signals.tsv: line 3 is no signal, and is left out: '16999999911699999992000\tuser:ann\tfav\ttweet:3\t+' (DAMAGED)",
                                                "signals.tsv: line 4 is no signal, and is left out: 'hello' (DAMAGED)",
                                                "signals.tsv: line 6 never ended (TORN)"));
            }
        }
        assertThat(lines).doesNotExist();
        assertThat(directory.resolve("signals.tsv.migrated")).exists();
    }

    /** A disk that is full when it is told so. */
    private static final class FullDisk extends ForwardingDisk {
        private boolean full;
        private int room; // bytes that are still written when it is

        FullDisk() {
            super(Disk.LOCAL);
        }

        @Override
        public Output create(Path file) throws IOException {
            return new ForwardingOutput(super.create(file)) {
                @Override
                public int write(ByteBuffer bytes) throws IOException {
                    if (!full) {
                        return super.write(bytes);
                    }
                    ByteBuffer part = bytes.slice(0, Math.min(room, bytes.remaining()));
                    super.write(part);
                    throw new DiskFullException("No space left on device");
                }
            };
        }
    }

    @DisplayName(
            "S2: a full disk refuses pushes with a code, and the next start reads all that was taken and nothing else")
    @Test
    void aFullDiskRefusesPushesAndForbidsNoRestart() {
        FullDisk disk = new FullDisk();
        List<String> taken = new ArrayList<>();
        try (SignalStore store = open(disk, 100, 100_000)) {
            for (int i = 0; i < 40; i++) {
                disk.full = i % 3 == 1;
                disk.room = i;
                SignalPush push = push("user:ann", "block", "user:" + i, NOW - i);
                if (disk.full) {
                    assertThatThrownBy(() -> store.push(List.of(push))).isInstanceOfSatisfying(Storage.class, e -> {
                        assertThat(e.code()).isEqualTo("storage-full");
                        assertThat(e.uncertain()).isFalse();
                    });
                } else {
                    store.push(List.of(push));
                    taken.add("user:" + i);
                }
                assertThat(blocks(store)).isEqualTo(taken);
            }
        }
        disk.full = true;
        try (SignalStore full = open(disk, 100, 100_000)) {
            assertThat(blocks(full)).isEqualTo(taken);
        }
        disk.full = false;
        try (SignalStore again = open()) {
            assertThat(blocks(again)).isEqualTo(taken);
            assertThat(again.findings()).noneMatch(finding -> finding.kind() == Finding.Kind.DAMAGED);
        }
    }

    private static List<String> blocks(SignalStore store) {
        return read(store, ANN, "block").stream()
                .map(signal -> signal.entity().toString())
                .toList();
    }

    @Test
    void theEarlierFormIsReadOnAFullDiskAndComesIntoTheLogLater() throws IOException {
        Files.writeString(directory.resolve("signals.tsv"), "1699999990000\tuser:ann\tblock\tuser:1\t+\n");
        FullDisk disk = new FullDisk();
        disk.full = true;
        try (SignalStore store = open(disk, 100, 100_000)) {
            // An empty generation needs no write, and one that holds something does.
            assertThat(blocks(store)).containsExactly("user:1");
            assertThat(store.findings()).extracting(Finding::kind).containsExactly(Finding.Kind.UNPROVEN);
            assertThat(directory.resolve("signals.tsv")).exists();
            disk.full = false;
            store.push(List.of(push("user:ann", "block", "user:2", NOW - 60_000)));
            assertThat(blocks(store)).containsExactly("user:1", "user:2");
        }
        assertThat(directory.resolve("signals.tsv")).doesNotExist();
        try (SignalStore again = open()) {
            assertThat(blocks(again)).containsExactly("user:1", "user:2");
        }
    }

    @DisplayName("S2: an undo and a push of many writers come back in the order they were seen")
    @Test
    void memoryIsWhatARestartMakesWhoeverPushesAtOnce() throws Exception {
        Map<String, List<Signal>> before = new TreeMap<>();
        try (SignalStore store = open();
                ExecutorService writers = Executors.newFixedThreadPool(4)) {
            List<Future<?>> done = new ArrayList<>();
            for (int writer = 0; writer < 4; writer++) {
                RandomGenerator random = Seeds.random("SignalStoreTest.writers." + writer);
                done.add(writers.submit(() -> {
                    for (int i = 0; i < 300; i++) {
                        Signal signal = new Signal(
                                "fav", EntityId.of(EntityKind.TWEET, random.nextInt(5)), NOW - random.nextInt(1_000));
                        store.push(List.of(new SignalPush(
                                EntityId.of(EntityKind.USER, random.nextInt(9)), signal, random.nextInt(2) == 0)));
                    }
                }));
            }
            for (Future<?> each : done) {
                each.get(60, TimeUnit.SECONDS);
            }
            before.putAll(favs(store));
        }
        try (SignalStore again = open()) {
            assertThat(favs(again)).isEqualTo(before);
        }
    }

    @DisplayName("S36: the log is written anew while pushes go on, and a start reads what is needed")
    @Test
    void theLogIsCompactedWhileItIsWritten() throws IOException {
        try (SignalStore store = open()) {
            for (int round = 0; round < 30; round++) {
                List<SignalPush> pushes = new ArrayList<>();
                for (int i = 0; i < 1_000; i++) {
                    pushes.add(push("user:ann", "fav", "tweet:" + i % 3, NOW - 100_000 + round * 1_000 + i));
                }
                store.push(pushes);
            }
            long bytes = 0;
            for (Path segment : segments()) {
                bytes += Files.size(segment);
            }
            assertThat(bytes).as("of 30,000 signals, 3 are needed").isLessThan(11_000 * 60);
            store.push(List.of(push("user:ann", "fav", "tweet:9", NOW)));
        }
        try (SignalStore again = open()) {
            assertThat(read(again, ANN, "fav"))
                    .extracting(signal -> signal.entity().value())
                    .containsExactly("9", "0", "2");
            assertThat(again.findings()).isEmpty();
        }
    }

    @DisplayName("S36: users whose signals were undone or expired make room, and signals have a limit of their own")
    @Test
    void usersAndSignalsHaveLimitsThatExpiredOnesDoNotFill() {
        try (SignalStore store = open(Disk.LOCAL, 2, 5)) {
            store.push(List.of(push("user:ann", "block", "user:1", NOW), push("user:bob", "fav", "tweet:1", NOW)));
            List<SignalPush> third = List.of(push("user:eve", "fav", "tweet:1", NOW));
            assertThatThrownBy(() -> store.push(third))
                    .isInstanceOfSatisfying(
                            Overloaded.class, e -> assertThat(e.code()).isEqualTo("too-many-users"));
            store.push(List.of(undo("user:ann", "block", "user:1")));
            store.push(third);
            assertThat(store.users()).isEqualTo(2);
            now = NOW + Duration.ofDays(31).toMillis();
            store.push(List.of(push("user:zoe", "block", "user:1", now)));
            assertThat(store.users()).as("favourites have expired").isEqualTo(1);
            List<SignalPush> many = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                many.add(push("user:zoe", "block", "user:1" + i, now));
            }
            assertThatThrownBy(() -> store.push(many))
                    .isInstanceOfSatisfying(
                            Overloaded.class, e -> assertThat(e.code()).isEqualTo("too-many-signals"));
            assertThat(read(store, EntityId.parse("user:zoe"), "block")).hasSize(1);
        }
    }

    @Test
    void agreesWithAPlainMap() {
        RandomGenerator random = Seeds.random("SignalStoreTest.model");
        try (SignalStore store = open()) {
            Map<EntityId, Signal> model = new TreeMap<>();
            for (int i = 0; i < 2_000; i++) {
                EntityId entity = EntityId.of(EntityKind.USER, random.nextInt(60));
                Signal signal = new Signal("block", entity, NOW - random.nextInt(100_000));
                boolean undone = random.nextInt(4) == 0;
                store.push(List.of(new SignalPush(ANN, signal, undone)));
                if (undone) {
                    model.remove(entity);
                } else {
                    model.merge(entity, signal, (a, b) -> b.atMillis() > a.atMillis() ? b : a);
                }
                List<Signal> expected = new ArrayList<>(model.values());
                expected.sort(
                        Comparator.comparingLong((Signal s) -> -s.atMillis()).thenComparing(Signal::entity));
                if (i % 50 == 0) {
                    assertThat(read(store, ANN, "block")).isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void aTypeThatRepeatsKeepsTheLatestOfEachEntityAndTheyOutliveARestart() {
        try (SignalStore store = open()) {
            for (int i = 0; i < 4; i++) {
                store.push(List.of(push("user:ann", "shown", "tweet:1", NOW - 10 * i)));
            }
            store.push(List.of(push("user:ann", "shown", "tweet:1", NOW - 10))); // told twice
            assertThat(read(store, ANN, "shown")).extracting(Signal::atMillis).containsExactly(NOW, NOW - 10, NOW - 20);
            store.push(List.of(push("user:ann", "shown", "tweet:1", NOW + 5)));
            for (int i = 1; i <= 3; i++) {
                store.push(List.of(push("user:ann", "shown", "tweet:2", NOW - i)));
            }
            assertThat(shown(store)).containsExactly("1+5", "1+0", "2-1", "2-2", "2-3");
            store.push(List.of(push("user:ann", "shown", "tweet:3", NOW)));
            assertThat(shown(store)).as("five in all").containsExactly("1+5", "1+0", "3+0", "2-1", "2-2");
        }
        try (SignalStore store = open()) {
            assertThat(shown(store)).containsExactly("1+5", "1+0", "3+0", "2-1", "2-2");
            store.push(List.of(undo("user:ann", "shown", "tweet:1")));
            assertThat(shown(store)).as("all that was told of it").containsExactly("3+0", "2-1", "2-2");
            now = NOW + Duration.ofDays(1).toMillis() - 1;
            assertThat(shown(store)).containsExactly("3+0", "2-1");
        }
    }

    private static List<String> shown(SignalStore store) {
        return read(store, ANN, "shown").stream()
                .map(signal ->
                        String.format(Locale.ROOT, "%s%+d", signal.entity().value(), signal.atMillis() - NOW))
                .toList();
    }

    @Test
    void typesHaveBounds() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SignalType("fav", EntityKind.TWEET, 1, Duration.ofDays(1), 0))
                .withMessage("repeats-max must be 1 to 1000: 0 (signal fav)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SignalType("fav", EntityKind.TWEET, 1, Duration.ofDays(1), 1_001));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SignalType("Fav", EntityKind.TWEET, 1, Duration.ofDays(1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SignalType("fav", EntityKind.TWEET, 0, Duration.ofDays(1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SignalType("fav", EntityKind.TWEET, 100_001, Duration.ofDays(1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SignalType("fav", EntityKind.TWEET, 1, Duration.ZERO));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SignalStore.inMemory(List.of(TYPES.get(0), TYPES.get(0)), 1, () -> Instant.EPOCH))
                .withMessage("signal names must differ: 'fav' twice");
    }

    @Test
    void whoIsErasedIsInNoFileAndWhatIsOlderDoesNotComeBack() throws IOException {
        Path earlier = directory.resolve("signals.tsv.migrated");
        Files.writeString(earlier, "user:ann and all she did");
        ErasedSubjects subjects = ErasedSubjects.open(Disk.LOCAL, directory.resolve("erasures"));
        try (SignalStore store = open()) {
            store.asking(subjects);
            store.push(List.of(
                    push("user:ann", "fav", "tweet:1", NOW - 5),
                    push("user:bob", "block", "user:ann", NOW - 5),
                    push("user:bob", "fav", "tweet:2", NOW - 5)));
            Erasure erasure =
                    subjects.add(List.of("user:ann"), Set.of("user"), "t", "asked", Instant.ofEpochMilli(NOW));
            assertThat(store.look(subjects.of(erasure))).isEqualTo(2);

            store.erase(subjects.of(erasure));
            store.push(
                    List.of(push("user:ann", "fav", "tweet:1", NOW - 1), push("user:bob", "fav", "tweet:3", NOW - 1)));

            assertThat(read(store, ANN, "fav")).isEmpty();
            assertThat(read(store, EntityId.parse("user:bob"), "fav", "block"))
                    .extracting(signal -> signal.entity().toString())
                    .containsExactlyInAnyOrder("tweet:2", "tweet:3");
            assertThat(store.look(subjects.of(erasure))).isZero();
            assertThat(earlier).doesNotExist();
            for (Path file : segments()) {
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                        .doesNotContain("user:ann");
            }
        }
        try (SignalStore store = open()) {
            store.asking(subjects);
            now = NOW + 10;
            store.push(List.of(push("user:ann", "fav", "tweet:7", NOW + 5)));
            assertThat(read(store, ANN, "fav")).as("what is newer").hasSize(1);
            assertThat(read(store, EntityId.parse("user:bob"), "fav")).hasSize(2);
        }
    }
}
