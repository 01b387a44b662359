package repscorer.client;

import repscorer.resilience.UrlPath;
import repscorer.wire.EntitiesResponse;

/** Completes names while somebody types. Safe for concurrent use. */
public final class EntityNames {

    private final ScorerClient scorer;

    public EntityNames(ScorerClient scorer) {
        this.scorer = scorer;
    }

    /**
     * Entities with a name whose words begin with what was typed.
     *
     * @param kind empty for all kinds
     */
    public EntitiesResponse complete(String prefix, String kind, int k) {
        UrlPath url = scorer.url("/v1/entities").query("prefix", prefix).query("k", Integer.toString(k));
        return scorer.calls.one(scorer.get(kind.isEmpty() ? url : url.query("kind", kind)), EntitiesResponse.class);
    }
}
