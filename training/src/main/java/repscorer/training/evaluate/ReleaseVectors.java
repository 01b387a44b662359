package repscorer.training.evaluate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.training.graph.DataException;
import repscorer.training.graph.EntityIndex;
import repscorer.training.graph.Graph;
import repscorer.training.plan.TwhinPlan;
import repscorer.training.plan.TwhinPlan.Operator;
import repscorer.training.twhin.TwhinModel;
import repscorer.training.twhin.Vectors;

/** Reads the dense vectors of a release back into the order of a graph. */
final class ReleaseVectors {

    private static final EntityKind RELATION = new EntityKind("relation");

    private ReleaseVectors() {}

    /**
     * Reads a model. Entities that the release does not have get NaN, which ranks last.
     *
     * @throws DataException when a file of the graph's kinds is missing, or dimensions differ
     * @throws IOException when the disk refuses
     */
    static TwhinModel read(Path release, Graph graph, TwhinPlan plan) throws IOException {
        EntityKind any = graph.entities().firstEntry().getKey();
        EmbeddingFile first = open(release, SpaceNames.twhin(any));
        int dimension = first.dimension();
        Operator operator = property(first, SpaceNames.OPERATOR, plan.operator());
        Map<EntityKind, Vectors> entities = new LinkedHashMap<>();
        for (Map.Entry<EntityKind, EntityIndex> entry : graph.entities().entrySet()) {
            EntityIndex index = entry.getValue();
            EmbeddingFile file = open(release, SpaceNames.twhin(entry.getKey()));
            if (file.dimension() != dimension) {
                throw new DataException("dimension differs: %s has %s, %s has %s"
                        .formatted(file.space(), file.dimension(), first.space(), dimension));
            }
            float[] rows = new float[Math.multiplyExact(index.count(), dimension)];
            for (int i = 0; i < index.count(); i++) {
                if (!copy(file, index.id(i), rows, i)) {
                    Arrays.fill(rows, i * dimension, (i + 1) * dimension, Float.NaN);
                }
            }
            entities.put(entry.getKey(), Vectors.of(rows, dimension));
        }
        float[] thetas = new float[graph.relations().size() * dimension];
        float[] inverses = new float[thetas.length];
        boolean reciprocal = false;
        if (operator != Operator.IDENTITY) {
            EmbeddingFile relations = open(release, SpaceNames.TWHIN_RELATION);
            for (int r = 0; r < graph.relations().size(); r++) {
                String name = graph.relations().get(r).name();
                copy(relations, EntityId.of(RELATION, name), thetas, r);
                reciprocal |= copy(relations, EntityId.of(RELATION, name + SpaceNames.INVERSE), inverses, r);
            }
        }
        return new TwhinModel(
                dimension,
                operator,
                property(first, SpaceNames.COMPARATOR, plan.comparator()),
                entities,
                thetas,
                reciprocal ? Optional.of(inverses) : Optional.empty(),
                List.of(),
                Map.of(),
                List.of(),
                Optional.empty(),
                0);
    }

    private static EmbeddingFile open(Path release, String space) {
        Path file = release.resolve(space + EmbeddingFile.SUFFIX);
        if (!Files.isRegularFile(file)) {
            throw new DataException("the release has no %s".formatted(file));
        }
        return EmbeddingFile.open(file);
    }

    private static boolean copy(EmbeddingFile file, EntityId id, float[] rows, int row) {
        OptionalInt ordinal = file.ids().ordinal(id);
        ordinal.ifPresent(at -> {
            float[] values = file.denseRows().row(at);
            System.arraycopy(values, 0, rows, row * values.length, values.length);
        });
        return ordinal.isPresent();
    }

    private static <E extends Enum<E>> E property(EmbeddingFile file, String key, E fallback) {
        String word = file.properties().getOrDefault(key, word(fallback));
        for (E constant : fallback.getDeclaringClass().getEnumConstants()) {
            if (word(constant).equals(word)) {
                return constant;
            }
        }
        throw new DataException("%s: %s is not known: '%s'".formatted(file.path(), key, word));
    }

    /** An enum's constant as plans write it. */
    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
