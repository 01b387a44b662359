package repscorer.core;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import repscorer.core.answer.MissingReason;
import repscorer.core.blend.Blend;
import repscorer.core.blend.BlendRecipe;
import repscorer.core.blend.Blender;
import repscorer.core.blend.Column;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.similarity.DensePairs;
import repscorer.core.similarity.SparsePairs;
import repscorer.core.store.SpaceVersion;

/** Every column's exact score of every candidate, or the reason why there is none. For one request and one thread. */
final class ScoreTable {

    private final List<ColumnPlan> columns;
    private final List<ColumnSource> sources;
    private final List<EntityId> ids;
    private final Trail trail;
    private final double[][] values;
    private final @Nullable MissingReason[][] reasons;

    private ScoreTable(List<ColumnPlan> columns, List<ColumnSource> sources, List<EntityId> ids, Trail trail) {
        this.columns = columns;
        this.sources = sources;
        this.ids = ids;
        this.trail = trail;
        this.values = new double[columns.size()][ids.size()];
        this.reasons = new MissingReason[columns.size()][ids.size()];
    }

    /** O(columns · candidates) pairs. */
    static ScoreTable of(List<ColumnPlan> columns, List<ColumnSource> sources, List<EntityId> ids, Trail trail) {
        ScoreTable table = new ScoreTable(columns, sources, ids, trail);
        for (int column = 0; column < columns.size(); column++) {
            table.fill(column);
        }
        return table;
    }

    private void fill(int column) {
        Map<EntityKind, @Nullable SpaceVersion> versions = new HashMap<>();
        Map<EntityKind, RowPairs> pairs = new HashMap<>();
        Arrays.fill(values[column], Double.NaN);
        for (int i = 0; i < ids.size(); i++) {
            EntityId id = ids.get(i);
            String space = columns.get(column).candidates().get(id.kind());
            if (space == null) {
                reasons[column][i] = MissingReason.KIND_MISMATCH;
                continue;
            }
            if (sources.get(column) instanceof ColumnSource.Missing missing) {
                reasons[column][i] = missing.reason();
                continue;
            }
            if (!versions.containsKey(id.kind())) {
                versions.put(id.kind(), trail.space(space).orElse(null));
            }
            SpaceVersion version = versions.get(id.kind());
            if (version == null) {
                reasons[column][i] = MissingReason.UNKNOWN_VERSION;
                continue;
            }
            OptionalInt ordinal = version.ordinal(id);
            if (ordinal.isEmpty()) {
                reasons[column][i] = MissingReason.NO_EMBEDDING_CANDIDATE;
                continue;
            }
            values[column][i] = pairs.computeIfAbsent(id.kind(), kind -> pairs(column, kind, version))
                    .score(ordinal.getAsInt());
        }
    }

    private RowPairs pairs(int column, EntityKind kind, SpaceVersion version) {
        ColumnPlan plan = columns.get(column);
        return switch (sources.get(column)) {
            case ColumnSource.Dense dense -> {
                float[] source = dense.byKind().get(kind);
                if (source == null) {
                    throw new IllegalStateException("no source for kind %s in column %s".formatted(kind, plan.name()));
                }
                yield RowPairs.dense(new DensePairs(plan.similarity(), source), version);
            }
            case ColumnSource.Sparse sparse ->
                RowPairs.sparse(new SparsePairs(plan.similarity(), sparse.vector()), version);
            case ColumnSource.Missing missing -> throw new IllegalStateException("met before: " + missing);
        };
    }

    /** Blends columns that retrieved nothing themselves. */
    Blend blend(BlendRecipe recipe) {
        return blend(recipe, List.of());
    }

    /** Blends on the scales of another blend, of fewer candidates. */
    Blend blend(BlendRecipe recipe, Blend scales) {
        return Blender.blend(recipe, blended(List.of()), ids.size(), scales);
    }

    /** @param found by column, the candidates it retrieved itself; empty where nothing was retrieved */
    Blend blend(BlendRecipe recipe, List<BitSet> found) {
        return Blender.blend(recipe, blended(found), ids.size());
    }

    private List<Column> blended(List<BitSet> found) {
        List<Column> blended = new ArrayList<>();
        for (int c = 0; c < columns.size(); c++) {
            ColumnPlan plan = columns.get(c);
            Optional<BitSet> own = found.isEmpty() ? Optional.empty() : Optional.of(found.get(c));
            blended.add(new Column(plan.weight(), plan.similarity().higherIsCloser(), values[c], own));
        }
        return blended;
    }

    List<ColumnPlan> columns() {
        return columns;
    }

    List<ColumnSource> sources() {
        return sources;
    }

    List<EntityId> ids() {
        return ids;
    }

    /** The score; NaN where {@link #reason} says why not. */
    double value(int column, int candidate) {
        return values[column][candidate];
    }

    MissingReason reason(int column, int candidate) {
        MissingReason reason = reasons[column][candidate];
        if (reason == null) {
            throw new IllegalStateException("the score is there: column %s, %s"
                    .formatted(columns.get(column).name(), ids.get(candidate)));
        }
        return reason;
    }

    /** Why a candidate has no score at all: a reason that concerns the candidate before one that concerns the source. */
    MissingReason reason(int candidate) {
        MissingReason first = MissingReason.KIND_MISMATCH;
        for (int c = 0; c < columns.size(); c++) {
            if (Double.isNaN(values[c][candidate]) && reason(c, candidate) != MissingReason.KIND_MISMATCH) {
                if (reason(c, candidate) == MissingReason.NO_EMBEDDING_CANDIDATE) {
                    return MissingReason.NO_EMBEDDING_CANDIDATE;
                }
                first = first == MissingReason.KIND_MISMATCH ? reason(c, candidate) : first;
            }
        }
        return first;
    }

    Trail trail() {
        return trail;
    }
}
