package repscorer.core.store;

import static java.lang.System.Logger.Level.WARNING;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import repscorer.ann.HnswParameters;
import repscorer.ann.hnsw.HnswIndex;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.EmbeddingFile;

/**
 * Graphs kept in files, so that a start opens them and builds none. They are derived: named by what they were built from, and
 * built anew where they are missing or damaged, so nothing depends on them. Safe for concurrent use.
 */
final class IndexFiles {

    /** Builds a graph. */
    interface Builder {
        HnswIndex build() throws InterruptedException;
    }

    private static final System.Logger LOG = System.getLogger(IndexFiles.class.getName());
    private static final String SUFFIX = ".hnsw";

    private final Path directory;

    /** @param directory made when the first graph is kept */
    IndexFiles(Path directory) {
        this.directory = directory;
    }

    /** The graph of a file's rows, opened if it was kept, else built and kept. */
    HnswIndex openOrBuild(DenseSpace space, EmbeddingFile file, Builder builder) throws InterruptedException {
        Path path = directory.resolve(name(space, file));
        if (Files.exists(path)) {
            try {
                return HnswIndex.open(path, file.denseRows());
            } catch (IOException e) {
                LOG.log(WARNING, "the graph of {0} is built anew: {1}", space.name(), e.getMessage());
            }
        }
        HnswIndex built = builder.build();
        keep(space, built, path);
        return built;
    }

    private void keep(DenseSpace space, HnswIndex index, Path path) {
        Path unfinished = path.resolveSibling(path.getFileName() + "." + System.nanoTime());
        try {
            Files.createDirectories(directory);
            index.save(unfinished);
            Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.log(WARNING, "the graph of {0} is not kept for the next start: {1}", space.name(), e.getMessage());
            delete(unfinished);
        }
    }

    /** Deletes the graphs of a file. */
    void forget(String checksum) {
        delete(checksum::equals);
    }

    /** Deletes the graphs of all other files than those with these checksums. */
    void retain(Set<String> checksums) {
        delete(checksum -> !checksums.contains(checksum));
    }

    private void delete(Predicate<String> checksums) {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (Stream<Path> files = Files.list(directory)) {
            files.filter(path -> checksums.test(checksum(path))).forEach(IndexFiles::delete);
        } catch (IOException e) {
            LOG.log(WARNING, "graphs no longer needed are not deleted: {0}", e.getMessage());
        }
    }

    private static void delete(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            LOG.log(WARNING, "{0} is not deleted: {1}", path, e.getMessage());
        }
    }

    private static String name(DenseSpace space, EmbeddingFile file) {
        HnswParameters hnsw = space.hnsw();
        return "%s-%s-%s-%d-%d-%x%s"
                .formatted(
                        file.checksum(),
                        space.metric(),
                        space.codes(),
                        hnsw.m(),
                        hnsw.efConstruction(),
                        hnsw.seed(),
                        SUFFIX);
    }

    private static String checksum(Path path) {
        String name = path.getFileName().toString();
        int end = name.indexOf('-');
        return name.endsWith(SUFFIX) && end > 0 ? name.substring(0, end) : "";
    }
}
