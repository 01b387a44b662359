package repscorer.benchmarks.parsers;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import repscorer.ann.hnsw.HnswIndex;
import repscorer.benchmarks.proof.ScratchDirectory;
import repscorer.codes.Codebook;
import repscorer.core.align.AlignmentFile;
import repscorer.core.disk.SealedText;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.failure.ScorerException;
import repscorer.decisions.KeptPlan;
import repscorer.imports.BadRowsException;
import repscorer.imports.ImportColumns;
import repscorer.imports.ImportFormat;
import repscorer.imports.ImportInput;
import repscorer.imports.ImportTarget;
import repscorer.imports.Importer;
import repscorer.imports.UnreadableRowsException;
import repscorer.text.GzipStream;
import repscorer.text.Numbers;
import repscorer.text.Utf8;

/** What reads bytes that others may have written or a disk may have damaged. What it throws of another sort than it tells is a fault. */
enum ParserTarget {
    ROWS_JSONL(ImportFormat.JSONL, true),
    ENTRIES_JSONL(ImportFormat.JSONL, false),
    ROWS_CSV(ImportFormat.CSV, true),
    ROWS_TSV(ImportFormat.TSV, true),
    ROWS_NPY(ImportFormat.NPY, true),
    ROWS_FVECS(ImportFormat.FVECS, true),
    ROWS_IVECS(ImportFormat.IVECS, true),
    ROWS_BVECS(ImportFormat.BVECS, true),
    GZIP {
        @Override
        void read(byte[] bytes) throws IOException {
            try (InputStream in = new GzipStream(new ByteArrayInputStream(bytes))) {
                in.readNBytes(1 << 20);
            }
        }
    },
    TEXT {
        @Override
        void read(byte[] bytes) {
            String text = Utf8.text(bytes);
            if (!java.util.Arrays.equals(text.getBytes(java.nio.charset.StandardCharsets.UTF_8), bytes)) {
                throw new IllegalStateException("what was read as text is written otherwise");
            }
        }
    },
    NUMBER {
        @Override
        void read(byte[] bytes) {
            Numbers.float32(latin(bytes));
        }
    },
    ID {
        @Override
        void read(byte[] bytes) {
            EntityId id = EntityId.parse(Utf8.text(bytes));
            if (!EntityId.parse(id.toString()).equals(id)) {
                throw new IllegalStateException("an id is read again as another one");
            }
        }
    },
    SEALED_TEXT {
        @Override
        void read(byte[] bytes) {
            Map<String, String> entries = SealedText.read(bytes);
            if (!SealedText.read(SealedText.write(entries)).equals(entries)) {
                throw new IllegalStateException("entries are read again as others");
            }
        }
    },
    KEPT_PLAN {
        @Override
        void read(byte[] bytes) {
            KeptPlan.of(bytes);
        }
    },
    CODEBOOK {
        @Override
        void read(byte[] bytes) {
            Codebook.parse(bytes);
        }
    },
    ALIGNMENT {
        @Override
        void read(byte[] bytes) {
            AlignmentFile.parse(bytes);
        }
    },
    GRAPH {
        @Override
        void read(byte[] bytes) throws IOException {
            inFile("graph.hnsw", bytes, file -> HnswIndex.open(file, ParserSeeds.rows()));
        }
    },
    EMBEDDINGS {
        @Override
        void read(byte[] bytes) throws IOException {
            inFile("fuzzed.emb", bytes, file -> EmbeddingFile.open(file).verify());
        }
    };

    private interface Reading {
        void of(Path file) throws IOException;
    }

    private final ImportFormat format;
    private final boolean dense;

    ParserTarget() {
        this(ImportFormat.JSONL, true); // is not asked for
    }

    ParserTarget(ImportFormat format, boolean dense) {
        this.format = format;
        this.dense = dense;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static ParserTarget of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    /** Reads, and throws what {@link #tells} or what is a fault. */
    void read(byte[] bytes) throws IOException {
        ImportTarget target = ImportTarget.undeclared("fuzzed", "fuzz", EntityKind.USER, dense);
        Importer importer =
                new Importer(target, format, new ImportColumns(java.util.Optional.empty(), List.of()), 2, 2);
        try (ScratchDirectory into = ScratchDirectory.create("repscorer-rows");
                ImportInput input = ImportInput.of("the body", new ByteArrayInputStream(bytes), format)) {
            importer.run(input, into.path(), rows -> {});
            List<Path> files = new ArrayList<>();
            try (Stream<Path> all = Files.list(into.path())) {
                all.forEach(files::add);
            }
            for (Path file : files) {
                EmbeddingFile.open(file).verify(); // what is taken in is whole
            }
        }
    }

    /** Whether bytes that are wrong may be refused so. */
    boolean tells(Throwable e) {
        boolean rows = ordinal() <= ROWS_BVECS.ordinal();
        if (rows
                && e instanceof NumberFormatException bare
                && String.valueOf(bare.getMessage()).startsWith("For input")) {
            return false; // Java's own words, which a person would be told
        }
        return e instanceof IllegalArgumentException
                || e instanceof ScorerException.Rejected
                || e instanceof BadRowsException
                || e instanceof UnreadableRowsException
                || (this == NUMBER && e instanceof ArithmeticException) // out of the range of float32
                || (!rows && e instanceof IOException);
    }

    private static String latin(byte[] bytes) {
        return new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    private static void inFile(String name, byte[] bytes, Reading reading) throws IOException {
        try (ScratchDirectory scratch = ScratchDirectory.create("repscorer-parsed")) {
            reading.of(Files.write(scratch.path().resolve(name), bytes));
        }
    }
}
