package repscorer.client;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import repscorer.client.Calls.Call;
import repscorer.json.WireJson;
import repscorer.resilience.Repeat;
import repscorer.resilience.UrlPath;
import repscorer.wire.ErasureBody;
import repscorer.wire.ErasureRequest;

/**
 * Erases subjects from all that a service keeps. Calls through a {@link ScorerClient}, which stays its caller's, and throws as that
 * does. Needs the admin token or a key with the role admin. Safe for concurrent use.
 */
public final class ErasuresClient {

    private static final String ERASURES = "/v1/erasures";

    private final ScorerClient scorer;

    /** @param scorer that calls go through */
    public ErasuresClient(ScorerClient scorer) {
        this.scorer = scorer;
    }

    /**
     * Erases a subject: it answers nothing when this returns.
     *
     * @param units what experiments are assigned by, where that is no id
     * @return the receipt
     */
    public ErasureBody erase(List<String> ids, List<String> units, String reason) {
        return post(scorer.url(ERASURES), WireJson.write(new ErasureRequest(ids, units, reason)));
    }

    /** The receipt of an erasure. */
    public ErasureBody read(String receipt) {
        return scorer.calls.one(
                new Call(
                        scorer.headers.admin(erasure(receipt)).GET().build(),
                        Repeat.ON_FAILURE,
                        scorer.settings.readTimeout),
                ErasureBody.class);
    }

    /** Looks for the subject everywhere again. */
    public ErasureBody check(String receipt) {
        return post(erasure(receipt).path("/check"), new byte[0]);
    }

    private UrlPath erasure(String receipt) {
        return scorer.url(ERASURES).segment(receipt);
    }

    private ErasureBody post(UrlPath url, byte[] body) {
        HttpRequest request = scorer.headers
                .admin(url)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(body))
                .build();
        return scorer.calls.one(new Call(request, Repeat.NEVER, scorer.settings.uploadTimeout), ErasureBody.class);
    }
}
