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
        write(base, List.of(), rows, into);
    }

    /** The same with more columns, which go on from the base's. */
    public static void write(EmbeddingFile base, List<EntityId> more, EmbeddingRows rows, Disk.Output into)
            throws IOException {
        write(base, columns(base, more), rows, into);
    }

    /**
     * The same with these columns.
     *
     * @param columns as many as the base's, or more; labels go along with the ids that stay in their places
     */
    public static void write(EmbeddingFile base, IdTable columns, EmbeddingRows rows, Disk.Output into)
            throws IOException {
        Map<String, String> properties = new TreeMap<>(base.properties());
        if (base.columns().isPresent() && !isOf(base, columns)) {
            properties.put(EmbeddingFile.COLUMNS_OF, base.columnsOrigin());
        }
        write(base, properties, columns, rows, into);
    }

    private static boolean isOf(EmbeddingFile base, IdTable columns) {
        return base.columns().filter(own -> own == columns).isPresent();
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
                Disk.LOCAL,
                path,
                out -> write(file, properties, columns(file, List.of()), EmbeddingRows.of(file), out));
    }

    private static void write(
            EmbeddingFile base, Map<String, String> properties, IdTable columns, EmbeddingRows rows, Disk.Output into)
            throws IOException {
        Header draft = new Header(
                base.space(),
                base.model(),
                base.kind(),
                base.form(),
                rows.count(),
                base.columns().isPresent() ? columns.count() : base.dimension(),
                new TreeMap<>(properties),
                List.of(),
                0);
        boolean same = isOf(base, columns);
        FileOutput.write(
                draft,
                rows,
                columns,
                column -> (same || stays(base, columns, column)
                                ? base.columnLabel(column).orElse("")
                                : "")
                        .getBytes(StandardCharsets.UTF_8),
                into);
    }

    private static boolean stays(EmbeddingFile base, IdTable columns, int column) {
        return column < base.dimension()
                && columns.id(column).equals(base.columns().orElseThrow().id(column));
    }

    /** The columns of a file, and more behind them. */
    public static IdTable columns(EmbeddingFile base, List<EntityId> more) {
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
