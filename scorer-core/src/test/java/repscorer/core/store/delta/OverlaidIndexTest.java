package repscorer.core.store.delta;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.ann.BuildProgress;
import repscorer.ann.HnswParameters;
import repscorer.ann.Neighbors;
import repscorer.ann.OrdinalFilter;
import repscorer.ann.ScoreBounds;
import repscorer.ann.SearchOptions;
import repscorer.ann.SearchStats.End;
import repscorer.ann.SparseSearchOptions;
import repscorer.ann.SparseSearchOptions.Ranking;
import repscorer.ann.exact.ExactIndex;
import repscorer.ann.hnsw.HnswIndex;
import repscorer.ann.hnsw.Quantization;
import repscorer.ann.sparse.ClusterIndex;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.Embedding;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.fixture.WrappedIndex;
import repscorer.vector.Metric;
import repscorer.vector.SparseVector;

/** What a search over a base and its changes says of itself. */
class OverlaidIndexTest {

    private static final DenseSpace SPACE =
            new DenseSpace("a", "m", EntityKind.USER, 2, Metric.L2, "hnsw", HnswParameters.DEFAULT, 0.5, true);

    /** Of few links, so that a search of little effort walks them. */
    private static final DenseSpace WALKED = new DenseSpace(
            "a",
            "m",
            EntityKind.USER,
            2,
            Metric.L2,
            "hnsw",
            new HnswParameters(4, 40, 1),
            Quantization.NONE,
            0.5,
            true,
            SPACE.policy());

    @TempDir
    Path directory;

    /** Ends as a test says. */
    private record Ended(ExactIndex scan, End end, AtomicBoolean closed) implements WrappedIndex {

        Ended(ExactIndex scan, End end) {
            this(scan, end, new AtomicBoolean());
        }

        @Override
        public void close() {
            closed.set(true);
        }

        @Override
        public String engine() {
            return "ended";
        }

        @Override
        public Neighbors search(float[] query, SearchOptions options) {
            Neighbors found = scan.search(query, options);
            return new Neighbors(found.ordinals(), found.scores(), found.stats().ended(end));
        }
    }

    private static EntityId id(int user) {
        return EntityId.of(EntityKind.USER, user);
    }

    private EmbeddingFile base(int rows) throws IOException {
        EmbeddingFileWriter writer = EmbeddingFileWriter.dense("a", "m", EntityKind.USER, 2);
        for (int user = 1; user <= rows; user++) {
            writer.add(id(user), new float[] {user, 1});
        }
        return EmbeddingFile.open(writer.writeTo(directory));
    }

    private static Delta changed(EmbeddingFile file) {
        Delta delta = new Delta(file, Optional.empty(), 0);
        delta.upsert(id(100), new Embedding.Dense(new float[] {3.5f, 1}));
        delta.upsert(id(2), new Embedding.Dense(new float[] {50, 1}));
        return delta;
    }

    @Test
    @DisplayName("a base's search that ran out of time is told, however many rows came beside it")
    void aBaseOutOfTimeIsTold() throws IOException {
        EmbeddingFile file = base(6);
        ExactIndex scan = new ExactIndex(file.denseRows(), Metric.L2);
        Delta delta = changed(file);
        for (boolean covered : new boolean[] {false, true}) {
            if (covered) {
                delta.cover(SPACE, delta.view());
                delta.upsert(id(101), new Embedding.Dense(new float[] {9, 1})); // not covered yet
            }
            int there = covered ? 8 : 7;
            for (End end : End.values()) {
                OverlaidDenseIndex overlaid = new OverlaidDenseIndex(new Ended(scan, end), delta.view());
                assertThat(overlaid.search(new float[] {3, 1}, SearchOptions.of(2))
                                .stats()
                                .end())
                        .as("full, %s", covered)
                        .isEqualTo(end == End.DEADLINE ? End.DEADLINE : End.DONE);
                Neighbors few = overlaid.search(new float[] {3, 1}, SearchOptions.of(20));
                assertThat(few.size()).isEqualTo(there);
                assertThat(few.stats().end()).as("few, %s", covered).isEqualTo(end);
                assertThat(few.stats().scored()).as("each row once").isEqualTo(there);
            }
        }
    }

    @Test
    @DisplayName("a search of the changes' graph that ran out of time is told, where the base's did not")
    void aGraphOutOfTimeIsTold() throws IOException {
        EmbeddingFile file = base(6);
        Delta delta = new Delta(file, Optional.empty(), 0);
        for (int user = 0; user < 250; user++) {
            delta.upsert(id(100 + user), new Embedding.Dense(new float[] {user % 16, user / 16}));
        }
        delta.cover(WALKED, delta.view());
        OverlaidDenseIndex overlaid = new OverlaidDenseIndex(new ExactIndex(file.denseRows(), Metric.L2), delta.view());
        SearchOptions late = SearchOptions.of(2).withEf(2).withDeadline(System.nanoTime() - 1);
        assertThat(overlaid.search(new float[] {3, 1}, late).stats().end()).isEqualTo(End.DEADLINE);
        SearchOptions inTime = late.withDeadline(System.nanoTime() + 600_000_000_000L);
        assertThat(overlaid.search(new float[] {3, 1}, inTime).stats().end()).isEqualTo(End.DONE);
    }

    @Test
    @DisplayName("the base's index is closed with the version")
    void theBasesIndexIsClosed() throws IOException {
        EmbeddingFile file = base(2);
        Ended index = new Ended(new ExactIndex(file.denseRows(), Metric.L2), End.DONE);
        OverlaidDenseIndex overlaid =
                new OverlaidDenseIndex(index, changed(file).view());
        assertThat(index.closed()).isFalse();
        overlaid.close();
        assertThat(index.closed()).isTrue();
    }

    @Test
    @DisplayName("as many rows of a base as there are may change")
    void everyRowOfABaseMayChange() throws IOException {
        int rows = 200;
        EmbeddingFile file = base(rows);
        Delta delta = new Delta(file, Optional.empty(), 0);
        for (int user = rows; user >= 1; user--) {
            delta.delete(id(user));
            assertThat(delta.view().rows()).isEqualTo(user - 1);
        }
        DeltaView view = delta.view();
        OrdinalFilter even = new OrdinalFilter() {
            @Override
            public boolean accepts(int ordinal) {
                return ordinal % 2 == 0;
            }

            @Override
            public int accepted(int count) {
                return (count + 1) / 2;
            }
        };
        assertThat(view.untouched(even).accepted(rows)).isZero();
        for (int ordinal = 0; ordinal < rows; ordinal++) {
            assertThat(view.overrides(ordinal)).isTrue();
        }
    }

    private EmbeddingFile sparseBase() throws IOException {
        List<EntityId> clusters = List.of(EntityId.of(new EntityKind("cluster"), 1));
        EmbeddingFileWriter writer = EmbeddingFileWriter.sparse("a", "m", EntityKind.USER, clusters, Map.of());
        for (int user = 1; user <= 3; user++) {
            writer.add(id(user), sparse(user));
        }
        return EmbeddingFile.open(writer.writeTo(directory));
    }

    private static SparseVector sparse(float weight) {
        return new SparseVector(new int[] {0}, new float[] {weight});
    }

    @Test
    @DisplayName("a sparse search over base and changes that runs out of time is told, with what was scored by then")
    void aSparseSearchOutOfTimeIsTold() throws IOException {
        EmbeddingFile file = sparseBase();
        Delta delta = new Delta(file, Optional.empty(), 0);
        delta.upsert(id(100), new Embedding.Sparse(sparse(9)));
        OverlaidSparseIndex overlaid = new OverlaidSparseIndex(ClusterIndex.build(file.sparseRows(), 10), delta.view());
        SparseSearchOptions options = SparseSearchOptions.of(9).withRanking(Ranking.DOT);
        Neighbors late = overlaid.search(sparse(1), options.withDeadline(System.nanoTime() - 1));
        assertThat(late.stats().end()).isEqualTo(End.DEADLINE);
        assertThat(late.scores()).as("the base's fronts").containsExactly(3, 2, 1);
        Neighbors inTime = overlaid.search(sparse(1), options.withDeadline(System.nanoTime() + 600_000_000_000L));
        assertThat(inTime.stats().end()).isEqualTo(End.DONE);
        assertThat(inTime.scores()).containsExactly(9, 3, 2, 1);
        assertThat(inTime.stats().scored()).isEqualTo(4);
    }

    @Test
    @DisplayName("bounds are those of the base's index")
    void boundsAreTheBases() throws IOException {
        EmbeddingFile file = sparseBase();
        ClusterIndex index = ClusterIndex.build(file.sparseRows(), 10);
        Delta delta = new Delta(file, Optional.empty(), 0);
        SparseVector query = sparse(1);
        try (ScoreBounds bounds = new OverlaidSparseIndex(index, delta.view()).bounds(query, Ranking.DOT);
                ScoreBounds own = index.bounds(query, Ranking.DOT)) {
            double[] upper = {bounds.upper(0), bounds.upper(2), bounds.upperOfAll()};
            assertThat(upper).containsExactly(own.upper(0), own.upper(2), own.upperOfAll());
            assertThat(Arrays.stream(upper).max()).hasValue(bounds.upperOfAll());
        }
    }

    private static HnswIndex graph(EmbeddingFile file) throws InterruptedException {
        return HnswIndex.build(
                file.denseRows(),
                Metric.L2,
                SPACE.hnsw(),
                SPACE.codes(),
                ForkJoinPool.commonPool(),
                1,
                BuildProgress.NONE);
    }

    @Test
    @DisplayName("a graph over base and changes answers the one row that a filter accepts, wherever it is")
    void aGraphAnswersTheOneRowAccepted() throws Exception {
        int rows = 20;
        EmbeddingFile file = base(rows);
        HnswIndex index = graph(file);
        Delta delta = new Delta(file, Optional.of(index), 0);
        for (int change = 0; change < 3; change++) {
            delta.upsert(id(100 + change), new Embedding.Dense(new float[] {3, change}));
        }
        delta.cover(SPACE, delta.view());
        OverlaidDenseIndex overlaid = new OverlaidDenseIndex(index, delta.view());
        for (int only = 0; only < rows + 3; only++) {
            int accepted = only;
            OrdinalFilter filter = new OrdinalFilter() {
                @Override
                public boolean accepts(int ordinal) {
                    return ordinal == accepted;
                }

                @Override
                public int accepted(int count) {
                    return accepted < count ? 1 : 0;
                }
            };
            for (int ef : new int[] {1, 100}) {
                assertThat(overlaid.search(
                                        new float[] {3, 1},
                                        SearchOptions.of(2).withEf(ef).withFilter(filter))
                                .ordinals())
                        .containsExactly(only);
            }
        }
    }

    @Test
    @DisplayName("a graph that few changes were linked into is carried on with them")
    void aGraphWithFewChangesIsCarriedOn() throws Exception {
        EmbeddingFile file = base(3);
        HnswIndex index = graph(file);
        Delta delta = new Delta(file, Optional.of(index), 0);
        for (int change = 0; change < 3; change++) {
            delta.upsert(id(9 + change), new Embedding.Dense(new float[] {3, 3 + change}));
            delta.cover(SPACE, delta.view());
            int[] ordinals = IntStream.range(0, 4 + change).toArray();
            DeltaGraph graph = requireNonNull(delta.view().graph());
            assertThat(graph.predecessor(ordinals).orElseThrow().ordinals()).containsExactly(ordinals);
        }
    }

    @Test
    @DisplayName("more changes than a graph had room for are linked")
    void moreChangesThanThereWasRoomFor() throws IOException {
        int changes = 1_100;
        EmbeddingFile file = base(1);
        Delta delta = new Delta(file, Optional.empty(), 0);
        for (int change = 0; change < changes; change++) {
            delta.upsert(id(100 + change), new Embedding.Dense(new float[] {change, 1}));
        }
        delta.cover(WALKED, delta.view());
        assertThat(delta.uncovered()).isZero();
        OverlaidDenseIndex overlaid = new OverlaidDenseIndex(new ExactIndex(file.denseRows(), Metric.L2), delta.view());
        for (int change : new int[] {3, 1_023, 1_024, changes - 1}) {
            assertThat(overlaid.search(new float[] {change, 1}, SearchOptions.of(1))
                            .ordinals())
                    .containsExactly(1 + change);
        }
    }

    @Test
    @DisplayName("a row that no graph can hold is answered beside it until it is deleted")
    void aRowThatNoGraphCanHold() throws IOException {
        EmbeddingFile file = base(1);
        DenseSpace space = new DenseSpace(
                "a", "m", EntityKind.USER, 2, Metric.INNER_PRODUCT, "hnsw", HnswParameters.DEFAULT, 0.5, true);
        Delta delta = new Delta(file, Optional.empty(), 0);
        delta.upsert(id(100), new Embedding.Dense(new float[] {2, 0}));
        delta.upsert(id(101), new Embedding.Dense(new float[] {1e25f, 0}));
        delta.upsert(id(102), new Embedding.Dense(new float[] {3, 0}));
        delta.cover(space, delta.view());
        ExactIndex scan = new ExactIndex(file.denseRows(), Metric.INNER_PRODUCT);
        SearchOptions three = SearchOptions.of(3);
        assertThat(new OverlaidDenseIndex(scan, delta.view())
                        .search(new float[] {1, 0}, three)
                        .ordinals())
                .containsExactly(2, 3, 1);
        delta.delete(id(101));
        assertThat(new OverlaidDenseIndex(scan, delta.view())
                        .search(new float[] {1, 0}, three)
                        .ordinals())
                .containsExactly(3, 1, 0);
    }

    @Test
    @DisplayName("a base without rows has changes alone")
    void aBaseWithoutRows() throws IOException {
        EmbeddingFile file = base(0);
        Delta delta = changed(file);
        OverlaidDenseIndex overlaid = new OverlaidDenseIndex(new ExactIndex(file.denseRows(), Metric.L2), delta.view());
        assertThat(overlaid.search(new float[] {3, 1}, SearchOptions.of(5)).ordinals())
                .containsExactly(0, 1);
    }
}
