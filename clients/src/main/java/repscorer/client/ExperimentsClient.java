package repscorer.client;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import repscorer.client.Calls.Call;
import repscorer.json.WireJson;
import repscorer.resilience.Repeat;
import repscorer.resilience.UrlPath;
import repscorer.wire.AssignmentsResponse;
import repscorer.wire.ExperimentBody;
import repscorer.wire.ExperimentSourceBody;
import repscorer.wire.HistoryEntryBody;
import repscorer.wire.SwitchBody;
import repscorer.wire.SwitchRequest;

/**
 * Changes experiments and switches of a service; each change has a reason. Calls through a {@link ScorerClient}, which stays its
 * caller's, and throws as that does. Needs the admin token or a key with the role experiment. Safe for concurrent use.
 */
public final class ExperimentsClient {

    private final ScorerClient scorer;

    /** @param scorer that calls go through */
    public ExperimentsClient(ScorerClient scorer) {
        this.scorer = scorer;
    }

    /**
     * The variants that a unit is in by requests that tell a context. Needs no role.
     *
     * @param context what they tell, by name; none may be told
     */
    public AssignmentsResponse assignments(String unit, Map<String, String> context) {
        UrlPath url = scorer.url("/v1/experiments/assignments").query("unit", unit);
        if (context.isEmpty()) {
            url.query("context", "");
        }
        new TreeMap<>(context).forEach((name, value) -> url.query("context", name + "=" + value));
        return scorer.calls.one(scorer.get(url), AssignmentsResponse.class);
    }

    /** An experiment and its document. */
    public ExperimentSourceBody read(String name) {
        return scorer.calls.one(scorer.get(experiment(name)), ExperimentSourceBody.class);
    }

    /**
     * Puts a document into force.
     *
     * @param document YAML or JSON, as a file of {@code experiments/} has it
     * @param version of the document that it is put in place of, {@code *} for any; empty where there is none
     */
    public ExperimentSourceBody put(String name, String document, Optional<String> version, String reason) {
        HttpRequest.Builder put = scorer.headers
                .admin(experiment(name).query("reason", reason))
                .header("Content-Type", "application/yaml")
                .PUT(BodyPublishers.ofString(document));
        version.ifPresent(each -> put.header("If-Match", tag(each)));
        return scorer.calls.one(once(put), ExperimentSourceBody.class);
    }

    /**
     * Takes away what the API said of an experiment.
     *
     * @param version that is taken away; empty for any
     */
    public void delete(String name, Optional<String> version, String reason) {
        HttpRequest.Builder delete =
                scorer.headers.admin(experiment(name).query("reason", reason)).DELETE();
        version.ifPresent(each -> delete.header("If-Match", tag(each)));
        scorer.calls.nothing(once(delete));
    }

    /** What was changed of an experiment, latest first. */
    public List<HistoryEntryBody> history(String name) {
        return scorer.calls.list(asked(experiment(name).path("/history")), HistoryEntryBody.class);
    }

    /** Answers a variant's units by the surface's own plan, or lets it go on. */
    public ExperimentBody stop(String name, String variant, boolean stopped, String reason) {
        UrlPath url = experiment(name)
                .path("/variants")
                .segment(variant)
                .path(stopped ? "/stop" : "/resume")
                .query("reason", reason);
        return scorer.calls.one(once(scorer.headers.admin(url).POST(BodyPublishers.noBody())), ExperimentBody.class);
    }

    /** What is served to a share of those who ask. */
    public List<SwitchBody> switches() {
        return scorer.calls.list(scorer.get(scorer.url("/v1/switches")), SwitchBody.class);
    }

    /**
     * Serves a part to a share.
     *
     * @param kind surface, space, release, caller
     * @param share of ten thousand
     */
    public SwitchBody flip(String kind, String name, int share, String reason) {
        HttpRequest.Builder put = scorer.headers
                .admin(part(kind, name))
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofByteArray(WireJson.write(new SwitchRequest(share, reason))));
        return scorer.calls.one(once(put), SwitchBody.class);
    }

    /** Takes away what the API said of a switch. */
    public void clear(String kind, String name, String reason) {
        scorer.calls.nothing(once(
                scorer.headers.admin(part(kind, name).query("reason", reason)).DELETE()));
    }

    /** What was switched, latest first. */
    public List<HistoryEntryBody> switchHistory() {
        return scorer.calls.list(asked(scorer.url("/v1/switches/history")), HistoryEntryBody.class);
    }

    private Call asked(UrlPath url) {
        return new Call(
                scorer.headers.admin(url).GET().build(), Repeat.ON_LOST_CONNECTION, scorer.settings.readTimeout);
    }

    private Call once(HttpRequest.Builder request) {
        return new Call(request.build(), Repeat.NEVER, scorer.settings.readTimeout);
    }

    private UrlPath experiment(String name) {
        return scorer.url("/v1/experiments").segment(name);
    }

    private UrlPath part(String kind, String name) {
        return scorer.url("/v1/switches").segment(kind).segment(name);
    }

    private static String tag(String version) {
        return version.equals("*") ? version : "\"" + version + "\"";
    }
}
