package repscorer.api.lines;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import repscorer.core.failure.ScorerException;
import tools.jackson.databind.json.JsonMapper;

/** One request's lines and their answers. For one request and one thread. */
public final class LineStream<P> {

    public static final String NDJSON = "application/x-ndjson";

    private static final Logger LOG = LoggerFactory.getLogger(LineStream.class);

    /** Lines that are made durable together at most; fewer where the caller waits for answers. */
    private static final int BATCH_LINES_MAX = 2_000;

    private static final int ANSWER_CHARACTERS = 64;

    private static final JsonMapper JSON = JsonMapper.shared();

    private final String subject;
    private final LineHandler<P> handler;
    private final HttpServletResponse response;
    private @Nullable AnswerWriter answers;
    private long lines;

    /** @param subject of the lines, for the log, such as {@code outcomes} */
    public LineStream(String subject, LineHandler<P> handler, HttpServletResponse response) {
        this.subject = subject;
        this.handler = handler;
        this.response = response;
    }

    /** Throws only before the first answer; after that a failure is the last line. */
    public void run(LineReader reader) throws IOException {
        List<P> batch = new ArrayList<>();
        String failure = "";
        byte[] line;
        try {
            while ((line = reader.next()) != null) {
                batch.add(reader.tooLong() ? handler.tooLong(LineReader.LINE_BYTES_MAX) : handler.parse(line));
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
            LOG.error("the stream of {} failed after {} lines", subject, lines, e);
            failure = stopped("internal-error", "the service failed; its log tells more");
        }
        AnswerWriter writer = answers();
        writer.write(handler.summary(lines, failure));
        writer.close();
    }

    private void commit(List<P> batch) throws IOException {
        if (!batch.isEmpty()) {
            StringBuilder out = new StringBuilder(ANSWER_CHARACTERS * batch.size());
            handler.commit(batch, lines, out);
            lines += batch.size();
            answers().write(out);
        }
    }

    private String stopped(String code, String reason) {
        LOG.info("the stream of {} stopped after {} lines: {}", subject, lines, reason);
        return ",\"stopped\":%s,\"reason\":%s,\"from\":%s"
                .formatted(JSON.writeValueAsString(code), JSON.writeValueAsString(reason), lines + 1);
    }

    private AnswerWriter answers() throws IOException {
        AnswerWriter writer = answers;
        if (writer == null) {
            response.setContentType(NDJSON);
            writer = new AnswerWriter(response.getOutputStream());
            answers = writer;
        }
        return writer;
    }
}
