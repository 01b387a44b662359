package repscorer.core.source;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import repscorer.core.entity.EntityKind;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.request.RequestTrace;
import repscorer.core.store.SpaceVersion;

/**
 * The versions that hold the candidates a request wants, by column.
 *
 * @param kinds of candidates the request wants
 */
record CandidateSpaces(RequestTrace trace, Collection<EntityKind> kinds) {

    List<SpaceVersion> of(ColumnPlan column) {
        return kinds.stream()
                .flatMap(kind -> Optional.ofNullable(column.candidates().get(kind)).stream())
                .distinct()
                .flatMap(space -> trace.space(space).stream())
                .toList();
    }
}
