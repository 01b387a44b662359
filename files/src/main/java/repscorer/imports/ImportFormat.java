package repscorer.imports;

import java.util.Locale;

/** How the rows of a file are written. */
public enum ImportFormat {
    /**
     * A column {@code id} of texts or whole numbers, and a list {@code vector} of floats or doubles; sparse, the lists
     * {@code columns} and {@code weights}, or a map {@code entries}.
     */
    PARQUET,
    /**
     * One JSON object a line: {@code {"id":"user:1","vector":[0.1,0.2]}}, where the vector may also be a text of float32 in
     * base64; sparse {@code {"id":"user:1","entries":{"cluster:3":0.5}}} or {@code {"id":"user:1","columns":["cluster:3"],
     * "weights":[0.5]}}.
     */
    JSONL,
    /** Id, then the values, or one quoted list of them. Sparse: id, column, weight, a line per entry, those of an id together. */
    CSV,
    /** The same, separated by tabs and without quotes. */
    TSV,
    /** A matrix; ids stand apart. */
    NPY,
    /** int32 dimension and float32 values per row; ids stand apart. */
    FVECS,
    /** The same with int32 values. */
    IVECS,
    /** The same with values of a byte, from 0 to 255. */
    BVECS;

    private static final String WORDS = "parquet, jsonl, csv, tsv, npy, fvecs, ivecs or bvecs";

    /** The format that a file's name tells. */
    public static ImportFormat ofName(String fileName) {
        String name = fileName.toLowerCase(Locale.ROOT).replaceFirst("\\.gz$", "");
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "parquet" -> PARQUET;
            case "jsonl", "ndjson" -> JSONL;
            case "csv" -> CSV;
            case "tsv", "txt" -> TSV;
            case "npy" -> NPY;
            case "fvecs" -> FVECS;
            case "ivecs" -> IVECS;
            case "bvecs" -> BVECS;
            case "npz" ->
                throw new IllegalArgumentException(
                        "%s is a zip of arrays: unzip it and take the .npy in it".formatted(fileName));
            default ->
                throw new IllegalArgumentException(
                        "the format cannot be told from the name '%s'; say which: %s".formatted(fileName, WORDS));
        };
    }

    /** The format of a word as a user writes it, such as {@code jsonl}. */
    public static ImportFormat of(String word) {
        for (ImportFormat format : values()) {
            if (format.word().equals(word.toLowerCase(Locale.ROOT))) {
                return format;
            }
        }
        throw new IllegalArgumentException("a format is %s: '%s'".formatted(WORDS, word));
    }

    /** Whether ids stand beside the values rather than among them. */
    public boolean idsApart() {
        return this == NPY || this == FVECS || this == IVECS || this == BVECS;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
