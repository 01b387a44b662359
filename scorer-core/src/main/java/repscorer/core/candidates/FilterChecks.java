package repscorer.core.candidates;

import java.util.List;
import java.util.TreeSet;
import repscorer.core.embedding.SparseSpace;
import repscorer.core.failure.ScorerException.Invalid;
import repscorer.core.plan.DeclaredSpaces;
import repscorer.core.plan.ScoringPlan;
import repscorer.core.query.Filter;

/** Whether a surface knows what a filter asks for. */
final class FilterChecks {

    private final ScoringPlan plan;
    private final DeclaredSpaces spaces;

    FilterChecks(ScoringPlan plan, DeclaredSpaces spaces) {
        this.plan = plan;
        this.spaces = spaces;
    }

    /**
     * @param place of the filter in the request, which complaints name with the way from there
     * @throws Invalid for an attribute that the surface lacks, or a space that is no sparse one
     */
    void check(Filter filter, String place) {
        switch (filter) {
            case Filter.All all -> check(all.of(), place + ".all");
            case Filter.Any any -> check(any.of(), place + ".any");
            case Filter.Not not -> check(not.of(), place + ".not");
            case Filter.Attribute attribute -> known(attribute.name(), place + ".attribute.name");
            case Filter.Weight weight -> sparse(weight.space(), place + ".weight.space");
            case Filter.Listed listed -> sparse(listed.space(), place + ".list.space");
            case Filter.Kinds kinds -> {}
            case Filter.Ids ids -> {}
            case Filter.Age age -> {}
        }
    }

    private void check(List<Filter> filters, String place) {
        for (int i = 0; i < filters.size(); i++) {
            check(filters.get(i), "%s[%s]".formatted(place, i));
        }
    }

    private void known(String attribute, String place) {
        if (!plan.attributes().attributes().containsKey(attribute)) {
            throw new Invalid(
                    "unknown-attribute",
                    place,
                    "surface %s has no attribute '%s': it has %s"
                            .formatted(
                                    plan.surface(),
                                    attribute,
                                    new TreeSet<>(plan.attributes().attributes().keySet())));
        }
    }

    private void sparse(String space, String place) {
        if (!(spaces.named(place, space) instanceof SparseSpace)) {
            throw new Invalid("dense-space", place, "%s holds no lists: it is a dense space".formatted(space));
        }
    }
}
