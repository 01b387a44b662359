package repscorer.core.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.embedding.Embedding;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.fixture.ReleaseBuilder;
import repscorer.core.fixture.Spaces;
import repscorer.core.store.Change;
import repscorer.core.store.EntityNumbers;
import repscorer.core.store.RepresentationStore;
import repscorer.core.store.SpaceVersion;
import repscorer.vector.SparseVector;

/** Numbers of users that two spaces hold, before and after changes to one of them. */
class EntitiesTest {

    private static final EntityKind USER = EntityKind.USER;

    @TempDir
    Path directory;

    private RepresentationStore store;

    private static EntityId user(int value) {
        return EntityId.of(USER, value);
    }

    @BeforeEach
    void publish() throws IOException {
        store = ReleaseBuilder.open(
                directory.resolve("store"),
                Spaces.twhin("twhin-user", USER, 1),
                Spaces.twhin("twhin-topic", EntityKind.TOPIC, 1),
                Spaces.clusters("clusters-user", USER, 5));
        SparseVector one = new SparseVector(new int[] {0}, new float[] {1});
        ReleaseBuilder.of(store, Files.createDirectory(directory.resolve("scratch")), "r1")
                .dense("twhin-user", Map.of(user(2), new float[] {1}, user(10), new float[] {2}))
                .dense("twhin-topic", Map.of(EntityId.of(EntityKind.TOPIC, "jazz"), new float[] {1}))
                .sparse(
                        "clusters-user",
                        List.of(user(10), EntityId.parse("cluster:1")),
                        Map.of(user(2), one, user(3), one))
                .publish();
    }

    @AfterEach
    void close() {
        store.close();
    }

    private SpaceVersion space(String name) {
        return store.current().space(name).orElseThrow();
    }

    @Test
    void numbersRankAsIdsAndJoinSpaces() {
        Entities entities = new Entities(store.current());
        EntityId jazz = EntityId.of(EntityKind.TOPIC, "jazz");
        List<EntityId> ordered = List.of(jazz, user(2), user(3), user(10));
        assertThat(ordered.stream().map(entities::number)).containsExactly(0, 1, 2, 3);
        assertThat(List.of(0, 1, 2, 3).stream().map(entities::id)).isEqualTo(ordered);
        Entities.Rows dense = entities.rows(space("twhin-user"));
        Entities.Rows sparse = entities.rows(space("clusters-user"));
        assertThat(List.of(0, 1, 2, 3).stream().map(dense::ordinal)).containsExactly(-1, 0, -1, 1);
        assertThat(List.of(0, 1, 2, 3).stream().map(sparse::ordinal)).containsExactly(-1, 0, 1, -1);
        assertThat(dense.number(1)).isEqualTo(3);
        assertThat(entities.kind(0)).isEqualTo(EntityKind.TOPIC);
        Entities.Columns columns = entities.columns(space("clusters-user"));
        assertThat(columns.number(0)).isEqualTo(3);
        assertThat(entities.id(columns.number(1))).isEqualTo(EntityId.parse("cluster:1"));
    }

    @Test
    void whatNoBaseHoldsHasANumberForTheRequestAndIsOrderedById() {
        Entities entities = new Entities(store.current());
        int stranger = entities.number(user(5));
        assertThat(stranger).isEqualTo(4);
        assertThat(entities.number(user(5))).isEqualTo(stranger);
        assertThat(entities.id(stranger)).isEqualTo(user(5));
        assertThat(entities.compare(stranger, entities.number(user(3)))).isPositive();
        assertThat(entities.compare(stranger, entities.number(user(10)))).isNegative();
        assertThat(entities.compare(stranger, stranger)).isZero();
        assertThat(entities.rows(space("twhin-user")).ordinal(stranger)).isEqualTo(-1);
    }

    @Test
    void asManyStrangersAsARequestNamesHaveANumberEach() {
        Entities entities = new Entities(store.current());
        int[] numbers = entities.numbers(
                IntStream.range(100, 5_100).mapToObj(EntitiesTest::user).toList());
        assertThat(numbers).containsExactly(IntStream.range(4, 5_004).toArray());
        for (int i = 0; i < numbers.length; i++) {
            assertThat(entities.number(user(100 + i))).isEqualTo(numbers[i]);
            assertThat(entities.id(numbers[i])).isEqualTo(user(100 + i));
        }
        assertThat(entities.number(user(10))).as("a row of a base").isEqualTo(3);
    }

    @Test
    void seesReplacedDeletedAndNewRows() {
        EntityNumbers before = store.current().entities();
        store.apply(
                "r1",
                "twhin-user",
                "test",
                List.of(
                        new Change.Upsert(user(2), new Embedding.Dense(new float[] {5}), OptionalLong.empty()),
                        new Change.Upsert(user(7), new Embedding.Dense(new float[] {6}), OptionalLong.empty()),
                        new Change.Delete(user(10), OptionalLong.empty())));
        assertThat(store.current().entities()).as("the bases are the same").isSameAs(before);
        SpaceVersion version = space("twhin-user");
        Entities entities = new Entities(store.current());
        Entities.Rows rows = entities.rows(version);
        assertThat(version.dense(rows.ordinal(entities.number(user(2))))).containsExactly(5);
        int seven = entities.number(user(7));
        assertThat(version.dense(rows.ordinal(seven))).containsExactly(6);
        assertThat(rows.number(rows.ordinal(seven))).isEqualTo(seven);
        assertThat(rows.ordinal(entities.number(user(10)))).isEqualTo(-1);
    }
}
