package repscorer.client;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import repscorer.client.Calls.Call;
import repscorer.json.WireJson;
import repscorer.resilience.Repeat;
import repscorer.wire.ChangeAnswerBody;
import repscorer.wire.ChangeBody;
import repscorer.wire.ChangesSummaryBody;

/** Changes rows of spaces, by the connection of a {@link ScorerClient}. Safe for concurrent use; throws as that does. */
public final class ChangesClient {

    private final ScorerClient scorer;

    /** @param scorer closed by whoever made it */
    public ChangesClient(ScorerClient scorer) {
        this.scorer = scorer;
    }

    /**
     * Upserts and deletes rows of the live release, each for itself and in their order. What was accepted is durable, and visible to
     * every later request. Sent once, within the upload timeout. Needs the admin token, or a key that may write.
     *
     * @param changes some hundred at most, for they and their answers are in memory together
     */
    public Changed change(String space, List<ChangeBody> changes) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream(1024 * changes.size());
        for (ChangeBody change : changes) {
            lines.writeBytes(WireJson.write(change));
            lines.write('\n');
        }
        HttpRequest.Builder post = scorer.headers
                .admin(scorer.url("/v1/spaces").segment(space).path("/upserts"))
                .setHeader("Accept", "application/x-ndjson, application/problem+json")
                .header("Content-Type", "application/x-ndjson")
                .POST(BodyPublishers.ofByteArray(lines.toByteArray()));
        Calls.Lines<ChangeAnswerBody, ChangesSummaryBody> answers = scorer.calls.lines(
                new Call(post.build(), Repeat.NEVER, scorer.settings.uploadTimeout),
                ChangeAnswerBody.class,
                ChangesSummaryBody.class);
        return new Changed(answers.lines(), answers.last());
    }

    /**
     * What became of changes.
     *
     * @param lines one for each, in their order, as far as the service came
     */
    public record Changed(List<ChangeAnswerBody> lines, ChangesSummaryBody summary) {

        public Changed {
            lines = List.copyOf(lines);
        }
    }
}
