package repscorer.training.evaluate;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.entity.IdTable;
import repscorer.training.graph.EntityIndex;

/** Reads back which community a release knows each producer for. */
public final class KnownForFile {

    private KnownForFile() {}

    /**
     * The number of each producer's community, -1 for none; empty where the release has no communities.
     *
     * @param release a directory of embedding files
     */
    public static Optional<int[]> read(Path release, EntityIndex producers) {
        Path path = release.resolve(SpaceNames.KNOWN_FOR + EmbeddingFile.SUFFIX);
        if (!Files.isRegularFile(path)) {
            return Optional.empty();
        }
        EmbeddingFile file = EmbeddingFile.open(path);
        IdTable columns = file.columns().orElseThrow();
        int[] numbers = new int[producers.count()];
        Arrays.fill(numbers, -1);
        for (int p = 0; p < numbers.length && file.kind().equals(producers.kind()); p++) {
            var row = file.ids().ordinal(producers.id(p));
            if (row.isPresent() && file.sparseRows().size(row.getAsInt()) > 0) {
                int column = file.sparseRows().column(row.getAsInt(), 0);
                numbers[p] = Integer.parseInt(columns.id(column).value());
            }
        }
        return Optional.of(numbers);
    }
}
