package repscorer.core.source;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import repscorer.ann.Neighbors;
import repscorer.ann.OrdinalFilter;
import repscorer.ann.SearchOptions;
import repscorer.core.answer.MissingReason;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.plan.Limits;
import repscorer.core.query.Source;
import repscorer.core.request.RequestTrace;
import repscorer.core.store.SpaceVersion;

/** The entities whose texts match a text best, as a source of vectors. For one request and one thread. */
final class TextMatches {

    /*
     * Scores of different spaces are compared as they are: rare words weigh more where texts are many, and a name of one word that
     * matches whole weighs more than a long text that has it too, which is as it should be. An entity that two spaces find counts
     * with the better one.
     */

    private final RequestTrace trace;
    private final List<ColumnPlan> columns;
    private final Set<String> disabled;
    private @Nullable List<Source.Weighted> matches;

    TextMatches(RequestTrace trace, List<ColumnPlan> columns, Set<String> disabled) {
        this.trace = trace;
        this.columns = columns;
        this.disabled = disabled;
    }

    /**
     * What a column compares candidates with: the words, or the mean of what they match.
     *
     * @param mean makes a mean of the matched entities that a column knows
     */
    QueryVector of(Source.Text text, ColumnPlan column, BiFunction<Source.Entities, ColumnPlan, QueryVector> mean) {
        if (column instanceof ColumnPlan.Text) {
            return new QueryVector.Text(text.words());
        }
        List<Source.Weighted> known = matches(text).stream()
                .filter(match -> holds(column, match))
                .limit(Limits.SOURCES_MAX)
                .toList();
        if (known.isEmpty()) {
            trace.notice(
                    column.name(),
                    MissingReason.NO_EMBEDDING_SOURCE,
                    "no text that matches lends the column its vector");
            return new QueryVector.Missing(MissingReason.NO_EMBEDDING_SOURCE);
        }
        return mean.apply(new Source.Entities(known), column);
    }

    private boolean holds(ColumnPlan column, Source.Weighted match) {
        return Optional.ofNullable(column.sources().get(match.id().kind()))
                .flatMap(trace::space)
                .filter(version -> version.ordinal(match.id()).isPresent())
                .isPresent();
    }

    private List<Source.Weighted> matches(Source.Text text) {
        List<Source.Weighted> known = matches;
        if (known == null) {
            Map<EntityId, Source.Weighted> best = new TreeMap<>();
            int wanted = 0;
            for (ColumnPlan column : columns) {
                if (column instanceof ColumnPlan.Text texts && texts.matches() > 0 && !disabled.contains(column.name())) {
                    wanted = Math.max(wanted, texts.matches());
                    for (Map.Entry<EntityKind, String> source : new TreeMap<>(texts.sources()).entrySet()) {
                        trace.space(source.getValue())
                                .ifPresent(version -> search(version, text.words(), texts, best));
                    }
                }
            }
            known = new ArrayList<>(best.values());
            known.sort(Comparator.comparingDouble(Source.Weighted::weight)
                    .reversed()
                    .thenComparing(Source.Weighted::id));
            known = List.copyOf(known.subList(0, Math.min(wanted, known.size())));
            matches = known;
        }
        return known;
    }

    private static void search(
            SpaceVersion version,
            String words,
            ColumnPlan.Text column,
            Map<EntityId, Source.Weighted> best) {
        Neighbors found = version.search(
                version.query(words),
                column.matches(),
                0,
                OrdinalFilter.ALL,
                SearchOptions.NO_DEADLINE);
        for (int i = 0; i < found.size(); i++) {
            Source.Weighted match = new Source.Weighted(version.id(found.ordinals()[i]), found.scores()[i]);
            best.merge(match.id(), match, (a, b) -> a.weight() >= b.weight() ? a : b);
        }
    }
}
