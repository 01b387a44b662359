package repscorer.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.ann.HnswParameters;
import repscorer.ann.exact.ExactIndex;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.Embedding;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.embedding.Space;
import repscorer.core.embedding.SparseSpace;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.store.delta.Delta;
import repscorer.testing.BruteForce;
import repscorer.testing.Seeds;
import repscorer.vector.Metric;
import repscorer.vector.SparseVector;

/** A version of a space, its rows in the order of a compaction, and the numbers of a release's entities, beside plain maps. */
class SpaceVersionModelTest {

    private static final int D = 4;
    private static final int BASE_ROWS = 25;

    @TempDir
    Path directory;

    private final RandomGenerator random = Seeds.random("SpaceVersionModelTest");

    private static EntityId id(EntityKind kind, int number) {
        return EntityId.of(kind, number);
    }

    private static DenseSpace dense(String name, EntityKind kind) {
        return new DenseSpace(name, "m", kind, D, Metric.L2, "exact", HnswParameters.DEFAULT, 0.5, true);
    }

    private static SparseSpace sparse(String name, EntityKind kind) {
        return new SparseSpace(name, "s", kind, 9, 10, false);
    }

    private Object row(Space space) {
        if (space instanceof DenseSpace) {
            float[] values = new float[D];
            for (int j = 0; j < D; j++) {
                values[j] = (float) random.nextGaussian();
            }
            return values;
        }
        int column = random.nextInt(5);
        return new SparseVector(new int[] {column, column + 2}, new float[] {1 + random.nextInt(4), 0.5f});
    }

    private EmbeddingFile file(Space space, Map<Integer, Object> rows, int columns) throws IOException {
        List<EntityId> ids = new ArrayList<>();
        for (int c = 0; c < columns; c++) {
            ids.add(EntityId.of(new EntityKind("cluster"), c));
        }
        EmbeddingFileWriter writer = space instanceof DenseSpace
                ? EmbeddingFileWriter.dense(space.name(), space.model(), space.kind(), D)
                : EmbeddingFileWriter.sparse(space.name(), space.model(), space.kind(), ids, Map.of());
        rows.forEach((number, row) -> {
            if (row instanceof float[] values) {
                writer.add(id(space.kind(), number), values);
            } else {
                writer.add(id(space.kind(), number), (SparseVector) row);
            }
        });
        return EmbeddingFile.open(writer.writeTo(Files.createTempDirectory(directory, "f")));
    }

    private Map<Integer, Object> rows(Space space) {
        Map<Integer, Object> rows = new TreeMap<>();
        for (int i = 1; i <= BASE_ROWS; i++) {
            rows.put(3 * i, row(space));
        }
        return rows;
    }

    private static SpaceVersion version(Space space, EmbeddingFile file) {
        return SpaceVersion.of(
                space,
                file,
                space instanceof DenseSpace
                        ? Optional.of(new ExactIndex(file.denseRows(), Metric.L2))
                        : Optional.empty(),
                Optional.empty());
    }

    private static void assertHolds(SpaceVersion version, Map<Integer, Object> rows) {
        Space space = version.space();
        assertThat(version.count()).isEqualTo(rows.size());
        boolean[] met = new boolean[version.ordinalsEnd()];
        float[] query = {1, -1, 0.5f, 2};
        for (int number = 0; number <= 4 * BASE_ROWS; number++) {
            EntityId id = id(space.kind(), number);
            OptionalInt ordinal = version.ordinal(id);
            Object row = rows.get(number);
            assertThat(ordinal.isPresent()).as("%s", id).isEqualTo(row != null);
            assertThat(version.embedding(id).isPresent()).isEqualTo(row != null);
            if (row == null) {
                continue;
            }
            int at = ordinal.getAsInt();
            met[at] = true;
            assertThat(version.live(at)).isTrue();
            assertThat(version.id(at)).isEqualTo(id);
            switch (version.embedding(id).orElseThrow()) {
                case Embedding.Dense given -> {
                    assertThat(given.values()).isEqualTo((float[]) row);
                    float norm = (float) Math.sqrt(BruteForce.dot(query, query));
                    assertThat((double) version.score(Metric.L2, query, norm, at))
                            .isCloseTo(BruteForce.score(BruteForce.Dense.L2, query, (float[]) row), within(1e-5));
                }
                case Embedding.Sparse given -> assertThat(given.vector()).isEqualTo(row);
                case Embedding.Text given -> throw new AssertionError("no texts are put in: " + given);
            }
        }
        for (int ordinal = 0; ordinal < met.length; ordinal++) {
            assertThat(version.live(ordinal)).as("ordinal %s", ordinal).isEqualTo(met[ordinal]);
        }
        CompactedRows compacted = CompactedRows.of(version, 0);
        assertThat(compacted.count()).isEqualTo(rows.size());
        assertThat(compacted.ordinalsBefore()).hasSize(rows.size());
        int at = 0;
        float[] into = new float[D];
        for (Map.Entry<Integer, Object> each : rows.entrySet()) {
            assertThat(compacted.id(at)).isEqualTo(id(space.kind(), each.getKey()));
            assertThat(compacted.ordinalsBefore()[at])
                    .isEqualTo(version.ordinal(id(space.kind(), each.getKey())).orElseThrow());
            if (each.getValue() instanceof float[] values) {
                compacted.copyDense(at, into);
                assertThat(into).isEqualTo(values);
            } else {
                assertThat(compacted.sparse(at)).isEqualTo(each.getValue());
            }
            at++;
        }
    }

    @Test
    @DisplayName("S13: a version says of every entity what its last change left, and is compacted in the order of ids")
    void aVersionSaysWhatTheLastChangeLeft() throws IOException {
        for (Space space : List.of(dense("a", EntityKind.USER), sparse("s", EntityKind.USER))) {
            Map<Integer, Object> rows = rows(space);
            EmbeddingFile file = file(space, rows, 8);
            SpaceVersion published = version(space, file);
            assertThat(published.changed()).isFalse();
            assertThat(published.version()).isEqualTo(file.checksum());
            assertThat(published.isSparse()).isEqualTo(space instanceof SparseSpace);
            assertThat(published.dense().isPresent()).isEqualTo(space instanceof DenseSpace);
            assertHolds(published, rows);
            Delta delta = new Delta(file, published.baseDense(), 0);
            for (int change = 1; change <= 1100; change++) {
                int number = random.nextInt(1, 4 * BASE_ROWS);
                if (random.nextInt(3) == 0) {
                    delta.delete(id(space.kind(), number));
                    rows.remove(number);
                } else {
                    Object row = row(space);
                    delta.upsert(
                            id(space.kind(), number),
                            row instanceof float[] values
                                    ? new Embedding.Dense(values)
                                    : new Embedding.Sparse((SparseVector) row));
                    rows.put(number, row);
                }
                if (change == 1 || change == 300 || change == 1100) {
                    SpaceVersion changed = published.with("p", delta.view());
                    assertThat(changed.changed()).isTrue();
                    assertThat(changed.version()).isEqualTo("p+" + change);
                    assertThat(changed.published()).isEqualTo("p");
                    assertThat(changed.ordinalsEnd()).isEqualTo(BASE_ROWS + change);
                    assertHolds(changed, rows);
                    EmbeddingFile moved = file(space, Map.of(3, row(space)), 8);
                    assertThat(changed.movedTo(moved).file()).isSameAs(moved);
                }
            }
        }
    }

    @Test
    void columnsAreTheSameWhereTheyStandForTheSame() throws IOException {
        SparseSpace space = sparse("s", EntityKind.USER);
        SpaceVersion one = version(space, file(space, rows(space), 8));
        assertThat(one.sameColumns(version(space, file(space, rows(space), 8)))).isTrue();
        assertThat(one.sameColumns(version(space, file(space, rows(space), 9)))).isFalse();
    }

    @Test
    @DisplayName("S13: entities have numbers in the order of their kinds and ids, over all spaces of a kind")
    void entitiesHaveNumbersInTheOrderOfTheirIds() throws IOException {
        EntityKind user = EntityKind.USER;
        EntityKind tweet = EntityKind.TWEET;
        DenseSpace a = dense("a", user);
        DenseSpace b = dense("b", user);
        DenseSpace t = dense("t", tweet);
        SpaceVersion first = version(a, file(a, Map.of(2, row(a), 4, row(a), 9, row(a)), 0));
        SpaceVersion second = version(b, file(b, Map.of(1, row(b), 4, row(b)), 0));
        SpaceVersion tweets = version(t, file(t, Map.of(4, row(t), 7, row(t)), 0));
        Snapshot snapshot = new Snapshot("r", Map.of("a", first, "b", second, "t", tweets));
        EntityNumbers numbers = snapshot.entities();
        assertThat(numbers.size()).isEqualTo(6);
        List<EntityId> inOrder = new ArrayList<>();
        for (int n = 0; n < 6; n++) {
            inOrder.add(numbers.id(n));
            assertThat(numbers.find(numbers.id(n))).isEqualTo(n);
            assertThat(numbers.kind(n)).isEqualTo(numbers.id(n).kind());
        }
        List<EntityId> users = List.of(id(user, 1), id(user, 2), id(user, 4), id(user, 9));
        List<EntityId> others = List.of(id(tweet, 4), id(tweet, 7));
        boolean tweetsFirst = inOrder.getFirst().kind().equals(tweet);
        List<EntityId> expected = new ArrayList<>(tweetsFirst ? others : users);
        expected.addAll(tweetsFirst ? users : others);
        assertThat(inOrder).isEqualTo(expected);
        for (SpaceVersion version : List.of(first, second, tweets)) {
            EntityNumbers.Rows rows = numbers.rows(version.space().name());
            for (int n = 0; n < 6; n++) {
                OptionalInt ordinal = version.ordinal(numbers.id(n));
                assertThat(rows.row(n)).isEqualTo(ordinal.orElse(-1));
                if (ordinal.isPresent()) {
                    assertThat(rows.number(ordinal.getAsInt())).isEqualTo(n);
                }
            }
            assertThat(rows.row(-1)).isEqualTo(-1);
            assertThat(rows.row(6)).isEqualTo(-1);
        }
        assertThat(numbers.find(id(user, 3))).isEqualTo(-1);
        assertThat(numbers.find(id(EntityKind.TOPIC, 3))).isEqualTo(-1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> numbers.rows("x"))
                .withMessage("no such space was joined: x");
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> numbers.id(6))
                .withMessage("an entity's number is 0 to 5: 6");

        assertThat(snapshot.entities()).isSameAs(numbers);
        assertThat(snapshot.with(first).entities()).as("on the same bases").isSameAs(numbers);
        SpaceVersion other = version(a, file(a, Map.of(5, row(a)), 0));
        Snapshot changed = snapshot.with(other);
        assertThat(changed.entities()).isNotSameAs(numbers);
        assertThat(changed.entities().size()).isEqualTo(5);
        assertThat(changed.entities().find(id(user, 5))).isGreaterThanOrEqualTo(0);
        assertThat(changed.entities().find(id(user, 9))).isEqualTo(-1);
        assertThat(snapshot.with(first).entities()).as("two are kept").isSameAs(numbers);
        SpaceVersion third = version(a, file(a, Map.of(6, row(a)), 0));
        snapshot.with(third).entities();
        assertThat(changed.with(other).entities().find(id(user, 5))).isNotNegative();
        assertThat(snapshot.space("a").orElseThrow()).isSameAs(first);
        assertThat(snapshot.spaces()).containsExactly(first, second, tweets);
        assertThat(snapshot.release()).isEqualTo("r");
        assertThat(snapshot.isEmpty()).isFalse();
        assertThat(Snapshot.EMPTY.isEmpty()).isTrue();
        assertThat(Snapshot.EMPTY.entities().size()).isZero();
    }
}
