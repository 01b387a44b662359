package repscorer.core.source;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
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
import repscorer.core.request.ComputePermits;
import repscorer.core.request.RequestTrace;
import repscorer.core.store.SpaceVersion;
import repscorer.core.text.TextCorpus;
import repscorer.core.text.TextQuery;

/** The entities whose texts match a text best, as a source of vectors. For one request and one thread. */
final class TextMatches {

    /*
     * Scores of different spaces can be compared, as words weigh in each what they weigh in all of them together: a name that is
     * asked whole comes before a long text that has the word too. An entity that two columns find counts with the better score.
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
            return new QueryVector.Text(words(text, column));
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

    private Map<EntityKind, TextQuery> words(Source.Text text, ColumnPlan column) {
        Map<EntityKind, SpaceVersion> spaces = spaces(column.candidates());
        TextCorpus corpus = corpus(spaces);
        Map<EntityKind, TextQuery> byKind = new HashMap<>();
        spaces.forEach((kind, version) -> byKind.put(kind, corpus.query(version.baseTexts(), text.words())));
        return byKind;
    }

    /** Those that the release has, by ascending kind. */
    private Map<EntityKind, SpaceVersion> spaces(Map<EntityKind, String> names) {
        Map<EntityKind, SpaceVersion> spaces = new TreeMap<>();
        names.forEach((kind, name) -> trace.space(name).ifPresent(version -> spaces.put(kind, version)));
        return spaces;
    }

    private static TextCorpus corpus(Map<EntityKind, SpaceVersion> spaces) {
        return TextCorpus.of(
                spaces.values().stream().map(SpaceVersion::baseTexts).toList());
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
                if (column instanceof ColumnPlan.Text texts
                        && texts.matches() > 0
                        && !disabled.contains(column.name())) {
                    wanted = Math.max(wanted, texts.matches());
                    Map<EntityKind, SpaceVersion> spaces = spaces(texts.sources());
                    TextCorpus corpus = corpus(spaces);
                    spaces.values().forEach(version -> search(version, corpus, text.words(), texts, best));
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
            TextCorpus corpus,
            String words,
            ColumnPlan.Text column,
            Map<EntityId, Source.Weighted> best) {
        Neighbors found = version.search(
                corpus.query(version.baseTexts(), words),
                column.matches(),
                0,
                OrdinalFilter.ALL,
                ComputePermits.earlier(SearchOptions.NO_DEADLINE));
        for (int i = 0; i < found.size(); i++) {
            Source.Weighted match = new Source.Weighted(version.id(found.ordinals()[i]), found.scores()[i]);
            best.merge(match.id(), match, (a, b) -> a.weight() >= b.weight() ? a : b);
        }
    }
}
