package repscorer.training.graph;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import repscorer.training.plan.RelationPlan;

/** The files that a name in a plan stands for. */
final class EdgeFiles {

    private EdgeFiles() {}

    /**
     * A file, or its twin with or without {@code .gz} where only that is there; the files of a directory or of a pattern, in the
     * order of their names, without hidden ones and those that begin with {@code _}, which tell of the others.
     *
     * @throws DataException when a directory or pattern holds none
     */
    static List<Path> of(Path data, String name, RelationPlan relation) {
        Path file = data.resolve(name);
        if (Files.isDirectory(file)) {
            return listed(file, "*", relation);
        }
        if (!Files.exists(file) && (name.contains("*") || name.contains("?"))) {
            Path directory = file.toAbsolutePath().getParent();
            return listed(directory == null ? data : directory, String.valueOf(file.getFileName()), relation);
        }
        String last = String.valueOf(file.getFileName());
        Path twin = file.resolveSibling(last.endsWith(".gz") ? last.substring(0, last.length() - 3) : last + ".gz");
        return List.of(!Files.exists(file) && Files.exists(twin) ? twin : file);
    }

    private static List<Path> listed(Path directory, String pattern, RelationPlan relation) {
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (matcher.matches(file.getFileName())
                        && !name.startsWith(".")
                        && !name.startsWith("_")
                        && Files.isRegularFile(file)) {
                    found.add(file);
                }
            }
        } catch (IOException e) {
            throw new DataException(
                    "the directory cannot be read: %s (relation %s)".formatted(directory, relation.name()), e);
        }
        if (found.isEmpty()) {
            throw new DataException(
                    "no file of edges is %s (relation %s)".formatted(directory.resolve(pattern), relation.name()));
        }
        found.sort(null);
        return found;
    }
}
