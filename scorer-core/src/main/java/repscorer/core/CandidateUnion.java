package repscorer.core;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import repscorer.ann.Neighbors;
import repscorer.ann.OrdinalFilter;
import repscorer.ann.SparseSearchOptions;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.retrieve.Retriever;
import repscorer.core.store.SpaceVersion;

/** The candidates that any column found, each once. For one request and one thread. */
final class CandidateUnion {

    private final Trail trail;
    private final Exclusions exclusions;
    private final int k;
    private final Set<EntityId> ids = new LinkedHashSet<>();

    CandidateUnion(Trail trail, Exclusions exclusions, int k) {
        this.trail = trail;
        this.exclusions = exclusions;
        this.k = k;
    }

    List<EntityId> ids() {
        return List.copyOf(ids);
    }

    /** Searches the column's spaces for candidates of the kinds: as many as the plan says, and no fewer than k. */
    void retrieve(ColumnPlan column, ColumnSource source, Collection<EntityKind> kinds) {
        for (EntityKind kind : kinds) {
            Optional<SpaceVersion> version =
                    Optional.ofNullable(column.candidates().get(kind)).flatMap(trail::space);
            version.flatMap(v -> search(column, source, kind, v)).ifPresent(found -> {
                trail.searched(column.name(), kind, found.stats());
                SpaceVersion searched = version.orElseThrow();
                for (int ordinal : found.ordinals()) {
                    ids.add(searched.id(ordinal));
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
                    : Optional.of(
                            retriever.dense(query, Math.max(k, plan.retrieve()), plan.ef(), plan.exact(), filter));
        }
        if (column instanceof ColumnPlan.Sparse plan && source instanceof ColumnSource.Sparse sparse) {
            return plan.retrieve() == 0
                    ? Optional.empty()
                    : Optional.of(retriever.sparse(sparse.vector(), options(plan, filter)));
        }
        return Optional.empty();
    }

    private SparseSearchOptions options(ColumnPlan.Sparse plan, OrdinalFilter filter) {
        return new SparseSearchOptions(
                plan.clustersScanned(),
                plan.itemsPerCluster(),
                plan.candidatesMax(),
                Math.max(k, plan.retrieve()),
                (float) plan.scoreMin(),
                plan.ranking(),
                plan.rescore(),
                filter);
    }
}
