package repscorer.core.store.index;

import static java.lang.System.Logger.Level.WARNING;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import repscorer.ann.BuildThreads;
import repscorer.ann.HnswParameters;
import repscorer.ann.hnsw.HnswIndex;
import repscorer.codes.Codebook;
import repscorer.codes.CodesOptions;
import repscorer.core.codes.RowCodes;
import repscorer.core.disk.AtomicFile;
import repscorer.core.disk.Disk;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.failure.Finding;

/**
 * Graphs and codes kept in files, so that a start opens them and builds none. They are derived: named by what they were built from, and
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
    private static final String CODES_SUFFIX = ".codes";

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
        Optional<HnswIndex> kept = opened(path, content -> HnswIndex.open(path, content, file.denseRows()));
        if (kept.isPresent()) {
            return kept.get();
        }
        HnswIndex built = builder.build();
        keep(path, "the graph of " + space.name(), built::save);
        return built;
    }

    /**
     * The codes of a file's rows, opened if they were kept, else made and kept; empty where the space has none, or its rows are too few
     * to learn a codebook from.
     *
     * @param before a codebook to go on with, where they are made
     */
    public Optional<RowCodes> codes(
            DenseSpace space, EmbeddingFile file, Optional<Codebook> before, Supplier<BuildThreads> threads)
            throws InterruptedException {
        if (space.rowCodes().isEmpty()) {
            return Optional.empty();
        }
        CodesOptions options = space.rowCodes().get();
        Path path = directory.resolve(codesName(options, space, file));
        fresh.add(file.checksum());
        Optional<RowCodes> kept = opened(path, content -> RowCodes.open(content, file.denseRows()));
        if (kept.isPresent()) {
            return kept;
        }
        Optional<RowCodes> made = RowCodes.make(
                file.denseRows(), space.metric(), options, before, threads.get().workers());
        made.ifPresent(codes -> keep(path, "the codes of " + space.name(), codes::save));
        return made;
    }

    /** Reads a file's content. */
    @FunctionalInterface
    private interface Opener<T> {
        T open(MemorySegment content) throws IOException;
    }

    private <T> Optional<T> opened(Path path, Opener<T> opener) {
        if (disk.exists(path)) {
            try {
                return Optional.of(opener.open(disk.map(path)));
            } catch (IOException e) {
                findings.accept(damage(path, e));
            }
        }
        return Optional.empty();
    }

    private void keep(Path path, String what, AtomicFile.Content content) {
        try {
            disk.createDirectories(directory);
            AtomicFile.writeShared(disk, path, content);
        } catch (IOException e) {
            LOG.log(WARNING, "{0} cannot be kept for the next start: {1}", what, e.getMessage());
        }
    }

    private Finding damage(Path path, IOException e) {
        String file = directory.getFileName() + "/" + path.getFileName();
        return new Finding(Finding.Kind.REBUILT, file, String.valueOf(e.getMessage()));
    }

    /** Opens the graphs and codes that were kept of a file's rows: what is wrong with them. */
    public List<Finding> verify(EmbeddingFile file) throws IOException {
        return files(file.checksum()::equals).stream()
                .flatMap(path -> verify(path, file).stream())
                .toList();
    }

    private Optional<Finding> verify(Path path, EmbeddingFile file) {
        try {
            MemorySegment content = disk.map(path);
            if (String.valueOf(path.getFileName()).endsWith(CODES_SUFFIX)) {
                RowCodes.open(content, file.denseRows());
            } else {
                HnswIndex.open(path, content, file.denseRows());
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(damage(path, e));
        }
    }

    /** Deletes the graphs and codes of a file. */
    public void forget(String checksum) {
        fresh.remove(checksum);
        delete(checksum::equals);
    }

    /** Deletes the graphs and codes of all other files than those with these checksums, and those that are on their way in. */
    public void retain(Set<String> checksums) {
        fresh.removeAll(checksums);
        delete(checksum -> !checksums.contains(checksum) && !fresh.contains(checksum));
    }

    private void delete(Predicate<String> checksums) {
        try {
            List<Path> gone = files(checksums);
            for (Path path : gone) {
                disk.delete(path);
            }
            if (!gone.isEmpty()) {
                disk.syncDirectory(directory); // rows that were erased left their codes in them
            }
        } catch (IOException e) {
            LOG.log(WARNING, "graphs and codes no longer needed are not deleted: {0}", e.getMessage());
        }
    }

    /** What is there of files with these checksums; the empty one stands for what is neither graph nor codes. */
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

    private static String codesName(CodesOptions options, DenseSpace space, EmbeddingFile file) {
        return String.format(
                Locale.ROOT,
                "%s-%s-%s-%s-%s-%s-%x-%s%s",
                file.checksum(),
                space.metric(),
                options.method(),
                options.m(),
                options.bits(),
                options.rotation(),
                options.seed(),
                options.trainingRows(),
                CODES_SUFFIX);
    }

    private static String checksum(Path path) {
        String name = String.valueOf(path.getFileName());
        int end = name.indexOf('-');
        boolean ours = name.endsWith(SUFFIX) || name.endsWith(CODES_SUFFIX);
        return ours && end > 0 ? name.substring(0, end) : "";
    }
}
