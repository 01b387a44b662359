package repscorer.core.store.delta;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import repscorer.ann.BuildProgress;
import repscorer.ann.DenseIndex;
import repscorer.ann.HnswParameters;
import repscorer.ann.Neighbors;
import repscorer.ann.OrdinalFilter;
import repscorer.ann.SearchOptions;
import repscorer.ann.SearchStats.End;
import repscorer.ann.SearchStats.Plan;
import repscorer.ann.exact.ExactIndex;
import repscorer.ann.hnsw.HnswIndex;
import repscorer.ann.hnsw.Quantization;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.Embedding;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.testing.BruteForce;
import repscorer.testing.Seeds;
import repscorer.vector.Metric;

/** Searches of little effort, so that the graph is walked and not scanned, over a base of 150 rows and 250 changes. */
class GraphOfChangesTest {

    private static final int D = 6;
    private static final int BASE_ROWS = 150;
    private static final int USERS = 250;

    @TempDir
    Path directory;

    private final RandomGenerator random = Seeds.random("GraphOfChangesTest");

    private float[] row() {
        float[] row = new float[D];
        for (int j = 0; j < D; j++) {
            row[j] = (float) random.nextGaussian();
        }
        return row;
    }

    private static EntityId id(int user) {
        return EntityId.of(EntityKind.USER, user);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName("S13: a walk of the changes' graph answers what is there by a view, and most of what is nearest")
    void aWalkAnswersWhatIsThere(boolean holdsBase) throws IOException, InterruptedException {
        HnswParameters parameters = new HnswParameters(4, 40, 1);
        DenseSpace space = new DenseSpace(
                "a", "m", EntityKind.USER, D, Metric.L2, "hnsw", parameters, Quantization.NONE, 0.5, true);
        EmbeddingFileWriter writer = EmbeddingFileWriter.dense("a", "m", EntityKind.USER, D);
        Map<Integer, float[]> there = new TreeMap<>(); // by the version's ordinal
        int[] ordinalOf = new int[USERS + 1];
        for (int user = 1; user <= BASE_ROWS; user++) {
            float[] row = row();
            writer.add(id(user), row);
            ordinalOf[user] = user - 1;
            there.put(user - 1, row);
        }
        EmbeddingFile file = EmbeddingFile.open(writer.writeTo(directory));
        DenseIndex index;
        try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
            index = holdsBase
                    ? HnswIndex.build(
                            file.denseRows(), Metric.L2, parameters, Quantization.NONE, executor, 1, BuildProgress.NONE)
                    : new ExactIndex(file.denseRows(), Metric.L2);
        }
        Delta delta = new Delta(file, Optional.of(index), 0);
        Map<Integer, float[]> before = Map.of();
        DeltaView early = delta.view();
        for (int slot = 0; slot < 250; slot++) {
            int user = 1 + random.nextInt(USERS);
            there.remove(ordinalOf[user] == 0 && user != 1 ? -1 : ordinalOf[user]);
            if (slot % 5 == 4) {
                delta.delete(id(user));
                ordinalOf[user] = -1;
            } else {
                float[] row = row();
                delta.upsert(id(user), new Embedding.Dense(row));
                ordinalOf[user] = BASE_ROWS + slot;
                there.put(BASE_ROWS + slot, row);
            }
            if (slot == 170) {
                before = new TreeMap<>(there);
                early = delta.view();
            }
            if (slot == 120 || slot == 230) {
                delta.cover(space, delta.view());
            }
        }
        DeltaGraph graph = requireNonNull(delta.view().graph());
        assertThat(graph.holdsBase()).isEqualTo(holdsBase);
        assertThat(graph.covered()).isEqualTo(231);
        assertWalks(new OverlaidDenseIndex(index, delta.view()), there);
        assertWalks(new OverlaidDenseIndex(index, early), before);
    }

    private void assertWalks(OverlaidDenseIndex overlaid, Map<Integer, float[]> there) {
        int hits = 0;
        int asked = 0;
        int walks = 0;
        for (int q = 0; q < 40; q++) {
            float[] query = row();
            for (OrdinalFilter filter : List.of(OrdinalFilter.ALL, notEveryThird())) {
                List<Integer> best = there.keySet().stream()
                        .filter(filter::accepts)
                        .sorted(Comparator.comparing(ordinal -> -score(query, there, ordinal)))
                        .limit(3)
                        .toList();
                float least = q % 4 == 0 ? (float) score(query, there, best.get(1)) - 1e-4f : Float.NEGATIVE_INFINITY;
                Neighbors found = overlaid.search(
                        query, SearchOptions.of(3).withEf(4).withFilter(filter).withScoreMin(least));
                assertThat(found.ordinals()).doesNotHaveDuplicates();
                for (int i = 0; i < found.size(); i++) {
                    int ordinal = found.ordinals()[i];
                    assertThat(there).as("what is there").containsKey(ordinal);
                    assertThat(filter.accepts(ordinal)).isTrue();
                    assertThat((double) found.scores()[i])
                            .isCloseTo(score(query, there, ordinal), within(1e-4))
                            .isGreaterThanOrEqualTo(least);
                    hits += best.contains(ordinal) ? 1 : 0;
                }
                asked += q % 4 == 0 ? 2 : 3;
                walks += found.stats().plan() == Plan.EXACT ? 0 : 1;
                if (q % 4 != 0) {
                    assertThat(found.size()).isEqualTo(3);
                    assertThat(found.stats().end()).isEqualTo(End.DONE);
                }
            }
        }
        assertThat((double) hits / asked).isGreaterThan(0.7);
        assertThat(walks).isIn(0, 80);
        Neighbors exact = overlaid.search(row(), SearchOptions.of(2).withEf(4).exactly());
        assertThat(exact.stats().plan()).isEqualTo(Plan.EXACT);
        assertThat(exact.stats().scored()).as("each row once").isEqualTo(there.size());
    }

    private static OrdinalFilter notEveryThird() {
        return new OrdinalFilter() {
            @Override
            public boolean accepts(int ordinal) {
                return ordinal % 3 != 1;
            }

            @Override
            public int accepted(int count) {
                return count - (count + 1) / 3;
            }
        };
    }

    private static double score(float[] query, Map<Integer, float[]> there, int ordinal) {
        return BruteForce.score(BruteForce.Dense.L2, query, requireNonNull(there.get(ordinal)));
    }
}
