package repscorer.benchmarks.reliability;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the store from logging every fault that a proof makes, and peers from logging at all. */
public final class Quiet {

    private static final Logger CORE = Logger.getLogger("repscorer.core");

    private Quiet() {}

    public static void store() {
        CORE.setLevel(Level.OFF);
    }

    /** Keeps the libraries of peers from logging. */
    public static void peers() {
        for (String name : List.of("org.apache", "kafka", "state.change.logger")) {
            if (LoggerFactory.getLogger(name) instanceof ch.qos.logback.classic.Logger logger) {
                logger.setLevel(ch.qos.logback.classic.Level.OFF);
            }
        }
    }
}
