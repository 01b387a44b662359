package repscorer.core.explain;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import repscorer.core.answer.ColumnScore;
import repscorer.core.answer.ScoredList;
import repscorer.core.blend.Blend;
import repscorer.core.entity.EntityId;
import repscorer.core.pair.ScoreTable;
import repscorer.core.query.ScoreQuery;
import repscorer.core.request.RequestTrace;

/** Makes the entries of an answer to a {@link ScoreQuery}: one for each candidate asked for, in the same order. */
public final class ListAssembler {

    private final ScoreQuery query;
    private final ScoreTable table;
    private final Blend blend;
    private final Explainer explainer;
    private final boolean raw;

    /** @param raw whether the score is the first column's own value and not the blend's */
    public ListAssembler(ScoreQuery query, ScoreTable table, Blend blend, RequestTrace trace, boolean raw) {
        this.query = query;
        this.table = table;
        this.blend = blend;
        this.explainer = new Explainer(table, blend, trace);
        this.raw = raw;
    }

    /**
     * Duplicates are kept, and share an entry.
     *
     * @param asked the numbers of the query's candidates
     */
    public List<ScoredList.Entry> entries(int[] asked) {
        ScoredList.@Nullable Entry[] byPlace =
                new ScoredList.@Nullable Entry[table.candidates().size()];
        List<ScoredList.Entry> entries = new ArrayList<>(asked.length);
        for (int i = 0; i < asked.length; i++) {
            int place = table.candidates().place(asked[i]);
            ScoredList.Entry entry = byPlace[place];
            if (entry == null) {
                entry = entry(query.candidates().get(i), place);
                byPlace[place] = entry;
            }
            entries.add(entry);
        }
        return entries;
    }

    private ScoredList.Entry entry(EntityId id, int place) {
        if (!blend.ranked(place)) {
            return new ScoredList.Entry.Missing(id, table.reason(place));
        }
        double score = raw ? table.value(0, place) : blend.score(place);
        return query.explain()
                ? new ScoredList.Entry.Scored(id, score, columns(place), explainer.sharedClusters(place))
                : new ScoredList.Entry.Scored(id, score, List.of(), List.of());
    }

    private List<ColumnScore> columns(int place) {
        if (!raw) {
            return explainer.columns(place);
        }
        double value = table.value(0, place);
        return List.of(
                new ColumnScore.Present(table.columns().getFirst().name(), value, value, 1, value, Optional.empty()));
    }
}
