package repscorer.core.store;

import static java.lang.System.Logger.Level.INFO;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import repscorer.ann.BuildProgress;
import repscorer.ann.BuildThreads;
import repscorer.ann.DenseIndex;
import repscorer.ann.OrdinalFilter;
import repscorer.ann.SearchOptions;
import repscorer.ann.SparseSearchOptions;
import repscorer.ann.hnsw.HnswIndex;
import repscorer.ann.sparse.ClusterIndex;
import repscorer.codes.Codebook;
import repscorer.core.codes.CodesLoss;
import repscorer.core.codes.RowCodes;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.embedding.Space;
import repscorer.core.embedding.SparseSpace;
import repscorer.core.embedding.TextSpace;
import repscorer.core.failure.ScorerException.Rejected;
import repscorer.core.store.Release.IndexCheck;
import repscorer.core.store.delta.DeltaGraph;
import repscorer.core.store.index.IndexFiles;
import repscorer.core.store.index.Indexes;
import repscorer.core.store.index.Predecessor;
import repscorer.core.store.index.RecallGate;
import repscorer.core.store.index.RecallRemedy;
import repscorer.core.text.TextCorpus;
import repscorer.core.text.TextIndex;
import repscorer.core.text.TextQuery;

/** Builds the indexes of files, tells what they miss, and warms them up. Safe for concurrent use. */
final class CheckedIndexes {

    private static final System.Logger LOG = System.getLogger(CheckedIndexes.class.getName());

    private static final int WARMING_SEARCHES = 20;

    /** How much less of the best a carried index may find than was learnt about the one built whole. */
    private static final double CARRIED_LOSS_MAX = 0.01;

    /** What an index keeps to. */
    enum Rule {
        FINDS_ENOUGH("recall-under-floor"),
        HOLDS_ALL("index-incomplete");

        private final String code;

        Rule(String code) {
            this.code = code;
        }

        String code() {
            return code;
        }
    }

    /** A rule that an index breaks, in words. */
    record Flaw(Rule rule, String message) {}

    /** What became of measuring an index. @param check empty where there is nothing to measure */
    record Measured(Optional<IndexCheck> check, List<Flaw> flaws) {}

    /** What became of a new base. */
    record Indexed(SpaceVersion version, Measured measured) {}

    private final Map<String, Space> spaces;
    private final Indexes indexes;
    private final IndexFiles kept;
    private final Supplier<BuildThreads> threads;
    private final int sampledRows;

    /**
     * @param spaces by name
     * @param kept where the indexes keep their graphs, and codes are kept
     * @param threads that make codes
     * @param sampledRows that are asked for to learn an index's recall
     */
    CheckedIndexes(
            Map<String, Space> spaces,
            Indexes indexes,
            IndexFiles kept,
            Supplier<BuildThreads> threads,
            int sampledRows) {
        this.spaces = spaces;
        this.indexes = indexes;
        this.kept = kept;
        this.threads = threads;
        this.sampledRows = sampledRows;
    }

    /** The same with the engines there are, unless others are given. */
    static CheckedIndexes of(
            Map<String, Space> spaces,
            StoreOptions options,
            @Nullable Indexes engines,
            IndexFiles kept,
            Supplier<BuildThreads> threads) {
        return new CheckedIndexes(
                spaces,
                engines == null ? Indexes.engines(threads, kept, options.graphRowsMin()) : engines,
                kept,
                threads,
                options.sampledRows());
    }

    /** An index built whole, told to the listener, neither checked nor warm. */
    SpaceVersion index(EmbeddingFile file, PublicationListener listener) {
        return index(file, Optional.empty(), Optional.empty(), listener);
    }

    private SpaceVersion index(
            EmbeddingFile file,
            Optional<Predecessor> before,
            Optional<Codebook> codebook,
            PublicationListener listener) {
        Space space = spaces.get(file.space());
        if (space == null) {
            throw new IllegalStateException("only declared spaces are opened: " + file.space());
        }
        String step = "index " + space.name();
        BuildProgress progress = (done, total) -> listener.progress(step, done, total);
        listener.progress(step, 0, file.count());
        try {
            SpaceVersion version = build(space, file, before, codebook, progress);
            listener.progress(step, file.count(), file.count());
            return version;
        } catch (IllegalArgumentException e) {
            throw new Rejected("not-indexable", "%s cannot be indexed: %s".formatted(space.name(), e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Rejected("interrupted", "building the index of %s was interrupted".formatted(space.name()), e);
        }
    }

    private SpaceVersion build(
            Space space,
            EmbeddingFile file,
            Optional<Predecessor> before,
            Optional<Codebook> codebook,
            BuildProgress progress)
            throws InterruptedException {
        return switch (space) {
            case DenseSpace dense ->
                SpaceVersion.of(
                                space,
                                file,
                                Optional.of(indexes.dense(dense, file, before, progress)),
                                Optional.empty())
                        .with(kept.codes(dense, file, codebook, threads));
            case SparseSpace sparse ->
                SpaceVersion.of(
                        space,
                        file,
                        Optional.empty(),
                        sparse.indexed()
                                ? Optional.of(ClusterIndex.build(file.sparseRows(), sparse.itemsPerCluster()))
                                : Optional.empty());
            case TextSpace texts ->
                SpaceVersion.of(
                        space,
                        file,
                        TextIndex.build(texts.language(), texts.completed(), file.count(), file.texts()::text));
        };
    }

    /** Asks engines that approximate how much they miss; a scan misses nothing and is not asked. */
    Measured measure(SpaceVersion version, PublicationListener listener) {
        if (!(version.space() instanceof DenseSpace space) || version.dense().isEmpty()) {
            return new Measured(Optional.empty(), List.of());
        }
        List<Flaw> flaws = new ArrayList<>();
        DenseIndex index = version.dense().orElseThrow();
        if (index.count() != version.file().count()) {
            flaws.add(new Flaw(
                    Rule.HOLDS_ALL,
                    "the index of %s must hold every row: %s of %s"
                            .formatted(
                                    space.name(), index.count(), version.file().count())));
        }
        OptionalInt unreachable = OptionalInt.empty();
        if (index instanceof HnswIndex graph) {
            unreachable = OptionalInt.of(graph.stats().unreachable());
            if (unreachable.getAsInt() > 0) {
                flaws.add(new Flaw(
                        Rule.HOLDS_ALL,
                        "every row of %s must be reachable: %s are not"
                                .formatted(space.name(), unreachable.getAsInt())));
            }
        }
        Optional<CodesLoss> codes = version.codes().map(RowCodes::loss);
        if (index.engine().equals("exact")) {
            return new Measured(
                    codes.map(loss -> new IndexCheck(
                            space.name(), OptionalDouble.empty(), OptionalInt.empty(), Optional.of(loss))),
                    flaws);
        }
        listener.progress("recall " + space.name(), 0, sampledRows);
        double recall = RecallGate.recall(index, version.file().denseRows(), sampledRows);
        listener.progress("recall " + space.name(), sampledRows, sampledRows);
        if (recall < space.recallMin()) {
            flaws.add(new Flaw(
                    Rule.FINDS_ENOUGH,
                    String.format(
                            Locale.ROOT,
                            "recall@%s of %s must be at least %s: %.4f; %s",
                            RecallGate.K,
                            space.name(),
                            space.recallMin(),
                            recall,
                            RecallRemedy.of(index, version.file()))));
        }
        return new Measured(
                Optional.of(new IndexCheck(space.name(), OptionalDouble.of(recall), unreachable, codes)), flaws);
    }

    /** The first searches pay for pages and scratch memory; they are asked before anybody waits for them. */
    static void warm(SpaceVersion version) {
        version.sortTimes();
        int rows = version.file().count();
        int searches = Math.min(WARMING_SEARCHES, rows);
        for (int i = 0; i < searches; i++) {
            int row = (int) ((long) i * rows / searches);
            version.dense()
                    .ifPresent(
                            index -> index.search(version.file().denseRows().row(row), SearchOptions.of(RecallGate.K)));
            version.sparse()
                    .ifPresent(index ->
                            index.search(version.file().sparseRows().row(row), SparseSearchOptions.of(RecallGate.K)));
            version.texts().ifPresent(index -> {
                TextQuery query = TextCorpus.of(List.of(index))
                        .query(index, version.file().texts().text(row));
                version.search(query, RecallGate.K, 0, OrdinalFilter.ALL, SearchOptions.NO_DEADLINE);
                version.complete(version.file().texts().text(row), 1);
            });
        }
    }

    /**
     * Carries the old index on; where the outcome misses more than an index does that is built whole, builds that.
     *
     * @param rows of the file, out of the version before
     */
    Indexed indexCompacted(EmbeddingFile file, SpaceVersion before, CompactedRows rows, PublicationListener listener) {
        Optional<Predecessor> predecessor = predecessor(before, rows);
        Optional<Codebook> codebook = before.codes().map(codes -> codes.rows().codebook());
        SpaceVersion indexed = index(file, predecessor, codebook, listener);
        Measured measured = measure(indexed, listener);
        double recall =
                measured.check().map(check -> check.recall().orElse(1.0)).orElse(1.0);
        double expected = indexed.baseDense()
                .flatMap(index -> index instanceof HnswIndex graph ? graph.recallLearnt() : Optional.empty())
                .orElse(0.0);
        if (predecessor.isEmpty() || (measured.flaws().isEmpty() && recall >= expected - CARRIED_LOSS_MAX)) {
            return new Indexed(indexed, measured);
        }
        LOG.log(INFO, "the index of {0} is built whole: carried on, it finds {1} of the best", file.space(), recall);
        kept.forget(file.checksum());
        SpaceVersion whole = index(file, Optional.empty(), codebook, listener);
        return new Indexed(whole, measure(whole, listener));
    }

    private static Optional<Predecessor> predecessor(SpaceVersion before, CompactedRows rows) {
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
