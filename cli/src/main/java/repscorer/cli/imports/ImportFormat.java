package repscorer.cli.imports;

import java.nio.file.Path;
import java.util.Locale;

/** How the rows of a file are written. */
public enum ImportFormat {
    /**
     * One JSON object a line: {@code {"id":"user:1","vector":[0.1,0.2]}} or
     * {@code {"id":"user:1","entries":{"cluster:3":0.5}}}.
     */
    JSONL,
    /** Dense: id, then the values. Sparse: id, column, weight, a line per entry. Separated by tabs. */
    TSV,
    /** A float32 or float64 matrix; ids come from a file of their own. */
    NPY,
    /** int32 dimension and float32 values per row; ids come from a file of their own. */
    FVECS;

    /** The format that a file's name tells. */
    public static ImportFormat of(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT).replaceFirst("\\.gz$", "");
        if (name.endsWith(".jsonl") || name.endsWith(".ndjson")) {
            return JSONL;
        }
        if (name.endsWith(".tsv") || name.endsWith(".txt")) {
            return TSV;
        }
        if (name.endsWith(".npy")) {
            return NPY;
        }
        if (name.endsWith(".fvecs")) {
            return FVECS;
        }
        throw new IllegalArgumentException(
                "the format cannot be told from the name '%s'; say --format jsonl, tsv, npy or fvecs".formatted(name));
    }

    /** Whether ids stand beside the values rather than among them. */
    public boolean idsApart() {
        return this == NPY || this == FVECS;
    }
}
