package repscorer.core.candidates;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import repscorer.ann.exact.DenseBounds;
import repscorer.core.answer.Ranked;
import repscorer.core.blend.Blend;
import repscorer.core.blend.ColumnStatistics;
import repscorer.core.blend.Normalizer;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.entity.EntityKind;
import repscorer.core.entity.IdTable;
import repscorer.core.pair.CandidateNumbers;
import repscorer.core.pair.RowPairs;
import repscorer.core.pair.ScoreTable;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.plan.ExactTopKOptions;
import repscorer.core.plan.ScoringPlan;
import repscorer.core.request.Budget;
import repscorer.core.request.EntitySet;
import repscorer.core.request.Request;
import repscorer.core.retrieve.BlendColumn;
import repscorer.core.retrieve.BlendSearch;
import repscorer.core.retrieve.Universe;
import repscorer.core.similarity.DensePairs;
import repscorer.core.similarity.Similarity;
import repscorer.core.similarity.SparsePairs;
import repscorer.core.source.QueryVector;
import repscorer.core.store.SpaceVersion;
import repscorer.vector.Metric;

/**
 * Looks for entities that no column retrieved and that are among the best k all the same. For one request and one thread.
 *
 * <p>The scale of each column is that of the union of what was retrieved: the union's mean and deviation, say, stay as they
 * are whatever is found. Otherwise each find would move every score, and "the best" would have no meaning.
 */
final class ExactTopK {

    private static final String ZERO_ROWS = "rows of zeros"; // the key of a fact

    private final Request request;
    private final ScoringPlan plan;
    private final List<QueryVector> sources;
    private final AnswerScope scope;
    private final Exclusions exclusions;
    private final CandidateNumbers numbers;

    /** @param numbers what models read; a model that counts is ranked without this search */
    ExactTopK(
            Request request,
            List<QueryVector> sources,
            AnswerScope scope,
            Exclusions exclusions,
            CandidateNumbers numbers) {
        this.numbers = numbers;
        this.request = request;
        this.plan = request.plan();
        this.sources = sources;
        this.scope = scope;
        this.exclusions = exclusions;
    }

    /**
     * What is ranked.
     *
     * @param table of what was retrieved and of what was found besides
     * @param blend on the scales of what was retrieved
     */
    record Outcome(ScoreTable table, Blend blend, Ranked ranked) {

        /** Without a search through all entities. */
        static Outcome ofRetrieved(ScoreTable table, Blend blend) {
            return new Outcome(table, blend, Ranked.OF_UNION);
        }
    }

    /** Adds the entities that are among the best to what was retrieved. */
    Outcome search(ScoreTable retrieved, Blend blend) {
        BlendSearch search = new BlendSearch(terms(blend), scope.k());
        for (int i = 0; i < retrieved.candidates().size(); i++) {
            if (blend.ranked(i)) {
                search.known(blend.score(i));
            }
        }
        List<List<Optional<SpaceVersion>>> versions =
                scope.kinds().stream().map(this::versions).toList();
        versions.forEach(this::prepare); // before the clock starts: it happens once a release
        EntitySet seen = copy(retrieved.candidates());
        EntitySet found = new EntitySet(request.entities());
        List<Double> scores = new ArrayList<>(); // of those found
        addChanged(versions, seen, found, scores, search, blend);
        long deadline = System.nanoTime()
                + Budget.of(request.exactTopK().budget()).left().toNanos();
        for (int i = 0; i < versions.size(); i++) {
            Universe universe = universe(versions.get(i));
            List<@Nullable BlendColumn> columns = columns(scope.kinds().get(i), versions.get(i));
            try {
                search.search(
                        universe,
                        columns,
                        entity -> isFresh(request.entities().number(universe.id(entity)), seen),
                        (entity, score) -> {
                            found.add(universe.id(entity));
                            scores.add(score);
                        },
                        deadline);
            } finally {
                for (BlendColumn column : columns) {
                    if (column != null) {
                        column.close();
                    }
                }
            }
        }
        EntitySet all = copy(retrieved.candidates());
        for (int i = 0; i < found.size(); i++) {
            if (scores.get(i) >= search.threshold()) {
                all.add(found.number(i));
            }
        }
        Ranked ranked = new Ranked(Ranked.ALL, search.optimal(), search.gap(), search.bounded(), search.exact());
        if (all.size() == retrieved.candidates().size()) {
            return new Outcome(retrieved, blend, ranked);
        }
        ScoreTable table = ScoreTable.of(plan.columns(), sources, all, request.trace(), numbers);
        return new Outcome(table, table.blend(plan.blend(), blend), ranked);
    }

    private List<BlendSearch.Terms> terms(Blend blend) {
        Normalizer normalizer = ExactTopKOptions.normalizer(plan);
        List<BlendSearch.Terms> terms = new ArrayList<>();
        for (int c = 0; c < plan.columns().size(); c++) {
            ColumnStatistics scale = blend.statistics(c);
            double weight = plan.columns().get(c).weight();
            terms.add(new BlendSearch.Terms(weight, scale.slope(normalizer), scale.shift(normalizer)));
        }
        return terms;
    }

    private EntitySet copy(EntitySet set) {
        EntitySet copy = new EntitySet(request.entities());
        for (int i = 0; i < set.size(); i++) {
            copy.add(set.number(i));
        }
        return copy;
    }

    private boolean isFresh(int number, EntitySet seen) {
        return !seen.contains(number) && !exclusions.contains(number);
    }

    /**
     * What was streamed in since the files were written: those entities' rows in the files say nothing any more, so they are
     * scored one by one. So are those whose rows of zeros have no cosine, which bounds do not know.
     */
    private void addChanged(
            List<List<Optional<SpaceVersion>>> versions,
            EntitySet seen,
            EntitySet found,
            List<Double> scores,
            BlendSearch search,
            Blend scales) {
        EntitySet changed = new EntitySet(request.entities());
        for (List<Optional<SpaceVersion>> ofKind : versions) {
            for (Optional<SpaceVersion> version : ofKind) {
                version.filter(SpaceVersion::changed).ifPresent(each -> addStreamed(each, seen, changed));
            }
            for (int c = 0; c < ofKind.size(); c++) {
                if (plan.columns().get(c).similarity() == Similarity.COSINE) {
                    ofKind.get(c).ifPresent(each -> addZeros(each, seen, changed));
                }
            }
        }
        if (changed.size() == 0) {
            return;
        }
        Blend blended = ScoreTable.of(plan.columns(), sources, changed, request.trace(), numbers)
                .blend(plan.blend(), scales);
        for (int i = 0; i < changed.size(); i++) {
            seen.add(changed.number(i));
            if (blended.ranked(i)) {
                search.known(blended.score(i));
                found.add(changed.number(i));
                scores.add(blended.score(i));
            }
        }
    }

    /** Those that came, and those of the base whose rows are expired. */
    private void addStreamed(SpaceVersion version, EntitySet seen, EntitySet changed) {
        for (int row = 0; version.expired() > 0 && row < version.file().count(); row++) {
            int number = version.live(row) ? -1 : request.entities().number(version.id(row));
            if (number >= 0 && isFresh(number, seen)) {
                changed.add(number);
            }
        }
        for (int row = version.file().count(); row < version.ordinalsEnd(); row++) {
            int number = request.entities().number(version.id(row));
            if (isFresh(number, seen)) {
                changed.add(number);
            }
        }
    }

    private void addZeros(SpaceVersion version, EntitySet seen, EntitySet changed) {
        if (version.space() instanceof DenseSpace space && space.metric() != Metric.COSINE) {
            for (int row : version.file().facts().get(ZERO_ROWS, () -> zeroRows(version.file()))) {
                int number = request.entities().number(version.file().ids().id(row));
                if (isFresh(number, seen)) {
                    changed.add(number);
                }
            }
        }
    }

    private static int[] zeroRows(EmbeddingFile file) {
        return IntStream.range(0, file.count())
                .filter(row -> file.denseRows().squaresInDouble(row) == 0)
                .toArray();
    }

    /** Each column's candidates of a kind. */
    private List<Optional<SpaceVersion>> versions(EntityKind kind) {
        List<Optional<SpaceVersion>> versions = new ArrayList<>();
        for (ColumnPlan column : plan.columns()) {
            versions.add(Optional.ofNullable(column.candidates().get(kind)).flatMap(request.trace()::space));
        }
        return versions;
    }

    private void prepare(List<Optional<SpaceVersion>> versions) {
        universe(versions);
        for (int c = 0; c < versions.size(); c++) {
            if (sources.get(c) instanceof QueryVector.Dense) {
                versions.get(c).ifPresent(ExactTopK::bounds);
            }
        }
    }

    /** The rows of a dense base as byte codes, kept with its file. */
    private static DenseBounds bounds(SpaceVersion version) {
        return version.file()
                .facts()
                .get(DenseBounds.class, () -> DenseBounds.of(version.file().denseRows()));
    }

    /** Which spaces were joined. */
    private record Joined(List<String> spaces) {}

    /**
     * Which rows of the bases are of one entity, kept with the release.
     *
     * @param versions one per column, empty for a column without rows of the kind
     */
    private Universe universe(List<Optional<SpaceVersion>> versions) {
        List<String> names = new ArrayList<>();
        List<String> checksums = new ArrayList<>();
        List<@Nullable IdTable> tables = new ArrayList<>();
        for (Optional<SpaceVersion> version : versions) {
            names.add(version.map(v -> v.space().name()).orElse(""));
            checksums.add(version.map(v -> v.file().checksum()).orElse(""));
            tables.add(version.map(v -> v.file().ids()).orElse(null));
        }
        return request.trace().facts().get(new Joined(names), checksums, () -> Universe.of(tables));
    }

    private List<@Nullable BlendColumn> columns(EntityKind kind, List<Optional<SpaceVersion>> versions) {
        List<@Nullable BlendColumn> columns = new ArrayList<>();
        for (int c = 0; c < versions.size(); c++) {
            columns.add(column(
                    plan.columns().get(c), sources.get(c), kind, versions.get(c).orElse(null)));
        }
        return columns;
    }

    private @Nullable BlendColumn column(
            ColumnPlan column, QueryVector source, EntityKind kind, @Nullable SpaceVersion version) {
        if (version == null) {
            return null;
        }
        if (version.ages()) {
            return aged(column, source, kind, version);
        }
        return switch (source) {
            case QueryVector.Missing missing -> null;
            case QueryVector.Computed computed -> null;
            case QueryVector.Text text -> throw new IllegalStateException("texts are ranked without it");
            case QueryVector.Dense dense -> {
                float[] vector = dense.byKind().get(kind);
                yield vector == null
                        ? null
                        : BlendColumn.of(
                                column.similarity(), vector, version.file().denseRows(), bounds(version));
            }
            case QueryVector.Sparse sparse ->
                version.sparse().isPresent() && !sparse.vector().isEmpty()
                        ? BlendColumn.of(
                                column.similarity(),
                                sparse.vector(),
                                version.file().sparseRows(),
                                version.sparse().get())
                        : BlendColumn.of(
                                column.similarity(),
                                sparse.vector(),
                                version.file().sparseRows());
        };
    }

    /** Without bounds: each row is read as it is now. */
    private static @Nullable BlendColumn aged(
            ColumnPlan column, QueryVector source, EntityKind kind, SpaceVersion version) {
        Similarity similarity = column.similarity();
        return switch (source) {
            case QueryVector.Missing missing -> null;
            case QueryVector.Computed computed -> null;
            case QueryVector.Text text -> throw new IllegalStateException("texts are ranked without it");
            case QueryVector.Dense dense -> {
                float[] vector = dense.byKind().get(kind);
                yield vector == null
                        ? null
                        : BlendColumn.unbounded(
                                similarity, RowPairs.dense(new DensePairs(similarity, vector), version)::score);
            }
            case QueryVector.Sparse sparse ->
                BlendColumn.unbounded(
                        similarity, RowPairs.sparse(new SparsePairs(similarity, sparse.vector()), version)::score);
        };
    }
}
