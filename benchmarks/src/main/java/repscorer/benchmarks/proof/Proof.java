package repscorer.benchmarks.proof;

import java.io.PrintStream;

/** A claim that takes too long to test in every build. */
public interface Proof {

    /** What {@code bin/prove} calls it. */
    String name();

    /** What holds when it passes, in one line. */
    String claim();

    /**
     * Measures; the figure is the last line printed. Where the data is missing, says {@code skipped: …} and holds.
     *
     * @return false where the claim fails
     */
    boolean holds(PrintStream out) throws Exception;

    /** The same with another number of cases than the proof's own, where it counts any. */
    default boolean holds(PrintStream out, long cases) throws Exception {
        return holds(out);
    }
}
