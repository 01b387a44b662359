package repscorer.client;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import repscorer.client.Calls.Call;
import repscorer.json.WireJson;
import repscorer.resilience.Repeat;
import repscorer.wire.OutcomeAnswerBody;
import repscorer.wire.OutcomeBody;
import repscorer.wire.OutcomesSummaryBody;
import repscorer.wire.ReplayResponse;

/** What a service keeps of its answers, by the connection of a {@link ScorerClient}. Safe for concurrent use; throws as that does. */
public final class DecisionClient {

    private final ScorerClient scorer;

    /** @param scorer closed by whoever made it */
    public DecisionClient(ScorerClient scorer) {
        this.scorer = scorer;
    }

    /** Takes a decision again. Needs the admin token, or a key that may read what users did. */
    public ReplayResponse replay(String decision) {
        HttpRequest get = scorer.headers
                .admin(scorer.url("/v1/decisions").segment(decision).path("/replay"))
                .GET()
                .build();
        return scorer.calls.one(
                new Call(get, Repeat.ON_LOST_CONNECTION, scorer.settings.uploadTimeout), ReplayResponse.class);
    }

    /**
     * Has the service keep outcomes, each for itself. Needs the admin token, or a key that may write.
     *
     * @param outcomes some thousand at most, for their answers are in memory together
     */
    public Taken push(List<OutcomeBody> outcomes) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream(128 * outcomes.size());
        for (OutcomeBody outcome : outcomes) {
            lines.writeBytes(WireJson.write(outcome));
            lines.write('\n');
        }
        HttpRequest.Builder post = scorer.headers
                .admin(scorer.url("/v1/outcomes"))
                .setHeader("Accept", "application/x-ndjson, application/problem+json")
                .header("Content-Type", "application/x-ndjson")
                .POST(BodyPublishers.ofByteArray(lines.toByteArray()));
        // Each counts once, so that a repeat does no harm.
        Calls.Lines<OutcomeAnswerBody, OutcomesSummaryBody> answers = scorer.calls.lines(
                new Call(post.build(), Repeat.ON_LOST_CONNECTION, scorer.settings.uploadTimeout),
                OutcomeAnswerBody.class,
                OutcomesSummaryBody.class);
        return new Taken(answers.lines(), answers.last());
    }

    /**
     * What became of outcomes.
     *
     * @param lines one for each, in their order, as far as the service came
     */
    public record Taken(List<OutcomeAnswerBody> lines, OutcomesSummaryBody summary) {

        public Taken {
            lines = List.copyOf(lines);
        }
    }
}
