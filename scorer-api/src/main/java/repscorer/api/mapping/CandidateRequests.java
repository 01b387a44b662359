package repscorer.api.mapping;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import repscorer.core.entity.EntityId;
import repscorer.core.query.CandidateQuery;
import repscorer.wire.CandidatesRequest;
import repscorer.wire.CandidatesRequest.Filters;

/** Reads requests for candidates, as they come and as they were kept. Safe for concurrent use. */
@Component
public final class CandidateRequests {

    public static final int HISTORIES_MAX = 100;

    private final Requests requests;

    public CandidateRequests(Requests requests) {
        this.requests = requests;
    }

    /** @throws repscorer.core.failure.ScorerException.Invalid naming the field that breaks a rule */
    public CandidateQuery query(CandidatesRequest request) {
        Filters filters = request.filters() == null ? Filters.NONE : request.filters();
        return new CandidateQuery(
                Requests.name("surface", request.surface()),
                requests.source(request.source()),
                requests.k(request.k()),
                Requests.kinds("filters.kinds", filters.kinds()),
                requests.where(filters.where()),
                excluded(filters.excludeIds()),
                histories(filters.excludeHistories()),
                requests.overrides(request.overrides()),
                Requests.unit(request.unit()),
                Requests.context(request.context()),
                Boolean.TRUE.equals(request.explain()),
                Boolean.TRUE.equals(request.dryRun()));
    }

    private List<EntityId> excluded(@Nullable List<String> ids) {
        return Requests.ids("filters.excludeIds", ids, requests.limits().excludedMax());
    }

    private static Optional<List<String>> histories(@Nullable List<String> names) {
        if (names == null) {
            return Optional.empty();
        }
        Requests.checkSize("filters.excludeHistories", names.size(), HISTORIES_MAX);
        for (int i = 0; i < names.size(); i++) {
            Requests.name("filters.excludeHistories[" + i + "]", names.get(i));
        }
        return Optional.of(List.copyOf(names));
    }
}
