package repscorer.api.decisions;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import repscorer.api.decisions.OutcomeParser.Parsed;
import repscorer.api.lines.LineHandler;
import repscorer.core.disk.Disk;
import repscorer.core.disk.StorageFailures;
import repscorer.decisions.Outcome;
import tools.jackson.databind.json.JsonMapper;

/** One request's outcomes and their answers. For one request and one thread. */
final class OutcomeStream implements LineHandler<Parsed> {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final DecisionKeeping keeping;
    private final OutcomeParser parser;
    private final OutcomeMetrics metrics;
    private long accepted;
    private long late;
    private long refused;

    OutcomeStream(DecisionKeeping keeping, OutcomeParser parser, OutcomeMetrics metrics) {
        this.keeping = keeping;
        this.parser = parser;
        this.metrics = metrics;
    }

    @Override
    public Parsed parse(byte[] line) {
        return parser.parse(line);
    }

    @Override
    public Parsed tooLong(int bytesMax) {
        return OutcomeParser.tooLong(bytesMax);
    }

    @Override
    public void commit(List<Parsed> batch, long before, StringBuilder answers) {
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
        long line = before;
        for (Parsed each : batch) {
            answer(answers, ++line, each);
        }
    }

    private void answer(StringBuilder out, long line, Parsed parsed) {
        out.append("{\"line\":").append(line);
        switch (parsed) {
            case Parsed.Good good -> {
                accepted += good.late() ? 0 : 1;
                late += good.late() ? 1 : 0;
                metrics.took(good.late());
                out.append(",\"status\":\"")
                        .append(good.late() ? "LATE" : "ACCEPTED")
                        .append('"');
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

    @Override
    public String summary(long lines, String failure) {
        return "{\"lines\":%s,\"accepted\":%s,\"late\":%s,\"refused\":%s%s}\n"
                .formatted(lines, accepted, late, refused, failure);
    }
}
