package repscorer.training;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntFunction;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.embedding.RewrittenFile;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.digest.Sha256;
import repscorer.training.evaluate.SpaceNames;
import repscorer.training.graph.Csr;
import repscorer.training.graph.EntityIndex;
import repscorer.training.graph.Graph;
import repscorer.training.graph.Relation;
import repscorer.training.interests.Mixture;
import repscorer.training.plan.RelationPlan;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.plan.TwhinPlan.Operator;
import repscorer.training.progress.TrainingProgress;
import repscorer.training.simclusters.SimClustersModel;
import repscorer.training.social.SocialRows;
import repscorer.training.twhin.StepSizes;
import repscorer.training.twhin.TwhinModel;
import repscorer.vector.SparseVector;

/** Writes models and histories as embedding files, one at a time. Used by one thread. */
final class ReleaseWriter {

    private static final EntityKind RELATION = new EntityKind("relation");
    /** Its square still is a float above 0. */
    private static final float UNFELT = 1e-18f;

    private static final EntityKind CLUSTER = new EntityKind("cluster");

    private final TrainingPlan plan;
    private final Graph graph;
    private final Path directory;
    private final TrainingProgress progress;
    private final List<Part> parts = new ArrayList<>();

    /** Makes one file's writer; made late, so that one file's rows are in memory at a time. */
    @FunctionalInterface
    private interface Part {
        EmbeddingFileWriter rows();
    }

    ReleaseWriter(TrainingPlan plan, Graph graph, Path directory, TrainingProgress progress) {
        this.plan = plan;
        this.graph = graph;
        this.directory = directory;
        this.progress = progress;
        for (Relation relation : graph.relations()) {
            if (relation.plan().history()) {
                parts.add(() -> history(relation));
            }
        }
    }

    void add(TwhinModel model) {
        graph.entities().forEach((kind, index) -> parts.add(() -> dense(model, kind, index)));
        if (model.operator() != Operator.IDENTITY) { // else relations have no values
            parts.add(() -> relations(model));
        }
    }

    void add(SimClustersModel model) {
        EntityIndex users = graph.entities(follow().head());
        EntityIndex producers = graph.entities(follow().tail());
        String producerSpace = users == producers ? SpaceNames.PRODUCER : SpaceNames.items(producers.kind());
        parts.add(() -> sparse(SpaceNames.INTEREST, model, users, model.interests()));
        parts.add(() -> sparse(producerSpace, model, producers, model.producers()));
        parts.add(() -> sparse(SpaceNames.KNOWN_FOR, model, producers, knownFor(model)));
        model.items()
                .forEach((kind, rows) ->
                        parts.add(() -> sparse(SpaceNames.items(kind), model, graph.entities(kind), rows)));
    }

    void add(Mixture mixture) {
        RelationPlan relation = graph.relation(mixture.relation()).orElseThrow().plan();
        EntityIndex heads = graph.entities(relation.head());
        EntityIndex tails = graph.entities(relation.tail());
        parts.add(() -> interests(SpaceNames.interests(mixture.relation()), mixture, heads, mixture.heads()));
        parts.add(() -> interests(SpaceNames.interestShares(mixture.relation()), mixture, tails, mixture.tails()));
        parts.add(() -> centroids(mixture));
    }

    /** @param simclusters whose interests tell where each is popular; empty for nowhere */
    void add(SocialRows social, Optional<SimClustersModel> simclusters) {
        EntityIndex entities = social.entities();
        parts.add(() -> social(SpaceNames.SOCIAL_SELF, entities, social::own));
        parts.add(() -> social(SpaceNames.FOLLOWEES, entities, social::followees));
        parts.add(() -> social(SpaceNames.FOLLOWERS, entities, social::followers));
        if (simclusters.isPresent() && follow().head().equals(entities.kind())) {
            SimClustersModel model = simclusters.get();
            List<SparseVector> interests = List.of(model.interests());
            parts.add(() -> sparse(
                    SpaceNames.POPULARITY, model, entities, entities.count(), i -> social.popularity(i, interests)));
        }
    }

    private static SparseVector[] knownFor(SimClustersModel model) {
        SparseVector[] rows = new SparseVector[model.knownFor().length];
        for (int p = 0; p < rows.length; p++) {
            rows[p] = model.knownFor()[p] < 0
                    ? SparseVector.EMPTY
                    : new SparseVector(new int[] {model.knownFor()[p]}, new float[] {model.knownForScores()[p]});
        }
        return rows;
    }

    private RelationPlan follow() {
        String name = plan.simclusters().orElseThrow().follow();
        return graph.relation(name).orElseThrow().plan();
    }

    /** What was written. @param training names what was learnt @param rows of each file, by space */
    record Written(String training, Map<String, Integer> rows) {}

    /**
     * Writes every file, and then names the training in all of them: by a digest of what was learnt, so that files are of one
     * training where all that came of it is equal, and of different ones where anything differs.
     */
    Written write() throws IOException {
        Map<String, Integer> rows = new TreeMap<>();
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            progress.report("write", i, parts.size(), "");
            progress.checkCancelled();
            EmbeddingFileWriter writer = parts.get(i)
                    .rows()
                    .property("trainer", "repscorer")
                    .property("plan", plan.name())
                    .property("seed", Long.toString(plan.seed()));
            Path file = writer.writeTo(directory);
            files.add(file);
            String name = file.getFileName().toString();
            rows.put(name.substring(0, name.lastIndexOf('.')), writer.count());
        }
        String training = digest(files);
        for (Path file : files) {
            RewrittenFile.nameTraining(file, training);
        }
        progress.report("write", parts.size(), parts.size(), "");
        return new Written(training, rows);
    }

    /** Of the content of files, 16 hexadecimal digits. */
    private static String digest(List<Path> files) {
        Map<String, String> checksums = new TreeMap<>();
        for (Path path : files) {
            EmbeddingFile file = EmbeddingFile.open(path);
            checksums.put(file.space(), file.checksum());
        }
        return Sha256.hex(checksums.toString().getBytes(StandardCharsets.UTF_8), 8);
    }

    private static EmbeddingFileWriter dense(TwhinModel model, EntityKind kind, EntityIndex index) {
        EmbeddingFileWriter writer =
                EmbeddingFileWriter.dense(SpaceNames.twhin(kind), SpaceNames.TWHIN_MODEL, kind, model.dimension());
        return noteLoss(writer.from(new DenseRows(model.vectors(kind), index)), model);
    }

    /** Writes what a later training needs to go on, and nobody serves. */
    void writeSteps(StepSizes steps) throws IOException {
        Path beside = Files.createDirectories(directory.resolve(Trainer.STEPS));
        for (Map.Entry<EntityKind, EntityIndex> entry : graph.entities().entrySet()) {
            EntityIndex index = entry.getValue();
            EmbeddingFileWriter writer = EmbeddingFileWriter.dense(
                    SpaceNames.twhin(entry.getKey()), SpaceNames.TWHIN_MODEL, entry.getKey(), 1);
            float[] sums = steps.entities().getOrDefault(entry.getKey(), new float[0]);
            for (int i = 0; i < sums.length; i++) {
                writer.add(index.id(i), new float[] {sums[i]});
            }
            writer.writeTo(beside);
        }
        EmbeddingFileWriter writer =
                EmbeddingFileWriter.dense(SpaceNames.TWHIN_RELATION, SpaceNames.TWHIN_MODEL, RELATION, 3);
        for (int r = 0; r < graph.relations().size(); r++) {
            String name = graph.relations().get(r).name();
            writer.add(
                    EntityId.of(RELATION, name),
                    new float[] {steps.relations()[r], steps.biases()[r], steps.biasSums()[r]});
            if (steps.inverses().length > 0) {
                writer.add(EntityId.of(RELATION, name + SpaceNames.INVERSE), new float[] {steps.inverses()[r], 0, 0});
            }
        }
        writer.writeTo(beside);
    }

    private EmbeddingFileWriter relations(TwhinModel model) {
        EmbeddingFileWriter writer = EmbeddingFileWriter.dense(
                SpaceNames.TWHIN_RELATION, SpaceNames.TWHIN_MODEL, RELATION, model.dimension());
        for (int r = 0; r < graph.relations().size(); r++) {
            EntityId id = EntityId.of(RELATION, graph.relations().get(r).name());
            writer.add(id, theta(model, model.relations(), r));
            if (model.inverses().isPresent()) {
                String inverse = graph.relations().get(r).name() + SpaceNames.INVERSE;
                writer.add(
                        EntityId.of(RELATION, inverse),
                        theta(model, model.inverses().get(), r));
            }
        }
        return noteLoss(writer, model);
    }

    /**
     * A relation's values. A translation that nothing moved, such as of a relation whose tails are all one entity, is 0, which
     * no space of cosines takes; it is written so short that adding it leaves every vector the float that it is.
     */
    private static float[] theta(TwhinModel model, float[] values, int relation) {
        float[] row = row(values, relation, model.dimension());
        float squares = 0;
        for (float value : row) {
            squares += value * value;
        }
        if (squares == 0 && model.operator() == Operator.TRANSLATION) {
            row[0] = UNFELT;
        }
        return row;
    }

    private static EmbeddingFileWriter noteLoss(EmbeddingFileWriter writer, TwhinModel model) {
        return writer.property(SpaceNames.OPERATOR, word(model.operator()))
                .property(SpaceNames.COMPARATOR, word(model.comparator()))
                .property(
                        "loss",
                        String.format(Locale.ROOT, "%.6f", model.losses().getLast()))
                .property("epochs", Integer.toString(model.losses().size()));
    }

    /** As plans write it. */
    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static float[] row(float[] rows, int row, int dimension) {
        return Arrays.copyOfRange(rows, row * dimension, (row + 1) * dimension);
    }

    private static EmbeddingFileWriter sparse(
            String space, SimClustersModel model, EntityIndex index, SparseVector[] rows) {
        return sparse(space, model, index, rows.length, i -> rows[i]);
    }

    private static EmbeddingFileWriter sparse(
            String space, SimClustersModel model, EntityIndex index, int count, IntFunction<SparseVector> rows) {
        List<EntityId> columns = new ArrayList<>();
        for (int number : model.numbers()) {
            columns.add(EntityId.of(CLUSTER, number));
        }
        EmbeddingFileWriter writer =
                EmbeddingFileWriter.sparse(space, SpaceNames.SIMCLUSTERS_MODEL, index.kind(), columns, model.labels());
        addRows(writer, index, count, rows);
        return writer.property("clusters", Integer.toString(model.clusters()));
    }

    private static EmbeddingFileWriter interests(
            String space, Mixture mixture, EntityIndex index, SparseVector[] rows) {
        List<EntityId> columns = new ArrayList<>();
        for (int c = 0; c < mixture.interests(); c++) {
            columns.add(interest(mixture, c));
        }
        EmbeddingFileWriter writer = EmbeddingFileWriter.sparse(
                space, SpaceNames.interests(mixture.relation()), index.kind(), columns, Map.of());
        addRows(writer, index, rows.length, i -> rows[i]);
        return writer;
    }

    /** Those that are not empty. */
    private static void addRows(
            EmbeddingFileWriter writer, EntityIndex index, int count, IntFunction<SparseVector> rows) {
        for (int i = 0; i < count; i++) {
            SparseVector row = rows.apply(i);
            if (!row.isEmpty()) {
                writer.add(index.id(i), row);
            }
        }
    }

    private static EmbeddingFileWriter centroids(Mixture mixture) {
        EmbeddingFileWriter writer = EmbeddingFileWriter.dense(
                SpaceNames.interestCentroids(mixture.relation()),
                SpaceNames.TWHIN_MODEL,
                SpaceNames.INTEREST_KIND,
                mixture.dimension());
        for (int c = 0; c < mixture.interests(); c++) {
            writer.add(interest(mixture, c), row(mixture.centroids(), c, mixture.dimension()));
        }
        return writer;
    }

    private static EntityId interest(Mixture mixture, int c) {
        return EntityId.of(SpaceNames.INTEREST_KIND, mixture.relation() + "-" + c);
    }

    private static EmbeddingFileWriter social(String space, EntityIndex entities, IntFunction<SparseVector> rows) {
        EmbeddingFileWriter writer =
                EmbeddingFileWriter.sparse(space, SpaceNames.SOCIAL_MODEL, entities.kind(), ids(entities), Map.of());
        addRows(writer, entities, entities.count(), rows);
        return writer;
    }

    private static List<EntityId> ids(EntityIndex entities) {
        List<EntityId> ids = new ArrayList<>();
        for (int i = 0; i < entities.count(); i++) {
            ids.add(entities.id(i));
        }
        return ids;
    }

    private static EmbeddingFileWriter history(Relation relation) {
        EmbeddingFileWriter writer = EmbeddingFileWriter.sparse(
                SpaceNames.history(relation.name()),
                SpaceNames.HISTORY_MODEL,
                relation.plan().head(),
                ids(relation.tailEntities()),
                Map.of());
        Csr byHead = relation.byHead();
        for (int head = 0; head < byHead.rows(); head++) {
            int from = byHead.offsets()[head];
            int to = byHead.offsets()[head + 1];
            if (from < to) {
                float[] weights = new float[to - from];
                for (int i = from; i < to; i++) {
                    weights[i - from] = relation.weight(byHead.edges()[i]);
                }
                SparseVector row = new SparseVector(Arrays.copyOfRange(byHead.columns(), from, to), weights);
                writer.add(relation.headEntities().id(head), row);
            }
        }
        return writer;
    }
}
