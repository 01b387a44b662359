package repscorer.core.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.testing.Seeds;

class SignalStoreTest {

    private static final long NOW = 1_700_000_000_000L;
    private static final EntityId ANN = EntityId.parse("user:ann");
    private static final List<SignalType> TYPES = List.of(
            new SignalType("fav", EntityKind.TWEET, 3, Duration.ofDays(30)),
            new SignalType("block", EntityKind.USER, 100, Duration.ofDays(36_500)));

    @TempDir
    Path directory;

    private SignalStore open() {
        return SignalStore.open(
                directory.resolve("signals.tsv"), TYPES, 100, () -> java.time.Instant.ofEpochMilli(NOW));
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
                    .withMessage("no signal is called 'poke'; there are [block, fav]");
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
    void theLogBringsEverythingBackAndATornLineIsDropped() throws IOException {
        RandomGenerator random = Seeds.random("SignalStoreTest");
        Map<String, List<Signal>> before = new TreeMap<>();
        try (SignalStore store = open()) {
            for (int i = 0; i < 500; i++) {
                Signal signal = new Signal(
                        "fav", EntityId.of(EntityKind.TWEET, random.nextInt(40)), NOW - random.nextInt(1_000_000));
                store.push(List.of(new SignalPush(
                        EntityId.of(EntityKind.USER, random.nextInt(9)), signal, random.nextInt(5) == 0)));
            }
            for (int u = 0; u < 9; u++) {
                before.put("user:" + u, read(store, EntityId.of(EntityKind.USER, u), "fav"));
            }
        }
        Files.writeString(directory.resolve("signals.tsv"), "1699\tuser:1\tfa", StandardOpenOption.APPEND);
        try (SignalStore again = open()) {
            before.forEach((user, signals) ->
                    assertThat(read(again, EntityId.parse(user), "fav")).isEqualTo(signals));
        }
        assertThat(Files.readString(directory.resolve("signals.tsv"))).endsWith("+\n");
    }

    @Test
    void aLogThatIsNoneIsRefused() throws IOException {
        Files.writeString(directory.resolve("signals.tsv"), "1\tuser:ann\tfav\ttweet:1\t+\nhello\n");
        assertThatThrownBy(this::open)
                .isInstanceOf(UncheckedIOException.class)
                .hasRootCauseMessage(directory.resolve("signals.tsv") + " line 2 is no signal: 'hello'");
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
    void typesHaveBounds() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SignalType("Fav", EntityKind.TWEET, 1, Duration.ofDays(1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SignalType("fav", EntityKind.TWEET, 0, Duration.ofDays(1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SignalType("fav", EntityKind.TWEET, 100_001, Duration.ofDays(1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SignalType("fav", EntityKind.TWEET, 1, Duration.ZERO));
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        SignalStore.inMemory(List.of(TYPES.get(0), TYPES.get(0)), 1, () -> java.time.Instant.EPOCH))
                .withMessage("signal names must differ: 'fav' twice");
    }
}
