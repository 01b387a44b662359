package repscorer.api.tenants;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import repscorer.api.config.Tenant;
import repscorer.api.config.Tenant.Quota;
import repscorer.core.failure.ScorerException.Invalid;
import repscorer.core.plan.ScoringPlan;
import repscorer.core.query.CandidateQuery;
import repscorer.core.query.Filter;
import repscorer.core.query.ScoreQuery;

/** What one request of a tenant may ask for: surfaces and spaces that it sees, within its bounds. */
public final class TenantBounds {

    /* What a surface's own plan seeks is the operator's; bounds hold what a request asks for on top of it. */

    private static final String OPTIMAL = "optimal";

    private TenantBounds() {}

    /**
     * The query as it is, but for a k of the surface that is more than the tenant's.
     *
     * @throws Invalid for what is out of bounds; what the tenant does not see is refused as what does not exist
     */
    public static CandidateQuery checked(World world, CandidateQuery query, Collection<ScoringPlan> plans) {
        Optional<Tenant> tenant = world.tenant();
        if (tenant.isEmpty()) {
            return query;
        }
        world.checkSurface(query.surface());
        Quota quota = tenant.get().quota();
        query.k().ifPresent(k -> bounded("k", "k", k, quota.kMax()));
        overrides(quota, query.overrides());
        query.excludeHistories().ifPresent(histories -> {
            for (int i = 0; i < histories.size(); i++) {
                world.checkHistory("filters.excludeHistories[%s]".formatted(i), histories.get(i));
            }
        });
        query.where().ifPresent(filter -> filter(world, filter, "filters.where"));
        boolean more = query.k().isEmpty()
                && plans.stream()
                        .anyMatch(plan -> plan.surface().equals(query.surface()) && plan.kDefault() > quota.kMax());
        return more ? query.withK(quota.kMax()) : query;
    }

    /** Throws likewise for a request for scores. */
    public static void check(World world, ScoreQuery query) {
        Optional<Tenant> tenant = world.tenant();
        if (tenant.isEmpty()) {
            return;
        }
        switch (query) {
            case ScoreQuery.BySurface bySurface -> {
                world.checkSurface(bySurface.surface());
                overrides(tenant.get().quota(), bySurface.overrides());
            }
            case ScoreQuery.BySimilarity bySimilarity -> world.check(bySimilarity.comparison());
        }
    }

    private static void overrides(Quota quota, Map<String, String> overrides) {
        overrides.forEach((key, value) -> {
            String field = "overrides." + key;
            if (key.endsWith(".ef")) {
                bounded(field, key, value, quota.efMax());
            } else if (key.endsWith(".retrieve") || key.endsWith(".candidates-max")) {
                bounded(field, key, value, quota.retrieveMax());
            } else if ((key.equals(OPTIMAL) && value.equals("true"))
                    || (key.endsWith(".exact") && value.equals("true"))) {
                throw new Invalid(
                        "out-of-range", field, "%s must be false for keys of tenants: %s".formatted(key, value));
            }
        });
    }

    /* What is no number at all is told by what reads it. */
    private static void bounded(String field, String key, String value, int max) {
        try {
            bounded(field, key, Long.parseLong(value), max);
        } catch (NumberFormatException e) {
            // Told later.
        }
    }

    private static void bounded(String field, String key, long value, int max) {
        if (value > max) {
            throw new Invalid(
                    "out-of-range", field, "%s must be at most %s for this tenant: %s".formatted(key, max, value));
        }
    }

    private static void filter(World world, Filter filter, String place) {
        switch (filter) {
            case Filter.All all -> filters(world, all.of(), place + ".all");
            case Filter.Any any -> filters(world, any.of(), place + ".any");
            case Filter.Not not -> filter(world, not.of(), place + ".not");
            case Filter.Weight weight -> world.checkSpace(place + ".weight.space", weight.space());
            case Filter.Listed listed -> world.checkSpace(place + ".list.space", listed.space());
            case Filter.Attribute attribute -> {}
            case Filter.Kinds kinds -> {}
            case Filter.Ids ids -> {}
            case Filter.Age age -> {}
        }
    }

    private static void filters(World world, List<Filter> filters, String place) {
        for (int i = 0; i < filters.size(); i++) {
            filter(world, filters.get(i), "%s[%s]".formatted(place, i));
        }
    }
}
