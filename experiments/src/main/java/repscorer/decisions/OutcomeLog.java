package repscorer.decisions;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import repscorer.decisions.LogFile.Kind;

/** Keeps outcomes: what was taken is on the device. Safe for concurrent use; writers take turns. */
public final class OutcomeLog implements AutoCloseable {

    private final LogWriter writer;

    /** @param directory closed by whoever opened it, after this */
    public OutcomeLog(LogDirectory directory) {
        writer = new LogWriter(directory, Kind.OUTCOMES);
    }

    /**
     * Keeps outcomes, all or none.
     *
     * @throws IOException where the disk refuses
     */
    public synchronized void append(List<Outcome> outcomes) throws IOException {
        if (outcomes.isEmpty()) {
            return;
        }
        ByteArrayOutputStream lines = new ByteArrayOutputStream(192 * outcomes.size());
        for (Outcome outcome : outcomes) {
            lines.writeBytes(OutcomeCodec.encode(outcome));
        }
        writer.write(lines.toByteArray(), lines.size(), true);
    }

    /** Ends the file: what comes goes into another. */
    synchronized void endFile() {
        writer.endFile();
    }

    @Override
    public synchronized void close() throws IOException {
        writer.close();
    }
}
