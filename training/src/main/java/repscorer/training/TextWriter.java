package repscorer.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.embedding.ZeroVectors;
import repscorer.imports.BadRowsException;
import repscorer.imports.ImportFormat;
import repscorer.imports.ImportInput;
import repscorer.imports.ImportTarget;
import repscorer.imports.Importer;
import repscorer.imports.UnreadableRowsException;
import repscorer.training.evaluate.SpaceNames;
import repscorer.training.graph.DataException;
import repscorer.training.graph.EntityIndex;
import repscorer.training.graph.Graph;
import repscorer.training.plan.TextPlan;
import repscorer.training.plan.TrainingPlan;

/**
 * Writes the names and texts of a plan beside what was learnt. They carry no training's name: words are the same whoever learnt
 * vectors.
 */
final class TextWriter {

    private TextWriter() {}

    /**
     * @return rows by space
     * @throws DataException naming the file and the row that cannot be read
     */
    static Map<String, Integer> write(TrainingPlan plan, Graph graph, Path data, Path directory) throws IOException {
        Map<String, Integer> rows = new TreeMap<>();
        for (TextPlan texts : plan.texts()) {
            rows.put(
                    SpaceNames.texts(texts.kind()),
                    texts.file().isPresent()
                            ? imported(texts, data.resolve(texts.file().get()), directory)
                            : ofIds(texts, graph, directory));
        }
        return rows;
    }

    private static int imported(TextPlan texts, Path file, Path directory) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new DataException("the file of texts is missing: %s".formatted(file));
        }
        ImportTarget target = new ImportTarget(
                SpaceNames.texts(texts.kind()),
                SpaceNames.TEXT_MODEL,
                texts.kind(),
                false,
                EmbeddingFile.Form.TEXT,
                OptionalInt.empty(),
                0,
                ZeroVectors.KEEP,
                Optional.empty());
        try (ImportInput input = ImportInput.of(file, Optional.empty())) {
            return new Importer(target, ImportFormat.JSONL, 0, 1)
                    .run(input, directory, row -> {})
                    .rows();
        } catch (BadRowsException | UnreadableRowsException | IllegalArgumentException e) {
            throw new DataException("%s: %s".formatted(file.getFileName(), e.getMessage()), e);
        }
    }

    private static int ofIds(TextPlan texts, Graph graph, Path directory) throws IOException {
        EntityIndex index = graph.entities().get(texts.kind());
        if (index == null) {
            throw new DataException("texts are the ids of a kind that no relation names: " + texts.kind());
        }
        EmbeddingFileWriter writer =
                EmbeddingFileWriter.texts(SpaceNames.texts(texts.kind()), SpaceNames.TEXT_MODEL, texts.kind());
        for (int i = 0; i < index.count(); i++) {
            writer.add(index.id(i), index.value(i));
        }
        writer.writeTo(directory);
        return writer.count();
    }
}
