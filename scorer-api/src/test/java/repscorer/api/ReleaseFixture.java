package repscorer.api;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.vector.SparseVector;

/**
 * A tiny release of the shipped spaces: 40 users in four communities of ten, four topics named after them, a vector for
 * {@code relation:follow}, and user 1 following users 2 and 3. User {@code u} is in community {@code u % 4}.
 */
final class ReleaseFixture {

    static final int USERS = 40;
    static final int COMMUNITIES = 4;
    static final int DIMENSION = 64;

    private static final EntityKind RELATION = new EntityKind("relation");
    private static final List<String> NAMES = List.of("jazz", "chess", "rock/pop", "cycling");

    private ReleaseFixture() {}

    /** Writes the files of a release, by space. Another seed gives other vectors. */
    static Map<String, Path> write(Path directory, long seed) {
        try {
            Files.createDirectories(directory);
            Map<String, Path> files = new TreeMap<>();
            for (EmbeddingFileWriter writer : writers(new Random(seed))) {
                Path file = writer.writeTo(directory);
                files.put(file.getFileName().toString().replace(".emb", ""), file);
            }
            return files;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static List<EmbeddingFileWriter> writers(Random random) {
        float[][] centers = new float[COMMUNITIES][];
        for (int c = 0; c < COMMUNITIES; c++) {
            centers[c] = noise(random, 1);
        }
        EmbeddingFileWriter user = dense("twhin-user", EntityKind.USER);
        EmbeddingFileWriter topic = dense("twhin-topic", EntityKind.TOPIC);
        EmbeddingFileWriter relation = dense("twhin-relation", RELATION);
        EmbeddingFileWriter interest = sparse("simclusters-interest", EntityKind.USER);
        EmbeddingFileWriter producer = sparse("simclusters-producer", EntityKind.USER);
        EmbeddingFileWriter topicClusters = sparse("simclusters-topic", EntityKind.TOPIC);
        List<EntityId> users = new ArrayList<>();
        for (int u = 1; u <= USERS; u++) {
            EntityId id = EntityId.of(EntityKind.USER, u);
            users.add(id);
            int community = u % COMMUNITIES;
            user.add(id, near(centers[community], random));
            interest.add(id, clusters(community, random));
            producer.add(id, clusters(community, random));
        }
        // User 41 has an interest and nothing else.
        interest.add(EntityId.of(EntityKind.USER, 41), clusters(1, random));
        for (int c = 0; c < COMMUNITIES; c++) {
            EntityId id = EntityId.of(EntityKind.TOPIC, NAMES.get(c));
            topic.add(id, near(centers[c], random));
            topicClusters.add(id, new SparseVector(new int[] {c}, new float[] {1}));
        }
        relation.add(EntityId.of(RELATION, "follow"), noise(random, 0.01f));

        EmbeddingFileWriter follows =
                EmbeddingFileWriter.sparse("history-follow", "history", EntityKind.USER, users, Map.of());
        follows.add(users.getFirst(), new SparseVector(new int[] {1, 2}, new float[] {1, 1}));
        return List.of(user, topic, relation, interest, producer, topicClusters, follows);
    }

    private static EmbeddingFileWriter dense(String space, EntityKind kind) {
        return EmbeddingFileWriter.dense(space, "twhin", kind, DIMENSION);
    }

    private static EmbeddingFileWriter sparse(String space, EntityKind kind) {
        List<EntityId> columns = new ArrayList<>();
        for (int c = 0; c < COMMUNITIES; c++) {
            columns.add(EntityId.parse("cluster:" + c));
        }
        return EmbeddingFileWriter.sparse(space, "simclusters", kind, columns, Map.of(0, "jazz", 1, "chess"));
    }

    private static float[] near(float[] center, Random random) {
        float[] values = noise(random, 0.3f);
        for (int i = 0; i < values.length; i++) {
            values[i] += center[i];
        }
        return values;
    }

    private static float[] noise(Random random, float scale) {
        float[] values = new float[DIMENSION];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian() * scale;
        }
        return values;
    }

    private static SparseVector clusters(int community, Random random) {
        int other = (community + 1) % COMMUNITIES;
        float strong = 0.8f + 0.2f * random.nextFloat();
        float weak = 0.05f + 0.1f * random.nextFloat();
        return community < other
                ? new SparseVector(new int[] {community, other}, new float[] {strong, weak})
                : new SparseVector(new int[] {other, community}, new float[] {weak, strong});
    }
}
