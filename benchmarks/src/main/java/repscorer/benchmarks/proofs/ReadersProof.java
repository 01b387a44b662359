package repscorer.benchmarks.proofs;

import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import repscorer.benchmarks.proof.Proof;
import repscorer.benchmarks.proof.ScratchDirectory;
import repscorer.benchmarks.readers.ParquetRun;
import repscorer.benchmarks.readers.ReaderRun;
import repscorer.benchmarks.reliability.Quiet;

/**
 * Every reader of rows and edges under damaged files: {@link ReaderRun} says what must hold. The text, matrix and packed files are read
 * by a process with 96 MiB of heap, so that one that needs more ends it. Parquet costs a process a file, so it gets one of a thousand,
 * by {@link ParquetRun}.
 */
final class ReadersProof implements Proof {

    private static final long CASES = 100_000;
    private static final long PARQUET_SHARE = 1_000;

    @Override
    public String name() {
        return "readers";
    }

    @Override
    public String claim() {
        return "no reader of rows or edges makes a value up, loses a row in silence or throws on a damaged file (--cases N, default %s; minutes)"
                .formatted(CASES);
    }

    @Override
    public boolean holds(PrintStream out) throws Exception {
        return holds(out, CASES);
    }

    @Override
    public boolean holds(PrintStream out, long cases) throws Exception {
        Quiet.peers();
        long wrong = 0;
        long parquet = Math.max(10, cases / PARQUET_SHARE);
        try (ScratchDirectory scratch = ScratchDirectory.create("repscorer-readers")) {
            List<String> lines = ReaderRun.child(scratch.path(), 1, cases + 1);
            for (String line : lines) {
                out.println(line);
            }
            wrong += lines.size();
            ParquetRun run = new ParquetRun(scratch.path());
            for (long seed = 1; seed <= parquet; seed++) {
                Optional<String> failure = run.run(seed);
                failure.ifPresent(out::println);
                wrong += failure.isPresent() ? 1 : 0;
            }
            out.printf("of %s Parquet files %s were imported, the others refused%n", parquet, run.imported());
        }
        out.printf("%s wrong of %s damaged files and %s of Parquet%n", wrong, cases, parquet);
        return wrong == 0;
    }
}
