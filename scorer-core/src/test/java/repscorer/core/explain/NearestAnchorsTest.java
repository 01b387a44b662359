package repscorer.core.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import repscorer.core.answer.ScoredCandidate.Anchor;
import repscorer.core.embedding.Embedding;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.fixture.ReleaseBuilder;
import repscorer.core.fixture.Spaces;
import repscorer.core.store.Change;
import repscorer.core.store.RepresentationStore;
import repscorer.core.store.SpaceVersion;
import repscorer.testing.Seeds;

/** Whoever asks again gets what a comparison with every anchor gives, whatever was streamed in between. */
class NearestAnchorsTest {

    private static final int DIMENSION = 3;
    private static final int USERS = 20;
    private static final int TOPICS = 30;
    private static final float[] SOURCE = {1, 2, 3};

    @TempDir
    Path directory;

    private final RandomGenerator random = Seeds.random("NearestAnchorsTest");
    private final Map<EntityId, float[]> users = new TreeMap<>();
    private final Map<EntityId, float[]> topics = new TreeMap<>();
    private RepresentationStore store;

    @BeforeEach
    void publish() throws IOException {
        for (int i = 0; i < USERS; i++) {
            users.put(EntityId.of(EntityKind.USER, i), vector());
        }
        for (int i = 0; i < TOPICS; i++) {
            topics.put(EntityId.of(EntityKind.TOPIC, i), vector());
        }
        store = ReleaseBuilder.open(
                directory.resolve("store"),
                Spaces.twhin("twhin-user", EntityKind.USER, DIMENSION),
                Spaces.twhin("twhin-topic", EntityKind.TOPIC, DIMENSION));
        ReleaseBuilder.of(store, Files.createDirectory(directory.resolve("scratch")), "r1")
                .dense("twhin-user", users)
                .dense("twhin-topic", topics)
                .publish();
    }

    @AfterEach
    void close() {
        store.close();
    }

    private float[] vector() {
        return new float[] {(float) random.nextGaussian(), (float) random.nextGaussian(), (float) random.nextGaussian()
        };
    }

    private SpaceVersion space(String name) {
        return store.current().space(name).orElseThrow();
    }

    private void check() {
        SpaceVersion rows = space("twhin-user");
        NearestAnchors nearest = new NearestAnchors("twhin", rows, space("twhin-topic"), SOURCE);
        for (Map.Entry<EntityId, float[]> user : users.entrySet()) {
            List<Anchor> told = nearest.of(rows.ordinal(user.getKey()).orElseThrow());
            List<EntityId> expected = new ArrayList<>(topics.keySet());
            expected.sort(Comparator.comparingDouble(topic -> -cosine(topic, user.getValue())));
            assertThat(told.stream().map(Anchor::id))
                    .as("%s", user.getKey())
                    .isEqualTo(expected.subList(0, Math.min(3, expected.size())));
            for (Anchor anchor : told) {
                assertThat(anchor.similarity()).isCloseTo(cosine(anchor.id(), user.getValue()), within(1e-12));
                assertThat(anchor.sourceSimilarity()).isCloseTo(cosine(anchor.id(), SOURCE), within(1e-12));
            }
        }
    }

    private double cosine(EntityId topic, float[] b) {
        float[] a = topics.getOrDefault(topic, b);
        double dot = 0;
        double squaresA = 0;
        double squaresB = 0;
        for (int i = 0; i < a.length; i++) {
            dot += (double) a[i] * b[i];
            squaresA += (double) a[i] * a[i];
            squaresB += (double) b[i] * b[i];
        }
        return dot / Math.sqrt(squaresA * squaresB);
    }

    private void put(String space, Map<EntityId, float[]> rows, EntityId id) {
        rows.put(id, vector());
        store.apply(
                "r1",
                space,
                "",
                List.of(new Change.Upsert(id, new Embedding.Dense(rows.get(id)), OptionalLong.empty())));
    }

    @Test
    void areTheSameForWhoeverAsksAgain() {
        check();
        check();
    }

    @Test
    void followChangesOfCandidates() {
        check();
        put("twhin-user", users, EntityId.of(EntityKind.USER, 3));
        put("twhin-user", users, EntityId.of(EntityKind.USER, USERS));
        check();
        put("twhin-user", users, EntityId.of(EntityKind.USER, 3));
        check();
    }

    @Test
    void followChangesOfAnchors() {
        check();
        for (int i = TOPICS - 5; i < TOPICS + 5; i++) {
            put("twhin-topic", topics, EntityId.of(EntityKind.TOPIC, i));
        }
        check();
        for (int i = 5; i < TOPICS + 4; i++) {
            EntityId gone = EntityId.of(EntityKind.TOPIC, i);
            topics.remove(gone);
            store.apply("r1", "twhin-topic", "", List.of(new Change.Delete(gone, OptionalLong.empty())));
        }
        check();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void fewerAnchorsThanAreToldAreAllTold(int left) {
        for (EntityId gone : List.copyOf(topics.keySet()).subList(left, TOPICS)) {
            topics.remove(gone);
            store.apply("r1", "twhin-topic", "", List.of(new Change.Delete(gone, OptionalLong.empty())));
        }
        check();
        check();
    }
}
