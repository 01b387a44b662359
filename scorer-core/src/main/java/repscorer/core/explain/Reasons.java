package repscorer.core.explain;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import repscorer.core.answer.ScoredCandidate.Reason;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.pair.ScoreTable;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.plan.ReasonPlan;
import repscorer.core.request.RequestTrace;
import repscorer.core.source.QueryVector;
import repscorer.core.store.SpaceVersion;

/** Sentences that a person understands, of what a candidate shares with a source. For one request and one thread. */
final class Reasons {

    /** Names in one sentence; of the rest their number is told. */
    static final int NAMES_MAX = 2;

    private final ScoreTable table;
    private final Map<String, ReasonPlan> plans;
    private final RequestTrace trace;
    private final SharedColumns shared = new SharedColumns(NAMES_MAX);
    private final Map<String, Map<Integer, String>> names = new HashMap<>(); // by column

    Reasons(ScoreTable table, Map<String, ReasonPlan> plans, RequestTrace trace) {
        this.table = table;
        this.plans = plans;
        this.trace = trace;
    }

    /** In the order of the plan's columns; none of a column that is missing or shares nothing. */
    List<Reason> of(int candidate) {
        if (plans.isEmpty()) {
            return List.of();
        }
        List<Reason> reasons = new ArrayList<>();
        EntityKind kind = table.candidates().kind(candidate);
        for (int c = 0; c < table.columns().size(); c++) {
            ColumnPlan column = table.columns().get(c);
            ReasonPlan plan = plans.get(column.name());
            if (plan != null
                    && table.sources().get(c) instanceof QueryVector.Sparse source
                    && !Double.isNaN(table.value(c, candidate))) {
                SpaceVersion version =
                        trace.space(column.candidates().getOrDefault(kind, "")).orElseThrow();
                shared.of(source.vector(), version.sparse(table.ordinal(c, candidate)));
                if (shared.count() > 0) {
                    reasons.add(new Reason(column.name(), sentence(plan, column.name(), version)));
                }
            }
        }
        return reasons;
    }

    private String sentence(ReasonPlan plan, String column, SpaceVersion version) {
        if (!plan.says().contains(ReasonPlan.SHARED)) {
            return plan.says();
        }
        Map<Integer, String> known = names.computeIfAbsent(column, each -> new HashMap<>());
        List<String> told = new ArrayList<>(NAMES_MAX + 1);
        for (int rank = 0; rank < shared.told(); rank++) {
            told.add(known.computeIfAbsent(shared.column(rank), each -> name(plan, version, each)));
        }
        int others = shared.count() - told.size();
        if (others > 0) {
            told.add(others == 1 ? "1 other" : others + " others");
        }
        String last = told.removeLast();
        String list = told.isEmpty() ? last : String.join(", ", told) + " and " + last;
        return plan.says().replace(ReasonPlan.SHARED, list);
    }

    /** As people call it, else as its space labels it, else what its id says. */
    private String name(ReasonPlan plan, SpaceVersion version, int column) {
        EntityId id = version.columnId(column);
        Optional<SpaceVersion> texts = plan.names().flatMap(trace::space);
        if (texts.isPresent()) {
            OptionalInt ordinal = texts.get().ordinal(id);
            if (ordinal.isPresent()) {
                return texts.get().text(ordinal.getAsInt());
            }
        }
        return version.file().columnLabel(column).orElse(id.value());
    }
}
