package repscorer.benchmarks.reliability;

import java.util.logging.Level;
import java.util.logging.Logger;

/** Keeps the store from logging every fault that a proof makes. */
public final class Quiet {

    private static final Logger CORE = Logger.getLogger("repscorer.core");

    private Quiet() {}

    public static void store() {
        CORE.setLevel(Level.OFF);
    }
}
