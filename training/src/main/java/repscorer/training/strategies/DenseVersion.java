package repscorer.training.strategies;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import repscorer.core.align.AlignedRows;
import repscorer.core.align.Aligner;
import repscorer.core.align.Alignment;
import repscorer.core.align.AlignmentOptions;
import repscorer.core.align.Coordinates;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.entity.EntityKind;
import repscorer.training.evaluate.SpaceNames;
import repscorer.training.graph.EntityIndex;
import repscorer.training.graph.Graph;
import repscorer.training.plan.TwhinPlan;
import repscorer.training.progress.TrainingProgress;
import repscorer.training.twhin.TwhinModel;
import repscorer.training.twhin.TwhinOptions;
import repscorer.training.twhin.TwhinTrainer;
import repscorer.training.twhin.WarmStart;
import repscorer.vector.Metric;

/**
 * Dense vectors of one training, in memory.
 *
 * @param graph that they were learnt from; rows are its ordinals
 * @param seconds that training took
 */
public record DenseVersion(String name, Graph graph, TwhinModel model, double seconds) {

    /** Trains, from the beginning or from another version. */
    public static DenseVersion train(
            String name,
            Graph graph,
            TwhinPlan plan,
            long seed,
            int threads,
            Optional<WarmStart> start,
            TrainingProgress progress)
            throws IOException {
        long begun = System.nanoTime();
        TwhinOptions how = new TwhinOptions(Optional.empty(), Optional.empty(), false, start);
        TwhinModel model = TwhinTrainer.train(graph, plan, seed, threads, how, progress);
        return new DenseVersion(name, graph, model, (System.nanoTime() - begun) / 1e9);
    }

    public int dimension() {
        return model.dimension();
    }

    public float[] rows(EntityKind kind) {
        return model.rows(kind);
    }

    /** Rows for the entities that another version numbered, in its order; zeros where this one has none. */
    public float[] rows(EntityIndex ids) {
        EntityIndex own = index(ids.kind());
        float[] rows = rows(ids.kind());
        if (own == ids) {
            return rows;
        }
        float[] ordered = new float[ids.count() * dimension()];
        for (int row = 0; row < ids.count(); row++) {
            int ordinal = own.ordinal(ids.value(row));
            if (ordinal >= 0) {
                System.arraycopy(rows, ordinal * dimension(), ordered, row * dimension(), dimension());
            }
        }
        return ordered;
    }

    public EntityIndex index(EntityKind kind) {
        return graph.entities(kind);
    }

    /** θ of a relation; zeros where it has none. */
    public float[] relation(String name) {
        float[] values = new float[dimension()];
        for (int r = 0; r < graph.relations().size(); r++) {
            if (graph.relations().get(r).name().equals(name) && model.relations().length > 0) {
                System.arraycopy(model.relations(), r * dimension(), values, 0, dimension());
            }
        }
        return values;
    }

    /** What another training may begin with. */
    WarmStart start(double pull) {
        Map<EntityKind, Function<String, float @Nullable []>> entities = new LinkedHashMap<>();
        graph.entities()
                .forEach((kind, index) -> entities.put(kind, value -> {
                    int ordinal = index.ordinal(value);
                    return ordinal < 0 ? null : row(rows(kind), ordinal);
                }));
        return new WarmStart(
                Path.of(name),
                entities,
                relation -> graph.relation(relation).isEmpty() ? null : relation(relation),
                Map.of(),
                relation -> null,
                pull);
    }

    float[] row(float[] rows, int ordinal) {
        float[] row = new float[dimension()];
        System.arraycopy(rows, ordinal * dimension(), row, 0, dimension());
        return row;
    }

    /**
     * Maps between this version's coordinates and another's.
     *
     * @param scratch where rows are written, and may stay
     */
    public Alignment align(DenseVersion other, Path scratch, AlignmentOptions options) throws IOException {
        Map<String, AlignedRows> mine = aligned(scratch.resolve(name));
        Map<String, AlignedRows> theirs = other.aligned(scratch.resolve(other.name));
        mine.keySet().retainAll(theirs.keySet());
        List<AlignedRows> a = List.copyOf(mine.values());
        List<AlignedRows> b = new ArrayList<>();
        for (AlignedRows rows : a) {
            Optional.ofNullable(theirs.get(rows.space())).ifPresent(b::add);
        }
        return Aligner.align("twhin", coordinates(), a, other.coordinates(), b, options);
    }

    private Coordinates coordinates() {
        return new Coordinates(name, Optional.of(name), new TreeMap<>());
    }

    private Map<String, AlignedRows> aligned(Path directory) throws IOException {
        Files.createDirectories(directory);
        Metric metric = model.comparator() == TwhinPlan.Comparator.COSINE ? Metric.COSINE : Metric.INNER_PRODUCT;
        Map<String, AlignedRows> spaces = new TreeMap<>();
        for (EntityKind kind : graph.entities().keySet()) {
            String space = SpaceNames.twhin(kind);
            EmbeddingFileWriter writer = EmbeddingFileWriter.dense(space, "twhin", kind, dimension());
            float[] rows = rows(kind);
            for (int row = 0; row < index(kind).count(); row++) {
                writer.add(index(kind).id(row), row(rows, row));
            }
            spaces.put(space, AlignedRows.of(EmbeddingFile.open(writer.writeTo(directory)), metric));
        }
        return spaces;
    }
}
