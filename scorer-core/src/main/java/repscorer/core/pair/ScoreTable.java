package repscorer.core.pair;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import repscorer.core.answer.MissingReason;
import repscorer.core.blend.Blend;
import repscorer.core.blend.BlendRecipe;
import repscorer.core.blend.Blender;
import repscorer.core.blend.Column;
import repscorer.core.blend.ColumnStatistics;
import repscorer.core.blend.Normalizer;
import repscorer.core.entity.EntityKind;
import repscorer.core.model.ModelFeature;
import repscorer.core.model.RankModel;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.request.Entities;
import repscorer.core.request.EntitySet;
import repscorer.core.request.RequestTrace;
import repscorer.core.similarity.DensePairs;
import repscorer.core.similarity.SparsePairs;
import repscorer.core.source.QueryVector;
import repscorer.core.store.SpaceVersion;
import repscorer.core.text.TextQuery;

/** Every column's exact score of every candidate, or the reason why there is none. For one request and one thread. */
public final class ScoreTable {

    private final List<ColumnPlan> columns;
    private final List<QueryVector> sources;
    private final EntitySet candidates;
    private final RequestTrace trace;
    private final double[][] values;
    private final int[][] ordinals;
    private final Map<Integer, double[][]> read = new HashMap<>(); // what models read, by column and feature

    private ScoreTable(List<ColumnPlan> columns, List<QueryVector> sources, EntitySet candidates, RequestTrace trace) {
        this.columns = columns;
        this.sources = sources;
        this.candidates = candidates;
        this.trace = trace;
        this.values = new double[columns.size()][candidates.size()];
        this.ordinals = new int[columns.size()][candidates.size()];
    }

    /**
     * Scores candidates. O(columns · candidates) pairs, and what models cost.
     *
     * @param candidates kept; must not grow while the table is used
     * @param numbers what models read besides columns
     */
    public static ScoreTable of(
            List<ColumnPlan> columns,
            List<QueryVector> sources,
            EntitySet candidates,
            RequestTrace trace,
            CandidateNumbers numbers) {
        ScoreTable table = new ScoreTable(columns, sources, candidates, trace);
        boolean mixed = table.isMixed();
        Map<EntityKind, int[]> placesByKind = mixed ? table.placesByKind() : Map.of();
        for (int column = 0; column < columns.size(); column++) {
            Arrays.fill(table.values[column], Double.NaN);
            Arrays.fill(table.ordinals[column], -1);
            if (mixed) {
                for (Map.Entry<EntityKind, int[]> each : placesByKind.entrySet()) {
                    table.fill(column, each.getKey(), each.getValue());
                }
            } else if (candidates.size() > 0) {
                table.fill(column, candidates.kind(0));
            }
        }
        for (int column = 0; column < columns.size(); column++) {
            if (columns.get(column) instanceof ColumnPlan.Model model
                    && sources.get(column) instanceof QueryVector.Computed) {
                table.compute(column, model.model(), numbers);
            }
        }
        return table;
    }

    /** Of whom no other column says anything, a model says nothing. */
    private void compute(int column, RankModel model, CandidateNumbers numbers) {
        List<ModelFeature> features = model.features();
        double[][] known = new double[features.size()][];
        for (int f = 0; f < known.length; f++) {
            known[f] = read(features.get(f), numbers);
        }
        read.put(column, known);
        float[] row = new float[known.length];
        for (int i = 0; i < candidates.size(); i++) {
            if (isKnown(i)) {
                copyRow(known, i, row);
                values[column][i] = model.probability(row);
            }
        }
    }

    private double[] read(ModelFeature feature, CandidateNumbers numbers) {
        for (int c = 0; c < columns.size(); c++) {
            if (feature instanceof ModelFeature.Column other
                    && columns.get(c).name().equals(other.name())) {
                return values[c];
            }
        }
        double[] into = new double[candidates.size()];
        if (feature instanceof ModelFeature.Column) {
            Arrays.fill(into, Double.NaN); // of a plan that has no such column for this source
        } else {
            numbers.read(feature, candidates, into);
        }
        return into;
    }

    private boolean isKnown(int candidate) {
        for (int c = 0; c < columns.size(); c++) {
            if (!Double.isNaN(values[c][candidate]) && !(columns.get(c) instanceof ColumnPlan.Model)) {
                return true;
            }
        }
        return false;
    }

    private static void copyRow(double[][] known, int candidate, float[] row) {
        for (int f = 0; f < row.length; f++) {
            row[f] = (float) known[f][candidate];
        }
    }

    /** What a model read of a candidate it has a probability of, NaN for what is missing, in the order of its features. */
    public float[] features(int column, int candidate) {
        double[][] known = Objects.requireNonNull(read.get(column), "a column that a model computed");
        float[] row = new float[known.length];
        copyRow(known, candidate, row);
        return row;
    }

    private boolean isMixed() {
        boolean mixed = false;
        for (int i = 1; i < candidates.size() && !mixed; i++) {
            mixed = !candidates.kind(i).equals(candidates.kind(0));
        }
        return mixed;
    }

    private Map<EntityKind, int[]> placesByKind() {
        Map<EntityKind, BitSet> places = new HashMap<>();
        for (int i = 0; i < candidates.size(); i++) {
            places.computeIfAbsent(candidates.kind(i), each -> new BitSet()).set(i);
        }
        Map<EntityKind, int[]> byKind = new HashMap<>();
        places.forEach((each, set) -> byKind.put(each, set.stream().toArray()));
        return byKind;
    }

    /** Scores candidates that are all of one kind. */
    private void fill(int column, EntityKind kind) {
        Optional<SpaceVersion> version = version(column, kind);
        if (version.isPresent()) {
            Entities.Rows rows = candidates.entities().rows(version.get());
            for (int i = 0; i < candidates.size(); i++) {
                ordinals[column][i] = rows.ordinal(candidates.number(i));
            }
            score(pairs(column, kind, version.get()), ordinals[column], values[column]);
        }
    }

    private void fill(int column, EntityKind kind, int[] places) {
        Optional<SpaceVersion> version = version(column, kind);
        if (version.isEmpty()) {
            return;
        }
        Entities.Rows rows = candidates.entities().rows(version.get());
        int[] asked = new int[places.length];
        double[] scores = new double[places.length];
        for (int i = 0; i < places.length; i++) {
            asked[i] = rows.ordinal(candidates.number(places[i]));
            ordinals[column][places[i]] = asked[i];
        }
        score(pairs(column, kind, version.get()), asked, scores);
        for (int i = 0; i < places.length; i++) {
            values[column][places[i]] = scores[i];
        }
    }

    private static void score(RowPairs pairs, int[] asked, double[] into) {
        pairs.score(asked, asked.length, into);
        pairs.giveBack();
    }

    /** Where a column has candidates of a kind; noted as read where the column has a source. */
    private Optional<SpaceVersion> version(int column, EntityKind kind) {
        String space = columns.get(column).candidates().get(kind);
        return space == null || sources.get(column) instanceof QueryVector.Missing
                ? Optional.empty()
                : trace.space(space);
    }

    private RowPairs pairs(int column, EntityKind kind, SpaceVersion version) {
        ColumnPlan plan = columns.get(column);
        return switch (sources.get(column)) {
            case QueryVector.Dense dense -> {
                float[] source = dense.byKind().get(kind);
                if (source == null) {
                    throw new IllegalStateException("no source for kind %s in column %s".formatted(kind, plan.name()));
                }
                yield RowPairs.dense(new DensePairs(plan.similarity(), source), version);
            }
            case QueryVector.Sparse sparse ->
                RowPairs.sparse(new SparsePairs(plan.similarity(), sparse.vector()), version);
            case QueryVector.Text text -> {
                TextQuery query = text.byKind().get(kind);
                if (query == null) {
                    throw new IllegalStateException("no words for kind %s in column %s".formatted(kind, plan.name()));
                }
                yield RowPairs.text(query, version);
            }
            case QueryVector.Computed computed -> throw new IllegalStateException("has no space: " + plan.name());
            case QueryVector.Missing missing -> throw new IllegalStateException("met before: " + missing);
        };
    }

    /** Blends columns that retrieved nothing themselves. */
    public Blend blend(BlendRecipe recipe) {
        return blend(recipe, List.of());
    }

    /** Blends on the scales of another blend, of fewer candidates. */
    public Blend blend(BlendRecipe recipe, Blend scales) {
        return Blender.blend(recipe, blended(List.of()), candidates.size(), scales);
    }

    /** @param found by column, the places of candidates it retrieved itself; empty where nothing was retrieved */
    public Blend blend(BlendRecipe recipe, List<BitSet> found) {
        if (recipe instanceof BlendRecipe.Linear linear && linear.normalizer() == Normalizer.FIXED) {
            List<ColumnStatistics> scales =
                    columns.stream().map(column -> FixedScale.of(column, trace)).toList();
            return Blender.blend(recipe, blended(found), candidates.size(), scales);
        }
        return Blender.blend(recipe, blended(found), candidates.size());
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

    public List<ColumnPlan> columns() {
        return columns;
    }

    public List<QueryVector> sources() {
        return sources;
    }

    public EntitySet candidates() {
        return candidates;
    }

    /** The score; NaN where {@link #reason} says why not. */
    public double value(int column, int candidate) {
        return values[column][candidate];
    }

    /** The candidate's row in the column's space, or -1 where it has no score. */
    public int ordinal(int column, int candidate) {
        return ordinals[column][candidate];
    }

    /** Why a candidate has no score in a column. */
    public MissingReason reason(int column, int candidate) {
        if (!Double.isNaN(values[column][candidate])) {
            throw new IllegalStateException("the score is there: column %s, %s"
                    .formatted(columns.get(column).name(), candidates.id(candidate)));
        }
        String space = columns.get(column).candidates().get(candidates.kind(candidate));
        boolean computed = columns.get(column) instanceof ColumnPlan.Model;
        if (space == null && !computed) {
            return MissingReason.KIND_MISMATCH;
        }
        if (sources.get(column) instanceof QueryVector.Missing missing) {
            return missing.reason();
        }
        if (space == null) {
            return MissingReason.NO_EMBEDDING_CANDIDATE;
        }
        return trace.space(space)
                .map(version -> MissingReason.ofCandidate(version.isExpired(candidates.id(candidate))))
                .orElse(MissingReason.UNKNOWN_VERSION);
    }

    /** Why a candidate has no score at all: a reason that concerns the candidate before one that concerns the source. */
    public MissingReason reason(int candidate) {
        MissingReason first = MissingReason.KIND_MISMATCH;
        for (int c = 0; c < columns.size(); c++) {
            boolean computed = columns.get(c) instanceof ColumnPlan.Model; // of what the others say
            if (Double.isNaN(values[c][candidate])
                    && !computed
                    && reason(c, candidate) != MissingReason.KIND_MISMATCH) {
                MissingReason reason = reason(c, candidate);
                if (reason == MissingReason.NO_EMBEDDING_CANDIDATE || reason == MissingReason.EXPIRED) {
                    return reason;
                }
                first = first == MissingReason.KIND_MISMATCH ? reason(c, candidate) : first;
            }
        }
        return first;
    }
}
