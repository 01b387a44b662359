package repscorer.core.embedding;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import repscorer.core.disk.AtomicFile;
import repscorer.core.disk.Disk;
import repscorer.core.embedding.EmbeddingFile.Form;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.entity.IdTable;
import repscorer.vector.SparseVector;

/**
 * Collects rows, then writes one embedding file: to a temporary neighbour first, synced, then renamed, so that a file
 * under its name is always whole. Rows may come in any order. Not safe for concurrent use.
 *
 * <p>The same rows and properties give the same bytes. Of rows that are added, ids and sparse rows are on the heap until they
 * are written, dense values beside it; rows that come from {@link #from} are not kept at all.
 */
public final class EmbeddingFileWriter {

    private static final Pattern TRAINING_NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    /** Of dense values kept beside the heap. */
    private static final int CHUNK_BYTES = 1 << 20;

    private final String space;
    private final String model;
    private final EntityKind kind;
    private final Form form;
    private final int dimension;
    private final List<EntityId> columns;
    private final TreeMap<Integer, String> labels;
    private final TreeMap<String, String> properties = new TreeMap<>();
    private final List<Row> rows = new ArrayList<>();
    private final Set<EntityId> seen = new HashSet<>();
    private final int chunkRows;
    private final List<MemorySegment> chunks = new ArrayList<>();
    private Optional<EmbeddingRows> source = Optional.empty();

    /** One row of either form. */
    private sealed interface Row {
        EntityId id();
    }

    /** @param number of the row in the order it came, which tells its place among the chunks */
    private record DenseRow(EntityId id, int number) implements Row {}

    private record SparseRow(EntityId id, SparseVector vector) implements Row {}

    private EmbeddingFileWriter(
            String space,
            String model,
            EntityKind kind,
            Form form,
            int dimension,
            List<EntityId> columns,
            Map<Integer, String> labels) {
        Space.checkName("space", space);
        Space.checkName("model", model);
        this.space = space;
        this.model = model;
        this.kind = kind;
        this.form = form;
        this.dimension = dimension;
        this.columns = List.copyOf(columns);
        this.labels = new TreeMap<>(labels);
        this.chunkRows = Math.max(1, CHUNK_BYTES / (Float.BYTES * Math.max(1, dimension)));
    }

    /** A writer of dense rows. */
    public static EmbeddingFileWriter dense(String space, String model, EntityKind kind, int dimension) {
        if (dimension < 1 || dimension > DenseSpace.DIMENSION_MAX) {
            throw new IllegalArgumentException(
                    "dimension must be 1 to %s: %s (space %s)".formatted(DenseSpace.DIMENSION_MAX, dimension, space));
        }
        return new EmbeddingFileWriter(space, model, kind, Form.DENSE, dimension, List.of(), Map.of());
    }

    /**
     * A writer of sparse rows.
     *
     * @param columns what column 0, 1, … stands for; distinct
     * @param labels words for columns, by column; columns without words are absent
     */
    public static EmbeddingFileWriter sparse(
            String space, String model, EntityKind kind, List<EntityId> columns, Map<Integer, String> labels) {
        Set<EntityId> distinct = new HashSet<>();
        for (EntityId column : columns) {
            if (!distinct.add(column)) {
                throw new IllegalArgumentException(
                        "columns must differ: %s is there twice (space %s)".formatted(column, space));
            }
        }
        labels.forEach((column, label) -> {
            int bytes = label.getBytes(StandardCharsets.UTF_8).length;
            if (column < 0 || column >= columns.size() || bytes > FileFormat.STRING_BYTES_MAX) {
                throw new IllegalArgumentException(
                        "a label is for column 0 to %s and has at most %s bytes: column %s, %s bytes (space %s)"
                                .formatted(columns.size() - 1, FileFormat.STRING_BYTES_MAX, column, bytes, space));
            }
        });
        return new EmbeddingFileWriter(space, model, kind, Form.SPARSE, columns.size(), columns, labels);
    }

    /** Notes a property in the header: trainer, seed, plan, parent. A later value of a key replaces the earlier one. */
    public EmbeddingFileWriter property(String key, String value) {
        int bytes =
                Math.max(key.getBytes(StandardCharsets.UTF_8).length, value.getBytes(StandardCharsets.UTF_8).length);
        if (key.isBlank() || bytes > FileFormat.STRING_BYTES_MAX) {
            throw new IllegalArgumentException("a property has a key, and at most %s bytes each: %s bytes ('%s')"
                    .formatted(FileFormat.STRING_BYTES_MAX, bytes, key.substring(0, Math.min(64, key.length()))));
        }
        properties.put(key, value);
        if (properties.size() > FileFormat.PROPERTIES_MAX) {
            throw new IllegalArgumentException(
                    "a file has at most %s properties: '%s'".formatted(FileFormat.PROPERTIES_MAX, key));
        }
        return this;
    }

    /**
     * Names what the rows were learnt by; files of a model that name different ones do not go into one release.
     *
     * @throws IllegalArgumentException unless it is 1 to 64 letters, digits, dots, hyphens and underscores
     */
    public EmbeddingFileWriter training(String name) {
        checkTraining(name);
        return property(EmbeddingFile.TRAINING, name);
    }

    /** @throws IllegalArgumentException where a name is none for a training */
    public static void checkTraining(String name) {
        if (!TRAINING_NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "a training's name is 1 to 64 letters, digits, dots, hyphens and underscores: '%s'"
                            .formatted(name.length() <= 64 ? name : name.substring(0, 61) + "..."));
        }
    }

    /**
     * Adds a dense row, copied.
     *
     * @throws IllegalArgumentException naming the row (counted from 1) and the rule: kind, duplicate id, dimension,
     *     finite values
     */
    public void add(EntityId id, float[] values) {
        int row = rows.size() + 1;
        if (form != Form.DENSE) {
            throw new IllegalArgumentException("a sparse space takes sparse rows: %s (row %s)".formatted(id, row));
        }
        if (values.length != dimension) {
            throw new IllegalArgumentException("dimension differs: space=%s expects %s, got %s (row %s, %s)"
                    .formatted(space, dimension, values.length, row, id));
        }
        checkValues(id, row, values);
        checkId(id, row);
        int number = rows.size();
        if (number % chunkRows == 0) {
            chunks.add(Arena.ofAuto().allocate(ValueLayout.JAVA_FLOAT, (long) chunkRows * dimension));
        }
        MemorySegment.copy(values, 0, chunk(number), ValueLayout.JAVA_FLOAT, offset(number), dimension);
        rows.add(new DenseRow(id, number));
    }

    private MemorySegment chunk(int number) {
        return chunks.get(number / chunkRows);
    }

    private long offset(int number) {
        return (long) Float.BYTES * dimension * (number % chunkRows);
    }

    private void checkValues(EntityId id, int row, float[] values) {
        double squares = 0;
        for (int i = 0; i < dimension; i++) {
            if (!Float.isFinite(values[i])) {
                throw new IllegalArgumentException(
                        "values must be finite: %s in column %s (row %s, %s)".formatted(values[i], i, row, id));
            }
            squares += (double) values[i] * values[i];
        }
        if (!Float.isFinite(FileFormat.norm(squares))) {
            throw new IllegalArgumentException("the norm must be finite: %s (row %s, %s)".formatted(squares, row, id));
        }
    }

    /**
     * Adds a sparse row.
     *
     * @throws IllegalArgumentException naming the row (counted from 1) and the rule: kind, duplicate id, column range
     */
    public void add(EntityId id, SparseVector vector) {
        int row = rows.size() + 1;
        if (form != Form.SPARSE) {
            throw new IllegalArgumentException("a dense space takes dense rows: %s (row %s)".formatted(id, row));
        }
        int size = vector.size();
        if (size > 0 && vector.columns()[size - 1] >= dimension) {
            throw new IllegalArgumentException("columns are 0 to %s: %s (row %s, %s)"
                    .formatted(dimension - 1, vector.columns()[size - 1], row, id));
        }
        checkId(id, row);
        rows.add(new SparseRow(id, vector));
    }

    private void checkId(EntityId id, int row) {
        if (!id.kind().equals(kind)) {
            throw new IllegalArgumentException(
                    "ids must be of kind %s: %s (row %s, space %s)".formatted(kind, id, row, space));
        }
        if (!seen.add(id)) {
            throw new IllegalArgumentException(
                    "ids must differ: %s is there twice (row %s, space %s)".formatted(id, row, space));
        }
    }

    /**
     * Takes all rows from elsewhere, in place of rows that are added, and reads them when they are written.
     *
     * @param all by ascending id, of the writer's kind, form and dimension; dense values are checked as they are written
     */
    public EmbeddingFileWriter from(EmbeddingRows all) {
        source = Optional.of(all);
        return this;
    }

    public int count() {
        return source.map(EmbeddingRows::count).orElse(rows.size());
    }

    /** Whether a row of this id was added. */
    public boolean contains(EntityId id) {
        return seen.contains(id);
    }

    /**
     * Writes {@code <directory>/<space>.emb}.
     *
     * @return the file's path
     * @throws IOException when the disk refuses; the temporary file is removed and an older file stays as it was
     */
    public Path writeTo(Path directory) throws IOException {
        return writeTo(Disk.LOCAL, directory);
    }

    /** The same on a disk of the caller's. */
    public Path writeTo(Disk disk, Path directory) throws IOException {
        Path target = directory.resolve(space + EmbeddingFile.SUFFIX);
        AtomicFile.writeShared(disk, target, this::write);
        return target;
    }

    private void write(Disk.Output out) throws IOException {
        rows.sort(Comparator.comparing(Row::id));
        Header draft = new Header(space, model, kind, form, count(), dimension, properties, List.of(), 0);
        EmbeddingRows all = source.<EmbeddingRows>map(Checked::new).orElseGet(Collected::new);
        FileOutput.write(draft, all, IdTable.copyOf(columns), this::label, out);
    }

    private byte[] label(int column) {
        return labels.getOrDefault(column, "").getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Writes a file that differs from another in its rows only: same space, columns, labels and properties. O(rows), none of
     * them on the heap but the one at hand.
     *
     * @param rows by ascending id, of the base's kind, form and dimension
     * @param into empty; not synced
     */
    public static void rewrite(EmbeddingFile base, EmbeddingRows rows, Disk.Output into) throws IOException {
        rewrite(base, base.properties(), columnsOf(base), rows, into);
    }

    /** The same with other ids for as many columns. */
    public static void rewrite(EmbeddingFile base, IdTable columns, EmbeddingRows rows, Disk.Output into)
            throws IOException {
        rewrite(base, base.properties(), columns, rows, into);
    }

    private static IdTable columnsOf(EmbeddingFile base) {
        return base.columns().orElseGet(() -> IdTable.copyOf(List.of()));
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
                Disk.LOCAL, path, out -> rewrite(file, properties, columnsOf(file), EmbeddingRows.of(file), out));
    }

    private static void rewrite(
            EmbeddingFile base, Map<String, String> properties, IdTable columns, EmbeddingRows rows, Disk.Output into)
            throws IOException {
        Header draft = new Header(
                base.space(),
                base.model(),
                base.kind(),
                base.form(),
                rows.count(),
                base.dimension(),
                new TreeMap<>(properties),
                List.of(),
                0);
        boolean same = base.columns().filter(own -> own == columns).isPresent();
        FileOutput.write(
                draft,
                rows,
                columns,
                column -> (same
                                        || columns.id(column)
                                                .equals(base.columns()
                                                        .orElseThrow()
                                                        .id(column))
                                ? base.columnLabel(column).orElse("")
                                : "")
                        .getBytes(StandardCharsets.UTF_8),
                into);
    }

    /** Rows from elsewhere. */
    private final class Checked implements EmbeddingRows {
        private final EmbeddingRows all;

        Checked(EmbeddingRows all) {
            this.all = all;
        }

        @Override
        public int count() {
            return all.count();
        }

        @Override
        public EntityId id(int row) {
            EntityId id = all.id(row);
            if (row > 0 && all.id(row - 1).compareTo(id) >= 0) {
                throw new IllegalArgumentException(
                        "ids must ascend: %s (row %s, space %s)".formatted(id, row + 1, space));
            }
            return id;
        }

        @Override
        public void copyDense(int row, float[] into) {
            all.copyDense(row, into);
            checkValues(all.id(row), row + 1, into);
        }

        @Override
        public SparseVector sparse(int row) {
            return all.sparse(row);
        }
    }

    /** The collected rows, sorted. */
    private final class Collected implements EmbeddingRows {
        @Override
        public int count() {
            return rows.size();
        }

        @Override
        public EntityId id(int row) {
            return rows.get(row).id();
        }

        @Override
        public void copyDense(int row, float[] into) {
            int number = ((DenseRow) rows.get(row)).number;
            MemorySegment.copy(chunk(number), ValueLayout.JAVA_FLOAT, offset(number), into, 0, dimension);
        }

        @Override
        public SparseVector sparse(int row) {
            return ((SparseRow) rows.get(row)).vector;
        }
    }
}
