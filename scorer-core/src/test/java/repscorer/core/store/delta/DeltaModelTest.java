package repscorer.core.store.delta;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import repscorer.ann.BuildProgress;
import repscorer.ann.DenseIndex;
import repscorer.ann.HnswParameters;
import repscorer.ann.Neighbors;
import repscorer.ann.OrdinalFilter;
import repscorer.ann.SearchOptions;
import repscorer.ann.SearchStats;
import repscorer.ann.SparseIndex;
import repscorer.ann.SparseSearchOptions;
import repscorer.ann.SparseSearchOptions.Mode;
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
import repscorer.testing.BruteForce;
import repscorer.testing.Seeds;
import repscorer.vector.Metric;
import repscorer.vector.SparseVector;

/** A delta beside a plain map: every view goes on saying what was there when it was taken, whatever was added since. */
class DeltaModelTest {

    private static final int D = 3;
    private static final int BASE_ROWS = 30;
    private static final int CLUSTERS = 8;

    @TempDir
    Path directory;

    private final RandomGenerator random = Seeds.random("DeltaModelTest");

    /** What a view must go on saying. */
    private record Moment(DeltaView view, Map<Integer, Object> rows, Set<Integer> touched, int changes) {}

    private static EntityId id(int user) {
        return EntityId.of(EntityKind.USER, user);
    }

    private float[] dense() {
        float[] values = new float[D];
        for (int j = 0; j < D; j++) {
            values[j] = random.nextInt(-3, 4);
        }
        return values;
    }

    private SparseVector sparse() {
        TreeSet<Integer> columns = new TreeSet<>();
        for (int i = 0; i < 3; i++) {
            columns.add(random.nextInt(CLUSTERS));
        }
        int[] at = columns.stream().mapToInt(Integer::intValue).toArray();
        float[] weights = new float[at.length];
        for (int i = 0; i < at.length; i++) {
            weights[i] = 0.5f + random.nextInt(6);
        }
        return new SparseVector(at, weights);
    }

    private EmbeddingFile base(Map<Integer, Object> rows) throws IOException {
        boolean dense = rows.values().iterator().next() instanceof float[];
        EmbeddingFileWriter writer = dense
                ? EmbeddingFileWriter.dense("a", "m", EntityKind.USER, D)
                : EmbeddingFileWriter.sparse("a", "m", EntityKind.USER, columns(), Map.of());
        rows.forEach((user, row) -> {
            if (row instanceof float[] values) {
                writer.add(id(user), values);
            } else {
                writer.add(id(user), (SparseVector) row);
            }
        });
        return EmbeddingFile.open(writer.writeTo(directory));
    }

    private static List<EntityId> columns() {
        List<EntityId> columns = new ArrayList<>();
        for (int c = 0; c < CLUSTERS; c++) {
            columns.add(EntityId.of(new EntityKind("cluster"), c));
        }
        return columns;
    }

    /** So many random changes; a moment is kept every so often. */
    private List<Moment> run(Delta delta, Map<Integer, Object> rows, boolean dense, int changes) {
        List<Moment> moments = new ArrayList<>();
        Set<Integer> touched = new TreeSet<>();
        for (int step = 0; step < changes; step++) {
            if (step % 97 == 0 || step == 1) {
                moments.add(new Moment(delta.view(), new TreeMap<>(rows), new TreeSet<>(touched), step));
            }
            int user = 1 + random.nextInt(2 * BASE_ROWS);
            touched.add(user);
            if (random.nextInt(3) == 0) {
                delta.delete(id(user));
                rows.remove(user);
            } else {
                Object row = dense ? dense() : sparse();
                delta.upsert(
                        id(user),
                        row instanceof float[] values
                                ? new Embedding.Dense(values)
                                : new Embedding.Sparse((SparseVector) row));
                rows.put(user, row);
            }
        }
        moments.add(new Moment(delta.view(), new TreeMap<>(rows), touched, changes));
        return moments;
    }

    private Map<Integer, Object> baseRows(boolean dense) {
        Map<Integer, Object> rows = new TreeMap<>();
        for (int user = 1; user <= BASE_ROWS; user++) {
            rows.put(2 * user, dense ? dense() : sparse());
        }
        return rows;
    }

    private static void assertSays(Moment moment, EmbeddingFile file, long before) {
        DeltaView view = moment.view();
        assertThat(view.count()).isEqualTo(moment.changes());
        assertThat(view.isEmpty()).isEqualTo(moment.changes() == 0);
        assertThat(view.sequence()).isEqualTo(before + moment.changes());
        assertThat(view.rows()).isEqualTo(moment.rows().size());
        assertThat(view.baseCount()).isEqualTo(BASE_ROWS);
        assertThat(view.isOver(file)).isTrue();
        List<Integer> live = new ArrayList<>();
        for (int user = 1; user <= 2 * BASE_ROWS + 1; user++) {
            int at = view.find(id(user));
            Object row = moment.rows().get(user);
            if (!moment.touched().contains(user)) {
                assertThat(at).isEqualTo(DeltaView.UNTOUCHED);
            } else if (row == null) {
                assertThat(at).isEqualTo(DeltaView.DELETED);
            } else {
                live.add(user);
                assertThat(view.isLive(at)).isTrue();
                assertThat(view.id(at)).isEqualTo(id(user));
                assertRow(view, at, row);
            }
            boolean touched = moment.touched().contains(user);
            file.ids()
                    .ordinal(id(user))
                    .ifPresent(ordinal -> assertThat(view.overrides(ordinal)).isEqualTo(touched));
        }
        List<Integer> sorted = new ArrayList<>();
        for (int slot : view.sortedLive()) {
            sorted.add(Integer.parseInt(view.id(slot).value()));
        }
        assertThat(sorted).isEqualTo(live);
        int alive = 0;
        for (int slot = 0; slot < view.count(); slot++) {
            alive += view.isLive(slot) ? 1 : 0;
            assertThat(view.isLive(slot) && view.isDeletion(slot)).isFalse();
        }
        assertThat(alive).isEqualTo(live.size());
    }

    private static void assertRow(DeltaView view, int slot, Object row) {
        switch (view.embedding(slot)) {
            case Embedding.Dense given -> assertThat(given.values()).isEqualTo((float[]) row);
            case Embedding.Sparse given -> assertThat(given.vector()).isEqualTo(row);
            case Embedding.Text given -> assertThat(given.value()).isEqualTo(row);
        }
    }

    @Test
    @DisplayName("S13: every view of a dense delta goes on saying what was there when it was taken")
    void viewsOfDenseChangesAreTheirMoments() throws IOException {
        Map<Integer, Object> rows = baseRows(true);
        EmbeddingFile file = base(rows);
        Delta delta = new Delta(file, Optional.empty(), 40);
        for (Moment moment : run(delta, rows, true, 2 * Delta.CHUNK_ROWS + 3)) {
            assertSays(moment, file, 40);
        }
        assertThat(delta.count()).isEqualTo(2 * Delta.CHUNK_ROWS + 3);
        assertThat(delta.sequence()).isEqualTo(40 + delta.count());
        assertThat(delta.uncovered()).isEqualTo(delta.count());
        assertThatThrownBy(() -> delta.view().sparse(0)).hasMessage("slot 0 holds no sparse row");
    }

    @Test
    @DisplayName("S13: every view of a sparse delta goes on saying what was there when it was taken")
    void viewsOfSparseChangesAreTheirMoments() throws IOException {
        Map<Integer, Object> rows = baseRows(false);
        EmbeddingFile file = base(rows);
        Delta delta = new Delta(file, Optional.empty(), 0);
        for (Moment moment : run(delta, rows, false, 300)) {
            assertSays(moment, file, 0);
        }
    }

    @Test
    @DisplayName("S13: changes added to another delta from a slot on are those changes, under its own numbers")
    void changesAreAddedToAnother() throws IOException {
        for (boolean dense : new boolean[] {true, false}) {
            Map<Integer, Object> rows = baseRows(dense);
            EmbeddingFile file = base(rows);
            Delta delta = new Delta(file, Optional.empty(), 0);
            Map<Integer, Object> expected = new TreeMap<>(rows);
            run(delta, rows, dense, 90);
            DeltaView all = delta.view();
            Delta other = new Delta(file, Optional.empty(), 7);
            other.addAll(all, 60);
            assertThat(other.count()).isEqualTo(30);
            assertThat(other.sequence()).isEqualTo(37);
            other.skipTo(20);
            assertThat(other.sequence()).isEqualTo(37);
            other.skipTo(50);
            assertThat(other.sequence()).isEqualTo(50);
            for (int slot = 60; slot < 90; slot++) {
                expected.remove(Integer.parseInt(all.id(slot).value()));
                assertThat(other.view().id(slot - 60)).isEqualTo(all.id(slot));
                assertThat(other.view().isDeletion(slot - 60)).isEqualTo(all.isDeletion(slot));
                if (!all.isDeletion(slot)) {
                    expected.put(Integer.parseInt(all.id(slot).value()), rowOf(all, slot));
                    assertRow(other.view(), slot - 60, rowOf(all, slot));
                }
            }
            assertThat(other.view().rows()).isEqualTo(expected.size());
        }
    }

    private static Object rowOf(DeltaView view, int slot) {
        return switch (view.embedding(slot)) {
            case Embedding.Dense given -> given.values();
            case Embedding.Sparse given -> given.vector();
            case Embedding.Text given -> given.value();
        };
    }

    /** Rows by ordinal, as a version numbers them: the base's, then slots; only those that are there. */
    private static Map<Integer, Object> byOrdinal(Moment moment, EmbeddingFile file) {
        Map<Integer, Object> rows = new TreeMap<>();
        moment.rows().forEach((user, row) -> {
            int slot = moment.view().find(id(user));
            int ordinal =
                    slot >= 0 ? BASE_ROWS + slot : file.ids().ordinal(id(user)).orElseThrow();
            rows.put(ordinal, row);
        });
        return rows;
    }

    private static OrdinalFilter notEvery(int nth) {
        return new OrdinalFilter() {
            @Override
            public boolean accepts(int ordinal) {
                return ordinal % nth != 1;
            }

            @Override
            public int accepted(int count) {
                int accepted = 0;
                for (int i = 0; i < count; i++) {
                    accepted += accepts(i) ? 1 : 0;
                }
                return accepted;
            }
        };
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("S13: a dense search over base and changes is a scan of what is there")
    void aDenseSearchIsAScanOfWhatIsThere(Metric metric) throws IOException {
        Map<Integer, Object> rows = baseRows(true);
        EmbeddingFile file = base(rows);
        ExactIndex index = new ExactIndex(file.denseRows(), metric);
        Delta delta = new Delta(file, Optional.of(index), 0);
        for (Moment moment : run(delta, rows, true, 200)) {
            OverlaidDenseIndex overlaid = new OverlaidDenseIndex(index, moment.view());
            assertThat(overlaid.count()).isEqualTo(moment.rows().size());
            assertThat(overlaid.metric()).isEqualTo(metric);
            assertThat(overlaid.dimension()).isEqualTo(D);
            assertThat(overlaid.engine()).isEqualTo("exact");
            Map<Integer, Object> there = byOrdinal(moment, file);
            for (OrdinalFilter filter : List.of(OrdinalFilter.ALL, notEvery(3))) {
                float[] query = {2, -1, 1};
                TreeMap<Integer, Double> scores = new TreeMap<>();
                there.forEach((ordinal, row) -> {
                    double score = BruteForce.score(BruteForce.Dense.valueOf(metric.name()), query, (float[]) row);
                    if (filter.accepts(ordinal) && !Double.isNaN(score)) {
                        scores.put(ordinal, score);
                    }
                });
                Neighbors found = overlaid.search(query, SearchOptions.of(100).withFilter(filter));
                assertThat(found.size()).isEqualTo(scores.size());
                for (int i = 0; i < found.size(); i++) {
                    assertThat((double) found.scores()[i])
                            .isCloseTo(scores.getOrDefault(found.ordinals()[i], Double.NaN), within(1e-4));
                }
                long asked = there.keySet().stream().filter(filter::accepts).count();
                // The base does not count rows without a cosine.
                assertThat(found.stats().scored()).isBetween(metric == Metric.COSINE ? scores.size() : asked, asked);
                assertThat(found.stats().plan()).isEqualTo(SearchStats.Plan.EXACT);
                int k = Math.min(5, scores.size());
                Neighbors best = overlaid.search(query, SearchOptions.of(k).withFilter(filter));
                assertThat(best.scores()).isEqualTo(java.util.Arrays.copyOf(found.scores(), k));
                assertThat(best.stats().end()).isEqualTo(SearchStats.End.DONE);
                float least = found.scores()[found.size() / 2];
                Neighbors over = overlaid.search(
                        query, SearchOptions.of(100).withFilter(filter).withScoreMin(least));
                int reaching = 0;
                for (float score : found.scores()) {
                    reaching += score >= least ? 1 : 0;
                }
                assertThat(over.size()).isEqualTo(reaching);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("S13: a sparse search over base and changes is a scan of what is there, in every ranking and mode")
    void aSparseSearchIsAScanOfWhatIsThere(Ranking ranking) throws IOException {
        Map<Integer, Object> rows = baseRows(false);
        EmbeddingFile file = base(rows);
        SparseIndex index = ClusterIndex.build(file.sparseRows(), 100);
        Delta delta = new Delta(file, Optional.empty(), 0);
        for (Moment moment : run(delta, rows, false, 200)) {
            OverlaidSparseIndex overlaid = new OverlaidSparseIndex(index, moment.view());
            assertThat(overlaid.count()).isEqualTo(moment.rows().size());
            Map<Integer, Object> there = byOrdinal(moment, file);
            SparseVector query = new SparseVector(new int[] {1, 3, 4, 6}, new float[] {2, 0.5f, 3, 1});
            for (Mode mode : Mode.values()) {
                for (int scanned : new int[] {2, 4, 9}) {
                    // Of a released search what counts are the clusters that are scanned; 4 and 1 are the strongest.
                    SparseVector strongest =
                            scanned >= 4 ? query : new SparseVector(new int[] {1, 4}, new float[] {2, 3});
                    TreeMap<Integer, Double> scores = new TreeMap<>();
                    there.forEach((ordinal, row) -> {
                        double score = score((SparseVector) row, query, strongest, ranking, mode);
                        if (ordinal % 3 != 1 && !Double.isNaN(score)) {
                            scores.put(ordinal, score);
                        }
                    });
                    SparseSearchOptions options = new SparseSearchOptions(
                            scanned, 100, 1000, 1000, Float.NEGATIVE_INFINITY, ranking, mode, notEvery(3));
                    Neighbors found = overlaid.search(query, options);
                    assertThat(found.size()).as("%s, %s of 4", mode, scanned).isEqualTo(scores.size());
                    for (int i = 0; i < found.size(); i++) {
                        double expected = scores.getOrDefault(found.ordinals()[i], Double.NaN);
                        assertThat((double) found.scores()[i]).isCloseTo(expected, within(1e-5 * expected));
                    }
                    // Whole vectors are scored before a filter is asked, partial sums after it.
                    long most = mode == Mode.RELEASED
                            ? scores.size()
                            : index.count() + moment.rows().size();
                    assertThat(found.stats().scored()).isBetween((long) scores.size(), most);
                    if (found.size() > 2) {
                        float least = found.scores()[1];
                        Neighbors over = overlaid.search(
                                query,
                                new SparseSearchOptions(scanned, 100, 1000, 1000, least, ranking, mode, notEvery(3)));
                        assertThat(over.scores()[over.size() - 1]).isGreaterThanOrEqualTo(least);
                        assertThat(over.size()).isGreaterThanOrEqualTo(2);
                    }
                }
            }
            assertThat(overlaid.search(new SparseVector(new int[0], new float[0]), SparseSearchOptions.of(5))
                            .size())
                    .isZero();
        }
    }

    /** The score of a row by the description of rankings; NaN where it shares none of the clusters that are scanned. */
    private static double score(
            SparseVector row, SparseVector query, SparseVector scanned, Ranking ranking, Mode mode) {
        double met = 0;
        double metSquares = 0;
        double product = 0;
        double squares = 0;
        for (int i = 0; i < row.size(); i++) {
            double weight = row.weights()[i];
            squares += weight * weight;
            product += weight * weight(query, row.columns()[i]);
            double strong = weight(mode == Mode.EXACT ? query : scanned, row.columns()[i]);
            met += weight * strong;
            metSquares += strong > 0 ? weight * weight : 0;
        }
        if (met == 0) {
            return Double.NaN;
        }
        double p = mode == Mode.RELEASED ? met : product;
        double q = mode == Mode.RELEASED ? metSquares : squares;
        double s = 2 * 2 + 0.25 + 3 * 3 + 1;
        return switch (ranking) {
            case DOT -> p;
            case COSINE -> p / Math.sqrt(s * q);
            case LOG_COSINE -> p / (Math.log(s + 1) * Math.log(q + 1));
            case COSINE_NO_SOURCE_NORM -> p / Math.sqrt(q);
            case EXP_SCALED_COSINE -> p / Math.pow(s * q, 0.3);
        };
    }

    private static double weight(SparseVector of, int column) {
        for (int i = 0; i < of.size(); i++) {
            if (of.columns()[i] == column) {
                return of.weights()[i];
            }
        }
        return 0;
    }

    /** So many random rows, none of them zero. */
    private Map<Integer, Object> spread(int count) {
        Map<Integer, Object> rows = new TreeMap<>();
        for (int user = 1; user <= count; user++) {
            rows.put(2 * user, new float[] {(float) random.nextGaussian(), (float) random.nextGaussian(), 1});
        }
        return rows;
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName(
            "S13: changes that a graph covers are answered as a scan has them, later ones by the scan, older views without them")
    void changesInAGraphAreAnsweredAsAScanHasThem(Metric metric) throws Exception {
        HnswParameters parameters = new HnswParameters(8, 200, 1);
        DenseSpace space =
                new DenseSpace("a", "m", EntityKind.USER, D, metric, "hnsw", parameters, Quantization.NONE, 0.5, true);
        for (boolean holdsBase : new boolean[] {false, true}) {
            Map<Integer, Object> rows = spread(BASE_ROWS);
            EmbeddingFile file = base(rows);
            DenseIndex index = new ExactIndex(file.denseRows(), metric);
            if (holdsBase) {
                try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
                    index = HnswIndex.build(
                            file.denseRows(), metric, parameters, Quantization.NONE, executor, 1, BuildProgress.NONE);
                }
            }
            Delta delta = new Delta(file, Optional.of(index), 0);
            assertThat(delta.view().graph()).isNull();
            List<Moment> moments = new ArrayList<>();
            Set<Integer> touched = new TreeSet<>();
            for (int step = 0; step < 170; step++) {
                int user = 1 + random.nextInt(2 * BASE_ROWS);
                touched.add(user);
                if (random.nextInt(4) == 0) {
                    delta.delete(id(user));
                    rows.remove(user);
                } else {
                    float[] row = random.nextInt(20) == 0
                            ? new float[D]
                            : new float[] {(float) random.nextGaussian(), (float) random.nextGaussian(), 1};
                    delta.upsert(id(user), new Embedding.Dense(row));
                    rows.put(user, row);
                }
                if (step % 40 == 39) {
                    moments.add(new Moment(delta.view(), new TreeMap<>(rows), new TreeSet<>(touched), step + 1));
                }
                if (step == 60 || step == 130) {
                    delta.cover(space, delta.view());
                    assertThat(delta.uncovered()).isZero();
                    DeltaGraph graph = requireNonNull(delta.view().graph());
                    assertThat(graph.covered()).isEqualTo(step + 1);
                    assertThat(graph.holdsBase()).isEqualTo(holdsBase);
                }
            }
            assertThat(delta.uncovered()).isEqualTo(170 - 131);
            moments.add(new Moment(delta.view(), new TreeMap<>(rows), touched, 170));
            for (Moment moment : moments) {
                assertFinds(new OverlaidDenseIndex(index, moment.view()), moment, file, metric);
            }
        }
    }

    private void assertFinds(OverlaidDenseIndex overlaid, Moment moment, EmbeddingFile file, Metric metric) {
        Map<Integer, Object> there = byOrdinal(moment, file);
        for (OrdinalFilter filter : List.of(OrdinalFilter.ALL, notEvery(2), notEvery(3))) {
            float[] query = {(float) random.nextGaussian(), 0.5f, 1};
            List<BruteForce.Scored> truth = new ArrayList<>();
            there.forEach((ordinal, row) -> {
                double score = BruteForce.score(BruteForce.Dense.valueOf(metric.name()), query, (float[]) row);
                if (filter.accepts(ordinal) && !Double.isNaN(score)) {
                    truth.add(new BruteForce.Scored(ordinal, score));
                }
            });
            truth.sort(Comparator.comparingDouble(scored -> -scored.score()));
            for (int k : new int[] {1, 6, 200}) {
                Neighbors found =
                        overlaid.search(query, SearchOptions.of(k).withEf(300).withFilter(filter));
                assertThat(found.size()).isEqualTo(Math.min(k, truth.size()));
                for (int i = 0; i < found.size(); i++) {
                    assertThat((double) found.scores()[i])
                            .as("%s, %s of %s", metric, i, found.size())
                            .isCloseTo(truth.get(i).score(), within(1e-4));
                    Object row = requireNonNull(there.get(found.ordinals()[i]), "a row that is not there");
                    assertThat(filter.accepts(found.ordinals()[i])).isTrue();
                    assertThat(BruteForce.score(BruteForce.Dense.valueOf(metric.name()), query, (float[]) row))
                            .isCloseTo(found.scores()[i], within(1e-4));
                }
            }
        }
    }

    @Test
    @DisplayName("S13: what a graph is carried on by are its rows for the slots that it covers, and none for others")
    void aGraphIsCarriedOnByItsOwnOrdinals() throws Exception {
        HnswParameters parameters = new HnswParameters(8, 100, 1);
        DenseSpace space = new DenseSpace(
                "a", "m", EntityKind.USER, D, Metric.COSINE, "hnsw", parameters, Quantization.NONE, 0.5, true);
        EmbeddingFile file = base(spread(BASE_ROWS));
        HnswIndex index;
        try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
            index = HnswIndex.build(
                    file.denseRows(), Metric.COSINE, parameters, Quantization.NONE, executor, 1, BuildProgress.NONE);
        }
        Delta delta = new Delta(file, Optional.of(index), 0);
        delta.upsert(id(101), new Embedding.Dense(new float[] {1, 0, 0}));
        delta.delete(id(2));
        delta.upsert(id(102), new Embedding.Dense(new float[D])); // without a cosine: not in the graph
        delta.upsert(id(103), new Embedding.Dense(new float[] {0, 1, 0}));
        delta.cover(space, delta.view());
        delta.upsert(id(104), new Embedding.Dense(new float[] {0, 0, 1}));
        DeltaGraph graph = requireNonNull(delta.view().graph());
        int[] version = {0, 7, BASE_ROWS, BASE_ROWS + 2, BASE_ROWS + 3, BASE_ROWS + 4};
        assertThat(graph.predecessor(version).orElseThrow().ordinals())
                .containsExactly(0, 7, BASE_ROWS, -1, BASE_ROWS + 1, -1);
        assertThat(graph.predecessor(new int[] {BASE_ROWS + 2, BASE_ROWS + 4, 3}))
                .as("too few")
                .isEmpty();
        assertThat(graph.predecessor(new int[] {BASE_ROWS + 2, 3}))
                .as("half of them")
                .isPresent();
        DeltaView view = delta.view();
        assertThat(view.isOver(file)).isTrue();
        EmbeddingFile other = base(spread(BASE_ROWS));
        assertThat(view.isOver(other)).as("other rows under the same name").isFalse();
    }

    @Test
    @DisplayName("S13: base rows that changes left untouched are counted, all of them or those of a filter")
    void untouchedRowsAreCounted() throws IOException {
        Map<Integer, Object> rows = baseRows(true);
        EmbeddingFile file = base(rows);
        Delta delta = new Delta(file, Optional.empty(), 0);
        OrdinalFilter third = notEvery(3);
        assertThat(delta.view().untouched(third)).isSameAs(third);
        for (Moment moment : run(delta, rows, true, 120)) {
            int untouched = 0;
            int wanted = 0;
            for (int ordinal = 0; ordinal < BASE_ROWS; ordinal++) {
                boolean kept = !moment.touched()
                        .contains(Integer.parseInt(file.ids().id(ordinal).value()));
                untouched += kept ? 1 : 0;
                wanted += kept && third.accepts(ordinal) ? 1 : 0;
            }
            assertThat(moment.view().untouched(OrdinalFilter.ALL).accepted(BASE_ROWS))
                    .isEqualTo(untouched);
            OrdinalFilter both = moment.view().untouched(third);
            assertThat(both.accepted(BASE_ROWS)).isEqualTo(wanted);
            int stepped = 0;
            for (int at = both.next(0, BASE_ROWS); at < BASE_ROWS; at = both.next(at + 1, BASE_ROWS)) {
                assertThat(both.accepts(at)).isTrue();
                stepped++;
            }
            assertThat(stepped).isEqualTo(wanted);
        }
    }
}
