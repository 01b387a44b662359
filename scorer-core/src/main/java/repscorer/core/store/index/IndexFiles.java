package repscorer.core.store.index;

import static java.lang.System.Logger.Level.WARNING;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import repscorer.ann.HnswParameters;
import repscorer.ann.hnsw.HnswIndex;
import repscorer.core.disk.AtomicFile;
import repscorer.core.disk.Disk;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.failure.Finding;

/**
 * Graphs kept in files, so that a start opens them and builds none. They are derived: named by what they were built from, and
 * built anew where they are missing or damaged, so nothing depends on them. Safe for concurrent use.
 */
public final class IndexFiles {

    /** Builds a graph. */
    @FunctionalInterface
    public interface Builder {
        HnswIndex build() throws InterruptedException;
    }

    private static final System.Logger LOG = System.getLogger(IndexFiles.class.getName());
    private static final String SUFFIX = ".hnsw";

    private final Disk disk;
    private final Path directory;
    private final Consumer<Finding> findings;
    private final Set<String> fresh = ConcurrentHashMap.newKeySet(); // opened or built for what nobody retains yet

    /**
     * @param directory made when the first graph is kept
     * @param findings told of a graph that is damaged
     */
    public IndexFiles(Disk disk, Path directory, Consumer<Finding> findings) {
        this.disk = disk;
        this.directory = directory;
        this.findings = findings;
    }

    /** The graph of a file's rows, opened if it was kept, else built and kept. */
    HnswIndex openOrBuild(DenseSpace space, EmbeddingFile file, Builder builder) throws InterruptedException {
        Path path = directory.resolve(name(space, file));
        fresh.add(file.checksum());
        if (disk.exists(path)) {
            try {
                return HnswIndex.open(path, disk.map(path), file.denseRows());
            } catch (IOException e) {
                findings.accept(damage(path, e));
            }
        }
        HnswIndex built = builder.build();
        try {
            disk.createDirectories(directory);
            AtomicFile.writeShared(disk, path, built::save);
        } catch (IOException e) {
            LOG.log(WARNING, "the graph of {0} is not kept for the next start: {1}", space.name(), e.getMessage());
        }
        return built;
    }

    private Finding damage(Path path, IOException e) {
        String file = directory.getFileName() + "/" + path.getFileName();
        return new Finding(Finding.Kind.REBUILT, file, String.valueOf(e.getMessage()));
    }

    /** Opens the graphs that were kept over a file's rows: what is wrong with them. */
    public List<Finding> verify(EmbeddingFile file) throws IOException {
        return files(file.checksum()::equals).stream()
                .flatMap(path -> verify(path, file).stream())
                .toList();
    }

    private Optional<Finding> verify(Path path, EmbeddingFile file) {
        try {
            HnswIndex.open(path, disk.map(path), file.denseRows());
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(damage(path, e));
        }
    }

    /** Deletes the graphs of a file. */
    public void forget(String checksum) {
        fresh.remove(checksum);
        delete(checksum::equals);
    }

    /** Deletes the graphs of all other files than those with these checksums, and those that are on their way in. */
    public void retain(Set<String> checksums) {
        fresh.removeAll(checksums);
        delete(checksum -> !checksums.contains(checksum) && !fresh.contains(checksum));
    }

    private void delete(Predicate<String> checksums) {
        try {
            for (Path path : files(checksums)) {
                disk.delete(path);
            }
        } catch (IOException e) {
            LOG.log(WARNING, "graphs no longer needed are not deleted: {0}", e.getMessage());
        }
    }

    /** What is there of files with these checksums; the empty one stands for what is no graph. */
    private List<Path> files(Predicate<String> checksums) throws IOException {
        return disk.isDirectory(directory)
                ? disk.list(directory).stream()
                        .filter(path -> checksums.test(checksum(path)))
                        .toList()
                : List.of();
    }

    private static String name(DenseSpace space, EmbeddingFile file) {
        HnswParameters hnsw = space.hnsw();
        return String.format(
                Locale.ROOT,
                "%s-%s-%s-%s-%s-%x%s",
                file.checksum(),
                space.metric(),
                space.codes(),
                hnsw.m(),
                hnsw.efConstruction(),
                hnsw.seed(),
                SUFFIX);
    }

    private static String checksum(Path path) {
        String name = String.valueOf(path.getFileName());
        int end = name.indexOf('-');
        return name.endsWith(SUFFIX) && end > 0 ? name.substring(0, end) : "";
    }
}
