package repscorer.benchmarks.serving;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.embedding.EmbeddingFile.Form;
import repscorer.core.embedding.EmbeddingFileWriter;

/** A release that another training of the same network could have made: its dense rows lie elsewhere, so that graphs are built anew. */
record MovedRelease(String name, List<Path> files) {

    private static final float MOVED = 0.01f;

    /** The embedding files of the release that a data directory holds, which has one. */
    static List<EmbeddingFile> filesOf(Path data) throws IOException {
        try (Stream<Path> all = Files.walk(data.resolve("store/releases"))) {
            return all.filter(file -> file.toString().endsWith(EmbeddingFile.SUFFIX))
                    .sorted()
                    .map(EmbeddingFile::open)
                    .toList();
        }
    }

    static MovedRelease of(List<EmbeddingFile> release, Path into) throws IOException {
        SplittableRandom random = new SplittableRandom(11);
        for (EmbeddingFile file : release) {
            if (file.form() == Form.SPARSE) {
                Files.copy(file.path(), into.resolve(file.space() + EmbeddingFile.SUFFIX));
                continue;
            }
            EmbeddingFileWriter writer =
                    EmbeddingFileWriter.dense(file.space(), file.model(), file.kind(), file.dimension());
            file.properties().forEach(writer::property);
            for (int row = 0; row < file.count(); row++) {
                writer.add(file.ids().id(row), moved(file, row, random));
            }
            writer.writeTo(into);
        }
        return new MovedRelease(
                "moved",
                release.stream()
                        .map(file -> into.resolve(file.space() + EmbeddingFile.SUFFIX))
                        .toList());
    }

    /** A row of a dense file, a little off its place. */
    static float[] moved(EmbeddingFile file, int row, SplittableRandom random) {
        float[] values = file.denseRows().row(row);
        for (int i = 0; i < values.length; i++) {
            values[i] += MOVED * (float) (random.nextDouble() - .5);
        }
        return values;
    }
}
