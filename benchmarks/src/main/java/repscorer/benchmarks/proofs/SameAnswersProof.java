package repscorer.benchmarks.proofs;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;
import repscorer.benchmarks.answers.GoldenRecorder;
import repscorer.benchmarks.answers.GoldenReplay;
import repscorer.benchmarks.proof.Proof;
import repscorer.benchmarks.proof.ProofData;
import repscorer.benchmarks.proof.ScratchDirectory;

/** This build answers over 2,000 requests over every endpoint, on stores that another one wrote, as that one did. */
public final class SameAnswersProof implements Proof {

    private static final String FOLDER = "ego-twitter";

    @Override
    public String name() {
        return "same-answers";
    }

    @Override
    public String claim() {
        return "over 2,000 requests are answered as an earlier build answered them (--record DIR there, --golden DIR here; 2 minutes)";
    }

    @Override
    public boolean holds(PrintStream out) {
        out.println("skipped: record with --record DIR on one build, compare with --golden DIR on another");
        return true;
    }

    /** Writes stores, requests and this build's answers to a directory. */
    public boolean record(PrintStream out, Path directory) throws IOException, InterruptedException {
        Optional<Path> data = ProofData.folder(FOLDER);
        if (data.isEmpty()) {
            out.println("skipped: no " + FOLDER + " in " + ProofData.root() + " (set REPSCORER_DATA)");
            return true;
        }
        try (ScratchDirectory scratch = ScratchDirectory.create("repscorer-golden")) {
            new GoldenRecorder(root(), directory, data.get(), out).record(scratch.path());
        }
        return true;
    }

    /** Compares this build's answers with those of a directory. */
    public boolean replay(PrintStream out, Path directory) throws IOException, InterruptedException {
        try (ScratchDirectory scratch = ScratchDirectory.create("repscorer-golden")) {
            return new GoldenReplay(root(), directory, out).differing(scratch.path()) == 0;
        }
    }

    private static Path root() {
        return Path.of(System.getProperty("repscorer.root", "")).toAbsolutePath();
    }
}
