package repscorer.core;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import repscorer.ann.Neighbors;
import repscorer.ann.OrdinalFilter;
import repscorer.ann.SearchOptions;
import repscorer.ann.SearchStats;
import repscorer.ann.SparseSearchOptions;
import repscorer.core.answer.MissingReason;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.retrieve.Retriever;
import repscorer.core.store.SpaceVersion;

/** The candidates that any column found, each once, and who found them. For one request and one thread. */
final class CandidateUnion {

    private final Trail trail;
    private final Exclusions exclusions;
    private final int k;
    private final Map<EntityId, BitSet> foundBy = new LinkedHashMap<>();
    private final List<Search> searches = new ArrayList<>();

    /** One search of one column for one kind, and what it found. */
    record Search(int column, EntityKind kind, SpaceVersion version, Neighbors found) {}

    CandidateUnion(Trail trail, Exclusions exclusions, int k) {
        this.trail = trail;
        this.exclusions = exclusions;
        this.k = k;
    }

    /** In the order in which they were found. */
    List<EntityId> ids() {
        return List.copyOf(foundBy.keySet());
    }

    /** The columns that found a candidate, by their places. */
    BitSet foundBy(EntityId id) {
        return foundBy.getOrDefault(id, new BitSet());
    }

    List<Search> searches() {
        return searches;
    }

    /** Adds a candidate that no column needs to find. */
    void add(EntityId id) {
        foundBy.computeIfAbsent(id, each -> new BitSet());
    }

    /** Searches the column's spaces for candidates of the kinds: as many as the plan says, and no fewer than k. */
    void retrieve(int column, ColumnPlan plan, ColumnSource source, Collection<EntityKind> kinds) {
        for (EntityKind kind : kinds) {
            Optional<SpaceVersion> version =
                    Optional.ofNullable(plan.candidates().get(kind)).flatMap(trail::space);
            version.flatMap(v -> search(plan, source, kind, v)).ifPresent(found -> {
                trail.searched(plan.name(), kind, found.stats());
                if (found.stats().end() == SearchStats.End.DEADLINE) {
                    trail.notice(
                            plan.name(),
                            MissingReason.TIMEOUT,
                            "the search for %s ended by its budget: better ones may be missing".formatted(kind));
                }
                searches.add(new Search(column, kind, version.orElseThrow(), found));
                SpaceVersion searched = version.orElseThrow();
                for (int ordinal : found.ordinals()) {
                    foundBy.computeIfAbsent(searched.id(ordinal), id -> new BitSet())
                            .set(column);
                }
            });
        }
    }

    private Optional<Neighbors> search(ColumnPlan column, ColumnSource source, EntityKind kind, SpaceVersion version) {
        OrdinalFilter filter = exclusions.filter(version);
        Retriever retriever = new Retriever(version);
        if (column instanceof ColumnPlan.Dense plan && source instanceof ColumnSource.Dense dense) {
            float[] query = dense.byKind().get(kind);
            return plan.retrieve() == 0 || query == null
                    ? Optional.empty()
                    : Optional.of(retriever.dense(query, options(plan, filter)));
        }
        if (column instanceof ColumnPlan.Sparse plan && source instanceof ColumnSource.Sparse sparse) {
            return plan.retrieve() == 0
                    ? Optional.empty()
                    : Optional.of(retriever.sparse(sparse.vector(), options(plan, filter)));
        }
        return Optional.empty();
    }

    private SearchOptions options(ColumnPlan.Dense plan, OrdinalFilter filter) {
        ColumnPlan.Effort effort = plan.effort();
        return new SearchOptions(
                Math.max(k, plan.retrieve()),
                effort.ef(),
                filter,
                Float.NEGATIVE_INFINITY,
                effort.exact(),
                (float) effort.recallTarget(),
                effort.deadlineNanos());
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
                filter);
    }
}
