package repscorer.core.store;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntConsumer;
import repscorer.ann.DenseIndex;
import repscorer.ann.Neighbors;
import repscorer.ann.OrdinalFilter;
import repscorer.ann.SparseIndex;
import repscorer.core.codes.RowCodes;
import repscorer.core.embedding.Embedding;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.embedding.EmbeddingFile.Form;
import repscorer.core.embedding.Space;
import repscorer.core.entity.EntityId;
import repscorer.core.store.delta.Delta;
import repscorer.core.store.delta.DeltaView;
import repscorer.core.store.delta.OverlaidDenseIndex;
import repscorer.core.store.delta.OverlaidSparseIndex;
import repscorer.core.store.delta.OverlaidTexts;
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

    private SpaceVersion(
            Space space,
            String published,
            EmbeddingFile file,
            DeltaView delta,
            Optional<DenseIndex> baseDense,
            Optional<SparseIndex> baseSparse,
            Optional<RowCodes> codes,
            Optional<TextIndex> texts) {
        this.space = space;
        this.published = published;
        this.file = file;
        this.delta = delta;
        this.baseDense = baseDense;
        this.baseSparse = baseSparse;
        this.codes = codes;
        this.texts = texts;
        this.dense = delta.isEmpty() ? baseDense : baseDense.map(base -> new OverlaidDenseIndex(base, delta));
        this.sparse = delta.isEmpty() ? baseSparse : baseSparse.map(base -> new OverlaidSparseIndex(base, delta));
    }

    /** A version as it was published, without changes. */
    static SpaceVersion of(Space space, EmbeddingFile file, Optional<DenseIndex> dense, Optional<SparseIndex> sparse) {
        return new SpaceVersion(
                space,
                file.checksum(),
                file,
                new Delta(file, dense, 0).view(),
                dense,
                sparse,
                Optional.empty(),
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
                Optional.of(texts));
    }

    /** The same version with codes of its base's rows. */
    SpaceVersion with(Optional<RowCodes> rowCodes) {
        return new SpaceVersion(space, published, file, delta, baseDense, baseSparse, rowCodes, texts);
    }

    /** The same published version on this base with these changes. */
    SpaceVersion with(String publishedVersion, DeltaView changes) {
        return new SpaceVersion(space, publishedVersion, file, changes, baseDense, baseSparse, codes, texts);
    }

    SpaceVersion movedTo(EmbeddingFile moved) {
        return new SpaceVersion(space, published, moved, delta, baseDense, baseSparse, codes, texts);
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

    /** Whether changes were streamed into it since its base was written. */
    public boolean changed() {
        return !delta.isEmpty();
    }

    /** One more than the greatest ordinal there may be. */
    public int ordinalsEnd() {
        return file.count() + delta.count();
    }

    /** Whether an ordinal stands for a row that is there. O(1). */
    public boolean live(int ordinal) {
        return ordinal < file.count() ? !delta.overrides(ordinal) : delta.isLive(ordinal - file.count());
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

    /** Whether the columns of two sparse versions stand for the same things. O(columns) once a file. */
    public boolean sameColumns(SpaceVersion other) {
        return file.sameColumns(other.file);
    }

    /** Copies a dense row into the front of an array. Allocates nothing. */
    public void copyDense(int ordinal, float[] into) {
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
        return ChangeChecks.check(space, file, change);
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
        int slot = ordinal - file.count();
        return slot < 0
                ? file.denseRows().score(metric, query, norm, ordinal)
                : delta.chunk(slot).score(metric, query, norm, slot % Delta.CHUNK_ROWS);
    }

    /** A sparse row. */
    public SparseVector sparse(int ordinal) {
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
