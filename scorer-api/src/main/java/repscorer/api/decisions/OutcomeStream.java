package repscorer.api.decisions;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import repscorer.api.decisions.OutcomeParser.Parsed;
import repscorer.api.lines.AnswerWriter;
import repscorer.api.lines.LineReader;
import repscorer.core.disk.Disk;
import repscorer.core.disk.StorageFailures;
import repscorer.core.failure.ScorerException;
import repscorer.decisions.Outcome;
import tools.jackson.databind.json.JsonMapper;

/** One request's outcomes and their answers. For one request and one thread. */
final class OutcomeStream {

    private static final Logger LOG = LoggerFactory.getLogger(OutcomeStream.class);

    /** Lines that are made durable together at most; fewer where the caller waits for answers. */
    private static final int BATCH_LINES_MAX = 2_000;

    private static final JsonMapper JSON = JsonMapper.shared();

    private final DecisionKeeping keeping;
    private final OutcomeParser parser;
    private final OutcomeMetrics metrics;
    private final HttpServletResponse response;
    private @Nullable AnswerWriter answers;
    private long lines;
    private long accepted;
    private long late;
    private long refused;

    OutcomeStream(
            DecisionKeeping keeping, OutcomeParser parser, OutcomeMetrics metrics, HttpServletResponse response) {
        this.keeping = keeping;
        this.parser = parser;
        this.metrics = metrics;
        this.response = response;
    }

    /** Throws only before the first answer; after that a failure is the last line. */
    void run(LineReader reader) throws IOException {
        List<Parsed> batch = new ArrayList<>();
        String failure = "";
        byte[] line;
        try {
            while ((line = reader.next()) != null) {
                batch.add(reader.tooLong() ? OutcomeParser.tooLong(LineReader.LINE_BYTES_MAX) : parser.parse(line));
                if (batch.size() == BATCH_LINES_MAX || !reader.ready()) {
                    commit(batch);
                    batch.clear();
                }
            }
            commit(batch);
        } catch (ScorerException e) {
            if (answers == null) {
                throw e;
            }
            failure = stopped(e.code(), String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            if (answers == null) {
                throw e;
            }
            // Answers are on their way: no problem can follow them, but for the last line.
            LOG.error("the stream of outcomes failed after {} lines", lines, e);
            failure = stopped("internal-error", "the service failed; its log tells more");
        }
        AnswerWriter writer = answers();
        writer.write("{\"lines\":%s,\"accepted\":%s,\"late\":%s,\"refused\":%s%s}\n"
                .formatted(lines, accepted, late, refused, failure));
        writer.close();
    }

    private String stopped(String code, String reason) {
        LOG.info("the stream of outcomes stopped after {} lines: {}", lines, reason);
        return ",\"stopped\":%s,\"reason\":%s,\"from\":%s"
                .formatted(JSON.writeValueAsString(code), JSON.writeValueAsString(reason), lines + 1);
    }

    private AnswerWriter answers() throws IOException {
        AnswerWriter writer = answers;
        if (writer == null) {
            response.setContentType(OutcomesController.NDJSON);
            writer = new AnswerWriter(response.getOutputStream());
            answers = writer;
        }
        return writer;
    }

    private void commit(List<Parsed> batch) throws IOException {
        if (batch.isEmpty()) {
            return;
        }
        List<Outcome> outcomes = new ArrayList<>(batch.size());
        for (Parsed each : batch) {
            if (each instanceof Parsed.Good good) {
                outcomes.add(good.outcome());
            }
        }
        try {
            keeping.outcomes().append(outcomes);
        } catch (IOException e) {
            throw StorageFailures.of(Disk.LOCAL, keeping.directory().path(), "outcomes were not taken", e);
        }
        StringBuilder out = new StringBuilder(48 * batch.size());
        for (Parsed each : batch) {
            lines++;
            answer(out, each);
        }
        answers().write(out);
    }

    private void answer(StringBuilder out, Parsed parsed) {
        out.append("{\"line\":").append(lines);
        switch (parsed) {
            case Parsed.Good good -> {
                accepted += good.late() ? 0 : 1;
                late += good.late() ? 1 : 0;
                metrics.took(good.late());
                out.append(",\"status\":\"").append(good.late() ? "LATE" : "ACCEPTED").append('"');
            }
            case Parsed.Bad bad -> {
                refused++;
                metrics.refused();
                out.append(",\"status\":\"REFUSED\",\"code\":\"")
                        .append(bad.code())
                        .append("\",\"message\":")
                        .append(JSON.writeValueAsString(bad.message()));
            }
        }
        out.append("}\n");
    }
}
