package repscorer.decisions;

import java.util.Optional;

/** Takes every decision that a log writes, beside it. Called by one thread; must not wait. */
public interface DecisionSink extends AutoCloseable {

    /**
     * Takes a decision, or drops and counts it.
     *
     * @param unit empty for a request that named none
     * @param line its JSON, without an end of line; not to be changed
     */
    void put(String id, Optional<String> unit, byte[] line);

    /** How many it dropped since it was made. */
    long dropped();

    @Override
    void close();
}
