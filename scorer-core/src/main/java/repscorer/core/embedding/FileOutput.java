package repscorer.core.embedding;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import repscorer.core.disk.Disk;
import repscorer.core.embedding.FileFormat.Section;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.IdTable;
import repscorer.vector.SparseVector;

/** Writes the sections of one embedding file, then the header that holds their checksums. */
final class FileOutput {

    private final Header draft;
    private final EmbeddingRows rows;
    private final IdTable columns;
    private final IntFunction<byte[]> labels;
    private final SectionOutput out;
    private final float[] values;

    private FileOutput(
            Header draft, EmbeddingRows rows, IdTable columns, IntFunction<byte[]> labels, SectionOutput out) {
        this.draft = draft;
        this.rows = rows;
        this.columns = columns;
        this.labels = labels;
        this.out = out;
        this.values = new float[draft.form() == EmbeddingFile.Form.DENSE ? draft.dimension() : 0];
    }

    /** @param draft without sections and size */
    static void write(
            Header draft, EmbeddingRows rows, IdTable columns, IntFunction<byte[]> labels, Disk.Output channel)
            throws IOException {
        SectionOutput out = new SectionOutput(channel);
        FileOutput file = new FileOutput(draft, rows, columns, labels, out);
        Section[] sections = FileFormat.sections(draft.form(), rows.timed());
        out.padTo(draft.byteSize(sections.length));
        List<Header.Entry> entries = new ArrayList<>();
        for (Section section : sections) {
            out.beginSection();
            long offset = out.position();
            file.writeSection(section);
            entries.add(new Header.Entry(section, out.endSection(), offset, out.position() - offset));
        }
        Header header = new Header(
                draft.space(),
                draft.model(),
                draft.kind(),
                draft.form(),
                draft.count(),
                draft.dimension(),
                draft.properties(),
                entries,
                out.position());
        ByteBuffer bytes = ByteBuffer.wrap(header.toBytes());
        channel.position(0);
        channel.writeFully(bytes);
    }

    private void writeSection(Section section) throws IOException {
        int count = rows.count();
        switch (section) {
            case IDS -> out.write(IdTable.copyOf(new Ids()).segment());
            case VALUES -> {
                for (int row = 0; row < count; row++) {
                    rows.copyDense(row, values);
                    for (float value : values) {
                        out.writeFloat(value);
                    }
                }
            }
            case NORMS -> {
                for (int row = 0; row < count; row++) {
                    rows.copyDense(row, values);
                    double squares = 0;
                    for (float value : values) {
                        squares += (double) value * value;
                    }
                    out.writeFloat(FileFormat.norm(squares));
                }
            }
            case OFFSETS -> {
                long entries = 0;
                out.writeLong(entries);
                for (int row = 0; row < count; row++) {
                    entries += rows.sparse(row).size();
                    out.writeLong(entries);
                }
            }
            case COLUMNS -> {
                for (int row = 0; row < count; row++) {
                    for (int column : rows.sparse(row).columns()) {
                        out.writeInt(column);
                    }
                }
            }
            case WEIGHTS -> {
                for (int row = 0; row < count; row++) {
                    SparseVector vector = rows.sparse(row);
                    for (float weight : vector.weights()) {
                        out.writeFloat(weight);
                    }
                }
            }
            case COLUMN_IDS -> out.write(columns.segment());
            case LABELS -> writeLabels();
            case TIMES -> {
                for (int row = 0; row < count; row++) {
                    out.writeLong(rows.madeMillis(row));
                }
            }
            case TEXT_OFFSETS -> {
                long bytes = 0;
                out.writeLong(bytes);
                for (int row = 0; row < count; row++) {
                    bytes += TextRows.bytes(rows.text(row)).length;
                    out.writeLong(bytes);
                }
            }
            case TEXTS -> {
                for (int row = 0; row < count; row++) {
                    out.writeBytes(TextRows.bytes(rows.text(row)));
                }
            }
        }
    }

    private void writeLabels() throws IOException {
        long end = 0;
        out.writeLong(end);
        for (int column = 0; column < draft.dimension(); column++) {
            end += labels.apply(column).length;
            out.writeLong(end);
        }
        for (int column = 0; column < draft.dimension(); column++) {
            out.writeBytes(labels.apply(column));
        }
    }

    /** The rows' ids as a list, read where they are. */
    private final class Ids extends AbstractList<EntityId> {
        @Override
        public EntityId get(int row) {
            return rows.id(row);
        }

        @Override
        public int size() {
            return rows.count();
        }
    }
}
