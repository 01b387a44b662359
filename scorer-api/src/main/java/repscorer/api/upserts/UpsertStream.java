package repscorer.api.upserts;

import java.util.ArrayList;
import java.util.List;
import repscorer.api.lines.LineHandler;
import repscorer.core.store.Change;
import repscorer.core.store.Outcome;
import repscorer.core.store.RepresentationStore;
import repscorer.core.store.SpaceVersion;
import tools.jackson.databind.json.JsonMapper;

/** One request's changes and their answers. For one request and one thread. */
final class UpsertStream implements LineHandler<ChangeParser.Parsed> {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final RepresentationStore store;
    private final String space;
    private final String release;
    private final String producer;
    private final ChangeParser parser;
    private final RowQuota quota;
    private long accepted;
    private long duplicates;
    private long refused;

    /** Throws as {@link RepresentationStore#apply} for what no line could change. */
    UpsertStream(RepresentationStore store, SpaceVersion version, String release, String producer, RowQuota quota) {
        this.store = store;
        this.space = version.space().name();
        this.release = release;
        this.producer = producer;
        this.parser = new ChangeParser(version);
        this.quota = quota;
        store.apply(release, space, producer, List.of());
    }

    @Override
    public ChangeParser.Parsed parse(byte[] line) {
        return parser.parse(line);
    }

    @Override
    public ChangeParser.Parsed tooLong(int bytesMax) {
        return ChangeParser.tooLong(bytesMax);
    }

    @Override
    public void commit(List<ChangeParser.Parsed> batch, long before, StringBuilder answers) {
        List<Change> changes = new ArrayList<>(batch.size());
        for (ChangeParser.Parsed each : batch) {
            if (each instanceof ChangeParser.Parsed.Good good) {
                changes.add(good.change());
            }
        }
        int taken = quota.take(changes.size());
        List<Outcome> outcomes = store.apply(release, space, producer, changes.subList(0, taken));
        long line = before;
        int next = 0;
        for (ChangeParser.Parsed each : batch) {
            line++;
            switch (each) {
                case ChangeParser.Parsed.Bad bad -> answer(answers, line, bad.refused());
                case ChangeParser.Parsed.Good good ->
                    answer(answers, line, next < taken ? outcomes.get(next++) : quota.refusal());
            }
        }
    }

    private void answer(StringBuilder out, long line, Outcome outcome) {
        out.append("{\"line\":").append(line);
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

    @Override
    public String summary(long lines, String failure) {
        return "{\"release\":%s,\"lines\":%s,\"accepted\":%s,\"duplicates\":%s,\"refused\":%s%s}\n"
                .formatted(JSON.writeValueAsString(release), lines, accepted, duplicates, refused, failure);
    }
}
