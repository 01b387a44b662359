package repscorer.core.store;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import repscorer.ann.DenseIndex;
import repscorer.ann.Neighbors;
import repscorer.ann.OrdinalFilter;
import repscorer.ann.SparseIndex;
import repscorer.core.codes.RowCodes;
import repscorer.core.embedding.Embedding;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.embedding.EmbeddingFile.Form;
import repscorer.core.embedding.NewColumns;
import repscorer.core.embedding.Space;
import repscorer.core.entity.EntityId;
import repscorer.core.store.delta.AgedDenseIndex;
import repscorer.core.store.delta.AgedSparseIndex;
import repscorer.core.store.delta.Delta;
import repscorer.core.store.delta.DeltaView;
import repscorer.core.store.delta.OverlaidDenseIndex;
import repscorer.core.store.delta.OverlaidSparseIndex;
import repscorer.core.store.delta.OverlaidTexts;
import repscorer.core.store.delta.RowAges;
import repscorer.core.text.AnalysedText;
import repscorer.core.text.Completion;
import repscorer.core.text.TermPart;
import repscorer.core.text.TextIndex;
import repscorer.core.text.TextQuery;
import repscorer.vector.Metric;
import repscorer.vector.SparseVector;

/**
 * One space inside one release at one moment: a base file, the changes streamed in since it was written, and an index over
 * both. Immutable, safe for concurrent use.
 *
 * <p>Ordinals go on from the base's rows to the changes: those below {@code file().count()} are the base's. An ordinal that an
 * index answers or {@link #ordinal} finds is live; others may stand for rows that were replaced.
 */
public final class SpaceVersion {

    private final Space space;
    private final String published;
    private final EmbeddingFile file;
    private final DeltaView delta;
    private final Optional<DenseIndex> baseDense;
    private final Optional<SparseIndex> baseSparse;
    private final Optional<DenseIndex> dense;
    private final Optional<SparseIndex> sparse;
    private final Optional<RowCodes> codes;
    private final Optional<TextIndex> texts;
    private final long sinceMillis;
    private final Optional<RowAges> ages;

    private SpaceVersion(
            Space space,
            String published,
            EmbeddingFile file,
            DeltaView delta,
            Optional<DenseIndex> baseDense,
            Optional<SparseIndex> baseSparse,
            Optional<RowCodes> codes,
            Optional<TextIndex> texts,
            long sinceMillis,
            Optional<RowAges> ages) {
        this.space = space;
        this.published = published;
        this.file = file;
        this.delta = delta;
        this.baseDense = baseDense;
        this.baseSparse = baseSparse;
        this.codes = codes;
        this.texts = texts;
        this.sinceMillis = sinceMillis;
        this.ages = ages;
        Optional<DenseIndex> allDense =
                delta.isEmpty() ? baseDense : baseDense.map(base -> new OverlaidDenseIndex(base, delta));
        Optional<SparseIndex> allSparse =
                delta.isEmpty() ? baseSparse : baseSparse.map(base -> new OverlaidSparseIndex(base, delta));
        this.dense = ages.isEmpty() ? allDense : allDense.map(all -> new AgedDenseIndex(all, ages.get()));
        this.sparse = ages.isEmpty() ? allSparse : allSparse.map(all -> new AgedSparseIndex(all, ages.get()));
    }

    /** A version as it was published, without changes; its rows have no age yet. */
    static SpaceVersion of(Space space, EmbeddingFile file, Optional<DenseIndex> dense, Optional<SparseIndex> sparse) {
        return new SpaceVersion(
                space,
                file.checksum(),
                file,
                new Delta(file, dense, 0).view(),
                dense,
                sparse,
                Optional.empty(),
                Optional.empty(),
                Long.MAX_VALUE,
                Optional.empty());
    }

    /** A version of texts as it was published, without changes. */
    static SpaceVersion of(Space space, EmbeddingFile file, TextIndex texts) {
        return new SpaceVersion(
                space,
                file.checksum(),
                file,
                new Delta(file, Optional.empty(), 0).view(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(texts),
                Long.MAX_VALUE,
                Optional.empty());
    }

    /** The same version with codes of its base's rows. */
    SpaceVersion with(Optional<RowCodes> rowCodes) {
        return new SpaceVersion(
                space, published, file, delta, baseDense, baseSparse, rowCodes, texts, sinceMillis, ages);
    }

    /** The same published version on this base with these changes. */
    SpaceVersion with(String publishedVersion, DeltaView changes) {
        return new SpaceVersion(
                space,
                publishedVersion,
                file,
                changes,
                baseDense,
                baseSparse,
                codes,
                texts,
                sinceMillis,
                Optional.empty());
    }

    SpaceVersion movedTo(EmbeddingFile moved) {
        return new SpaceVersion(
                space, published, moved, delta, baseDense, baseSparse, codes, texts, sinceMillis, Optional.empty());
    }

    /** The same version, whose rows were made then where they do not say it. */
    SpaceVersion since(long millis) {
        return new SpaceVersion(
                space, published, file, delta, baseDense, baseSparse, codes, texts, millis, Optional.empty());
    }

    long sinceMillis() {
        return sinceMillis;
    }

    /**
     * The version as it is at a moment, in milliseconds since 1970: rows that are expired are not there, and others are what is left
     * of them, wherever they are read or searched. The version itself where its vectors stay as they are. O(1).
     */
    public SpaceVersion at(long nowMillis) {
        if (space.policy().aging().isNone()) {
            return this;
        }
        RowAges then = new RowAges(space.policy().aging(), file, delta, sinceMillis, nowMillis);
        return new SpaceVersion(
                space, published, file, delta, baseDense, baseSparse, codes, texts, sinceMillis, Optional.of(then));
    }

    /** Whether rows are to be read one by one, as they are now, and not from the file. */
    public boolean ages() {
        return ages.isPresent();
    }

    /** Whether an entity has a row that is expired. O(1). */
    public boolean isExpired(EntityId id) {
        OptionalInt ordinal = ages.isEmpty() ? OptionalInt.empty() : anyAge(id);
        return ordinal.isPresent() && ages.get().isExpired(ordinal.getAsInt());
    }

    /** How many rows of the base are expired and wait for the next compaction. O(log n), and a sort once a base. */
    public int expired() {
        return ages.map(RowAges::expiredOfBase).orElse(0);
    }

    /** Has no request wait for the sort that {@link #expired} needs once. */
    void sortTimes() {
        at(0).expired();
    }

    /** What the base's rows are at this moment: where it is the same again, so are they. */
    public String baseState() {
        return ages.isEmpty() ? file.checksum() : file.checksum() + "-" + expired();
    }

    /** Whether a base that is written of it says when rows were made. */
    boolean timed() {
        return file.timed() || !space.policy().aging().isNone();
    }

    /** When a row was made, in milliseconds since 1970. */
    long madeMillis(int ordinal) {
        int slot = ordinal - file.count();
        long told = slot < 0 ? file.madeMillis(ordinal) : delta.madeMillis(slot);
        return told == EmbeddingFile.UNTOLD ? sinceMillis : told;
    }

    DeltaView delta() {
        return delta;
    }

    /** The version as it was published, whatever was streamed into it since: the checksum of its file. */
    public String published() {
        return published;
    }

    public Space space() {
        return space;
    }

    /** The base's file: what columns stand for, form and dimension. Its rows may have been replaced since. */
    public EmbeddingFile file() {
        return file;
    }

    /** The index of a dense space's base alone. */
    public Optional<DenseIndex> baseDense() {
        return baseDense;
    }

    /** The index of a dense space. */
    public Optional<DenseIndex> dense() {
        return dense;
    }

    /** The index of a sparse space that is indexed. */
    public Optional<SparseIndex> sparse() {
        return sparse;
    }

    /** The codes of a dense space's base, without what was streamed in since; empty where it has none. */
    public Optional<RowCodes> codes() {
        return codes;
    }

    /** The version's name: the checksum of the published file, and {@code +n} after n streamed changes. */
    public String version() {
        return delta.sequence() == 0 ? published : published + "+" + delta.sequence();
    }

    /** How many entities it holds. */
    public int count() {
        return delta.rows();
    }

    /** How many changes were streamed into it since its base was written. */
    public int changes() {
        return delta.count();
    }

    /** Whether rows of its base may be there no more: changes were streamed in since it was written, or rows expire. */
    public boolean changed() {
        return !delta.isEmpty() || ages.isPresent();
    }

    /** One more than the greatest ordinal there may be. */
    public int ordinalsEnd() {
        return file.count() + delta.count();
    }

    /** Whether an ordinal stands for a row that is there. O(1). */
    public boolean live(int ordinal) {
        boolean there = ordinal < file.count() ? !delta.overrides(ordinal) : delta.isLive(ordinal - file.count());
        return there && (ages.isEmpty() || !ages.get().isExpired(ordinal));
    }

    /** Tells the ordinals of the live rows that were streamed in since the base was written, ascending. O(changes). */
    public void eachStreamed(IntConsumer ordinals) {
        for (int ordinal = file.count(); ordinal < ordinalsEnd(); ordinal++) {
            if (live(ordinal)) {
                ordinals.accept(ordinal);
            }
        }
    }

    /** Where an entity's row is, or empty where there is none. O(1). */
    public OptionalInt ordinal(EntityId id) {
        OptionalInt ordinal = anyAge(id);
        return ordinal.isPresent() && ages.isPresent() && ages.get().isExpired(ordinal.getAsInt())
                ? OptionalInt.empty()
                : ordinal;
    }

    private OptionalInt anyAge(EntityId id) {
        if (!delta.isEmpty()) {
            int slot = delta.find(id);
            if (slot != DeltaView.UNTOUCHED) {
                return slot == DeltaView.DELETED ? OptionalInt.empty() : OptionalInt.of(file.count() + slot);
            }
        }
        return file.ids().ordinal(id);
    }

    /** @throws IndexOutOfBoundsException when there is no such ordinal */
    public EntityId id(int ordinal) {
        return ordinal < file.count() ? file.ids().id(ordinal) : delta.id(ordinal - file.count());
    }

    /**
     * Whether columns of the same number stand for the same things in two sparse versions, though one may have more of them than
     * the other. O(columns) once a file.
     */
    public boolean sameColumns(SpaceVersion other) {
        NewColumns own = delta.columns();
        NewColumns others = other.delta.columns();
        return own == others
                || ((own.isEmpty() || others.isEmpty()) && file.columnsOrigin().equals(other.file.columnsOrigin()));
    }

    /** One more than the greatest column of a sparse version: the file's, and those that changes named since. */
    public int columnsEnd() {
        return Math.max(file.dimension(), delta.columns().end());
    }

    /** What a column of a sparse version stands for. */
    public EntityId columnId(int column) {
        return column < file.dimension()
                ? file.columns().orElseThrow().id(column)
                : delta.columns().name(column);
    }

    /** The column of a sparse version that stands for something; empty where none does. */
    public OptionalInt column(EntityId id) {
        int known = file.columns().orElseThrow().find(id);
        return known >= 0 ? OptionalInt.of(known) : delta.columns().find(id);
    }

    /** What the columns stand for that the file has not, by ascending column. */
    List<EntityId> newColumns() {
        if (!isSparse()) {
            return List.of();
        }
        NewColumns columns = delta.columns();
        return IntStream.range(file.dimension(), columnsEnd())
                .mapToObj(columns::name)
                .toList();
    }

    /** Copies a dense row into the front of an array. Allocates nothing. */
    public void copyDense(int ordinal, float[] into) {
        if (ages.isPresent()) {
            ages.get().copyDense(ordinal, into);
            return;
        }
        int slot = ordinal - file.count();
        if (slot < 0) {
            file.denseRows().copyRow(ordinal, into);
        } else {
            delta.chunk(slot).copyRow(slot % Delta.CHUNK_ROWS, into);
        }
    }

    /** A dense row, copied. */
    public float[] dense(int ordinal) {
        float[] values = new float[file.dimension()];
        copyDense(ordinal, values);
        return values;
    }

    /** The rule that a change to the space would break; empty where it would be taken. */
    public Optional<Outcome.Refused> refusal(Change change) {
        return ChangeChecks.check(space, file, delta.columns(), change);
    }

    public boolean isSparse() {
        return file.form() == Form.SPARSE;
    }

    /**
     * A dense row's score, as the index computes it.
     *
     * @param norm of the query
     */
    public float score(Metric metric, float[] query, float norm, int ordinal) {
        if (ages.isPresent()) {
            return AgedDenseIndex.score(ages.get(), metric, query, norm, ordinal);
        }
        int slot = ordinal - file.count();
        return slot < 0
                ? file.denseRows().score(metric, query, norm, ordinal)
                : delta.chunk(slot).score(metric, query, norm, slot % Delta.CHUNK_ROWS);
    }

    /** A sparse row. */
    public SparseVector sparse(int ordinal) {
        if (ages.isPresent()) {
            return ages.get().sparse(ordinal);
        }
        int slot = ordinal - file.count();
        return slot < 0 ? file.sparseRows().row(ordinal) : delta.sparse(slot);
    }

    /** A text. */
    public String text(int ordinal) {
        int slot = ordinal - file.count();
        return slot < 0 ? file.texts().text(ordinal) : delta.text(slot);
    }

    /** The best k texts that share a word with the query. */
    public Neighbors search(TextQuery query, int k, float scoreMin, OrdinalFilter filter, long deadlineNanos) {
        return new OverlaidTexts(baseTexts(), delta).search(query, k, scoreMin, filter, deadlineNanos);
    }

    /** The names that a prefix begins a word of: the best n of the base, and those that were streamed in. */
    public List<Completion.Match> complete(String prefix, int n) {
        return new OverlaidTexts(baseTexts(), delta).complete(prefix, n);
    }

    /** The index of the base's texts, in a space of texts. */
    Optional<TextIndex> texts() {
        return texts;
    }

    /** The index of the base's texts alone. */
    public TextIndex baseTexts() {
        return texts.orElseThrow(() -> new IllegalStateException("no texts are in " + space.name()));
    }

    /** A text that was streamed in, by its words. */
    public AnalysedText words(int ordinal) {
        return delta.words(ordinal - file.count(), baseTexts());
    }

    /** What each word of a query adds to a text's score, greatest first. */
    public List<TermPart> parts(TextQuery query, int ordinal) {
        return ordinal < file.count()
                ? baseTexts().parts(query, ordinal)
                : baseTexts().parts(query, words(ordinal));
    }

    /** An entity's vector or text, or empty where it has none. */
    public Optional<Embedding> embedding(EntityId id) {
        OptionalInt ordinal = ordinal(id);
        if (ordinal.isEmpty()) {
            return Optional.empty();
        }
        int row = ordinal.getAsInt();
        return Optional.of(
                switch (file.form()) {
                    case DENSE -> new Embedding.Dense(dense(row));
                    case SPARSE -> new Embedding.Sparse(sparse(row));
                    case TEXT -> new Embedding.Text(text(row));
                });
    }
}
