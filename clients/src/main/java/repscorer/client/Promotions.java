package repscorer.client;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import repscorer.client.Calls.Call;
import repscorer.resilience.Repeat;
import repscorer.resilience.UrlPath;
import repscorer.wire.CanaryBody;
import repscorer.wire.ReleaseBody;

/** How releases go live; each call needs the admin token. Throws as {@link ScorerClient}. Safe for concurrent use. */
public final class Promotions {

    private final Calls calls;
    private final Headers headers;
    private final URI base;
    private final Duration timeout;

    Promotions(Calls calls, Headers headers, URI base, Duration timeout) {
        this.calls = calls;
        this.headers = headers;
        this.base = base;
        this.timeout = timeout;
    }

    /**
     * What a release may lack, and fail.
     *
     * @param partial whether it may go live without spaces that the live release has
     * @param carry those that are carried over from the live release with all their changes; {@code *} for every one
     * @param force whether it goes live though gates fail
     * @param reason why, where it is forced; it is kept with the release
     */
    public record Terms(boolean partial, List<String> carry, boolean force, String reason) {

        /** It may lack and fail nothing. */
        public static final Terms STRICT = new Terms(false, List.of(), false, "");

        /** It may lack what is named, and fail nothing. */
        static Terms lacking(boolean partial, List<String> carry) {
            return new Terms(partial, carry, false, "");
        }

        public Terms {
            carry = List.copyOf(carry);
        }

        UrlPath in(UrlPath url) {
            UrlPath more = partial ? url.query("partial", "true") : url;
            for (String space : carry) {
                more = more.query("carry", space);
            }
            return force ? more.query("force", "true").query("reason", reason) : more;
        }
    }

    /** Builds, checks and publishes what is staged, within the upload timeout. */
    public ReleaseBody publish(String release, Terms terms) {
        return change(terms.in(of(release, "/publish")));
    }

    /** The same but for going live: it answers requests that name it until it is promoted or deleted. */
    public ReleaseBody stage(String release, Terms terms) {
        return change(terms.in(of(release, "/publish").query("stage", "true")));
    }

    /** Puts a release live that was published staged; with neither, what was said then becomes of spaces that it lacks. */
    public ReleaseBody promote(String release, Terms terms) {
        return change(terms.in(of(release, "/promote")));
    }

    /** A release, whatever its state. */
    public ReleaseBody read(String release) {
        HttpRequest get = headers.question(of(release, "")).GET().build();
        return calls.one(new Call(get, Repeat.ON_LOST_CONNECTION, timeout), ReleaseBody.class);
    }

    /**
     * Has a staged release answer a share of units, and go live after a time.
     *
     * @param share of ten thousand units
     */
    public CanaryBody canary(String release, int share, Duration lasting, boolean force, String reason) {
        UrlPath url = of(release, "/canary")
                .query("share", Integer.toString(share))
                .query("seconds", Long.toString(lasting.toSeconds()))
                .query("force", Boolean.toString(force));
        HttpRequest post = headers.admin(reason.isEmpty() ? url : url.query("reason", reason))
                .POST(BodyPublishers.noBody())
                .build();
        return calls.one(new Call(post, Repeat.NEVER, timeout), CanaryBody.class);
    }

    /** Which release is tried on a share of units, and what became of those before it. */
    public CanaryBody canary() {
        HttpRequest get =
                headers.admin(UrlPath.of(base).path("/v1/canary")).GET().build();
        return calls.one(new Call(get, Repeat.ON_LOST_CONNECTION, timeout), CanaryBody.class);
    }

    /** Answers all units by the live release. */
    public void stopCanary(String reason) {
        HttpRequest request = headers.admin(UrlPath.of(base).path("/v1/canary").query("reason", reason))
                .DELETE()
                .build();
        calls.nothing(new Call(request, Repeat.NEVER, timeout));
    }

    private ReleaseBody change(UrlPath url) {
        HttpRequest request = headers.admin(url).POST(BodyPublishers.noBody()).build();
        return calls.one(new Call(request, Repeat.NEVER, timeout), ReleaseBody.class);
    }

    private UrlPath of(String release, String verb) {
        return UrlPath.of(base).path("/v1/releases").segment(release).path(verb);
    }
}
