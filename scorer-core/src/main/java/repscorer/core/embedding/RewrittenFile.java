package repscorer.core.embedding;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import repscorer.core.disk.AtomicFile;
import repscorer.core.disk.Disk;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.IdTable;

/** Files that are made of other ones: what does not change is taken over as it is. */
public final class RewrittenFile {

    private RewrittenFile() {}

    /**
     * Writes a file that differs from another in its rows only: same space, columns, labels and properties. O(rows), none of
     * them on the heap but the one at hand.
     *
     * @param rows by ascending id, of the base's kind, form and dimension
     * @param into empty; not synced
     */
    public static void write(EmbeddingFile base, EmbeddingRows rows, Disk.Output into) throws IOException {
        write(base, base.properties(), List.of(), rows, into);
    }

    /** The same with more columns, which go on from the base's. */
    public static void write(EmbeddingFile base, List<EntityId> more, EmbeddingRows rows, Disk.Output into)
            throws IOException {
        Map<String, String> properties = new TreeMap<>(base.properties());
        if (!more.isEmpty()) {
            properties.put(EmbeddingFile.COLUMNS_OF, base.columnsOrigin());
        }
        write(base, properties, more, rows, into);
    }

    /**
     * Has a file say what it was learnt by, in place of the one that is there.
     *
     * @throws IOException when the disk refuses; the file stays as it was
     */
    public static void nameTraining(Path path, String training) throws IOException {
        EmbeddingFile file = EmbeddingFile.open(path);
        Map<String, String> properties = new TreeMap<>(file.properties());
        properties.put(EmbeddingFile.TRAINING, training);
        AtomicFile.writeShared(
                Disk.LOCAL, path, out -> write(file, properties, List.of(), EmbeddingRows.of(file), out));
    }

    private static void write(
            EmbeddingFile base,
            Map<String, String> properties,
            List<EntityId> more,
            EmbeddingRows rows,
            Disk.Output into)
            throws IOException {
        Header draft = new Header(
                base.space(),
                base.model(),
                base.kind(),
                base.form(),
                rows.count(),
                base.dimension() + more.size(),
                new TreeMap<>(properties),
                List.of(),
                0);
        IdTable columns = columns(base, more);
        FileOutput.write(
                draft,
                rows,
                columns,
                column -> base.columnLabel(column).orElse("").getBytes(StandardCharsets.UTF_8),
                into);
    }

    private static IdTable columns(EmbeddingFile base, List<EntityId> more) {
        IdTable known = base.columns().orElseGet(() -> IdTable.copyOf(List.of()));
        if (more.isEmpty()) {
            return known;
        }
        List<EntityId> all = new ArrayList<>(known.count() + more.size());
        for (int column = 0; column < known.count(); column++) {
            all.add(known.id(column));
        }
        all.addAll(more);
        return IdTable.copyOf(all);
    }
}
