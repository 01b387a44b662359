package repscorer.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.disk.Disk;
import repscorer.core.embedding.Aging;
import repscorer.core.embedding.Embedding;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.embedding.EngagementRule;
import repscorer.core.embedding.Space;
import repscorer.core.embedding.SpacePolicy;
import repscorer.core.embedding.SparseSpace;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.failure.ScorerException.NotReady;
import repscorer.core.store.RepresentationStore.Missing;
import repscorer.testing.Seeds;
import repscorer.vector.SparseVector;

@DisplayName("Issue 17: engagements make the vectors of items, each counted once, on a clock of the test's")
class EngagementStoreTest {

    private static final long HOUR = 3_600_000;
    private static final int CLUSTERS = 12;
    private static final int USERS = 30;
    private static final Duration HALF_LIFE = Duration.ofHours(8);
    private static final Duration TIME_TO_LIVE = Duration.ofHours(30);

    @TempDir
    Path directory;

    private Path place = Path.of("");
    private Optional<Path> copied = Optional.empty(); // at the moment of the power cut
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private @Nullable RepresentationStore opened;
    private long number;

    @BeforeEach
    void begin() {
        place = directory.resolve("store");
    }

    @AfterEach
    void end() {
        store().close();
    }

    private RepresentationStore store() {
        return Objects.requireNonNull(opened);
    }

    private static List<Space> spaces(int floor, int entries, int items) {
        SpacePolicy made = SpacePolicy.KEEPING
                .with(new Aging(Optional.of(HALF_LIFE), Optional.of(TIME_TO_LIVE)))
                .with(new EngagementRule(
                        "interest", Map.of("favorite", 1f, "reply", 0.25f, "view", 0f), floor, entries, items));
        return List.of(
                new SparseSpace("interest", "s", EntityKind.USER, CLUSTERS, 0, false, SpacePolicy.KEEPING),
                new SparseSpace("tweets", "s", EntityKind.TWEET, CLUSTERS, 100, false, made));
    }

    private void open(List<Space> spaces) {
        InstantSource test = () -> now;
        Clock clock = test.withZone(ZoneOffset.UTC);
        StoreOptions options = new StoreOptions(1, 1 << 20, 1, 10, 100_000, 10);
        opened = RepresentationStore.open(place, spaces, options, clock, Disk.LOCAL, null);
    }

    private void reopen(List<Space> spaces) {
        store().close();
        open(spaces);
    }

    /** As after a power cut: what is on the disk now, and nothing that a close would still do. */
    private void crash(List<Space> spaces) throws IOException {
        copy(copied.isEmpty());
        store().close();
        place = copied.orElseThrow();
        copied = Optional.empty();
        open(spaces);
    }

    private void copy(boolean wanted) {
        if (!wanted) {
            return;
        }
        Path copy = directory.resolve("copy" + number++);
        try (Stream<Path> all = Files.walk(place)) {
            for (Path each : all.toList()) {
                Files.copy(each, copy.resolve(place.relativize(each).toString()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        copied = Optional.of(copy);
    }

    private static List<EntityId> clusters(int from, int to) {
        List<EntityId> all = new ArrayList<>();
        for (int i = from; i < to; i++) {
            all.add(EntityId.parse("cluster:" + (100 + i)));
        }
        return all;
    }

    /** Of no rows: users come over streams. Where columns differ, the tweets' file knows some of the users' only. */
    private void publish(String release, boolean same, boolean carries) throws IOException {
        Path scratch = Files.createDirectories(directory.resolve("scratch"));
        StoreFixture.stage(
                store(),
                release,
                EmbeddingFileWriter.sparse("interest", "s", EntityKind.USER, clusters(0, CLUSTERS), Map.of()),
                scratch);
        if (carries) {
            store().publish(release, new Missing(false, Set.of("tweets")), PublicationListener.NONE);
            return;
        }
        EmbeddingFileWriter tweets = EmbeddingFileWriter.sparse(
                "tweets", "s", EntityKind.TWEET, same ? clusters(0, CLUSTERS) : clusters(3, CLUSTERS), Map.of());
        StoreFixture.stage(store(), release, tweets, scratch);
        store().publish(release, PublicationListener.NONE);
    }

    private static EntityId user(int user) {
        return EntityId.of(EntityKind.USER, user);
    }

    private static EntityId tweet(int tweet) {
        return EntityId.of(EntityKind.TWEET, tweet);
    }

    private List<Outcome> apply(String space, Change... changes) {
        return store().apply(store().current().release(), space, "p", List.of(changes));
    }

    private void interest(int user, Map<EntityId, Float> weights) {
        Change change = new Change.Named(user(user), weights, OptionalLong.empty());
        assertThat(apply("interest", change)).allMatch(Outcome.Accepted.class::isInstance);
    }

    private Change favorite(int tweet, int user, long hoursAgo) {
        return new Change.Engagement(
                tweet(tweet),
                user(user),
                "favorite",
                OptionalLong.of(++number),
                OptionalLong.of(now.toEpochMilli() - hoursAgo * HOUR));
    }

    /** What is served now, by the name of the column; empty where nothing is. */
    private Map<EntityId, Double> served(int tweet) {
        SpaceVersion version = store().current().space("tweets").orElseThrow().at(now.toEpochMilli());
        Map<EntityId, Double> entries = new TreeMap<>();
        version.embedding(tweet(tweet)).ifPresent(found -> {
            SparseVector row = ((Embedding.Sparse) found).vector();
            for (int i = 0; i < row.size(); i++) {
                entries.put(version.columnId(row.columns()[i]), (double) row.weights()[i]);
            }
        });
        return entries;
    }

    @Test
    @DisplayName("seven users make no vector, the same one twice is one, one without interests is the eighth")
    void theFloorIsEightUsers() throws IOException {
        List<Space> spaces = spaces(8, 50, 100);
        open(spaces);
        publish("r1", true, false);
        EntityId cluster = EntityId.parse("cluster:101");
        for (int user = 1; user <= 7; user++) {
            interest(user, Map.of(cluster, 2f));
            apply("tweets", favorite(1, user, 0));
        }
        apply("tweets", favorite(1, 7, 0));
        assertThat(served(1)).isEmpty();
        crash(spaces);
        store().compact("tweets", PublicationListener.NONE);
        crash(spaces);
        assertThat(served(1)).isEmpty();

        apply("tweets", favorite(1, 99, 0));
        assertThat(served(1)).isEqualTo(Map.of(cluster, 16.0));
        now = now.plus(HALF_LIFE);
        assertThat(served(1)).isEqualTo(Map.of(cluster, 8.0));
        interest(7, Map.of(cluster, 3f));
        apply("tweets", favorite(1, 7, 0));
        assertThat(served(1).get(cluster)).isCloseTo(11, within(1e-5));
    }

    @Test
    @DisplayName("what a space takes and refuses, and what a full one does until something expires")
    void rulesAreHeld() throws IOException {
        List<Space> spaces = spaces(1, 50, 2);
        open(spaces);
        publish("r1", true, false);
        interest(1, Map.of(EntityId.parse("cluster:101"), 2f));
        Change view = new Change.Engagement(tweet(1), user(1), "view", OptionalLong.empty(), OptionalLong.empty());
        assertThat(apply("tweets", view)).allMatch(Outcome.Accepted.class::isInstance);
        assertThat(served(1)).isEmpty();
        assertThat(List.of(
                        code(
                                "tweets",
                                new Change.Engagement(
                                        tweet(1), user(1), "like", OptionalLong.empty(), OptionalLong.empty())),
                        code(
                                "tweets",
                                new Change.Engagement(
                                        user(1), user(1), "favorite", OptionalLong.empty(), OptionalLong.empty())),
                        code(
                                "tweets",
                                new Change.Engagement(
                                        tweet(1), tweet(1), "favorite", OptionalLong.empty(), OptionalLong.empty())),
                        code(
                                "interest",
                                new Change.Engagement(
                                        user(1), user(1), "favorite", OptionalLong.empty(), OptionalLong.empty())),
                        code(
                                "tweets",
                                new Change.Upsert(
                                        tweet(1), new Embedding.Sparse(SparseVector.EMPTY), OptionalLong.empty())),
                        code(
                                "tweets",
                                new Change.Named(
                                        tweet(1), Map.of(EntityId.parse("cluster:101"), 1f), OptionalLong.empty()))))
                .containsExactly(
                        "unknown-engagement",
                        "kind-mismatch",
                        "kind-mismatch",
                        "not-from-engagements",
                        "made-from-engagements",
                        "made-from-engagements");

        apply("tweets", favorite(1, 1, 0));
        now = now.plus(Duration.ofHours(1));
        apply("tweets", favorite(2, 1, 0));
        Change third = favorite(3, 1, 0);
        assertThat(code("tweets", third)).isEqualTo("too-many-items");
        crash(spaces);
        assertThat(code("tweets", third)).isEqualTo("too-many-items");
        assertThat(apply("tweets", favorite(1, 1, 1))).allMatch(Outcome.Accepted.class::isInstance);
        now = now.plus(TIME_TO_LIVE.minusHours(1));
        assertThat(served(1)).isEmpty();
        assertThat(apply("tweets", favorite(3, 1, 0))).allMatch(Outcome.Accepted.class::isInstance);
        assertThat(served(3)).hasSize(1);
        apply("tweets", new Change.Delete(tweet(3), OptionalLong.empty()));
        assertThat(served(3)).isEmpty();
        assertThat(apply("tweets", favorite(4, 1, 0))).allMatch(Outcome.Accepted.class::isInstance);
    }

    private String code(String space, Change change) {
        return apply(space, change).getFirst() instanceof Outcome.Refused refused ? refused.code() : "taken";
    }

    @Test
    @DisplayName("a release without the users' space takes no engagements yet, and loses none")
    void usersHaveToBeThere() throws IOException {
        open(spaces(1, 50, 10));
        StoreFixture.stage(
                store(),
                "r1",
                EmbeddingFileWriter.sparse("tweets", "s", EntityKind.TWEET, clusters(0, 2), Map.of()),
                Files.createDirectories(directory.resolve("scratch")));
        store().publish("r1", PublicationListener.NONE);
        assertThatThrownBy(() -> apply("tweets", favorite(1, 1, 0)))
                .isInstanceOf(NotReady.class)
                .hasMessageContaining("interest");
    }

    /** The events of one item as they were taken. */
    private record Event(int user, long at, long taken, Map<EntityId, Double> added) {}

    private static final class Oracle {
        final Map<Integer, List<Event>> items = new HashMap<>();

        private static long newest(List<Event> events) {
            return events.stream().mapToLong(Event::at).max().orElse(Long.MIN_VALUE);
        }

        void take(int tweet, Event event) {
            List<Event> before = items.computeIfAbsent(tweet, any -> new ArrayList<>());
            if (event.taken - event.at >= TIME_TO_LIVE.toMillis()) {
                return;
            }
            if (!before.isEmpty() && event.taken - newest(before) >= TIME_TO_LIVE.toMillis()) {
                before.clear();
            }
            before.add(event);
        }

        Map<EntityId, Double> vector(int tweet, int floor, int entries, long nowMillis) {
            List<Event> events = items.getOrDefault(tweet, List.of());
            Set<Integer> users = new HashSet<>();
            events.forEach(each -> users.add(each.user));
            if (users.size() < floor || nowMillis - newest(events) >= TIME_TO_LIVE.toMillis()) {
                return Map.of();
            }
            Map<EntityId, Double> sums = new TreeMap<>();
            for (Event each : events) {
                double factor = Math.exp(Math.log(2) * (each.at - nowMillis) / HALF_LIFE.toMillis());
                each.added.forEach((cluster, weight) -> sums.merge(cluster, weight * factor, Double::sum));
            }
            Map<EntityId, Double> top = new TreeMap<>();
            sums.entrySet().stream()
                    .sorted(Map.Entry.<EntityId, Double>comparingByValue(Comparator.reverseOrder()))
                    .limit(entries)
                    .forEach(each -> top.put(each.getKey(), each.getValue()));
            return top;
        }
    }

    /** Answers how many vectors there are. */
    private int compare(Oracle oracle, int tweets, int floor, int entries) {
        int found = 0;
        for (int tweet = 0; tweet < tweets; tweet++) {
            Map<EntityId, Double> wanted = oracle.vector(tweet, floor, entries, now.toEpochMilli());
            Map<EntityId, Double> served = served(tweet);
            assertThat(served.keySet()).as("tweet %s", tweet).isEqualTo(wanted.keySet());
            wanted.forEach(
                    (cluster, weight) -> assertThat(served.get(cluster)).isCloseTo(weight, within(1e-6 * weight)));
            found += wanted.isEmpty() ? 0 : 1;
        }
        return found;
    }

    @RepeatedTest(3)
    @DisplayName(
            "after any events, repeats, restarts, power cuts, compactions, carried spaces and new releases vectors are what plain maps say")
    void vectorsAreTheSumOfAllEvents(RepetitionInfo turn) throws IOException {
        RandomGenerator random = Seeds.random("engagements " + turn.getCurrentRepetition());
        boolean same = turn.getCurrentRepetition() % 2 == 0;
        int floor = 3;
        int entries = 5;
        int tweets = 12;
        List<Space> spaces = spaces(floor, entries, 1_000);
        open(spaces);
        publish("r0", same, false);
        Oracle oracle = new Oracle();
        Map<Integer, Map<EntityId, Float>> interests = new HashMap<>();
        List<Change> sent = new ArrayList<>();
        int releases = 1;
        int served = 0;
        for (int step = 0; step < 120; step++) {
            switch (random.nextInt(30)) {
                case 0 -> reopen(spaces);
                case 1 -> crash(spaces);
                case 2 -> store().compact("tweets", PublicationListener.NONE);
                case 3 -> {
                    boolean[] crashed = {false};
                    boolean crashes = random.nextBoolean();
                    store().compact("tweets", (stage, done, all) -> {
                        if (!crashed[0]) {
                            sent.addAll(engage(oracle, interests, random, tweets));
                            crashed[0] = crashes;
                            copy(crashes);
                        }
                    });
                    crash(spaces);
                }
                case 4 -> now = now.plus(Duration.ofMinutes(random.nextInt(1, 900)));
                case 5 -> {
                    int gone = random.nextInt(tweets);
                    apply("tweets", new Change.Delete(tweet(gone), OptionalLong.empty()));
                    oracle.items.remove(gone);
                }
                case 6 -> {
                    boolean carries = random.nextInt(4) > 0;
                    publish("r" + releases++, same, carries);
                    interests.clear();
                    if (!carries) {
                        oracle.items.clear();
                        sent.clear();
                    }
                }
                case 7 -> {
                    if (!sent.isEmpty()) {
                        apply("tweets", sent.get(random.nextInt(sent.size())));
                    }
                }
                case 8, 9, 10 -> {
                    int user = random.nextInt(USERS);
                    Map<EntityId, Float> weights = new TreeMap<>();
                    for (EntityId cluster : clusters(0, CLUSTERS)) {
                        if (random.nextInt(3) == 0) {
                            weights.put(cluster, random.nextFloat() + 0.01f);
                        }
                    }
                    interest(user, weights);
                    interests.put(user, weights);
                }
                default -> sent.addAll(engage(oracle, interests, random, tweets));
            }
            served += compare(oracle, tweets, floor, entries);
            assertThat(copied).isEmpty();
        }
        assertThat(served).as("vectors that were served at all").isPositive();
    }

    private List<Change> engage(
            Oracle oracle, Map<Integer, Map<EntityId, Float>> interests, RandomGenerator random, int tweets) {
        List<Change> changes = new ArrayList<>();
        for (int i = random.nextInt(1, 12); i > 0; i--) {
            changes.add(event(oracle, interests, random, tweets));
        }
        assertThat(apply("tweets", changes.toArray(Change[]::new))).allMatch(Outcome.Accepted.class::isInstance);
        return changes;
    }

    private Change event(
            Oracle oracle, Map<Integer, Map<EntityId, Float>> interests, RandomGenerator random, int tweets) {
        int tweet = random.nextInt(tweets);
        int user = random.nextInt(USERS);
        boolean favorite = random.nextBoolean();
        long taken = now.toEpochMilli();
        long said = taken + random.nextLong(-35 * HOUR, 2 * HOUR);
        Map<EntityId, Double> added = new HashMap<>();
        interests
                .getOrDefault(user, Map.of())
                .forEach((cluster, weight) -> added.put(cluster, weight * (favorite ? 1 : 0.25)));
        oracle.take(tweet, new Event(user, Math.min(said, taken), taken, added));
        return new Change.Engagement(
                tweet(tweet),
                user(user),
                favorite ? "favorite" : "reply",
                OptionalLong.of(++number),
                OptionalLong.of(said));
    }
}
