package repscorer.api.upserts;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import repscorer.api.lines.AnswerWriter;
import repscorer.api.lines.LineReader;
import repscorer.core.failure.ScorerException;
import repscorer.core.store.Change;
import repscorer.core.store.Outcome;
import repscorer.core.store.RepresentationStore;
import repscorer.core.store.SpaceVersion;
import tools.jackson.databind.json.JsonMapper;

/** One request's lines and their answers. For one request and one thread. */
final class UpsertStream {

    private static final Logger LOG = LoggerFactory.getLogger(UpsertStream.class);

    /** Lines that are made durable together at most; fewer where the caller waits for answers. */
    private static final int BATCH_LINES_MAX = 2_000;

    private static final JsonMapper JSON = JsonMapper.shared();

    private final RepresentationStore store;
    private final SpaceVersion version;
    private final String release;
    private final String producer;
    private final HttpServletResponse response;
    private final ChangeParser parser;
    private @Nullable AnswerWriter answers;
    private long lines;
    private long accepted;
    private long duplicates;
    private long refused;

    UpsertStream(
            RepresentationStore store,
            SpaceVersion version,
            String release,
            String producer,
            HttpServletResponse response) {
        this.store = store;
        this.version = version;
        this.release = release;
        this.producer = producer;
        this.response = response;
        this.parser = new ChangeParser(version);
    }

    /** Throws only before the first answer; after that a failure is the last line. */
    void run(LineReader reader) throws IOException {
        store.apply(release, version.space().name(), producer, List.of()); // refuses what no line could change
        List<ChangeParser.Parsed> batch = new ArrayList<>();
        String failure = "";
        byte[] line;
        try {
            while ((line = reader.next()) != null) {
                batch.add(reader.tooLong() ? ChangeParser.tooLong(LineReader.LINE_BYTES_MAX) : parser.parse(line));
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
            LOG.error(
                    "the stream of changes to {} failed after {} lines",
                    version.space().name(),
                    lines,
                    e);
            failure = stopped("internal-error", "the service failed; its log tells more");
        }
        AnswerWriter writer = answers();
        writer.write("{\"release\":%s,\"lines\":%s,\"accepted\":%s,\"duplicates\":%s,\"refused\":%s%s}\n"
                .formatted(JSON.writeValueAsString(release), lines, accepted, duplicates, refused, failure));
        writer.close();
    }

    private String stopped(String code, String reason) {
        LOG.info(
                "the stream of changes to {} stopped after {} lines: {}",
                version.space().name(),
                lines,
                reason);
        return ",\"stopped\":%s,\"reason\":%s,\"from\":%s"
                .formatted(JSON.writeValueAsString(code), JSON.writeValueAsString(reason), lines + 1);
    }

    private AnswerWriter answers() throws IOException {
        AnswerWriter writer = answers;
        if (writer == null) {
            response.setContentType(UpsertsController.NDJSON);
            writer = new AnswerWriter(response.getOutputStream());
            answers = writer;
        }
        return writer;
    }

    private void commit(List<ChangeParser.Parsed> batch) throws IOException {
        if (batch.isEmpty()) {
            return;
        }
        List<Change> changes = new ArrayList<>(batch.size());
        for (ChangeParser.Parsed each : batch) {
            if (each instanceof ChangeParser.Parsed.Good good) {
                changes.add(good.change());
            }
        }
        List<Outcome> outcomes = store.apply(release, version.space().name(), producer, changes);
        StringBuilder out = new StringBuilder(64 * batch.size());
        int next = 0;
        for (ChangeParser.Parsed each : batch) {
            lines++;
            switch (each) {
                case ChangeParser.Parsed.Bad bad -> answer(out, bad.refused());
                case ChangeParser.Parsed.Good good -> answer(out, outcomes.get(next++));
            }
        }
        answers().write(out);
    }

    private void answer(StringBuilder out, Outcome outcome) {
        out.append("{\"line\":").append(lines);
        switch (outcome) {
            case Outcome.Accepted done -> {
                accepted++;
                out.append(",\"status\":\"ACCEPTED\",\"sequence\":").append(done.sequence());
            }
            case Outcome.Duplicate done -> {
                duplicates++;
                out.append(",\"status\":\"DUPLICATE\",\"highest\":").append(done.highest());
            }
            case Outcome.Refused rule -> {
                refused++;
                out.append(",\"status\":\"REFUSED\",\"code\":\"")
                        .append(rule.code())
                        .append("\",\"message\":")
                        .append(JSON.writeValueAsString(rule.message()));
            }
        }
        out.append("}\n");
    }
}
