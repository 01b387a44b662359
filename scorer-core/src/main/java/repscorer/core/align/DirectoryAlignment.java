package repscorer.core.align;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import repscorer.core.disk.Disk;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.embedding.EmbeddingFile.Form;
import repscorer.core.failure.ScorerException.Conflict;
import repscorer.vector.Metric;

/** Alignments between two directories of embedding files, as between two releases of a store. */
public final class DirectoryAlignment {

    private DirectoryAlignment() {}

    /**
     * One for each model of which both directories have a dense space of entities and whose trainings differ.
     *
     * @param metric that rows are compared by
     * @throws Conflict as {@link ReleaseAlignments#align}
     * @throws repscorer.core.failure.ScorerException.Rejected for a damaged file
     */
    public static List<Alignment> align(Path from, Path to, Metric metric, AlignmentOptions options)
            throws IOException {
        Map<String, EmbeddingFile> first = dense(from, options.space());
        Map<String, EmbeddingFile> second = dense(to, options.space());
        first.keySet().retainAll(second.keySet());
        Map<String, List<EmbeddingFile>> ofModel = new LinkedHashMap<>();
        first.values()
                .forEach(file -> ofModel.computeIfAbsent(file.model(), model -> new ArrayList<>())
                        .add(file));
        List<Alignment> fitted = new ArrayList<>();
        for (Map.Entry<String, List<EmbeddingFile>> model : ofModel.entrySet()) {
            List<EmbeddingFile> a = model.getValue();
            List<EmbeddingFile> b = a.stream()
                    .flatMap(file -> Optional.ofNullable(second.get(file.space())).stream())
                    .toList();
            Coordinates left = coordinates(from, a);
            Coordinates right = coordinates(to, b);
            if (!left.same(right)) {
                fitted.add(Aligner.align(model.getKey(), left, rows(a, metric), right, rows(b, metric), options));
            }
        }
        if (fitted.isEmpty()) {
            throw new Conflict(
                    "nothing-to-align",
                    "coordinates in %s and %s are the same, or they share no dense space of entities: %s"
                            .formatted(from, to, first.keySet()));
        }
        return fitted;
    }

    private static Map<String, EmbeddingFile> dense(Path directory, Optional<String> space) throws IOException {
        Map<String, EmbeddingFile> files = new TreeMap<>();
        for (Path path : Disk.LOCAL.list(directory)) {
            if (!path.toString().endsWith(EmbeddingFile.SUFFIX)) {
                continue;
            }
            EmbeddingFile file = EmbeddingFile.open(path);
            if (file.form() == Form.DENSE
                    && ReleaseAlignments.isAlignable(file.kind())
                    && space.map(file.space()::equals).orElse(true)) {
                file.verify();
                files.put(file.space(), file);
            }
        }
        return files;
    }

    private static Coordinates coordinates(Path directory, List<EmbeddingFile> files) {
        TreeMap<String, String> versions = new TreeMap<>();
        files.forEach(file -> versions.put(file.space(), file.checksum()));
        String name = String.valueOf(directory.toAbsolutePath().normalize().getFileName());
        return new Coordinates(name, files.getFirst().training(), versions);
    }

    private static List<AlignedRows> rows(List<EmbeddingFile> files, Metric metric) {
        return files.stream().map(file -> AlignedRows.of(file, metric)).toList();
    }
}
