package repscorer.benchmarks.proofs;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import repscorer.benchmarks.proof.Proof;
import repscorer.benchmarks.proof.ProofData;
import repscorer.benchmarks.proof.ScratchDirectory;
import repscorer.benchmarks.readers.ParquetPeer;
import repscorer.benchmarks.reliability.Quiet;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.embedding.ZeroVectors;
import repscorer.core.entity.EntityKind;
import repscorer.imports.BadRowsException;
import repscorer.imports.ImportColumns;
import repscorer.imports.ImportFormat;
import repscorer.imports.ImportInput;
import repscorer.imports.ImportTarget;
import repscorer.imports.Importer;
import repscorer.imports.UnreadableRowsException;

/**
 * The Parquet project's own test files through the importer and through parquet-java: the same rows to the last bit, or a refusal of
 * one line after which nothing is there. Each file is imported once for each pair of an id and a vector that {@link ParquetPeer} finds
 * in it, up to three; one that has none, or that parquet-java cannot read, with its columns guessed. What parquet-java cannot read must
 * be refused, for there is nobody to ask.
 */
final class ParquetProof implements Proof {

    private static final EntityKind KIND = new EntityKind("row");
    private static final String SPACE = "rows";
    private static final long MILLIS_MAX = 90_000;
    private static final long KIB_MAX = 512 << 10;

    private long imports;
    private long rows;
    private long slowestMillis;
    private int wrong;

    @Override
    public String name() {
        return "parquet";
    }

    @Override
    public String claim() {
        return "the Parquet project's test files are imported as parquet-java reads them, or refused in a line (minutes)";
    }

    @Override
    public boolean holds(PrintStream out) throws Exception {
        Optional<Path> folder = ProofData.folder("external/parquet");
        if (folder.isEmpty()) {
            out.println("skipped: no external/parquet under " + ProofData.root());
            return true;
        }
        Quiet.peers();
        List<Path> files;
        try (Stream<Path> all = Files.list(folder.get())) {
            files = all.filter(file -> file.toString().endsWith(".parquet"))
                    .sorted()
                    .toList();
        }
        int imported = 0;
        try (ScratchDirectory scratch = ScratchDirectory.create("repscorer-parquet");
                ReaderMemory memory = ReaderMemory.watch()) {
            for (Path file : files) {
                imported += check(file, scratch.path(), out) ? 1 : 0;
            }
            if (memory.kibMax() > KIB_MAX) {
                wrong++;
                out.printf("a reader took %s MiB%n", memory.kibMax() >> 10);
            }
            out.printf(
                    Locale.ROOT,
                    "%d wrong: of %d files %d were imported in %d ways, %d rows equal to parquet-java's to the last bit, and %d"
                            + " refused by name; slowest %.1f s, largest reader %d MiB%n",
                    wrong,
                    files.size(),
                    imported,
                    imports,
                    rows,
                    files.size() - imported,
                    slowestMillis / 1e3,
                    memory.kibMax() >> 10);
        }
        return wrong == 0 && !files.isEmpty();
    }

    /** Whether it was imported in any way. */
    private boolean check(Path file, Path scratch, PrintStream out) throws IOException {
        ParquetPeer peer = ParquetPeer.read(file);
        List<ImportColumns> choices = peer.choices();
        String told = choices.isEmpty() || peer.failed().isPresent() ? guessed(file, scratch, peer, out) : "";
        long before = imports;
        for (ImportColumns columns : choices) {
            TreeMap<String, float[]> expected = peer.rows(columns);
            Optional<String> refusal = run(file, columns, scratch, out);
            if (refusal.isEmpty()) {
                compare(file, columns, expected, scratch, out);
            } else if (!expected.isEmpty()) {
                wrong(
                        out,
                        file,
                        "%s refused though parquet-java has %s rows: %s"
                                .formatted(columns, expected.size(), refusal.get()));
            } else {
                told = refusal.get();
            }
        }
        if (imports == before) {
            out.println(file.getFileName() + " refused: " + told);
        }
        return imports > before;
    }

    /** With nothing said about columns; what is told of a refusal, or which columns were taken. */
    private String guessed(Path file, Path scratch, ParquetPeer peer, PrintStream out) throws IOException {
        Optional<String> refusal = run(file, ImportColumns.GUESSED, scratch, out);
        if (refusal.isEmpty() && peer.failed().isPresent()) {
            wrong(
                    out,
                    file,
                    "imported, though parquet-java says: " + peer.failed().get());
        }
        return refusal.orElse("");
    }

    /** Imports it; the line that refuses it, if one does. */
    private Optional<String> run(Path file, ImportColumns columns, Path scratch, PrintStream out) throws IOException {
        ImportTarget target = ImportTarget.undeclared(SPACE, "peer", KIND, true)
                .withPlainIds(KIND)
                .withZeroVectors(ZeroVectors.KEEP);
        long start = System.nanoTime();
        Optional<String> refusal = Optional.empty();
        Files.deleteIfExists(scratch.resolve(SPACE + ".emb"));
        try (ImportInput input = ImportInput.of(file, Optional.empty())) {
            new Importer(target, ImportFormat.PARQUET, columns, Long.MAX_VALUE, 3).run(input, scratch, done -> {});
        } catch (BadRowsException | UnreadableRowsException | IllegalArgumentException e) {
            refusal = Optional.of(String.valueOf(e.getMessage()));
            requirePlain(refusal.get(), file, out);
        } catch (RuntimeException e) {
            refusal = Optional.of("threw " + e);
            wrong(out, file, refusal.get());
        }
        long millis = (System.nanoTime() - start) / 1_000_000;
        slowestMillis = Math.max(slowestMillis, millis);
        if (millis > MILLIS_MAX) {
            wrong(out, file, "took %s ms".formatted(millis));
        }
        try (Stream<Path> left = Files.list(scratch)) {
            if (left.count() != (refusal.isEmpty() ? 1 : 0)) {
                wrong(out, file, "left half an import");
            }
        }
        return refusal;
    }

    private void requirePlain(String message, Path file, PrintStream out) {
        if (message.isBlank() || message.contains("\n") || message.matches(".*\\b\\w+(Exception|Error)\\b.*")) {
            wrong(out, file, "told as no user can read it: " + message);
        }
    }

    private void compare(
            Path file, ImportColumns columns, TreeMap<String, float[]> expected, Path scratch, PrintStream out)
            throws IOException {
        imports++;
        EmbeddingFile written = EmbeddingFile.open(scratch.resolve(SPACE + ".emb"));
        written.verify();
        int different = Math.abs(written.count() - expected.size());
        List<String> shown = new ArrayList<>();
        for (int i = 0; i < written.count(); i++) {
            String id = written.ids().id(i).value();
            float[] peers = expected.get(id);
            rows++;
            if (peers == null || !sameBits(peers, written.denseRows().row(i))) {
                different++;
                shown.add(id);
            }
        }
        if (different > 0) {
            wrong(
                    out,
                    file,
                    "%s: %s of %s rows differ from %s of parquet-java: %s"
                            .formatted(
                                    columns,
                                    different,
                                    written.count(),
                                    expected.size(),
                                    shown.stream().limit(3).toList()));
        }
    }

    private static boolean sameBits(float[] a, float[] b) {
        boolean same = a.length == b.length;
        for (int i = 0; same && i < a.length; i++) {
            same = Float.floatToIntBits(a[i]) == Float.floatToIntBits(b[i]);
        }
        return same;
    }

    private void wrong(PrintStream out, Path file, String what) {
        wrong++;
        out.println("WRONG " + file.getFileName() + ": " + what);
    }
}
