package repscorer.client;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import repscorer.client.Calls.Call;
import repscorer.resilience.Repeat;
import repscorer.resilience.UrlPath;
import repscorer.wire.AlignmentsResponse;

/** The alignments of a service's releases; each call needs the admin token. Throws as {@link ScorerClient}. Safe for concurrent use. */
public final class Alignments {

    private final Calls calls;
    private final Headers headers;
    private final URI base;
    private final Duration timeout;

    Alignments(Calls calls, Headers headers, URI base, Duration timeout) {
        this.calls = calls;
        this.headers = headers;
        this.base = base;
        this.timeout = timeout;
    }

    /**
     * What is fitted.
     *
     * @param method {@code auto}, {@code procrustes}, {@code affine} or {@code residual}
     * @param space whose ids alone are looked at; empty for those of all dense spaces
     * @param sample ids that are drawn at most
     * @param recallMin the least recall on held-out ids
     * @param seed of the draw and of what is learnt
     */
    public record Fit(String method, String space, int sample, double recallMin, long seed) {}

    /** Fits maps from the coordinates of one release onto another's and back, and keeps them with that; within the upload timeout. */
    public AlignmentsResponse fit(String from, String release, Fit how) {
        UrlPath url = of(release)
                .segment(from)
                .query("method", how.method())
                .query("sample", Integer.toString(how.sample()))
                .query("recallMin", Double.toString(how.recallMin()))
                .query("seed", Long.toString(how.seed()));
        UrlPath all = how.space().isEmpty() ? url : url.query("space", how.space());
        HttpRequest post = headers.admin(all).POST(BodyPublishers.noBody()).build();
        return calls.one(new Call(post, Repeat.NEVER, timeout), AlignmentsResponse.class);
    }

    /** Those that are kept with a release. */
    public AlignmentsResponse list(String release) {
        HttpRequest get = headers.admin(of(release)).GET().build();
        return calls.one(new Call(get, Repeat.ON_LOST_CONNECTION, timeout), AlignmentsResponse.class);
    }

    /** Deletes one. */
    public void delete(String release, String name) {
        HttpRequest request = headers.admin(of(release).segment(name)).DELETE().build();
        calls.nothing(new Call(request, Repeat.NEVER, timeout));
    }

    private UrlPath of(String release) {
        return UrlPath.of(base).path("/v1/releases").segment(release).path("/alignments");
    }
}
