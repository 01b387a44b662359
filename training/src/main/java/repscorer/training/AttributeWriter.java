package repscorer.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import repscorer.imports.BadRowsException;
import repscorer.imports.ImportFormat;
import repscorer.imports.ImportInput;
import repscorer.imports.ImportTarget;
import repscorer.imports.Importer;
import repscorer.imports.UnreadableRowsException;
import repscorer.training.evaluate.SpaceNames;
import repscorer.training.graph.DataException;
import repscorer.training.plan.RowsPlan;
import repscorer.training.plan.TrainingPlan;

/** Writes a plan's rows that nobody learnt beside what was learnt. They carry no training's name, as {@link TextWriter}'s do not. */
final class AttributeWriter {

    private AttributeWriter() {}

    /**
     * @return rows by space
     * @throws DataException naming the file and the row that cannot be read
     */
    static Map<String, Integer> write(TrainingPlan plan, Path data, Path directory) throws IOException {
        Map<String, Integer> written = new TreeMap<>();
        for (RowsPlan rows : plan.rows()) {
            written.put(rows.space(), write(rows, data.resolve(rows.file()), directory));
        }
        return written;
    }

    private static int write(RowsPlan rows, Path file, Path directory) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new DataException("the file of rows is missing: %s".formatted(file));
        }
        ImportTarget target = ImportTarget.undeclared(rows.space(), SpaceNames.ATTRIBUTES_MODEL, rows.kind(), false);
        try (ImportInput input = ImportInput.of(file, Optional.empty())) {
            return new Importer(target, ImportFormat.JSONL, 0, 1)
                    .run(input, directory, row -> {})
                    .rows();
        } catch (BadRowsException | UnreadableRowsException | IllegalArgumentException e) {
            throw new DataException("%s: %s".formatted(file.getFileName(), e.getMessage()), e);
        }
    }
}
