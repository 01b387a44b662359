package repscorer.core.embedding;

import static repscorer.core.embedding.FileFormat.LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import repscorer.core.embedding.FileFormat.Section;
import repscorer.core.entity.EntityKind;
import repscorer.core.entity.IdTable;
import repscorer.core.failure.ScorerException.Rejected;
import repscorer.digest.Sha256;
import repscorer.vector.DenseRows;
import repscorer.vector.SparseRows;

/**
 * One space's rows in one mapped file: self-describing, checksummed, immutable. The memory is unmapped when nothing
 * refers to it any more. Rows are sorted by id, so ordinals and ids rank alike.
 *
 * <p>{@link #open} is O(1) and trusts the sections; call {@link #verify} before reading rows of a file from elsewhere.
 * Safe for concurrent use.
 */
public final class EmbeddingFile {

    /*
     * The format, version 1. Numbers are little-endian; a word is an int32 length and as many bytes of UTF-8.
     *
     *   header
     *     0    int64  magic, "REPSCEMB"
     *     8    int32  format version, 1
     *     12   int32  bytes of the header, its checksum included
     *     16   int64  bytes of the file
     *     24   int32  form: 0 dense, 1 sparse, 2 text
     *     28   int32  dimension: values per row, or columns, or 0
     *     32   int64  count of rows
     *     40   int32  properties
     *     44   int32  sections
     *     48   words  space, model, kind, then key and value of each property by ascending key
     *     …    per section: int32 code, int32 CRC32C of its bytes, int64 offset, int64 length
     *     …    int32  CRC32C of the header up to here
     *
     *   sections, each at a multiple of 64 bytes with zeros before it, in this order
     *     dense   1 ids         an IdTable, rows by ascending id
     *             2 values      float32 × count × dimension, row after row
     *             3 norms       float32 × count, the Euclidean norms of the rows
     *     sparse  1 ids         as above
     *             4 offsets     int64 × (count + 1): row r has entries offsets[r] to offsets[r + 1]
     *             5 columns     int32 × entries, ascending within a row
     *             6 weights     float32 × entries, positive
     *             7 column ids  an IdTable, what columns 0, 1, … stand for
     *             8 labels      int64 × (dimension + 1) offsets, then words of UTF-8; an empty one is no label
     *     text    1 ids         as above
     *             10 offsets    int64 × (count + 1) into the texts
     *             11 texts      UTF-8, one after the other
     *     dense or sparse, where rows say when they were made
     *             9 times       int64 × count, milliseconds since 1970
     *
     * A property `columns-of` names the columns, by their digest, that the first of the file's columns are: changes named the rest.
     *
     * The checksum of a file is taken from the SHA-256 of its header, which holds the checksums of all sections.
     */

    /** The ending of a file's name: {@code <space>.emb}. */
    public static final String SUFFIX = ".emb";

    /** The time of a row that says none. */
    public static final long UNTOLD = Long.MIN_VALUE;

    /** The property that names a training. */
    static final String TRAINING = "training";

    /** The property of a file whose columns go on from another's: what those stand for. */
    static final String COLUMNS_OF = "columns-of";

    static final int CHECKSUM_CHUNK_BYTES = 1 << 26;

    private final Path path;
    private final MemorySegment memory;
    private final Header header;
    private final String checksum;
    private final Map<Section, MemorySegment> sections;
    private final IdTable ids;
    private final @Nullable IdTable columns;
    private final @Nullable DenseRows denseRows;
    private final @Nullable SparseRows sparseRows;
    private final @Nullable TextRows texts;
    private final DerivedFacts facts;

    /** What rows are. */
    public enum Form {
        DENSE,
        SPARSE,
        TEXT;

        /** As configuration and messages write it. */
        public String words() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private EmbeddingFile(
            Path path,
            MemorySegment memory,
            Header header,
            String checksum,
            Map<Section, MemorySegment> sections,
            IdTable ids,
            @Nullable IdTable columns,
            @Nullable DenseRows denseRows,
            @Nullable SparseRows sparseRows,
            @Nullable TextRows texts,
            DerivedFacts facts) {
        this.path = path;
        this.memory = memory;
        this.header = header;
        this.checksum = checksum;
        this.sections = sections;
        this.ids = ids;
        this.columns = columns;
        this.denseRows = denseRows;
        this.sparseRows = sparseRows;
        this.texts = texts;
        this.facts = facts;
    }

    /**
     * Maps a file and checks its header; the sections are checked by {@link #verify()}.
     *
     * @throws repscorer.core.failure.ScorerException.Rejected when it is no embedding file, of another format version,
     *     cut short, or its header is damaged
     */
    public static EmbeddingFile open(Path path) {
        MemorySegment memory;
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            memory = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
        } catch (IOException e) {
            throw new Rejected(
                    "unreadable-embedding-file",
                    "the file cannot be read: %s (%s)".formatted(path.getFileName(), e),
                    e);
        }
        return open(path, memory);
    }

    /**
     * Reads a file whose whole content is in memory already; the rest as {@link #open(Path)}.
     *
     * @param path the name in messages
     * @param memory kept and read, must not change
     */
    public static EmbeddingFile open(Path path, MemorySegment memory) {
        byte[] headerBytes = FileLayout.headerBytes(path, memory);
        try {
            Header header = Header.parse(headerBytes);
            if (header.fileBytes() > memory.byteSize()) {
                throw FileLayout.corrupt(
                        path, "cut short: %s of %s bytes are there".formatted(memory.byteSize(), header.fileBytes()));
            }
            if (header.fileBytes() < memory.byteSize()) {
                throw FileLayout.corrupt(
                        path, "longer than written: %s bytes for %s".formatted(memory.byteSize(), header.fileBytes()));
            }
            Map<Section, MemorySegment> sections = FileLayout.sections(path, memory, header, headerBytes.length);
            return assemble(path, memory, header, Header.digest(headerBytes), sections);
        } catch (IllegalArgumentException e) {
            throw new Rejected(FileLayout.CORRUPT, "%s: %s".formatted(path.getFileName(), e.getMessage()), e);
        }
    }

    private static EmbeddingFile assemble(
            Path path, MemorySegment memory, Header header, String checksum, Map<Section, MemorySegment> sections) {
        int count = header.count();
        IdTable ids = Sections.idTable(sections, Section.IDS, count);
        IdTable columns = null;
        DenseRows denseRows = null;
        SparseRows sparseRows = null;
        TextRows texts = null;
        switch (header.form()) {
            case DENSE -> {
                MemorySegment values =
                        Sections.sized(sections, Section.VALUES, (long) count * header.dimension() * Float.BYTES);
                MemorySegment norms = Sections.sized(sections, Section.NORMS, (long) count * Float.BYTES);
                denseRows = DenseRows.of(values, norms, count, header.dimension());
            }
            case SPARSE -> {
                MemorySegment offsets = Sections.sized(sections, Section.OFFSETS, (count + 1L) * Long.BYTES);
                MemorySegment columnNumbers = Sections.section(sections, Section.COLUMNS);
                long entries = columnNumbers.byteSize() / Integer.BYTES;
                Sections.sized(sections, Section.COLUMNS, entries * Integer.BYTES);
                MemorySegment weights = Sections.sized(sections, Section.WEIGHTS, entries * Float.BYTES);
                if (offsets.get(LONG, (long) count * Long.BYTES) != entries) {
                    throw new IllegalArgumentException("the last offset must be the number of entries %s: %s"
                            .formatted(entries, offsets.get(LONG, (long) count * Long.BYTES)));
                }
                sparseRows = SparseRows.of(offsets, columnNumbers, weights, count);
                columns = Sections.idTable(sections, Section.COLUMN_IDS, header.dimension());
                long labelsMin = (header.dimension() + 1L) * Long.BYTES;
                if (Sections.section(sections, Section.LABELS).byteSize() < labelsMin) {
                    throw new IllegalArgumentException("section labels has at least %s bytes: %s"
                            .formatted(
                                    labelsMin,
                                    Sections.section(sections, Section.LABELS).byteSize()));
                }
            }
            case TEXT ->
                texts = TextRows.of(
                        Sections.sized(sections, Section.TEXT_OFFSETS, (count + 1L) * Long.BYTES),
                        Sections.section(sections, Section.TEXTS),
                        count);
        }
        if (sections.containsKey(Section.TIMES)) {
            Sections.sized(sections, Section.TIMES, (long) count * Long.BYTES);
        }
        return new EmbeddingFile(
                path,
                memory,
                header,
                checksum,
                sections,
                ids,
                columns,
                denseRows,
                sparseRows,
                texts,
                new DerivedFacts());
    }

    /** The same file after somebody moved it; nothing is opened anew. */
    public EmbeddingFile movedTo(Path newPath) {
        return new EmbeddingFile(
                newPath, memory, header, checksum, sections, ids, columns, denseRows, sparseRows, texts, facts);
    }

    public Path path() {
        return path;
    }

    public String space() {
        return header.space();
    }

    public String model() {
        return header.model();
    }

    public EntityKind kind() {
        return header.kind();
    }

    public Form form() {
        return header.form();
    }

    public int count() {
        return header.count();
    }

    /** Values per row of a dense file; columns of a sparse one. */
    public int dimension() {
        return header.dimension();
    }

    /** What the writer noted: trainer, seed, plan, parent; by ascending key. */
    public Map<String, String> properties() {
        return Collections.unmodifiableMap(header.properties());
    }

    /** What the rows were learnt by, where the writer named it: files of one training share their coordinates. */
    public Optional<String> training() {
        return Optional.ofNullable(header.properties().get(TRAINING)).filter(name -> !name.isEmpty());
    }

    /** A checksum over the whole content, 16 hexadecimal digits: equal content, equal value. */
    public String checksum() {
        return checksum;
    }

    /** The bytes of each part, by its name: ids, values, norms; ids, offsets, columns, weights, column ids, labels. */
    public Map<String, Long> bytes() {
        Map<String, Long> bytes = new LinkedHashMap<>();
        sections.forEach((section, segment) -> bytes.put(section.words(), segment.byteSize()));
        return bytes;
    }

    /** What is derived from the content, kept as long as the file is open. */
    public DerivedFacts facts() {
        return facts;
    }

    /** Whether the columns of two sparse files stand for the same things. O(columns) once a file. */
    public boolean sameColumns(EmbeddingFile other) {
        return this == other || columnsDigest().equals(other.columnsDigest());
    }

    /**
     * What the columns of a sparse file stood for before changes added to them: files of one release with equal origins have the
     * same columns, but that one may have more of them. O(columns) once a file.
     */
    public String columnsOrigin() {
        return header.properties().getOrDefault(COLUMNS_OF, columnsDigest());
    }

    /** Whether one of two sparse files has the columns of the other and then its own. O(columns) where they differ. */
    public boolean goesOnFrom(EmbeddingFile other) {
        IdTable some = columns().orElseThrow();
        IdTable more = other.columns().orElseThrow();
        boolean same = columnsOrigin().equals(other.columnsOrigin());
        for (int column = Math.min(some.count(), more.count()) - 1; same && column >= 0; column--) {
            same = some.id(column).equals(more.id(column));
        }
        return same;
    }

    /** Of the section that says what the columns stand for: equal content, equal value. */
    private String columnsDigest() {
        return facts.get("columns-digest", () -> {
            MessageDigest digest = Sha256.begin();
            MemorySegment section = Sections.section(sections, Section.COLUMN_IDS);
            for (long at = 0; at < section.byteSize(); at += CHECKSUM_CHUNK_BYTES) {
                digest.update(section.asSlice(at, Math.min(CHECKSUM_CHUNK_BYTES, section.byteSize() - at))
                        .asByteBuffer());
            }
            return HexFormat.of().formatHex(digest.digest());
        });
    }

    public IdTable ids() {
        return ids;
    }

    /** Whether rows say when they were made. */
    public boolean timed() {
        return sections.containsKey(Section.TIMES);
    }

    /** When a row was made, in milliseconds since 1970; {@link #UNTOLD} where none says it. O(1). */
    public long madeMillis(int row) {
        MemorySegment times = sections.get(Section.TIMES);
        return times == null ? UNTOLD : times.get(LONG, (long) row * Long.BYTES);
    }

    /** @throws IllegalStateException where rows are not dense */
    public DenseRows denseRows() {
        if (denseRows == null) {
            throw new IllegalStateException("no dense rows are in " + path.getFileName());
        }
        return denseRows;
    }

    /** @throws IllegalStateException where rows are not sparse */
    public SparseRows sparseRows() {
        if (sparseRows == null) {
            throw new IllegalStateException("no sparse rows are in " + path.getFileName());
        }
        return sparseRows;
    }

    /** @throws IllegalStateException where rows are no texts */
    public TextRows texts() {
        if (texts == null) {
            throw new IllegalStateException("no texts are in " + path.getFileName());
        }
        return texts;
    }

    /**
     * What the columns of a sparse file stand for, by column: clusters ({@code cluster:17}) or entities
     * ({@code user:12}). Empty for other files.
     */
    public Optional<IdTable> columns() {
        return Optional.ofNullable(columns);
    }

    /** Words for a cluster, where the writer gave any; empty where it did not. */
    public Optional<String> columnLabel(int column) {
        if (header.form() != Form.SPARSE || column < 0 || column >= header.dimension()) {
            return Optional.empty();
        }
        MemorySegment labels = Sections.section(sections, Section.LABELS);
        long from = labels.get(LONG, (long) column * Long.BYTES);
        long to = labels.get(LONG, (column + 1L) * Long.BYTES);
        if (from == to) {
            return Optional.empty();
        }
        long textAt = (header.dimension() + 1L) * Long.BYTES;
        byte[] bytes = labels.asSlice(textAt + from, to - from).toArray(ValueLayout.JAVA_BYTE);
        return Optional.of(new String(bytes, StandardCharsets.UTF_8));
    }

    /**
     * Reads everything once and checks each section's checksum, every id, and every value: finite, columns ascending and
     * inside the dimension, weights positive.
     *
     * @throws repscorer.core.failure.ScorerException.Rejected naming the section or the row and the rule
     */
    public void verify() {
        try {
            new FileVerifier(this, memory, header, sections).verify();
        } catch (IllegalArgumentException e) {
            throw new Rejected(FileLayout.CORRUPT, "%s: %s".formatted(path.getFileName(), e.getMessage()), e);
        } catch (InternalError e) {
            // The platform's answer to reading mapped memory whose file has become shorter.
            throw new Rejected(FileLayout.CORRUPT, "%s: cut short while it was read".formatted(path.getFileName()), e);
        }
    }

    @Override
    public String toString() {
        return "EmbeddingFile(%s, %s, %s rows, %s)".formatted(space(), form(), count(), checksum);
    }
}
