package repscorer.benchmarks.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import repscorer.cli.console.UserError;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.entity.EntityId;
import repscorer.vector.SparseVector;

/**
 * The rows of a release that the job is about: users are asked for by their dense vectors and their interests, and found by dense
 * vectors and followers.
 */
record PeerRows(EmbeddingFile dense, EmbeddingFile interests, EmbeddingFile producers) {

    static final String DENSE = "twhin-user";
    static final String INTERESTS = "simclusters-interest";
    static final String PRODUCERS = "simclusters-producer";

    /** Of the store in a data directory, which holds one release and no changes to it. */
    static PeerRows of(Path data) throws IOException {
        return new PeerRows(file(data, DENSE), file(data, INTERESTS), file(data, PRODUCERS));
    }

    private static EmbeddingFile file(Path data, String space) throws IOException {
        try (Stream<Path> all = Files.walk(data)) {
            return all.filter(file -> file.getFileName().toString().equals(space + EmbeddingFile.SUFFIX))
                    .min(Comparator.comparing(Path::toString))
                    .map(EmbeddingFile::open)
                    .orElseThrow(() -> new UserError("no %s in %s".formatted(space + EmbeddingFile.SUFFIX, data)));
        }
    }

    /** Users who have all that is asked by. */
    List<EntityId> sources() {
        return IntStream.range(0, dense.count())
                .mapToObj(row -> dense.ids().id(row))
                .filter(id -> interests.ids().find(id) >= 0)
                .toList();
    }

    /** A user's interests, the strongest of them, of length one. */
    Entries interests(EntityId id, int most) {
        Entries all = entries(interests, interests.ids().find(id));
        List<Entry> strongest = all.entries().stream()
                .sorted(Comparator.comparingDouble(Entry::weight).reversed())
                .limit(most)
                .sorted(Comparator.comparingInt(Entry::column))
                .toList();
        return new Entries(strongest);
    }

    /** Who follows the user of a dense row, by community, of length one; empty where nothing is known of it. */
    Entries producers(EntityId id) {
        int row = producers.ids().find(id);
        return row < 0 ? new Entries(List.of()) : entries(producers, row);
    }

    private static Entries entries(EmbeddingFile file, int row) {
        SparseVector vector = file.sparseRows().row(row);
        double norm = Math.sqrt(vector.squaredNorm());
        List<Entry> entries = new ArrayList<>(vector.size());
        for (int i = 0; i < vector.size(); i++) {
            int cluster = Integer.parseInt(
                    file.columns().orElseThrow().id(vector.columns()[i]).value());
            entries.add(new Entry(cluster, (float) (vector.weights()[i] / norm)));
        }
        entries.sort(Comparator.comparingInt(Entry::column));
        return new Entries(entries);
    }

    /** A community and how much of it there is. */
    record Entry(int column, float weight) {}

    /** By ascending community. */
    record Entries(List<Entry> entries) {

        Entries {
            entries = List.copyOf(entries);
        }
    }
}
