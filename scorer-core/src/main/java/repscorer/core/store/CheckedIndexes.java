package repscorer.core.store;

import static java.lang.System.Logger.Level.INFO;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import repscorer.ann.BuildProgress;
import repscorer.ann.DenseIndex;
import repscorer.ann.SearchOptions;
import repscorer.ann.SparseSearchOptions;
import repscorer.ann.hnsw.HnswIndex;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.embedding.Space;
import repscorer.core.failure.ScorerException.Rejected;
import repscorer.core.store.Indexes.Predecessor;
import repscorer.vector.Metric;

/** Builds the indexes of files, tells what they miss, and warms them up. Safe for concurrent use. */
final class CheckedIndexes {

    private static final System.Logger LOG = System.getLogger(CheckedIndexes.class.getName());

    private static final int WARMING_SEARCHES = 20;

    /** How much less of the best a carried index may find than was learnt about the one built whole. */
    private static final double CARRIED_LOSS_MAX = 0.01;

    private final Map<String, Space> spaces;
    private final Indexes indexes;
    private final IndexFiles kept;
    private final int sampledRows;

    /**
     * @param spaces by name
     * @param kept where the indexes keep their graphs
     * @param sampledRows that are asked for to learn an index's recall
     */
    CheckedIndexes(Map<String, Space> spaces, Indexes indexes, IndexFiles kept, int sampledRows) {
        this.spaces = spaces;
        this.indexes = indexes;
        this.kept = kept;
        this.sampledRows = sampledRows;
    }

    /** An index built whole, told to the listener, neither checked nor warm. */
    SpaceVersion index(EmbeddingFile file, PublicationListener listener) {
        return index(file, Optional.empty(), listener);
    }

    private SpaceVersion index(EmbeddingFile file, Optional<Predecessor> before, PublicationListener listener) {
        Space space = spaces.get(file.space());
        if (space == null) {
            throw new IllegalStateException("only declared spaces are opened: " + file.space());
        }
        String step = "index " + space.name();
        BuildProgress progress = (done, total) -> listener.progress(step, done, total);
        listener.progress(step, 0, file.count());
        try {
            SpaceVersion version = indexes.build(space, file, before, progress);
            listener.progress(step, file.count(), file.count());
            return version;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Rejected("interrupted", "building the index of %s was interrupted".formatted(space.name()), e);
        }
    }

    /** Asks engines that approximate how much they miss; a scan misses nothing and is not asked. */
    void measure(
            SpaceVersion version, Map<String, Double> checks, List<String> failures, PublicationListener listener) {
        if (!(version.space() instanceof DenseSpace space) || version.dense().isEmpty()) {
            return;
        }
        DenseIndex index = version.dense().orElseThrow();
        if (index.count() != version.file().count()) {
            failures.add("the index of %s must hold every row: %d of %d"
                    .formatted(space.name(), index.count(), version.file().count()));
        }
        if (index instanceof HnswIndex graph) {
            int unreachable = graph.stats().unreachable();
            checks.put("unreachable of " + space.name(), (double) unreachable);
            if (unreachable > 0) {
                failures.add("every row of %s must be reachable: %d are not".formatted(space.name(), unreachable));
            }
        }
        if (index.engine().equals("exact")) {
            return;
        }
        listener.progress("recall " + space.name(), 0, sampledRows);
        double recall =
                RecallGate.recall(version.dense().orElseThrow(), version.file().denseRows(), sampledRows);
        listener.progress("recall " + space.name(), sampledRows, sampledRows);
        checks.put(recallOf(space.name()), recall);
        if (recall < space.recallMin()) {
            failures.add(String.format(
                    Locale.ROOT,
                    "recall@%d of %s must be at least %s: %.4f",
                    RecallGate.K,
                    space.name(),
                    space.recallMin(),
                    recall));
        }
    }

    private static String recallOf(String space) {
        return "recall@%d of %s".formatted(RecallGate.K, space);
    }

    /** The first searches pay for pages and scratch memory; they are asked before anybody waits for them. */
    static void warm(SpaceVersion version) {
        int rows = version.file().count();
        for (int i = 0; i < Math.min(WARMING_SEARCHES, rows); i++) {
            int row = (int) ((long) i * rows / WARMING_SEARCHES) % rows;
            version.dense().ifPresent(index -> {
                float[] query = version.file().denseRows().row(row);
                if (index.metric() != Metric.COSINE
                        || version.file().denseRows().norm(row) > 0) {
                    index.search(query, SearchOptions.of(RecallGate.K));
                }
            });
            version.sparse()
                    .ifPresent(index ->
                            index.search(version.file().sparseRows().row(row), SparseSearchOptions.of(RecallGate.K)));
        }
    }

    /**
     * Carries the old index on; where the outcome misses more than an index does that is built whole, builds that.
     *
     * @param rows of the file, out of the version before
     * @param failures what the index fails in is added
     */
    SpaceVersion indexFolded(
            EmbeddingFile file,
            SpaceVersion before,
            FoldedRows rows,
            List<String> failures,
            PublicationListener listener) {
        Optional<Predecessor> predecessor = predecessor(before, rows);
        SpaceVersion indexed = index(file, predecessor, listener);
        Map<String, Double> checks = new TreeMap<>();
        measure(indexed, checks, failures, listener);
        double recall = checks.getOrDefault(recallOf(file.space()), 1.0);
        double expected = indexed.baseDense()
                .flatMap(index -> index instanceof HnswIndex graph ? graph.recallLearnt() : Optional.empty())
                .orElse(0.0);
        if (predecessor.isEmpty() || (failures.isEmpty() && recall >= expected - CARRIED_LOSS_MAX)) {
            return indexed;
        }
        LOG.log(INFO, "the index of {0} is built whole: carried on, it finds {1} of the best", file.space(), recall);
        failures.clear();
        kept.forget(file.checksum());
        SpaceVersion whole = index(file, listener);
        measure(whole, checks, failures, listener);
        return whole;
    }

    private static Optional<Predecessor> predecessor(SpaceVersion before, FoldedRows rows) {
        if (before.baseDense().isEmpty()) {
            return Optional.empty();
        }
        int[] ordinals = rows.ordinalsBefore();
        DeltaGraph graph = before.delta().graph();
        if (graph != null && graph.holdsBase()) {
            return graph.predecessor(ordinals);
        }
        int baseRows = before.file().count();
        Arrays.setAll(ordinals, row -> ordinals[row] < baseRows ? ordinals[row] : -1);
        return Predecessor.of(before.baseDense().get(), ordinals);
    }
}
