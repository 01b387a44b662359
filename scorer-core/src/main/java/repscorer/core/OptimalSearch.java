package repscorer.core;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import repscorer.core.answer.Ranked;
import repscorer.core.blend.Blend;
import repscorer.core.blend.BlendRecipe;
import repscorer.core.blend.ColumnStatistics;
import repscorer.core.blend.Normalizer;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.failure.ScorerException.Invalid;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.plan.ExactTopKOptions;
import repscorer.core.plan.ScoringPlan;
import repscorer.core.retrieve.BlendColumn;
import repscorer.core.retrieve.BlendSearch;
import repscorer.core.retrieve.Universe;
import repscorer.core.store.SpaceVersion;

/**
 * Looks for entities that no column retrieved and that are among the best k all the same. For one request and one thread.
 *
 * <p>The scale of each column is that of the union of what was retrieved: the union's mean and deviation, say, stay as they
 * are whatever is found. Otherwise each find would move every score, and "the best" would have no meaning.
 */
final class OptimalSearch {

    private final ScoringPlan plan;
    private final List<ColumnSource> sources;
    private final Collection<EntityKind> kinds;
    private final Exclusions exclusions;
    private final Trail trail;
    private final BoundsCache cache;

    OptimalSearch(
            ScoringPlan plan,
            List<ColumnSource> sources,
            Collection<EntityKind> kinds,
            Exclusions exclusions,
            Trail trail,
            BoundsCache cache) {
        this.plan = plan;
        this.sources = sources;
        this.kinds = kinds;
        this.exclusions = exclusions;
        this.trail = trail;
        this.cache = cache;
    }

    /** @param found entities besides the union that are among the best k */
    record Outcome(List<EntityId> found, Ranked ranked) {}

    /**
     * The normaliser of a plan's blend. Refuses a blend whose scores depend on ranks or on one another: no bound of a column
     * bounds such a score.
     */
    static Normalizer normalizer(ScoringPlan plan) {
        if (plan.blend() instanceof BlendRecipe.Linear linear && ColumnStatistics.affine(linear.normalizer())) {
            return linear.normalizer();
        }
        throw new Invalid(
                "optimal-needs-linear",
                "overrides.optimal",
                "the best of all entities are sought for linear blends under none, min-max, z-score and l2 only: surface %s has %s"
                        .formatted(plan.surface(), plan.blend()));
    }

    /**
     * @param table of the union
     * @param blend of the union
     */
    Outcome run(ScoreTable table, Blend blend, int k, ExactTopKOptions options) {
        Normalizer normalizer = normalizer(plan);
        List<BlendSearch.Terms> terms = new ArrayList<>();
        for (int c = 0; c < plan.columns().size(); c++) {
            ColumnStatistics scale = blend.statistics(c);
            double weight = plan.columns().get(c).weight();
            terms.add(new BlendSearch.Terms(weight, scale.slope(normalizer), scale.shift(normalizer)));
        }
        BlendSearch search = new BlendSearch(terms, k);
        for (int i = 0; i < table.ids().size(); i++) {
            if (blend.ranked(i)) {
                search.known(blend.score(i));
            }
        }
        List<EntityKind> ordered = List.copyOf(kinds);
        List<List<Optional<SpaceVersion>>> versions =
                ordered.stream().map(this::versions).toList();
        versions.forEach(this::prepare); // before the clock starts: it happens once a release
        Set<EntityId> known = new HashSet<>(table.ids());
        List<EntityId> found = new ArrayList<>();
        List<Double> scores = new ArrayList<>();
        List<EntityId> changed = changed(versions, known);
        if (!changed.isEmpty()) {
            ScoreTable current = ScoreTable.of(plan.columns(), sources, changed, trail);
            Blend blended = current.blend(plan.blend(), blend);
            for (int i = 0; i < changed.size(); i++) {
                if (blended.ranked(i)) {
                    search.known(blended.score(i));
                    found.add(changed.get(i));
                    scores.add(blended.score(i));
                }
            }
            known.addAll(changed);
        }
        long deadline = System.nanoTime() + options.budget().toNanos();
        for (int i = 0; i < ordered.size(); i++) {
            Universe universe = cache.universe(versions.get(i));
            List<@Nullable BlendColumn> columns = columns(ordered.get(i), versions.get(i));
            try {
                search.search(
                        universe,
                        columns,
                        entity -> {
                            EntityId id = universe.id(entity);
                            return !known.contains(id) && !exclusions.contains(id);
                        },
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
        List<EntityId> best = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            if (scores.get(i) >= search.threshold()) {
                best.add(found.get(i));
            }
        }
        return new Outcome(
                best, new Ranked(Ranked.ALL, search.optimal(), search.gap(), search.bounded(), search.exact()));
    }

    /**
     * What was streamed in since the files were written: those entities' rows in the files say nothing any more, so they are
     * scored one by one.
     */
    private List<EntityId> changed(List<List<Optional<SpaceVersion>>> versions, Set<EntityId> known) {
        Set<EntityId> changed = new LinkedHashSet<>();
        for (List<Optional<SpaceVersion>> ofKind : versions) {
            for (Optional<SpaceVersion> version : ofKind) {
                if (version.isPresent() && version.get().changed()) {
                    for (int row = version.get().file().count();
                            row < version.get().ordinalsEnd();
                            row++) {
                        EntityId id = version.get().id(row);
                        if (!known.contains(id) && !exclusions.contains(id)) {
                            changed.add(id);
                        }
                    }
                }
            }
        }
        return List.copyOf(changed);
    }

    /** Each column's candidates of a kind. */
    private List<Optional<SpaceVersion>> versions(EntityKind kind) {
        List<Optional<SpaceVersion>> versions = new ArrayList<>();
        for (ColumnPlan column : plan.columns()) {
            versions.add(Optional.ofNullable(column.candidates().get(kind)).flatMap(trail::space));
        }
        return versions;
    }

    private void prepare(List<Optional<SpaceVersion>> versions) {
        cache.universe(versions);
        for (int c = 0; c < versions.size(); c++) {
            if (sources.get(c) instanceof ColumnSource.Dense) {
                versions.get(c).ifPresent(cache::bounds);
            }
        }
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
            ColumnPlan column, ColumnSource source, EntityKind kind, @Nullable SpaceVersion version) {
        if (version == null) {
            return null;
        }
        return switch (source) {
            case ColumnSource.Missing missing -> null;
            case ColumnSource.Dense dense -> {
                float[] vector = dense.byKind().get(kind);
                yield vector == null
                        ? null
                        : BlendColumn.of(
                                column.similarity(), vector, version.file().denseRows(), cache.bounds(version));
            }
            case ColumnSource.Sparse sparse ->
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
}
