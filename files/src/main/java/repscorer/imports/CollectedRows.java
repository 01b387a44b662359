package repscorer.imports;

import java.util.Optional;
import java.util.function.LongConsumer;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.entity.EntityId;

/** The rows that keep all rules, on their way to a file. */
abstract class CollectedRows implements RowSink {

    /** What an id and its row take on the heap, beside the id's text and the row's entries. */
    private static final int ROW_BYTES = 192;

    final ImportTarget target;
    private final BadRows bad;
    private final LongConsumer progress;
    private final ImportMemory.Share memory;
    private long zeroVectors;
    private Optional<String> columns = Optional.empty();

    CollectedRows(ImportTarget target, BadRows bad, LongConsumer progress, ImportMemory.Share memory) {
        this.target = target;
        this.bad = bad;
        this.progress = progress;
        this.memory = memory;
    }

    /** Everything that was good, ready to be written. */
    abstract EmbeddingFileWriter writer();

    /** Whether a row of this id is among them. */
    abstract boolean contains(EntityId id);

    @Override
    public final void columns(String told) {
        columns = Optional.of(told);
    }

    /** Which columns the rows came from, where that was chosen. */
    final Optional<String> columns() {
        return columns;
    }

    @Override
    public final void bad(long row, String rule) {
        bad.add(row, rule);
    }

    @Override
    public final void progress(long rows) {
        progress.accept(rows);
    }

    /** Makes room for a row. */
    final void keep(long row, EntityId id, int entries, int values) {
        memory.take(row, ROW_BYTES + 2L * id.value().length() + 8L * entries, (long) Float.BYTES * values);
    }

    /** Makes room for the name of a column. */
    final void keep(long row, EntityId column) {
        memory.take(row, ROW_BYTES + 2L * column.value().length(), 0);
    }

    final long zeroVectors() {
        return zeroVectors;
    }

    /** A whole number is an id of the space's kind, and so is a text without a colon where such are taken; all else names its kind. */
    final EntityId id(String text) {
        boolean plain = isNumber(text) || (target.plainIds() && !text.isEmpty() && text.indexOf(':') < 0);
        EntityId id = plain ? EntityId.of(target.kind(), text) : EntityId.parse(text);
        if (!id.kind().equals(target.kind())) {
            throw new IllegalArgumentException("ids must be of kind %s: %s".formatted(target.kind(), id));
        }
        if (contains(id)) {
            throw new IllegalArgumentException("ids must differ: %s is there twice".formatted(id));
        }
        return id;
    }

    static boolean isNumber(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** Whether a row without length is kept; one that is dropped is counted. */
    final boolean keepsZero(EntityId id) {
        return switch (target.zeroVectors()) {
            case KEEP -> true;
            case DROP -> {
                zeroVectors++;
                yield false;
            }
            case REFUSE -> throw new IllegalArgumentException("zero vectors are refused: %s".formatted(id));
        };
    }

    final IllegalArgumentException noRow() {
        return new IllegalArgumentException("there is no good row (%s bad ones, %s zero vectors%s)%s"
                .formatted(
                        bad.count(),
                        zeroVectors,
                        columns.map(told -> "; " + told).orElse(""),
                        bad.count() == 0 ? "" : ": " + String.join("; ", bad.named())));
    }
}
