package repscorer.core.candidates;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import repscorer.ann.Neighbors;
import repscorer.ann.OrdinalFilter;
import repscorer.ann.SearchOptions;
import repscorer.ann.SearchStats;
import repscorer.ann.SparseSearchOptions;
import repscorer.core.answer.MissingReason;
import repscorer.core.entity.EntityKind;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.recall.Asked;
import repscorer.core.recall.SearchListener;
import repscorer.core.request.ComputePermits;
import repscorer.core.request.Entities;
import repscorer.core.request.EntitySet;
import repscorer.core.request.Request;
import repscorer.core.retrieve.Retriever;
import repscorer.core.rule.Rule;
import repscorer.core.source.QueryVector;
import repscorer.core.store.SpaceVersion;
import repscorer.core.text.TextQuery;
import repscorer.vector.SparseVector;

/** What the searches of all columns found: each candidate once, and who found it. For one request and one thread. */
public final class Retrieval {

    private final Request request;
    private final Exclusions exclusions;
    private final int k;
    private final Asked asked;
    private final SearchListener listener;
    private EntitySet candidates;
    private final List<BitSet> foundBy = new ArrayList<>(); // by column, the places of candidates
    private final List<Search> searches = new ArrayList<>();

    /** One search of one column for one kind, and what it found. */
    public record Search(int column, EntityKind kind, SpaceVersion version, Neighbors found) {}

    private Retrieval(Request request, Exclusions exclusions, int k, Asked asked, SearchListener listener) {
        this.asked = asked;
        this.listener = listener;
        this.request = request;
        this.exclusions = exclusions;
        this.k = k;
        this.candidates = new EntitySet(request.entities(), expected(request, k));
    }

    /** What the searches find at most of one kind. */
    private static int expected(Request request, int k) {
        int found = 0;
        for (ColumnPlan column : request.plan().columns()) {
            found += Math.max(k, column.retrieve());
        }
        return found;
    }

    /** Searches every column for every kind, and adds what rules pin. */
    static Retrieval of(
            Request request,
            List<QueryVector> sources,
            AnswerScope scope,
            Exclusions exclusions,
            Asked asked,
            SearchListener listener) {
        Retrieval retrieval = new Retrieval(request, exclusions, scope.k(), asked, listener);
        List<ColumnPlan> columns = request.plan().columns();
        for (int c = 0; c < columns.size(); c++) {
            retrieval.foundBy.add(new BitSet());
            for (EntityKind kind : scope.kinds()) {
                retrieval.retrieve(c, columns.get(c), sources.get(c), kind);
            }
        }
        retrieval.addPinned(scope);
        if (request.plan().blend().interleaves()) {
            // Lists are taken from in turn, ties by id; sorting thousands of ids costs more than it seems.
            retrieval.sort();
        }
        return retrieval;
    }

    /** As many as the plan says, and no fewer than k. */
    private void retrieve(int column, ColumnPlan plan, QueryVector source, EntityKind kind) {
        Optional<SpaceVersion> version =
                Optional.ofNullable(plan.candidates().get(kind)).flatMap(request.trace()::space);
        Optional<Neighbors> found = version.flatMap(searched -> search(plan, source, kind, searched, listener));
        if (found.isEmpty()) {
            return;
        }
        Neighbors neighbors = found.get();
        request.trace().searched(plan.name(), kind, neighbors.stats());
        if (neighbors.stats().end() == SearchStats.End.DEADLINE) {
            request.trace()
                    .notice(
                            plan.name(),
                            MissingReason.TIMEOUT,
                            "the search for %s ended by its budget: better ones may be missing".formatted(kind));
        }
        searches.add(new Search(column, kind, version.get(), neighbors));
        Entities.Rows rows = request.entities().rows(version.get());
        for (int ordinal : neighbors.ordinals()) {
            foundBy.get(column).set(candidates.add(rows.number(ordinal)));
        }
    }

    private Optional<Neighbors> search(
            ColumnPlan column, QueryVector source, EntityKind kind, SpaceVersion version, SearchListener heard) {
        OrdinalFilter filter = exclusions.filter(version);
        Retriever retriever = new Retriever(version);
        if (column instanceof ColumnPlan.Dense plan && source instanceof QueryVector.Dense dense) {
            float[] query = dense.byKind().get(kind);
            if (plan.retrieve() == 0 || query == null) {
                return Optional.empty();
            }
            SearchOptions options = options(plan, filter);
            Neighbors found = retriever.dense(query, options);
            heard.searched(asked, version, query, options, found);
            return Optional.of(found);
        }
        if (column instanceof ColumnPlan.Sparse plan && source instanceof QueryVector.Sparse sparse) {
            if (plan.retrieve() == 0) {
                return Optional.empty();
            }
            SparseSearchOptions options = options(plan, filter);
            Neighbors found = sparse(retriever, sparse.vector(), options);
            heard.searched(asked, version, sparse.vector(), options, found);
            return Optional.of(found);
        }
        if (column instanceof ColumnPlan.Text plan && source instanceof QueryVector.Text text) {
            TextQuery query = text.byKind().get(kind);
            return plan.retrieve() == 0 || query == null
                    ? Optional.empty()
                    : Optional.of(version.search(
                            query,
                            Math.max(k, plan.retrieve()),
                            (float) plan.scoreMin(),
                            filter,
                            ComputePermits.earlier(SearchOptions.NO_DEADLINE)));
        }
        return Optional.empty();
    }

    /** Where a filter leaves fewer of the strongest clusters' fronts than are answered, all that share a cluster are looked at. */
    private Neighbors sparse(Retriever retriever, SparseVector query, SparseSearchOptions options) {
        Neighbors found = retriever.sparse(query, options);
        return exclusions.filtered() && found.size() < k && options.mode() == SparseSearchOptions.Mode.RESCORED
                ? retriever.sparse(query, options.withMode(SparseSearchOptions.Mode.EXACT))
                : found;
    }

    private SearchOptions options(ColumnPlan.Dense plan, OrdinalFilter filter) {
        ColumnPlan.Effort effort = plan.effort();
        return new SearchOptions(
                Math.max(k, plan.retrieve()),
                effort.ef(),
                filter,
                (float) plan.scoreMin(),
                effort.exact(),
                (float) effort.recallTarget(),
                ComputePermits.earlier(effort.deadlineNanos()));
    }

    private SparseSearchOptions options(ColumnPlan.Sparse plan, OrdinalFilter filter) {
        return new SparseSearchOptions(
                plan.clustersScanned(),
                plan.itemsPerCluster(),
                plan.candidatesMax(),
                Math.max(k, plan.retrieve()),
                (float) plan.scoreMin(),
                plan.ranking(),
                plan.mode(),
                filter,
                ComputePermits.earlier(SearchOptions.NO_DEADLINE));
    }

    private void addPinned(AnswerScope scope) {
        for (Rule rule : request.plan().rules().rules()) {
            if (rule instanceof Rule.Pin pin
                    && pin.mode() == Rule.Mode.ON
                    && scope.kinds().contains(pin.id().kind())) {
                int number = request.entities().number(pin.id());
                if (!exclusions.contains(number)) {
                    candidates.add(number);
                }
            }
        }
    }

    private void sort() {
        EntitySet sorted = candidates.sorted();
        for (int c = 0; c < foundBy.size(); c++) {
            BitSet moved = new BitSet();
            foundBy.get(c).stream()
                    .map(place -> sorted.place(candidates.number(place)))
                    .forEach(moved::set);
            foundBy.set(c, moved);
        }
        candidates = sorted;
    }

    /** What a column with other settings would give a row, by the index's measure; empty where it would not find it. Searches anew. */
    OptionalDouble found(ColumnPlan changed, QueryVector source, EntityKind kind, SpaceVersion version, int ordinal) {
        if (version.isSparse() && version.sparse().isEmpty()) {
            return OptionalDouble.empty();
        }
        Optional<Neighbors> found = search(changed, source, kind, version, SearchListener.NONE);
        for (int i = 0; found.isPresent() && i < found.get().size(); i++) {
            if (found.get().ordinals()[i] == ordinal) {
                return OptionalDouble.of(found.get().scores()[i]);
            }
        }
        return OptionalDouble.empty();
    }

    /** In the order in which they were found; in that of their ids where the blend interleaves. */
    EntitySet candidates() {
        return candidates;
    }

    /** By column, the places of the candidates it found. */
    List<BitSet> foundBy() {
        return foundBy;
    }

    public List<Search> searches() {
        return searches;
    }
}
