package repscorer.core.query;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;

/**
 * A request for candidates.
 *
 * @param k empty for the surface's default
 * @param kinds empty for all kinds of the surface
 * @param where what candidates must meet besides; empty for nothing
 * @param excludeIds left out of the answer
 * @param excludeHistories history spaces whose entities are left out; empty for the surface's default
 * @param dryRun true to trace what rules would do, without any effect
 */
public record CandidateQuery(
        String surface,
        Source source,
        Optional<Integer> k,
        List<EntityKind> kinds,
        Optional<Filter> where,
        List<EntityId> excludeIds,
        Optional<List<String>> excludeHistories,
        Map<String, String> overrides,
        Optional<String> unit,
        Map<String, String> context,
        boolean explain,
        boolean dryRun)
        implements SurfaceQuery {

    public CandidateQuery {
        kinds = List.copyOf(kinds);
        excludeIds = List.copyOf(excludeIds);
        overrides = Map.copyOf(overrides);
        context = Map.copyOf(context);
    }

    /** A request without a filter and a context that rules take effect on. */
    public CandidateQuery(
            String surface,
            Source source,
            Optional<Integer> k,
            List<EntityKind> kinds,
            List<EntityId> excludeIds,
            Optional<List<String>> excludeHistories,
            Map<String, String> overrides,
            Optional<String> unit,
            boolean explain) {
        this(
                surface,
                source,
                k,
                kinds,
                Optional.empty(),
                excludeIds,
                excludeHistories,
                overrides,
                unit,
                Map.of(),
                explain,
                false);
    }

    /** The same request for another number of candidates. */
    public CandidateQuery withK(int other) {
        return new CandidateQuery(
                surface,
                source,
                Optional.of(other),
                kinds,
                where,
                excludeIds,
                excludeHistories,
                overrides,
                unit,
                context,
                explain,
                dryRun);
    }

    /** The same request for candidates that meet a filter. */
    public CandidateQuery withWhere(Filter filter) {
        return new CandidateQuery(
                surface,
                source,
                k,
                kinds,
                Optional.of(filter),
                excludeIds,
                excludeHistories,
                overrides,
                unit,
                context,
                explain,
                dryRun);
    }

    /** The same request with an override more, or with another value of it. */
    public CandidateQuery withOverride(String setting, String value) {
        Map<String, String> more = new HashMap<>(overrides);
        more.put(setting, value);
        return new CandidateQuery(
                surface, source, k, kinds, where, excludeIds, excludeHistories, more, unit, context, explain, dryRun);
    }

    /** The surface's best candidates for a source, everything else by default. */
    public static CandidateQuery of(String surface, Source source) {
        return new CandidateQuery(
                surface,
                source,
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty(),
                Map.of(),
                Optional.empty(),
                false);
    }
}
